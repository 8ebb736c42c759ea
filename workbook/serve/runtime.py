"""Folder and environment of one run: composed notebook, connection files, kernel settings."""

from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from workbook.serve.kernel_main import KERNEL_OPTIONS
from workbook.store.temporary import remove_stale_folders, temporary_folder

_PREFIX = "attune-run-"

PROVISIONER_NAME = "workbook-fork"
"""Name of our kernel provisioner in the entry points of pyproject.toml."""

_MAX_SOCKET_PATH_BYTES = 103
"""Longest path of a Unix socket: one byte less than macOS allows, four less than Linux."""

_FOREIGN_PREFIXES = ("JUPYTER_", "IPYTHON", "VOILA_", "JUPYTERHUB_", "JPY_")
"""Environment variables that no kernel gets: settings of the user's own Jupyter, and what a
JupyterHub tells the servers that it starts, its token among it."""


@contextmanager
def run_folder() -> Iterator[Path]:
    """Yield a temporary folder that only this user can enter; delete it afterwards.

    Folders of killed runs are deleted first: their connection files contain keys.
    """
    remove_stale_folders(_PREFIX)
    with temporary_folder(_PREFIX) as folder:
        yield folder


def prepare_environment(folder: Path, environ: Mapping[str, str], **book: str) -> dict[str, str]:
    """Return the environment of server and kernels, with all their files inside ``folder``.

    Args:
        folder: the folder of this run; a kernel spec is written into it.
        environ: the environment the launcher was started in.
        book: variables for the kernel, such as ``WORKBOOK_DATA``.

    """
    ours = {
        name: value for name, value in environ.items() if not name.startswith(_FOREIGN_PREFIXES)
    }
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_PATH": "jupyter",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        # Each Jupyter process leaves an empty folder of settings there.
        "TMPDIR": "temporary",
    }
    for name, place in places.items():
        (folder / place).mkdir(mode=0o700, exist_ok=True)
        ours[name] = str(folder / place)
    _write_kernel_spec(folder / places["JUPYTER_PATH"])
    # No settings from /etc/jupyter, and no echo of each trait change back to the page.
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


def release_free_memory() -> None:
    """Give memory that starting has freed back to the system, where its C library can."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _write_kernel_spec(path: Path) -> None:
    """Write a kernel spec "python3" for this interpreter; the user's own may name another one."""
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
    """Whether kernels can be forked: on Linux, if Jupyter finds our provisioner.

    An editable install from before the provisioner existed lacks its entry point.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        ours = distribution("attune-workbook").entry_points
    except PackageNotFoundError:
        return False
    return bool(ours.select(group="jupyter_client.kernel_provisioners", name=PROVISIONER_NAME))


def choose_transport(connections: Path) -> str:
    """Return the zmq transport between server and kernels: "ipc", or "tcp" where ipc fails.

    Unix sockets in our own folder are out of reach of other users. TCP ports race: another
    process can bind the port in the second before the kernel does. Paths that are too long
    and Windows need TCP.

    Args:
        connections: folder in which Voilà makes one of its own for the connection files; the
            sockets lie beside them.

    """
    longest = connections / "voila_12345678" / f"kernel-{uuid.UUID(int=0)}-ipc-5"
    short_enough = len(os.fsencode(longest)) <= _MAX_SOCKET_PATH_BYTES
    return "ipc" if short_enough and sys.platform != "win32" else "tcp"
