"""Rows 1 and 2 of the fault list: whoever saves is killed."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from tests.faults.conftest import WORDS, Toll, sizes
from tests.faults.writer import Page, save, written
from workbook.domain.evening import IntentionAnswers
from workbook.domain.seats import Seat
from workbook.store import answers, vault
from workbook.store.connection import DATABASE_FILE, checkpoint, connect


def after(folder: Path, said: int, toll: Toll) -> int:
    """Look at what is left when version ``said`` was acknowledged; return the version kept."""
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        kept = answers.read_answer(lane, IntentionAnswers)
        version = kept.version if kept else 0
        toll.lost += max(0, said - version)
        toll.torn += bool(kept and kept.value.expects != written(version))
        con = connect(folder / DATABASE_FILE, lane.keys.database)
        checkpoint(con)
        toll.torn += con.execute("PRAGMA cipher_integrity_check").fetchall() != []
        toll.torn += con.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
        con.close()
    return version


@sizes(40, 2000)
def test_a_page_killed_while_it_saves_loses_nothing_it_acknowledged(vault_folder, toll, times):
    """1 kill -9 of the process that saves"""
    chance = Random(20260503)
    saved = 0
    for _ in range(times):
        page = Page(vault_folder, WORDS[Seat.A], save)
        page.under_way()
        time.sleep(chance.uniform(0.0, 0.05))
        page.kill()
        said = page.rest()
        saved = after(vault_folder, int(said[-1]), toll)
        toll.runs += 1

    assert toll.nothing
    assert saved >= times
