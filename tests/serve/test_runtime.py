"""The private folder of one run: whose it is, who may sweep it, and what talks inside it."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from workbook.serve.runtime import choose_transport, run_folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where runs have their folders, for the time of the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left(elsewhere: Path, owner: str | None) -> Path:
    """Return a folder that a run left."""
    folder = elsewhere / "attune-run-left"
    folder.mkdir()
    if owner is not None:
        (folder / "owner.json").write_text(owner)
    return folder


@pytest.mark.parametrize("owner", [None, "", "[12"])
def test_a_book_that_starts_at_this_moment_keeps_its_folder(elsewhere, owner):
    folder = left(elsewhere, owner)

    with run_folder():
        assert folder.exists()


def test_the_folder_of_a_run_that_was_killed_goes_at_once(elsewhere):
    me = psutil.Process()
    folder = left(elsewhere, json.dumps([me.pid, me.create_time() - 3600]))

    with run_folder():
        assert not folder.exists()


def test_the_folder_of_a_run_that_goes_on_stays(elsewhere):
    with run_folder() as first, run_folder() as second:
        assert first.exists()
        assert first != second


@pytest.mark.skipif(sys.platform == "win32", reason="sockets that are files")
def test_the_sockets_of_a_kernel_are_files_where_their_names_fit():
    name = len("/voila_12345678/kernel-00000000-0000-0000-0000-000000000000-ipc-5")

    assert choose_transport(Path("/" + "a" * (103 - name - 1))) == "ipc"
    assert choose_transport(Path("/" + "a" * (103 - name))) == "tcp"
    assert choose_transport(Path("/" + "å" * 30)) == "tcp"
