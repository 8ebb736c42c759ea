"""Makes the pictures of the README: ``python -m bench.pictures``.

A made-up couple walks through an evening at 390 by 844 px; each screen is a picture, and a
moving one (APNG) shows them in turn.
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.app.evening import LOW, PEOPLE, SECRETS, Couple, answer, clear, ready, signals
from tests.browser.chromium import find
from tests.browser.conftest import PHONE, _started
from tests.browser.screen import Screen
from workbook.domain.seats import Seat
from workbook.store import vault
from workbook.store.unlocked import local_time

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SECONDS_SHOWN = 3
"""How long each screen of the moving picture stands."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = {"role": "step-role", "places": "step-places", "reveal": "reveal", "agree": "agree"}
"""Steps that are a picture of their own, with its name."""


def main() -> int:
    """Write the pictures; return 0."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play, TemporaryDirectory() as folder:
        browser = play.chromium.launch(executable_path=str(find()), args=["--no-sandbox"])
        frames = [
            *photograph_questions(browser, Path(folder) / "first"),
            *photograph_plan(browser, Path(folder) / "second"),
        ]
        browser.close()
    for step, picture in frames:
        if step in KEPT:
            (IMAGES / f"{KEPT[step]}.png").write_bytes(picture)
    moving = join_frames([picture for _, picture in frames])
    (IMAGES / "evening-moving.png").write_bytes(moving)
    print(f"{len(frames)} screens, {len(moving) // 1024} KB")
    return 0


def photograph_questions(browser: Browser, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the first steps of an evening, with something answered in each."""
    vault.create(folder, PEOPLE, SECRETS, cost=LOW)
    with _started(folder) as app:
        page = browser.new_context(viewport=PHONE, has_touch=True).new_page()
        screen = Screen(page, app)
        screen.open()
        screen.unlock("Kim", SECRETS[Seat.A])
        screen.press("Show me an evening")
        screen.choose("Would you like this tonight?", "Yes, freely")
        screen.choose("I would like to", "Both, in turn")
        yield "role", photograph(page)
        for _ in range(2):
            screen.press("Next")
        screen.press("None of this")
        yield "body", photograph(page)
        for _ in range(2):
            screen.press("Next")
        screen.press("Shoulders and back")
        yield "places", photograph(page)


def photograph_plan(browser: Browser, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what follows once both are ready, up to the guide."""
    vault.create(folder, PEOPLE, SECRETS, cost=LOW)
    couple = Couple(folder, SECRETS, local_time)
    for seat in Seat:
        book = couple.open(seat, forms=())
        answer(book, gives=seat is Seat.A)
        signals(book)
        ready(book)
        book.pass_screen()
        clear()
    with _started(folder) as app:
        page = browser.new_context(viewport=PHONE, has_touch=True).new_page()
        screen = Screen(page, app)
        screen.open()
        screen.unlock("Robin", SECRETS[Seat.B])
        for step in ("sit", "reveal", "prepare", "aloud"):
            if step == "aloud":
                screen.choose("Try each once", "The word", "The signal")
            yield step, photograph(page)
            page.locator("#at-step-next").click()
        screen.press("Kim: yes to this plan")
        page.get_by_text("Kim has said yes.").first.wait_for()
        yield "agree", photograph(page)
        screen.press("Robin: yes to this plan")
        screen.press("Begin")
        yield "guide", photograph(page)


def photograph(page: Page) -> bytes:
    """Return the screen as PNG, once it is at rest."""
    page.wait_for_timeout(1_800)
    return page.screenshot()


def join_frames(pictures: Sequence[bytes]) -> bytes:
    """Return an animated PNG of pictures of one size that begins again without an end."""
    chunks = [list(_read_chunks(picture)) for picture in pictures]
    head = chunks[0][0][1]
    width, height = struct.unpack(">II", head[:8])
    made = [_make_chunk(b"IHDR", head), _make_chunk(b"acTL", struct.pack(">II", len(chunks), 0))]
    number = 0
    for frame, found in enumerate(chunks):
        timing = struct.pack(
            ">IIIIIHHBB", number, width, height, 0, 0, SECONDS_SHOWN * 100, 100, 0, 0
        )
        made.append(_make_chunk(b"fcTL", timing))
        number += 1
        for kind, data in found:
            if kind != b"IDAT":
                continue
            if frame == 0:
                made.append(_make_chunk(b"IDAT", data))
            else:
                made.append(_make_chunk(b"fdAT", struct.pack(">I", number) + data))
                number += 1
    return SIGNATURE + b"".join([*made, _make_chunk(b"IEND", b"")])


def _read_chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(picture):
        (size,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        at += size + 12


def _make_chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))


if __name__ == "__main__":
    sys.exit(main())
