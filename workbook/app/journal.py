"""Reads past evenings for the journal; nothing else of the app reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from workbook.app.snapshot import PlayedPlan, Snapshot, load_played
from workbook.domain.learning import Debrief
from workbook.domain.seats import Seat
from workbook.domain.session import SessionEnd
from workbook.rules import learning
from workbook.store import answers, evenings, thanks
from workbook.store.evenings import Evening
from workbook.store.records import Saved
from workbook.store.thanks import Thanks
from workbook.store.unlocked import UnlockedVault
from workbook.ui.form import FormContext
from workbook.ui.forms.journal import JournalEntry, JournalView
from workbook.ui.forms.plan_blocks import name_areas, name_intention
from workbook.ui.forms.thanks import ShownThanks

_PLAYED_OUT = (None, SessionEnd.FINISH)
"""Ends of a session that were no early ones."""


def read_journal(vault: UnlockedVault, context: FormContext) -> JournalView:
    """Return every evening with a massage, the latest first; one read transaction."""
    with vault.reading():
        debriefs = answers.read_all_answers(vault, Debrief)
        read = [
            (evening, played)
            for evening in reversed(evenings.list_evenings(vault))
            if (played := _load_massages(vault, context, evening))
        ]
        entries = tuple(
            _read_entry(vault, context, evening, played, debriefs.get(evening.id))
            for evening, played in read
        )
        said = {evening: saved.value for evening, saved in debriefs.items()}
        received = [
            (said[evening.id], _name_features(played, vault.seat))
            for evening, played in read
            if evening.id in said and any(each.plan.turn.receiver is vault.seat for each in played)
        ]
        return JournalView(
            entries,
            _shade_more(debrief for debrief, _ in received),
            [
                (_describe_feature(context, name), count)
                for name, count in learning.count_helpful(received, context.tables).items()
            ],
        )


def journal_key(snapshot: Snapshot) -> object:
    """Return a value that changes when the journal of an open page has to be read again."""
    played = [(each.session.id, each.session.has_ended) for each in snapshot.played]
    debrief = snapshot.debrief.version if snapshot.debrief else 0
    given = {seat: saved.version for seat, saved in snapshot.thanks.items()}
    past = snapshot.own.past
    return snapshot.evening, snapshot.people, played, debrief, given, snapshot.next_day, past


def _load_massages(
    vault: UnlockedVault, context: FormContext, evening: Evening
) -> tuple[PlayedPlan, ...]:
    """Return the sessions of an evening that are long enough to be a massage."""
    shortest = context.tables.settings["massage_minutes"].default
    return tuple(
        each
        for each in load_played(vault, evening.id)
        if not each.session.has_ended or each.session.saved.value.minutes >= shortest
    )


def _read_entry(
    vault: UnlockedVault,
    context: FormContext,
    evening: Evening,
    played: tuple[PlayedPlan, ...],
    debrief: Saved[Debrief] | None,
) -> JournalEntry:
    """Return what the journal tells of one evening."""
    say, people = context.words, context.people
    turns = tuple(
        say(
            "forms.journal_turn",
            giver=people.at(each.plan.turn.giver).name,
            receiver=people.at(each.plan.turn.receiver).name,
            minutes=each.session.saved.value.minutes,
            areas=name_areas(context, each.reached),
        )
        for each in played
    )
    given = shown_thanks(thanks.read_thanks(vault, evening.id))
    settled = played[-1].plan.turn.intention
    return JournalEntry(
        on=evening.on,
        givers=tuple(each.plan.turn.giver for each in played),
        turns=turns,
        intention=say.language.lower_name(name_intention(say, settled)),
        ended_early=any(each.session.saved.value.ended not in _PLAYED_OUT for each in played),
        thanks=given if len(given) == len(Seat) else {},
        note=debrief.value.note if debrief else "",
    )


def _shade_more(debriefs: Iterable[Debrief]) -> Mapping[str, str]:
    """Return by area how often more of it was wanted: a key of ``MORE_LOOKS``."""
    said = [debrief.more for debrief in debriefs if debrief.more]
    shares = Counter(area for more in said for area in more)
    return {
        area: "mostly" if 3 * n >= 2 * len(said) else "often" if 3 * n >= len(said) else "sometimes"
        for area, n in shares.items()
    }


def _name_features(played: Iterable[PlayedPlan], receiver: Seat) -> set[str]:
    """Return what was there when somebody received: how they rested, and what it was for."""
    plans = [each.plan for each in played if each.plan.turn.receiver is receiver]
    rested = {f"positions.{plan.position}" for plan in plans}
    return rested | {f"intention.{plan.turn.intention}" for plan in plans if plan.turn.intention}


def _describe_feature(context: FormContext, name: str) -> str:
    """Return in words what was there."""
    kind, _, key = name.partition(".")
    return name_intention(context.words, key) if kind == "intention" else context.words(name)


def shown_thanks(given: Mapping[Seat, Saved[Thanks]]) -> dict[Seat, ShownThanks]:
    """Return thank-yous as the forms show them."""
    return {
        who: ShownThanks(saved.value.text, tuple(sorted(saved.value.more)), saved.value.note)
        for who, saved in given.items()
    }
