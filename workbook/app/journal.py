"""Reads past evenings for the journal; nothing else of the app reads them."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.app.snapshot import Snapshot, load_played
from workbook.domain.learning import Debrief
from workbook.domain.seats import Seat
from workbook.domain.session import SessionEnd
from workbook.store import answers, evenings, thanks
from workbook.store.evenings import Evening
from workbook.store.records import Saved
from workbook.store.thanks import Thanks
from workbook.store.unlocked import UnlockedVault
from workbook.ui.form import FormContext
from workbook.ui.forms.journal import JournalEntry
from workbook.ui.forms.plan_blocks import list_area_names, lower_first, name_intention
from workbook.ui.forms.thanks import ShownThanks

_PLAYED_OUT = (None, SessionEnd.FINISH)
"""Ends of a session that were no early ones."""


def read_journal(vault: UnlockedVault, context: FormContext) -> tuple[JournalEntry, ...]:
    """Return every evening with a massage, the latest first; one read transaction."""
    with vault.reading():
        debriefs = answers.read_all_answers(vault, Debrief)
        read = (
            _read_entry(vault, context, evening, debriefs.get(evening.id))
            for evening in reversed(evenings.list_evenings(vault))
        )
        return tuple(entry for entry in read if entry is not None)


def journal_key(snapshot: Snapshot) -> object:
    """Return a value that changes when the journal of an open page has to be read again."""
    played = [(each.session.id, each.session.has_ended) for each in snapshot.played]
    debrief = snapshot.debrief.version if snapshot.debrief else 0
    given = {seat: saved.version for seat, saved in snapshot.thanks.items()}
    return snapshot.evening, snapshot.people, played, debrief, given, snapshot.next_day


def _read_entry(
    vault: UnlockedVault, context: FormContext, evening: Evening, debrief: Saved[Debrief] | None
) -> JournalEntry | None:
    """Return what the journal tells of one evening; None if nothing was played."""
    shortest = context.tables.settings["massage_minutes"].default
    played = [
        each
        for each in load_played(vault, evening.id)
        if not each.session.has_ended or each.session.saved.value.minutes >= shortest
    ]
    if not played:
        return None
    say, people = context.words, context.people
    turns = tuple(
        say(
            "forms.journal_turn",
            giver=people.at(each.plan.turn.giver).name,
            receiver=people.at(each.plan.turn.receiver).name,
            minutes=each.session.saved.value.minutes,
            areas=", ".join(list_area_names(context, each.reached)),
        )
        for each in played
    )
    given = shown_thanks(thanks.read_thanks(vault, evening.id))
    shown = given if len(given) == len(Seat) else {}
    settled = played[-1].plan.turn.intention
    return JournalEntry(
        on=evening.on,
        turns=turns,
        intention=lower_first(name_intention(say, settled)),
        ended_early=any(each.session.saved.value.ended not in _PLAYED_OUT for each in played),
        thanks=tuple((people.at(who).name, each) for who, each in shown.items()),
        note=debrief.value.note if debrief else "",
    )


def shown_thanks(given: Mapping[Seat, Saved[Thanks]]) -> dict[Seat, ShownThanks]:
    """Return thank-yous as the forms show them."""
    return {
        who: ShownThanks(saved.value.text, tuple(sorted(saved.value.more)), saved.value.note)
        for who, saved in given.items()
    }
