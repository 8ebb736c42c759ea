"""Commands after a session: debrief, next-day answers, what was learned, and thank-yous."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from workbook.app.commands.answers import SavedAnswer, write_merged
from workbook.app.commands.shares import renew_share
from workbook.app.commands.tonight import ensure_evening
from workbook.app.snapshot import felt_levels, load_played
from workbook.domain.consent import ConsentAnswers
from workbook.domain.errors import NotFound
from workbook.domain.learning import Debrief, LearnedRow, NextDay, PastEvenings, Setting
from workbook.domain.products import OilAnswers
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
                _renew_lines(vault, evening, saved.value)
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
    said = [change for change in new if change not in old]
    rows = [*past.learned, *(LearnedRow(evening, change) for change in said)]
    until = {what: on for what, on in past.taken_back.items() if not _is_said_again(said, what, on)}
    renewed = replace(past, learned=learning.drop_outdone(rows, evening), taken_back=until)
    answers.write_answer(vault, renewed, expected_version=saved.version if saved else 0)


def _is_said_again(said: Iterable[Setting], what: str, until: date) -> bool:
    """Whether a change that was taken back is made once more by answers of the same date."""
    return any(change.what == what and change.on <= until for change in said)


def take_back_learned(vault: UnlockedVault, what: str, tables: Tables) -> datetime:
    """Take back all that past evenings changed about an area or a product.

    A product also loses this person's patch test: it counts again after a new one.
    Returns the local time of the save, after COMMIT.

    Args:
        vault: the unlocked vault of the owner.
        what: an area key or a product ID.
        tables: the content tables.

    Raises:
        NotFound: if nothing was learned about it.

    """
    with vault.writing():
        saved = answers.read_answer(vault, PastEvenings)
        rows = [
            r.setting.on for r in (saved.value.learned if saved else ()) if r.setting.what == what
        ]
        if saved is None or not rows:
            raise NotFound(name=what)
        renewed = replace(saved.value, taken_back={**saved.value.taken_back, what: max(rows)})
        written = answers.write_answer(vault, renewed, expected_version=saved.version)
        oils = answers.read_answer(vault, OilAnswers)
        if oils is not None and what in oils.value.tests:
            tests = {product: test for product, test in oils.value.tests.items() if product != what}
            untested = replace(oils.value, tests=tests)
            answers.write_answer(vault, untested, expected_version=oils.version)
        renew_share(vault, tables)
        return written.at


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
        taken_back = before.value.taken_back if before else {}
        past = PastEvenings(adult, learned, _find_liked(vault, debriefs, tables), taken_back)
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
        mine = Thanks(said.thanks, said.more_shown, said.note_shown)
        given = thanks.hand_in_thanks(vault, evening, mine, expected_version=version)
        _forget_agreement(vault, evening)
        return given.at


def _renew_lines(vault: UnlockedVault, evening: str, debrief: Debrief) -> None:
    """Bring the lines that go with a thank-you up to date, once that was handed in."""
    given = thanks.read_thanks(vault, evening).get(vault.seat)
    if given is None:
        return
    mine = replace(given.value, more=debrief.more_shown, note=debrief.note_shown)
    if mine != given.value:
        thanks.hand_in_thanks(vault, evening, mine, expected_version=given.version)


def _forget_agreement(vault: UnlockedVault, evening: str) -> None:
    """Delete the evening's agreement events once every turn and both thank-yous are done.

    Source: design ("A yes for tonight")
    """
    if len(thanks.read_thanks(vault, evening)) < len(Seat):
        return
    played = sessions.list_sessions(vault, evening)
    wanted = len(turns.possible_givers(shares.read_all(vault, evening)))
    if played and all(each.has_ended for each in played) and len(played) >= wanted:
        agreements.delete_events(vault, evening)
