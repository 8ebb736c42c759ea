"""Commands after a session: debrief, next-day answers, what was learned, and thank-yous."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from workbook.app.commands.answers import SavedAnswer, write_merged
from workbook.app.commands.shares import renew_share
from workbook.app.commands.tonight import ensure_evening
from workbook.app.snapshot import felt_levels, load_played
from workbook.domain.consent import ConsentAnswers
from workbook.domain.learning import Debrief, LearnedRow, NextDay, PastEvenings
from workbook.domain.seats import Seat
from workbook.domain.tables import Tables
from workbook.rules import learning, turns
from workbook.store import agreements, answers, evenings, sessions, shares, thanks
from workbook.store.records import Saved
from workbook.store.thanks import Thanks
from workbook.store.unlocked import UnlockedVault

Feedback = TypeVar("Feedback", Debrief, NextDay)


def save_feedback(
    vault: UnlockedVault, evening: str, value: Feedback, base: Feedback, tables: Tables
) -> SavedAnswer[Feedback]:
    """Save a debrief or the next-day answers about an evening, and what is learned from them.

    Args:
        vault: the unlocked vault of the person at the screen.
        evening: id of the evening that the answers are about.
        value: the answers.
        base: what the page showed when they were given.
        tables: the content tables.

    """
    with vault.writing():
        before = answers.read_answer(vault, type(value), evening)
        saved = write_merged(vault, value, base, before, evening)
        if saved.at is not None:
            old = before.value if before else None
            _renew_learned(vault, evening, old, saved.value, tables)
            if isinstance(saved.value, Debrief):
                _renew_liked(vault, evening, saved.value, tables)
            renew_share(vault, tables)
    return saved


def _renew_learned(
    vault: UnlockedVault,
    evening: str,
    before: Debrief | NextDay | None,
    after: Debrief | NextDay,
    tables: Tables,
) -> None:
    """Update what an evening changed; read every evening again if an answer was withdrawn."""
    old = learning.list_changes(before, tables) if before else ()
    new = learning.list_changes(after, tables)
    if old == new:
        return
    if not set(old) <= set(new):
        rebuild_past(vault, tables)
        return
    saved = answers.read_answer(vault, PastEvenings)
    past = saved.value if saved else PastEvenings()
    rows = [*past.learned, *(LearnedRow(evening, c) for c in new if c not in old)]
    renewed = replace(past, learned=learning.drop_outdone(rows, evening))
    answers.write_answer(vault, renewed, expected_version=saved.version if saved else 0)


LIKED_COUNT = 4
"""Liked evenings that are remembered; a later debrief may take one of them back."""


def _has_liked(vault: UnlockedVault, evening: str, debrief: Debrief, tables: Tables) -> bool:
    """Whether this person received on that evening, and liked it."""
    if not learning.is_liked(debrief, tables):
        return False
    return bool(felt_levels(load_played(vault, evening), vault.seat))


def _renew_liked(vault: UnlockedVault, evening: str, debrief: Debrief, tables: Tables) -> None:
    """Remember whether the evening was liked, by the debrief as it is now."""
    saved = answers.read_answer(vault, PastEvenings)
    past = saved.value if saved else PastEvenings()
    liked = [each for each in past.liked if each != evening]
    if _has_liked(vault, evening, debrief, tables):
        liked.append(evening)
    renewed = replace(past, liked=tuple(liked[-LIKED_COUNT:]))
    if renewed != past:
        answers.write_answer(vault, renewed, expected_version=saved.version if saved else 0)


def _find_liked(
    vault: UnlockedVault, debriefs: Mapping[str, Saved[Debrief]], tables: Tables
) -> tuple[str, ...]:
    """The latest evenings that were liked, oldest first."""
    latest_first = sorted(debriefs, key=lambda each: debriefs[each].value.on, reverse=True)
    liked = (each for each in latest_first if _has_liked(vault, each, debriefs[each].value, tables))
    return tuple(islice(liked, LIKED_COUNT))[::-1]


def rebuild_past(vault: UnlockedVault, tables: Tables) -> None:
    """Read every past evening of this person and save what was learned from them."""
    with vault.writing():
        debriefs = answers.read_all_answers(vault, Debrief)
        rows = [
            LearnedRow(evening, change)
            for feedback in (debriefs, answers.read_all_answers(vault, NextDay))
            for evening, saved in feedback.items()
            for change in learning.list_changes(saved.value, tables)
        ]
        adult = None
        for said in answers.read_all_answers(vault, ConsentAnswers).values():
            adult = said.value.adult
        latest = evenings.list_evening_ids(vault)[-1:]
        learned = learning.drop_outdone(rows, latest[0] if latest else "")
        before = answers.read_answer(vault, PastEvenings)
        version = before.version if before else 0
        past = PastEvenings(adult, learned, _find_liked(vault, debriefs, tables))
        answers.write_answer(vault, past, expected_version=version)


def ensure_past(vault: UnlockedVault, tables: Tables) -> None:
    """Learn from past evenings once, in vaults of an older version that saved nothing learned."""
    with vault.reading():
        known = answers.read_answer(vault, PastEvenings) is not None
        needed = not known and bool(evenings.list_evening_ids(vault))
    if needed:
        rebuild_past(vault, tables)


def give_thanks(vault: UnlockedVault, on: date) -> datetime:
    """Hand in this person's thank-you from their debrief; return the local time of the save."""
    with vault.writing():
        evening = ensure_evening(vault)
        saved = answers.read_answer(vault, Debrief, evening)
        said = saved.value if saved else Debrief(on=on)
        before = thanks.read_thanks(vault, evening).get(vault.seat)
        version = before.version if before else 0
        mine = Thanks(said.thanks, said.more)
        given = thanks.hand_in_thanks(vault, evening, mine, expected_version=version)
        _forget_agreement(vault, evening)
        return given.at


def _forget_agreement(vault: UnlockedVault, evening: str) -> None:
    """Delete the evening's agreement events once every turn and both thank-yous are done.

    Source: design, decision 10
    """
    if len(thanks.read_thanks(vault, evening)) < len(Seat):
        return
    played = sessions.list_sessions(vault, evening)
    wanted = len(turns.possible_givers(shares.read_all(vault, evening)))
    if played and all(each.has_ended for each in played) and len(played) >= wanted:
        agreements.delete_events(vault, evening)
