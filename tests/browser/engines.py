"""Finds and starts Firefox and WebKit, the engine of Safari, for the long browser tests.

Both are Debian's builds, driven over WebDriver: Playwright has builds of its own, which it
downloads. ``python -m tests.browser.engines`` installs them and says which of them are there.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from selenium.webdriver import Remote
from selenium.webdriver.common.options import ArgOptions
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection

from tests.browser.debian import install_packages
from tests.browser.marionette import HOST, MarionetteConnection

START_TIMEOUT_S = 60
PAGE_TIMEOUT_S = 30
REPLY_TIMEOUT_S = 60

FIREFOX_PREFERENCES = {
    "app.update.enabled": False,
    "browser.aboutConfig.showWarning": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "marionette.port": 0,
    "media.gmp-manager.chromium-update-url": "",
    "media.gmp-manager.updateEnabled": False,
    "media.gmp-manager.url": "",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,nothing",
}
"""Any free port for WebDriver, and no look for updates, lists or a network."""


class RequestRecorder:
    """A proxy for every host but this one: it answers nothing and keeps what was asked."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        """The first line of each request to another host."""
        outside = self.outside

        class Handler(StreamRequestHandler):
            def handle(self) -> None:
                outside.append(self.rfile.readline(1000).decode("latin-1").strip())

        self._server = ThreadingTCPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def capability(self) -> dict[str, object]:
        """What WebDriver is told of it."""
        address = f"{HOST}:{self._server.server_address[1]}"
        return {
            "proxyType": "manual",
            "httpProxy": address,
            "sslProxy": address,
            "noProxy": [HOST],
        }

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


# Firefox ------------------------------------------------------------------------------------


@cache
def find_firefox() -> Path | None:
    """Return a Firefox, installing Debian's if need be."""
    return _first_on_path("firefox-esr", "firefox") or (
        _first_on_path("firefox-esr") if install_packages("firefox-esr") else None
    )


@contextmanager
def start_firefox(program: Path, folder: Path, recorder: RequestRecorder) -> Iterator[Remote]:
    """Yield a Firefox without a window; ``folder`` is its home, and its profile goes there."""
    profile = folder / "profile"
    profile.mkdir(parents=True)
    lines = [f'user_pref("{key}", {_to_js(value)});' for key, value in FIREFOX_PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    command = [program, "--marionette", "--headless", "--no-remote", "--profile", profile]
    command.append("--remote-allow-system-access")  # to press its own Back button
    surroundings = {"MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}  # else it asks Mozilla whatever is set
    with ExitStack() as running:
        browser = running.enter_context(_started(command, folder, **surroundings))
        port = _wait_for_port(profile / "MarionetteActivePort", browser)
        connection = MarionetteConnection(port)
        driver = Remote(command_executor=connection, options=_options(recorder))
        running.callback(driver.quit)
        yield driver


def _wait_for_port(file: Path, browser: subprocess.Popen[bytes]) -> int:
    """Return the port that Firefox took for WebDriver; it writes it into its profile."""
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and browser.poll() is None:
        if file.exists() and (text := file.read_text("ascii")):
            return int(text)
        time.sleep(0.1)
    raise RuntimeError("Firefox did not open its port for WebDriver.")


def _to_js(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'


# WebKit -------------------------------------------------------------------------------------


@cache
def find_webkit() -> Path | None:
    """Return WebKit's small browser, installing Debian's with its driver and Xvfb if need be."""
    return _webkit_browser() or (
        _webkit_browser() if install_packages("webkit2gtk-driver", "xvfb") else None
    )


def _webkit_browser() -> Path | None:
    if not (_first_on_path("WebKitWebDriver") and _first_on_path("Xvfb")):
        return None
    return next(iter(sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))), None)


@contextmanager
def start_webkit(program: Path, folder: Path, recorder: RequestRecorder) -> Iterator[Remote]:
    """Yield a WebKit whose window is on a display that nobody sees."""
    folder.mkdir(parents=True)
    options = _options(recorder)
    options.set_capability(
        "webkitgtk:browserOptions", {"binary": str(program), "args": ["--automation"]}
    )
    with ExitStack() as running:
        display = running.enter_context(unseen_display(folder))
        port = _free_port()
        command: list[str | Path] = ["WebKitWebDriver", f"--port={port}"]
        surroundings = {"DISPLAY": display, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
        driving = running.enter_context(_started(command, folder, **surroundings))
        _wait_until_open(port, driving)
        address = ClientConfig(f"http://{HOST}:{port}", timeout=REPLY_TIMEOUT_S)
        driver = Remote(command_executor=RemoteConnection(client_config=address), options=options)
        running.callback(driver.quit)
        yield driver


@contextmanager
def unseen_display(folder: Path) -> Iterator[str]:
    """Yield the name of a new X display without a screen."""
    read, write = os.pipe()
    screen = ["-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with os.fdopen(read) as said, ExitStack() as running:
        try:
            command: list[str | Path] = ["Xvfb", "-displayfd", str(write), *screen]
            running.enter_context(_started(command, folder, keeps=(write,)))
        finally:
            os.close(write)
        yield f":{said.readline().strip()}"


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("WebKit's driver did not open its port.")


# Both ---------------------------------------------------------------------------------------


def _options(recorder: RequestRecorder) -> ArgOptions:
    """What either engine is told: its proxy, and how long a page may take."""
    options = ArgOptions()
    options.set_capability("proxy", recorder.capability)
    options.set_capability("timeouts", {"pageLoad": PAGE_TIMEOUT_S * 1000})
    return options


def _first_on_path(*names: str) -> Path | None:
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


@contextmanager
def _started(
    command: list[str | Path], home: Path, *, keeps: tuple[int, ...] = (), **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process whose home is a folder of the test, and end it; ``keeps`` are its pipes."""
    process = subprocess.Popen(
        [str(part) for part in command],  # the tests' own marks read text
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(home), **environment},
        pass_fds=keeps,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True, slots=True)
class Engine:
    """A browser engine that the long tests drive."""

    find_program: Callable[[], Path | None]
    """Its program, installed if need be."""
    start_driver: Callable[[Path, Path, RequestRecorder], AbstractContextManager[Remote]]
    missing: str


ENGINES = {
    "firefox": Engine(
        find_firefox, start_firefox, "No Firefox found: install the package firefox-esr."
    ),
    "webkit": Engine(
        find_webkit,
        start_webkit,
        "No WebKit found: install the packages webkit2gtk-driver and xvfb.",
    ),
}


if __name__ == "__main__":
    for engine in ENGINES.values():
        print(engine.find_program() or engine.missing)
