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

from bench.figures import Crowd, Results, Turn, goals
from bench.page import Load, NoAnswer, Visitor, chromium, first_answer, press, turn
from bench.report import crowds, order, times, title, verdicts, weights, write
from bench.server import NotStarted, running, settle, version
from bench.stacks import BY_NAME, HERE, STACKS, Stack
from bench.unlock import unlocks
from tests.browser.chromium import MISSING, find

DOCS = HERE.parent / "docs"
RESULTS = HERE / ".results"
ARRIVAL = 0.5
"""Seconds between two new pages."""
TURNS = 8
PAGES = (1, 10, 25, 50)
LOADS = 10


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


async def _take_turns(
    stacks: list[Stack], loads: int, path: Path, found: Results, *, phone: bool
) -> dict[str, list[Load]]:
    """``loads`` loads of each stack, in turns."""
    taken: dict[str, list[Load]] = {}
    with ExitStack() as servers:
        async with chromium(path) as browser:
            visitors = []
            for stack in stacks:
                try:
                    visitor = Visitor(browser, servers.enter_context(running(stack)))
                    await visitor.pair()
                    await visitor.load(phone=phone, clicks=1)
                except (NotStarted, NoAnswer) as error:
                    found.left_out[stack.name] = str(error)
                    _say(f"{stack.title}: {error}")
                    continue
                visitors.append(visitor)
                taken[stack.name] = []
            running_now = [visitor.server for visitor in visitors]
            for number in range(loads):
                for visitor in visitors:
                    await asyncio.to_thread(settle, running_now)
                    name = visitor.server.stack.name
                    try:
                        load = await visitor.load(phone=phone)
                    except (NoAnswer, PlaywrightError, TimeoutError) as error:
                        _say(f"{title(name)}: {error}")
                        continue
                    taken[name].append(load)
                    _say(f"{number + 1:>3} {title(name):<36}{load.answered:>8.0f} ms")
    return taken


async def _crowd(stack: Stack, pages: int, path: Path) -> Crowd:
    """Open ``pages`` pages of one server, two a second, and press in each once more."""
    with running(stack) as server:
        async with chromium(path) as browser, AsyncExitStack() as contexts:
            visitor = Visitor(browser, server)
            await visitor.pair()
            await visitor.load(clicks=1)
            await asyncio.to_thread(settle, [server])
            before = server.private()

            async def arrive(number: int) -> tuple[object, float] | None:
                await asyncio.sleep(ARRIVAL * number)
                context = await contexts.enter_async_context(await visitor.context())
                page = await context.new_page()
                try:
                    seen = await first_answer(page, visitor.url, stack.looks)
                except NoAnswer:
                    return None
                return page, seen["answered"]

            arrived = await asyncio.gather(*(arrive(number) for number in range(pages)))
            open_now = [each for each in arrived if each is not None]
            await asyncio.to_thread(settle, [server])
            private = (server.private() - before) / pages
            shown = []
            for page, _ in open_now:
                try:
                    shown.append((await press(page))["shown"])
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


async def _turned(path: Path) -> list[Turn]:
    """The workbook's chapters, one after the other."""
    with running(BY_NAME["demo"]) as server:
        async with chromium(path) as browser:
            visitor = Visitor(browser, server)
            await visitor.pair()
            return [Turn(**each) for each in await turn(visitor, TURNS)]


def _full(crowds: Sequence[Crowd]) -> bool:
    """Whether some pages of the last crowd had no answer; more would only wait longer."""
    return bool(crowds) and crowds[-1].answered < crowds[-1].pages


def _about(stacks: list[Stack], browser: str, loads: int) -> dict[str, str]:
    versions = {stack.package: version(stack) for stack in stacks if stack.package}
    return {
        "loads of each stack": str(loads),
        "browser": f"Chromium {browser}",
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {each}" for name, each in versions.items()),
    }


async def _version(path: Path) -> str:
    async with chromium(path) as browser:
        return browser.version


async def measure(options: argparse.Namespace, path: Path) -> Results:
    stacks = [BY_NAME[name] for name in order(options.stacks)]
    found = Results(_about(stacks, await _version(path), options.loads))
    if options.loads:
        found.computer = await _take_turns(stacks, options.loads, path, found, phone=False)
        print(times(found.computer), weights(found.computer), sep="\n\n", end="\n\n")
        if "demo" in found.computer:
            try:
                found.turns = await _turned(path)
            except (NotStarted, NoAnswer, PlaywrightError, TimeoutError) as error:
                _say(f"No chapter turned: {error}")
            try:
                found.unlocks = await unlocks(path, options.loads)
                if options.phone:
                    found.slow_unlocks = await unlocks(path, options.loads, slow=True)
            except (NotStarted, NoAnswer, PlaywrightError, TimeoutError) as error:
                _say(f"Nothing unlocked: {error}")
    if options.loads and options.phone:
        _say("As on a phone:")
        found.phone = await _take_turns(stacks, options.loads, path, found, phone=True)
        print(times(found.phone), weights(found.phone), sep="\n\n", end="\n\n")
    many = [stack for stack in stacks if not stack.looks.answer]
    for pages in options.pages:
        for stack in many:
            if stack.name in found.left_out or _full(found.crowds.get(stack.name, ())):
                continue
            try:
                crowd = await _crowd(stack, pages, path)
            except (NotStarted, NoAnswer) as error:
                found.left_out[stack.name] = str(error)
                continue
            found.crowds.setdefault(stack.name, []).append(crowd)
            _say(f"{pages:>3} pages, {stack.title:<30}{crowd.answered:>3} answered")
    if found.crowds:
        found.crowds = {name: found.crowds[name] for name in order(found.crowds)}
        print(crowds(found), end="\n\n")
    return found


def options(arguments: list[str] | None) -> argparse.Namespace:
    """What to run, and where to write it: to ``docs`` only what was measured in full."""
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
    asked = options(arguments)
    path = find()
    if path is None:
        sys.exit(MISSING)
    # A polite kill ends the servers too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    found = asyncio.run(measure(asked, path))
    write(found, asked.out)
    print(verdicts(goals(found)))
    _say(f"Written to {asked.out / 'performance.md'}.")


if __name__ == "__main__":
    main()
