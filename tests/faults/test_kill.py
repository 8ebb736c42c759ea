"""Row 1 of the fault list: a page is killed while it saves."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from workbook.domain.evening import IntentionAnswers
from workbook.store import answers, vault
from workbook.store.connection import FILE, checkpoint, connect

WRITER = Path(__file__).with_name("writer.py")
KILLS = 25


def test_a_page_killed_while_it_saves_loses_nothing_it_acknowledged(vault_folder, words):
    chance = random.Random(20260503)
    saved = 0

    for _ in range(KILLS):
        page = subprocess.Popen(
            [sys.executable, WRITER, vault_folder, words, "save"], stdout=subprocess.PIPE
        )
        assert page.stdout is not None
        assert page.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.0, 0.12))
        page.send_signal(signal.SIGKILL)
        said = page.stdout.read().split()
        page.wait()
        page.stdout.close()

        with vault.unlock(vault_folder, words) as lane:
            kept = answers.read(lane, IntentionAnswers)
            version = kept.version if kept else 0
            least = int(said[-1]) if said else saved
            assert least <= version <= least + 1  # the last may be saved and not yet said
            if kept:
                number, _, rest = kept.value.expects.partition(" ")
                assert rest == "x" * (int(number) * 397 % 9000)
            con = connect(vault_folder / FILE, lane.keys.database)
            checkpoint(con)
            assert con.execute("PRAGMA cipher_integrity_check").fetchall() == []
            assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            con.close()
        saved = version

    assert saved > KILLS  # otherwise nothing was ever under way
