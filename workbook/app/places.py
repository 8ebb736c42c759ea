"""The places of a notebook in which forms appear."""

from __future__ import annotations

from collections.abc import Sequence

from ipywidgets import VBox, Widget

from workbook.ui.form import close_widget


class Place(VBox):
    """Where a form appears once somebody has unlocked the book."""

    children: Sequence[Widget]

    def __init__(self) -> None:
        super().__init__()
        self.add_class("at-place")  # so that the page tells an empty place from an empty form

    def __repr__(self) -> str:
        return "Place()"

    def empty(self) -> None:
        """Take the form away and end its widgets, so that nothing of it stays in the page."""
        gone, self.children = self.children, ()
        for child in gone:
            close_widget(child)


def display_widgets(*widgets: Widget) -> None:
    """Show widgets as the output of the notebook cell that runs."""
    from IPython.display import display

    display(*widgets)
