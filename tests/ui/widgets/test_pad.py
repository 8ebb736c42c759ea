"""The pad: a dark glass to be tapped without looking; a word only ever grows stronger."""

import pytest
from playwright.sync_api import expect

PAD = """
    from workbook.content.words import load_words
    from workbook.ui.widgets.pad import Pad

    line, hear = heard()
    left = lambda from_glass: hear(["left", from_glass])
    pad = Pad(load_words().table("player"), lambda tap: hear(tap) or TAKEN, left)
    pause = Button(description="Pause it")
    pause.on_click(lambda _: setattr(pad, "phase", "paused"))
    away = Button(description="Away")
    away.on_click(lambda _: setattr(pad, "guided", False))
    ask = Button(description="Ask")
    ask.on_click(lambda _: setattr(pad, "asking", True))
    end = Button(description="End it")
    end.on_click(lambda _: setattr(pad, "phase", "stopped"))
    box = VBox([pad, pause, away, ask, end, line])
    box.add_class("at-form")
    display(box)
"""
SAYS = ".at-pad-says"
SHAKES = "window.shaken = []; navigator.vibrate = (pattern) => shaken.push(pattern)"


CANNOT_SHAKE = """
    delete Navigator.prototype.vibrate;
    window.tones = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) {
        tones.push(Math.round(this.frequency.value));
        start.call(this, at);
    };
"""
TONES = "This device cannot shake. Let it answer my taps with soft tones."


def pad(opened, page, name, *, taken=True):
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(SHAKES)
    opened(name, PAD.replace("TAKEN", str(taken)))
    page.get_by_role("button", name="Be the pad").click()
    return page.get_by_role("dialog")


def tap(page, times, hold=20, apart=120):
    for _ in range(times):
        page.mouse.move(190, 300)
        page.mouse.down()
        page.wait_for_timeout(hold)
        page.mouse.up()
        page.wait_for_timeout(apart)


def behind(page, name):
    """Press a button that lies under the glass."""
    find = "(name) => [...document.querySelectorAll('button')].find((b) => b.textContent === name)"
    page.evaluate_handle(find, name).as_element().dispatch_event("click")


@pytest.mark.parametrize(
    ("taps", "words"),
    [
        pytest.param(1, ["softer"], marks=pytest.mark.long),
        pytest.param(2, ["still"], marks=pytest.mark.long),
        (3, ["still", "stop"]),
    ],
)
def test_taps_anywhere_are_heard_and_answered_by_a_short_shake(opened, page, heard, taps, words):
    glass = pad(opened, page, "taps")

    tap(page, taps)

    assert heard(lambda said: len(said) == len(words)) == words
    said = {"softer": "Softer", "still": "Hands still", "stop": "Stop"}[words[-1]]
    expect(glass.locator(SAYS)).to_have_text(said)
    page.wait_for_function(f"shaken.length === {len(words)}")


@pytest.mark.long
def test_a_device_that_cannot_shake_answers_by_tones_if_wanted(opened, page, heard, axe):
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(CANNOT_SHAKE)
    opened("tones", PAD.replace("TAKEN", "True"))
    wanted, glass = page.get_by_label(TONES), page.get_by_role("dialog")
    expect(wanted).not_to_be_checked()
    assert axe(".at-pad-card") == []

    page.get_by_role("button", name="Be the pad").click()
    tap(page, 2)
    expect(glass.locator(SAYS)).to_have_text("Hands still")
    assert page.evaluate("tones") == []

    page.wait_for_timeout(700)  # the row of taps is over
    page.get_by_role("button", name="Back to the book").click()
    wanted.check()
    page.get_by_role("button", name="Be the pad").click()
    tap(page, 1)
    page.wait_for_function("tones.includes(330)")
    behind(page, "Ask")
    page.wait_for_function("tones.filter((hertz) => hertz === 440).length === 3")
    assert heard(lambda said: len(said) == 2) == ["still", "softer"]


@pytest.mark.long
def test_a_device_that_shakes_offers_no_tones(opened, page):
    page.add_init_script(SHAKES)
    opened("shakes", PAD.replace("TAKEN", "True"))

    expect(page.get_by_role("button", name="Be the pad")).to_be_visible()
    expect(page.get_by_label(TONES)).to_be_hidden()


@pytest.mark.long
def test_a_question_lights_the_glass_and_shakes_it_for_who_hears_no_bell(opened, page, axe):
    glass = pad(opened, page, "asks")
    dark = glass.evaluate("(node) => getComputedStyle(node).backgroundColor")

    behind(page, "Ask")

    expect(glass.locator(SAYS)).to_contain_text("thumb up is fine")
    page.wait_for_function("shaken.length === 1")
    assert glass.evaluate("(node) => getComputedStyle(node).backgroundColor") != dark
    assert axe(".at-pad-glass") == []


@pytest.mark.long
def test_axe_finds_nothing_on_what_the_glass_answers(opened, page, heard, axe):
    glass = pad(opened, page, "answers")
    for taps, word, shown in ((1, "softer", "Softer"), (2, "still", "Hands still")):
        tap(page, taps)
        heard(lambda said, word=word: said and said[-1] == word)
        expect(glass.locator(SAYS)).to_have_text(shown)
        assert axe(".at-pad-glass") == []


@pytest.mark.long
def test_two_single_taps_with_a_pause_between_are_twice_softer(opened, page, heard):
    pad(opened, page, "twice")

    tap(page, 1)
    page.wait_for_timeout(700)
    tap(page, 1)

    assert heard(lambda said: len(said) == 2) == ["softer", "softer"]


BUTTONS = [
    (["Softer"], ["softer"]),
    (["Softer"] * 2, ["softer", "still"]),
    (["Softer"] * 3, ["softer", "still", "stop"]),
    (["Still"], ["still"]),
    (["Stop"], ["stop"]),
]


@pytest.mark.long
def test_a_button_says_its_word_and_is_a_tap_as_well(opened, page, heard):
    glass, before = pad(opened, page, "button"), 0

    for pressed, words in BUTTONS:
        for button in pressed:
            glass.get_by_role("button", name=button, exact=True).click()
        page.wait_for_timeout(700)
        count = before + len(words)
        assert heard(lambda said, count=count: len(said) == count)[before:] == words
        before = count


@pytest.mark.long
def test_a_button_is_pressed_by_keyboard_as_well(opened, page, heard):
    glass = pad(opened, page, "keys")

    glass.get_by_role("button", name="Still").press("Enter")
    page.wait_for_timeout(700)

    assert heard(lambda said: said) == ["still"]


@pytest.mark.long
def test_a_long_press_stops_while_it_lasts(opened, page, heard):
    pad(opened, page, "long")
    page.mouse.move(100, 700)
    page.mouse.down()

    assert heard(lambda said: said) == ["stop"]
    page.mouse.up()


@pytest.mark.long
def test_a_stop_is_on_the_glass_at_once_also_while_hands_are_still(opened, page):
    glass = pad(opened, page, "at_once", taken=False)
    behind(page, "Pause it")
    expect(glass).to_contain_text("go on")

    tap(page, 3)

    expect(glass.locator(SAYS)).to_have_text("Stop", timeout=1_000)  # before anybody took it
    expect(glass).to_contain_text("Not connected. Say it out loud.", timeout=8_000)


@pytest.mark.long
def test_the_space_bar_taps_as_well(opened, page, heard):
    glass = pad(opened, page, "space")
    expect(glass).to_be_focused()

    page.keyboard.press("Space")
    page.keyboard.press("Space")

    assert heard(lambda said: said) == ["still"]


@pytest.mark.long
def test_a_word_that_nobody_takes_is_said_to_be_unheard(opened, page):
    glass = pad(opened, page, "unheard", taken=False)

    tap(page, 1)

    expect(glass).to_contain_text("Not connected. Say it out loud.", timeout=8_000)
    assert page.evaluate("shaken.length") == 1  # long, so that it is not felt as an answer


@pytest.mark.long
def test_it_says_when_hands_are_still_when_it_has_ended_and_when_nobody_hears(opened, page, axe):
    glass = pad(opened, page, "says")
    expect(glass).to_contain_text("Tap anywhere on this screen")
    expect(glass).to_contain_text("Tap once: softer.")
    assert axe(".at-pad-glass") == []
    behind(page, "Pause it")
    expect(glass).to_contain_text("go on")
    assert axe(".at-pad-glass") == []
    behind(page, "Away")
    expect(glass).to_contain_text("Hands still.The guide on the other screen is gone.")
    assert axe(".at-pad-glass") == []
    page.get_by_role("button", name="Back to the book").click()
    expect(glass).to_have_count(0)
    assert axe(".at-pad") == []

    page.get_by_role("button", name="End it").click()

    expect(page.get_by_text("It has ended.")).to_be_visible()
    expect(page.get_by_role("button", name="Be the pad")).to_be_hidden()
    assert axe(".at-pad") == []


@pytest.mark.long
def test_after_the_end_it_stays_dark_until_somebody_looks_up(opened, page, heard, axe):
    glass = pad(opened, page, "dark")
    behind(page, "End it")
    expect(glass).to_contain_text("Hands still. Breathe.")
    assert axe(".at-pad-glass") == []
    assert heard(lambda said: True) == []

    page.get_by_role("button", name="To the quiet time after").click()

    assert heard(lambda said: said) == [["left", True]]


@pytest.mark.long
def test_a_pad_that_was_not_open_makes_room_and_leads_nowhere(opened, page, heard):
    opened("closed", PAD.replace("TAKEN", "True"))
    page.get_by_role("button", name="Be the pad").wait_for()

    page.get_by_role("button", name="End it").click()

    assert heard(lambda said: said) == [["left", False]]


@pytest.mark.long
def test_leaving_the_pad_is_no_tap(opened, page, heard):
    pad(opened, page, "leave")

    page.get_by_role("button", name="Back to the book").click()
    page.wait_for_timeout(700)

    assert heard(lambda said: True) == []


@pytest.mark.long
def test_escape_and_a_hidden_ancestor_leave_the_pad_where_it_is(opened, page, heard):
    glass = pad(opened, page, "stays")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('.at-pad-card').parentElement.style.display = 'none'")
    expect(glass).to_contain_text("Tap anywhere on this screen")

    tap(page, 3)

    assert heard(lambda said: len(said) == 2) == ["still", "stop"]
