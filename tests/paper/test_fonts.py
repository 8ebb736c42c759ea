"""How text breaks into lines."""

from __future__ import annotations

from workbook.paper.fonts import BOLD, TEXT, TITLE, break_lines, list_runs, width_of


def said(text: str, width: float = 1000) -> list[list[tuple[str, str]]]:
    return [list_runs(line) for line in break_lines(text, width, 10)]


def test_what_stands_between_stars_is_bold_and_touches_what_follows():
    assert said("**Now**, at once **112**") == [
        [("Now", BOLD), (", at once", TEXT), (" 112", BOLD)]
    ]


def test_a_line_is_no_wider_than_its_column():
    lines = break_lines("words that go on and on, line after line after line", 60, 10)

    assert len(lines) > 2
    for line in lines:
        assert sum(width_of(text, font, 10) for text, font in list_runs(line)) <= 60


def test_a_number_with_spaces_that_do_not_break_stays_in_one_line():
    assert said("Call 0800\xa0111\xa0222", 70) == [[("Call", TEXT)], [("0800\xa0111\xa0222", TEXT)]]


def test_a_title_has_its_own_typeface():
    assert list_runs(break_lines("Together", 100, 10, TITLE)[0]) == [("Together", TITLE)]
