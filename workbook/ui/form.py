"""The base of all forms: fields inside, one frozen ``value`` outside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar, cast

from ipywidgets import Button, Textarea, VBox, Widget
from ipywidgets import Text as TextField
from traitlets import Any as AnyTrait

from workbook.content.words import Words
from workbook.domain.errors import InvalidAnswer, TooLong, Unkeepable
from workbook.domain.evening import MAX_TEXT_CHARS
from workbook.domain.seats import People, Person, Role, Seat
from workbook.domain.tables import Tables
from workbook.domain.text import REPLACEMENT, clean_text
from workbook.ui.guard import Show, observe_change, show_errors
from workbook.ui.widgets.prose import Block, seat
from workbook.ui.widgets.questions import Question, Questions

T = TypeVar("T")

FieldAnswers = Mapping[str, Any]
"""What the browser sends for one set of questions: by key, an option, options or rows."""


@dataclass(frozen=True, slots=True)
class FormContext:
    """What every form gets: the tables, the words, and the person at the screen."""

    tables: Tables
    words: Words
    show: Show
    people: People
    seat: Seat
    today: date
    editing: Callable[[], str] = lambda: ""
    """Returns the key of the text field that is being edited; blank: none is."""

    @property
    def me(self) -> Person:
        """The person at the screen."""
        return self.people.at(self.seat)

    @property
    def partner(self) -> Person:
        """The other person."""
        return self.people.at(self.seat.other)

    def make_badge(self, seat_of: Seat) -> Block:
        """Return the block with a person's mark and name."""
        person = self.people.at(seat_of)
        return seat(person.name, person.colour, person.shape)


CROSSING_TIME_S = 1.0
"""Seconds in which a page may still send a change that is based on the value before."""


class QuietBox(VBox):
    """A box of fields that the program can fill without creating an answer."""

    is_silenced = False
    """Whether the program fills the fields now, so that their changes are not answers."""

    @contextmanager
    def silenced(self) -> Iterator[None]:
        """Return a context in which the program fills fields; it may be nested."""
        before, self.is_silenced = self.is_silenced, True
        try:
            yield
        finally:
            self.is_silenced = before


class Form(QuietBox):
    """A form: fields inside, one frozen ``value`` outside, which is replaced and never edited."""

    SHOWS: ClassVar[tuple[str, ...]] = ()
    """Topics of which the form can show every row; ``workbook.provenance`` reads them."""

    _before: object = None
    _until = 0.0
    """Monotonic seconds until which the page may still show ``_before``."""

    value = AnyTrait()
    """The answers so far. Not synced: the browser gets only the fields."""

    def __init__(self, children: Sequence[Widget] = (), value: object = None) -> None:
        super().__init__(list(children), value=value)
        self.add_class("at-form")

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"  # the saved notebook holds no answers

    def set_value(self, value: object) -> None:
        """Show a value that another page or another form of the topic has saved."""
        self.value = value

    def apply_remote_value(self, value: object) -> None:
        """Show a value that another page has saved; a change of the old one may still arrive."""
        if value == self.value:
            return
        if time.monotonic() >= self._until:
            self._before = self.value
        self._until = time.monotonic() + CROSSING_TIME_S
        self.set_value(value)

    def ask_roles(self, roles: frozenset[Role]) -> None:
        """Ask only what concerns these roles; empty: none is chosen yet, so both count.

        Most forms ask everybody the same.
        """

    def on_change(self, handler: Callable[[T, T], None], show: Show) -> None:
        """Call ``handler`` with the old and the new value on each change; show its errors."""
        observe_change(self, "value", handler, show)

    def based_on(self, old: T) -> T:
        """Return what the page showed when it sent a change; ``old`` is the form's value."""
        return cast("T", self._before) if time.monotonic() < self._until else old


class QuestionForm(Form, Generic[T]):
    """A form that is one set of questions."""

    TEXTS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """The form's text fields: each a field of the value, and the key of the words that label it.

    The widget of ``word`` is ``self._word``.
    """

    _roles = frozenset(Role)
    """Roles that ``questions`` may ask for."""

    def __init__(self, context: FormContext, value: T, *below: Widget) -> None:
        self._context = context
        self._question_group = self._make_group(
            questions=self.questions(value),
            answers=dict(self.answers(value)),
            words=dict(context.words.table("questions")),
        )
        super().__init__([self._question_group, *below], value=value)
        self._observe_field(self._question_group, "answers")

    def _make_group(
        self, questions: list[Question], answers: dict[str, object], words: dict[str, str]
    ) -> Questions:
        """Return the widget that asks the questions."""
        return Questions(questions, answers, words)

    def _observe_field(self, field: Widget, trait: str = "value") -> None:
        """Read the form again on each change of one of its fields."""
        read = show_errors(self._answers_changed, self._context.show)
        field.observe(lambda _change: read(), trait)

    def ask_roles(self, roles: frozenset[Role]) -> None:
        """Ask only what concerns these roles; empty: none is chosen yet, so both count."""
        roles = roles or frozenset(Role)
        if roles == self._roles:
            return
        self._roles = roles
        with self.silenced():
            self._question_group.questions = self.questions(self.value)
            self._fill_fields(self.value)

    def questions(self, value: T) -> list[Question]:
        """Return the questions for the browser."""
        raise NotImplementedError

    def answers(self, value: T) -> FieldAnswers:
        """Return a value as the browser's answers."""
        raise NotImplementedError

    def read(self, answers: FieldAnswers) -> T:
        """Return the browser's answers as a value.

        Raises:
            InvalidAnswer: if one is out of range; ``facts["field"]`` is its question.

        """
        raise NotImplementedError

    def set_value(self, value: object) -> None:
        """Show a value saved elsewhere; fields that have it already are not changed.

        A text field that is being edited is updated when its editing ends.
        """
        mine: Any = value
        for name, key in self.TEXTS:
            if key == self._context.editing():
                mine = replace(mine, **{name: getattr(self.value, name)})
        value = mine
        if value == self.value:
            return
        with self.silenced():
            self.value = value
            self._fill_fields(mine)

    def _fill_fields(self, value: T) -> None:
        """Put a value into the fields; a form with fields of its own adds them."""
        self._question_group.answers = dict(self.answers(value))

    def _answers_changed(self) -> None:
        if self.is_silenced or not all(self._is_storable(name) for name, _ in self.TEXTS):
            return
        try:
            self.value = self.read(self._question_group.answers)
        except InvalidAnswer as error:
            field = str(error.facts["field"])
            if field not in {question["key"] for question in self._question_group.questions}:
                raise  # it belongs to no question: the page shows it
            said = self._context.words("errors.InvalidAnswer", **error.facts)
            self._question_group.errors = {field: said}
        else:
            if self._question_group.errors:
                self._question_group.errors = {}

    def _is_storable(self, name: str) -> bool:
        """Return whether a text can be saved as it is; replace characters that cannot be saved.

        Raises:
            TooLong: if it has more than ``MAX_TEXT_CHARS`` characters; the field keeps it.

        """
        field: TextField = getattr(self, f"_{name}")
        if len(field.value) > MAX_TEXT_CHARS:
            raise TooLong(field=name, most=MAX_TEXT_CHARS)
        plain = clean_text(field.value)
        if plain == field.value:
            return True
        halves = plain.count(REPLACEMENT) > field.value.count(REPLACEMENT)
        field.value = plain  # this change triggers the observer again
        if halves:
            self._context.show(Unkeepable(field=name))
        return False


class ReferenceForm(Form):
    """A form that shows rows of the tables; it needs no passphrase and saves nothing."""

    def __init__(self, children: Sequence[Widget]) -> None:
        super().__init__(children)
        self.add_class("at-reading")


def read_choice(kind: Callable[[str], T], answers: FieldAnswers, key: str) -> T | None:
    """Return the option chosen for ``key`` as a member of an enum; None: nothing is chosen."""
    chosen = answers.get(key)
    return kind(chosen) if chosen else None


def close_widget(widget: Widget) -> None:
    """Close a widget with all its children, shown or hidden, so that no page gets them again."""
    held = (each for each in vars(widget).values() if isinstance(each, Widget))
    for inner in {*getattr(widget, "children", ()), *held}:
        close_widget(inner)
    widget.close()


def make_text_field(words: Words, key: str, value: str = "") -> TextField:
    """Return a one-line text field, with label ``forms.<key>`` and hint ``forms.<key>_hint``."""
    field = TextField(
        description=words(f"forms.{key}"),
        placeholder=words.table("forms").get(f"{key}_hint", ""),
        value=value,
    )
    field.add_class("at-field")
    field.add_class(f"at-text-{key}")  # so that the page can report which field is edited
    return field


def make_text_area(words: Words, key: str, value: str = "") -> Textarea:
    """Return a field for a few sentences; labelled as ``make_text_field`` does."""
    field = Textarea(
        description=words(f"forms.{key}"),
        placeholder=words.table("forms").get(f"{key}_hint", ""),
        value=value,
        rows=3,
    )
    field.add_class("at-field")
    field.add_class(f"at-text-{key}")
    return field


def make_button(
    label: str, pressed: Callable[[], None], show: Show, *, main: bool = False
) -> Button:
    """Return a button; ``main`` marks the one that continues."""
    made = Button(description=label)
    made.add_class("at-button")
    if main:
        made.add_class("at-main")
    callback = show_errors(pressed, show)
    made.on_click(lambda _button: callback())
    return made


def make_foot(label: str, pressed: Callable[[], None], show: Show) -> VBox:
    """Return the one button of a screen that leads on, in a line at the lower edge."""
    foot = VBox([make_button(label, pressed, show, main=True)])
    foot.add_class("at-foot")
    return foot


def set_visible(widget: Widget, shown: bool) -> None:  # noqa: FBT001 - it says what it is
    """Show or hide a widget without removing it from the page."""
    widget.layout.display = None if shown else "none"
