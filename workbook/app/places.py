"""The places of a notebook in which forms appear."""

from __future__ import annotations

from collections.abc import Sequence

from ipywidgets import VBox, Widget

from workbook.ui.form import close_widget


class Place(VBox):
    """An empty box in which a form appears once the book is unlocked."""

    children: Sequence[Widget]

    def __init__(self) -> None:
        super().__init__()
        self.add_class("at-place")  # so that the page tells an empty place from an empty form

    def __repr__(self) -> str:
        return "Place()"

    def empty(self) -> None:
        """Remove the form and close its widgets, so that the page keeps no data of it."""
        gone, self.children = self.children, ()
        for child in gone:
            close_widget(child)


def display_widgets(*widgets: Widget) -> None:
    """Show widgets as the output of the notebook cell that runs."""
    from IPython.display import display

    display(*widgets)
