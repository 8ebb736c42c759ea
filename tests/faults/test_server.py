"""Row 2 of the fault list: the server is killed while a page of it saves."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import psutil
import pytest

from tests.faults.conftest import WORDS, sizes
from tests.faults.test_kill import after
from tests.serve import running
from workbook.domain.seats import Seat

ROOT = Path(__file__).parents[2]

_SAVING = """
import os, sys, threading
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.faults.writer import save
from workbook.store import vault
lane = vault.unlock(Path({folder!r}), {secret!r})
said = os.open({said!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
threading.Thread(target=save, args=(lane, lambda what: os.write(said, what)), daemon=True).start()
"""

_CHANGED = """
composed = launcher.compose_notebook

def with_a_page_that_saves(chapters):
    notebook = composed(chapters)
    notebook.cells.append(new_code_cell({saving!r}, metadata={{"workbook": {{"kind": "hidden"}}}}))
    return notebook

launcher.compose_notebook = with_a_page_that_saves
"""
"""The page of the real server, in its real kernel, saves as fast as it can by itself."""


def _gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=30)
    return not alive


@sizes(3, 300)
@pytest.mark.timeout(3600)
def test_a_server_killed_while_a_page_saves_loses_nothing(vault_folder, tmp_path, toll, times):
    """2 kill -9 of the server while a page of it saves"""
    chance = Random(20260504)
    acknowledged = tmp_path / "said"
    saving = _SAVING.format(
        root=str(ROOT), folder=str(vault_folder), secret=WORDS[Seat.A], said=str(acknowledged)
    )
    saved = 0

    for _ in range(times):
        acknowledged.write_bytes(b"")
        with running.running(vault_folder, _CHANGED.format(saving=saving)) as server:
            server.open_page()
            while not acknowledged.stat().st_size:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.0, 0.3))
            children = server.process.children(recursive=True)
            server.process.kill()
            server.process.wait(20)
            assert _gone(children)  # its kernels end with it, by themselves
        said = acknowledged.read_bytes().split()
        saved = after(vault_folder, int(said[-1]), toll)
        toll.runs += 1

    assert toll.nothing
    assert saved >= times
