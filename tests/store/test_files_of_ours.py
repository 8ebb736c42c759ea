"""Files that are written whole or not at all, and temporary folders that outlive no process."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile

import psutil
import pytest

from workbook.domain.errors import NotSaved
from workbook.store import durable, exports
from workbook.store.temporary import remove_stale_folders, temporary_folder

PREFIX = "test-of-temporary-"


@pytest.fixture
def full_disk(monkeypatch):
    def refuse(_handle):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", refuse)


def test_a_file_that_the_disk_refuses_leaves_nothing(tmp_path, full_disk):
    with pytest.raises(OSError, match="no room"):
        durable.write_file(tmp_path / "new", b"half of it")

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_already_stays(tmp_path):
    (tmp_path / "there").write_bytes(b"mine")

    with pytest.raises(FileExistsError):
        durable.write_file(tmp_path / "there", b"other")

    assert (tmp_path / "there").read_bytes() == b"mine"


def test_an_export_that_the_disk_refuses_can_be_tried_again_under_its_name(home, kim, tmp_path):
    target = tmp_path / "mine.export"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        with pytest.raises(NotSaved):
            exports.write_export(kim, "a passphrase for it", target, home.low)

    assert exports.write_export(kim, "a passphrase for it", target, home.low) == target


# Temporary folders ---------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="There psutil computes the time of start.")
def test_a_clock_that_was_corrected_takes_no_folder_from_a_running_process(place, monkeypatch):
    with temporary_folder(PREFIX) as folder:
        # Another process asks later, after the clock was put forward by an hour.
        began, boot = psutil.Process().create_time() + 3600, psutil.boot_time() + 3600
        monkeypatch.setattr(psutil.Process, "create_time", lambda _: began)
        monkeypatch.setattr(psutil, "boot_time", lambda: boot)

        remove_stale_folders(PREFIX)

        assert folder.is_dir()


def test_a_folder_of_a_process_that_was_killed_goes(place):
    code = (
        "import os, signal, sys, tempfile; tempfile.tempdir = sys.argv[1]\n"
        "from workbook.store.temporary import temporary_folder\n"
        f"with temporary_folder({PREFIX!r}): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(place)], check=False)
    assert list(place.iterdir())

    remove_stale_folders(PREFIX)

    assert list(place.iterdir()) == []


@pytest.mark.parametrize("said", [None, "5", "{}", "[]", '["x", 1]', "null", "[1"])
def test_a_folder_that_is_ours_by_name_alone_stays(place, said):
    folder = place / f"{PREFIX}of-somebody"
    folder.mkdir()
    (folder / "letter").write_text("kept")
    if said is not None:
        (folder / "owner.json").write_text(said)
    os.utime(folder, (0, 0))

    remove_stale_folders(PREFIX)

    assert (folder / "letter").read_text() == "kept"


def test_a_book_of_an_older_version_can_read_whose_a_folder_is(place):
    with temporary_folder(PREFIX) as folder:
        pid, began = json.loads((folder / "owner.json").read_text())

    assert (pid, began) == (os.getpid(), psutil.Process().create_time())


def test_the_folder_of_a_running_book_of_an_older_version_stays(place):
    folder = place / f"{PREFIX}older"
    folder.mkdir()
    me = psutil.Process()
    (folder / "owner.json").write_text(json.dumps([me.pid, me.create_time()]))

    remove_stale_folders(PREFIX)

    assert folder.exists()
