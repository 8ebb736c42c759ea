"""One stack's server: its environment, made on demand, and its processes while it runs."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, STDOUT
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import psutil

from bench.stacks import HERE, PEERS, SLIDERS, Stack

ENVIRONMENTS = HERE / ".peers"
"""One virtual environment for each peer; not in git."""
BIN = "Scripts" if os.name == "nt" else "bin"
START = 90.0
"""Seconds that a server may take until it answers."""
QUIET = 0.06
"""Share of one core below which all servers together count as idle."""

_direct = build_opener(ProxyHandler({}))


class NotStarted(Exception):
    """A stack that cannot be measured here; its text says why."""


def find_python_folder(stack: Stack) -> Path:
    """Return the folder of the Python that runs ``stack``: its own environment, or ours."""
    if not stack.peer:
        return Path(sys.executable).parent
    home = ENVIRONMENTS / stack.peer
    wanted = PEERS / stack.peer / "requirements.txt"
    stamp = home / hashlib.sha256(wanted.read_bytes()).hexdigest()[:16]
    if not stamp.exists():
        print(f"Installing {stack.title}, once.", file=sys.stderr)
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        pip = [str(home / BIN / "python"), "-m", "pip", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "-r", str(wanted)], check=True, stderr=DEVNULL)
        stamp.touch()
    return home / BIN


def find_version(stack: Stack) -> str:
    """Return the version of the stack's package; "" where there is none to name."""
    if not stack.package:
        return ""
    ask = f"from importlib.metadata import version; print(version({stack.package!r}))"
    python = str(find_python_folder(stack) / "python")
    return subprocess.run(
        [python, "-c", ask], check=True, capture_output=True, text=True
    ).stdout.strip()


@dataclass(slots=True)
class Server:
    """A running server."""

    stack: Stack
    url: str
    process: psutil.Popen

    def processes(self) -> list[psutil.Process]:
        try:
            return [self.process, *self.process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def private(self) -> float:
        """Return private memory of all its processes, kernels too, in MB (unique set size)."""
        total = 0
        for each in self.processes():
            try:
                total += each.memory_full_info().uss
            except psutil.NoSuchProcess:
                continue
        return total / 1e6

    def busy(self) -> float:
        """Return seconds of processor time that its present processes have used so far."""
        total = 0.0
        for each in self.processes():
            try:
                spent = each.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += spent.user + spent.system
        return total


def _find_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _read_address(server: psutil.Popen, stack: Stack, port: int, log: Path) -> str:
    """Return the address of the page, once it answers."""
    end = time.monotonic() + START
    url = f"http://127.0.0.1:{port}{stack.path}"
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        if stack.says:
            if found := re.search(stack.says, log.read_text("utf-8", "replace"), re.MULTILINE):
                return found[1]
        else:
            try:
                with _direct.open(url, timeout=START):
                    return url
            except HTTPError as error:
                raise NotStarted(f"{stack.title} answers {error.code}.") from error
            except (URLError, OSError):
                pass
        time.sleep(0.1)
    lines = log.read_text("utf-8", "replace").strip().splitlines() or ["nothing"]
    raise NotStarted(f"{stack.title} did not start; its last words: {lines[-1]}")


@contextmanager
def run_stack(stack: Stack) -> Iterator[Server]:
    """Start the stack's server, and end it with all its children.

    Raises:
        NotStarted: if it ends at once, or does not answer in time.
    """
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as scratch:
        port = _find_free_port()
        filled = {
            "python": find_python_folder(stack) / "python",
            "port": port,
            "app": PEERS / stack.peer / "app.py",
            "notebook": SLIDERS,
            "data": Path(scratch) / "data",
        }
        log = Path(scratch) / "log"
        with log.open("wb") as out:
            process = psutil.Popen(
                [part.format(**filled) for part in stack.command.split()],
                stdin=DEVNULL,
                stdout=out,
                stderr=STDOUT,
                cwd=HERE.parent,
            )
        server = Server(stack, "", process)
        try:
            server.url = _read_address(process, stack, port, log)
            yield server
        finally:
            _end_server(server)


def _end_server(server: Server) -> None:
    started = server.processes()
    if started:
        server.process.terminate()
    _, left = psutil.wait_procs(started, timeout=10)
    for each in left:
        each.kill()
    psutil.wait_procs(left, timeout=5)


def wait_until_idle(servers: list[Server], *, patience: float = 30.0) -> None:
    """Wait until the servers are idle, so that one stack's tidying is not another's delay.

    Idle for a second and a half: a pool of kernels waits a second before it fills up.
    """
    end = time.monotonic() + patience
    calm = 0
    while calm < 3 and time.monotonic() < end:
        before, begun = [server.busy() for server in servers], time.monotonic()
        time.sleep(0.5)
        spent = sum(
            abs(server.busy() - earlier) for server, earlier in zip(servers, before, strict=True)
        )
        calm = calm + 1 if spent / (time.monotonic() - begun) < QUIET else 0
