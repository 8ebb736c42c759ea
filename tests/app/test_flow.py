"""One flow through the app: how many transactions, snapshots and views one tap takes."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from tests.app.evening import answer, press, ready, signals, tell
from tests.marks import long_after
from tests.transactions import Transactions
from workbook.app import controller as module
from workbook.domain.seats import Seat

ANSWERED = {
    "consent": {"adult": "adult", "free": "not_sure"},
    "limits": {"receiving": {"nape": "open"}},
    "coverage": {"coverage": "towel"},
    "role": {"role": "both"},
    "time": {"minutes": "10"},
    "body": {"unwell": ["fever"]},
    "positions": {"position": "side"},
    "pressure": {"overall": "LOTION"},
    "techniques": {"techniques": ["HOLD"]},
    "oils": {"skin": ["sensitive"]},
    "aftercare": {"aftercare": ["AC-03"]},
    "signals": {"silent": "many_taps"},
}
"""One tap in each form."""


@pytest.fixture
def counted(monkeypatch):
    """How often the app has loaded a snapshot and made a view."""
    calls = {"load": 0, "make_view": 0}
    for name in calls:
        real = getattr(module, name)

        def call(*given, name=name, real=real):
            calls[name] += 1
            return real(*given)

        monkeypatch.setattr(module, name, call)
    return calls


IN_TURN = [(name, place % 2 > 0) for place, name in enumerate(ANSWERED)]


@pytest.mark.parametrize(
    ("name", "handed_in"),
    long_after(6, [*IN_TURN, *((name, not handed_in) for name, handed_in in IN_TURN)]),
)
def test_one_answered_question_takes_three_transactions_at_most(couple, counted, name, handed_in):
    book = couple.open(Seat.B)
    if handed_in:
        answer(book, gives=False)
        ready(book)
    calls = dict(counted)

    with Transactions(book.controller.vault) as transactions:
        tell(book, name, **ANSWERED[name])

    assert transactions.writes >= 1
    assert transactions.all <= 3
    assert {name: counted[name] - calls[name] for name in calls} == {"load": 1, "make_view": 1}


def test_a_snapshot_takes_few_statements_and_prepares_none_of_them_anew(agreed):
    """SQLite prepares a statement with a LIMIT parameter anew each time it runs."""
    lane, statements = agreed.controller.vault, []
    event.listen(lane.reader, "before_cursor_execute", lambda *given: statements.append(given[2]))

    module.load(lane)

    assert len(statements) <= 24
    assert not [each for each in statements if re.search(r"LIMIT \?|OFFSET \?", each)]


def test_ready_and_the_opening_of_wishes_take_eight_at_most(couple):
    books = []
    for seat in Seat:
        book = couple.open(seat)
        answer(book, gives=seat is Seat.A)
        signals(book)
        books.append(book)
    counts = []

    for book in books:
        with Transactions(book.controller.vault) as transactions:
            press(book, "ready", "ready")
        counts.append(transactions.all)

    assert books[1].controller.view.proposal.matches == {"soft_music"}
    assert max(counts) <= 8


def test_a_page_that_looks_for_news_reads_once(couple):
    here, there = couple.open(Seat.B), couple.open(Seat.B)
    here.controller.catch_up()
    tell(there, "coverage", coverage="towel")

    with Transactions(here.controller.vault) as transactions:
        here.controller.catch_up()

    assert transactions.writes == 0
    assert transactions.reads <= 2  # the session, which is read before anything else; the rest
