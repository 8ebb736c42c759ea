"""The two people: a name, a colour and a shape that each chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from ipywidgets import VBox, Widget

from workbook.domain.errors import WeakPassphrase, WorkbookError
from workbook.domain.seats import Colour, People, Seat, Shape
from workbook.domain.text import has_visible_letter
from workbook.ui.form import (
    FieldAnswers,
    FormContext,
    QuestionForm,
    close_widget,
    make_button,
    make_text_field,
    set_visible,
)
from workbook.ui.forms.code import CodeForm, Printing
from workbook.ui.guard import observe_change
from workbook.ui.questions import one, option
from workbook.ui.widgets.prose import Prose, notice, p, seat
from workbook.ui.widgets.questions import Question
from workbook.ui.widgets.secret import Secret


class PeopleForm(QuestionForm[People]):
    """Lets a person change their own name and mark; the partner's are only shown."""

    def __init__(
        self,
        context: FormContext,
        value: People,
        change: Callable[[str, str], None],
        erase: Callable[[], None],
        erase_shared: Callable[[], None],
        *,
        new_code: Callable[[str], str],
        confirm_code: Callable[[str], None],
        pin: Callable[[str], None],
        printing: Printing,
    ) -> None:
        self._name = make_text_field(context.words, "your_name", context.me.name)
        self._both = Prose()
        self._change, self._pin = change, pin
        self._new_code, self._confirm_code = new_code, confirm_code
        self._printing = printing
        self._locks = VBox()
        """The part about passphrase and codes: three buttons, or the fields of one."""
        self._own = _EraseConfirmation(context, "erase", erase)
        self._shared = _EraseConfirmation(context, "erase_shared", erase_shared)
        super().__init__(context, value)
        erasing = (self._own, self._shared)
        self.children = [self._both, self._name, self._question_group, self._locks, *erasing]
        self._show_choices()
        observe_change(self._name, "value", self._name_changed, context.show)
        self.observe(lambda _change: self._render_marks(), "value")
        self._render_marks()

    def questions(self, value: People) -> list[Question]:
        """Return the questions for a colour and a shape that the partner does not have."""
        say, taken = self._context.words, value.at(self._context.seat.other)
        colours = [
            option(c.value, say(f"forms.colour_{c}")) for c in Colour if c is not taken.colour
        ]
        shapes = [option(s.value, say(f"forms.shape_{s}")) for s in Shape if s is not taken.shape]
        return [
            one("colour", say("forms.colour_question"), colours),
            one("shape", say("forms.shape_question"), shapes),
        ]

    def answers(self, value: People) -> FieldAnswers:
        """Return a value as the browser's answers."""
        mine = value.at(self._context.seat)
        return {"colour": mine.colour, "shape": mine.shape}

    def read(self, answers: FieldAnswers) -> People:
        """Return the browser's answers as a value.

        Raises:
            InvalidAnswer: if the name is blank.

        """
        mine = self.value.at(self._context.seat)
        mine = replace(
            mine,
            name=self._name.value.strip(),
            colour=Colour(answers.get("colour") or mine.colour),
            shape=Shape(answers.get("shape") or mine.shape),
        )
        people: People = self.value
        return replace(people, a=mine) if mine.seat is Seat.A else replace(people, b=mine)

    def _fill_fields(self, value: People) -> None:
        super()._fill_fields(value)
        self._name.value = value.at(self._context.seat).name

    def _name_changed(self, _old: str, _new: str) -> None:
        # A name is blank for a moment while it is retyped: that is not an error.
        if has_visible_letter(self._name.value) and self._is_storable("name"):
            self._answers_changed()

    def _render_marks(self) -> None:
        people: People = self.value
        both = (people.at(self._context.seat), people.at(self._context.seat.other))
        self._both.set_blocks(*(seat(who.name, who.colour, who.shape) for who in both))

    def _show_choices(self, *said: str) -> None:
        """Show the buttons, below a notice about what was done just now."""
        say, show = self._context.words, self._context.show
        made = [Prose([p(text) for text in said])] if said else []
        made.append(make_button(say("forms.passphrase_change"), self._ask_change, show))
        made.append(make_button(say("forms.code_new"), self._ask_code, show))
        made.append(make_button(say("forms.pin_new"), self._ask_pin, show))
        self._replace_fields(*made)

    def _ask_change(self) -> None:
        """Ask for the present passphrase first, so that an unattended page allows no change."""
        say = self._context.words
        self._replace_fields(Secret(dict(say.table("secret_old")), self._ask_new_passphrase))

    def _ask_new_passphrase(self, present: str) -> None:
        def given(secret: str) -> None:
            try:
                self._change(present, secret)
            except WorkbookError as error:
                new.show_message(self._context.words.error(error))
            else:
                self._show_choices(self._context.words("forms.passphrase_changed"))

        new = Secret(dict(self._context.words.table("secret_new")), given, new=True)
        self._replace_fields(new)

    def _ask_code(self) -> None:
        say = self._context.words

        def given(present: str) -> None:
            try:
                code = self._new_code(present)
            except WorkbookError as error:
                asked.show_message(say.error(error))
            else:
                show = self._context.show

                def kept() -> None:
                    self._confirm_code(code)
                    self._show_choices(say("forms.code_changed"))

                self._replace_fields(CodeForm(say, code, kept, show=show, printing=self._printing))

        asked = Secret(dict(say.table("secret_old")), given)
        self._replace_fields(Prose([p(say("forms.code_new_help"))]), asked)

    def _ask_pin(self) -> None:
        say = self._context.words

        def given(code: str) -> None:
            try:
                self._pin(code)
            except WeakPassphrase as weak:
                asked.show_message(say("forms.pin_short", **weak.facts))
            else:
                self._show_choices(say("forms.pin_set"))

        asked = Secret(dict(say.table("secret_pin_new")), given, new=True, brief=True)
        self._replace_fields(asked)

    def _replace_fields(self, *fields: Widget) -> None:
        """Replace the present fields by ``fields``."""
        gone, self._locks.children = self._locks.children, fields
        for each in gone:
            close_widget(each)


class _EraseConfirmation(VBox):
    """A button that explains what erasing means, and asks before it erases."""

    def __init__(self, context: FormContext, what: str, erase: Callable[[], None]) -> None:
        say = context.words
        self._means = notice(say(f"forms.{what}_warning", name=context.partner.name))
        self._wish = make_button(
            say(f"forms.{what}"), partial(self._confirm, asked=True), context.show
        )
        self._warning = Prose()
        self._now = make_button(say(f"forms.{what}_now"), erase, context.show)
        self._keep = make_button(
            say(f"forms.{what}_not"), partial(self._confirm, asked=False), context.show
        )
        super().__init__([self._wish, self._warning, self._now, self._keep])
        self._confirm(asked=False)

    def __repr__(self) -> str:
        return "EraseConfirmation()"

    def _confirm(self, *, asked: bool) -> None:
        self._warning.set_blocks(*([self._means] if asked else ()))
        set_visible(self._wish, not asked)
        set_visible(self._now, asked)
        set_visible(self._keep, asked)
