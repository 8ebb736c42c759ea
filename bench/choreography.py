"""How long a plan does what: ``python -m bench.choreography``.

Seconds of each touch by minutes, position and clothing, for two people who like everything
and opened everything, or everything but the back. Feathering is for the end; kneading and
circles have at least 15 % from ten minutes on (design, "Choreography").
"""

from __future__ import annotations

from tests.strategies import NOW, TABLES, open_answers
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.evening import Answers, EveningQuestion
from workbook.domain.plan import Plan, Turn
from workbook.domain.seats import Seat
from workbook.domain.techniques import Coverage, Position
from workbook.rules.evening import evaluate_evening

TOUCHES = ("HOLD", "EFF", "PET", "FRI", "COM", "VIB", "FEA")
MINUTES = (5, 10, 15, 20, 25, 30)
CLOTHING = {
    "oil": (Coverage.TOWEL, "O-01"),
    "dry": (Coverage.TOWEL, "O-18"),
    "clothed": (Coverage.CLOTHED, "O-01"),
}
OFF_THE_BACK = ("scalp", "hands", "forearm", "upper_arm", "feet", "calves")


def make_plan(minutes: int, position: Position, clothing: str, *, on_back: bool) -> Plan:
    """Return the plan of somebody who likes everything."""
    coverage, product = CLOTHING[clothing]
    mine: Answers = open_answers(coverage=coverage)
    if not on_back:
        places = (part for key in OFF_THE_BACK for part in TABLES.areas[key].parts)
        marks = dict.fromkeys(places, AreaMark.OPEN)
        mine = open_answers(coverage=coverage, limits=AreaAnswers(marks, mine.limits.giving))
    turn = Turn(Seat.A, minutes, position=position, product=product)
    question = EveningQuestion(NOW, {Seat.A: open_answers(), Seat.B: mine}, (turn,))
    return evaluate_evening(question, TABLES).turns[0].plan


def main() -> None:
    head = "".join(f"{code:>6}" for code in TOUCHES)
    print(f"{'':32}{head}{'steps':>7}{'longest':>9}")
    for on_back in (True, False):
        for position in reversed(Position):
            if on_back and position.value == "back":
                continue
            for clothing in CLOTHING:
                for minutes in MINUTES:
                    plan = make_plan(minutes, position, clothing, on_back=on_back)
                    taken = [
                        sum(step.seconds for step in plan.steps if step.technique == code)
                        for code in TOUCHES
                    ]
                    where = "back" if on_back else "elsewhere"
                    name = f"{where}, {position.value}, {clothing}, {minutes} min"
                    longest = max((step.seconds for step in plan.steps), default=0)
                    row = "".join(f"{seconds or '.':>6}" for seconds in taken)
                    print(f"{name:32}{row}{len(plan.steps):>7}{longest:>9}")


if __name__ == "__main__":
    main()
