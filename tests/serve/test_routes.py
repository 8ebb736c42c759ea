"""Every route that the app itself has, asked by those who have no business there."""

from __future__ import annotations

import re

import pytest
from tornado.httpclient import HTTPClientError

from tests.aside import aside
from tests.marks import long_after
from tests.serve.running import Server
from workbook.serve.selfcheck import example_address

HOSTS = (
    "attune.example",
    "127.0.0.1",
    "localhost",
    "127.0.0.1:1",
    "localhost:{port}.attune.example",
    "127.0.0.1.attune.example:{port}",
    "attune.example:{port}",
    "127.0.0.1:{port}@attune.example",
    "127.0.0.2:{port}",
    "127.1:{port}",
    "2130706433:{port}",
    "0.0.0.0:{port}",
    "[::1]:{port}",
    "LOCALHOST.:{port}",
    "127.0.0.1:0{port}",
    "127.0.0.1:{port}, attune.example",
    "",
)
ORIGINS = (
    None,
    "null",
    "",
    "http://attune.example",
    "http://attune.example:{port}",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://127.0.0.1:{port}",
    "http://localhost:{port}",
    "http://127.0.0.1:{port}.attune.example",
    "http://127.0.0.1:{port}/",
    "HTTP://127.0.0.1:{port}",
)
FOR_ANYBODY = {"/pair", "/healthz"}
"""What answers a browser that was not let in; files and the way to ``/pair`` come on top."""


@pytest.fixture(scope="module")
def routes(server) -> list[str]:
    return [example_address(pattern) for pattern in server.routes]


def test_an_address_of_each_route_leads_there(server, routes):
    assert len(routes) > 8
    for pattern, path in zip(server.routes, routes, strict=True):
        assert re.fullmatch(pattern, path)


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_is_refused_on_every_route(server, routes, host):
    named = host.format(port=server.port)

    answers = {
        (method, path): server.ask(path, method, Host=named).status
        for path in routes
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
    }

    # 400: what is no host name is refused before any route is looked for, and 405:
    # what a route cannot do, before anybody is asked who wants it.
    assert {status for (method, _), status in answers.items() if method == "GET"} <= {400, 403}
    assert set(answers.values()) <= {400, 403, 405}


def test_a_missing_host_is_refused_on_every_route(server, routes):
    assert {server.ask(path, Host=None).status for path in routes} <= {400, 403}


@pytest.mark.parametrize("cookie", [None, "{cookie}=", "{cookie}=a-guess", "attune-1={session}"])
def test_a_browser_that_was_not_let_in_gets_no_page_and_no_kernel(server, routes, cookie):
    sent = cookie and cookie.format(cookie=server.cookie, session=server.sessions[0])
    before = server.kernel_ids()

    for method in ("GET", "POST"):
        for path in routes:
            answer = server.ask(path, method, device=None, Cookie=sent)
            if path == "/" and method == "GET":
                assert (answer.status, answer.headers["Location"]) == (303, "pair")
            elif path not in FOR_ANYBODY:
                assert answer.status in {303, 403, 404, 405}, (method, path)
    assert server.kernel_ids() == before


@pytest.mark.parametrize("origin", long_after(5, ORIGINS))
def test_a_foreign_origin_changes_nothing(server, routes, origin):
    named = None if origin is None else origin.format(port=server.port)
    said = {"_xsrf": server.xsrf[0], "code": "a guess"}
    kernel = server.open_page()
    paths = [path.replace(str(_zero()), kernel) for path in routes]

    answers = {path: server.ask(path, "POST", body=said, Origin=named).status for path in paths}

    # 405: there is nothing to change; 404: there is nothing.
    assert set(answers.values()) <= {403, 404, 405}
    assert answers[f"/close/{kernel}"] == 403
    assert server.ask(f"/api/kernels/{kernel}").status == 200
    assert aside(_refused(server, kernel, named)) == 403
    server.close_page(kernel)


def _zero() -> str:
    return example_address(r"(?P<kernel_id>)")


async def _refused(server: Server, kernel: str, origin: str | None) -> int:
    """Status of a websocket from there."""
    try:
        line = await server.connect(kernel, Origin=origin)
    except HTTPClientError as refused:
        return refused.code
    line.close()
    return 101
