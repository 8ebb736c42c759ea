"""A pressure duet: one offers three levels on a forearm, the other names each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from random import SystemRandom

from ipywidgets import HBox

from workbook.content.words import name_level
from workbook.domain.levels import DUET_LEVELS, Duet, Level
from workbook.domain.seats import Seat
from workbook.rules.limits import estimate_firmness_offset
from workbook.ui.form import FieldAnswers, Form, FormContext, make_button, set_visible
from workbook.ui.guard import observe_change
from workbook.ui.questions import one, option
from workbook.ui.widgets.prose import Prose, h, p
from workbook.ui.widgets.questions import Questions

DrawLevels = Callable[[], list[Level]]


def _draw_levels() -> list[Level]:
    return SystemRandom().sample(DUET_LEVELS, len(DUET_LEVELS))


class DuetForm(Form):
    """Asks both people at one screen; nothing is saved before all three levels are named."""

    def __init__(
        self, context: FormContext, value: Duet, draw_levels: DrawLevels = _draw_levels
    ) -> None:
        self._context, self._draw_levels = context, draw_levels
        self._giver: Seat | None = None
        self._order: list[Level] = []
        self._named: dict[Level, Level] = {}
        self._text = Prose([])
        self._question_group = Questions([], {}, context.words.table("questions"))
        self._start = {
            who: make_button("", partial(self._begin, who), context.show) for who in Seat
        }
        self._leave = make_button(context.words("forms.duet_stop"), self._end, context.show)
        super().__init__(
            [self._text, self._question_group, HBox(list(self._start.values())), self._leave],
            value=value,
        )
        observe_change(self._question_group, "answers", self._answers_changed, context.show)
        self._render_state()

    def set_value(self, value: object) -> None:
        """Show a value saved elsewhere; an unfinished duet is not interrupted."""
        if value != self.value:
            self.value = value
            self._render_state()

    def _begin(self, giver: Seat) -> None:
        self._giver, self._order, self._named = giver, self._draw_levels(), {}
        self._render_state()

    def _end(self) -> None:
        self._giver = None
        self._render_state()

    def _answers_changed(self, _old: FieldAnswers, new: FieldAnswers) -> None:
        said = new.get("felt")
        if self._giver is None or not said:
            return
        self._named[self._order[len(self._named)]] = Level[said]
        if len(self._named) < len(DUET_LEVELS):
            self._render_state()
            return
        giver, self._giver = self._giver, None
        self.value = Duet({**self.value.firmer, giver: estimate_firmness_offset(self._named)})
        self._render_state()

    def _render_state(self) -> None:
        for who, start in self._start.items():
            tried = who in self.value.firmer
            key = "forms.duet_again" if tried else "forms.duet_start"
            start.description = self._context.words(key, name=self._context.people.at(who).name)
            set_visible(start, self._giver is None)
        set_visible(self._leave, self._giver is not None)
        set_visible(self._question_group, self._giver is not None)
        if self._giver is None:
            self._render_results()
        else:
            self._render_offer(self._giver)

    def _name_both(self, giver: Seat) -> Mapping[str, str]:
        people = self._context.people
        return {"giver": people.at(giver).name, "receiver": people.at(giver.other).name}

    def _render_results(self) -> None:
        say = self._context.words
        results = []
        for giver, firmer in sorted(self.value.firmer.items()):
            which = "0" if not firmer else "firmer" if firmer > 0 else "lighter"
            results.append(p(say(f"forms.duet_result_{which}", **self._name_both(giver))))
        self._text.set_blocks(h(say("forms.duet_title")), p(say("forms.duet_intro")), *results)

    def _render_offer(self, giver: Seat) -> None:
        say, n = self._context.words, len(self._named)
        level = self._order[n]
        names = self._name_both(giver)
        self._text.set_blocks(
            h(say("forms.duet_now", n=n + 1, **names)),
            p(say("forms.duet_offer", level=name_level(say, level))),
            p(say(f"levels.{level.name.lower()}.anchor")),
        )
        self._question_group.answers = {}
        levels = [option(each.name, name_level(say, each)) for each in DUET_LEVELS]
        self._question_group.questions = [one("felt", say("forms.duet_ask", **names), levels)]
