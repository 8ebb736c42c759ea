"""Who sits in which seat: a name, a colour and a shape of one's own choice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from ipywidgets import VBox

from workbook.domain.errors import InvalidAnswer, WorkbookError
from workbook.domain.seats import Colour, People, Seat, Shape
from workbook.ui.form import Answers, Asked, Desk, button, line, show
from workbook.ui.guard import guarded
from workbook.ui.widgets.prose import Prose, notice, seat
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
    ) -> None:
        self._name = line(desk.words, "your_name", desk.me.name)
        self._both = Prose()
        self._change = change
        self._open = button(desk.words("forms.passphrase_change"), self._ask, desk.show)
        self._own = _Erasing(desk, "erase", erase)
        self._shared = _Erasing(desk, "erase_shared", erase_shared)
        super().__init__(desk, value)
        erasing = (self._own, self._shared)
        self.children = [self._both, self._name, self._asked, *erasing, self._open]
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
        with suppress(InvalidAnswer):
            self._answered()

    def _show(self) -> None:
        people: People = self.value
        both = (people.at(self._desk.seat), people.at(self._desk.seat.other))
        self._both.say(*(seat(who.name, who.colour, who.shape) for who in both))

    def _ask(self) -> None:
        """First the present passphrase: an unlocked page left alone changes nothing."""
        say = self._desk.words
        old = Secret(dict(say.table("secret_old")), self._wanted)
        self._instead(old)

    def _wanted(self, present: str) -> None:
        def given(secret: str) -> None:
            try:
                self._change(present, secret)
            except WorkbookError as error:
                new.say(self._desk.words.error(error))
            else:
                new.say(self._desk.words("forms.passphrase_changed"))

        new = Secret(dict(self._desk.words.table("secret_new")), given, new=True)
        self._instead(new)

    def _instead(self, field: Secret) -> None:
        """Put ``field`` in the place of the button."""
        gone = self.children[-1]
        self.children = [*self.children[:-1], field]
        gone.close()


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
