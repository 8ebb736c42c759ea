"""A real JupyterHub with its real proxy, as deploy/jupyterhub_config.py sets it up."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from urllib.request import urlopen

import psutil
from playwright.sync_api import BrowserContext, Page

from tests.browser.debian import run_quietly

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "deploy" / "jupyterhub_config.py"
PROXY = Path(__file__).parent / "hub_proxy"
PATIENCE_S = 300
"""Seconds for whatever takes a while on a machine that others use as well."""

LEADER = "leader"


def find_proxy() -> Path | None:
    """Return the folder of configurable-http-proxy, installing it for these tests if need be."""
    if found := shutil.which("configurable-http-proxy"):
        return Path(found).parent
    place = Path(sys.prefix) / "hub-proxy"
    command = place / "node_modules" / ".bin" / "configurable-http-proxy"
    if not command.exists():
        copytree(PROXY, place, dirs_exist_ok=True)
        how = ("--silent", "--ignore-scripts", "--no-audit", "--no-fund")
        run_quietly("npm", "ci", "--prefix", str(place), *how)
    return command.parent if command.exists() else None


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Return once ``holds`` is true; fail if that takes too long."""
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.5)


@dataclass(frozen=True, slots=True)
class Hub:
    """One hub that runs, with its accounts."""

    url: str
    folder: Path
    process: psutil.Popen
    log: Path
    temporary: Path
    """Where its servers have their files while they run."""

    def url_of(self, couple: str) -> str:
        return f"{self.url}user/{couple}/"

    def home_of(self, couple: str) -> Path:
        return self.folder / "books" / couple

    def sign_in(self, page: Page, account: str, then: str = "hub/spawn") -> None:
        """Sign in, and go on to what leads to the account's book."""
        page.goto(f"{self.url}{then}")
        if "/hub/login" in page.url:
            page.get_by_label("Username").fill(account)
            page.get_by_label("Password").fill(f"the password of {account}")
            page.get_by_role("button", name="Sign in").click()

    def open(self, page: Page, couple: str) -> None:
        """Open the book of a couple in ``page``; its server is started if it does not run."""
        self.sign_in(page, couple)
        page.wait_for_url(self.url_of(couple), timeout=PATIENCE_S * 1000)

    def servers(self) -> dict[str, psutil.Process]:
        """Return the process of each server that runs, by account."""
        found = {}
        for child in _list_below(self.process):
            with suppress(psutil.Error):
                if child.cmdline()[-2:] == ["workbook", "hub"]:
                    found[Path(child.cwd()).name] = child
        return found


def _list_below(process: psutil.Process) -> list[psutil.Process]:
    return process.children(recursive=True)


@contextmanager
def running_hub(folder: Path, proxy: Path, couples: list[str], *, idle_s: int) -> Iterator[Hub]:
    """Run a hub for these accounts on ports of this computer alone."""
    port, hub_port, api_port = free_port(), free_port(), free_port()
    url = f"http://127.0.0.1:{port}/"
    (folder / "books").mkdir(parents=True, exist_ok=True)
    settings = {
        "ATTUNE_PUBLIC_URL": url,
        "ATTUNE_FOLDER": str(folder),
        "ATTUNE_COUPLES": " ".join(couples),
        "ATTUNE_LEADER": LEADER,
        "ATTUNE_PORT": str(port),
        "ATTUNE_HUB_PORT": str(hub_port),
        "ATTUNE_API_PORT": str(api_port),
        "ATTUNE_IDLE_S": str(idle_s),
        "PATH": os.pathsep.join([str(proxy), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
    }
    log = folder / "hub.log"
    # Of its own, and short: the kernels' sockets lie below it.
    temporary = Path(tempfile.mkdtemp(prefix="h"))
    settings["TMPDIR"] = str(temporary)
    with log.open("w") as out:
        process = psutil.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG)],
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **settings},
        )
    try:
        wait_until(lambda: is_up(f"{url}hub/health"), "the hub is up")
        yield Hub(url, folder, process, log, temporary)
    finally:
        ours = [process, *_list_below(process)]
        process.terminate()
        psutil.wait_procs(ours, 30)
        for left in ours:  # its servers go on without it, as an evening would
            with suppress(psutil.Error):
                left.terminate()
        for left in psutil.wait_procs(ours, 30)[1]:
            left.kill()
        shutil.rmtree(temporary, ignore_errors=True)


def is_up(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own http
            return answer.status == 200
    except OSError:
        return False


def cookies_of(context: BrowserContext) -> str:
    """Return every cookie of a browser as it would be sent to all paths."""
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())


def memory_of(server: psutil.Process) -> float:
    """Return the memory of a couple's processes in MB; what they share is divided (PSS)."""
    total = 0.0
    for each in [server, *server.children(recursive=True)]:
        with suppress(psutil.Error):
            total += each.memory_full_info().pss / 1e6
    return total
