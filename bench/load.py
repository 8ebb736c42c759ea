"""Page loads side by side with peers: ``make bench``, or ``python -m bench.load --quick``.

Everything takes about an hour and writes ``docs/performance.md``; a run of a part writes
to ``bench/.results/`` instead. ``--quick`` is for trying out: two loads, few pages.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from statistics import median

from playwright.async_api import Error as PlaywrightError

from bench.figures import Crowd, Results, Turn, list_goals
from bench.page import (
    Load,
    NoAnswer,
    Visitor,
    measure_first_answer,
    measure_press,
    measure_turns,
    open_chromium,
)
from bench.report import (
    format_crowds,
    format_goals,
    format_times,
    format_weights,
    sort_stacks,
    title_of,
    write_report,
)
from bench.server import NotStarted, find_version, run_stack, wait_until_idle
from bench.stacks import BY_NAME, HERE, STACKS, Stack
from bench.unlock import measure_unlocks
from tests.browser.chromium import MISSING, find

DOCS = HERE.parent / "docs"
RESULTS = HERE / ".results"
ARRIVAL = 0.5
"""Seconds between two new pages."""
TURNS = 8
PAGES = (1, 10, 25, 50)
LOADS = 10


def _print_progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


async def _measure_in_turns(
    stacks: list[Stack], loads: int, path: Path, found: Results, *, phone: bool
) -> dict[str, list[Load]]:
    """``loads`` loads of each stack, in turns."""
    taken: dict[str, list[Load]] = {}
    with ExitStack() as servers:
        async with open_chromium(path) as browser:
            visitors = []
            for stack in stacks:
                try:
                    visitor = Visitor(browser, servers.enter_context(run_stack(stack)))
                    await visitor.pair()
                    await visitor.load(phone=phone, clicks=1)
                except (NotStarted, NoAnswer) as error:
                    found.left_out[stack.name] = str(error)
                    _print_progress(f"{stack.title}: {error}")
                    continue
                visitors.append(visitor)
                taken[stack.name] = []
            running_now = [visitor.server for visitor in visitors]
            for number in range(loads):
                for visitor in visitors:
                    await asyncio.to_thread(wait_until_idle, running_now)
                    name = visitor.server.stack.name
                    try:
                        load = await visitor.load(phone=phone)
                    except (NoAnswer, PlaywrightError, TimeoutError) as error:
                        _print_progress(f"{title_of(name)}: {error}")
                        continue
                    taken[name].append(load)
                    _print_progress(f"{number + 1:>3} {title_of(name):<36}{load.answered:>8.0f} ms")
    return taken


async def _measure_crowd(stack: Stack, pages: int, path: Path) -> Crowd:
    """Open ``pages`` pages of one server, two a second, and press in each once more."""
    with run_stack(stack) as server:
        async with open_chromium(path) as browser, AsyncExitStack() as contexts:
            visitor = Visitor(browser, server)
            await visitor.pair()
            await visitor.load(clicks=1)
            await asyncio.to_thread(wait_until_idle, [server])
            before = server.private()

            async def arrive(number: int) -> tuple[object, float] | None:
                await asyncio.sleep(ARRIVAL * number)
                context = await contexts.enter_async_context(await visitor.context())
                page = await context.new_page()
                try:
                    seen = await measure_first_answer(page, visitor.url, stack.looks)
                except NoAnswer:
                    return None
                return page, seen["answered"]

            arrived = await asyncio.gather(*(arrive(number) for number in range(pages)))
            open_now = [each for each in arrived if each is not None]
            await asyncio.to_thread(wait_until_idle, [server])
            private = (server.private() - before) / pages
            shown = []
            for page, _ in open_now:
                try:
                    shown.append((await measure_press(page))["shown"])
                except (PlaywrightError, TimeoutError):
                    continue
    took = [answered for _, answered in open_now]
    return Crowd(
        pages=pages,
        answered=len(took),
        middle=median(took) if took else None,
        worst=max(took, default=None),
        later=len(shown),
        shown=median(shown) if shown else None,
        private=private,
    )


async def _measure_turns(path: Path) -> list[Turn]:
    """Return what each chapter of the workbook took to be turned to, in order."""
    with run_stack(BY_NAME["demo"]) as server:
        async with open_chromium(path) as browser:
            visitor = Visitor(browser, server)
            await visitor.pair()
            return [Turn(**each) for each in await measure_turns(visitor, TURNS)]


def _has_unanswered(crowds: Sequence[Crowd]) -> bool:
    """Return whether some pages of the last crowd had no answer; more would only wait longer."""
    return bool(crowds) and crowds[-1].answered < crowds[-1].pages


def _describe_run(stacks: list[Stack], browser: str, loads: int) -> dict[str, str]:
    versions = {stack.package: find_version(stack) for stack in stacks if stack.package}
    return {
        "loads of each stack": str(loads),
        "browser": f"Chromium {browser}",
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {each}" for name, each in versions.items()),
    }


async def _read_browser_version(path: Path) -> str:
    async with open_chromium(path) as browser:
        return browser.version


async def measure_stacks(options: argparse.Namespace, path: Path) -> Results:
    stacks = [BY_NAME[name] for name in sort_stacks(options.stacks)]
    found = Results(_describe_run(stacks, await _read_browser_version(path), options.loads))
    if options.loads:
        found.computer = await _measure_in_turns(stacks, options.loads, path, found, phone=False)
        print(format_times(found.computer), format_weights(found.computer), sep="\n\n", end="\n\n")
        if "demo" in found.computer:
            try:
                found.turns = await _measure_turns(path)
            except (NotStarted, NoAnswer, PlaywrightError, TimeoutError) as error:
                _print_progress(f"No chapter turned: {error}")
            try:
                found.unlocks = await measure_unlocks(path, options.loads)
                if options.phone:
                    found.slow_unlocks = await measure_unlocks(path, options.loads, slow=True)
            except (NotStarted, NoAnswer, PlaywrightError, TimeoutError) as error:
                _print_progress(f"Nothing unlocked: {error}")
    if options.loads and options.phone:
        _print_progress("As on a phone:")
        found.phone = await _measure_in_turns(stacks, options.loads, path, found, phone=True)
        print(format_times(found.phone), format_weights(found.phone), sep="\n\n", end="\n\n")
    many = [stack for stack in stacks if not stack.looks.answer]
    for pages in options.pages:
        for stack in many:
            if stack.name in found.left_out or _has_unanswered(found.crowds.get(stack.name, ())):
                continue
            try:
                crowd = await _measure_crowd(stack, pages, path)
            except (NotStarted, NoAnswer) as error:
                found.left_out[stack.name] = str(error)
                continue
            found.crowds.setdefault(stack.name, []).append(crowd)
            _print_progress(f"{pages:>3} pages, {stack.title:<30}{crowd.answered:>3} answered")
    if found.crowds:
        found.crowds = {name: found.crowds[name] for name in sort_stacks(found.crowds)}
        print(format_crowds(found), end="\n\n")
    return found


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Return what to run, and where to write it: to ``docs`` only what was measured in full."""
    names = [stack.name for stack in STACKS]
    asked = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__.split("\n")[0])
    asked.add_argument("--stacks", default=",".join(names), help=f"some of {','.join(names)}")
    asked.add_argument("--loads", type=int, help=f"loads of each stack  [{LOADS}]")
    asked.add_argument("--pages", help="pages open at once, 0 for none  [1,10,25,50]")
    asked.add_argument("--phone", action=argparse.BooleanOptionalAction, help="also as a phone")
    asked.add_argument("--quick", action="store_true", help="two loads, no phone, no many pages")
    asked.add_argument("--out", type=Path, help="folder for the page and its charts")
    found = asked.parse_args(arguments)
    found.stacks = found.stacks.split(",")
    if unknown := set(found.stacks) - set(names):
        asked.error(f"no such stack: {', '.join(sorted(unknown))}")
    everything = not found.quick and set(found.stacks) == set(names)
    everything &= found.loads is None and found.pages is None and found.phone is None
    if found.pages is None:
        found.pages = () if found.quick else PAGES
    else:
        found.pages = tuple(n for n in map(int, found.pages.split(",")) if n)
    if found.loads is None:
        found.loads = 2 if found.quick else LOADS
    if found.phone is None:
        found.phone = not found.quick
    found.out = found.out or (DOCS if everything else RESULTS)
    return found


def main(arguments: list[str] | None = None) -> None:
    asked = parse_options(arguments)
    path = find()
    if path is None:
        sys.exit(MISSING)
    # A polite kill ends the servers too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    found = asyncio.run(measure_stacks(asked, path))
    write_report(found, asked.out)
    print(format_goals(list_goals(found)))
    _print_progress(f"Written to {asked.out / 'performance.md'}.")


if __name__ == "__main__":
    main()
