"""A whole evening of two people on one screen, in the real app."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

BACK = (
    "Back of the neck",
    "Shoulder tops",
    "Around the shoulder blades",
    "Mid back",
    "Low back",
    "Base of the back",
)


def answer(screen: Screen, *, gives: bool, areas: tuple[str, ...] = BACK) -> None:
    """Everything one person is asked on a first evening, nothing in the way."""
    screen.turn_to("intentions")
    screen.choose("Are you 18 or older?", "Yes")
    screen.choose(
        "Could you say no tonight without trouble, and would you like to say yes?", "Yes, freely"
    )
    screen.choose("What would you like tonight to be?", "Unwind")
    screen.choose("Would you like any of these?", "Soft music", "Silence" if gives else "A warm towel")
    screen.turn_to("limits")
    question = (
        "When you give: where would you like to?"
        if gives
        else "When you receive: where may hands go?"
    )
    screen.open_areas(question, *areas)
    screen.choose("What would you like to wear?", "Partly dressed")
    screen.turn_to("health")
    health = screen.page.locator("section#health")
    for button in health.get_by_role("button", name="Nothing here is true for me").all():
        button.click()
    expect(health.get_by_text("Nothing here limits tonight.")).to_be_visible()
    screen.turn_to("touch")
    screen.choose("What would you like tonight?", "To give" if gives else "To receive")
    if gives:
        screen.choose("Giving: how long at most?", "20 minutes")
        screen.choose("How much energy is there to give?", "Enough")
        screen.choose("How are your hands?", "Fine")
        screen.choose("Giving: how firm are you glad to be?", "Relaxing medium")
    else:
        screen.choose("Receiving: how long at most?", "20 minutes")
        screen.choose("Receiving: how firm at most?", "Relaxing medium")
        screen.choose("Receiving: how would you like to rest?", "Lying face down")
    screen.choose(
        "Which kinds of touch are welcome?", "Still hand", "Glide", "Knead", "Small circles"
    )
    screen.choose("How quickly may hands move?", "Slow")
    screen.turn_to("setting")
    screen.choose("Are you allergic to any of these?", "None of these")
    screen.choose("What would feel good afterwards?", "A glass of water", "Silence, together")
    screen.saved()


def test_two_people_play_a_first_evening_and_come_back(
    page: Page, start_app, tmp_path: Path, requests_outside: list[str]
) -> None:
    data = tmp_path / "data"
    app = start_app(data)
    screen = Screen(page, app.url)
    screen.open()
    screen.set_up()

    screen.unlock("Kim")
    answer(screen, gives=True)
    screen.turn_to("limits")
    screen.choose("And without a word?", "Two taps")
    screen.write("Your word for stop", "lantern")
    screen.turn_to("tonight")
    screen.press("Ready")
    expect(page.get_by_text("Handed in.")).to_be_visible()
    screen.hand_over()
    screen.unlock("Robin")
    answer(screen, gives=False)
    screen.turn_to("tonight")
    screen.press("Ready")

    plan = page.locator("section#tonight")
    expect(plan.get_by_text("The plan, 10 minutes")).to_be_visible()
    expect(plan.get_by_text("You both wish for")).to_be_visible()
    expect(plan.get_by_text("Soft music")).to_be_visible()
    expect(plan).not_to_contain_text("A warm towel")
    expect(plan.get_by_text("How we stop: “lantern”")).to_be_visible()
    expect(page.get_by_role("button", name="Kim: yes to this plan")).to_be_disabled()
    screen.press("We both tried both signals")
    screen.press("Kim: yes to this plan")
    screen.press("Robin: yes to this plan")
    expect(plan.get_by_text("You have both said yes.")).to_be_visible()
