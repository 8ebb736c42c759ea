"""Looks at one screen of the book in every way that it is used: widths, schemes, large text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
AT_400_PERCENT = {"width": 320, "height": 256}
"""What is left of a window of 1280 by 1024 px."""

SCRIPT = Path(__file__).with_suffix(".js").read_text()


class Look:
    """Collects what is wrong with the screens of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self.seen: list[str] = []

    def at(self, name: str, *, at_once: tuple[str, ...], always: tuple[str, ...]) -> None:
        """Look at the screen as it is now.

        ``at_once`` selects what is in reach without scrolling, ``always`` what is so with
        large text too.
        """
        self.seen.append(name)
        page = self.page
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for each in Axe().run(page, options=RULES).response["violations"]:
                where = [node["html"][:120] for node in each["nodes"]][:3]
                self._add(name, scheme, f"{each['id']}: {where}")
        page.emulate_media(color_scheme="light")
        self._look_at_layout(name, "as it is", at_once + always)
        with self._text_at_twice_its_size():
            self._look_at_layout(name, "text at 200 %", always)
        page.emulate_media(forced_colors="active")
        self._add_all(name, "forced colours", "listAlike")
        page.emulate_media(forced_colors="none")
        size = page.viewport_size
        if size is not None and size["width"] >= 1280:
            page.set_viewport_size(AT_400_PERCENT)
            page.wait_for_timeout(500)
            self._look_at_layout(name, "at 400 %", ())
            self._add_all(name, "at 400 %", "listOutOfReach")
            page.set_viewport_size(size)

    def _look_at_layout(self, name: str, how: str, reach: Iterable[str]) -> None:
        page = self.page
        self._add_all(name, how, "listBeside")
        self._add_all(name, how, "listCutOff")
        size = page.viewport_size
        for selector in reach:
            for target in page.locator(selector).filter(visible=True).all():
                box = target.bounding_box()
                if box is None or size is None:
                    continue
                if box["y"] < 0 or box["y"] + box["height"] > size["height"] + 1:
                    self._add(name, how, f"“{target.inner_text()}” is not in reach: {box}")

    def _add_all(self, name: str, how: str, check: str) -> None:
        self.page.evaluate(SCRIPT)
        for each in dict.fromkeys(self.page.evaluate(f"usable.{check}()")):
            self._add(name, how, each)

    def _add(self, name: str, how: str, what: str) -> None:
        self.found.append(f"{name}, {how}: {what}")
        print(self.found[-1])  # shown even if the walk ends early

    @contextmanager
    def _text_at_twice_its_size(self) -> Iterator[None]:
        browser = self.page.context.new_cdp_session(self.page)
        browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
        self.page.wait_for_timeout(500)  # the map finds its size anew
        yield
        browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        browser.detach()
