"""The real server on a real socket: who gets in, what it says, and what it leaves behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbook.serve.compose import OPENING

KERNEL = "00000000-0000-0000-0000-000000000000"
ROUTES = (
    "/",
    "/healthz",
    "/look/tokens.css",
    "/static/workbook.js",
    "/voila/static/voila.js",
    "/voila/labextensions/anywidget/package.json",
    f"/api/kernels/{KERNEL}",
    f"/api/kernels/{KERNEL}/channels",
    "/anything/else",
)
GONE = (
    "/tree",
    "/login",
    "/api",
    "/api/kernels",
    "/api/contents",
    "/api/terminals",
    "/voila/files/app.ipynb",
    "/voila/tree",
    f"/voila/query/{KERNEL}",
    f"/voila/api/shutdown/{KERNEL}",
    "/static/../launcher.py",
    "/look/..%2f..%2f__init__.py",
    "/app.ipynb",
)
START = """
import sys
from pathlib import Path
from workbook.serve.launcher import serve
data, notebooks, port = sys.argv[1:]
sys.exit(serve(data=Path(data), notebooks=Path(notebooks), port=int(port), browser=False))
"""


@contextmanager
def running(folder: Path, port: int = 0) -> Iterator[tuple[psutil.Popen, int]]:
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    cells = [new_markdown_cell("# Help\n\nSomebody to talk to."), new_code_cell(OPENING)]
    nbformat.write(new_notebook(cells=cells), notebooks / "01-help.ipynb")
    command = [sys.executable, "-c", START, str(folder), str(notebooks), str(port)]
    server = psutil.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        found = re.fullmatch(r"Open http://127\.0\.0\.1:(\d+)/\n", line)
        assert found, line + server.stderr.read()
        yield server, int(found[1])
    finally:
        if server.is_running():
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Iterator[int]:
    with running(tmp_path_factory.mktemp("served")) as (_, port):
        yield port


def ask(port: int, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """One request; underscores in a header's name stand for hyphens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=named)
    answer = connection.getresponse()
    answer.text = answer.read().decode(errors="replace")
    connection.close()
    return answer


def test_the_page_has_its_prose_before_any_script_ran(port):
    page = ask(port, "/")

    assert page.status == 200
    assert '<section id="help" data-chapter="help" class="at-chapter">' in page.text
    assert "Somebody to talk to." in page.text
    assert page.headers["Cache-Control"].endswith("must-revalidate")
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Set-Cookie"] is None


def test_the_page_has_no_inline_script(port):
    scripts = re.findall(r"<script([^>]*)>", ask(port, "/").text)

    assert scripts
    assert all("src=" in tag or "json" in tag for tag in scripts)


def test_the_page_names_no_other_host(port):
    tags = re.findall(r'(?:src|href)="([^"]*)"', ask(port, "/").text)

    assert all(address.startswith(("/", "#", "data:")) for address in tags)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "host", ["attune.example", "127.0.0.1", "localhost:1", "127.0.0.1.example", ""]
)
def test_a_foreign_host_is_refused_everywhere(port, path, host):
    assert ask(port, path, Host=host).status == 403


@pytest.mark.parametrize("path", ROUTES)
def test_every_answer_carries_the_policy(port, path):
    policy = ask(port, path).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


@pytest.mark.parametrize("path", GONE)
def test_what_stock_voila_would_also_serve_is_gone(port, path):
    assert ask(port, path).status in {403, 404}


@pytest.mark.parametrize("origin", ["http://attune.example", "null", "http://127.0.0.1:1", None])
@pytest.mark.parametrize("what", ["channels", "close"])
def test_a_foreign_origin_is_refused(port, what, origin):
    headers = {"Origin": origin} if origin else {}
    if what == "close":
        answer = ask(port, f"/close/{KERNEL}", "POST", **headers)
    else:
        headers |= {"Upgrade": "websocket", "Connection": "Upgrade"}
        headers |= {"Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
        answer = ask(port, f"/api/kernels/{KERNEL}/channels", **headers)

    assert answer.status == 403


def test_a_kernel_cannot_be_deleted(port):
    assert ask(port, f"/api/kernels/{KERNEL}", "DELETE").status == 405


def test_nothing_is_fetched_in_advance(port):
    assert ask(port, "/", Sec_Purpose="prefetch").status == 503


def test_a_versioned_file_is_kept_and_compressed(port):
    address = re.search(r'href="(/look/tokens\.css\?v=\w+)"', ask(port, "/").text)

    file = ask(port, address[1], Accept_Encoding="gzip")

    assert "max-age=315360000" in file.headers["Cache-Control"]
    assert file.headers["Content-Encoding"] == "gzip"


def test_the_server_listens_on_this_computer_only(tmp_path):
    with running(tmp_path) as (server, port):
        listening = [c.laddr for c in server.net_connections() if c.status == "LISTEN"]

    assert ("127.0.0.1", port) in listening
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_a_page_that_closes_ends_its_kernel(tmp_path):
    with running(tmp_path) as (_, port):
        kernel = re.search(r'"kernelId": "([^"]+)"', ask(port, "/").text)[1]
        before = ask(port, f"/api/kernels/{kernel}").status
        closed = ask(port, f"/close/{kernel}", "POST", Origin=f"http://127.0.0.1:{port}").status
        after = ask(port, f"/api/kernels/{kernel}").status

    assert (before, closed, after) == (200, 204, 404)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_end_leaves_no_kernel_and_no_folder(tmp_path, number):
    with running(tmp_path) as (server, port):
        ask(port, "/?private=word")
        kernels = server.children(recursive=True)
        server.send_signal(number)
        code = server.wait(20)
        rest = server.stdout.read() + server.stderr.read()

    assert code == 0
    assert kernels
    assert not any(kernel.is_running() for kernel in kernels)
    assert rest == ""
    assert not [f for f in Path(gettempdir()).glob("attune-run-*") if _of(f, server.pid)]


def _of(folder: Path, pid: int) -> bool:
    owner = folder / "owner.json"
    return owner.exists() and owner.read_text().startswith(f"[{pid},")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")
def test_no_request_reaches_the_environment_of_a_kernel(tmp_path):
    with running(tmp_path) as (server, port):
        ask(port, "/?private=word")
        ask(port, "/?private=word")
        told = [Path(f"/proc/{k.pid}/environ").read_bytes() for k in server.children()]

    assert told
    assert not any(b"private=word" in names for names in told)
    assert all(b"WORKBOOK_APP=1" in names for names in told)


def test_a_taken_port_is_one_sentence_and_exit_2(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        notebooks = tmp_path / "notebooks"
        notebooks.mkdir()
        cells = [new_markdown_cell("# Help"), new_code_cell(OPENING)]
        nbformat.write(new_notebook(cells=cells), notebooks / "01-help.ipynb")
        command = [sys.executable, "-c", START, str(tmp_path), str(notebooks), str(port)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == f"Port {port} is in use; choose another one.\n"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX rights")
def test_only_its_owner_enters_the_folder_of_a_run(tmp_path):
    with running(tmp_path) as (server, _):
        (folder,) = [f for f in Path(gettempdir()).glob("attune-run-*") if _of(f, server.pid)]
        rights = folder.stat().st_mode & 0o777

    assert rights == 0o700
