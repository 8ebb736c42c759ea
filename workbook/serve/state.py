"""Puts the state of every widget into the page, which can then draw before it is connected."""

from __future__ import annotations

from typing import Any

from IPython.display import display
from ipywidgets import Layout, Widget
from ipywidgets.widgets.widget import _instances

WIDGET_STATE_MIMETYPE = "application/vnd.jupyter.widget-state+json"
"""Media type of the state of all widgets in a notebook."""

_SHIPPED_TRAITS = ("_esm", "_css")
"""What a notebook's page needs and ours has in its own script and style."""


def display_widget_state() -> None:
    """Display the state of every widget that lives now, for the page to begin with.

    It runs as the last cell of a kernel that nobody has unlocked yet, so there is
    no answer in it.
    """
    display({WIDGET_STATE_MIMETYPE: widget_states()}, raw=True)


def widget_states() -> dict[str, Any]:
    """Return what ``request_states`` would, by model id, without what the page has anyway.

    Layouts, most of all models, have forty traits that are nearly always unset and
    unset in the browser too. Other widgets' defaults are not all the same there.
    """
    living = list(_instances.values())
    layouts = [widget for widget in living if isinstance(widget, Layout)]
    others = [widget for widget in living if not isinstance(widget, Layout)]
    known: dict[str, Any] = Widget.get_manager_state(widgets=others)["state"]
    for model in known.values():
        for name in _SHIPPED_TRAITS:
            model["state"].pop(name, None)
    return known | Widget.get_manager_state(drop_defaults=True, widgets=layouts)["state"]
