from datetime import date, datetime, timedelta

import pytest

from workbook.store import evenings

DAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    ("began", "until"),
    [
        (datetime(2026, 5, 3, 21, 0), datetime(2026, 5, 4, 12)),
        (datetime(2026, 5, 4, 0, 30), datetime(2026, 5, 4, 12)),
        (datetime(2026, 5, 3, 12, 0), datetime(2026, 5, 4, 12)),
        (datetime(2026, 5, 3, 11, 55), datetime(2026, 5, 4, 12)),
        (datetime(2026, 12, 31, 23, 0), datetime(2027, 1, 1, 12)),
    ],
)
def test_an_evening_runs_until_the_next_noon(kim, robin, began, until):
    name = evenings.begin_evening(kim, DAY, began)

    for when in (began, until - timedelta(seconds=1)):
        assert evenings.current_evening(robin, when).id == name
    for when in (began - evenings.MAX_CLOCK_STEP - timedelta(seconds=1), until):
        assert evenings.current_evening(robin, when) is None


def test_both_phones_begin_the_same_evening(kim, robin):
    now = datetime(2026, 5, 3, 21)

    name = evenings.begin_evening(kim, DAY, now)

    assert evenings.begin_evening(robin, DAY, now + timedelta(hours=2)) == name
    assert [each.id for each in evenings.list_evenings(robin)] == [name]
    assert evenings.begin_evening(robin, DAY, now + timedelta(days=1)) != name


def test_a_clock_turned_back_brings_no_evening_back(kim):
    first = evenings.begin_evening(kim, DAY, datetime(2026, 5, 3, 21))
    second = evenings.begin_evening(kim, DAY, datetime(2026, 5, 4, 21))

    assert evenings.current_evening(kim, datetime(2026, 5, 3, 22)) is None
    assert [each.id for each in evenings.list_evenings(kim)] == [first, second]


def test_an_evening_goes_on_though_the_clock_was_put_back_a_little(kim):
    now = datetime(2026, 5, 3, 21)
    name = evenings.begin_evening(kim, DAY, now)

    earlier = now - timedelta(minutes=12)

    assert evenings.current_evening(kim, earlier).id == name
    assert evenings.begin_evening(kim, DAY, earlier) == name
