"""Kernels that are forked from one process: real ones, started as the book starts them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator

import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager

from tests.aside import aside
from tests.marks import long_after
from tests.serve.served import running
from workbook.serve import provisioner
from workbook.serve.provisioner import Zygote
from workbook.serve.runtime import can_fork_kernels, prepare_environment
from workbook.serve.zygote import KERNEL_PROCESS_NAME

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forked on Linux only"),
    pytest.mark.timeout(180),
]

CHANCE = """
import os, random, uuid
import nacl.utils, sqlcipher3
salt = sqlcipher3.connect(":memory:").execute("select hex(randomblob(16))").fetchone()[0]
with sqlcipher3.connect(str(uuid.uuid4())) as vault:
    vault.execute("pragma key = 'the same for both'")
    vault.execute("create table t (x)")
drawn = vault.execute("select hex(randomblob(16))").fetchone()[0]
head = open(vault.execute("pragma database_list").fetchone()[2], "rb").read(16).hex()
print(os.urandom(8).hex(), random.random(), nacl.utils.random(8).hex(), salt, uuid.uuid4())
print(drawn, head)
"""


@pytest.fixture
def environ(tmp_path, monkeypatch) -> None:
    for name, value in prepare_environment(tmp_path, os.environ).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def zygote(environ, monkeypatch) -> Iterator[Zygote]:
    """A zygote of this test's own."""
    assert can_fork_kernels(), "The package is installed without its entry point."
    made = Zygote()
    monkeypatch.setattr(provisioner, "ZYGOTE", made)
    yield made
    made.close()


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


def test_two_forked_kernels_share_no_chance(zygote, tmp_path):
    async def both() -> tuple[list[str], list[str]]:
        one, other = await start(cwd=str(tmp_path)), await start(cwd=str(tmp_path))
        assert name_of(one) == name_of(other) == KERNEL_PROCESS_NAME
        said = [(await run(each, CHANCE)).split() for each in (one, other)]
        for each in (one, other):
            await each.shutdown_kernel(now=True)
        return said[0], said[1]

    one, other = aside(both())

    assert len(one) == 7
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

    assert aside(life()) == (True, False)


def test_an_interrupt_stops_what_a_forked_kernel_runs(zygote):
    async def stopped() -> str:
        kernel = await start()
        client = kernel.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        runs = asyncio.Event()
        endless = client.execute_interactive(
            "print('on', flush=True)\nwhile True: pass",
            timeout=60,
            output_hook=lambda message: message["msg_type"] == "stream" and runs.set(),
        )
        asked = asyncio.create_task(endless)
        await asyncio.wait_for(runs.wait(), 60)
        await kernel.interrupt_kernel()
        reply = await asked
        client.stop_channels()
        await kernel.shutdown_kernel(now=True)
        return reply["content"].get("ename")

    assert aside(stopped()) == "KeyboardInterrupt"


def test_a_forked_kernel_has_its_options_its_keys_its_environment_and_its_folder(
    zygote, tmp_path, monkeypatch
):
    """All of it, after another kernel had another one; and nothing of the zygote's own."""
    monkeypatch.setenv("HERE_AT_FIRST", "1")
    keys = "IPKernelApp.instance().curve_secretkey.decode()"
    code = f"""
import os
from ipykernel.kernelapp import IPKernelApp
shell = get_ipython()
print(shell.history_manager.enabled, shell.cache_size, shell.parent is shell.kernel)
print({keys}, os.environ.get("HERE_AT_FIRST"), os.environ.get("LATER"), os.getcwd())
"""

    async def both() -> tuple[str, str]:
        first = await start()
        monkeypatch.delenv("HERE_AT_FIRST")
        monkeypatch.setenv("LATER", "2")
        kernel = await start(cwd=str(tmp_path))
        assert name_of(kernel) == KERNEL_PROCESS_NAME
        said = await run(kernel, code)
        for each in (first, kernel):
            await each.shutdown_kernel(now=True)
        return said, kernel.curve_secretkey.decode()

    said, secret = aside(both())

    assert said == f"False 0 True\n{secret} None 2 {tmp_path}"


def test_most_memory_of_a_forked_kernel_is_shared(zygote):
    async def memory() -> tuple[int, int]:
        kernel = await start()
        await run(kernel, "1")
        found = psutil.Process(kernel.provisioner.process.pid).memory_full_info()
        await kernel.shutdown_kernel(now=True)
        return found.uss, found.rss

    private, all_of_it = aside(memory())

    assert private < all_of_it / 2


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

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.set_inheritable(True)
        assert aside(held(server.getsockname()[1])) == (True, False)


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

    assert aside(two()) == (True, KERNEL_PROCESS_NAME)


BROKEN = {
    "AttributeError": "import os; del os.pidfd_open",
    "ModuleNotFoundError": "sys.modules['ipykernel'] = None",
    "SecondThread": "import threading; "
    "threading.Thread(target=threading.Event().wait, daemon=True).start()",
    "EOFError": "import os; os.fork = lambda: os._exit(1)",
    "BlockingIOError": "import os\ndef fork(): raise BlockingIOError\nos.fork = fork",
    "PermissionError": "import os\ndef setsid(): raise PermissionError\nos.setsid = setsid",
    "KernelEnded": "import os; os.setsid = lambda: os._exit(1)",
    "OSError": "import os; opened = os.pidfd_open\n"
    "def none_left(pid):\n    if pid != os.getpid(): raise OSError\n    return opened(pid)\n"
    "os.pidfd_open = none_left",
}
"""What the zygote does instead, under the reason that is then given."""

ENDED_FIRST = """
import time
pidfd_open = os.pidfd_open
def open_late(pid): time.sleep(pid != os.getpid()); return pidfd_open(pid)
os.pidfd_open = open_late"""
"""The kernel has ended, and is no process any more, before the zygote asks for its handle."""
for each in ("PermissionError", "KernelEnded"):
    BROKEN[f"{each}, ended first"] = BROKEN[each] + ENDED_FIRST


OFTEN = ["PermissionError, ended first", "EOFError", "NotLinux", "BrokenPipeError"]


@pytest.mark.parametrize(
    "reason", long_after(len(OFTEN), [*OFTEN, *(each for each in BROKEN if each not in OFTEN)])
)
def test_whatever_goes_wrong_the_kernel_starts_as_usual(
    zygote, tmp_path, monkeypatch, caplog, reason
):
    if reason == "NotLinux":
        monkeypatch.setattr(provisioner.sys, "platform", "darwin")
    elif reason == "BrokenPipeError":  # it dies between two questions
        zygote.warm_up()
        zygote._process.kill()
        zygote._process.wait()
        monkeypatch.setattr(zygote._process, "poll", lambda: None)
    else:
        # Python runs this before anything else, and only the zygote does what it says.
        broken = BROKEN[reason].replace("\n", "\n    ")
        (tmp_path / "sitecustomize.py").write_text(
            f"import sys\nif 'workbook.serve.zygote' in sys.orig_argv:\n    {broken}\n"
        )
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def usual() -> str:
        kernel = await start()
        said = await run(kernel, "print(6 * 7)")
        assert said == "42"
        found = " ".join(psutil.Process(kernel.provisioner.process.pid).cmdline())
        await kernel.shutdown_kernel(now=True)
        return found

    with caplog.at_level(logging.WARNING):
        assert "workbook.serve.kernel_main" in aside(usual())
    said = [each.getMessage() for each in caplog.records if "memory" in each.getMessage()]
    word = reason.removesuffix(", ended first")
    assert said == [f"A kernel shares no memory with others: {word}"]


def test_kernels_end_with_a_server_that_is_killed(tmp_path):
    with running(tmp_path) as book:
        family = book.server.children(recursive=True)
        assert KERNEL_PROCESS_NAME in {each.name() for each in family}

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

    pid = aside(ended())

    until = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not psutil.pid_exists(pid)
