"""What the computer lacks is one sentence with the true cause, and never a traceback."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.cli.command import EVENING, ROOT, WORDS, entry_point, refused, run
from workbook.app import demo
from workbook.domain.seats import Seat
from workbook.serve.failures import describe_failure
from workbook.store import vault

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX")

OTHER_ENDS = ("SIGQUIT", "SIGXCPU")
START = ("start", "--no-browser", "--port", "0")


def limited(what, number):
    return lambda: resource.setrlimit(what, (number, number))


# No home, and ~ ------------------------------------------------------------------------------


@pytest.fixture
def nobody(tmp_path, monkeypatch):
    """``Path.home`` fails, as for a user without an entry and without HOME."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os.path, posixpath\n"
        "os.environ.pop('HOME', None)\n"
        "posixpath.expanduser = os.path.expanduser = lambda path: path\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.usefixtures("nobody")
def test_without_a_home_what_needs_none_works(tmp_path):
    assert run("--help").returncode == 0
    assert run("plan", EVENING).returncode == 0
    refused(run("backup", "--data", tmp_path / "none", stdin=""), str(tmp_path))


@pytest.mark.usefixtures("nobody")
def test_without_a_home_what_needs_one_says_so():
    refused(run("backup", stdin=""), "--data")
    refused(run("backup", "--data=~/x", stdin=""), "home", "--data")


def test_a_tilde_is_the_home(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))

    ended = run("backup", f"--data=~/{folder.name}", "~/stick", stdin=WORDS[Seat.A], cwd=tmp_path)

    assert ended.returncode == 0, ended.stderr
    assert len(list((tmp_path / "stick").glob("*.backup"))) == 1
    assert not (tmp_path / "~").exists()


def test_a_chapter_finds_a_folder_named_with_a_tilde(tmp_path, monkeypatch):
    code = "import workbook.app as a; print(a.open_workbook()._folder)"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"HOME": str(tmp_path), "WORKBOOK_DATA": "~/mine"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.splitlines()[-1] == str(tmp_path / "mine")


@pytest.mark.parametrize("named", ["", "here/and/there"])
def test_a_data_folder_of_the_system_that_is_relative_is_not_taken(tmp_path, named):
    ended = run("backup", stdin="", cwd=tmp_path,
                env=os.environ | {"XDG_DATA_HOME": named, "HOME": str(tmp_path)})  # fmt: skip

    refused(ended, str(tmp_path / ".local" / "share"))


# Files, room, memory, network -----------------------------------------------------------------


@pytest.mark.parametrize("files", [pytest.param(32, marks=pytest.mark.long), 64])
def test_too_few_files_are_said_and_nothing_of_an_attack(tmp_path, files):
    ended = run(*START, "--data", tmp_path, preexec_fn=limited(resource.RLIMIT_NOFILE, files))

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert "guard" not in ended.stderr
    assert "files" in ended.stderr.splitlines()[-1]


def unshared(tmp_path, script):
    """Run a shell script as root of namespaces of its own; skip where that is not possible."""
    command = ["unshare", "--mount", "--net", "--map-root-user", "sh", "-c", script]
    probe = subprocess.run([*command[:-1], "true"], capture_output=True, check=False)
    if not shutil.which("unshare") or probe.returncode:
        pytest.skip("no namespaces here")
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("size", ["12k", pytest.param("40k", marks=pytest.mark.long)])
def test_a_tiny_folder_for_temporary_files_is_named(tmp_path, size):
    place = tmp_path / "small"
    place.mkdir()

    ended = unshared(
        tmp_path,
        f"ip link set lo up; mount -t tmpfs -o size={size} none {place} && "
        f"TMPDIR={place} {entry_point()} {' '.join(START)} --data {tmp_path}/data",
    )

    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert str(place) in ended.stderr
    assert "TMPDIR" in ended.stderr


@pytest.mark.long
def test_a_computer_that_does_not_reach_itself_is_told(tmp_path):
    ended = unshared(tmp_path, f"{entry_point()} {' '.join(START)} --data {tmp_path}/data")

    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "127.0.0.1" in ended.stderr


def test_a_port_that_takes_rights_is_not_called_taken(tmp_path):
    script = """
import os, sys
from workbook.serve.listening import bind_port
os.setuid(54321)
try:
    bind_port(80, "127.0.0.1")
except Exception as error:
    print(type(error).__name__)
"""
    if os.getuid() != 0:
        pytest.skip("only root can become somebody else")
    least = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if least.exists() and int(least.read_text()) <= 80:
        pytest.skip("any user may take port 80 here")
    ended = subprocess.run(
        [sys.executable, "-B", "-c", script], capture_output=True, text=True, cwd=ROOT, check=False
    )

    assert ended.stdout == "PortForbidden\n", ended.stderr


# Closed and full pipes ------------------------------------------------------------------------


def test_closed_standard_input_is_no_passphrase(folder):
    refused(run("backup", "--data", folder, preexec_fn=lambda: os.close(0)), "passphrase")


@pytest.mark.long
def test_closed_standard_error_keeps_no_book_closed(tmp_path):
    command = [entry_point(), *START, "--data", str(tmp_path)]
    with psutil.Popen(
        command, stdout=subprocess.PIPE, preexec_fn=lambda: os.close(2), text=True
    ) as book:
        line = book.stdout.readline()
        book.terminate()

    assert line.startswith("Open http://")
    assert book.returncode == 0


def test_an_output_that_is_full_is_said():
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [entry_point(), "plan", EVENING],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "output" in ended.stderr


# Anything else --------------------------------------------------------------------------------


def test_what_nobody_foresaw_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import json, workbook.cli.shell as shell\n"
        "def fail(*_): raise ZeroDivisionError('kept to itself')\n"
        "import workbook.cli.plan as plan\n"
        "plan.read_input = fail\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    ended = run("plan", EVENING)

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "kept to itself" not in ended.stderr
    assert "ZeroDivisionError" in ended.stderr


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (OSError(errno.EMFILE, "x"), "files"),
        (OSError(errno.ENOSPC, "x", "/there"), "/there"),
        (OSError(errno.EROFS, "x", "/there"), "/there"),
        (MemoryError(), "memory"),
        (OSError(errno.ENOMEM, "x"), "memory"),
        (TimeoutError(), "slow"),
        (OSError(errno.ENETUNREACH, "x"), "127.0.0.1"),
    ],
)
def test_each_cause_has_its_own_sentence(error, word):
    assert word in describe_failure(error)


def test_too_little_memory_for_a_key_is_not_a_damaged_vault():
    script = """
import resource
from workbook.domain.errors import TooLittleMemory
from workbook.store.keyring import Kdf
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
try:
    Kdf("argon2id", 1, 1 << 31, bytes(16)).key(b"x")
except TooLittleMemory:
    print("said")
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert ended.stdout == "said\n", ended.stderr


# A stopped process that holds the lock --------------------------------------------------------

HOLDS = """
import os, signal, sys
from pathlib import Path
from workbook.store.folder import exclusive_lock
place = Path(sys.argv[1])
place.mkdir(exist_ok=True)
with exclusive_lock(place):
    print("held", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
"""


@pytest.fixture
def stopped(folder):
    """A process that was stopped while it holds the lock of the backups."""
    with psutil.Popen(
        [sys.executable, "-c", HOLDS, folder / "backups"], stdout=subprocess.PIPE, text=True
    ) as held:
        assert held.stdout.readline() == "held\n"
        yield held
        held.kill()


@pytest.mark.long
def test_who_holds_the_lock_is_said_and_nothing_is_half_done(folder, stopped):
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    refused(run("backup", "--data", folder, stdin=WORDS[Seat.A]), str(stopped.pid))
    refused(run("erase", "--yes", "--data", folder), str(stopped.pid))

    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    vault.unlock(folder, WORDS[Seat.A]).close()


# A closed window ------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("name", ["SIGHUP", *OTHER_ENDS])
def test_a_demo_whose_window_is_closed_leaves_nothing_behind(tmp_path, name):
    if signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        pytest.skip(f"{name} is ignored here, as nohup wants it, and stays so in the book")
    command = [entry_point(), *START, "--demo"]
    with psutil.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    ) as book:  # fmt: skip
        assert re.match("Open http", book.stdout.readline())
        assert list(tmp_path.iterdir())
        book.send_signal(getattr(signal, name))
        _, said = book.communicate(timeout=60)

    assert book.returncode == 0
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_demo_left_goes_with_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    me = psutil.Process()
    left, ours, foreign = (tmp_path / f"evening-notes-{name}" for name in ("left", "on", "book"))
    for folder in (left, ours, foreign):
        folder.mkdir()
        (folder / "vault.db").write_bytes(b"x")
    (left / "owner.json").write_text(json.dumps([me.pid, me.create_time() - 3600]))
    (ours / "owner.json").write_text(json.dumps([me.pid, me.create_time()]))

    demo.remove_stale_demos()

    assert {path.name for path in tmp_path.iterdir()} == {ours.name, foreign.name}
