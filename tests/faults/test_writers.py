"""Row 11 of the fault list: several pages write at once."""

from __future__ import annotations

from sqlalchemy import text

from tests.faults.conftest import WORDS, sizes
from tests.faults.writer import Page, count
from workbook.domain.seats import Seat
from workbook.store import vault

PAGES = 4


@sizes(1200, 12000)
def test_pages_that_write_at_once_lose_no_write_and_meet_no_error(vault_folder, toll, times):
    """11 four writers at once, transactions"""
    with vault.unlock(vault_folder, WORDS[Seat.A]) as lane:
        with lane.writing() as db:
            db.execute(text("INSERT INTO meta VALUES ('count', '0')"))

        pages = [
            Page(vault_folder, WORDS[[*Seat][number % 2]], count, times // PAGES)
            for number in range(PAGES)
        ]
        said = [page.rest() for page in pages]

        assert said == [[b"done"]] * PAGES
        with lane.reading() as db:
            seen = db.execute(text("SELECT value FROM meta WHERE name = 'count'")).scalar()
    toll.runs = times
    toll.lost = times - int(seen)

    assert toll.nothing
