"""The book in Firefox and in WebKit, the engine of Safari: Back, and one whole evening."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from selenium.webdriver import Remote
from selenium.webdriver.common.by import By

from tests.browser.conftest import App
from tests.browser.engine_screen import EngineScreen
from tests.browser.engines import ENGINES, RequestRecorder
from tests.browser.test_changes import KIM, ROBIN, SECRET
from tests.browser.test_hands_still import SECRET as AGREED_SECRET

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

STAGE = "dialog.at-player-stage[open]"
PAD = "dialog.at-pad[open]"
CALM = "Breathe. Water? Talk or quiet?"
PHONE = (390, 844)
"""Pixels asked for; Firefox makes no window narrower than 450."""


@pytest.fixture(params=ENGINES)
def start_engine(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[App], EngineScreen]]:
    """Start one engine as often as a test has screens; none asks another host for anything."""
    engine = ENGINES[request.param]
    program = engine.find_program()
    if program is None:
        pytest.skip(engine.missing)
    recorder = RequestRecorder()
    with ExitStack() as running:
        running.callback(recorder.close)

        def start(app: App) -> EngineScreen:
            folder = tmp_path / f"screen-{time.monotonic_ns()}"
            driver: Remote = running.enter_context(engine.start_driver(program, folder, recorder))
            driver.set_window_rect(0, 0, *PHONE)
            return EngineScreen(driver, app)

        yield start
    assert recorder.outside == []


@pytest.fixture
def kim(start_engine: Callable[[App], EngineScreen], agreed_app: App) -> EngineScreen:
    """Kim's screen, which guides; a massage is under way."""
    kim = start_engine(agreed_app)
    kim.open()
    kim.unlock(KIM, AGREED_SECRET[KIM])
    kim.turn_to("tonight")
    begin(kim)
    return kim


def begin(screen: EngineScreen) -> None:
    """Begin the massage, and answer the question it begins with: as it is."""
    screen.press("Begin")
    answers = screen.wait(
        lambda: screen.driver.find_elements(By.CSS_SELECTOR, f"{STAGE} [role=group] button"),
        "the first question",
    )
    answers[-1].click()
    screen.see("Step 1 of", STAGE)


def leaf_through_history(screen: EngineScreen) -> Iterator[None]:
    """Go back and forth, and as far back as the list behind a long press goes."""
    driver = screen.driver
    far_back = lambda: driver.execute_script("history.go(-2)")  # noqa: E731
    for go in (driver.back, driver.back, driver.forward, driver.forward, far_back):
        go()
        time.sleep(0.3)
        yield


def test_back_and_forward_leave_guide_and_stop_on_the_screen(kim: EngineScreen) -> None:
    for _ in leaf_through_history(kim):
        kim.see("Step 1 of", STAGE)
        kim.expect_whole("Stop")

    assert "#" not in kim.driver.current_url
    kim.press("Stop")
    kim.see(CALM, STAGE)


@pytest.mark.parametrize("start_engine", ["firefox"], indirect=True)
def test_firefoxs_own_back_button_leaves_guide_and_stop_on_the_screen(kim: EngineScreen) -> None:
    for seconds in (0.3, 0.3, 0, 0, 0):
        kim.driver.command_executor.press_back_button()
        time.sleep(seconds)
    time.sleep(0.3)

    kim.see("Step 1 of", STAGE)
    kim.expect_whole("Stop")
    kim.press("Stop")
    kim.see(CALM, STAGE)


def test_back_and_forward_leave_the_pad_on_the_screen_and_three_taps_stop(
    kim: EngineScreen, start_engine: Callable[[App], EngineScreen]
) -> None:
    robin = start_engine(kim.app)
    robin.open()
    robin.unlock(ROBIN, AGREED_SECRET[ROBIN])
    for chapter in ("help", "tonight"):  # two pages back is a page of the book, not the pairing
        robin.turn_to(chapter)
    robin.press("Be the pad")
    kim.see("The pad is there", STAGE)

    for _ in leaf_through_history(robin):
        robin.see("Tap anywhere on this screen", PAD)
        robin.expect_whole("Back to the book")

    [glass] = robin.driver.find_elements(By.CSS_SELECTOR, PAD)
    robin.tap(glass, 3)
    kim.see(CALM, STAGE)
    robin.see("Hands still. Breathe.", PAD)


def come_back(screen: EngineScreen, *, gives: bool) -> None:
    """The return evening of somebody for whom nothing has changed."""
    screen.turn_to("tonight")
    screen.choose("Would you like this tonight?", "Yes, freely")
    screen.choose("Would a no be easy?", "Yes")
    screen.choose("I would like to", "Give" if gives else "Receive")
    screen.choose(f"{'Giving' if gives else 'Receiving'}: minutes at most", "20")
    screen.press("None of this")
    screen.press("All still true")
    screen.press("Ready")
    said = ("You are ready", "You have both answered")
    screen.wait(lambda: any(each in screen.read("section#tonight") for each in said), said[0])


def test_a_couple_comes_back_for_one_evening_on_one_screen(
    start_engine: Callable[[App], EngineScreen], filled_app: App
) -> None:
    screen = start_engine(filled_app)
    screen.open()
    screen.unlock(ROBIN, SECRET[ROBIN])
    come_back(screen, gives=False)
    screen.pass_screen()
    screen.unlock(KIM, SECRET[KIM])
    come_back(screen, gives=True)

    screen.see("receives, 20 minutes.", "section#tonight")
    screen.choose("Try each once", "The word", "The signal")
    for name in (KIM, ROBIN):
        screen.press(f"{name}: yes to this plan")
        screen.button(f"{name}: take my yes back")
    screen.see("You have both said yes.", "section#tonight")

    begin(screen)
    for name in ("Softer", "Pause", "Stop"):
        screen.expect_whole(name)
    screen.press("Softer")
    screen.see("Softer from here on", STAGE)
    screen.press("Pause")
    screen.see("Hands still", STAGE)
    screen.expect_whole("Stop")
    screen.press(f"{ROBIN}: go on")
    screen.see("Step 1 of", STAGE)
    screen.press("Stop")
    screen.see(CALM, STAGE)

    screen.press("To the quiet time after")
    screen.press("Write a thank-you")
    thank(screen, "I liked your breathing.")
    screen.see("Yours is here.", "section#afterwards")
    screen.pass_screen()
    screen.unlock(ROBIN, SECRET[ROBIN])
    screen.turn_to("afterwards")
    assert "I liked your breathing." not in screen.read()
    thank(screen, "Your hands were warm.")
    screen.see("I liked your breathing.", "section#afterwards")


def thank(screen: EngineScreen, words: str) -> None:
    """Write a thank-you and give it."""
    screen.write("A thank-you, in your own words", words)
    screen.press("Give my thank-you")
