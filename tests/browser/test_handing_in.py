"""What is typed is in what the button hands in that is pressed right after it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen

pytestmark = pytest.mark.timeout(300)

WORDS = "I liked your breathing."


@pytest.mark.long
def test_a_thank_you_is_given_whole_however_soon_after_its_last_letter(kim: Screen) -> None:
    kim.press("Stop")
    kim.press("To the quiet time after")
    kim.press("Write a thank-you")
    given = kim.page.locator("section#afterwards").get_by_role("blockquote")
    field = kim.page.get_by_label("A thank-you, in your own words").filter(visible=True)
    field.press_sequentially(WORDS)  # each letter is sent while the kernel saves the one before

    kim.press("Give my thank-you")

    expect(given).to_contain_text(WORDS)
