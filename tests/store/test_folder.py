"""Where a vault lies, and who else may hold what is there."""

from pathlib import Path
from types import SimpleNamespace

import pytest

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
