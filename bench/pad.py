"""From the pad to the guide, on two phones: ``python -m bench.pad [--couples 10]``.

Two browser contexts at 390 px for each couple, each with its own page and kernel, in one
running session. Two taps on a pad, and its guide says "hands still"; then it goes on, two
hundred times in all, one couple after the other. At the end each receiver taps "stop".
A couple has a book of its own, and all of them run on this computer, browsers included.
The clock is that of the browsers, which all use this computer's. Budgets (design,
section 7): the pad's own "stop" within 100 ms, the guide within 250 ms, p99.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import psutil
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import find
from tests.browser.screen import Screen
from tests.browser.test_evening import come_back
from workbook.book.demo import NAMES, PASSPHRASES, fill
from workbook.domain.seats import Seat

EVENTS = 200
BUDGET = 250.0
"""Milliseconds until the other phone shows it, p99."""
OWN = 100.0
"""Milliseconds until the tapped phone shows "stop"."""

PHONE = {"width": 390, "height": 844}
SEEN = """(phase) => void (window.seen = new Promise((done) => {
    const stage = document.querySelector(".at-player-stage");
    const look = () => {
        if (stage.dataset.phase !== phase) return;
        watch.disconnect();
        requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
    };
    const watch = new MutationObserver(look);
    watch.observe(stage, { attributes: true });
    look();
}))"""
TAP = """(times) => new Promise((done) => {
    const glass = document.querySelector(".at-pad-glass");
    const tapped = performance.timeOrigin + performance.now();
    for (let tap = 0; tap < times; tap += 1)
        for (const kind of ["pointerdown", "pointerup"])
            glass.dispatchEvent(new PointerEvent(kind, { bubbles: true }));
    requestAnimationFrame(() => done({
        tapped,
        said: glass.querySelector(".at-pad-says").textContent,
        own: performance.timeOrigin + performance.now() - tapped,
    }));
})"""
"""Taps; when, and what the pad itself shows in the next frame."""


@contextmanager
def _book() -> Iterator[str]:
    """A running book of the made-up couple; where it is opened."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        fill(data, date.today())
        command = [sys.executable, "-m", "workbook.cli", "start", "--no-browser", "--port", "0"]
        with psutil.Popen(
            [*command, "--data", str(data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as server:
            try:
                yield server.stdout.readline().split()[1]
            finally:
                server.terminate()


class _App:
    """What ``Screen`` wants of a running book, for browsers that are let in already."""

    def __init__(self, url: str) -> None:
        self.url = url

    def open(self, page: Page) -> None:
        page.goto(self.url)


@dataclass(frozen=True, slots=True)
class Couple:
    """Kim's phone, which leads, and Robin's, which is the pad."""

    kim: Screen
    robin: Screen

    def begin(self) -> None:
        """Start the session, and be the pad."""
        self.kim.press("Begin")
        self.robin.press("Be the pad")
        expect(self.kim.page.get_by_text("The pad is there")).to_be_visible(timeout=30_000)

    def still(self) -> float:
        """Two taps; milliseconds until the guide's hands are still. Then it goes on."""
        self.kim.page.evaluate(SEEN, "paused")
        tapped = self.robin.page.evaluate(TAP, 2)["tapped"]
        took = float(self.kim.page.evaluate("window.seen")) - tapped
        self.robin.page.wait_for_timeout(500)
        self.kim.page.get_by_role("button", name="go on").click()
        self.kim.page.locator(".at-player-stage[data-phase=running]").wait_for()
        return took

    def stop(self) -> tuple[float, float]:
        """Three taps; milliseconds until the pad says it, and until the guide does."""
        self.kim.page.evaluate(SEEN, "stopped")
        found = self.robin.page.evaluate(TAP, 3)
        if found["said"] != "Stop":
            sys.exit(f"The pad says {found['said']!r}.")
        return found["own"], float(self.kim.page.evaluate("window.seen")) - found["tapped"]


def _couple(browser: Browser, way_in: str) -> Couple:
    """Two phones that have said yes."""
    first = browser.new_context(viewport=PHONE)
    page = first.new_page()
    page.goto(way_in)
    page.wait_for_url(lambda url: "pair" not in url)
    second = browser.new_context(viewport=PHONE, storage_state=first.storage_state())
    app = _App(page.url)
    kim, robin = Screen(page, app), Screen(second.new_page(), app)  # type: ignore[arg-type]
    for screen, seat in ((robin, Seat.B), (kim, Seat.A)):
        gives = seat is Seat.A
        come_back(screen, NAMES[seat], gives=gives, passphrase=PASSPHRASES[seat])
    kim.press("We both tried both signals")
    kim.say_yes()
    return Couple(kim, robin)


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.pad")
    asked.add_argument("--couples", type=int, default=1, help="in a session at once  [1]")
    many = asked.parse_args().couples
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill ends the books too
    with ExitStack() as books, sync_playwright() as playwright:
        # Without the second, a page that is not in front stops drawing.
        args = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=find(), args=args)
        couples = [_couple(browser, books.enter_context(_book())) for _ in range(many)]
        for couple in couples:  # all in a row: a session that nobody answers ends by itself
            couple.begin()
        took = []
        for number in range(EVENTS):
            took.append(couples[number % many].still())
            if number % 20 == 19:
                print(f"{number + 1:>4} of {EVENTS}", file=sys.stderr, flush=True)
        stops = [couple.stop() for couple in couples]
        browser.close()
    cuts = quantiles(took, n=100)
    own, other = (max(each) for each in zip(*stops, strict=True))
    print(f"pad to guide, {EVENTS} events, couples at once: {many}: median {median(took):.0f} ms, "
          f"p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms, most {max(took):.0f} ms")  # fmt: skip
    print(f"stop, at most: {own:.0f} ms on the pad itself, {other:.0f} ms on the guide")
    if cuts[98] > BUDGET or own > OWN:
        sys.exit(f"Slower than {BUDGET:.0f} ms, or {OWN:.0f} ms on the pad itself.")


if __name__ == "__main__":
    main()
