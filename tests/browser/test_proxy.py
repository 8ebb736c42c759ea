"""The book behind nginx, with TLS in front and under a prefix."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import App
from tests.browser.debian import install_packages
from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat
from workbook.serve.lan import CERTIFICATE_FILE, ensure_certificate

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

PREFIX = "/practice/kim-and-robin/"
CONFIG = """
daemon off;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{}}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/{pem};
    ssl_certificate_key {folder}/{pem};
    location {prefix} {{
      proxy_pass http://127.0.0.1:{book}{target};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      {host}
    }}
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def nginx() -> str:
    if not shutil.which("nginx"):
        install_packages("nginx-light")
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not found:
        pytest.skip("nginx cannot be installed here")
    return found


@pytest.fixture
def book(filled: Path, start_app: Callable[..., App]) -> Callable[[str, int], App]:
    """Start the made-up couple's book for an address behind a proxy, on a port of this computer."""
    return lambda public, port: start_app(filled, "--public", public, "--port", str(port))


@contextmanager
def proxying(nginx: str, folder: Path, **how: object):
    folder.mkdir()
    ensure_certificate(folder, "127.0.0.1")
    (folder / "nginx.conf").write_text(
        CONFIG.format(folder=folder, pem=CERTIFICATE_FILE, prefix=PREFIX, **how)
    )
    command = [nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    process = psutil.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize(
    "how",
    [
        {"target": "/", "host": ""},
        {"target": "", "host": "proxy_set_header Host $http_host;"},
    ],
    ids=["prefix taken off, another host", "prefix and host kept"],
)
def test_an_evening_opens_behind_a_proxy(
    nginx: str,
    browser: Browser,
    book: Callable[[str, int], App],
    tmp_path: Path,
    how: dict[str, str],
) -> None:
    port, own = free_port(), free_port()
    public = f"https://127.0.0.1:{port}{PREFIX}"
    with proxying(nginx, tmp_path / "nginx", port=port, book=own, **how):
        app = book(public, own)
        context = browser.new_context(ignore_https_errors=True)
        page: Page = context.new_page()
        outside: list[str] = []
        page.on("request", lambda asked: asked.url.startswith(public) or outside.append(asked.url))

        assert app.url == public
        screen = Screen(page, app)
        screen.open()
        screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
        screen.turn_to("limits")

        assert outside == []
        assert {cookie["path"] for cookie in context.cookies()} == {PREFIX}
        assert all(cookie["secure"] for cookie in context.cookies())
        expect(page.get_by_role("heading", name="Limits", exact=True)).to_be_visible()
        context.close()
