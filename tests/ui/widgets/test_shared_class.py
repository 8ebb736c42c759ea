"""Widgets of one kind share their class, with its script and style, and nothing else."""

from __future__ import annotations

from workbook.ui.widgets.prose import Prose, p
from workbook.ui.widgets.questions import Questions


def test_widgets_of_one_kind_share_a_class_and_no_value():
    first, second, other = Prose([p("One.")]), Prose([p("Two.")]), Questions()

    assert type(first) is type(second)
    assert type(first) is not type(other)
    assert first.blocks != second.blocks
    for name in ("_esm", "_css", "_anywidget_id"):
        assert first.get_state()[name] == second.get_state()[name]
        assert first.get_state()[name] != other.get_state()[name]
    first._css = "p { color: red }"
    assert second.get_state()["_css"] != first.get_state()["_css"]
