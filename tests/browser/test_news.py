"""Two phones: what is taken back on one reaches the guide on the other."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.app.evening import SECRETS
from tests.browser.conftest import KIM, PHONE, ROBIN, App
from tests.browser.screen import Screen
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

LAPSED = "The yes no longer holds."


def take_yes_back(robin: Screen) -> None:
    robin.turn_to("tonight")
    robin.press(f"{ROBIN}: take my yes back")


def take_ready_back(robin: Screen) -> None:
    robin.turn_to("tonight")
    robin.press("Take it back")


def not_tonight(robin: Screen) -> None:
    robin.turn_to("intentions")
    robin.page.get_by_role("radio", name=re.compile("^No")).filter(visible=True).first.check()


def urgent(robin: Screen) -> None:
    robin.turn_to("health")
    robin.page.get_by_role("checkbox", name=re.compile("chest", re.IGNORECASE)).first.check()


@pytest.mark.parametrize(
    "take_back",
    [
        urgent,
        *(
            pytest.param(each, marks=pytest.mark.long)  # tests/app/test_news.py has each way
            for each in (take_yes_back, take_ready_back, not_tonight)
        ),
    ],
)
def test_what_is_taken_back_on_one_phone_stills_the_hands_of_the_other(
    kim: Screen, robin: Screen, take_back: Callable[[Screen], None]
) -> None:
    stage = kim.page.get_by_role("dialog")
    expect(stage).to_contain_text("Step 1 of")

    take_back(robin)

    expect(stage).to_contain_text(LAPSED, timeout=5_000)
    expect(stage.get_by_role("timer")).to_be_hidden()
    expect(stage.locator(".at-player-calm")).not_to_contain_text(ROBIN)  # nobody is named
    expect(robin.page.get_by_role("status").filter(has_text=LAPSED)).to_be_visible()
    if take_back is urgent:
        see_the_number_and_show_it(robin)


def see_the_number_and_show_it(robin: Screen) -> None:
    """Who named an emergency sign can tell the other person at once."""
    panel = robin.page.locator("section#health .at-urgent")
    expect(panel.get_by_text("This needs medical help")).to_be_in_viewport(ratio=0.9)
    tell = robin.button("Tell them now")
    expect(tell).to_be_in_viewport(ratio=1)
    tell.click()
    expect(panel.get_by_text("Robin needs help now")).to_be_in_viewport(ratio=1)


@pytest.mark.long
def test_a_place_that_is_closed_is_left_out_once_the_receiver_says_go_on(
    kim: Screen, robin: Screen
) -> None:
    stage = kim.page.get_by_role("dialog")
    robin.turn_to("limits")

    robin.paint("When you receive: where may hands go?", "Not tonight", "Left shoulder top")

    left_out = re.compile(r"[Ss]houlder tops?: left out from here\.")
    expect(stage).to_contain_text(left_out, timeout=5_000)
    stage.get_by_role("button", name=f"{ROBIN}: go on").click()
    expect(stage).to_contain_text(re.compile(r"Step \d+ of"))


@pytest.mark.long
def test_the_pad_leads_to_ones_own_answers(pad: Screen) -> None:
    pad.press("Something changed for me")

    expect(pad.page.locator("section#limits")).to_be_visible()
    expect(pad.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.long
def test_a_massage_that_nobody_touches_runs_to_its_end(browser: Browser, agreed_app: App) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    kim = Screen(context.new_page(), agreed_app)
    kim.page.clock.install()  # so that twenty minutes need not be waited for
    kim.open()
    kim.unlock(KIM, SECRETS[Seat.A])
    kim.turn_to("tonight")
    stage = kim.page.get_by_role("dialog")

    kim.press("Begin")

    for _ in range(310):
        kim.page.clock.run_for(4_000)
    expect(stage).to_contain_text("That was it.")
    context.close()
