"""What was said to an agreement: in order, for nobody else, and gone once its evening is over."""

import time
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from workbook.domain.consent import AgreementEvent, AgreementKind, Signals, Standing
from workbook.domain.errors import ChangedElsewhere, InvalidAnswer
from workbook.domain.seats import Seat
from workbook.domain.shares import NOT_TONIGHT
from workbook.rules.consent import affirmed_seats, standing
from workbook.store import agreements, cards, evenings, shares, vault
from workbook.store.clock import clock_behind

DAY = date(2026, 5, 3)


def _event(kind, seat=None, on=DAY):
    return AgreementEvent(kind, seat, "hash", on)


def _both(kim, robin, evening):
    """Kim and Robin say yes, Robin beside Kim's page; then the massage is stopped."""
    agreements.append_event(kim, evening, _event(AgreementKind.AFFIRMED, Seat.A))
    agreements.append_event(kim, evening, _event(AgreementKind.AFFIRMED, Seat.B), spoken=True)
    agreements.append_event(robin, evening, _event(AgreementKind.STOPPED))


def test_events_keep_their_order_and_speak_for_nobody_else(kim, robin, tonight):
    log = [
        (kim, _event(AgreementKind.AFFIRMED, Seat.A)),
        (robin, _event(AgreementKind.AFFIRMED, Seat.B)),
        (kim, _event(AgreementKind.WITHDRAWN, Seat.A)),
        (robin, _event(AgreementKind.STOPPED)),
    ]
    for lane, event in log:
        before = agreements.last_seq(kim)
        agreements.append_event(lane, tonight, event)
        assert agreements.last_seq(robin) == before + 1

    assert agreements.list_events(robin, tonight) == tuple(event for _, event in log)
    for event in (
        _event(AgreementKind.AFFIRMED, Seat.B),
        _event(AgreementKind.WITHDRAWN, Seat.B),
        _event(AgreementKind.AFFIRMED),
        _event(AgreementKind.STOPPED, Seat.A),
        _event(AgreementKind.FINISHED, Seat.B),
    ):
        with pytest.raises(InvalidAnswer):
            agreements.append_event(kim, tonight, event)
    with pytest.raises(InvalidAnswer):
        agreements.append_event(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A), spoken=True)
    assert len(agreements.list_events(kim, tonight)) == 4


def test_handing_in_and_taking_back_are_no_events(kim, tonight):
    shares.hand_in(kim, tonight, NOT_TONIGHT, 0)
    with pytest.raises(ChangedElsewhere):
        shares.hand_in(kim, tonight, NOT_TONIGHT, 0)
    shares.take_back(kim, tonight)

    assert agreements.list_events(kim, tonight) == ()
    assert agreements.last_seq(kim) == 0


def test_a_withdrawal_whose_speaker_is_erased_brings_no_yes_back(kim, robin, tonight):
    agreements.append_event(robin, tonight, _event(AgreementKind.AFFIRMED, Seat.B))
    agreements.append_event(kim, tonight, _event(AgreementKind.WITHDRAWN, Seat.A))
    agreements.append_event(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))

    with kim.writing() as db:
        agreements.erase_person(db, Seat.A)
    agreements.append_event(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))

    events = agreements.list_events(robin, tonight)
    assert affirmed_seats(events, "hash", kim.now()) == {Seat.A}


def test_the_events_of_an_evening_that_is_done_are_deleted_and_the_next_number_is_new(
    kim, robin, tonight
):
    _both(kim, robin, tonight)

    agreements.delete_events(robin, tonight)

    assert agreements.list_events(kim, tonight) == ()
    assert (kim.folder / "vault.db-wal").stat().st_size == 0
    agreements.append_event(kim, tonight, _event(AgreementKind.FINISHED))
    assert agreements.last_seq(kim) == 4  # a deletion is seen, and no number comes again


@pytest.mark.parametrize(
    ("hours", "there"),
    [(0, True), (14, True), (14.5, False), (24 * 30, False), (-1, True), (-24 * 365, True)],
)
def test_events_go_on_the_first_unlocking_after_their_evening(home, kim, tonight, hours, there):
    """A clock that was put back makes no evening over."""
    agreements.append_event(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))
    later = home.night + timedelta(hours=hours)

    with vault.unlock(home.folder, home.words[Seat.A], clock=lambda: later) as lane:
        assert bool(agreements.list_events(lane, tonight)) is there
        assert (agreements.last_seq(lane) > 0) is there


def test_an_unlocking_that_deletes_nothing_writes_nothing(home, kim, robin, tonight):
    _both(kim, robin, tonight)
    kim.close()
    robin.close()
    before = home.hashes()

    home.unlock().close()

    assert home.hashes() == before


def test_events_of_an_earlier_evening_go_when_another_one_runs(home, kim, robin, tonight):
    _both(kim, robin, tonight)
    later = home.night + timedelta(days=1)
    other = evenings.begin_evening(kim, later.date(), later)
    agreements.append_event(kim, other, _event(AgreementKind.AFFIRMED, Seat.A))

    agreements.delete_finished(kim, later)

    assert agreements.list_events(kim, tonight) == ()
    assert len(agreements.list_events(kim, other)) == 1


def test_the_shared_part_goes_whole_and_numbers_begin_anew(kim, robin, tonight):
    _both(kim, robin, tonight)

    with kim.writing() as db:
        agreements.erase_all(db)
    with kim.reading() as db:
        kept = db.execute(text("SELECT name FROM sqlite_sequence")).scalars()
        assert "agreements" not in list(kept)  # nor how many there were
    agreements.append_event(robin, tonight, _event(AgreementKind.AFFIRMED, Seat.B))

    assert agreements.last_seq(kim) == 1


# Clocks and devices ------------------------------------------------------------------------

CASES = [(0, False), (24 * 365, False), (-0.08, False), (-0.09, True),
         (-24 * 365, True), (-24 * 365 * 56, True)]  # fmt: skip
ROWS = {
    "event": lambda lane, on: agreements.append_event(
        lane, on, _event(AgreementKind.AFFIRMED, Seat.A)
    ),
    "card": lambda lane, _on: cards.write_card(lane, Signals("lantern", "two_taps", None)),
    "share": lambda lane, on: shares.hand_in(lane, on, NOT_TONIGHT, 0),
    "evening": lambda _lane, _on: None,
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("case", CASES)
def test_a_clock_that_was_put_back_is_said(home, kim, tonight, row, case):
    hours, behind = case
    assert not clock_behind(kim)
    ROWS[row](kim, tonight)
    later = home.night + timedelta(hours=hours)

    with vault.unlock(home.folder, home.words[Seat.A], clock=lambda: later) as lane:
        assert clock_behind(lane) is behind
    assert not clock_behind(kim)


def test_the_end_of_summer_is_no_clock_put_back(home, kim, tonight, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        words = home.words[Seat.A]
        summer = datetime(2026, 10, 25, 2, 50)
        with vault.unlock(home.folder, words, clock=lambda: summer) as lane:
            cards.write_card(lane, Signals("lantern", "two_taps", None))
        for again, behind in (
            (summer.replace(minute=5, fold=1), False),
            (summer.replace(hour=1), True),
        ):
            with vault.unlock(home.folder, words, clock=lambda now=again: now) as lane:
                assert clock_behind(lane) is behind
    finally:
        monkeypatch.undo()
        time.tzset()


def test_putting_the_clock_back_brings_no_agreement_again(home, kim, robin, tonight):
    """Both said yes; the next day one more line; then the clock is put back."""
    night = home.night
    agreements.append_event(kim, tonight, _event(AgreementKind.AFFIRMED, Seat.A))
    agreements.append_event(robin, tonight, _event(AgreementKind.AFFIRMED, Seat.B))
    assert standing(agreements.list_events(kim, tonight), "hash", night) is Standing.STANDS
    next_day = DAY + timedelta(days=1)
    agreements.append_event(kim, tonight, _event(AgreementKind.FINISHED, on=next_day))

    assert standing(agreements.list_events(kim, tonight), "hash", night) is Standing.ENDED
    begun = evenings.begin_evening(kim, next_day, night + timedelta(days=1))
    assert begun != tonight
    assert evenings.current_evening(kim, night) is None


def test_two_devices_write_one_sequence(kim, robin, tonight):
    start = Barrier(2)

    def say(lane):
        start.wait()
        for _ in range(20):
            agreements.append_event(lane, tonight, _event(AgreementKind.AFFIRMED, lane.seat))

    threads = [Thread(target=say, args=(lane,)) for lane in (kim, robin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert agreements.last_seq(kim) == 40
    assert len(agreements.list_events(robin, tonight)) == 40
