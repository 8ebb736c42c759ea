"""Answers that must change the plan do, and the partner's screen tells nothing of the cause."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from tests.browser.test_evening import come_back
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

KIM, ROBIN = DEMO_NAMES[Seat.A], DEMO_NAMES[Seat.B]
SECRET = {DEMO_NAMES[seat]: DEMO_PASSPHRASES[seat] for seat in Seat}
NEUTRAL = "Not tonight. Another evening is fine."


@pytest.fixture
def screen(page: Page, filled_app: App) -> Screen:
    """A couple with five evenings behind them; Robin has opened the book."""
    screen = Screen(page, filled_app)
    screen.open()
    screen.unlock(ROBIN, SECRET[ROBIN])
    return screen


def then_kim(screen: Screen) -> Locator:
    """Robin hands in and passes the screen on; Kim hands in too, and sees what both may see."""
    come_back(screen, ROBIN, gives=False, unlocked=True)
    screen.pass_screen()
    come_back(screen, KIM, gives=True, passphrase=SECRET[KIM])
    return screen.page.locator("section#tonight")


def said(tonight: Locator) -> str:
    """Everything the book says in its forms, without the chapter's prose."""
    return " ".join(tonight.locator(".at-words").filter(visible=True).all_inner_texts()).lower()


def asked(screen: Screen) -> None:
    """Record that a professional agreed, yesterday, to the one thing that needs their word."""
    health = screen.page.locator("section#health")
    word = health.get_by_role("checkbox", name="Yes, I asked and they agreed")
    expect(word).to_have_count(1)  # a week of pregnancy, once it is heard, leaves one of two
    word.click()
    health.get_by_label("On which day?").filter(visible=True).fill(
        (date.today() - timedelta(days=1)).isoformat()
    )
    expect(health.get_by_text("Not yet.").first).to_be_visible()  # the date alone opens nothing
    health.get_by_role("radio", name="They set no limit").filter(visible=True).click()
    expect(word).to_be_checked()  # it stays there, to be taken back
    expect(health.get_by_text("Not yet.")).to_have_count(0)


@pytest.mark.long
def test_a_blood_thinner_waits_for_a_word_and_then_keeps_the_plan_light(screen: Screen) -> None:
    health = screen.turn_to("health")
    screen.choose("Does your blood clot less easily than usual?", "A blood thinner")
    expect(health.get_by_text("Not yet.").first).to_be_visible()
    asked(screen)

    tonight = then_kim(screen)

    screen.see_plan()
    expect(tonight).to_contain_text("Lotion-firm")
    steps = tonight.locator("dl").last
    expect(steps).not_to_contain_text("Relaxing medium")
    assert "blood" not in said(tonight)


@pytest.mark.long
def test_a_closed_area_is_not_in_the_plan(screen: Screen) -> None:
    screen.turn_to("limits")
    screen.paint("When you receive: where may hands go?", "Not tonight", "Left shoulder top")
    screen.show_list()
    listed = screen.question("When you receive, as a list")
    listed.get_by_text("Neck and shoulders").click()
    tops = listed.get_by_role("group", name="Shoulder tops", exact=True)
    expect(tops.get_by_role("radio", name="Not tonight", exact=True)).to_be_checked()

    tonight = then_kim(screen)

    screen.see_plan()
    expect(tonight.locator("dl").last).to_contain_text("mid back", ignore_case=True)
    expect(tonight.locator("dl").last).not_to_contain_text("shoulder top", ignore_case=True)


@pytest.mark.long
def test_a_nut_allergy_takes_almond_oil_out_for_both(screen: Screen) -> None:
    for name in (ROBIN, KIM):
        if name == KIM:
            screen.pass_screen()
            screen.unlock(KIM, SECRET[KIM])
        screen.turn_to("setting")
        screen.choose("Which of these others?", "Sweet almond oil")
        almond = screen.page.locator("section#setting .at-q-option", has_text="Sweet almond oil")
        a_month_ago = (date.today() - timedelta(days=30)).isoformat()
        almond.get_by_label("On which day did you put it on?").fill(a_month_ago)
        almond.get_by_role("radio", name="No, it is plain").click()
        almond.get_by_role("radio", name="Nothing, the skin stayed calm").click()
        screen.saved()
        if name == KIM:
            screen.choose("Are you allergic to any of these?", "Nuts")
            expect(screen.page.get_by_text("Left out: it holds, or may hold").first).to_be_visible()
    screen.pass_screen()
    screen.unlock(ROBIN, SECRET[ROBIN])

    tonight = then_kim(screen)

    screen.press("Change")
    products = tonight.get_by_role("group", name="What is on the hands?")
    expect(products.get_by_role("radio", name="Sunflower oil")).to_be_visible()
    expect(products.get_by_role("radio", name="Sweet almond oil")).to_have_count(0)


@pytest.mark.long
def test_week_twenty_leaves_the_side_and_the_chair_and_light_hands(screen: Screen) -> None:
    health = screen.turn_to("health")
    screen.choose("Are you pregnant, or did you give birth not long ago?", "Pregnant, or possibly")
    week = health.get_by_label("Which week of the pregnancy is it?")
    week.fill("20")
    week.blur()
    screen.choose("Do you notice any warning sign of the pregnancy right now?", "None of these")
    asked(screen)

    tonight = then_kim(screen)

    screen.see_plan()
    screen.press("Change")
    resting = tonight.get_by_role("group", name="How does the receiver rest?")
    expect(resting.get_by_role("radio", name="Lying on the side")).to_be_visible()
    expect(resting.get_by_role("radio", name="Lying face down")).to_have_count(0)
    steps = tonight.locator("dl").last
    expect(steps).not_to_contain_text("Relaxing medium")
    expect(steps).not_to_contain_text("Kneading, right")
    assert "pregnan" not in said(tonight)


@pytest.mark.long
def test_a_fever_is_one_neutral_line_for_the_partner(screen: Screen) -> None:
    screen.turn_to("tonight")
    screen.press("Some of this")
    screen.page.locator("section#tonight").get_by_text("Unwell or feverish").click()
    mine = screen.turn_to("tonight")
    screen.choose("Are you unwell?", "A fever")
    expect(mine.get_by_text("Not tonight. When what you ticked has passed").first).to_be_visible()
    tonight = then_kim(screen)

    expect(tonight.get_by_text(NEUTRAL)).to_be_visible()
    for cause in ("fever", "unwell", "well again"):
        assert cause not in said(tonight)
