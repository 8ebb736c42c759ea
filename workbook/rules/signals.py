"""Which stop signals count: those that are offered, and that both people have chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from workbook.domain.consent import SignalChoice, Signals
from workbook.domain.seats import Seat

_BLANK = SignalChoice()


def count_signals(saved: Signals, offered: Collection[str]) -> Signals:
    """Return a saved card as it counts today.

    A silent signal that is no longer offered counts as not chosen. The word stays, and the
    old pair stands in ``word`` and ``silent`` until somebody has chosen both anew.
    A card saved before each person chose for themselves counts as chosen by both if they
    have tried it. Otherwise it is a proposal by nobody, and each says once that it is fine.

    Args:
        saved: the card as it lies in the vault.
        offered: keys of the silent signals that can be chosen today.

    """
    old, chosen = SignalChoice(saved.word, saved.silent), dict(saved.chosen)
    if not chosen and saved.tried_on and old.is_complete:
        chosen = dict.fromkeys(Seat, old)
    for seat, choice in chosen.items():
        if choice.silent and choice.silent not in offered:
            chosen[seat], old = replace(choice, silent=""), choice
    if any(choice.is_complete for choice in chosen.values()):
        old = _BLANK
    return _with_choices(replace(saved, word=old.word, silent=old.silent), chosen)


def choose_signals(signals: Signals, seat: Seat, choice: SignalChoice) -> Signals:
    """Return the card after this person chose; a pair that is new to both has to be tried."""
    return _with_choices(signals, {**signals.chosen, seat: choice})


def find_suggestion(
    signals: Signals, seat: Seat, offered: Collection[str]
) -> tuple[Seat | None, SignalChoice] | None:
    """Return what is proposed to this person and by whom; None: nothing, or they agree already.

    Without a proposal by the partner it is the pair of an older card, proposed by nobody (None).
    """
    mine, theirs = signals.choice_of(seat), signals.choice_of(seat.other)
    if theirs.is_complete:
        return None if mine.is_same_as(theirs) else (seat.other, theirs)
    old = SignalChoice(signals.word, signals.silent)
    if old.is_complete and old.silent in offered and not mine.is_complete:
        return None, old
    return None


def find_withdrawn(signals: Signals, offered: Collection[str]) -> str:
    """Return the key of the silent signal that is no longer offered and has no successor yet."""
    return signals.silent if signals.silent not in offered else ""


def _with_choices(signals: Signals, chosen: dict[Seat, SignalChoice]) -> Signals:
    """Return the card with these choices, blank ones left out; tried counts if both agree."""
    kept = {seat: chosen[seat] for seat in Seat if chosen.get(seat, _BLANK) != _BLANK}
    found = replace(signals, chosen=kept)
    return found if found.agreed else replace(found, tried_on=None)
