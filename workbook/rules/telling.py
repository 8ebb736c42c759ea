"""What a partner may guess a cause from, shown to its owner before *Ready*."""

from __future__ import annotations

from workbook.domain.evening import Answers, Willing
from workbook.domain.health import Screening
from workbook.domain.shares import SHOWN_TO_EVERYBODY
from workbook.domain.tables import Tables
from workbook.rules.narrowing import list_possible_positions


def list_telling(answers: Answers, screening: Screening, tables: Tables) -> tuple[str, ...]:
    """Return the adaptations from which a partner may guess, in the order of the tables.

    Those of ``OWN_LINES`` can be kept; the others are acted on by the partner.

    Args:
        answers: everything this person answered.
        screening: what health makes of it.
        tables: the adaptations, in their order.

    """
    roles = answers.time.willing
    asked = frozenset[str]().union(
        screening.receiving.adaptations if Willing.RECEIVE in roles else (),
        screening.giving.adaptations if Willing.GIVE in roles else (),
    )
    return tuple(key for key in tables.adaptations if key in asked - SHOWN_TO_EVERYBODY)


def has_lost_position(answers: Answers, screening: Screening) -> bool:
    """Return whether health takes out a position that this person left open.

    The partner sees it in the plan, and may guess from it.

    Args:
        answers: everything this person answered.
        screening: what health makes of it.

    """
    effects = {Willing.RECEIVE: screening.receiving, Willing.GIVE: screening.giving}
    said = answers.techniques
    possible = list_possible_positions(said)
    left_open = {Willing.RECEIVE: possible - said.positions_out, Willing.GIVE: possible}
    return any(effects[each].positions_out & left_open[each] for each in answers.time.willing)
