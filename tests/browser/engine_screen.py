"""One page of the book in Firefox or WebKit: by role, label and text, over WebDriver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver import ActionChains, Remote
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

if TYPE_CHECKING:
    from tests.browser.conftest import App

T = TypeVar("T")

TIMEOUT_S = 30
SOON = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
"""What a page that is still being drawn answers; it is asked again."""

IS_WHOLE = """
const { x, y, width, height, right, bottom } = arguments[0].getBoundingClientRect();
const isInside = width && x >= 0 && y >= 0 && right <= innerWidth && bottom <= innerHeight;
return isInside && arguments[0].contains(document.elementFromPoint(x + width / 2, y + height / 2));
"""
SCROLL = "arguments[0].scrollIntoView({ block: arguments[1], behavior: 'instant' })"
IS_BUILT = """
const section = document.getElementById(arguments[0]);
return section.checkVisibility() && !section.querySelector("[data-at-view], .at-place:empty");
"""
SHOWN_TEXT = """
const shown = [...document.querySelectorAll(arguments[0])].filter((each) => each.checkVisibility());
return shown.map((each) => each.innerText).join(" ").replace(/\\s+/g, " ");
"""
"""WebDriver's own "element text" leaves out, in WebKit, words that can be seen."""


class EngineScreen:
    """A page that is waited for: each method tries again until it can, for ``TIMEOUT_S``."""

    def __init__(self, driver: Remote, app: App) -> None:
        self.driver = driver
        self.app = app

    def wait(self, ready: Callable[[], T], what: str, seconds: float = TIMEOUT_S) -> T:
        """Return what ``ready`` returns, once that is something."""
        waiting = WebDriverWait(self.driver, seconds, 0.1, SOON)
        return waiting.until(lambda _: ready(), f"{what} in {self.driver.current_url}")

    # Opening the book

    def open(self) -> None:
        """Open the book; the browser is let in first."""
        self.driver.get(self.app.url)
        if urlsplit(self.driver.current_url).path == "/pair":
            self.driver.get(self._way_in())
            self.wait(lambda: urlsplit(self.driver.current_url).path == "/", "the book")

    def _way_in(self) -> str:
        """Return an address with a code: the first one, or one the pairing page asks for."""
        for _ in range(20):
            try:
                return self.app.ways_in.get(timeout=1)
            except Empty:
                self.press("Show a new code")
        raise AssertionError("The app showed no new code.")

    def unlock(self, name: str, passphrase: str) -> None:
        self.field("Your passphrase").send_keys(passphrase)
        self.press("Open")
        self.see(name, "header, [role=banner]")

    def pass_screen(self) -> None:
        self.press("Help and more")
        self.press("Pass the screen")
        turn = '//button[contains(normalize-space(.), ", your turn")]'
        self.wait(lambda: self.driver.find_elements(By.XPATH, turn), "whose turn it is")
        self.driver.find_element(By.XPATH, turn).click()
        self.field("Your passphrase")

    # Reading

    def see(self, text: str, place: str = "body") -> None:
        """Wait until a shown element that ``place`` selects shows ``text``."""
        self.wait(lambda: text in self.read(place), f"“{text}”")

    def read(self, place: str = "body") -> str:
        """Return all that the elements show which ``place`` selects, in one line."""
        return str(self.driver.execute_script(SHOWN_TEXT, place))

    def expect_whole(self, name: str) -> None:
        """The button is whole inside the window, and a tap in its middle reaches it."""
        button = self.button(name)
        assert self.driver.execute_script(IS_WHOLE, button), f"“{name}” is covered or cut off"

    # Turning pages and answering

    def turn_to(self, chapter: str) -> None:
        self.driver.execute_script("location.hash = arguments[0]", chapter)
        self.wait(lambda: self.driver.execute_script(IS_BUILT, chapter), chapter)

    def press(self, name: str) -> None:
        self.wait(lambda: self._click(self._button(name)), f"the button “{name}”")

    def button(self, name: str) -> WebElement:
        return self.wait(lambda: self._button(name), f"the button “{name}”")

    def has_button(self, name: str) -> bool:
        return self._button(name) is not None

    def question(self, label: str) -> WebElement:
        """Return the shown group of answers with this label."""
        return self.wait(lambda: next(self._named("fieldset, [role$=group]", label), None), label)

    def field(self, label: str) -> WebElement:
        """Return the shown text field with this label."""
        return self.wait(lambda: next(self._named("input, textarea", label), None), label)

    def choose(self, question: str, *options: str) -> None:
        """Choose the answers whose labels begin with ``options``."""
        for option in options:
            self.wait(lambda option=option: self._choose(question, option), option)

    def _choose(self, question: str, option: str) -> bool:
        for box in self.question(question).find_elements(By.CSS_SELECTOR, "input"):
            if box.accessible_name.startswith(option):
                if not box.is_selected():
                    self._click(box)
                return box.is_selected()
        return False

    def write(self, label: str, text: str) -> None:
        """Write into a field and leave it."""
        self.field(label).send_keys(text)
        self.driver.execute_script("document.activeElement.blur()")

    def tap(self, element: WebElement, times: int) -> None:
        """Tap the middle of an element in one row."""
        row = ActionChains(self.driver, duration=20).move_to_element(element)
        for _ in range(times):
            row.click().pause(0.1)
        row.perform()

    def _button(self, name: str) -> WebElement | None:
        found = self.driver.find_elements(By.XPATH, f'//button[normalize-space(.)="{name}"]')
        return next((each for each in found if each.is_displayed()), None)

    def _click(self, element: WebElement | None) -> bool:
        """Scroll to an element and click it; false if it is not there or takes no click yet."""
        if element is None or not element.is_enabled():
            return False
        self.driver.execute_script(SCROLL, element, "nearest")  # WebKit's driver would not
        try:
            element.click()
        except ElementClickInterceptedException:  # Firefox leaves it in the window, under the bar
            self.driver.execute_script(SCROLL, element, "center")
            raise
        return True

    def _named(self, selector: str, label: str) -> Iterator[WebElement]:
        for each in self.driver.find_elements(By.CSS_SELECTOR, selector):
            if each.is_displayed() and each.accessible_name == label:
                yield each
