"""Ten couples on a real JupyterHub: each at their own book, and nobody at another's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from tests.aside import aside
from tests.browser.hub import (
    LEADER,
    PATIENCE_S,
    Hub,
    cookies_of,
    find_proxy,
    memory_of,
    running_hub,
    wait_until,
)
from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat
from workbook.serve.frames import WEBSOCKET_PROTOCOL

pytestmark = [pytest.mark.long, pytest.mark.timeout(3000)]

COUPLES = [f"couple{number}" for number in range(10)]
IDLE_S = 120
"""Longer than two reports of an open page, also on a slow machine."""
MOST_MB = 260
"""For a couple with two pages open; docs/hub.md says what was measured."""
WORDS = "In your own words, for yourself"
KIM, ROBIN = Seat


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, _filled: Path) -> Iterator[Hub]:
    """A hub on which all couples but the last have a book already."""
    if (proxy := find_proxy()) is None:
        pytest.skip("configurable-http-proxy cannot be installed here")
    folder = tmp_path_factory.mktemp("hub")
    for couple in COUPLES[:-1]:
        copytree(_filled, folder / "books" / couple / ".local" / "share" / "evening-notes")
    with running_hub(folder, proxy, COUPLES, idle_s=IDLE_S) as hub:
        yield hub


@pytest.fixture
def devices(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Browsers of their own, closed at the end."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def new_device(browser: Browser, devices: list[BrowserContext]) -> Page:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    devices.append(context)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    return page


def unlock(hub: Hub, page: Page, couple: str, seat: Seat = KIM) -> Screen:
    app: Any = SimpleNamespace(open=lambda page: hub.open(page, couple))
    screen = Screen(page, app)
    page.set_default_timeout(PATIENCE_S * 1000)
    screen.open()
    field = page.get_by_label("Your passphrase")
    expect(field).to_be_visible(timeout=PATIENCE_S * 1000)
    field.fill(DEMO_PASSPHRASES[seat])
    screen.press("Open")
    name = page.get_by_role("banner").get_by_text(DEMO_NAMES[seat])
    expect(name).to_be_visible(timeout=PATIENCE_S * 1000)
    screen.passphrase = DEMO_PASSPHRASES[seat]
    return screen


def save(screen: Screen, text: str) -> None:
    screen.turn_to("intentions")
    screen.write(WORDS, text)
    expect(screen.page.get_by_text(re.compile(r"Saved \d\d:\d\d")).first).to_be_visible()


def expect_saved(screen: Screen, text: str) -> None:
    screen.turn_to("intentions")
    expect(screen.page.get_by_label(WORDS)).to_have_value(text)


def kernel_of(page: Page) -> str:
    return str(
        page.evaluate("JSON.parse(document.getElementById('at-config').textContent).kernelId")
    )


def what_couple_says(couple: str) -> str:
    return f"what only {couple} hopes for"


async def connect(url: str, cookie: str, origin: str) -> int:
    """Return the status of one attempt to open a websocket."""
    sent = {"Cookie": cookie, "Origin": origin}
    try:
        line = await websocket_connect(
            HTTPRequest(url.replace("http", "ws", 1), headers=sent, request_timeout=60),
            subprotocols=[WEBSOCKET_PROTOCOL],
        )
    except HTTPClientError as refused:
        return refused.code
    line.close()
    return 101


def test_ten_couples_at_once_each_save_in_a_book_of_their_own(
    hub: Hub, browser: Browser, devices: list[BrowserContext]
) -> None:
    """Two start at a time; at the end all ten have a page open, and one has two."""
    screens: dict[str, Screen] = {}
    outside: list[str] = []
    for couple in COUPLES:
        page = new_device(browser, devices)
        page.on("request", lambda r: r.url.startswith(hub.url) or outside.append(r.url))
        page.on("websocket", lambda w: urlsplit(w.url).port or outside.append(w.url))
        hub.sign_in(page, couple)
        screens[couple] = Screen(page, SimpleNamespace())
        if len(screens) % 2:
            continue
        for each in [*screens][-2:]:
            if each == COUPLES[-1]:
                first_page(hub, screens[each].page, each)
                continue
            screens[each] = unlock(hub, screens[each].page, each)
            save(screens[each], what_couple_says(each))
    second = unlock(hub, new_device(browser, devices), COUPLES[0], ROBIN)

    servers = hub.servers()
    assert servers.keys() == set(COUPLES)
    memory = {couple: memory_of(server) for couple, server in servers.items()}
    print({couple: round(mb) for couple, mb in memory.items()})
    assert max(memory.values()) < MOST_MB
    for couple in COUPLES[:-1]:
        expect_saved(screens[couple], what_couple_says(couple))
    # Two people are two devices of one server; what is private stays private there as well.
    second.turn_to("intentions")
    assert second.page.get_by_label(WORDS).input_value() != what_couple_says(COUPLES[0])
    assert {u for u in outside if not u.startswith(("data:", "blob:"))} == set()
    keeps_no_secret(hub, servers)


def first_page(hub: Hub, page: Page, couple: str) -> None:
    """A couple without a book is offered one, in words that are true on a hub."""
    page.wait_for_url(hub.url_of(couple))
    expect(page.get_by_role("button", name="Set up the book")).to_be_visible()
    said = page.locator("body").inner_text()
    assert "kept on the computer that runs this book" in said
    assert "Nothing is sent anywhere" not in said


def keeps_no_secret(hub: Hub, servers: dict[str, psutil.Process]) -> None:
    """No kernel has the hub's token, and no log or environment has a word of anybody's."""
    for server in servers.values():
        below = server.children(recursive=True)
        assert below
        for each in below:
            assert not [name for name in each.environ() if name.startswith(("JUPYTERHUB", "JPY"))]
            assert "what only" not in str(each.environ())
    log = hub.log.read_text()
    assert "Adding route" in log
    assert "what only" not in log
    assert not [secret for secret in DEMO_PASSPHRASES.values() if secret in log]


def test_nobody_reaches_the_book_of_another_couple(
    hub: Hub, browser: Browser, devices: list[BrowserContext]
) -> None:
    mine = unlock(hub, new_device(browser, devices), COUPLES[0]).page
    theirs = unlock(hub, new_device(browser, devices), COUPLES[1]).page
    leader = new_device(browser, devices)
    hub.sign_in(leader, LEADER, "hub/home")
    stranger = new_device(browser, devices)

    theirs.goto(hub.url_of(COUPLES[0]))
    expect(theirs.get_by_text("403")).to_be_visible()
    assert "/hub/" in theirs.url
    # The hub would let its admins in once they confirm; the book does not.
    leader.goto(hub.url_of(COUPLES[0]))
    leader.get_by_role("button", name=re.compile("authorize", re.IGNORECASE)).click()
    expect(leader.get_by_role("heading", name="This book is not yours")).to_be_visible()
    stranger.goto(hub.url_of(COUPLES[0]))
    assert "/hub/login" in stranger.url

    kernel = kernel_of(mine)
    port = next(
        each.laddr.port
        for each in hub.servers()[COUPLES[0]].net_connections("inet")
        if each.status == psutil.CONN_LISTEN
    )
    origin = hub.url.rstrip("/")
    through = f"{hub.url_of(COUPLES[0])}api/kernels/{kernel}/channels"
    beside = through.replace(hub.url, f"http://127.0.0.1:{port}/")
    for context in devices[1:]:
        for address in (through, beside):
            cookie = cookies_of(context)
            assert aside(connect(address, cookie, origin)) == 403
            # The same secret under the name that this server's cookie has.
            borrowed = re.sub(r"attune-\d+=", f"attune-{port}=", cookie)
            assert aside(connect(address, borrowed, origin)) == 403
    # The attempt itself was sound: its owner gets through, and takes the page's connection over.
    assert aside(connect(through, cookies_of(devices[0]), origin)) == 101


def test_a_server_that_is_killed_loses_nothing_that_was_saved(
    hub: Hub, browser: Browser, devices: list[BrowserContext]
) -> None:
    couple = COUPLES[2]
    screen = unlock(hub, new_device(browser, devices), couple)
    save(screen, "saved before the end")
    server = hub.servers()[couple]
    left = server.children(recursive=True)

    server.kill()

    expect(screen.page.get_by_role("button", name="Open again")).to_be_visible()
    screen.press("Open again")
    expect(screen.page.get_by_text("The book rests on its server now.")).to_be_visible()
    assert psutil.wait_procs(left, PATIENCE_S)[1] == []
    wait_until(lambda: f"User {couple} server stopped" in hub.log.read_text(), "the hub knows")
    again = unlock(hub, screen.page, couple)
    expect_saved(again, "saved before the end")


def test_who_signs_out_is_out_of_the_book_as_well(
    hub: Hub, browser: Browser, devices: list[BrowserContext]
) -> None:
    couple = COUPLES[3]
    screen = unlock(hub, new_device(browser, devices), couple)
    kept = cookies_of(devices[0])
    kernel = kernel_of(screen.page)
    other = devices[0].new_page()

    other.goto(hub.url_of(couple))
    other.get_by_role("button", name="Help and more").click()
    other.get_by_role("link", name="Sign out").click()
    other.wait_for_url(re.compile("/hub/"))

    address = f"{hub.url_of(couple)}api/kernels/{kernel}/channels"
    origin = hub.url.rstrip("/")
    wait_until(lambda: aside(connect(address, kept, origin)) == 403, "the hub's end is the book's")
    expect(screen.page.get_by_role("alert").first).to_be_visible()
    other.goto(hub.url_of(couple))
    assert "/hub/login" in other.url


def test_a_book_without_a_page_is_put_to_rest_and_one_with_a_page_is_not(
    hub: Hub, browser: Browser, devices: list[BrowserContext]
) -> None:
    busy = unlock(hub, new_device(browser, devices), COUPLES[0])
    idle = unlock(hub, new_device(browser, devices), COUPLES[1])
    save(idle, "saved before the rest")
    save(busy, "still here")
    server = hub.servers()[COUPLES[1]]
    ended = [server, *server.children(recursive=True)]
    started = hub.servers()[COUPLES[0]].pid
    runs = len([*hub.temporary.glob("attune-run-*")])
    idle.page.close()

    assert psutil.wait_procs(ended, PATIENCE_S + IDLE_S)[1] == []

    assert hub.servers()[COUPLES[0]].pid == started
    assert len([*hub.temporary.glob("attune-run-*")]) < runs  # it has tidied up
    expect_saved(busy, "still here")
    again = unlock(hub, devices[1].new_page(), COUPLES[1])
    expect_saved(again, "saved before the rest")
