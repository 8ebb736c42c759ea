"""Whose a kernel is, how many there are, and when one ends."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import psutil
import pytest
from tornado.httpclient import HTTPClientError

from tests.aside import aside
from tests.serve.running import (
    CANARY,
    Server,
    message,
    packed,
    running,
    states_request,
    unpacked,
)
from tests.serve.served import kernel_of
from workbook.app.demo import _EVENINGS, DEMO_NAMES, DEMO_PASSPHRASES, fill_vault
from workbook.content.words import error_sentence
from workbook.domain.errors import TooManyPages
from workbook.serve.frames import WEBSOCKET_PROTOCOL
from workbook.serve.runtime import choose_transport

REQUEST = {
    b"HTTP_HOST",
    b"HTTP_REFERER",
    b"PATH_INFO",
    b"QUERY_STRING",
    b"SCRIPT_NAME",
    b"SERVER_NAME",
    b"SERVER_PORT",
    b"SERVER_PROTOCOL",
    b"SERVER_SOFTWARE",
    b"VOILA_REQUEST_URL",
}
"""What stock Voilà tells a kernel about a request, or about the one before it."""

CHAPTERS = Path(__file__).parents[2] / "notebooks"

SHORT = """
from traitlets import Float
from workbook.serve import kernels, server_config
kernels.PING_INTERVAL_S = 1.0
class Short(server_config.OwnedKernelManager):
    disconnect_grace_s = Float(3.0)
    connect_timeout_s = Float(6.0)
server_config.OwnedKernelManager = Short
"""
PLAIN = """
from workbook.serve import runtime
runtime.can_fork_kernels = launcher.can_fork_kernels = lambda: False
"""
FEW = """
from traitlets import Integer
from workbook.serve import server_config
class Few(server_config.OwnedKernelManager):
    max_kernels = Integer(3)
server_config.OwnedKernelManager = Few
"""
LATE = """
import asyncio
from workbook.serve import kernels
subscribe = kernels.KernelSockets.subscribe
def late(self):
    asyncio.get_running_loop().call_later(0.5, subscribe, self)
kernels.KernelSockets.subscribe = late
"""
CHATTER = """
hidden = compose
chatty = '''
import asyncio
async def talk():
    while True:
        hidden.value += "."
        await asyncio.sleep(0.02)
talking = asyncio.get_running_loop().create_task(talk())
'''
def talking(chapters):
    notebook = with_a_hidden_widget(chapters)
    notebook.cells.append(new_code_cell(chatty, metadata={"workbook": {"kind": "hidden"}}))
    return notebook
launcher.compose_notebook = talking
"""
FULL = f"{error_sentence(TooManyPages())}\n"


@pytest.fixture(scope="module")
def short(tmp_path_factory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("short"), SHORT + CHATTER) as server:
        yield server


def there(server: Server, kernel: str, device: int = 0) -> bool:
    return server.ask(f"/api/kernels/{kernel}", device=device).status == 200


def until(true, patience: float = 60.0) -> None:
    """Wait for something that must come about; a busy machine is given time."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


async def refusal(server: Server, kernel: str, device: int | None) -> int:
    """Status of a connection that is refused; 101 if it is not."""
    try:
        line = await server.connect(kernel, device=device)
    except HTTPClientError as refused:
        return refused.code
    line.close()
    return 101


async def answered(line) -> bool:
    await line.write_message(packed("shell", *message("kernel_info_request")), binary=True)
    while (said := await asyncio.wait_for(line.read_message(), 30)) is not None:
        channel, (header, *_) = unpacked(said)
        if (channel, header["msg_type"]) == ("shell", "kernel_info_reply"):
            return True
    return False


async def states(server: Server, kernel: str) -> dict[str, dict]:
    """What a page that connects is sent: every living widget, shown or not."""
    line = await server.connect(kernel)
    for frame in states_request():
        await line.write_message(frame, binary=True)
    while True:
        said = unpacked(await asyncio.wait_for(line.read_message(), 30))[1]
        if said[0]["msg_type"] == "comm_msg":
            line.close()
            return said[3]["data"]["states"]


# ---- Owners ----


def test_a_page_belongs_to_the_device_that_opened_it(server):
    for device in range(3):
        kernel = server.open_page(device)
        others = [other for other in (None, 0, 1, 2) if other != device]

        assert there(server, kernel, device)
        assert aside(refusal(server, kernel, device)) == 101
        for other in others:
            expected = 403 if other is None else 404
            assert server.ask(f"/api/kernels/{kernel}", device=other).status == expected
            assert aside(refusal(server, kernel, other)) == expected
        server.close_page(kernel, device)


def test_a_blank_kernel_accepts_nobody(server):
    server.close_page(server.open_page(0))
    until(lambda: len(server.kernel_ids()) == 1)
    (kernel,) = server.kernel_ids()

    for device, expected in ((None, 403), (0, 404), (1, 404), (2, 404)):
        assert server.ask(f"/api/kernels/{kernel}", device=device).status == expected
        assert aside(refusal(server, kernel, device)) == expected
        said = {"_xsrf": server.xsrf[device or 0]}
        closed = server.ask(
            f"/close/{kernel}", "POST", device=device, body=said, Origin=server.origin
        )
        assert closed.status == expected
    assert kernel in server.kernel_ids()


def test_the_kernel_that_fills_the_pool_is_not_the_visitors_before(server):
    first = server.open_page(0)
    until(lambda: len(server.kernel_ids()) == 2)
    (waiting,) = server.kernel_ids() - {first}

    second = server.open_page(1)

    assert second == waiting
    assert there(server, second, 1)
    assert not there(server, second, 0)
    server.close_page(first, 0)
    server.close_page(second, 1)


def test_only_its_owner_closes_a_page(server):
    kernel = server.open_page(0)
    closed = {
        "another device": server.close_page(kernel, 1),
        "no value": server.ask(f"/close/{kernel}", "POST", Origin=server.origin).status,
        "another value": server.ask(
            f"/close/{kernel}", "POST", body={"_xsrf": server.xsrf[1]}, Origin=server.origin
        ).status,
        "no device": server.ask(
            f"/close/{kernel}",
            "POST",
            device=None,
            body={"_xsrf": server.xsrf[0]},
            Origin=server.origin,
        ).status,
    }

    assert closed == {
        "another device": 404,
        "no value": 403,
        "another value": 403,
        "no device": 403,
    }
    assert there(server, kernel)
    assert server.close_page(kernel) == 204
    assert not there(server, kernel)


@pytest.mark.skipif(sys.platform == "win32", reason="sockets that are files")
@pytest.mark.parametrize("how", ["", pytest.param(PLAIN, marks=pytest.mark.long)])
def test_a_kernel_listens_on_no_port(tmp_path, how):
    with running(tmp_path, how) as server:
        kernels = server.kernels()
        if choose_transport(server.folder) == "tcp":
            pytest.skip("The folder for temporary files has too long a name.")

        assert kernels
        assert not [c for each in kernels for c in each.net_connections("inet")]


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")
def test_three_visitors_in_a_row_see_an_empty_request_environment(tmp_path):
    # Started as usual: of a forked kernel the system shows what its zygote was told.
    with running(tmp_path, PLAIN) as server:
        for device in range(3):
            came = f"{server.origin}/?from"
            page = server.ask(f"/?visitor={device}", device=device, Referer=came)
            kernel = kernel_of(page.text)
            told = [Path(f"/proc/{each.pid}/environ").read_bytes() for each in server.kernels()]

            assert told
            for names in told:
                assert not REQUEST & {line.partition(b"=")[0] for line in names.split(b"\0")}
                assert b"visitor=" not in names
            server.close_page(kernel, device)


# ---- One page per kernel ----


def test_a_second_connection_takes_the_place_of_the_first(server):
    kernel = server.open_page()

    async def twice() -> tuple[bool, object, bool]:
        first = await server.connect(kernel)
        before = await answered(first)
        second = await server.connect(kernel)
        while (gone := await asyncio.wait_for(first.read_message(), 30)) is not None:
            pass
        return before, gone, await answered(second)

    assert aside(twice()) == (True, None, True)
    server.close_page(kernel)


def test_a_foreign_connection_takes_nobodys_place(server):
    kernel = server.open_page()

    async def try_it() -> tuple[int, bool]:
        line = await server.connect(kernel)
        return await refusal(server, kernel, 1), await answered(line)

    assert aside(try_it()) == (404, True)
    server.close_page(kernel)


def test_a_question_right_after_the_connection_opened_is_always_answered(server):
    kernel = server.open_page()

    async def ask_at_once() -> list[bool]:
        # On iopub, where an answer is lost that comes before the connection listens.
        return [bool(await states(server, kernel)) for _ in range(50)]

    assert aside(ask_at_once()) == [True] * 50
    server.close_page(kernel)


@pytest.mark.long
def test_no_answer_is_lost_where_listening_begins_late(tmp_path):
    with running(tmp_path, LATE) as server:
        kernel = server.open_page()

        held = [aside(states(server, kernel)) for _ in range(2)]

    assert all(held)


def test_the_first_connection_of_a_page_loses_no_state(server):
    for _ in range(3):
        kernel = server.open_page()
        held = aside(states(server, kernel)).values()
        assert CANARY in {each["state"].get("value") for each in held}
        server.close_page(kernel)


def test_a_locked_kernel_has_nothing_private_to_tell(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    fill_vault(data, date(2026, 11, 20))
    with running(data, notebooks=CHAPTERS) as server:
        kernel = server.open_page()
        held = aside(states(server, kernel))

    told = json.dumps(held, ensure_ascii=False)
    assert "Secret" in told  # the field for the passphrase is among them
    private = (
        *DEMO_NAMES.values(),
        *DEMO_PASSPHRASES.values(),
        *(w for past in _EVENINGS for w in past.thanks),
    )
    assert not [words for words in private if words in told]


# ---- How many ----


@pytest.mark.long
def test_there_are_so_many_pages_and_no_more(tmp_path):
    with running(tmp_path, FEW) as server:  # two pages, and a blank kernel
        first, second = server.open_page(0), server.open_page(1)
        full = [server.ask("/", device=device) for device in range(3)]
        closed = server.close_page(second, 1)
        third = server.open_page(2)

        assert {(page.status, page.text) for page in full} == {(503, FULL)}
        assert full[0].headers["Content-Type"].startswith("text/plain")
        assert (closed, there(server, first), there(server, third, 2)) == (204, True, True)


@pytest.mark.long
def test_many_at_once_are_counted_like_one_after_the_other(tmp_path):
    with running(tmp_path, FEW) as server, ThreadPoolExecutor(6) as at_once:
        pages = list(at_once.map(lambda _: server.ask("/").status, range(6)))
        until(lambda: len(server.kernels()) == 2)

    assert sorted(pages) == [200, 503, 503, 503, 503, 503]  # the other page is another device's


@pytest.mark.long
def test_a_page_that_was_left_makes_room_for_the_same_device_alone(tmp_path):
    async def visit(kernel: str) -> None:
        line = await server.connect(kernel)
        await answered(line)
        line.close()
        while await asyncio.wait_for(line.read_message(), 30) is not None:
            pass

    with running(tmp_path, FEW) as server:
        left, mine = server.open_page(0), server.open_page(1)
        aside(visit(left))
        refused = server.ask("/", device=1).status
        again = server.open_page(0)

        assert refused == 503
        assert not there(server, left, 0)
        assert there(server, again, 0)
        assert there(server, mine, 1)


# ---- Life ----


@pytest.mark.long
def test_a_kernel_ends_a_while_after_its_page_whatever_its_widgets_say(short):
    kernel = short.open_page()

    async def visit() -> None:
        line = await short.connect(kernel)
        assert await answered(line)
        line.close()

    aside(visit())

    until(lambda: not there(short, kernel))


@pytest.mark.long
def test_a_page_that_never_came_ends_and_the_blank_kernel_stays(short):
    kernel = short.open_page()

    until(lambda: not there(short, kernel))

    until(lambda: len(short.kernel_ids()) == 1)
    (waiting,) = short.kernel_ids()
    assert waiting != kernel
    assert short.open_page() == waiting


@pytest.mark.long
def test_a_page_that_comes_back_keeps_its_kernel(short):
    async def come_back(kernel: str) -> bool:
        line = await short.connect(kernel)
        assert await answered(line)
        line.close()
        line = await short.connect(kernel)
        # A browser reads all the time; a client that does not answers no pings either.
        reading = asyncio.create_task(read(line))
        # A page that is opened now and never comes ends later than this one would have.
        later = await asyncio.to_thread(short.open_page)
        await asyncio.to_thread(until, lambda: not there(short, later))
        return not reading.done()

    async def read(line) -> None:
        while await line.read_message() is not None:
            pass

    assert aside(come_back(short.open_page()))


@pytest.mark.long
def test_a_browser_that_went_without_a_word_has_gone(short):
    kernel = short.open_page()
    key = "AAAAAAAAAAAAAAAAAAAAAA=="
    lines = {
        "Host": f"127.0.0.1:{short.port}",
        "Origin": short.origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Protocol": WEBSOCKET_PROTOCOL,
    } | short.headers(0)
    asked = [f"GET /api/kernels/{kernel}/channels HTTP/1.1"]
    asked += [f"{name}: {value}" for name, value in lines.items()]

    with socket.create_connection(("127.0.0.1", short.port)) as silent:
        silent.sendall("\r\n".join([*asked, "", ""]).encode())
        assert b" 101 " in silent.recv(64)  # and it never says a word

        until(lambda: not there(short, kernel))


@pytest.mark.long
def test_pages_that_come_and_go_leave_the_blank_kernel_alone(server):
    for number in range(9):
        assert server.close_page(server.open_page(number % 3), number % 3) == 204

    until(lambda: len(server.kernels()) == 1)


@pytest.mark.long
def test_two_hundred_pages_leave_no_trace_in_memory(tmp_path):
    async def visit(kernel: str) -> None:
        line = await server.connect(kernel)
        assert await answered(line)
        line.close()

    def come_and_go(times: int) -> int:
        for _ in range(times):
            kernel = server.open_page()
            aside(visit(kernel))
            assert server.close_page(kernel) == 204
        until(lambda: len(server.kernels()) == 1)
        return server.process.memory_info().rss

    def files() -> int:
        return server.process.num_fds() if psutil.POSIX else server.process.num_handles()

    with running(tmp_path) as server:
        before, opened = come_and_go(20), files()  # what the first pages need stays
        after = come_and_go(200)
        until(lambda: files() <= opened + 5)  # those of the last page close a little later

    assert after < 1.1 * before
