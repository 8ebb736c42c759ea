"""A pressure duet: one offers three levels on a forearm, the other names each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from random import SystemRandom
from typing import Any

from ipywidgets import HBox

from workbook.domain.levels import DUET_LEVELS, Duet, Level
from workbook.domain.seats import Seat
from workbook.rules.limits import estimate_firmness_offset
from workbook.ui.form import Desk, Form, button, show
from workbook.ui.guard import guarded
from workbook.ui.widgets.prose import Prose, h, p
from workbook.ui.widgets.questions import Questions

Drawn = Callable[[], list[Level]]


def _drawn() -> list[Level]:
    return SystemRandom().sample(DUET_LEVELS, len(DUET_LEVELS))


class DuetForm(Form):
    """Both are at the screen; nothing is kept before all three levels were named."""

    def __init__(self, desk: Desk, value: Duet, drawn: Drawn = _drawn) -> None:
        self._desk, self._drawn = desk, drawn
        self._giver: Seat | None = None
        self._order: list[Level] = []
        self._named: dict[Level, Level] = {}
        self._text = Prose([])
        self._asked = Questions([], {}, desk.words.table("questions"))
        self._start = {who: button("", partial(self._begin, who), desk.show) for who in Seat}
        self._leave = button(desk.words("forms.duet_stop"), self._end, desk.show)
        super().__init__(
            [self._text, self._asked, HBox(list(self._start.values())), self._leave], value=value
        )
        self._asked.observe(guarded(self._answered, desk.show), "answers")
        self._show()

    def take(self, value: object) -> None:
        """Show a value saved elsewhere; a duet that is under way goes on."""
        if value != self.value:
            self.value = value
            self._show()

    def _begin(self, giver: Seat) -> None:
        self._giver, self._order, self._named = giver, self._drawn(), {}
        self._show()

    def _end(self) -> None:
        self._giver = None
        self._show()

    def _answered(self, change: Any) -> None:
        said = change.new.get("felt")
        if self._giver is None or not said:
            return
        self._named[self._order[len(self._named)]] = Level[said]
        if len(self._named) < len(DUET_LEVELS):
            self._show()
            return
        giver, self._giver = self._giver, None
        self.value = Duet({**self.value.firmer, giver: estimate_firmness_offset(self._named)})
        self._show()

    def _show(self) -> None:
        for who, start in self._start.items():
            tried = who in self.value.firmer
            key = "forms.duet_again" if tried else "forms.duet_start"
            start.description = self._desk.words(key, name=self._desk.people.at(who).name)
            show(start, self._giver is None)
        show(self._leave, self._giver is not None)
        show(self._asked, self._giver is not None)
        if self._giver is None:
            self._tell()
        else:
            self._offer(self._giver)

    def _names(self, giver: Seat) -> Mapping[str, str]:
        people = self._desk.people
        return {"giver": people.at(giver).name, "receiver": people.at(giver.other).name}

    def _tell(self) -> None:
        say = self._desk.words
        results = []
        for giver, firmer in sorted(self.value.firmer.items()):
            which = "0" if not firmer else "firmer" if firmer > 0 else "lighter"
            results.append(p(say(f"forms.duet_result_{which}", **self._names(giver))))
        self._text.say(h(say("forms.duet_title")), p(say("forms.duet_intro")), *results)

    def _offer(self, giver: Seat) -> None:
        say, n = self._desk.words, len(self._named)
        level = f"levels.{self._order[n].name.lower()}"
        names = self._names(giver)
        self._text.say(
            h(say("forms.duet_now", n=n + 1, **names)),
            p(say("forms.duet_offer", level=say(f"{level}.name"))),
            p(say(f"{level}.anchor")),
        )
        self._asked.answers = {}
        self._asked.questions = [
            {
                "key": "felt",
                "kind": "one",
                "label": say("forms.duet_ask", **names),
                "options": [
                    {"key": each.name, "label": say(f"levels.{each.name.lower()}.name")}
                    for each in DUET_LEVELS
                ],
            }
        ]
