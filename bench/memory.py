"""What one more open page costs in memory, forked and plain: ``python -m bench.memory``.

Each kernel runs the whole book and is unlocked as one of the made-up couple, by way of
jupyter_client and without a browser. Forked and plain kernels take turns. Budget
(design, "Budgets"): 25 MB private to each page, on Linux.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from bench.report import format_table
from workbook.app.demo import DEMO_PASSPHRASES, demo_vault
from workbook.cli.shell import chapters_folder
from workbook.domain.seats import Seat
from workbook.serve.compose import compose_notebook, read_chapters
from workbook.serve.provisioner import ZYGOTE
from workbook.serve.runtime import can_fork_kernels, prepare_environment, run_folder
from workbook.serve.zygote import KERNEL_PROCESS_NAME

BUDGET = 25.0
"""MB of 1,000,000 bytes."""

PAGES = (1, 5, 10)
MOST = 60
"""Seconds that one cell may take."""

HEAD = ("open pages", "kernels", "RSS", "PSS", "private", "all together", "ready after")
ABOUT = """\
MB for each page, medians. RSS counts what is shared in full, PSS by its share, "private"
not at all (unique set size). "All together" is the PSS of all pages, and of what they are
forked from. "Ready after" is from the start of a kernel until the whole book is in it.
"""


class NotForked(Exception):
    """A kernel started as usual where it should have been forked."""


@asynccontextmanager
async def _open_page(*, fork: bool) -> AsyncIterator[tuple[int, float]]:
    """Start a kernel with the whole book, unlocked; yield its process number and the seconds."""
    manager = AsyncKernelManager(kernel_name="python3", transport_encryption="required")
    if not fork:
        manager.kernel_spec.metadata.pop("kernel_provisioner", None)
    begun = perf_counter()
    await manager.start_kernel(env=dict(os.environ))
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=MOST)
        for cell in compose_notebook(read_chapters(chapters_folder())).cells:
            if cell.cell_type == "code":
                await _run_cell(client, cell.source)
        took = perf_counter() - begun
        await _run_cell(client, f"book.unlock({DEMO_PASSPHRASES[Seat.A]!r})")
        pid = manager.provisioner.process.pid
        if fork and psutil.Process(pid).name() != KERNEL_PROCESS_NAME:
            raise NotForked
        yield pid, took
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def _run_cell(client: AsyncKernelClient, code: str) -> None:
    reply = await client.execute_interactive(code, timeout=MOST, output_hook=lambda _message: None)
    if reply["content"]["status"] != "ok":
        sys.exit(f"The book fails at {code!r}.")


async def _measure_pages(pages: int, *, fork: bool) -> tuple[list[str], float]:
    """Return one row, and the private memory of the median page."""
    async with AsyncExitStack() as open_pages:
        each = [await open_pages.enter_async_context(_open_page(fork=fork)) for _ in range(pages)]
        processes = [psutil.Process(pid) for pid, _ in each]
        memory = [process.memory_full_info() for process in processes]
        together = sum(found.pss for found in memory)
        if fork:
            together += processes[0].parent().memory_full_info().pss
    rss, pss, private = (
        median(getattr(found, name) for found in memory) / 1e6 for name in ("rss", "pss", "uss")
    )
    row = [str(pages), "forked" if fork else "plain"]
    row += [f"{number:.1f}" for number in (rss, pss, private, together / 1e6)]
    return [*row, f"{median(took for _, took in each):.2f} s"], private


async def _compare_kernels() -> float:
    rows = []
    most = 0.0
    for pages in PAGES:
        for fork in (True, False):
            row, private = await _measure_pages(pages, fork=fork)
            rows.append(row)
            if fork:
                most = max(most, private)
    print(format_table(HEAD, rows))
    print(f"\n{ABOUT}")
    return most


def main() -> None:
    if not can_fork_kernels():
        print("Kernels share memory on Linux only: nothing to compare here.")
        return
    with demo_vault() as data, run_folder() as folder:
        book = {"WORKBOOK_APP": "1", "WORKBOOK_DATA": str(Path(data).absolute())}
        os.environ.update(prepare_environment(folder, os.environ, **book))
        ZYGOTE.warm_up()
        most = asyncio.run(_compare_kernels())
        ZYGOTE.close()
    if most > BUDGET:
        print(f"Private memory is {most / BUDGET:.0%} of the budget of {BUDGET:.0f} MB.")


if __name__ == "__main__":
    main()
