"""The book behind a proxy: its hosts, origins, cookies and paths."""

from __future__ import annotations

import re

import pytest
from tornado.httpclient import HTTPClientError

from tests.aside import aside
from tests.serve.running import Server, running, start
from tests.serve.served import kernel_of
from workbook.serve.public import InvalidPublicAddress, PublicAddress, read_public_address

PREFIX = "/user/kim/book"
HOST = "book.example"
BEHIND_A_PROXY = f"""
from workbook.serve.public import read_public_address
serve = launcher.serve
def behind(**how):
    return serve(**how, public=read_public_address("https://{HOST}{PREFIX}"))
launcher.serve = behind
"""


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory):
    with running(tmp_path_factory.mktemp("proxied"), BEHIND_A_PROXY) as server:
        yield server


@pytest.fixture(scope="module")
def kernel(proxied: Server) -> str:
    return kernel_of(proxied.ask("/", Host=HOST).text)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://Book.example", PublicAddress("https", "book.example", "/")),
        ("https://book.example:443/a/b", PublicAddress("https", "book.example", "/a/b/")),
        ("https://book.example:8443/", PublicAddress("https", "book.example:8443", "/")),
        ("http://localhost:8000/book", PublicAddress("http", "localhost:8000", "/book/")),
        ("http://127.0.0.1:8000/hub/@kim/", PublicAddress("http", "127.0.0.1:8000", "/hub/@kim/")),
        ("http://[::1]:8000/", PublicAddress("http", "[::1]:8000", "/")),
    ],
)
def test_an_address_is_read_as_browsers_send_it(url: str, found: PublicAddress) -> None:
    assert read_public_address(url) == found


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("http://book.example/", "https"),
        ("book.example", "https://HOST"),
        ("ftp://book.example/", "https://HOST"),
        ("https:///book", "https://HOST"),
        ("https://book.example:port/", "port"),
        ("https://kim:secret@book.example/", "host and path"),
        ("https://book.example/?a=1", "host and path"),
        ("https://book.example/#code", "host and path"),
        ("https://book.example/a b", "path"),
        ("https://book.example//evil", "path"),
    ],
)
def test_another_address_is_refused_in_a_sentence(url: str, named: str) -> None:
    with pytest.raises(InvalidPublicAddress, match=re.escape(named)):
        read_public_address(url)


@pytest.mark.long
@pytest.mark.parametrize("path", ["/", f"{PREFIX}/"])
@pytest.mark.parametrize("host", [HOST, "127.0.0.1:{port}"])
def test_a_proxy_may_keep_or_take_off_the_prefix_and_put_its_own_host(
    proxied: Server, path: str, host: str
) -> None:
    """Whatever it does, the way to the pairing page is relative to where the browser is."""
    said = proxied.ask(path, device=None, Host=host.format(port=proxied.port))

    assert (said.status, said.headers["Location"]) == (303, "pair")
    page = proxied.ask(path, Host=host.format(port=proxied.port))
    assert page.status == 200
    assert not re.search(r"""(src|href|action)=["']/""", page.text)


def test_another_host_or_path_reaches_nothing(proxied: Server) -> None:
    assert proxied.ask("/", Host="other.example").status == 403
    assert proxied.ask("/user/robin/book/", Host=HOST).status == 404


def test_cookies_are_for_the_prefix_and_for_https_alone(proxied: Server) -> None:
    said = proxied.ask(f"{PREFIX}/pair", device=None, Host=HOST)

    kept = said.headers["Set-Cookie"].lower()
    assert f"path={PREFIX}/" in kept
    assert "secure" in kept


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (f"https://{HOST}", 101),
        (f"http://{HOST}", 403),
        ("https://other.example", 403),
        (None, 403),
    ],
)
@pytest.mark.parametrize("host", [HOST, "127.0.0.1:{port}"])
def test_only_a_page_of_that_address_talks_to_its_kernel(
    proxied: Server, kernel: str, origin: str | None, status: int, host: str
) -> None:
    async def connect() -> int:
        try:
            socket = await proxied.connect(
                kernel, Origin=origin, Host=host.format(port=proxied.port)
            )
        except HTTPClientError as refused:
            return refused.code
        socket.close()
        return 101

    assert aside(connect()) == status


def test_the_address_that_is_shown_is_the_one_behind_the_proxy(proxied: Server) -> None:
    asked = proxied.ask("/pair/new", "POST", device=None, Host=HOST, Origin=f"https://{HOST}")

    assert asked.status == 200
    said = iter(proxied.process.stderr.readline, "")
    shown = next(line for line in said if "pair#" in line)
    assert f"https://{HOST}{PREFIX}/pair#" in shown


# What stands in front: the book attacks itself through it before it opens.

THROUGH_A_PROXY = """
from tests.serve.front import Front
from workbook.serve.public import read_public_address
front = Front({rewrite!r})
port = {port} or front.port
serve = launcher.serve
def behind(**how):
    how["port"] = front.target
    return serve(**how, public=read_public_address(f"http://127.0.0.1:{{port}}/book/"))
launcher.serve = behind
"""


@pytest.mark.parametrize(
    ("rewrite", "port", "said"),
    [
        pytest.param({}, 0, "", marks=pytest.mark.long),
        pytest.param({}, 9, "cannot be reached from this computer yet", marks=pytest.mark.long),
        pytest.param(
            {"Upgrade: websocket\r\n": ""}, 0, "passes no websocket on", marks=pytest.mark.long
        ),
        pytest.param(
            {"/healthz": "/elsewhere"}, 0, "does not lead to this book", marks=pytest.mark.long
        ),
    ],
    ids=["as it should", "nobody there", "no websocket", "elsewhere"],
)
def test_what_the_check_cannot_try_through_the_proxy_is_said_and_the_book_opens(
    tmp_path, rewrite: dict[str, str], port: int, said: str
) -> None:
    process = start(tmp_path, THROUGH_A_PROXY.format(rewrite=rewrite, port=port))
    try:
        opened = process.stdout.readline()
    finally:
        process.terminate()
    complained = process.communicate(timeout=60)[1]

    assert re.fullmatch(r"Open http://127\.0\.0\.1:\d+/book/pair#\S+\n", opened), complained
    assert said in complained
    assert bool(said) == ("http://127.0.0.1" in complained)


def test_a_proxy_that_undoes_the_guard_keeps_the_book_closed(tmp_path) -> None:
    rewrite = {"Origin: http://attune.example": "Origin: http://127.0.0.1:PORT"}
    with start(tmp_path, THROUGH_A_PROXY.format(rewrite=rewrite, port=0)) as server:
        try:
            said, complained = server.communicate(timeout=120)
        finally:
            if server.poll() is None:  # it opened after all
                server.terminate()

    assert (server.returncode, said) == (1, ""), complained
    assert "let through a page that came from elsewhere.\n" in complained
