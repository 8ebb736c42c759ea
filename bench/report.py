"""A run as Markdown and SVG: ``docs/performance.md`` and its charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.charts import draw_lines, draw_spans
from bench.figures import (
    TIMES,
    Goal,
    Loads,
    Results,
    compute_ratio,
    find_quartiles,
    list_goals,
    median_of_loads,
)
from bench.stacks import BY_NAME, STACKS

MARKS = {
    "first paint": "paint",
    "text": "text",
    "widgets": "widgets",
    "first answered press": "answered",
}
METHOD = """\
# How fast a page opens

`make bench` wrote this page and its charts; nothing here is typed by hand.
Every number compares programs that took turns on one machine in one run.
Another machine gives other milliseconds, so read the ratios.

## How it is measured

- Every stack shows the same form: one paragraph, 20 sliders, a text area, a dropdown, and a button whose press the server answers with its number.
- The bare page with a websocket is the limit: plain HTML from Tornado, without any framework.
- The stacks take turns, A B C … A B C …, and the next one waits until all servers are idle. One load of each comes first and does not count.
- Each load has a new browser context, so nothing is cached, in a real Chromium without a screen.
- Times run from the start of the navigation to the end of the frame that shows the thing, noted by a script inside the page.
- The button is pressed as soon as it is there, and again every 100 ms until the first answer; "presses" says how many it took. Streamlit drops an answer when the next press comes, so it gets a second.
- "Press to answer" is the median of 20 later presses, one by one, on a page that has settled.
- Transfer is what HTTP carried, compressed if the server compresses, with headers. Websocket messages are counted apart, after decompression.
- No other host can be reached, so a request to one fails at once. That favours stacks that make such requests.
- The phone is the same Chromium with its processor slowed 4 times and a network of 20 Mbit/s and 20 ms.
- Memory is what is private to the server's processes, its kernels among them (unique set size).
"""

CROWDS = """\
Each page is a real tab in a context of its own, and two new ones arrive a second.
Browser and servers share the machine, so the largest numbers are the browser's too.
A stack that left pages without an answer for 90 seconds is not asked for more of them.
"""

MISSED = {
    "first answered press: the limit's": """\
One script holds the widget libraries of Jupyter: it is read while the page is drawn, run, and then makes sixty models before the first slider stands there.
On a quiet computer reading takes 48 ms, running 25 ms, models and views 40 ms, and the frame that shows them 20 ms, of 250 in all.
To come nearer, controls that no chapter uses would have to stand in a script of their own, or the core controls would have to go.""",
    "text: the limit's first paint": """\
The page brings the prose of all eleven chapters, its style and a small script, and the browser lays the first screen out while it reads the large script on the other processor.
Shorter stacks of fonts would save 4 to 6 ms, as measured.""",
    "press to answer: the limit's": """\
A press goes through the server, over ZeroMQ to the kernel, through ipywidgets, and back.
That is Jupyter's way, and stock Voilà needs the same; without a kernel for each page there would be nothing to lock.""",
}
"""Where the time goes that a goal would have saved, and what would be needed to reach it."""


def _format_number(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def format_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, its first column to the left and the others to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def title_of(name: str) -> str:
    return BY_NAME[name].title


def format_times(loads: Loads) -> str:
    """Return a table of the milliseconds to each mark, with multiples of the limit and of NiceGUI."""
    limit = median_of_loads(loads.get("limit", ()), "answered")
    peer = median_of_loads(loads.get("nicegui", ()), "answered")
    rows = []
    for name, each in loads.items():
        answered = median_of_loads(each, "answered")
        near = find_quartiles(each, "answered")
        rows.append(
            [
                title_of(name),
                _format_number(median_of_loads(each, "byte")),
                _format_number(median_of_loads(each, "paint")),
                _format_number(median_of_loads(each, "text")),
                _format_number(median_of_loads(each, "widgets")),
                f"**{_format_number(answered)}**",
                f"{_format_number(near[0])}–{_format_number(near[1])}" if near else "–",
                _format_number(compute_ratio(answered, limit), 2),
                _format_number(compute_ratio(answered, peer), 2),
                _format_number(median_of_loads(each, "presses")),
            ]
        )
    head = ["ms, median", "first byte", "first paint", "text", "widgets", "first answered press"]
    return format_table([*head, "quartiles", "× limit", "× NiceGUI", "presses"], rows)


def format_weights(loads: Loads) -> str:
    """Requests, bytes, and press to answer."""
    limit = median_of_loads(loads.get("limit", ()), "shown")
    rows = []
    for name, each in loads.items():
        socket, shown = median_of_loads(each, "socket"), median_of_loads(each, "shown")
        transfer = median_of_loads(each, "transfer")
        rows.append(
            [
                title_of(name),
                _format_number(median_of_loads(each, "requests")),
                _format_number(median_of_loads(each, "outside")),
                _format_number(None if transfer is None else transfer / 1000),
                _format_number(None if socket is None else socket / 1000),
                _format_number(median_of_loads(each, "answer"), 1),
                _format_number(shown, 1),
                _format_number(compute_ratio(shown, limit), 2),
            ]
        )
    head = ["median", "requests", "outside", "KB over HTTP", "KB over websockets"]
    return format_table([*head, "press to answer, ms", "the same, on screen", "× limit"], rows)


def format_crowds(found: Results) -> str:
    """Many pages at once."""
    rows = [
        [
            title_of(name),
            str(crowd.pages),
            str(crowd.answered),
            _format_number(crowd.middle),
            _format_number(crowd.worst),
            str(crowd.later),
            _format_number(crowd.shown),
            _format_number(crowd.private, 1),
        ]
        for name, each in found.crowds.items()
        for crowd in each
    ]
    head = ["", "pages", "answered", "first answered press, ms", "the slowest", "answered again"]
    return format_table([*head, "press to answer, ms", "private MB for each page"], rows)


def format_goals(found: Sequence[Goal]) -> str:
    """Return the goals, what this run found, and whether they are met."""
    said = {True: "yes", False: "**no**", None: "not measured"}
    return format_table(
        ["goal", "at most", "found", "met"],
        (
            [
                goal.words,
                f"{goal.most:g} {goal.unit}".strip(),
                f"{_format_number(goal.found, 2 if goal.unit == TIMES else 0)} {goal.unit}".strip(),
                said[goal.met],
            ]
            for goal in found
        ),
    )


def list_missed(found: Sequence[Goal]) -> list[str]:
    """Return what is known about each goal that this run missed."""
    told = [(goal.words, MISSED[goal.words]) for goal in found if goal.words in MISSED]
    unmet = {goal.words for goal in found if goal.met is False}
    return [f"**{words[0].upper()}{words[1:]}.**\n{why}" for words, why in told if words in unmet]


def _select_forms(loads: Loads) -> Loads:
    return {name: each for name, each in loads.items() if each and BY_NAME[name].form}


def _select_workbooks(loads: Loads) -> Loads:
    return {name: each for name, each in loads.items() if each and not BY_NAME[name].form}


def _make_rows(loads: Loads) -> dict[str, dict[str, float]]:
    return {
        title_of(name): {mark: median_of_loads(each, what) or 0.0 for mark, what in MARKS.items()}
        for name, each in loads.items()
    }


def draw_charts(found: Results) -> dict[str, str]:
    """Return each chart by the name of its file."""
    drawn = {}
    if found.computer:
        words = "From navigation to the first answered press, 20 sliders (ms, median)"
        drawn["bench-computer.svg"] = draw_spans(words, _make_rows(_select_forms(found.computer)))
    if found.phone:
        words = "The same as on a phone: processor 4 times slower, 20 Mbit/s, 20 ms"
        drawn["bench-phone.svg"] = draw_spans(words, _make_rows(_select_forms(found.phone)))
    if found.crowds:
        drawn["bench-pages.svg"] = draw_lines(
            "Pages open at once: first answered press of a new page",
            "ms, median",
            {
                title_of(name): {
                    each.pages: each.middle for each in many if each.middle is not None
                }
                for name, many in found.crowds.items()
            },
            "pages, arriving two a second",
        )
    return drawn


def format_report(found: Results) -> str:
    """Return the page as Markdown."""
    pictures = draw_charts(found)

    def picture(name: str, words: str) -> list[str]:
        return [f"![{words}](images/{name})", ""] if name in pictures else []

    parts = [METHOD]
    parts += ["This run:", "", *(f"- {what}: {value}" for what, value in found.about.items()), ""]
    for name, why in found.left_out.items():
        parts.append(f"- Not measured: {title_of(name)}. {why}")
    reached = list_goals(found)
    parts += ["", "## Goals", "", format_goals(reached), ""]
    parts += [line for why in list_missed(reached) for line in (why, "")]
    for heading, loads, name in (
        ("On a computer", found.computer, "bench-computer.svg"),
        ("As on a phone", found.phone, "bench-phone.svg"),
    ):
        if not loads:
            continue
        parts += [f"## {heading}", ""]
        parts += picture(name, "Bars: time to first paint, text, widgets and first answered press")
        parts += [format_times(_select_forms(loads)), "", format_weights(_select_forms(loads)), ""]
        if whole := _select_workbooks(loads):
            parts += ["The whole workbook, where the press is the first button of the cover:", ""]
            parts += [format_times(whole), "", format_weights(whole), ""]
    if found.crowds:
        parts += ["## Many pages at once", ""]
        parts += [CROWDS]
        parts += picture("bench-pages.svg", "Lines: time to the first answered press by open pages")
        parts += [format_crowds(found), ""]
    return "\n".join(parts).rstrip() + "\n"


def write_report(found: Results, folder: Path) -> None:
    """Write the page and its charts below ``folder``."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    (folder / "performance.md").write_text(format_report(found), "utf-8")
    for name, drawn in draw_charts(found).items():
        (folder / "images" / name).write_text(drawn, "utf-8")


def sort_stacks(names: Iterable[str]) -> list[str]:
    """Return the names in the order of the stacks."""
    wanted = set(names)
    return [stack.name for stack in STACKS if stack.name in wanted]
