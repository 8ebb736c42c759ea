"""Kernels that are forked from one process: real ones, started as the book starts them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager

from tests.serve.served import running
from workbook.serve import provisioner
from workbook.serve.provisioner import Zygote
from workbook.serve.runtime import forks, settle
from workbook.serve.zygote import KERNEL

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forked on Linux only"),
    pytest.mark.timeout(180),
]

CHANCE = """
import os, random, uuid
import nacl.utils, sqlcipher3
salt = sqlcipher3.connect(":memory:").execute("select hex(randomblob(16))").fetchone()[0]
print(os.urandom(8).hex(), random.random(), nacl.utils.random(8).hex(), salt, uuid.uuid4())
"""


@pytest.fixture
def environ(tmp_path, monkeypatch) -> None:
    for name, value in settle(tmp_path, os.environ).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def zygote(environ, monkeypatch) -> Iterator[Zygote]:
    """A zygote of this test's own."""
    assert forks(), "The package is installed without its entry point."
    made = Zygote()
    monkeypatch.setattr(provisioner, "ZYGOTE", made)
    yield made
    made.close()


@contextmanager
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


async def start(**how: object) -> AsyncKernelManager:
    manager = AsyncKernelManager(
        kernel_name="python3", transport_encryption="required", shutdown_wait_time=2.0
    )
    await manager.start_kernel(env=dict(os.environ), **how)
    return manager


async def run(manager: AsyncKernelManager, code: str) -> str:
    """What the kernel prints."""
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    said: list[str] = []
    reply = await client.execute_interactive(
        code, timeout=60, output_hook=lambda m: said.append(m["content"].get("text", ""))
    )
    client.stop_channels()
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(said).strip()


def name_of(manager: AsyncKernelManager) -> str:
    return psutil.Process(manager.provisioner.process.pid).name()


def test_two_forked_kernels_share_no_chance(zygote):
    async def both() -> tuple[list[str], list[str]]:
        one, other = await start(), await start()
        assert name_of(one) == name_of(other) == KERNEL
        said = [(await run(each, CHANCE)).split() for each in (one, other)]
        for each in (one, other):
            await each.shutdown_kernel(now=True)
        return said[0], said[1]

    with loop() as runner:
        one, other = runner.run(both())

    assert len(one) == 5
    assert not set(one) & set(other)


def test_a_forked_kernel_is_alive_can_be_interrupted_and_ends(zygote):
    async def life() -> tuple[bool, bool]:
        kernel = await start()
        before = await kernel.is_alive()
        await run(kernel, "1")
        await kernel.interrupt_kernel()
        assert await kernel.is_alive()
        await kernel.shutdown_kernel()
        return before, await kernel.is_alive()

    with loop() as runner:
        assert runner.run(life()) == (True, False)


def test_a_forked_kernel_holds_nothing_that_the_server_has_open(zygote):
    async def held(taken: int) -> tuple[bool, bool]:
        kernel = await start()
        await run(kernel, "1")
        process = psutil.Process(kernel.provisioner.process.pid)
        listening = {
            each.laddr.port for each in process.net_connections("inet") if each.status == "LISTEN"
        }
        await kernel.shutdown_kernel(now=True)
        return set(kernel.ports) <= listening, taken in listening

    with loop() as runner, socket.create_server(("127.0.0.1", 0)) as server:
        server.set_inheritable(True)
        assert runner.run(held(server.getsockname()[1])) == (True, False)


def test_a_dead_zygote_is_replaced_and_its_kernels_live_on(zygote):
    async def two() -> tuple[bool, str]:
        first = await start()
        await run(first, "1")
        psutil.Process(zygote._process.pid).kill()
        second = await start()
        third = await start()
        alive = await first.is_alive()
        names = name_of(third)
        for each in (first, second, third):
            await each.shutdown_kernel(now=True)
        return alive, names

    with loop() as runner:
        assert runner.run(two()) == (True, KERNEL)


@pytest.mark.parametrize("how", ["thread", "import", "platform"])
def test_whatever_goes_wrong_the_kernel_starts_as_usual(zygote, tmp_path, monkeypatch, caplog, how):
    if how == "platform":
        monkeypatch.setattr(provisioner.sys, "platform", "darwin")
    else:
        # The zygote is another process: what it imports first is changed on its way there.
        spoilt = {
            "thread": "import threading; threading.Thread(target=threading.Event().wait,"
            " daemon=True).start()",
            "import": "raise ImportError('no')",
        }
        (tmp_path / "sitecustomize.py").write_text(
            "import sys\nif 'workbook.serve.zygote' in sys.orig_argv:\n"
            f"    import importlib.abc\n    class Spoilt(importlib.abc.MetaPathFinder):\n"
            f"        def find_spec(self, name, *_):\n"
            f"            if name == 'workbook.book':\n                {spoilt[how]}\n"
            f"    sys.meta_path.insert(0, Spoilt())\n"
        )
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def name() -> str:
        kernel = await start()
        said = await run(kernel, "print(6 * 7)")
        assert said == "42"
        found = " ".join(psutil.Process(kernel.provisioner.process.pid).cmdline())
        await kernel.shutdown_kernel(now=True)
        return found

    with loop() as runner:
        assert "workbook.serve.kernel" in runner.run(name())
    assert str(Path.home()) not in caplog.text


def test_kernels_end_with_a_server_that_is_killed(tmp_path):
    with running(tmp_path) as book:
        family = book.server.children(recursive=True)
        assert KERNEL in {each.name() for each in family}

        book.server.send_signal(signal.SIGKILL)
        book.server.wait(20)
        _, alive = psutil.wait_procs(family, timeout=10)

    assert alive == []


def test_a_kernel_that_has_ended_leaves_nothing_behind(zygote):
    async def ended() -> int:
        kernel = await start()
        pid = kernel.provisioner.process.pid
        await kernel.shutdown_kernel(now=True)
        return pid

    with loop() as runner:
        pid = runner.run(ended())

    until = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not psutil.pid_exists(pid)
