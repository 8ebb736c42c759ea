"""A first evening by keyboard alone in Firefox, over WebDriver, with the words of bench.evening."""

from __future__ import annotations

import re
from collections.abc import Callable

from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.engine_screen import EngineScreen
from tests.browser.screen import PASSPHRASES

MOST = 300
"""Presses of the tab key until something that is shown must have been reached."""

FIND = """
const [selector, source, group] = arguments;
const pattern = new RegExp(source);
const isShown = (node) => node.checkVisibility({ visibilityProperty: true });
const nameOf = (node) => {
  const by = node.getAttribute("aria-labelledby");
  const label = by ? document.getElementById(by) : node.labels?.[0]
    ?? (node.localName === "fieldset" ? node.querySelector("legend") : node);
  return (node.ariaLabel ?? label?.textContent ?? "").replace(/\\s+/g, " ").trim();
};
const all = [...(group ?? document).querySelectorAll(selector)];
return all.find((node) => isShown(node) && pattern.test(nameOf(node))) ?? null;
"""
IS_ACTIVE = "return document.activeElement === arguments[0]"
IS_IN_GROUP = "return document.activeElement?.name === arguments[0].name"
IS_BUILT = "return !document.querySelector('[data-step-shown] .at-place:empty')"
PLACE = """
const here = document.querySelector("#at-dots [aria-current=step]");
return here?.checkVisibility() ? here.getAttribute("aria-label") : "";
"""


class EngineKeys:
    """Has the methods of ``bench.evening.Walker`` that a first evening needs."""

    def __init__(self, screen: EngineScreen) -> None:
        self.driver = screen.driver
        self.screen = screen
        self.places: list[str] = []

    def _wait(self, ready: Callable[[], WebElement | None], what: object) -> WebElement:
        return self.screen.wait(ready, str(what), 60)

    def _find(
        self, selector: str, name: str | re.Pattern[str], group: WebElement | None = None
    ) -> WebElement:
        """Wait for what is shown; a string is the whole name, a pattern a part of it."""
        source = name.pattern if isinstance(name, re.Pattern) else f"^{re.escape(name)}$"
        source = source.replace("\\ ", " ").replace("\\-", "-").replace("\\’", "’")
        return self._wait(lambda: self.driver.execute_script(FIND, selector, source, group), name)

    def _press(self, key: str) -> None:
        ActionChains(self.driver, duration=0).send_keys(key).perform()

    def _to(self, target: WebElement, script: str = IS_ACTIVE) -> None:
        for _ in range(MOST):
            if self.driver.execute_script(script, target):
                return
            self._press(Keys.TAB)
        raise AssertionError(f"No number of tabs leads to {target.accessible_name}")

    def see(self) -> None:
        self.screen.wait(lambda: self.driver.execute_script(IS_BUILT), "the step")
        if place := self.driver.execute_script(PLACE):
            self.places.append(str(place))

    def press(self, name: str | re.Pattern[str]) -> None:
        button = self._find("button:enabled", name)
        self._to(button)
        self._press(Keys.ENTER)

    def choose(self, question: str | re.Pattern[str], *options: str) -> None:
        for option in options:
            group = self._find("fieldset, [role$=group]", question)
            wanted = re.compile(f"^{re.escape(option)}")
            box = self._find("input", wanted, group)
            if box.get_attribute("type") == "checkbox":
                self._to(box)
                self._press(Keys.SPACE)
            else:
                self._to(box, IS_IN_GROUP)
                for _ in range(20):
                    if self.driver.execute_script(IS_ACTIVE, box):
                        break
                    self._press(Keys.ARROW_DOWN)
                if not box.is_selected():
                    self._press(Keys.SPACE)
            self.screen.wait(box.is_selected, option)

    def type(self, label: str, text: str) -> None:
        self._to(self._find("input, textarea", label))
        self._press(text)

    def next(self) -> None:
        before = self.driver.execute_script("return document.documentElement.dataset.step")
        self.press("Next")
        step = "return document.documentElement.dataset.step"
        self.screen.wait(lambda: self.driver.execute_script(step) != before, "the next step")
        self.see()

    def wait_for_heading(self, name: str) -> None:
        self._find("h1, h2, h3", name)

    def wait_for_field(self, label: str) -> None:
        self._find("input, textarea", label)

    def keep_code(self) -> None:
        field = self._find("input", re.compile(r"^Type group \d+ of the code"))
        wanted = re.search(r"\d+", field.accessible_name)
        assert wanted is not None
        code = next(
            each.text
            for each in self.driver.find_elements(By.TAG_NAME, "blockquote")
            if each.is_displayed()
        )
        self._to(field)
        self._press(code.strip().split("-")[int(wanted[0]) - 1])
        self.press("I have it written down")

    def read(self, text: str) -> None:
        """Wait until the page shows ``text``."""
        self.screen.see(text)

    def unlock(self, name: str) -> None:
        self.type("Your passphrase", PASSPHRASES[name])
        self._press(Keys.ENTER)
        self.screen.see(name, "header, [role=banner]")
