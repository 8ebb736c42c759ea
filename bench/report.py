"""A run as Markdown and SVG: ``docs/performance.md`` and its charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.charts import lines, spans
from bench.figures import TIMES, Goal, Loads, Results, goals, middle, ratio, spread
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


def _n(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its first column to the left and the others to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def title(name: str) -> str:
    return BY_NAME[name].title


def times(loads: Loads) -> str:
    """Milliseconds to each mark, and the multiples of the limit and of NiceGUI."""
    limit = middle(loads.get("limit", ()), "answered")
    peer = middle(loads.get("nicegui", ()), "answered")
    rows = []
    for name, each in loads.items():
        answered = middle(each, "answered")
        near = spread(each, "answered")
        rows.append(
            [
                title(name),
                _n(middle(each, "byte")),
                _n(middle(each, "paint")),
                _n(middle(each, "text")),
                _n(middle(each, "widgets")),
                f"**{_n(answered)}**",
                f"{_n(near[0])}–{_n(near[1])}" if near else "–",
                _n(ratio(answered, limit), 2),
                _n(ratio(answered, peer), 2),
                _n(middle(each, "presses")),
            ]
        )
    head = ["ms, median", "first byte", "first paint", "text", "widgets", "first answered press"]
    return table([*head, "quartiles", "× limit", "× NiceGUI", "presses"], rows)


def weights(loads: Loads) -> str:
    """Requests, bytes, and press to answer."""
    limit = middle(loads.get("limit", ()), "shown")
    rows = []
    for name, each in loads.items():
        socket, shown = middle(each, "socket"), middle(each, "shown")
        transfer = middle(each, "transfer")
        rows.append(
            [
                title(name),
                _n(middle(each, "requests")),
                _n(middle(each, "outside")),
                _n(None if transfer is None else transfer / 1000),
                _n(None if socket is None else socket / 1000),
                _n(middle(each, "answer"), 1),
                _n(shown, 1),
                _n(ratio(shown, limit), 2),
            ]
        )
    head = ["median", "requests", "outside", "KB over HTTP", "KB over websockets"]
    return table([*head, "press to answer, ms", "the same, on screen", "× limit"], rows)


def crowds(found: Results) -> str:
    """Many pages at once."""
    rows = [
        [
            title(name),
            str(crowd.pages),
            str(crowd.answered),
            _n(crowd.middle),
            _n(crowd.worst),
            str(crowd.later),
            _n(crowd.shown),
            _n(crowd.private, 1),
        ]
        for name, each in found.crowds.items()
        for crowd in each
    ]
    head = ["", "pages", "answered", "first answered press, ms", "the slowest", "answered again"]
    return table([*head, "press to answer, ms", "private MB for each page"], rows)


def verdicts(found: Sequence[Goal]) -> str:
    """The goals, what this run found, and whether they are met."""
    said = {True: "yes", False: "**no**", None: "not measured"}
    return table(
        ["goal", "at most", "found", "met"],
        (
            [
                goal.words,
                f"{goal.most:g} {goal.unit}".strip(),
                f"{_n(goal.found, 2 if goal.unit == TIMES else 0)} {goal.unit}".strip(),
                said[goal.met],
            ]
            for goal in found
        ),
    )


def missed(found: Sequence[Goal]) -> list[str]:
    """What is known about each goal that this run missed."""
    told = [(goal.words, MISSED[goal.words]) for goal in found if goal.words in MISSED]
    unmet = {goal.words for goal in found if goal.met is False}
    return [f"**{words[0].upper()}{words[1:]}.**\n{why}" for words, why in told if words in unmet]


def _form(loads: Loads) -> Loads:
    return {name: each for name, each in loads.items() if each and BY_NAME[name].form}


def _whole(loads: Loads) -> Loads:
    return {name: each for name, each in loads.items() if each and not BY_NAME[name].form}


def _rows(loads: Loads) -> dict[str, dict[str, float]]:
    return {
        title(name): {mark: middle(each, what) or 0.0 for mark, what in MARKS.items()}
        for name, each in loads.items()
    }


def charts(found: Results) -> dict[str, str]:
    """Each chart by the name of its file."""
    drawn = {}
    if found.computer:
        words = "From navigation to the first answered press, 20 sliders (ms, median)"
        drawn["bench-computer.svg"] = spans(words, _rows(_form(found.computer)))
    if found.phone:
        words = "The same as on a phone: processor 4 times slower, 20 Mbit/s, 20 ms"
        drawn["bench-phone.svg"] = spans(words, _rows(_form(found.phone)))
    if found.crowds:
        drawn["bench-pages.svg"] = lines(
            "Pages open at once: first answered press of a new page",
            "ms, median",
            {
                title(name): {each.pages: each.middle for each in many if each.middle is not None}
                for name, many in found.crowds.items()
            },
            "pages, arriving two a second",
        )
    return drawn


def markdown(found: Results) -> str:
    """The page."""
    pictures = charts(found)

    def picture(name: str, words: str) -> list[str]:
        return [f"![{words}](images/{name})", ""] if name in pictures else []

    parts = [METHOD]
    parts += ["This run:", "", *(f"- {what}: {value}" for what, value in found.about.items()), ""]
    for name, why in found.left_out.items():
        parts.append(f"- Not measured: {title(name)}. {why}")
    reached = goals(found)
    parts += ["", "## Goals", "", verdicts(reached), ""]
    parts += [line for why in missed(reached) for line in (why, "")]
    for heading, loads, name in (
        ("On a computer", found.computer, "bench-computer.svg"),
        ("As on a phone", found.phone, "bench-phone.svg"),
    ):
        if not loads:
            continue
        parts += [f"## {heading}", ""]
        parts += picture(name, "Bars: time to first paint, text, widgets and first answered press")
        parts += [times(_form(loads)), "", weights(_form(loads)), ""]
        if whole := _whole(loads):
            parts += ["The whole workbook, where the press is the first button of the cover:", ""]
            parts += [times(whole), "", weights(whole), ""]
    if found.crowds:
        parts += ["## Many pages at once", ""]
        parts += [CROWDS]
        parts += picture("bench-pages.svg", "Lines: time to the first answered press by open pages")
        parts += [crowds(found), ""]
    return "\n".join(parts).rstrip() + "\n"


def write(found: Results, folder: Path) -> None:
    """Write the page and its charts below ``folder``."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    (folder / "performance.md").write_text(markdown(found), "utf-8")
    for name, drawn in charts(found).items():
        (folder / "images" / name).write_text(drawn, "utf-8")


def order(names: Iterable[str]) -> list[str]:
    """The names in the order of the stacks."""
    wanted = set(names)
    return [stack.name for stack in STACKS if stack.name in wanted]
