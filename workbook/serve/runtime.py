"""The private folder of one run: composed notebook, connection files, kernel settings."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from workbook.serve.kernel_main import KERNEL_OPTIONS

_PREFIX = "attune-run-"
_OWNER = "owner.json"

PROVISIONER_NAME = "workbook-fork"
"""Our kernel provisioner, as pyproject.toml calls it."""

_UNSIGNED_GRACE_S = 60.0
"""Seconds for which a folder without an owner is taken for one that was made just now."""

_MAX_SOCKET_PATH_BYTES = 103
"""Characters in the name of a socket that is a file: one less than macOS holds, four less
than Linux."""

_USER_SETTINGS_PREFIXES = ("JUPYTER_", "IPYTHON", "VOILA_")
"""Settings of the person's own Jupyter, which have no say in the book."""


@contextmanager
def run_folder() -> Iterator[Path]:
    """Give a folder that only this user can enter, and take it away afterwards.

    Folders of runs that were killed go first: their connection files hold keys.
    """
    _remove_stale_folders()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # 0700
    me = psutil.Process()
    (folder / _OWNER).write_text(json.dumps([me.pid, me.create_time()]))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare_environment(folder: Path, environ: Mapping[str, str], **book: str) -> dict[str, str]:
    """Return ``environ`` for server and kernels, with all that they leave inside ``folder``.

    Args:
        folder: the run's private folder; a kernel spec is written into it.
        environ: the environment the launcher was started in.
        book: what the kernel learns about this run, such as ``WORKBOOK_DATA``.

    """
    ours = {
        name: value
        for name, value in environ.items()
        if not name.startswith(_USER_SETTINGS_PREFIXES)
    }
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_PATH": "jupyter",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        # Each Jupyter process makes itself an empty folder of settings there, and leaves it.
        "TMPDIR": "temporary",
    }
    for name, place in places.items():
        (folder / place).mkdir(mode=0o700, exist_ok=True)
        ours[name] = str(folder / place)
    _write_kernel_spec(folder / places["JUPYTER_PATH"])
    # Nothing from /etc/jupyter either; and no copy of each change back to the page.
    return ours | {"JUPYTER_NO_CONFIG": "1", "JUPYTER_WIDGETS_ECHO": "0"} | book


@contextmanager
def replace_environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """Make ``wanted`` the environment of this process, and restore the old one afterwards."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    tempfile.tempdir = None  # it caches the folder that TMPDIR named
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        tempfile.tempdir = None


def _write_kernel_spec(path: Path) -> None:
    """Make "python3" this very interpreter; a spec of the user's may be another one."""
    provisioner = (
        {"kernel_provisioner": {"provisioner_name": PROVISIONER_NAME}} if can_fork_kernels() else {}
    )
    spec = {
        "argv": [
            sys.executable,
            "-m",
            "workbook.serve.kernel_main",
            "-f",
            "{connection_file}",
            *KERNEL_OPTIONS,
        ],
        "display_name": "Attune",
        "language": "python",
        "metadata": {"supported_encryption": ["curve"]} | provisioner,
    }
    folder = path / "kernels" / "python3"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kernel.json").write_text(json.dumps(spec))


def can_fork_kernels() -> bool:
    """Whether kernels share memory here: Linux, and Jupyter can find our provisioner.

    An editable install that is older than the source does not name it yet.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        ours = distribution("attune-workbook").entry_points
    except PackageNotFoundError:
        return False
    return bool(ours.select(group="jupyter_client.kernel_provisioners", name=PROVISIONER_NAME))


def choose_transport(connections: Path) -> str:
    """Return how server and kernels talk, as zmq calls it: "ipc", or "tcp" where it cannot be.

    A socket that is a file in our own folder is out of reach of other users, and its name is
    nobody else's. A number of a port is free only until somebody takes it, and between the
    choice and the kernel that listens there lies a second.

    Args:
        connections: folder of the connection files, beside which the sockets lie.

    """
    longest = connections / f"kernel-{uuid.UUID(int=0)}-ipc-5"
    short_enough = len(os.fsencode(longest)) <= _MAX_SOCKET_PATH_BYTES
    return "ipc" if short_enough and sys.platform != "win32" else "tcp"


def _remove_stale_folders() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if not _is_in_use(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_in_use(folder: Path) -> bool:
    """Whether the run that made ``folder`` may still need it, or it is not ours to take."""
    with suppress(OSError, psutil.Error):
        found = folder.lstat()
        if folder.is_symlink() or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
            return True
        try:
            pid, began = json.loads((folder / _OWNER).read_text())
        except (OSError, ValueError):  # a book that starts at this moment has yet to sign
            return time.time() - found.st_mtime < _UNSIGNED_GRACE_S
        # The number alone may belong to another program by now.
        return abs(psutil.Process(pid).create_time() - began) < 1
    return False
