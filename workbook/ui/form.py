"""What all forms share: fields inside, one frozen ``value`` outside."""

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
from workbook.domain.seats import People, Person, Seat
from workbook.domain.tables import Tables
from workbook.domain.text import REPLACEMENT, clean_text
from workbook.ui.guard import Show, observe_change, show_errors
from workbook.ui.widgets.prose import Block, seat
from workbook.ui.widgets.questions import Question, Questions

T = TypeVar("T")

Answers = Mapping[str, Any]
"""What the browser sends for one set of questions: by key, an option, options or rows."""


@dataclass(frozen=True, slots=True)
class FormContext:
    """What every form is given: the tables, the words, and who is at the screen."""

    tables: Tables
    words: Words
    show: Show
    people: People
    seat: Seat
    today: date
    editing: Callable[[], str] = lambda: ""
    """Key of the text field that somebody is writing in; blank: in none."""

    @property
    def me(self) -> Person:
        """The person at the screen."""
        return self.people.at(self.seat)

    @property
    def partner(self) -> Person:
        """The other person."""
        return self.people.at(self.seat.other)

    def make_badge(self, seat_of: Seat) -> Block:
        """A person's mark and name."""
        person = self.people.at(seat_of)
        return seat(person.name, person.colour, person.shape)


CROSSING_TIME_S = 1.0
"""Seconds in which a page may still send what it made of the value before."""


class QuietBox(VBox):
    """A box of fields that can be filled without that counting as an answer."""

    is_silenced = False
    """Whether the program fills the fields now: their changes are no answers."""

    @contextmanager
    def silenced(self) -> Iterator[None]:
        """Fill fields within it; it may be nested."""
        before, self.is_silenced = self.is_silenced, True
        try:
            yield
        finally:
            self.is_silenced = before


class Form(QuietBox):
    """Fields inside, one frozen ``value`` outside, replaced and never edited."""

    SHOWS: ClassVar[tuple[str, ...]] = ()
    """Topics of which it shows every row, each when its answer leads there; for tracing them."""

    _before: object = None
    _until = 0.0
    """Until then the page may still show ``_before``."""

    value = AnyTrait()
    """What was answered so far. Not synced: the browser sees the fields alone."""

    def __init__(self, children: Sequence[Widget] = (), value: object = None) -> None:
        super().__init__(list(children), value=value)
        self.add_class("at-form")

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"  # saved with the notebook: no answers

    def set_value(self, value: object) -> None:
        """Show a value that another page or another form of the topic has saved."""
        self.value = value

    def apply_remote_value(self, value: object) -> None:
        """Show a value that another page has saved; an answer to the old one may be under way."""
        if value == self.value:
            return
        if time.monotonic() >= self._until:
            self._before = self.value
        self._until = time.monotonic() + CROSSING_TIME_S
        self.set_value(value)

    def on_change(self, handler: Callable[[T, T], None], show: Show) -> None:
        """Call ``handler`` with the old and the new value on each change, its errors shown."""
        observe_change(self, "value", handler, show)

    def based_on(self, old: T) -> T:
        """Return what the page showed when it sent a change; ``old`` is what the form had."""
        return cast("T", self._before) if time.monotonic() < self._until else old


class QuestionForm(Form, Generic[T]):
    """A form that is one set of questions."""

    TEXTS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Its text fields: each a field of the value, and the key of the words that label it.

    The widget of ``word`` is ``self._word``.
    """

    def __init__(self, context: FormContext, value: T, *below: Widget) -> None:
        self._context = context
        self._question_group = Questions(
            questions=self.questions(value),
            answers=dict(self.answers(value)),
            words=dict(context.words.table("questions")),
        )
        super().__init__([self._question_group, *below], value=value)
        self._observe_field(self._question_group, "answers")

    def _observe_field(self, field: Widget, trait: str = "value") -> None:
        """Read the form anew on each change of one of its fields."""
        read = show_errors(self._answers_changed, self._context.show)
        field.observe(lambda _change: read(), trait)

    def questions(self, value: T) -> list[Question]:
        """Return the questions as the browser draws them."""
        raise NotImplementedError

    def answers(self, value: T) -> Answers:
        """Return a value as the browser's answers."""
        raise NotImplementedError

    def read(self, answers: Answers) -> T:
        """Return the browser's answers as a value.

        Raises:
            InvalidAnswer: if one is out of range; ``facts["field"]`` is its question.

        """
        raise NotImplementedError

    def set_value(self, value: object) -> None:
        """Show a value saved elsewhere; what is the same already is left alone.

        So is the text somebody is writing: it is shown when they have left the field.
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
                raise  # beside no question: the page says it
            said = self._context.words("errors.InvalidAnswer", **error.facts)
            self._question_group.errors = {field: said}
        else:
            if self._question_group.errors:
                self._question_group.errors = {}

    def _is_storable(self, name: str) -> bool:
        """Return whether a text can be kept as it is; if another sign has to stand in it, it does.

        Raises:
            TooLong: if it has more than ``MAX_TEXT_CHARS`` characters; it stays in its field.

        """
        field: TextField = getattr(self, f"_{name}")
        if len(field.value) > MAX_TEXT_CHARS:
            raise TooLong(field=name, most=MAX_TEXT_CHARS)
        plain = clean_text(field.value)
        if plain == field.value:
            return True
        halves = plain.count(REPLACEMENT) > field.value.count(REPLACEMENT)
        field.value = plain  # which is an answer by itself
        if halves:
            self._context.show(Unkeepable(field=name))
        return False


class ReferenceForm(Form):
    """Something to read from the tables; it needs nobody's passphrase and keeps nothing."""

    def __init__(self, children: Sequence[Widget]) -> None:
        super().__init__(children)
        self.add_class("at-reading")


def read_choice(kind: Callable[[str], T], answers: Answers, key: str) -> T | None:
    """Return the option chosen for ``key`` as a member of an enum; None: nothing is chosen."""
    chosen = answers.get(key)
    return kind(chosen) if chosen else None


def close_widget(widget: Widget) -> None:
    """Close a widget with all that it shows or holds back, so that no page is sent it again."""
    held = (each for each in vars(widget).values() if isinstance(each, Widget))
    for inner in {*getattr(widget, "children", ()), *held}:
        close_widget(inner)
    widget.close()


def make_text_field(words: Words, key: str, value: str = "") -> TextField:
    """A one-line text field; its label and hint are ``forms.<key>`` and ``forms.<key>_hint``."""
    field = TextField(
        description=words(f"forms.{key}"),
        placeholder=words.table("forms").get(f"{key}_hint", ""),
        value=value,
    )
    field.add_class("at-field")
    field.add_class(f"at-text-{key}")  # so that the page can say where somebody writes
    return field


def make_text_area(words: Words, key: str, value: str = "") -> Textarea:
    """A field for a few sentences; labelled like ``line``."""
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
    """A button that says what happens; ``main`` is the one that leads on."""
    made = Button(description=label)
    made.add_class("at-button")
    if main:
        made.add_class("at-main")
    callback = show_errors(pressed, show)
    made.on_click(lambda _button: callback())
    return made


def set_visible(widget: Widget, shown: bool) -> None:  # noqa: FBT001 - it says what it is
    """Show a widget or hide it, without taking it off the page."""
    widget.layout.display = None if shown else "none"
