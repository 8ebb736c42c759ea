"""A whole evening of two people on one screen, in the real app."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.screen import Screen

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("moving")]

HANDS = "As you give: is any of this so?"
BACK = (
    "Back of the neck",
    "Shoulder tops",
    "Around the shoulder blades",
    "Mid back",
    "Low back",
    "Base of the back",
)


WISHES = "Would you like any of these?"


def offered(screen: Screen) -> list[str]:
    """The wishes that this round asks about, drawn by chance."""
    boxes = screen.page.get_by_role("group", name=WISHES).get_by_role("checkbox")
    expect(boxes.first).to_be_visible()
    names: list[str] = boxes.evaluate_all("all => all.map((box) => box.labels[0].innerText.trim())")
    return names


def answer(screen: Screen, *, gives: bool, areas: tuple[str, ...] = BACK) -> list[str]:
    """Everything one person is asked on a first evening, nothing in the way.

    The first wish is one of both, the second of whoever gives, the last of the other one.
    Returns all that were offered.
    """
    screen.turn_to("intentions")
    screen.choose("Would you like this tonight?", "Yes, freely")
    screen.choose("Would a no be easy?", "Yes")
    screen.choose("I would like to", "Give" if gives else "Receive")
    screen.choose("What would you like tonight to be?", "Unwind")
    wishes = offered(screen)
    screen.choose(WISHES, wishes[0], wishes[1] if gives else wishes[-1])
    screen.turn_to("limits")
    screen.open_areas(f"When you {'give' if gives else 'receive'}, as a list", *areas)
    screen.turn_to("health")
    health = screen.page.locator("section#health")
    for button in health.get_by_role("button", name="None of this", exact=True).all():
        button.click()
    expect(health.get_by_text("Nothing here limits tonight.")).to_have_count(2)
    if gives:
        screen.choose(HANDS, "None of these")
    screen.turn_to("touch")
    if gives:
        screen.choose("Giving: minutes at most", "20")
        screen.choose("Giving: how firm are you glad to be?", "Relaxing medium")
    else:
        screen.choose("Receiving: minutes at most", "20")
        screen.choose("Receiving: how firm at most?", "Relaxing medium")
        screen.choose("Receiving: how would you like to rest?", "Face down")
    wear = "Giving: what may the other wear?" if gives else "What would you like to wear?"
    screen.choose(wear, "Partly dressed")
    screen.choose(
        "Giving: what are you glad to do?" if gives else "Receiving: what is welcome?",
        *("Still hand", "Glide", "Knead", "Small circles"),
    )
    screen.choose("How quickly may hands move?", "Slow")
    screen.turn_to("setting")
    screen.choose("Are you allergic to any of these?", "None of these")
    screen.choose("What would feel good afterwards?", "A glass of water", "Silence, together")
    screen.saved()
    return wishes


@pytest.fixture
def new_page(context: BrowserContext) -> Callable[[], Page]:
    return context.new_page


def test_two_people_play_a_first_evening_and_come_back(
    page: Page, new_page, start_app, tmp_path: Path, requests_outside: list[str]
) -> None:
    data = tmp_path / "data"
    app = start_app(data)
    page.clock.install()
    screen = Screen(page, app)
    screen.open()
    screen.set_up()

    screen.pass_screen()
    screen.unlock("Kim")
    both, *_, receiving = answer(screen, gives=True)
    screen.turn_to("limits")
    screen.choose("And without a word?", "A lifted hand")
    screen.write("Your word for stop", "lantern")
    screen.turn_to("tonight")
    screen.press("Ready")
    expect(page.get_by_text("You are ready.")).to_be_visible()
    screen.pass_screen()
    screen.unlock("Robin")
    answer(screen, gives=False)
    screen.turn_to("limits")
    screen.press("Fine with me")
    screen.turn_to("tonight")
    screen.press("Ready")

    plan = page.locator("section#tonight")
    screen.see_plan(10)
    expect(plan.get_by_text("You both wish for")).to_be_visible()
    expect(plan.get_by_text(f"{both[0].lower()}{both[1:]}.", exact=True)).to_be_visible()
    expect(plan).not_to_contain_text(receiving)
    expect(plan.get_by_text("“lantern”, or a lifted hand").first).to_be_visible()
    expect(page.get_by_role("button", name="Kim: yes to this plan")).to_be_disabled()
    screen.try_signals()
    screen.say_yes()
    expect(plan.get_by_text("You have both said yes.")).to_be_visible()

    screen.play()
    screen.press("To the quiet time after")
    landing = page.locator("section#afterwards")
    expect(landing.get_by_text("A glass of water").first).to_be_visible()
    screen.press("Write a thank-you")
    screen.write("A thank-you, in your own words", "Thank you for the quiet hands.")
    screen.saved()
    screen.press("Give my thank-you")
    expect(landing.get_by_text("Yours is here.")).to_be_visible()
    screen.press("Look back, alone")
    screen.choose("More of, another time", "Shoulder tops", "Low back")
    screen.choose("A bit less, another time", "Mid back")
    screen.write("A note for yourself", "I nearly fell asleep.")
    screen.choose("Show Kim any of this?", "More of: Shoulder tops")
    screen.saved()
    screen.pass_screen()
    screen.unlock("Kim")
    screen.turn_to("afterwards")
    expect(landing.get_by_text("Thank you for the quiet hands.")).to_have_count(0)
    screen.write("A thank-you, in your own words", "I liked your breathing.")
    screen.press("Give my thank-you")
    expect(landing.get_by_text("Thank you for the quiet hands.")).to_be_visible()
    shown = landing.get_by_text("Robin would like more of: Shoulder tops", exact=True)
    expect(shown).to_be_visible()
    journal = screen.turn_to("journal")
    journal.get_by_text("Every evening, in words").click()
    expect(journal.get_by_text("Kim gave, Robin received, 10 minutes")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("I nearly fell asleep.")
    page.close()
    app.end()  # its kernels live a week earlier

    later = start_app(data, days_later=7)
    again = Screen(new_page(), later)
    come_back(again, "Kim", gives=True)
    again.pass_screen()
    come_back(again, "Robin", gives=False)

    plan = again.page.locator("section#tonight")
    again.see_plan()
    # What was "a bit less" is one level lower: from relaxing medium to lotion-firm.
    circles = plan.locator("dl > div", has_text="Small circles, right")
    expect(circles.filter(has_text="Right mid back")).to_contain_text("Lotion-firm")
    kneading = plan.locator("dl > div", has_text="Kneading, right").first
    expect(kneading).to_contain_text("Relaxing medium")
    learned = again.turn_to("journal")
    expect(learned.get_by_text("Mid back: at most “Lotion-firm”")).to_be_visible()
    again.pass_screen()
    again.unlock("Kim")
    expect(again.turn_to("tonight")).to_contain_text("receives, 20 minutes.")
    learned = again.turn_to("journal")
    expect(learned.get_by_text("Nothing yet.")).to_be_visible()
    expect(learned).not_to_contain_text("Lotion-firm")
    expect(again.page.locator("body")).not_to_contain_text("I nearly fell asleep.")


def come_back(
    screen: Screen,
    name: str,
    *,
    gives: bool,
    unlocked: bool = False,
    passphrase: str | None = None,
) -> None:
    """The return evening of somebody for whom nothing has changed: at most eight taps."""
    if not unlocked:
        screen.open()
        screen.unlock(name, passphrase)
    screen.taps = 0
    tonight = screen.turn_to("tonight")
    screen.choose("Would you like this tonight?", "Yes, freely")
    screen.choose("Would a no be easy?", "Yes")
    screen.choose("I would like to", "Give" if gives else "Receive")
    screen.choose(f"{'Giving' if gives else 'Receiving'}: minutes at most", "20")
    screen.press(re.compile("^None of (this|the rest)$"))
    screen.press("All still true")
    screen.press("Ready")
    expect(tonight.get_by_text(re.compile("You are ready|You have both answered"))).to_be_visible()
    assert screen.taps <= 7  # eight with the one that opened the book
