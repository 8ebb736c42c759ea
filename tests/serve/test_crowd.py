"""Many connections at a time, and connections that send nothing, keep nobody else out."""

from __future__ import annotations

import asyncio
import errno
import logging
import resource
import socket
import time

import pytest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from tests.aside import aside
from tests.serve.running import running
from workbook.serve import connections
from workbook.serve.connections import MAX_PER_ADDRESS, LimitedServer

HALF = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: "


class Answer(RequestHandler):
    def get(self):
        self.finish("here")


class Slow(RequestHandler):
    async def get(self):
        await self.application.settings["go"].wait()
        self.finish("late")


def serve(scenario, **how):
    """Run ``scenario(port)`` beside a server of this process."""

    async def run():
        app = Application([("/slow", Slow), ("/", Answer)], go=asyncio.Event())
        (bound,) = bind_sockets(0, "127.0.0.1")
        server = LimitedServer(app, **how)
        server.add_sockets([bound])
        try:
            await scenario(bound.getsockname()[1], app)
        finally:
            app.settings["go"].set()
            server.stop()
            bound.close()

    aside(run())


async def ask(port, path="/"):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    said = await reader.read()
    writer.close()
    return said


@pytest.mark.parametrize("sent", [b"", HALF, b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"])
def test_who_sends_nothing_or_half_is_dropped(sent):
    async def scenario(port, _app):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        assert await asyncio.wait_for(reader.read(), 20) is not None  # it ends
        writer.close()

    serve(scenario, idle_timeout=0.2)


def test_the_one_that_waited_longest_makes_room_and_who_is_answered_stays():
    async def scenario(port, app):
        slow = asyncio.create_task(ask(port, "/slow"))
        await asyncio.sleep(0.1)
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MAX_PER_ADDRESS)]

        assert (await ask(port)).endswith(b"here")
        assert await asyncio.wait_for(idle[0][0].read(), 20) == b""
        app.settings["go"].set()
        assert (await slow).endswith(b"late")
        for _, writer in idle:
            writer.close()

    serve(scenario)


def test_without_files_for_a_connection_it_pauses_and_logs_no_loop(monkeypatch, caplog):
    tries = []

    class Full(socket.socket):
        def accept(self):
            tries.append(1)
            if len(tries) < 3:
                raise OSError(errno.EMFILE, "no files")
            return super().accept()

    monkeypatch.setattr(connections, "PAUSE_S", 0.05)

    with caplog.at_level(logging.ERROR):
        aside(_listen_on(Full()))

    assert len(caplog.records) == 2


@pytest.mark.parametrize("number", [errno.EPROTO, errno.ENETDOWN, errno.EPERM])
def test_a_connection_that_the_network_refuses_is_no_end_of_listening(number, caplog):
    tries = []

    class Odd(socket.socket):
        def accept(self):
            tries.append(1)
            if len(tries) == 1:
                raise OSError(number, "odd")
            return super().accept()

    with caplog.at_level(logging.ERROR), pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "PAUSE_S", 0.05)
        aside(_listen_on(Odd()))

    assert [record.exc_info for record in caplog.records] == [None]


async def _listen_on(bound):
    bound.bind(("127.0.0.1", 0))
    bound.listen()
    bound.setblocking(False)
    server = LimitedServer(Application([("/", Answer)]))
    server.add_sockets([bound])
    assert (await ask(bound.getsockname()[1])).endswith(b"here")
    server.stop()
    bound.close()


def test_a_server_that_is_stopped_in_a_pause_says_nothing_more(monkeypatch, caplog):
    class Full(socket.socket):
        def accept(self):
            raise OSError(errno.EMFILE, "no files")

    monkeypatch.setattr(connections, "PAUSE_S", 0.05)

    async def scenario():
        bound = Full()
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        bound.setblocking(False)
        server = LimitedServer(Application([("/", Answer)]))
        server.add_sockets([bound])
        waiting = asyncio.create_task(ask(bound.getsockname()[1]))
        while not caplog.records:
            await asyncio.sleep(0.01)
        server.stop()
        await asyncio.sleep(0.2)
        waiting.cancel()

    with caplog.at_level(logging.ERROR):
        aside(scenario())

    assert len(caplog.records) == 1


@pytest.mark.long
def test_many_cookies_of_other_ports_are_no_error(tmp_path):
    foreign = "; ".join(f"c{number}={'x' * 3900}" for number in range(60))

    with running(tmp_path) as server:
        answer = server.ask("/", Cookie=f"{server.headers(0)['Cookie']}; {foreign}")

    assert answer.status == 200


@pytest.mark.long
def test_a_device_leaves_a_page_for_each_other_one(tmp_path):
    with running(tmp_path) as server:
        mine = [server.ask("/", device=0).status for _ in range(8)]
        others = [server.ask("/", device=device).status for device in (1, 2)]

    assert mine[-1] == 503
    assert mine.count(200) == 5  # of seven, one for each other device
    assert others == [200, 200]


@pytest.mark.long
def test_five_hundred_idle_connections_keep_no_page_closed(tmp_path):
    few = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))"
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(2048, most), most))

    with running(tmp_path, few) as server:
        crowd = []
        for _ in range(500):
            one = socket.create_connection(("127.0.0.1", server.port))
            one.sendall(HALF)
            crowd.append(one)
        began = time.monotonic()
        assert server.ask("/healthz", device=None).status == 204
        assert server.ask("/", device=0).status == 200
        print(f"answered after {time.monotonic() - began:.2f} s")
        for one in crowd:
            one.close()
        server.process.terminate()
        complained = server.process.stderr.read()

    assert len(complained.splitlines()) < 10


@pytest.mark.long
@pytest.mark.parametrize("target", ["*", "http://example.org/pair", "//pair", "pair"])
def test_a_target_that_is_no_path_meets_the_guard_as_well(odd_server, target):
    with socket.create_connection(("127.0.0.1", odd_server.port)) as line:
        line.sendall(f"GET {target} HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n".encode())
        said = line.makefile("rb").read()

    assert said.split()[1] in {b"403", b"404", b"400"}
    assert b"Content-Security-Policy" in said or said.split()[1] == b"400"
    assert b"Server:" not in said


@pytest.fixture(scope="module")
def odd_server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("odd")) as server:
        yield server
