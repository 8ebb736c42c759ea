from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import nbformat
import pytest

from bench.charts import choose_ticks, draw_lines, draw_spans
from bench.figures import Crowd, Results, list_goals
from bench.load import DOCS, RESULTS, _has_unanswered, parse_options
from bench.page import Load
from bench.report import MISSED, format_report, format_table, write_report
from bench.stacks import PEERS, SLIDERS, STACKS

LOAD = Load(byte=1, paint=50, text=60, widgets=80, answered=100, presses=1)
SVG = "{http://www.w3.org/2000/svg}"


def drawing(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  (we drew it ourselves)


@pytest.fixture
def run() -> Results:
    return Results(
        {"browser": "Chromium"},
        computer={"limit": [LOAD], "nicegui": [replace(LOAD, answered=400)], "workbook": [LOAD]},
        crowds={"limit": [Crowd(1, 1, 100, 100, 1, 5, 0.1), Crowd(10, 0, None, None, 0, None, 1)]},
        left_out={"ours": "It did not start."},
    )


def test_a_table_has_its_numbers_to_the_right():
    assert format_table(["", "ms"], [["a", "1"]]) == "|  | ms |\n| --- | ---: |\n| a | 1 |"


def test_every_stack_is_named_with_its_multiple_of_the_limit(run):
    row = next(line for line in format_report(run).splitlines() if line.startswith("| NiceGUI"))

    assert "| **400** | – | 4.00 | 1.00 |" in row


def test_the_whole_workbook_is_not_compared_within_the_table_of_forms(run):
    before, _, after = format_report(run).partition("The whole workbook, where")

    assert "| Attune, the whole workbook |" not in before
    assert "| Attune, the whole workbook |" in after


def test_a_goal_that_was_missed_says_why_and_one_that_was_reached_does_not(run):
    slow = replace(LOAD, answered=300, text=90, shown=10)
    run.computer |= {"limit": [replace(LOAD, shown=9)], "ours": [slow]}

    page = format_report(run)

    assert "**First answered press: the limit's.**" in page
    assert "**Text: the limit's first paint.**" in page
    assert "**Press to answer: the limit's.**" not in page


def test_whatever_is_explained_is_a_goal(run):
    assert MISSED.keys() <= {goal.words for goal in list_goals(run)}


@pytest.mark.parametrize(("answered", "full"), [(10, False), (9, True), (0, True)])
def test_a_stack_that_left_pages_without_an_answer_is_asked_for_no_more(answered, full):
    assert _has_unanswered([Crowd(10, answered, 100, 100, answered, 5, 1)]) is full
    assert not _has_unanswered([])


def test_a_stack_that_was_left_out_says_why(run):
    assert "Not measured: Attune. It did not start." in format_report(run)


def test_every_picture_of_the_page_is_a_file_beside_it(run, tmp_path):
    write_report(run, tmp_path)

    page = (tmp_path / "performance.md").read_text("utf-8")
    drawn = {path.name for path in (tmp_path / "images").iterdir()}
    assert {name for name in drawn if f"(images/{name})" in page} == drawn
    assert drawn == {"bench-computer.svg", "bench-pages.svg"}


def test_twice_the_time_is_twice_the_bar():
    drawn = drawing(draw_spans("Loads", {"one": {"answered": 100}, "two <3": {"answered": 200}}))

    one, two = (float(bar.get("width")) for bar in drawn.iter(f"{SVG}rect"))
    assert two == pytest.approx(2 * one, abs=0.2)
    assert "two <3" in [text.text for text in drawn.iter(f"{SVG}text")]


def test_a_bar_ends_at_its_last_mark_and_not_at_their_sum():
    marks = {"paint": 50, "text": 60, "answered": 100}

    drawn = drawing(draw_spans("Loads", {"one": marks, "two": dict.fromkeys(marks, 100)}))

    wide = [float(bar.get("width")) for bar in drawn.iter(f"{SVG}rect")]
    assert sum(wide[:3]) == pytest.approx(wide[3], abs=0.3)
    assert wide[4:] == [0, 0]
    assert [text.text for text in drawn.iter(f"{SVG}text")].count("100") == 3  # and on the scale


def test_a_slower_page_is_higher_in_the_chart():
    drawn = drawing(draw_lines("Pages", "ms", {"one": {1: 100, 50: 300}}, "pages"))

    points = next(drawn.iter(f"{SVG}polyline")).get("points").split()
    (left, low), (right, high) = (map(float, point.split(",")) for point in points)
    assert left < right
    assert low > high  # y grows downwards


def test_a_single_number_of_pages_is_seen_in_the_chart_too():
    drawn = drawing(draw_lines("Pages", "ms", {"one": {3: 100}, "two": {3: 200}}, "pages"))

    assert len(list(drawn.iter(f"{SVG}circle"))) == 2


@pytest.mark.parametrize("most", [0, 0.3, 1, 7, 99, 100, 101, 2345])
def test_a_scale_begins_at_nothing_and_reaches_the_largest_value(most):
    steps = choose_ticks(most)

    assert steps[0] == 0
    assert steps[-1] >= most
    assert len(steps) <= 7


def test_only_a_run_of_everything_replaces_the_page_in_docs():
    assert parse_options([]).out == DOCS
    assert parse_options([]).pages == (1, 10, 25, 50)
    for part in (["--quick"], ["--loads", "3"], ["--pages", "1"], ["--no-phone"]):
        assert parse_options(part).out == RESULTS
    assert parse_options(["--stacks", "limit,nicegui"]).out == RESULTS


def test_all_forms_show_the_same_text():
    shared = (PEERS / "form.txt").read_text("utf-8").strip()

    cells = nbformat.read(SLIDERS, as_version=4).cells

    assert cells[0].source.endswith(shared)
    assert STACKS[0].looks.text in shared


@pytest.mark.parametrize("stack", [each for each in STACKS if each.peer], ids=lambda it: it.name)
def test_a_peer_has_one_exact_version(stack):
    wanted = (PEERS / stack.peer / "requirements.txt").read_text("utf-8").splitlines()

    pinned = [line for line in wanted if not line.startswith("#")]
    assert all("==" in line for line in pinned)
    assert any(line.startswith(f"{stack.package}==") for line in pinned)
