"""Whatever becomes of the guide's page, Stop is there: on it, on the pad or on the cover."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect

from tests.app.evening import PEOPLE, SECRETS
from tests.browser.conftest import KIM, PHONE, ROBIN, App
from tests.browser.screen import Screen
from workbook.content.words import load_words
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

SECRET = {PEOPLE.at(seat).name: SECRETS[seat] for seat in Seat}

UNDER_WAY = "Hands still. A massage was under way."
STOP = "Stop: it is over"
GUIDE_IS_GONE = "The guide on the other screen is gone."
LED_ELSEWHERE = load_words()("forms.player_elsewhere")
IS_ON_TOP = """button => {
    const { x, y, width, height } = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""
SAYS_HIDDEN = """is => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def glass_of(screen: Screen) -> Locator:
    return screen.page.get_by_role("dialog")


def expect_stop_on_top(page: Page) -> None:
    """Stop is whole inside the window, and a tap in its middle reaches it."""
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_in_viewport(ratio=1)
    assert stop.evaluate(IS_ON_TOP)


def expect_stop_acts(page: Page) -> None:
    """It is there, it is not covered, and it stops."""
    expect_stop_on_top(page)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Breathe. Water? Talk or quiet?")


def expect_nothing_runs(screen: Screen) -> None:
    """The page is open, nothing covers it, and there is nothing to go on with."""
    expect(screen.page.locator("html")).to_have_attribute("data-massage", "none")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    expect(screen.page.get_by_role("button", name=f"{ROBIN}: go on")).to_have_count(0)


def expect_hands_still_within_5_s(pad: Screen, since: float) -> None:
    left = 5.0 - (time.monotonic() - since)
    expect(glass_of(pad)).to_contain_text(GUIDE_IS_GONE, timeout=left * 1000)
    expect(glass_of(pad).get_by_text("Hands still.", exact=True)).to_be_in_viewport(ratio=1)


# The guide's page stays ----------------------------------------------------------------------


def test_back_and_forward_leave_stop_on_the_screen(kim: Screen, pad: Screen) -> None:
    for go in (kim.page.go_back, kim.page.go_back, kim.page.go_forward, kim.page.go_forward):
        go()
        kim.page.wait_for_timeout(200)
        expect_stop_on_top(kim.page)
    kim.page.evaluate("history.go(-2)")  # as the list behind a long press on Back does
    kim.page.wait_for_timeout(300)

    expect_stop_on_top(kim.page)
    expect(kim.page.locator("section#tonight")).to_have_js_property("hidden", False)
    assert "#" not in kim.page.url
    expect_stop_acts(kim.page)
    expect(glass_of(pad)).to_contain_text("Hands still. Breathe.")


ON_ITS_SIDE = (844, 390)
AT_400_PERCENT = (320, 180)
"""What is left of 1280 by 720 px."""


@pytest.mark.long
@pytest.mark.parametrize(
    "size", [pytest.param(ON_ITS_SIDE, marks=pytest.mark.long), AT_400_PERCENT]
)
def test_on_a_screen_that_was_turned_or_zoomed_stop_is_there(
    kim: Screen, size: tuple[int, int]
) -> None:
    kim.page.set_viewport_size({"width": size[0], "height": size[1]})

    expect_stop_on_top(kim.page)
    kim.press("Pause")
    expect_stop_on_top(kim.page)
    kim.press("Something else")
    expect_stop_acts(kim.page)


@pytest.mark.long
def test_with_text_at_twice_its_size_stop_is_there(kim: Screen) -> None:
    kim.page.add_style_tag(content=":root { font-size: 200% }")

    for name in ("Softer", "Pause", "Stop"):
        tap = kim.page.get_by_role("button", name=name, exact=True)
        assert tap.evaluate("tap => tap.scrollWidth <= tap.clientWidth"), f"{name} is cut off"
    expect_stop_on_top(kim.page)
    kim.press("Pause")
    expect_stop_acts(kim.page)


@pytest.mark.long
def test_without_a_line_the_guide_goes_on_and_the_pad_says_hands_still(
    kim: Screen, pad: Screen
) -> None:
    since = time.monotonic()
    kim.page.context.set_offline(True)

    expect_hands_still_within_5_s(pad, since)
    expect(kim.page.get_by_role("alert").get_by_text("Not connected.")).to_be_attached()
    expect_stop_acts(kim.page)
    kim.page.context.set_offline(False)
    expect(glass_of(pad)).to_contain_text("Hands still. Breathe.")


@pytest.mark.long
def test_a_hidden_guide_is_gone_for_the_pad_and_stops_when_it_is_seen_again(
    kim: Screen, pad: Screen
) -> None:
    since = time.monotonic()
    kim.page.evaluate(SAYS_HIDDEN, arg=True)

    expect_hands_still_within_5_s(pad, since)
    kim.page.evaluate(SAYS_HIDDEN, arg=False)
    expect(glass_of(pad)).to_contain_text("Tap anywhere on this screen")
    expect_stop_acts(kim.page)


@pytest.mark.long
def test_a_pad_without_a_line_says_so_before_anybody_taps(kim: Screen, pad: Screen) -> None:
    pad.page.context.set_offline(True)

    expect(glass_of(pad)).to_contain_text("Not connected. Say it out loud.", timeout=5_500)
    expect(kim.page.get_by_role("dialog")).to_contain_text("The pad is not connected.")


@pytest.mark.long
def test_however_the_pad_is_turned_or_zoomed_three_taps_stop(kim: Screen, pad: Screen) -> None:
    pad.page.set_viewport_size({"width": 320, "height": 180})
    expect(pad.button("Back to the book")).to_be_in_viewport(ratio=1)

    for _ in range(3):
        pad.page.mouse.click(160, 90)

    expect(kim.page.get_by_role("dialog")).to_contain_text("Breathe. Water? Talk or quiet?")


# The guide's page is gone --------------------------------------------------------------------


@pytest.mark.long
def test_within_5_s_of_the_guides_tab_being_killed_the_pad_says_hands_still(
    kim: Screen, pad: Screen
) -> None:
    devtools = kim.page.context.new_cdp_session(kim.page)
    since = time.monotonic()
    with suppress(Error):  # nothing of the page runs any more, and nothing answers
        devtools.send("Page.crash", timeout=100)

    expect_hands_still_within_5_s(pad, since)


def test_a_reloaded_guide_opens_at_rest_and_goes_on_at_the_receivers_word(
    kim: Screen, pad: Screen
) -> None:
    since = time.monotonic()
    kim.page.reload()

    expect_hands_still_within_5_s(pad, since)
    expect(kim.page.get_by_text(UNDER_WAY)).to_be_in_viewport()
    expect(kim.page.get_by_label("Your passphrase")).to_be_visible()  # before any passphrase
    kim.unlock(KIM, SECRET[KIM])
    stage = kim.page.get_by_role("dialog")
    expect(stage).to_contain_text("Hands still")
    expect_stop_on_top(kim.page)
    expect(kim.page.get_by_text(UNDER_WAY)).to_be_hidden()
    kim.press(f"{ROBIN}: go on")
    expect(stage).to_contain_text("Step 1 of")
    # The first question is open still, so that the pad says how to answer it.
    expect(glass_of(pad)).to_contain_text("A question: thumb up is fine")
    expect_stop_acts(kim.page)


@pytest.mark.long
@pytest.mark.parametrize("size", [ON_ITS_SIDE, AT_400_PERCENT])
def test_on_a_screen_that_was_turned_or_zoomed_the_cover_has_its_stop(
    kim: Screen, size: tuple[int, int]
) -> None:
    kim.page.set_viewport_size({"width": size[0], "height": size[1]})
    kim.page.reload()
    stop = kim.page.get_by_role("button", name=STOP)
    expect(stop).to_be_in_viewport(ratio=1)

    kim.page.get_by_label("Your passphrase").scroll_into_view_if_needed()

    expect(stop).to_be_in_viewport(ratio=1)
    assert stop.evaluate(IS_ON_TOP)
    kim.press(STOP)
    expect(kim.page.get_by_text("Hands still. It is over.")).to_be_in_viewport()


@pytest.mark.parametrize("name", [KIM, pytest.param(ROBIN, marks=pytest.mark.long)])
def test_a_stop_on_the_cover_holds_for_whoever_is_unlocked_next(kim: Screen, name: str) -> None:
    kim.page.reload()
    expect(kim.page.get_by_role("button", name=STOP)).to_be_in_viewport(ratio=1)
    assert kim.page.get_by_role("button", name=STOP).evaluate(IS_ON_TOP)

    kim.press(STOP)

    expect(kim.page.get_by_text("Hands still. It is over.")).to_be_visible()
    kim.unlock(name, SECRET[name])
    expect_nothing_runs(kim)
    kim.pass_screen()
    expect(kim.page.locator("#at-massage")).to_be_hidden()
    kim.unlock(ROBIN if name == KIM else KIM, SECRET[ROBIN if name == KIM else KIM])
    expect_nothing_runs(kim)


@pytest.mark.long
def test_a_stop_on_the_cover_is_heard_by_the_pad_that_is_still_unlocked(
    kim: Screen, pad: Screen
) -> None:
    kim.page.reload()

    kim.press(STOP)

    expect(glass_of(pad)).to_contain_text("Hands still. Breathe.", timeout=5_000)


@pytest.mark.long
def test_a_stop_on_one_cover_holds_on_another_page(kim: Screen, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    other = Screen(context.new_page(), kim.app)
    other.open()
    expect(other.page.get_by_label("Your passphrase")).to_be_visible()
    expect(other.page.locator("#at-massage")).to_be_hidden()  # a page guides it
    kim.page.reload()
    expect(other.page.get_by_text(UNDER_WAY)).to_be_visible()

    other.press(STOP)

    expect(kim.page.get_by_text("Hands still. It is over.")).to_be_visible()
    kim.unlock(KIM, SECRET[KIM])
    expect_nothing_runs(kim)
    expect(other.page.locator("#at-massage")).to_be_hidden()
    context.close()


@pytest.mark.long
def test_a_stop_that_no_kernel_hears_holds_after_a_reload(kim: Screen) -> None:
    for kernel in kim.app.kernels():
        kernel.kill()
    expect_stop_acts(kim.page)

    kim.page.reload()

    expect(kim.page.get_by_text("Hands still. It is over.")).to_be_visible()
    kim.unlock(KIM, SECRET[KIM])
    expect_nothing_runs(kim)


@pytest.mark.long
def test_after_its_end_no_cover_speaks_of_a_massage(kim: Screen, pad: Screen) -> None:
    glass_of(pad).get_by_text("Tap anywhere on this screen").wait_for()
    expect_stop_acts(kim.page)
    expect(glass_of(pad)).to_contain_text("Hands still. Breathe.")

    kim.page.reload()

    expect(kim.page.get_by_label("Your passphrase")).to_be_visible()
    kim.page.wait_for_timeout(2_500)  # it has asked the server by then
    expect(kim.page.locator("#at-massage")).to_be_hidden()


@pytest.mark.long
def test_a_second_page_opens_no_guide_of_its_own_while_another_page_guides(
    kim: Screen, browser: Browser
) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    context.add_init_script("""
        const showModal = HTMLDialogElement.prototype.showModal;
        window.opened = 0;
        HTMLDialogElement.prototype.showModal = function () { opened += 1; showModal.call(this); };
    """)
    other = Screen(context.new_page(), kim.app)
    other.open()
    other.unlock(KIM, SECRET[KIM])

    expect(other.page.locator("html")).to_have_attribute("data-massage", "guided")
    expect(other.turn_to("tonight").get_by_text(LED_ELSEWHERE)).to_be_visible()

    assert other.page.evaluate("opened") == 0
    context.close()


# Before it begins ----------------------------------------------------------------------------


@pytest.mark.long
def test_a_wake_lock_that_is_refused_is_said_before_it_begins(
    browser: Browser, agreed_app: App
) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    context.add_init_script("navigator.wakeLock.request = () => Promise.reject(new Error())")
    kim = Screen(context.new_page(), agreed_app)
    kim.open()
    kim.unlock(KIM, SECRET[KIM])

    tonight = kim.turn_to("tonight")

    expect(tonight.get_by_role("button", name="Begin")).to_be_enabled()
    expect(
        tonight.get_by_text("This screen may go dark: keep it awake in its own settings.")
    ).to_be_visible()
    context.close()
