"""The real server on a real socket: who gets in, what it says, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

import psutil
import pytest

from tests.marks import long_after
from tests.serve.served import KERNEL, Book, command, kernel_of, running, upgrade, xsrf_of
from workbook.serve import lan
from workbook.serve.kernels import OwnedKernelManager
from workbook.serve.launcher import serve
from workbook.serve.listening import PlainBeyondLoopback
from workbook.serve.runtime import choose_transport
from workbook.serve.server_config import build_config

POLICY = "Content-Security-Policy"
ROUTES = (
    "/",
    "/pair",
    "/pair/new",
    "/healthz",
    "/static/book.js",
    f"/api/kernels/{KERNEL}",
    f"/api/kernels/{KERNEL}/channels",
    f"/close/{KERNEL}",
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
    "/voila/static/voila.js",
    "/voila/labextensions/anywidget/package.json",
    "/voila/tree",
    f"/voila/query/{KERNEL}",
    f"/voila/api/shutdown/{KERNEL}",
    "/static/../launcher.py",
    "/static/../pair.html",
    "/static/..%2fpair.html",
    "/app.ipynb",
)


def test_the_page_has_its_prose_before_any_script_ran(book, cookie):
    page = book.ask("/", Cookie=cookie)

    assert page.status == 200
    assert '<section id="help" data-chapter="help" class="at-chapter">' in page.text
    assert "Somebody to talk to." in page.text
    assert page.headers["Cache-Control"].endswith("must-revalidate")
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Set-Cookie"] is None


def test_the_one_script_that_stands_in_the_page_may_run_by_its_hash(book, cookie):
    page = book.ask("/", Cookie=cookie)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.text, flags=re.DOTALL)

    [inline] = [text for tag, text in scripts if "src=" not in tag and "json" not in tag]
    allowed = re.search(r"script-src 'self' 'sha256-([^']+)';", page.headers[POLICY])[1]
    assert allowed == b64encode(sha256(inline.encode()).digest()).decode()


def test_the_page_names_no_other_host(book, cookie):
    tags = re.findall(r'(?:src|href)="([^"]*)"', book.ask("/", Cookie=cookie).text)

    # Relative, so that the book works below a prefix too.
    own = re.compile(r"static/|#|data:")
    assert tags
    assert [address for address in tags if not own.match(address)] == []


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "host", ["attune.example", "127.0.0.1", "localhost:1", "127.0.0.1.example", ""]
)
def test_a_foreign_host_is_refused_everywhere(book, cookie, path, host):
    assert book.ask(path, Host=host, Cookie=cookie).status == 403


@pytest.mark.parametrize("path", ROUTES)
def test_every_answer_carries_the_policy(book, path):
    policy = book.ask(path).headers[POLICY]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


@pytest.mark.parametrize("path", GONE)
def test_what_stock_voila_would_also_serve_is_gone(book, cookie, path):
    assert book.ask(path, Cookie=cookie).status in {403, 404}


@pytest.mark.parametrize("origin", ["http://attune.example", "null", "http://127.0.0.1:1", None])
@pytest.mark.parametrize("what", ["channels", "close"])
def test_a_foreign_origin_is_refused(book, cookie, what, origin):
    headers = {"Cookie": cookie} | ({"Origin": origin} if origin else {})
    if what == "close":
        form = {"_xsrf": xsrf_of(cookie)}
        answer = book.ask(f"/close/{KERNEL}", "POST", form=form, **headers)
    else:
        headers = {k: v for k, v in upgrade(book).items() if k != "Origin"} | headers
        answer = book.ask(f"/api/kernels/{KERNEL}/channels", **headers)

    assert answer.status == 403


def test_a_kernel_cannot_be_deleted(book, cookie):
    assert book.ask(f"/api/kernels/{KERNEL}", "DELETE", Cookie=cookie).status == 405


def test_nothing_is_fetched_in_advance(book, cookie):
    assert book.ask("/", Sec_Purpose="prefetch", Cookie=cookie).status == 503


def test_a_versioned_file_is_kept_and_compressed(book, cookie):
    address = re.search(r'src="(static/book\.js\?v=\w+)"', book.ask("/", Cookie=cookie).text)

    file = book.ask(f"/{address[1]}", Accept_Encoding="gzip")
    plain = book.ask(f"/{address[1]}")
    another = book.ask("/static/book.js?v=0")

    assert "immutable" in file.headers["Cache-Control"]
    assert file.headers["Content-Encoding"] == "gzip"
    assert int(file.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert plain.headers["Content-Encoding"] is None
    assert another.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("how", long_after(1, ["tls", ""]))
def test_the_server_and_its_kernels_listen_on_this_computer_only(tmp_path, how):
    with running(tmp_path, how=how) as book:
        listening = _listening(book)

    assert ("127.0.0.1", book.port) in listening
    assert {ip for ip, _ in listening} <= {"127.0.0.1", "::1"}
    if choose_transport(Path(gettempdir()) / "attune-run-12345678" / "ipc") == "ipc":
        assert {port for _, port in listening} == {book.port}


@pytest.mark.skipif(lan.find_home_address() is None, reason="this computer is in no network")
def test_in_the_network_the_server_listens_on_one_address_and_the_kernels_on_none(tmp_path):
    address = lan.find_home_address()

    with running(tmp_path, address, "tls") as book:
        listening = _listening(book)

    assert book.origin == f"https://{address}:{book.port}"
    assert [each for each in listening if each[0] != "127.0.0.1"] == [(address, book.port)]


def _listening(book: Book) -> list[tuple[str, int]]:
    everything = [book.server, *book.server.children(recursive=True)]
    found = [c for each in everything for c in each.net_connections() if c.status == "LISTEN"]
    return [tuple(each.laddr) for each in found]


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7"])  # noqa: S104 - the point of it
def test_nothing_is_served_in_plain_beyond_this_computer(tmp_path, address):
    with pytest.raises(PlainBeyondLoopback, match=address):
        serve(data=tmp_path, notebooks=tmp_path, port=0, browser=False, address=address)


def test_a_page_that_closes_ends_its_kernel(book, cookie):
    kernel = kernel_of(book.ask("/", Cookie=cookie).text)
    said = {"Origin": book.origin, "Cookie": cookie}

    before = book.ask(f"/api/kernels/{kernel}", Cookie=cookie).status
    unsaid = book.ask(f"/close/{kernel}", "POST", **said).status
    wrong = book.ask(f"/close/{kernel}", "POST", form={"_xsrf": "a" * 64}, **said).status
    still = book.ask(f"/api/kernels/{kernel}", Cookie=cookie).status
    form = {"_xsrf": xsrf_of(cookie)}
    closed = book.ask(f"/close/{kernel}", "POST", form=form, **said).status
    after = book.ask(f"/api/kernels/{kernel}", Cookie=cookie).status

    assert (before, unsaid, wrong, still, closed, after) == (200, 403, 403, 200, 204, 404)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)]
)
def test_the_end_leaves_no_kernel_and_no_file(tmp_path, monkeypatch, number):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with running(tmp_path) as book:
        server = book.server
        book.ask("/?private=word", Cookie=book.pair())
        kernels = server.children(recursive=True)
        server.send_signal(number)
        code = server.wait(20)
        rest = server.stdout.read() + server.stderr.read()

    assert code == 0
    assert kernels
    _gone, alive = psutil.wait_procs(kernels, timeout=3)  # the last one may be a moment behind
    assert alive == []
    assert rest == ""
    assert list(temporary.iterdir()) == []


def _of(folder: Path, pid: int) -> bool:
    owner = folder / "owner.json"
    return owner.exists() and owner.read_text().startswith(f"[{pid},")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")
def test_no_request_reaches_the_environment_of_a_kernel(tmp_path):
    with running(tmp_path) as book:
        cookie = book.pair()
        book.ask("/?private=word", Cookie=cookie)
        book.ask("/?private=word", Cookie=cookie)
        told = [Path(f"/proc/{k.pid}/environ").read_bytes() for k in book.server.children()]

    assert told
    assert not any(b"private=word" in names for names in told)
    assert not any(cookie[:40].encode() in names or b"HTTP_" in names for names in told)
    assert all(b"WORKBOOK_APP=1" in names for names in told)
    ends_with = f"WORKBOOK_SERVER={book.server.pid}".encode()
    assert all(ends_with in names.split(b"\0") for names in told)


def test_a_taken_port_is_one_sentence_and_exit_2(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        starting = command(tmp_path, port)
        ended = subprocess.run(starting, capture_output=True, text=True, timeout=120, check=False)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == f"Port {port} is in use; choose another one.\n"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX rights")
def test_only_its_owner_enters_the_folder_of_a_run(tmp_path):
    with running(tmp_path) as book:
        (folder,) = [f for f in Path(gettempdir()).glob("attune-run-*") if _of(f, book.server.pid)]
        rights = folder.stat().st_mode & 0o777

    assert rights == 0o700


def test_there_are_as_many_pages_as_were_asked_for():
    config = build_config(
        {},
        is_single_notebook=False,
        said={},
        max_pages=30,
        ready_pages=3,
        transport="tcp",
        own_certificate=False,
        hooks={},
    )

    assert config.VoilaConfiguration.default_pool_size == 3
    assert OwnedKernelManager(config=config).max_kernels == 30
