"""What can be heard: the label tells the truth, and the sound comes back by itself."""

import pytest
from playwright.sync_api import expect

from tests.ui.widgets.test_player import home, plan

CONTEXTS = """
    window.contexts = [];
    const Real = window.AudioContext;
    window.AudioContext = class extends Real {
        constructor() { super(); contexts.push(this); }
    };
"""
"""Real contexts; the test can reach them."""


def bell(page, said):
    return page.get_by_role("dialog").get_by_role("button", name=said)


def test_sound_that_the_device_has_put_to_rest_comes_back_and_the_label_is_true(opened, page):
    page.add_init_script(CONTEXTS)
    opened("rest", home(plan(), agreed=True))
    page.get_by_role("button", name="Begin").click()
    expect(bell(page, "Sound on")).to_be_visible()
    assert page.evaluate("contexts.map((each) => each.state)") == ["running"]

    # As after a call: at rest, and not to be woken for now.
    page.evaluate("contexts[0].resume = () => Promise.resolve()")
    page.evaluate("contexts[0].suspend()")
    expect(bell(page, "No sound: tap here")).to_be_visible()
    expect(bell(page, "Sound on")).to_have_count(0)
    page.evaluate("delete contexts[0].resume")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(bell(page, "Sound on")).to_be_visible()
    assert page.evaluate("contexts.map((each) => each.state)") == ["running"]

    # A context that never wakes again is replaced at the next tap, whatever is tapped.
    page.evaluate("contexts[0].resume = () => Promise.resolve()")
    page.evaluate("contexts[0].suspend()")
    expect(bell(page, "No sound: tap here")).to_be_visible()
    page.get_by_role("button", name="Softer").click()
    expect(bell(page, "Sound on")).to_be_visible()
    assert page.evaluate("contexts.map((each) => each.state)") == ["closed", "running"]

    bell(page, "Sound on").click()
    expect(bell(page, "Sound off")).to_be_visible()
    assert page.evaluate("contexts.at(-1).state") == "closed"


SWITCH = "Object.defineProperty(navigator, 'audioSession', { value: { type: 'auto' } });"
OLD_PHONE = "Object.defineProperty(navigator, 'userAgent', { value: 'iPhone OS 15_4' });"


@pytest.mark.long
def test_a_phone_with_a_ring_switch_rings_in_spite_of_it_until_the_sound_is_off(opened, page):
    page.add_init_script(CONTEXTS + SWITCH)
    opened("switch", home(plan(), agreed=True))
    expect(page.get_by_text("Heard with the ring switch off.")).to_be_visible()
    page.get_by_role("button", name="Begin").click()
    expect(bell(page, "Sound on")).to_be_visible()
    assert page.evaluate("navigator.audioSession.type") == "playback"

    bell(page, "Sound on").click()

    assert page.evaluate("navigator.audioSession.type") == "auto"


@pytest.mark.long
def test_bells_that_are_off_before_the_beginning_let_the_phone_play_its_music(opened, page):
    page.add_init_script(CONTEXTS + SWITCH)
    opened("music", home(plan(), agreed=True))
    page.get_by_role("button", name="Sound on").click()
    page.get_by_role("button", name="Begin").click()

    expect(bell(page, "Sound off")).to_be_visible()
    assert page.evaluate("[navigator.audioSession.type, contexts.length]") == ["auto", 0]


@pytest.mark.long
def test_a_phone_whose_ring_switch_silences_the_bells_says_so(opened, page):
    page.add_init_script(OLD_PHONE)
    opened("old", home(plan(), agreed=True))

    expect(page.get_by_text("Turn the ring switch on.")).to_be_visible()


@pytest.mark.long
def test_without_sound_the_label_says_so_and_the_guide_goes_on(opened, page):
    page.add_init_script("delete window.AudioContext;")
    opened("mute", home(plan(), agreed=True))
    page.get_by_role("button", name="Begin").click()

    expect(bell(page, "None")).to_be_visible()
    expect(page.get_by_role("dialog")).to_contain_text("Step 1 of 4")
