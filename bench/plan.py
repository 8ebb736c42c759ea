"""How long the rules take for two people and thirty areas: ``make bench``.

The chain is timed from answers to the plan, for one turn, in one process. Budget
(design, "Budgets"): 5 ms, as a median. A second row runs 2,000 random evenings, so
that no lucky couple decides.
"""

from __future__ import annotations

import sys
from random import Random
from statistics import median, quantiles
from time import perf_counter

from tests.evenings import evening
from tests.strategies import NOW, TABLES, open_answers
from workbook.domain.evening import EveningQuestion
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.rules.evening import evaluate_evening

BUDGET = 5.0
"""Milliseconds."""


def time_plans(questions: list[EveningQuestion]) -> list[float]:
    """Return the milliseconds that each question took."""
    took = []
    for question in questions:
        begun = perf_counter()
        evaluate_evening(question, TABLES)
        took.append((perf_counter() - begun) * 1000)
    return took


def main() -> None:
    yes = open_answers()
    everything = EveningQuestion(NOW, dict.fromkeys(Seat, yes), (Turn(Seat.A, 30),))
    chance = Random(1)
    random = [evening(chance) for _ in range(2000)]
    time_plans([everything] * 50)  # warm
    slow = False
    print(f"{'':34}{'median':>10}{'p95':>10}{'of budget':>12}")
    for name, took in (
        ("everything open, 30 areas, 30 min", time_plans([everything] * 500)),
        ("2,000 random evenings", time_plans(random)),
    ):
        middle, high = median(took), quantiles(took, n=20)[-1]
        slow |= middle > BUDGET
        print(f"{name:34}{middle:>7.2f} ms{high:>7.2f} ms{middle / BUDGET:>11.0%}")
    if slow:
        sys.exit(f"Slower than {BUDGET:.0f} ms.")


if __name__ == "__main__":
    main()
