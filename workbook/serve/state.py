"""Puts the state of every widget into the page, so that it can draw before it is connected."""

from __future__ import annotations

from typing import Any

from IPython.display import display
from ipywidgets import Layout, Widget
from ipywidgets.widgets.widget import _instances

from workbook.ui.opening import SHIPPED_TRAITS

WIDGET_STATE_MIMETYPE = "application/vnd.jupyter.widget-state+json"
"""MIME type of the state of all widgets in a notebook."""


def display_widget_state() -> None:
    """Display the state of every existing widget, as the initial state of the page.

    It runs as the last cell, before anybody has unlocked the vault, so the state
    contains no answer.
    """
    display({WIDGET_STATE_MIMETYPE: widget_states()}, raw=True)


def widget_states() -> dict[str, Any]:
    """Return the state of every widget by model id, as ``request_states`` would.

    Code and styles are left out, and the defaults of layouts: most models are layouts,
    with forty traits that are unset by default in the browser too. The defaults of
    other widgets differ between Python and browser, so they stay.
    """
    living = list(_instances.values())
    layouts = [widget for widget in living if isinstance(widget, Layout)]
    others = [widget for widget in living if not isinstance(widget, Layout)]
    known: dict[str, Any] = Widget.get_manager_state(widgets=others)["state"]
    for model in known.values():
        for name in SHIPPED_TRAITS:
            model["state"].pop(name, None)
    return known | Widget.get_manager_state(drop_defaults=True, widgets=layouts)["state"]
