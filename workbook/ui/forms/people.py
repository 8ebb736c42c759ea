"""Who sits in which seat: a name, a colour and a shape of one's own choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from ipywidgets import VBox, Widget

from workbook.domain.errors import WeakPassphrase, WorkbookError
from workbook.domain.seats import Colour, People, Seat, Shape
from workbook.ui.form import Answers, Asked, Desk, button, close, line, show
from workbook.ui.forms.code import CodeForm, Printing
from workbook.ui.guard import guarded
from workbook.ui.widgets.prose import Prose, notice, p, seat
from workbook.ui.widgets.secret import Secret


class PeopleForm(Asked):
    """Each person changes their own seat; the partner's is shown, not asked."""

    def __init__(
        self,
        desk: Desk,
        value: People,
        change: Callable[[str, str], None],
        erase: Callable[[], None],
        erase_shared: Callable[[], None],
        *,
        new_code: Callable[[str], str] | None = None,
        pin: Callable[[str], None] | None = None,
        printing: Printing = lambda _title, _text: None,
    ) -> None:
        self._name = line(desk.words, "your_name", desk.me.name)
        self._both = Prose()
        self._change, self._new_code, self._pin = change, new_code, pin
        self._printing = printing
        self._locks = VBox()
        """What concerns passphrase and codes: three buttons, or what one of them opened."""
        self._own = _Erasing(desk, "erase", erase)
        self._shared = _Erasing(desk, "erase_shared", erase_shared)
        super().__init__(desk, value)
        erasing = (self._own, self._shared)
        self.children = [self._both, self._name, self._asked, self._locks, *erasing]
        self._offer()
        self._name.observe(guarded(self._wrote, desk.show), "value")
        self.observe(lambda _change: self._show(), "value")
        self._show()

    def questions(self, value: People) -> list[dict[str, Any]]:
        """A colour and a shape the partner does not have."""
        say, taken = self._desk.words, value.at(self._desk.seat.other)
        return [
            {
                "key": "colour",
                "kind": "one",
                "label": say("forms.colour_question"),
                "options": [
                    {"key": c.value, "label": say(f"forms.colour_{c}")}
                    for c in Colour
                    if c is not taken.colour
                ],
            },
            {
                "key": "shape",
                "kind": "one",
                "label": say("forms.shape_question"),
                "options": [
                    {"key": s.value, "label": say(f"forms.shape_{s}")}
                    for s in Shape
                    if s is not taken.shape
                ],
            },
        ]

    def answers(self, value: People) -> Answers:
        """The value as the browser's answers."""
        mine = value.at(self._desk.seat)
        return {"colour": mine.colour, "shape": mine.shape}

    def read(self, answers: Answers) -> People:
        """The browser's answers as a value.

        Raises:
            InvalidAnswer: if the name is blank.

        """
        mine = self.value.at(self._desk.seat)
        mine = replace(
            mine,
            name=self._name.value.strip(),
            colour=Colour(answers.get("colour") or mine.colour),
            shape=Shape(answers.get("shape") or mine.shape),
        )
        people: People = self.value
        return replace(people, a=mine) if mine.seat is Seat.A else replace(people, b=mine)

    def _put(self, value: People) -> None:
        super()._put(value)
        self._name.value = value.at(self._desk.seat).name

    def _wrote(self, _change: Any) -> None:
        # A name in the middle of being retyped is blank for a moment: not worth an error.
        if self._name.value.strip() and self._fits("name"):
            self._answered()

    def _show(self) -> None:
        people: People = self.value
        both = (people.at(self._desk.seat), people.at(self._desk.seat.other))
        self._both.say(*(seat(who.name, who.colour, who.shape) for who in both))

    def _offer(self, *said: str) -> None:
        """Show what can be done, below what was done just now."""
        say, show = self._desk.words, self._desk.show
        made = [Prose([p(text) for text in said])] if said else []
        made.append(button(say("forms.passphrase_change"), self._ask_change, show))
        if self._new_code is not None:
            made.append(button(say("forms.code_new"), self._ask_code, show))
        if self._pin is not None:
            made.append(button(say("forms.pin_new"), self._ask_pin, show))
        self._instead(*made)

    def _ask_change(self) -> None:
        """First the present passphrase: an unlocked page left alone changes nothing."""
        say = self._desk.words
        self._instead(Secret(dict(say.table("secret_old")), self._wanted))

    def _wanted(self, present: str) -> None:
        def given(secret: str) -> None:
            try:
                self._change(present, secret)
            except WorkbookError as error:
                new.say(self._desk.words.error(error))
            else:
                self._offer(self._desk.words("forms.passphrase_changed"))

        new = Secret(dict(self._desk.words.table("secret_new")), given, new=True)
        self._instead(new)

    def _ask_code(self) -> None:
        say = self._desk.words

        def given(present: str) -> None:
            assert self._new_code is not None  # noqa: S101 - its button is there
            try:
                code = self._new_code(present)
            except WorkbookError as error:
                asked.say(say.error(error))
            else:
                kept = partial(self._offer, say("forms.code_changed"))
                show = self._desk.show
                self._instead(CodeForm(say, code, kept, show=show, printing=self._printing))

        asked = Secret(dict(say.table("secret_old")), given)
        self._instead(Prose([p(say("forms.code_new_help"))]), asked)

    def _ask_pin(self) -> None:
        say = self._desk.words

        def given(code: str) -> None:
            assert self._pin is not None  # noqa: S101 - its button is there
            try:
                self._pin(code)
            except WeakPassphrase as weak:
                asked.say(say("forms.pin_short", **weak.facts))
            else:
                self._offer(say("forms.pin_set"))

        asked = Secret(dict(say.table("secret_pin_new")), given, new=True, brief=True)
        self._instead(asked)

    def _instead(self, *fields: Widget) -> None:
        """Put ``fields`` in the place of what stands there."""
        gone, self._locks.children = self._locks.children, fields
        for each in gone:
            close(each)


class _Erasing(VBox):
    """A button that says what erasing means before it happens; nobody is told of a no."""

    def __init__(self, desk: Desk, what: str, erase: Callable[[], None]) -> None:
        say = desk.words
        self._means = notice(say(f"forms.{what}_warning", name=desk.partner.name))
        self._wish = button(say(f"forms.{what}"), partial(self._sure, asked=True), desk.show)
        self._warning = Prose()
        self._now = button(say(f"forms.{what}_now"), erase, desk.show)
        self._keep = button(say(f"forms.{what}_not"), partial(self._sure, asked=False), desk.show)
        super().__init__([self._wish, self._warning, self._now, self._keep])
        self._sure(asked=False)

    def __repr__(self) -> str:
        return "Erasing()"

    def _sure(self, *, asked: bool) -> None:
        self._warning.say(*([self._means] if asked else ()))
        show(self._wish, not asked)
        show(self._now, asked)
        show(self._keep, asked)
