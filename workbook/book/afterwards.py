"""After the massage, for one unlocked person: debrief, thanks, next day, journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ipywidgets import Widget

from workbook.book import together
from workbook.domain.learning import Debrief, NextDay
from workbook.domain.levels import Level
from workbook.domain.products import NO_PRODUCT
from workbook.rules.areas import area_of
from workbook.rules.three_way import merge_values
from workbook.store import answers, plans, sessions, thanks
from workbook.store.records import Saved
from workbook.ui.form import Form, close
from workbook.ui.forms.agreement import area_names
from workbook.ui.forms.debrief import DebriefForm
from workbook.ui.forms.journal import Entry, JournalForm
from workbook.ui.forms.next_day import NextDayForm
from workbook.ui.forms.thanks import ShownThanks, ThanksForm
from workbook.ui.guard import guarded
from workbook.ui.widgets.prose import Prose, p

if TYPE_CHECKING:
    from workbook.book.opened import Opened


class Afterwards:
    """What each says alone, and what is shown of it."""

    FORMS: ClassVar = frozenset({"debrief", "thanks", "next_day", "journal"})

    def __init__(self, book: Opened) -> None:
        self._book = book
        self._lane = book.lane
        self._shown: dict[str, Any] = {}
        self._written: dict[type[Any], tuple[Any, str]] = {}
        """By kind of answer the form that asks for it, and the evening it speaks about."""

    def form(self, name: str) -> Widget:
        """Build one of these forms."""
        made: Widget = getattr(self, f"_make_{name}")()
        self._shown[name] = made
        self.follow()
        return made

    def follow(self) -> None:
        """Show where things stand in every form that is on the page."""
        if form := self._shown.get("thanks"):
            form.tell(self._thanks(self._book.tonight.evening))
        if form := self._shown.get("journal"):
            form.tell(self._entries(), self._book.learned())

    def _felt(self, evening: str) -> dict[str, Level]:
        """Highest level by area key of what this person received on that evening.

        Only what was played counts, at most at the level it was softened to: what a
        later evening goes by is the lower one.
        """
        felt: dict[str, Level] = {}
        for run in sessions.list_sessions(self._lane, evening):
            played = run.saved.value
            made = plans.read_plan(self._lane, evening, played.plan)
            if made is None or made.turn.receiver is not self._lane.seat:
                continue
            for step in made.steps[: played.session.step + 1]:
                level = min(step.level, played.session.cap)
                for part in step.parts:
                    area = area_of(part)
                    felt[area] = max(level, felt.get(area, Level.STILL))
        return felt

    def ended(self) -> None:
        """A session has ended: there is something to say now."""
        if place := self._shown.get("debrief"):
            gone, place.children = place.children, [self._debrief()]
            for each in gone:
                close(each)
        self.follow()

    def _make_debrief(self) -> Widget:
        return Form([self._debrief()])

    def _debrief(self) -> Widget:
        evening = self._book.tonight.evening
        if evening is None or not self._book.tonight.ended:
            return Prose([p(self._book.desk.words("forms.debrief_none"))])
        saved = answers.read_answer(self._lane, Debrief, evening)
        value = saved.value if saved else Debrief(on=self._book.desk.today)
        form = DebriefForm(self._book.desk, value, self._felt(evening))
        return self._asks(form, Debrief, evening)

    def _asks(self, form: Any, kind: type[Any], evening: str) -> Any:
        """Save what ``form`` says about an evening, joined with what another page saved."""

        def keep(change: Any) -> None:
            before = answers.read_answer(self._lane, kind, evening)
            if before is not None and change.new == before.value:
                return
            now = before.value if before else change.old
            said = merge_values(form.based_on(change.old), change.new, now)
            saved: Saved[Any] = together.save(
                said,
                before,
                change.old,
                put=lambda new, expected_version: answers.write_answer(
                    self._lane, new, evening, expected_version=expected_version
                ),
                read=lambda: answers.read_answer(self._lane, kind, evening),
            )
            self._book.said_saved(saved.at)
            if saved.value != change.new:
                self._book.joined()
            form.take(saved.value)
            self.follow()
            if kind is NextDay:  # what was learned counts for tonight
                self._book.tonight.follow()

        form.observe(guarded(keep, self._book.desk.show), "value")
        self._written[kind] = form, evening
        return form

    def seen(self) -> object:
        """What was written about evenings, and given to each other."""
        written = [answers.read_answer(self._lane, k, on) for k, (_, on) in self._written.items()]
        return written, self._thanks(self._book.tonight.evening)

    def settle(self) -> None:
        """Show what is saved about the evenings that are asked about."""
        for kind, (form, evening) in self._written.items():
            if saved := answers.read_answer(self._lane, kind, evening):
                form.news(saved.value)

    def _make_thanks(self) -> Widget:
        return ThanksForm(self._book.desk, self._give, self._book.hand_over)

    def _give(self) -> None:
        given = together.again(lambda: self._hand_in(self._book.tonight.begun()))
        self._book.said_saved(given.at)
        self.follow()

    def _hand_in(self, evening: str) -> Saved[thanks.Thanks]:
        saved = answers.read_answer(self._lane, Debrief, evening)
        said = saved.value if saved else Debrief(on=self._book.desk.today)
        before = thanks.read_thanks(self._lane, evening).get(self._lane.seat)
        mine = thanks.Thanks(said.thanks, said.more)
        return thanks.hand_in_thanks(
            self._lane, evening, mine, expected_version=before.version if before else 0
        )

    def _thanks(self, evening: str | None) -> dict[Any, ShownThanks]:
        if evening is None:
            return {}
        return {
            who: ShownThanks(given.value.text, tuple(sorted(given.value.more)))
            for who, given in thanks.read_thanks(self._lane, evening).items()
        }

    def _make_next_day(self) -> Widget:
        each = sessions.latest_played_before(self._lane, self._book.desk.today)
        if each is not None:
            saved = answers.read_answer(self._lane, NextDay, each.id)
            made = self._book.tonight.played(each.id)
            value = (
                saved.value
                if saved
                else NextDay(
                    on=each.on,
                    product=made[-1].product if made else NO_PRODUCT,
                    touched=self._felt(each.id),
                )
            )
            form = NextDayForm(self._book.desk, value)
            return self._asks(form, NextDay, each.id)
        return Prose([p(self._book.desk.words("forms.next_none"))])

    def _make_journal(self) -> Widget:
        return JournalForm(self._book.desk)

    def _entries(self) -> list[Entry]:
        say, people = self._book.desk.words, self._book.desk.people
        entries = []
        for each in reversed(self._book.tonight.evenings):
            runs = sessions.list_sessions(self._lane, each.id)
            if not runs:
                continue
            turns = tuple(
                say(
                    "forms.journal_turn",
                    giver=people.at(made.turn.giver).name,
                    receiver=people.at(made.turn.receiver).name,
                    minutes=made.minutes,
                    areas=", ".join(area_names(self._book.desk, made)),
                )
                for made in self._book.tonight.played(each.id)
            )
            given = self._thanks(each.id)
            shown = given if len(given) > 1 else {}
            debrief = answers.read_answer(self._lane, Debrief, each.id)
            entries.append(
                Entry(
                    on=each.on,
                    turns=turns,
                    ended_early=any(run.saved.value.ended_early for run in runs),
                    thanks=tuple((people.at(who).name, t) for who, t in shown.items()),
                    note=debrief.value.note if debrief else "",
                )
            )
        return entries
