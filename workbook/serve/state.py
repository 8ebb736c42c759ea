"""Puts the state of every widget into the page, which can then draw before it is connected."""

from __future__ import annotations

from typing import Any

from anywidget import AnyWidget
from IPython.display import display
from ipywidgets import Style, Widget
from ipywidgets.widgets.widget import _instances

STATE = "application/vnd.jupyter.widget-state+json"
"""Media type of the state of all widgets in a notebook."""

_CODE = ("_esm", "_css")
"""What a notebook's page needs and ours has in its own script and style."""


def show() -> None:
    """Display the state of every widget that lives now, for the page to begin with.

    It runs as the last cell of a kernel that nobody has unlocked yet, so there is
    no answer in it.
    """
    display({STATE: states()}, raw=True)


def states() -> dict[str, Any]:
    """Return what ``request_states`` would, by model id, without what the page has anyway.

    Core widgets leave out what is as it always is: their defaults are the same in
    the browser, except those of styles. An anywidget has no defaults there; it leaves
    out its code alone.
    """
    living = list(_instances.values())
    whole = [widget for widget in living if isinstance(widget, AnyWidget | Style)]
    brief = [widget for widget in living if not isinstance(widget, AnyWidget | Style)]
    known = Widget.get_manager_state(widgets=whole)["state"]
    for model in known.values():
        for name in _CODE:
            model["state"].pop(name, None)
    return known | Widget.get_manager_state(drop_defaults=True, widgets=brief)["state"]
