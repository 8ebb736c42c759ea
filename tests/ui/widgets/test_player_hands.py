"""Hands that teach: they move while hands move, and everything around them stays readable."""

import json

import pytest
from playwright.sync_api import expect

from tests.strategies import TABLES
from tests.ui.forms.shelf import SAY
from tests.ui.widgets.test_player import OWN, VOICES, home, plan
from workbook.ui.strokes import outlines_json, stroke_json

pytestmark = pytest.mark.usefixtures("moving")

PLACE = "Kneel at the right hip, facing the head"
SENTENCE = "Glide up beside the spine, out over the shoulders, back down lightly."


def drawn(*at, steps=((0, 60), (2, 240), (3, 240), (0, 60)), strokes=("glide",), **more):
    script = plan(*at, steps=steps)
    for i, step in enumerate(script["steps"]):
        step |= {
            "stroke": strokes[i % len(strokes)], "areas": ["mid_back", "shoulder_tops"],
            "half": "both", "sentence": SENTENCE, "place": PLACE, "giver": "hip_right", "passes": 3,
        }  # fmt: skip
    names = {*strokes, "still"}
    return script | {
        "strokes": {key: stroke_json(TABLES, SAY, key) for key in names},
        "outlines": outlines_json(["mid_back", "shoulder_tops"]),
        "position": "prone", "coverage": "towel", "cues": [],
    } | more  # fmt: skip


WATCH = """() => {
    window.moved = 0;
    new MutationObserver((all) => { moved += all.length; }).observe(
        document.querySelector(".at-player-picture"),
        { attributes: true, childList: true, subtree: true },
    );
}"""


def moves(page, seconds=1.0):
    """How often anything of the picture is drawn in a while."""
    page.evaluate("moved = 0")
    page.wait_for_timeout(1000 * seconds)
    return page.evaluate("moved")


def test_hands_move_while_hands_move_and_stand_otherwise(opened, page):
    rest = [{"at": 5, "kind": "rest", "text": "Rest your hands.", "seconds": 600}]
    opened("hands", home(drawn(cues=rest), agreed=True))
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".at-player-picture .at-hands")).to_have_count(1)
    page.evaluate(WATCH)
    assert moves(page) > 10

    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".at-player-picture .at-hands")).to_be_visible()
    assert moves(page) == 0
    page.get_by_role("button", name="Robin: go on").click()
    assert moves(page) > 10

    page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert moves(page) == 0
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("dialog")).to_contain_text("Rest your hands.")
    page.wait_for_timeout(100)
    assert moves(page) == 0  # the giver's hands rest on the body


@pytest.mark.long
def test_without_motion_there_are_four_numbered_positions_and_nothing_moves(opened, page, axe):
    page.emulate_media(reduced_motion="reduce")
    opened("four", home(drawn(), agreed=True))
    page.get_by_role("button", name="Begin").click()

    words = [SAY(f"strokes.glide.moments.{n}") for n in range(1, 5)]
    expect(page.locator(".at-player-position figcaption")).to_have_text(
        [f"{n}{word}" for n, word in enumerate(words, 1)]
    )
    page.evaluate(WATCH)
    assert moves(page, 2) == 0
    assert page.locator(".at-player-dots i[data-on]").count() == 0
    assert axe(".at-player-stage") == []


SIZES = {
    "phone": (390, 844), "small": (320, 568), "on its side": (844, 390),
    "400 %": (320, 225), "wide": (1280, 800),
}  # fmt: skip
FIT = """() => {
    const inside = (node) => {
        const { top, bottom, left, right } = node.getBoundingClientRect();
        return top >= -1 && left >= -1 && bottom <= innerHeight + 1 && right <= innerWidth + 1;
    };
    const names = ["softer", "pause", "stop"].map((name) => `.at-player-${name}`);
    const size = (name) => parseFloat(getComputedStyle(document.querySelector(name)).fontSize);
    return {
        sideways: document.querySelector(".at-player-main").scrollWidth > innerWidth,
        buttons: names.every((name) => inside(document.querySelector(name))),
        time: size(".at-player-time"), sentence: size(".at-player-sentence"),
        seen: inside(document.querySelector(".at-player-sentence")),
    };
}"""


@pytest.mark.long
def test_it_is_readable_from_where_the_giver_kneels_at_every_size(opened, page):
    opened("sizes", home(drawn(6, steps=((0, 4), (3, 600))), agreed=True))
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("dialog")).to_contain_text(PLACE)
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found = page.evaluate(FIT)
        assert (found["sideways"], found["buttons"]) == (False, True), name
        assert found["sentence"] >= 24, name
        assert found["time"] >= 44, name
        assert found["seen"] or name == "400 %", name

    page.get_by_role("group", name="A bit firmer?").wait_for()
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(FIT)["buttons"], name
        expect(page.get_by_text("A bit firmer?").first).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 844})
    # The card stays as long as its step, so that what hands do stands on it.
    expect(page.get_by_text(f"Until then: {SENTENCE}")).to_be_visible()


@pytest.mark.long
def test_letters_of_twice_the_size_leave_stop_and_sentence_on_the_screen(opened, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}}
    )
    opened("large", home(drawn(), agreed=True))
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("dialog")).to_contain_text(PLACE)

    found = page.evaluate(FIT)
    assert (found["sideways"], found["buttons"]) == (False, True)
    expect(page.locator(".at-player-sentence")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Something else")).to_be_in_viewport()


@pytest.mark.long
def test_dots_follow_the_tempo_and_passes_are_counted(opened, page):
    opened("tempo", home(drawn(), agreed=True, speed=5.0))
    page.get_by_role("button", name="Begin").click()

    expect(page.locator(".at-player-beat")).to_have_text(["up, firm", "back, light"])
    expect(page.locator(".at-player-beat").nth(0).locator("i")).to_have_count(6)
    expect(page.locator(".at-player-beat").nth(1).locator("i[data-on]").first).to_be_attached()
    expect(page.locator(".at-player-pass")).to_have_text("pass 2 of 3")


HEARD = """
    window.tones = [];
    const make = BaseAudioContext.prototype.createOscillator;
    BaseAudioContext.prototype.createOscillator = function () {
        const wave = make.call(this);
        const start = wave.start;
        wave.start = function (at) {
            tones.push(Math.round(this.frequency.value));
            start.call(this, at);
        };
        return wave;
    };
"""


@pytest.mark.long
def test_a_count_is_heard_only_by_who_wants_it(opened, page):
    page.add_init_script(HEARD)
    opened("count", home(drawn(), agreed=True, speed=2.0))
    page.get_by_role("button", name="Begin").click()
    page.wait_for_timeout(2_000)
    assert page.evaluate("tones") == []

    page.get_by_role("button", name="Something else").click()
    page.get_by_role("checkbox", name="Hear each count").check()
    page.get_by_role("button", name="Back to the step").click()
    page.wait_for_function("tones.filter((hertz) => hertz === 660).length >= 3")

    page.get_by_role("button", name="Something else").click()
    page.get_by_role("checkbox", name="Hear each round").check()
    expect(page.get_by_role("checkbox", name="Hear each count")).not_to_be_checked()
    page.get_by_role("button", name="Back to the step").click()
    page.evaluate("tones.length = 0")
    page.wait_for_function("tones.includes(528)")
    assert 660 not in page.evaluate("tones")


@pytest.mark.long
def test_the_voice_reads_the_sentence_and_the_place(opened, page):
    page.add_init_script(VOICES.replace("VOICES", json.dumps(OWN)))
    opened("voice", home(drawn(steps=((0, 2), (2, 60))), agreed=True))
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Something else").click()
    page.get_by_role("checkbox", name="Read aloud").check()
    page.get_by_role("button", name="Back to the step").click()

    page.wait_for_function(f"spoken.includes('own: ' + {json.dumps(f'{SENTENCE} {PLACE}.')})")


OTHER = """
    moved, hear_moved = heard()
    moved.remove_class("heard"); moved.add_class("moved")
    player._on_other_position = lambda *given: hear_moved(list(given))
    player.positions = [{"key": "chair", "label": "Sitting"}]
    display(moved)
"""


@pytest.mark.long
def test_another_position_stills_the_hands_before_python_hears_of_it(opened, page, heard, axe):
    opened("other", home(drawn(), agreed=True) + OTHER)
    stage = page.get_by_role("dialog")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Something else").click()
    expect(stage.get_by_role("heading", name="Another way")).to_be_visible()
    assert axe(".at-player-stage") == []

    page.get_by_role("button", name="Sitting").click()

    expect(stage).to_contain_text("Hands still.")
    expect(stage).to_contain_text("Still while you move.")
    expect(page.locator(".moved")).to_have_text('[["chair", "abc"]]')
    assert [each["event"] for each in heard(lambda said: len(said) == 2)] == ["start", "pause"]
    page.get_by_role("button", name="Robin: go on").click()
    expect(stage).to_contain_text("Step 1 of 4")
