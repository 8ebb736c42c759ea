"""From the tap that unlocks the demo to the first answer saved, to the next step and to a jump.

``python -m bench.unlock [--runs 5]``; ``bench.load`` shows the same rows.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page

from bench.figures import Unlock, median_of_unlocks
from bench.page import PHONE, Traffic, Visitor, open_chromium
from bench.server import run_stack, wait_until_idle
from bench.stacks import BY_NAME
from tests.browser.chromium import MISSING, find

RUNS = 5
PATIENCE = 30_000
"""Milliseconds that a step may take before a run is given up."""
FAR = "limits"
"""A chapter that no step of the demo's evening shows: its forms do not exist before the jump."""

_WATCH = """
const changes = { subtree: true, childList: true, characterData: true, attributes: true };
window.benchUnlock = () => new Promise((done) => {
  const button = [...document.querySelectorAll("[data-form=cover] button")]
    .find((each) => /^Open/.test(each.textContent));
  const begun = performance.now();
  let answered = 0;
  const look = () => {
    const box = answered ? null : [...document.querySelectorAll(
      "[data-chapter]:not([hidden]) .at-form :is(input[type=radio], input[type=checkbox])",
    )].find((each) => each.checkVisibility() && !each.checked);
    if (box) { answered = performance.now() - begun; box.click(); }
    if (/^Saved/.test(document.getElementById("at-said").textContent)) {
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(
        () => done({ question: answered, saved: performance.now() - begun })));
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document, changes);
  button.click();
});
const hasForms = (part) =>
  [...part.querySelectorAll("[data-at-model]")].every((each) => each.textContent.trim());
const measure = (act, ready) => new Promise((done) => {
  const begun = performance.now();
  const look = () => {
    if (!ready()) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, changes);
  act();
});
window.benchNext = () => {
  const before = document.documentElement.dataset.step;
  return measure(
    () => document.getElementById("at-step-next").click(),
    () => document.documentElement.dataset.step !== before
      && [...document.querySelectorAll("[data-step-shown]")].every(hasForms));
};
window.benchJump = (slug) => {
  const part = document.getElementById(slug);
  return measure(() => { location.hash = slug; }, () => !part.hidden && hasForms(part));
};
"""


async def _measure_unlock(visitor: Visitor, *, slow: bool) -> Unlock:
    context = await visitor.context()
    try:
        page: Page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        session: CDPSession = await context.new_cdp_session(page)
        await session.send("Network.enable")
        traffic = Traffic()
        traffic.over(session)
        await page.add_init_script(_WATCH)
        await page.goto(visitor.url)
        await page.locator("[data-form=cover] button", has_text="Open").first.wait_for()
        await _wait_until_quiet(traffic)
        await asyncio.to_thread(wait_until_idle, [visitor.server])
        if slow:
            await session.send("Emulation.setCPUThrottlingRate", {"rate": PHONE["cpu"]})
        before = traffic.socket
        seen: dict[str, Any] = await asyncio.wait_for(page.evaluate("benchUnlock()"), 30)
        await _wait_until_quiet(traffic)
        sent = traffic.socket - before
        asked = traffic.requests
        took = await asyncio.wait_for(page.evaluate("benchNext()"), 30)
        await _wait_until_quiet(traffic)
        far = await asyncio.wait_for(page.evaluate("s => benchJump(s)", FAR), 30)
        await _wait_until_quiet(traffic)
        return Unlock(seen["question"], seen["saved"], sent, took, far, traffic.requests - asked)
    finally:
        await context.close()


async def _wait_until_quiet(traffic: Traffic, seconds: float = 2.5) -> None:
    """Wait until nothing but signs of life came over the socket for a while."""
    still = traffic.socket
    for _ in range(10):
        await asyncio.sleep(seconds)
        if traffic.socket - still < 4096:
            return
        still = traffic.socket


async def measure_unlocks(path: Path, runs: int, *, slow: bool = False) -> list[Unlock]:
    """Unlock the demo ``runs`` times, each in a page of its own, with a slower processor or not."""
    with run_stack(BY_NAME["demo"]) as server:
        async with open_chromium(path) as browser:
            visitor = Visitor(browser, server)
            await visitor.pair()
            await _measure_unlock(
                visitor, slow=False
            )  # what is set up once is no part of the figures
            return [await _measure_unlock(visitor, slow=slow) for _ in range(runs)]


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.unlock")
    asked.add_argument("--runs", type=int, default=RUNS)
    runs = asked.parse_args().runs
    path = find()
    if path is None:
        sys.exit(MISSING)
    for slow in (False, True):
        found = asyncio.run(measure_unlocks(path, runs, slow=slow))
        words = "processor slowed four times" if slow else "this processor"
        figures = (f"{what} {median_of_unlocks(found, what):,.0f}" for what in Unlock.__slots__)
        print(f"{words}: {', '.join(figures)}", flush=True)


if __name__ == "__main__":
    main()
