"""The set-up: each person alone chooses name, mark and passphrase, and writes down a code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ipywidgets import Text as TextField
from ipywidgets import Widget

from workbook.content.words import Words
from workbook.domain.errors import InvalidAnswer, InvalidInput, WorkbookError
from workbook.domain.passphrase import MIN_PASSPHRASE_CHARACTERS
from workbook.domain.seats import (
    Colour,
    Person,
    Seat,
    Shape,
    check_name,
    check_names,
)
from workbook.ui.form import Form, close_widget, make_button, make_foot, make_text_field
from workbook.ui.forms.code import CodeForm, Printing
from workbook.ui.guard import Show, observe_change, show_errors
from workbook.ui.questions import option, options
from workbook.ui.widgets.prose import Block, Prose, fold, notice, p, seat, title, turn
from workbook.ui.widgets.questions import Question, QuestionOption, Questions
from workbook.ui.widgets.secret import Secret

SCREENS = 3
"""Screens of each person: name and mark, passphrase, recovery code."""


@dataclass(frozen=True, slots=True)
class SetUpSteps:
    """What the set-up does beyond showing its screens."""

    suggest: Callable[[], str]
    """Returns words for a passphrase."""
    add: Callable[[Person, str], str]
    """Takes over a person with their passphrase, and returns their recovery code."""
    confirm: Callable[[Seat], None]
    """Notes that a person has written their code down."""
    done: Callable[[], None]
    """Opens the book for the second person."""
    folder: str = ""
    """Where the vault will lie, as people read it; blank: it is not said."""
    on_screen_shown: Callable[[], None] = lambda: None
    printing: Printing = lambda _title, _text: None


class SetUpForm(Form):
    """The set-up, one small screen after the other: the first person, then the second.

    Between the two the screen is passed. What the first one typed is in no widget then.
    """

    def __init__(self, words: Words, show: Show, steps: SetUpSteps) -> None:
        self._words, self._show, self._steps = words, show, steps
        self._first: Person | None = None
        """The person who has finished; the other one takes another name and mark."""
        super().__init__()
        self.add_class("at-set-up")
        self._show_welcome()

    def _show_screen(self, *screen: Widget) -> None:
        """Show the next screen and close the one before, which may have shown a code."""
        gone, self.children = self.children, screen
        for each in ("at-welcome", "at-pass-on"):
            self.remove_class(each)
        for each in gone:
            close_widget(each)
        self._steps.on_screen_shown()

    def _show_welcome(self) -> None:
        say = self._words
        self._show_screen(
            Prose(
                [
                    p(say("cover.each")),
                    notice(say("cover.unsafe"), "#help", say("cover.unsafe_link")),
                    fold(say("cover.promise_title"), [p(say("cover.promise"))]),
                    *self._say_where(),
                ]
            ),
            make_foot(say("cover.begin"), lambda: self._ask_person(Seat.A), self._show),
        )
        self.add_class("at-welcome")

    def _say_where(self) -> list[Block]:
        """Say where the new book will lie: an empty folder may be the wrong one."""
        if not self._steps.folder:
            return []
        say = self._words
        where = say("cover.empty_where", folder=self._steps.folder)
        return [fold(say("cover.empty_title"), [p(where)])]

    # Name and mark ----------------------------------------------------------------------

    def _ask_person(self, who: Seat, before: Person | None = None) -> None:
        """Ask one person for their name, their mark and whether they are adult.

        ``before``: what they have said already, and come back to.
        """
        say = self._words
        name = make_text_field(say, "your_name", before.name if before else "")
        marks = Questions(
            self._mark_questions(), _mark_of(before) if before else _first_mark(self._first)
        )
        marks.add_class("at-marks")
        age = options(say.table("forms"), ("adult", "minor"))
        said_age = {"adult": "adult"} if before else {}
        adult = Questions([_choice("adult", say("forms.adult_question"), age)], said_age)
        said = Prose()
        mark = Prose([_make_turn(marks)], live=False)
        observe_change(marks, "answers", lambda *_: mark.set_blocks(_make_turn(marks)), self._show)

        def go_on() -> None:
            if refusal := self._refuse_person(name, adult):
                said.set_blocks(p(refusal))
            else:
                colour, shape = _read_mark(marks)
                self._ask_passphrase(Person(who, name.value.strip(), colour, shape))

        self._show_screen(
            Prose([self._make_count(1), title(say("cover.who"))]),
            mark,
            name,
            marks,
            adult,
            said,
            make_foot(say("cover.next"), go_on, self._show),
        )

    def _mark_questions(self) -> list[Question]:
        """Return the questions for a colour and a shape that the other person does not have."""
        say, taken = self._words, self._first
        colours = [c for c in Colour if not taken or c is not taken.colour]
        shapes = [s for s in Shape if not taken or s is not taken.shape]
        return [
            _choice(
                "colour",
                say("forms.colour_question"),
                [option(c.value, say(f"forms.colour_{c}")) for c in colours],
            ),
            _choice(
                "shape",
                say("forms.shape_question"),
                [option(s.value, say(f"forms.shape_{s}")) for s in shapes],
            ),
        ]

    def _refuse_person(self, name: TextField, adult: Questions) -> str:
        """Return the sentence that says what is missing; blank: nothing is."""
        say = self._words
        try:
            Person(Seat.A, name.value.strip(), Colour.CLAY, Shape.CIRCLE)
            check_name(name.value)
        except InvalidAnswer:
            return say("cover.name_missing")
        try:
            if self._first:
                check_names(name.value, self._first.name)
        except InvalidAnswer as same:
            return say.error(same)
        if (age := adult.answers.get("adult")) != "adult":
            return say("cover.minor" if age == "minor" else "cover.age_missing")
        return ""

    # Passphrase and code ----------------------------------------------------------------

    def _ask_passphrase(self, person: Person) -> None:
        say = self._words

        def given(secret: str) -> None:
            try:
                code = self._steps.add(person, secret)
            except InvalidInput:
                asked.show_message(say("cover.same"))
            except WorkbookError as error:
                asked.show_message(say.error(error))
            else:
                self._show_code(person, code)

        asked = Secret(
            dict(say.table("secret_new")),
            show_errors(given, self._show),
            new=True,
            suggest=self._steps.suggest,
        )
        back = make_button(
            say("cover.back"), lambda: self._ask_person(person.seat, person), self._show
        )
        back.add_class("at-plain-button")
        back.add_class("at-step-back")
        self._show_screen(
            back,
            Prose(
                [
                    self._make_count(2, person),
                    title(say("cover.passphrase")),
                    p(say("cover.passphrase_help", least=MIN_PASSPHRASE_CHARACTERS)),
                ]
            ),
            asked,
        )

    def _show_code(self, person: Person, code: str) -> None:
        """Show one code once and ask for one group of it, as proof that it was written down."""

        def kept() -> None:
            self._steps.confirm(person.seat)
            self._finish(person)

        self._show_screen(
            CodeForm(
                self._words,
                code,
                kept,
                show=self._show,
                printing=self._steps.printing,
                later=lambda: self._finish(person),
                whose=self._make_count(3, person),
            )
        )

    def _finish(self, person: Person) -> None:
        """Pass the screen on after the first person; open the book after the second."""
        if self._first:
            self._steps.done()
            return
        self._first = person
        say = self._words
        colour, shape = _first_mark(person).values()
        self._show_screen(
            Prose([turn(colour, shape, say("cover.pass_to")), p(say("cover.pass_help"))]),
            make_foot(say("cover.pass_done"), lambda: self._ask_person(Seat.B), self._show),
        )
        self.add_class("at-pass-on")
        self.add_class(f"at-colour-{colour}")

    def _make_count(self, number: int, person: Person | None = None) -> Block:
        """Return the line that says whose screen it is, and which of how many."""
        say = self._words
        count = say("cover.count", number=number, all=SCREENS)
        if person:
            return seat(person.name, person.colour, person.shape, count)
        return p(f"{say('cover.person_b' if self._first else 'cover.person_a')} · {count}")


def _choice(key: str, label: str, options: list[QuestionOption]) -> Question:
    """Return a question whose answers stand beside each other."""
    return {"key": key, "kind": "scale", "label": label, "options": options}


def _mark_of(person: Person) -> dict[str, str]:
    """Return a person's mark as answers."""
    return {"colour": person.colour.value, "shape": person.shape.value}


def _first_mark(partner: Person | None) -> dict[str, str]:
    """Return the mark that is shown before a person chooses one: the first that is free."""
    return {
        "colour": next(c.value for c in Colour if not partner or c is not partner.colour),
        "shape": next(s.value for s in Shape if not partner or s is not partner.shape),
    }


def _read_mark(marks: Questions) -> tuple[Colour, Shape]:
    """Return the mark that was chosen; where a choice was taken back, the first one."""
    colours, shapes = (question["options"] for question in marks.questions)
    return (
        Colour(marks.answers.get("colour") or colours[0]["key"]),
        Shape(marks.answers.get("shape") or shapes[0]["key"]),
    )


def _make_turn(marks: Questions) -> Block:
    return turn(*_read_mark(marks))
