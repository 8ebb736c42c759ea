"""Row 16 of the fault list: the clock jumps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.faults.conftest import WORDS
from workbook.domain.consent import AgreementEvent, AgreementKind, Standing
from workbook.domain.evening import IntentionAnswers, find_evening_day
from workbook.domain.seats import Seat
from workbook.rules.consent import standing
from workbook.store import agreements, answers, evenings, vault

NIGHT = datetime(2026, 3, 28, 21, 0)
"""The evening before the clocks go forward in Europe."""

PLAN = "a" * 64
JUMPS = {
    "a year on": NIGHT.replace(year=2027),
    "a year back": NIGHT.replace(year=2025),
    "summer begins": datetime(2026, 3, 29, 3, 0),
    "an hour twice": NIGHT - timedelta(hours=1),
    "nine zones west": NIGHT - timedelta(hours=9),
    "nine zones east": NIGHT + timedelta(hours=9),
    "no battery": datetime(1970, 1, 1, 0, 0),
    "over the end of the day": datetime(2026, 3, 29, 4, 30),
}


class Clock:
    def __init__(self) -> None:
        self.now = NIGHT

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_jumps_changes_no_order_and_reopens_no_consent(vault_folder, toll, jump):
    """16 clock jumps, there and back"""
    clock = Clock()
    lanes = {s: vault.unlock(vault_folder, WORDS[s], clock=clock) for s in Seat}
    kim, robin = lanes.values()
    evening = evenings.begin_evening(kim, NIGHT.date(), NIGHT)

    def say(kind: AgreementKind, seat: Seat) -> None:
        told = AgreementEvent(kind, seat, PLAN, find_evening_day(clock.now))
        agreements.append_event(lanes[seat], evening, told)

    def stands() -> bool:
        log = agreements.list_events(kim, evening)
        assert log == agreements.list_events(robin, evening)
        return standing(log, PLAN, clock.now) is Standing.STANDS

    say(AgreementKind.AFFIRMED, Seat.A)
    say(AgreementKind.AFFIRMED, Seat.B)
    assert stands()
    answers.write_answer(kim, IntentionAnswers(expects="before"))
    clock.now = JUMPS[jump]
    if find_evening_day(clock.now) != find_evening_day(NIGHT):
        toll.unseen += stands()  # it was for another night
    say(AgreementKind.WITHDRAWN, Seat.B)
    toll.unseen += stands()
    answers.write_answer(kim, IntentionAnswers(expects="during"), expected_version=1)
    other = evenings.begin_evening(robin, clock.now.date(), clock.now)
    clock.now = NIGHT
    toll.unseen += stands()  # what was taken back stays so
    say(AgreementKind.AFFIRMED, Seat.A)
    toll.unseen += stands()  # one yes is not two
    answers.write_answer(kim, IntentionAnswers(expects="after"), expected_version=2)
    toll.runs += 1

    kinds = [event.kind for event in agreements.list_events(kim, evening)]
    assert kinds == [
        AgreementKind.AFFIRMED,
        AgreementKind.AFFIRMED,
        AgreementKind.WITHDRAWN,
        AgreementKind.AFFIRMED,
    ]
    begun = [each.id for each in evenings.list_evenings(robin)]
    assert begun == ([evening] if other == evening else [evening, other])
    toll.lost += answers.read_answer(kim, IntentionAnswers).value.expects != "after"
    for lane in lanes.values():
        lane.close()

    assert toll.nothing
