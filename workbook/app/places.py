"""The places of a notebook in which forms appear."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ipywidgets import VBox, Widget

from workbook.app.forms import FormSet
from workbook.app.steps import EveningState, StepsView
from workbook.domain.topics import STEP_BY_FORM, TOPIC_BY_FORM
from workbook.ui.form import close_widget
from workbook.ui.forms.private import PrivateForm
from workbook.ui.widgets.page import PagePlace

PRIVATE_FORMS = frozenset({*TOPIC_BY_FORM, "again", "ready", "journal"})
"""Forms that are put away while both look at the page: from the reveal to the end."""


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


class PlaceSet:
    """The places of one kernel by the name of their form, and what its page shows of them."""

    def __init__(self) -> None:
        self.by_name: dict[str, Place] = {}
        self.shown = PagePlace()
        self.shows_private = False
        """Whether the person at the screen had their answers shown while both look at it."""
        self._chapters: dict[str, tuple[str, ...]] = {}

    @property
    def are_known(self) -> bool:
        """Whether the app's page has said which places each chapter has.

        Elsewhere, as in JupyterLab, every form is built at unlocking and none is put away.
        """
        return bool(self._chapters)

    def note_chapters(self, chapters: Mapping[str, Sequence[str]], shown: PagePlace) -> None:
        """Take over which places, by model id, each chapter of the app's page has."""
        self._chapters = {slug: self.names_of(ids) for slug, ids in chapters.items()}
        self.shown = shown

    def names_of(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Return the names of the forms whose places have these model ids."""
        names = {place.model_id: name for name, place in self.by_name.items()}
        return tuple(names[each] for each in ids if each in names)

    def list_shown(self, steps: StepsView) -> Sequence[str]:
        """Return the names of the forms that the page shows, or will show after unlocking."""
        if self.shown.chapter:
            return self._chapters.get(self.shown.chapter, ())
        step = self.shown.step if self.shown.step in steps.states else steps.first
        return [name for name in self.by_name if STEP_BY_FORM.get(name) == step]

    def list_put_away(self, steps: StepsView) -> frozenset[str]:
        """Return the names of the forms that both must not see now."""
        if not self.are_known or self.shows_private or steps.state is EveningState.ASKING:
            return frozenset()
        is_over = steps.state is EveningState.AFTER  # then its owner looks back alone
        return PRIVATE_FORMS - {"journal"} if is_over else PRIVATE_FORMS

    def put_away(self, steps: StepsView, forms: FormSet, fill: Callable[[str], None]) -> None:
        """Put private forms away once both look at the page, and give them back afterwards.

        Args:
            steps: the steps of the page now.
            forms: the forms that exist on it.
            fill: fills the place of a form anew.

        """
        hidden = self.list_put_away(steps)
        for name in sorted(PRIVATE_FORMS & self.by_name.keys()):
            place = self.by_name[name]
            is_away = any(isinstance(each, PrivateForm) for each in place.children)
            if not place.children or is_away is (name in hidden):
                continue
            forms.drop(name)
            place.empty()
            if name in hidden or name in self.list_shown(steps):
                fill(name)


def display_widgets(*widgets: Widget) -> None:
    """Show widgets as the output of the notebook cell that runs."""
    from IPython.display import display

    display(*widgets)
