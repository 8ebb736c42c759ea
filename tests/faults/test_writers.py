"""Row 11 of the fault list: several pages write at once."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from workbook.store import vault

WRITER = Path(__file__).with_name("writer.py")
PAGES = 3
TIMES = 60


def test_pages_that_write_at_once_lose_no_write_and_meet_no_error(vault_folder, words):
    with vault.unlock(vault_folder, words) as lane:
        with lane.writer.begin() as db:
            db.execute(text("INSERT INTO meta VALUES ('count', '0')"))

        pages = [
            subprocess.Popen(
                [sys.executable, WRITER, vault_folder, words, "count", str(TIMES)],
                stdout=subprocess.PIPE,
            )
            for _ in range(PAGES)
        ]
        said = [page.communicate()[0] for page in pages]

        assert said == [b"ready\ndone\n"] * PAGES
        with lane.reader.begin() as db:
            seen = db.execute(text("SELECT value FROM meta WHERE name = 'count'")).scalar()
    assert seen == str(PAGES * TIMES)
