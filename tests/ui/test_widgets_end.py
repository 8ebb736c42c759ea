"""A widget that is closed is gone from memory, and what it said with it."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref

import pytest

from workbook.ui.widgets.prose import Prose
from workbook.ui.widgets.questions import Questions

WATCHING = """
from workbook.ui.widgets.prose import Prose
first, second = Prose([]), Prose([])
first.close()
Prose.__dict__["_esm"].changed.emit("export default {}")
print(second._esm)
"""


@pytest.mark.parametrize("kind", [Prose, Questions])
def test_a_closed_widget_is_gone(kind: type[Prose | Questions]) -> None:
    seen = []
    for _ in range(2):
        widget = kind([])
        seen.append(weakref.ref(widget))
        widget.close()
    del widget

    gc.collect()

    assert [each() for each in seen] == [None, None]


def test_widgets_of_one_kind_share_a_class_with_script_and_name() -> None:
    one, other = Prose([]), Prose([])

    assert type(one) is type(other)
    state = one.get_state()
    assert state["_esm"].startswith(("var ", "import ", "function ", "//"))
    assert state["_anywidget_id"] == "workbook.ui.widgets.prose.Prose"
    one.close()
    other.close()


def test_while_somebody_edits_a_script_widgets_hear_of_it() -> None:
    """As in JupyterLab with ``ANYWIDGET_HMR=1``."""
    ran = subprocess.run(
        [sys.executable, "-c", WATCHING],
        env=os.environ | {"ANYWIDGET_HMR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.stdout == "export default {}\n", ran.stderr
