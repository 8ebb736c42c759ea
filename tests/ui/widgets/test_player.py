import json
import re
import time

import pytest
from playwright.sync_api import expect

from workbook.rules.session_table import list_rows
from workbook.ui.widgets.player import Player

LEVELS = ["Still hand", "Lotion-light", "Lotion-firm", "Medium"]
REPLIES = [
    {"key": "lighter", "label": "Lighter", "kind": "softer"},
    {"key": "same", "label": "The same", "kind": "fine"},
    {"key": "skip", "label": "Skip", "kind": "skip"},
]
FIRMER = [
    {"key": "lighter", "label": "Lighter", "kind": "softer"},
    {"key": "same", "label": "As it is", "kind": "fine"},
    {"key": "firmer", "label": "They said yes", "kind": "yes"},
]


REACTIONS = [
    {"notice": "A sharp feeling", "line": "Leave it alone.", "ask": "Where?", "kind": "leave"},
    {"notice": "An ache", "line": "Softer from here.", "ask": "", "kind": "softer"},
    {"notice": "Tears", "line": "Ask first.", "ask": "Hold or stop?", "kind": "pause"},
    {"notice": "Hives", "line": "Wash it off.", "ask": "", "kind": "stop"},
]


def step(title, level, seconds, following="", parts=()):
    return {
        "title": title, "sentence": f"{title} with a warm hand.", "side": "Right side",
        "level": level, "level_words": LEVELS[level], "seconds": seconds, "next": following,
        "parts": list(parts),
    }  # fmt: skip


def plan(*at, steps=((0, 60), (2, 240), (3, 240), (0, 60))):
    made = [step(f"Step {i}", each[0], each[1], f"Step {i + 1}") for i, each in enumerate(steps)]
    return {
        "title": "For Robin", "seconds": sum(each[1] for each in steps),
        "levels": LEVELS, "steps": made,
        "check_ins": [{"at": each, "question": "Lighter?", "answers": REPLIES} for each in at],
        "cues": [{"at": 4, "kind": "rest", "text": "Rest your hands.", "seconds": 8}],
        "reactions": REACTIONS, "asks": ["Warm enough?"],
        "firmer": {"question": "A bit firmer?", "answers": FIRMER},
        "machine": list_rows(), "guarded": False, "id": "abc",
        "timings": {"answer_s": 10, "repeat_s": 60, "shown_s": 30},
        "giver": {"name": "Kim", "colour": "clay", "shape": "circle"},
        "receiver": {"name": "Robin", "colour": "sage", "shape": "square"},
    }  # fmt: skip


WORDS = {
    "start": "Begin", "not_agreed": "Both say yes first.",
    "meta": "{minutes} minutes, {steps} steps",
    "gives": "gives", "receives": "receives", "step": "Step {n} of {all}", "left": "{time} left",
    "next": "Next: {title}", "last": "Then it ends.", "softer": "Softer", "pause": "Pause",
    "stop": "Stop", "softer_now": "One softer.", "sound_on": "Sound on", "sound_off": "Sound off",
    "sound_waiting": "No sound: tap here", "sound_starting": "Sound starts", "sound_none": "None",
    "ring_passes": "Heard with the ring switch off.", "ring_silences": "Turn the ring switch on.",
    "paused_title": "Hands still.", "paused_text": "No hurry.", "go_on": "{name}: go on",
    "stopped_title": "Hands still. Breathe.", "stopped_text": "Water? Talk or quiet?",
    "lapsed_title": "Hands still. It lapsed.", "lapsed_text": "The yes no longer holds.",
    "changed_title": "Something changed.", "changed_text": "Say yes again.",
    "once_yes": "{now}; {planned} once they have said yes",
    "silent_aloud": "No answer: softer.", "silent_guarded": "In ten seconds softer.",
    "finished_title": "That was it.", "finished_text": "Lift slowly.",
    "moment_to_ask": "A moment to ask", "meanwhile": "Until then: {sentence} {level}.",
    "position_title": "Another way", "position_still": "Still while you move.",
    "pass": "pass {n} of {all}", "hear_count": "Hear each count", "hear_bell": "Hear each round",
    "something_else": "Something else", "close": "Back to the step",
    "reactions_title": "If something comes up", "asks_title": "To ask at any time",
    "extras_title": "If you like", "read_aloud": "Read aloud", "breath_guide": "A slow breath",
    "breath_in": "in", "breath_out": "out",
    "pad_here": "The pad is there", "pad_gone": "The pad is not connected.",
}  # fmt: skip
HOME = """
    from workbook.ui.widgets.player import Player
    line, hear = heard()
    told, ask = heard()
    told.remove_class("heard"); told.add_class("told")
    player = Player(json.loads(PLAN), json.loads(WORDS), hear, ask, STATE)
    agree = Button(description="Agree")
    agree.on_click(lambda _: setattr(player, "agreed", True))
    form = VBox([player, agree, line, told])
    form.add_class("at-form")
    display(form)
"""


def home(script, **state):
    """The notebook's lines; words and plan go in as text."""
    given = ", ".join(f"{key}={value!r}" for key, value in state.items())
    return (
        HOME.replace("PLAN", repr(json.dumps(script)))
        .replace("WORDS", repr(json.dumps(WORDS)))
        .replace("STATE", given)
    )


# Protocol


@pytest.fixture
def told():
    return []


@pytest.fixture
def player(told):
    player = Player(plan(), WORDS, told.append, told.append, on_left=lambda: told.append("left"))
    player.send = told.append
    return player


def test_what_happens_is_told(player, told):
    happened = {"kind": "event", "event": "stop", "elapsed": 70.2, "cap": 2, "plan": "abc"}

    player._handle_custom_msg(happened, [])
    player._handle_custom_msg({**happened, "kind": "at", "phase": "stopped", "step": 1}, [])
    player._handle_custom_msg({"kind": "left"}, [])

    where = {"phase": "stopped", "step": 1, "elapsed": 70.2, "cap": 2, "plan": "abc"}
    assert told == [happened, where, "left"]


@pytest.mark.parametrize(
    "content",
    [
        None,
        {},
        {"kind": "event"},
        {"kind": "event", "event": "stop", "elapsed": 1},
        {"kind": "at", "phase": 1},
        {"kind": "at", "phase": "running", "step": 0, "elapsed": 1, "cap": 1},
    ],
)
def test_what_no_player_says_is_passed_over(player, told, content):
    player._handle_custom_msg(content, [])

    assert told == []


def test_a_signal_is_one_message(player, told):
    player.send_tap("stop")
    player.send_tap("stop", ended="lapsed")
    player.limit_level(1)

    assert told == [
        {"kind": "signal", "signal": "stop", "ended": ""},
        {"kind": "signal", "signal": "stop", "ended": "lapsed"},
        {"kind": "cap", "cap": 1},
    ]
    assert repr(player) == "Player()"


def test_a_plan_with_less_in_it_goes_to_the_page_that_runs_it(player, told):
    less = plan(steps=((0, 60), (1, 240), (0, 60)))
    state = {"phase": "paused", "step": 1, "elapsed": 70.0, "cap": 1}

    player.tighten(less, state, "Softer from here on.")

    assert player.plan == less
    assert told == [
        {"kind": "tighten", "plan": less, "state": state, "line": "Softer from here on."}
    ]


# On the screen


def events(said):
    return [each["event"] for each in said]


def test_softer_pause_go_on_and_stop(opened, page, heard, axe, record_property):
    page.set_viewport_size({"width": 390, "height": 844})
    opened("player", home(plan(6, steps=((0, 4), (2, 240), (3, 60), (0, 60))), speed=4.0))
    stage = page.get_by_role("dialog")
    begin = page.get_by_role("button", name="Begin")

    expect(begin).to_be_disabled()
    expect(begin).to_have_accessible_description("Both say yes first.")
    assert axe(".at-player") == []
    page.get_by_role("button", name="Agree").click()
    expect(begin).to_be_enabled()
    begin.focus()
    page.keyboard.press("Enter")
    expect(stage).to_contain_text("Step 2 of 4")
    expect(stage).to_contain_text("Rest your hands.")

    page.get_by_role("group", name="A bit firmer?").wait_for()
    expect(stage).to_contain_text("Lotion-light; Lotion-firm once they have said yes")
    expect(stage).to_contain_text("No answer: softer.")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(stage).to_be_visible()
    page.get_by_role("button", name="They said yes").click()
    expect(stage).to_contain_text("Lotion-firm")
    expect(stage).not_to_contain_text("once they have said yes")
    page.get_by_role("button", name="Softer").click()
    expect(stage).to_contain_text("Lotion-light")
    expect(stage).to_contain_text("One softer.")
    assert axe(".at-player-stage") == []
    zones = [z.bounding_box() for z in page.locator(".at-player-zone").all()]
    assert sum(z["width"] for z in zones) == pytest.approx(390, abs=2)
    assert all(z["y"] + z["height"] <= 844 and z["height"] >= 88 for z in zones)

    page.get_by_role("button", name="Pause").click()
    expect(stage).to_contain_text("Hands still.")
    assert axe(".at-player-stage") == []
    page.get_by_role("button", name="Robin: go on").click()
    expect(stage).to_contain_text("Step 2 of 4")
    expect(stage).to_contain_text("Lotion-light")

    page.evaluate("""() => { window.took = new Promise((done) => {
        document.querySelector(".at-player-stop").addEventListener("click", (event) => {
            requestAnimationFrame(() => requestAnimationFrame(
                () => done([performance.now() - event.timeStamp, document.body.innerText])));
        }, { capture: true }); }); }""")
    page.get_by_role("button", name="Stop").click()
    took, shown = page.evaluate("took")
    record_property("stop_shown_ms", took)
    print(f"\nstop shown after {took:.0f} ms")

    assert "Water? Talk or quiet?" in shown
    expect(stage).to_have_count(0)
    expect(page.locator(".at-player button:visible")).to_have_count(0)
    expect(page.locator("html.at-player-open")).to_have_count(0)
    assert axe(".at-player") == []
    said = heard(lambda said: "stop" in events(said))
    assert events(said) == ["start", "yes", "softer", "pause", "go_on", "stop"]
    assert said[1]["answer"] == "firmer"
    assert {each["cap"] for each in said[2:]} == {1}
    assert {each["plan"] for each in said} == {"abc"}
    told = json.loads(page.locator(".told").inner_text())
    assert told[-1]["phase"] == "stopped"
    assert {each["phase"] for each in told} == {"running", "paused", "stopped"}
    assert {each["plan"] for each in told} == {"abc"}


@pytest.mark.long
def test_guarded_silence_stills_the_hands_and_waits(opened, page, heard, axe):
    page.emulate_media(reduced_motion="reduce")
    opened("silence", home({**plan(10), "guarded": True}, agreed=True, speed=20.0))
    stage = page.get_by_role("dialog")

    page.get_by_role("button", name="Begin").click()
    expect(stage).to_contain_text("In ten seconds softer.")

    expect(stage).to_contain_text("No hurry.")
    assert axe(".at-player-stage") == []
    page.wait_for_timeout(4_000)  # eighty seconds of the plan
    expect(stage).to_contain_text("No hurry.")
    page.get_by_role("button", name="Robin: go on").click()
    said = heard(lambda said: "go_on" in events(said))
    assert events(said) == ["start", "go_on"]  # what the clock does is not told


@pytest.mark.long
def test_where_nobody_touches_the_glass_the_plan_runs_to_its_end(opened, page, heard):
    opened("aloud_all", home(plan(0, 60, 300), agreed=True, speed=120.0))

    page.get_by_role("button", name="Begin").click()

    expect(page.locator(".at-player-card")).to_contain_text("That was it.", timeout=20_000)
    assert events(heard(lambda said: "start" in events(said))) == ["start"]
    expect(page.locator(".told")).to_contain_text("finished")
    told = json.loads(page.locator(".told").inner_text())
    assert (told[-1]["phase"], told[-1]["elapsed"], told[-1]["cap"]) == ("finished", 600, 3)


@pytest.mark.long
def test_a_plan_that_came_to_its_end_has_nothing_for_axe(opened, page, axe):
    opened("finish", home(plan(steps=((0, 60), (0, 60))), agreed=True, speed=60.0))

    page.get_by_role("button", name="Begin").click()

    expect(page.locator(".at-player-card")).to_contain_text("That was it.")
    assert axe(".at-player") == []


def test_a_lost_kernel_changes_nothing_and_a_stop_stops(opened, page):
    sockets = []

    def through(ws):
        if not sockets:
            ws.connect_to_server()
            sockets.append(ws)
        # Later ones reach nobody.

    page.route_web_socket("**/channels*", through)
    opened("lost", home(plan(), agreed=True, speed=60.0))
    begin = page.get_by_role("button", name="Begin")
    begin.wait_for()
    sockets[0].close()

    begin.click()
    expect(page.get_by_role("dialog")).to_contain_text("Step 2 of 4")
    page.get_by_role("button", name="Stop").click()

    expect(page.locator(".at-player-card")).to_contain_text("Water? Talk or quiet?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".heard")).to_have_text("[]")  # and nobody heard of it


@pytest.mark.long
def test_a_session_opened_again_covers_the_page_and_waits_for_go_on(opened, page, heard, axe):
    page.set_viewport_size({"width": 844, "height": 390})
    state = {"phase": "running", "elapsed": 70, "step": 1, "cap": 1}
    softer = """
    agree.on_click(lambda _: setattr(player, "state", {**player.state, "cap": 0}))
    """
    opened("again", home(plan(72), agreed=True, state=state) + softer)
    stage = page.get_by_role("dialog")
    stage.get_by_role("button", name="Robin: go on").wait_for()
    expect(stage).to_contain_text("Hands still")
    expect(page.get_by_role("button", name="Stop")).to_be_in_viewport(ratio=1)
    assert axe(".at-player-stage") == []

    # Meanwhile "softer" was tapped on the pad.
    page.get_by_role("button", name="Agree", include_hidden=True).dispatch_event("click")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Robin: go on").click()
    page.get_by_role("group", name="Lighter?").wait_for()

    assert axe(".at-player-stage") == []
    expect(page.get_by_role("button", name="Stop")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Stop").click()
    said = heard(lambda said: "stop" in events(said))
    assert events(said) == ["go_on", "stop"]
    assert said[0]["cap"] == 0


@pytest.mark.long
def test_a_stop_on_the_other_phone_stops_here_and_the_end_can_be_left(opened, page, heard, axe):
    signal = """
    import asyncio
    player._on_left = lambda: hear({"event": "left"})
    player.words = {**player.words, "leave": "Back to the book"}
    agree.on_click(lambda _: asyncio.get_running_loop().call_later(2, player.send_tap, "stop"))
    """
    opened("signal", home(plan()) + signal)
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name="Begin").click()

    stage = page.get_by_role("dialog")
    expect(stage).to_contain_text("Step 1 of 4")
    expect(stage).to_contain_text("Water? Talk or quiet?")
    expect(stage.get_by_role("button")).to_have_text(["Back to the book"])
    assert axe(".at-player-stage") == []
    stage.get_by_role("button").click()

    expect(stage).to_have_count(0)
    expect(page.locator(".at-player-card")).to_contain_text("Water? Talk or quiet?")
    assert events(heard(lambda said: "left" in events(said))) == ["start", "stop", "left"]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.long
def test_something_else_does_what_it_asks_for_and_says_what_to_do(opened, page, heard, axe, width):
    page.set_viewport_size({"width": width, "height": 844})
    steps = ((0, 60), (3, 600), (3, 600), (0, 60))
    opened("else", home(plan(60, steps=steps), agreed=True))
    stage, other = page.get_by_role("dialog"), page.get_by_role("button", name="Something else")
    page.get_by_role("button", name="Begin").click()
    expect(stage).to_contain_text("Step 1 of 4")

    other.click()
    expect(stage).to_contain_text("Warm enough?")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    assert axe(".at-player-stage") == []
    page.get_by_role("button", name="Back to the step").click()
    expect(stage).to_contain_text("Step 1 of 4")

    other.click()
    page.get_by_role("button", name="A sharp feeling").click()
    expect(stage).to_contain_text("Step 2 of 4")
    expect(stage).to_contain_text("Leave it alone. Where?")
    page.get_by_role("button", name="They said yes").click()
    expect(stage).to_contain_text("Medium")

    other.click()
    page.get_by_role("button", name="An ache").click()
    expect(stage).to_contain_text("Lotion-firm")
    expect(stage).to_contain_text("Softer from here.")

    other.click()
    page.get_by_role("button", name="Tears").click()
    expect(stage).to_contain_text("Ask first.")
    expect(stage).to_contain_text("Hold or stop?")
    assert axe(".at-player-stage") == []
    page.get_by_role("button", name="Robin: go on").click()
    expect(stage).not_to_contain_text("Ask first.")

    other.click()
    page.get_by_role("button", name="Hives").click()
    card = page.locator(".at-player-card")
    expect(card).to_contain_text("Wash it off.")
    expect(stage).to_have_count(0)
    said = heard(lambda said: "stop" in events(said))
    assert events(said) == [
        "start", "leave", "yes", "softer", "pause", "go_on", "stop",
    ]  # fmt: skip


@pytest.mark.long
def test_the_large_stop_shows_the_calm_line_and_nothing_of_what_came_up(opened, page):
    opened("calm", home(plan(steps=((0, 60), (3, 600))), agreed=True))
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Something else").click()
    page.get_by_role("button", name="An ache").click()

    page.get_by_role("button", name="Stop").click()

    card = page.locator(".at-player-card")
    expect(card).to_contain_text("Water? Talk or quiet?")
    expect(card).not_to_contain_text("Softer from here.")


@pytest.mark.long
def test_a_question_is_never_hidden_behind_the_list(opened, page):
    opened("hidden", home(plan(6, steps=((0, 60), (3, 600))), agreed=True, speed=2.0))
    page.get_by_role("button", name="Begin").click()

    page.get_by_role("button", name="Something else").click()
    expect(page.get_by_role("heading", name="If something comes up")).to_be_focused()

    expect(page.get_by_role("group", name="Lighter?")).to_be_visible()
    expect(page.get_by_role("heading", name="If something comes up")).to_be_hidden()
    expect(page.get_by_role("button", name="Something else")).to_be_focused()


@pytest.mark.long
def test_what_came_up_is_not_the_last_word(opened, page):
    opened("last", home(plan(steps=((0, 6), (3, 6))), agreed=True))
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Something else").click()
    page.get_by_role("button", name="An ache").click()
    expect(page.get_by_role("dialog")).to_contain_text("Softer from here.")

    card = page.locator(".at-player-card")
    expect(card).to_contain_text("Lift slowly.", timeout=30_000)
    expect(card).not_to_contain_text("Softer from here.")


# The receiver's pad

PADDED = """
    cap = Button(description="Cap 1")
    cap.on_click(lambda _: player.limit_level(1))
    up = Button(description="Cap 3")
    up.on_click(lambda _: player.limit_level(3))
    still = Button(description="Two taps")
    still.on_click(lambda _: player.send_tap("pause"))
    there = Button(description="There")
    there.on_click(lambda _: setattr(player, "pad", "here"))
    gone = Button(description="Gone")
    gone.on_click(lambda _: setattr(player, "pad", "gone"))
    display(VBox([cap, up, still, there, gone]))
"""


def behind(page, name):
    """Press a button that the guide covers."""
    page.evaluate(
        "(name) => [...document.querySelectorAll('button')]"
        ".find((each) => each.textContent === name).click()",
        name,
    )


@pytest.mark.long
def test_what_the_pad_says_softens_and_stills_and_raises_nothing(opened, page, heard):
    opened("padded", home(plan(0, steps=((2, 60), (3, 240), (0, 60))), agreed=True) + PADDED)
    stage = page.get_by_role("dialog")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="They said yes").click()
    expect(stage).to_contain_text("Lotion-firm")

    behind(page, "Cap 1")
    expect(stage).to_contain_text("Lotion-light")
    expect(stage).to_contain_text("One softer.")
    behind(page, "Cap 3")
    behind(page, "Two taps")

    expect(stage).to_contain_text("Hands still.")
    said = heard(lambda said: "pause" in events(said))
    assert events(said) == ["start", "yes", "pause"]  # softer was said on the pad, once
    assert said[-1]["cap"] == 1
    told = json.loads(page.locator(".told").inner_text())
    assert told[-1]["cap"] == 1


def test_a_pad_that_is_gone_is_said_where_nobody_can_miss_it(opened, page, axe):
    page.set_viewport_size({"width": 390, "height": 844})
    opened("gone", home(plan(), agreed=True) + PADDED)
    stage = page.get_by_role("dialog")
    page.get_by_role("button", name="Begin").click()
    behind(page, "There")
    expect(stage).to_contain_text("The pad is there")

    behind(page, "Gone")

    expect(stage).to_contain_text("The pad is not connected.")
    expect(page.locator(".at-player-pad")).to_be_in_viewport()
    expect(page.locator(".at-player-stop")).to_be_in_viewport()
    assert axe(".at-player-stage") == []


LESS = """
    less = Button(description="Less")
    less.on_click(lambda _: player.tighten(
        {**player.plan, "steps": player.plan["steps"][:1], "id": "less"},
        {"phase": "paused", "step": 0, "elapsed": 5.0, "cap": 1}, "Feet: left out from here."))
    over = Button(description="Over")
    over.on_click(lambda _: player.send_tap("stop", ended="lapsed"))
    display(VBox([less, over]))
"""


@pytest.mark.long
def test_a_plan_that_loses_something_rests_says_so_and_goes_on_with_less(opened, page, heard, axe):
    opened("less", home(plan(), agreed=True) + LESS)
    stage = page.get_by_role("dialog")
    page.get_by_role("button", name="Begin").click()
    expect(stage).to_contain_text("Step 1 of 4")

    behind(page, "Less")

    expect(stage).to_contain_text("Hands still.")
    expect(stage).to_contain_text("Feet: left out from here.")
    assert axe(".at-player-stage") == []
    page.get_by_role("button", name="Robin: go on").click()
    expect(stage).to_contain_text("Step 1 of 1")
    said = heard(lambda said: "go_on" in events(said))
    assert [each["plan"] for each in said] == ["abc", "less"]
    assert said[-1]["cap"] == 1


@pytest.mark.long
def test_a_yes_that_no_longer_holds_ends_it_with_its_own_words(opened, page, heard, axe):
    opened("lapsed", home(plan(), agreed=True) + LESS)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("dialog")).to_contain_text("Step 1 of 4")

    behind(page, "Over")

    card = page.locator(".at-player-card")
    expect(card).to_contain_text("The yes no longer holds.")
    expect(card).not_to_contain_text("Water? Talk or quiet?")
    assert axe(".at-player") == []
    assert events(heard(lambda said: "stop" in events(said))) == ["start", "stop"]


# Voice and breath, for who likes them


VOICES = """
    window.spoken = [];
    class Utterance { constructor(text) { this.text = text; } }
    window.SpeechSynthesisUtterance = Utterance;
    const voices = VOICES;
    Object.defineProperty(window, "speechSynthesis", { value: {
        getVoices: () => voices, cancel: () => spoken.push("-"),
        speak: (said) => spoken.push(said.voice.name + ": " + said.text),
        addEventListener() {}, removeEventListener() {},
    } });
"""
OWN = [{"name": "own", "lang": "en-US", "localService": True}]


@pytest.mark.long
def test_steps_are_read_aloud_where_that_is_wished_for_and_a_stop_silences(opened, page):
    page.add_init_script(VOICES.replace("VOICES", json.dumps(OWN)))
    opened("aloud", home(plan(steps=((0, 2), (2, 60), (0, 60))), agreed=True))
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Something else").click()
    page.get_by_role("checkbox", name="Read aloud").check()
    page.get_by_role("button", name="Back to the step").click()

    page.wait_for_function("spoken.some((said) => said.startsWith('own: Step 1 with a'))")
    page.get_by_role("button", name="Stop").click()

    assert page.evaluate("spoken.at(-1)") == "-"


@pytest.mark.long
def test_without_a_voice_of_its_own_the_book_offers_none(opened, page):
    far = [{"name": "far", "lang": "en-US", "localService": False}]
    page.add_init_script(VOICES.replace("VOICES", json.dumps(far)))
    opened("far", home(plan(), agreed=True))
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Something else").click()

    expect(page.get_by_role("checkbox", name="A slow breath")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Read aloud")).to_have_count(0)
    assert all(said == "-" for said in page.evaluate("spoken"))


@pytest.mark.long
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_breath_to_follow_moves_only_where_motion_is_welcome(opened, page, axe, motion):
    page.emulate_media(reduced_motion=motion)
    opened("breath", home(plan(), agreed=True))
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".at-player-paced")).to_be_empty()
    page.get_by_role("button", name="Something else").click()
    page.get_by_role("checkbox", name="A slow breath").check()
    page.get_by_role("button", name="Back to the step").click()

    expect(page.locator(".at-player-paced")).to_have_text("in")
    expect(page.locator(".at-player-paced")).to_have_text("out", timeout=6_000)
    moves = page.locator(".at-player-air").evaluate("node => node.getAnimations().length")
    assert moves == (1 if motion == "no-preference" else 0)
    assert axe(".at-player-stage") == []


@pytest.mark.long
def test_between_two_ticks_nothing_is_drawn(opened, page):
    opened("battery", home(plan(), agreed=True))
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".at-player-time")).to_have_text("0:58")

    script = "document.getAnimations().map((each) => each.animationName ?? each.transitionProperty)"
    assert [page.evaluate(script) for _ in range(20)] == [[]] * 20


# Time


LONG = ((0, 60), (2, 540), (3, 540), (0, 60))
BACKGROUND = """
    // A page in the background as Chromium treats it at worst: its timers come once a minute.
    (() => {
        const every = window.setInterval;
        window.setInterval = (call, wait, ...more) => {
            let last = performance.now();
            return every(() => {
                const now = performance.now();
                if (document.hidden && now - last < 60_000) return;
                last = now;
                call(...more);
            }, wait);
        };
        let behind = false;
        Object.defineProperty(document, "hidden", { get: () => behind });
        window.toBack = (back) => {
            behind = back;
            document.dispatchEvent(new Event("visibilitychange"));
        };
    })();
"""


def left(page):
    """Seconds of the whole plan that the guide says are left."""
    said = page.locator(".at-player-where").inner_text()
    minutes, seconds = re.search(r"(\d+):(\d\d) left", said).groups()
    return int(minutes) * 60 + int(seconds)


def test_twenty_minutes_are_twenty_minutes_by_a_clock_that_ticks_late(opened, page):
    page.clock.install()
    opened("drift", home(plan(steps=LONG), agreed=True))
    page.get_by_role("button", name="Begin").click()
    page.clock.run_for(1_000)
    began, at = left(page), page.evaluate("performance.now()")

    page.clock.run_for(590_000)
    for _ in range(32):
        page.clock.fast_forward(18_500)  # timers come once at most, and late
    passed = (page.evaluate("performance.now()") - at) / 1000  # a busy machine adds to it
    assert passed >= 590 + 32 * 18.5
    assert began - left(page) == pytest.approx(passed, abs=1.5)
    page.clock.run_for(1000 * (left(page) + 1))
    expect(page.locator(".at-player-card")).to_contain_text("That was it.")


@pytest.mark.long
def test_a_device_that_slept_keeps_hands_still(opened, page):
    page.clock.install()
    opened("slept", home(plan(steps=LONG), agreed=True))
    page.get_by_role("button", name="Begin").click()
    page.clock.run_for(60_000)

    page.clock.fast_forward(300_000)

    expect(page.get_by_text("Hands still.")).to_be_visible()


@pytest.mark.long
def test_in_the_background_the_guide_goes_on_by_the_clock_of_its_sound(opened, page):
    page.add_init_script(BACKGROUND)
    opened("behind", home(plan(steps=((0, 3), (2, 3), (3, 60))), agreed=True))
    page.get_by_role("button", name="Begin").click()
    page.evaluate("toBack(true)")
    expect(page.locator(".at-player-where")).to_contain_text("Step 3 of 3", timeout=9_000)


@pytest.mark.long
@pytest.mark.timeout(1_500)
def test_a_real_plan_of_twenty_minutes_half_of_it_in_the_background(opened, page, record_property):
    page.add_init_script(BACKGROUND)
    opened("real", home(plan(steps=LONG), agreed=True))
    page.get_by_role("button", name="Begin").click()
    began = time.monotonic()

    page.wait_for_timeout(300_000)
    page.evaluate("toBack(true)")
    page.wait_for_timeout(600_000)
    page.evaluate("toBack(false)")

    expect(page.locator(".at-player-card")).to_contain_text("That was it.", timeout=400_000)
    took = time.monotonic() - began
    record_property("seconds", took)
    assert took == pytest.approx(1200, abs=1)
