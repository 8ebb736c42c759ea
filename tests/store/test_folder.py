"""Where a vault lies, and who else may hold what is there."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbook.domain.errors import FolderBusy
from workbook.store import folder


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("/home/k/Dropbox/notes", "Dropbox"),
        ("/home/k/Dropbox (Personal)/notes", "Dropbox"),
        ("/Users/k/Library/CloudStorage/Dropbox/notes", "Dropbox"),
        ("/Users/k/Library/CloudStorage/OneDrive-Personal/notes", "OneDrive"),
        ("/mnt/c/Users/k/OneDrive/notes", "OneDrive"),
        ("/mnt/c/Users/k/OneDrive - A Firm/notes", "OneDrive"),
        ("/Users/k/Library/Mobile Documents/com~apple~CloudDocs/notes", "iCloud"),
        ("/mnt/c/Users/k/iCloudDrive/notes", "iCloud"),
        ("/Users/k/Library/CloudStorage/GoogleDrive-k@example.org/My Drive/notes", "Google Drive"),
        ("/home/k/Google Drive/notes", "Google Drive"),
        ("/home/k/.local/share/evening-notes", None),
        ("/home/k/dropboxes/notes", None),
        ("/home/k/my icloudy days", None),
    ],
)
def test_a_synced_folder_is_known_by_its_name(place, found):
    assert folder.synced_folder_name(Path(place)) == found


def test_a_synced_folder_of_another_name_is_known_by_what_windows_says(tmp_path, monkeypatch):
    monkeypatch.setenv("OneDriveConsumer", str(tmp_path / "cloud"))

    assert folder.synced_folder_name(tmp_path / "cloud" / "notes") == "OneDrive"
    assert folder.synced_folder_name(tmp_path / "here") is None


def test_a_link_into_a_synced_folder_is_followed(tmp_path):
    (tmp_path / "Dropbox" / "notes").mkdir(parents=True)
    (tmp_path / "notes").symlink_to(tmp_path / "Dropbox" / "notes")

    assert folder.synced_folder_name(tmp_path / "notes") == "Dropbox"


@pytest.mark.parametrize(
    ("fstype", "opts", "network"),
    [
        ("nfs4", "rw", True),
        ("cifs", "rw", True),
        ("NTFS", "rw,remote", True),
        ("ext4", "rw", False),
    ],
)
def test_a_network_file_system_is_known_by_its_kind(tmp_path, monkeypatch, fstype, opts, network):
    disks = [
        SimpleNamespace(mountpoint="/", fstype="ext4", opts="rw"),
        SimpleNamespace(mountpoint=str(tmp_path), fstype=fstype, opts=opts),
    ]
    monkeypatch.setattr(folder.psutil, "disk_partitions", lambda **_: disks)

    assert folder.synced_folder_name(tmp_path / "notes") == (
        folder.NETWORK_FOLDER if network else None
    )


def test_a_system_that_does_not_say_is_no_reason_to_warn(tmp_path, monkeypatch):
    def silent(**_):
        raise PermissionError

    monkeypatch.setattr(folder.psutil, "disk_partitions", silent)

    assert folder.synced_folder_name(tmp_path) is None


# One process at a time ------------------------------------------------------------------------

HOLDS = """
import sys
from pathlib import Path
if sys.argv[2] == "file":
    import filelock  # reads fcntl by itself, before it is hidden
    sys.modules["fcntl"] = None
from workbook.store.folder import exclusive_lock
with exclusive_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["folder", "file"])
def lock(request, monkeypatch):
    """Each kind of lock: on the folder, and on a file in it where a folder cannot be locked."""
    if request.param == "file":
        import filelock  # noqa: F401, PLC0415 - reads fcntl by itself, before it is hidden

        monkeypatch.setitem(sys.modules, "fcntl", None)
    return request.param


def test_a_second_process_is_told_who_holds_the_folder(lock, tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "LOCK_TIMEOUT_S", 0.2)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, tmp_path, lock],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout.readline() == "held\n"

        with pytest.raises(FolderBusy) as busy, folder.exclusive_lock(tmp_path):
            pass

        assert f"(process {other.pid})" in busy.value.facts["who"]
        other.kill()
        other.wait()
        with folder.exclusive_lock(tmp_path):  # a killed process holds nothing
            pass


def test_a_lock_that_was_let_go_of_is_free(lock, tmp_path):
    for _ in range(2):
        with folder.exclusive_lock(tmp_path):
            pass

    assert not folder.has_foreign_files(tmp_path)


def test_a_folder_that_cannot_be_locked_raises_what_the_disk_said(lock, tmp_path):
    with pytest.raises(OSError, match=os.strerror(2)), folder.exclusive_lock(tmp_path / "none"):
        pass


def test_a_lock_whose_holder_wrote_no_number_is_another_programs(lock, tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "LOCK_TIMEOUT_S", 0.1)
    monkeypatch.setattr(folder.os, "write", lambda *_: 0)
    monkeypatch.setattr(folder, "_name_holder", lambda _: folder.ANOTHER_PROGRAM)

    with (
        folder.exclusive_lock(tmp_path),
        pytest.raises(FolderBusy) as busy,
        folder.exclusive_lock(tmp_path),
    ):
        pass

    assert busy.value.facts["who"] == folder.ANOTHER_PROGRAM
