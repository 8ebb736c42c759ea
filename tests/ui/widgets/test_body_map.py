"""The body map: every area is there, can be reached and painted, and says what it is."""

import re

import pytest
from playwright.sync_api import expect

from workbook.content.tables import load_tables

AREAS = load_tables().areas

MAP = """
    from workbook.content.tables import load_tables
    from workbook.content.words import load_words
    from workbook.ui.areas import make_map_places
    from workbook.ui.widgets.body_map import BodyMap

    line, hear = heard()
    brushes = [
        {"key": "open", "label": "Open", "look": "solid"},
        {"key": "not_tonight", "label": "Not tonight", "look": "hatch", "closes": True},
    ]
    places = make_map_places(load_tables().areas.values(), load_words())
    m = BodyMap("Where?", places, brushes, load_words().table("body_map"), "Blank is not tonight.")
    m.observe(lambda change: hear(change.new), "marks")
    box = VBox([m, line])
    box.add_class("at-form")
    display(box)
"""
READING = """
    from workbook.content.tables import load_tables
    from workbook.content.words import load_words
    from workbook.ui.areas import make_map_places
    from workbook.ui.widgets.body_map import BodyMap

    line, hear = heard()
    brushes = [{"key": "LOTION", "label": "Lotion-light", "look": "light"}]
    areas = [load_tables().areas[key] for key in ("calves", "nape")]
    table = load_words().table("body_map")
    m = BodyMap("The plan", make_map_places(areas, load_words()), brushes, table, reading=True)
    m.marks = {"calves.left": "LOTION", "nape": "LOTION"}
    m.signs = {"calves.left": "2", "nape": "1"}
    m.observe(lambda change: hear(change.new), "marks")
    box = VBox([m, line])
    box.add_class("at-form")
    display(box)
"""
LAYERS = """
    from workbook.content.tables import load_tables
    from workbook.content.words import load_words
    from workbook.ui.areas import make_map_places
    from workbook.ui.widgets.body_map import BodyMap

    line, hear = heard()
    brushes = [{"key": "open", "label": "Open", "look": "solid"}]
    areas = load_tables().areas
    places = make_map_places(areas.values(), load_words())
    layers = [
        {"key": "receiving", "title": "Receiving?", "label": "When I receive"},
        {"key": "giving", "title": "Giving?", "label": "When I give"},
    ]
    offers = [
        {"key": "some", "label": "Neck and calves", "line": "As most", "said": "Some are open.",
         "marks": {"nape": "open", "calves.left": "open"}},
        {"key": "same", "label": "Same for giving", "said": "The same.",
         "layer": "receiving", "into": "giving"},
    ]
    words = load_words().table("body_map")
    m = BodyMap("", places, brushes, words, layers=layers, offers=offers, has_list=True)
    m.observe(lambda change: hear(change.new), "marks")
    m.observe(lambda change: hear(change.new), "listed")
    box = VBox([m, line])
    box.add_class("at-form")
    display(box)
"""
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}


def place(page, name):
    """A part of the figure by its name, on the side that is shown first."""
    return page.get_by_role("button", name=re.compile(f"^{name}")).first


# On the page -------------------------------------------------------------------------------


@pytest.mark.long
def test_nothing_is_painted_before_a_mark_was_chosen(opened, page, heard):
    page.set_viewport_size(WIDE)
    opened("map", MAP)
    expect(page.get_by_role("radio", name="Open")).not_to_be_checked()
    expect(page.get_by_role("radio", name="Not tonight")).not_to_be_checked()

    place(page, "Left calf").click()

    expect(page.locator(".at-map-line")).to_contain_text("Left calf: no answer yet.")
    expect(page.locator(".at-map-line")).to_contain_text("First choose above")
    expect(page.locator(".at-map-brushes")).to_be_in_viewport(ratio=1)
    assert heard(lambda said: True) == []


@pytest.mark.long
def test_a_part_is_painted_on_both_sides_or_on_one(opened, page, heard):
    page.set_viewport_size(WIDE)
    opened("map", MAP)
    page.get_by_role("radio", name="Open").check()
    place(page, "Left calf").click()
    heard(lambda said: said[-1:] == [{"calves.left": "open", "calves.right": "open"}])
    expect(place(page, "Right calf")).to_have_accessible_name("Right calf: Open")
    expect(page.locator(".at-map-line")).to_contain_text("Left calf: Open, both sides.")

    page.get_by_role("checkbox", name="Both sides with one tap").uncheck()
    page.get_by_role("radio", name="Not tonight").check()
    place(page, "Right calf").click()

    heard(lambda said: said[-1:] == [{"calves.left": "open", "calves.right": "not_tonight"}])
    # How hands go there is not said of a place that is closed.
    expect(page.locator(".at-map-line")).to_have_text("Right calf: Not tonight.")


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Spine", "Bone and nerves"),
        pytest.param("Left breast", "private", marks=pytest.mark.long),
        pytest.param("Left armpit", "Nerves", marks=pytest.mark.long),
    ],
)
def test_a_place_that_stays_out_says_why_and_takes_no_mark(opened, page, heard, name, why):
    page.set_viewport_size(WIDE)
    opened("map", MAP)
    page.get_by_role("radio", name="Open").check()

    place(page, name).click()

    expect(page.locator(".at-map-line")).to_contain_text(why)
    assert heard(lambda said: True) == []


def test_the_map_is_painted_by_keyboard_alone(opened, page, heard):
    page.set_viewport_size(WIDE)
    opened("map", MAP)
    page.get_by_role("radio", name="Open").focus()
    page.keyboard.press("Space")
    for _ in range(3):  # one or both sides, closer, the figure
        page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("role", "button")
    first = focused.get_attribute("aria-label")

    page.keyboard.press("ArrowDown")

    expect(page.locator(":focus")).not_to_have_attribute("aria-label", first)
    expect(page.locator(".at-map [tabindex='0']")).to_have_count(1)
    part = page.locator(":focus").get_attribute("data-part")
    page.keyboard.press("Enter")
    heard(lambda said: said and said[-1].get(part) == "open")
    page.keyboard.press("Space")
    heard(lambda said: said[-1:] == [{}])


@pytest.mark.long
def test_a_small_screen_shows_one_side_and_each_tap_paints(opened, page, heard):
    page.set_viewport_size(PHONE)
    opened("map", MAP)
    expect(page.locator(".at-map-figure:visible")).to_have_count(1)
    page.get_by_role("radio", name="Open").check()

    place(page, "Left calf").click()

    heard(lambda said: len(said) == 1)
    page.get_by_role("radio", name="Front").check()
    expect(place(page, "Belly")).to_be_visible()
    expect(place(page, "Left calf")).to_be_hidden()


@pytest.mark.long
def test_a_button_comes_closer_and_goes_back(opened, page, heard):
    page.set_viewport_size(PHONE)
    opened("map", MAP)
    page.get_by_role("radio", name="Open").check()
    before = place(page, "Left calf").bounding_box()["width"]

    page.get_by_role("button", name="Closer").click()

    assert place(page, "Left calf").bounding_box()["width"] > 2 * before
    place(page, "Left calf").click()  # what is out of sight is scrolled to
    heard(lambda said: len(said) == 1)
    page.get_by_role("button", name="Whole body").click()
    expect(page.get_by_role("button", name="Closer")).to_be_visible()
    assert place(page, "Left calf").bounding_box()["width"] == pytest.approx(before)


@pytest.mark.long
def test_each_layer_has_marks_of_its_own_and_a_button_copies_them(opened, page, heard):
    page.set_viewport_size(PHONE)
    opened("layers", LAYERS)
    expect(page.get_by_role("group", name="Receiving?")).to_be_visible()
    same = page.get_by_role("button", name="Same for giving")
    expect(same).to_be_hidden()  # there is nothing to copy
    page.get_by_role("radio", name="Open").check()
    place(page, "Left calf").click()
    calves = {"calves.left": "open", "calves.right": "open"}
    heard(lambda said: said[-1:] == [{"receiving": calves}])

    page.get_by_role("radio", name="When I give").check()
    expect(page.get_by_role("group", name="Giving?")).to_be_visible()
    expect(place(page, "Left calf")).to_have_accessible_name("Left calf: no answer yet")
    expect(same).to_be_hidden()
    page.get_by_role("checkbox", name="Both sides").uncheck()
    place(page, "Back of the neck").click()
    page.get_by_role("radio", name="When I receive").check()
    same.click()

    heard(lambda said: said[-1:] == [{"receiving": calves, "giving": {**calves, "nape": "open"}}])
    expect(page.locator(".at-map-line")).to_contain_text("The same.")
    expect(same).to_be_hidden()


@pytest.mark.long
def test_a_suggestion_is_only_a_button_and_fills_what_is_blank(opened, page, heard):
    page.set_viewport_size(PHONE)
    opened("layers", LAYERS)
    suggestion = page.get_by_role("button", name="Neck and calves")
    expect(suggestion).to_have_accessible_description("As most")
    assert heard(lambda said: True) == []

    suggestion.click()

    marks = {"nape": "open", "calves.left": "open"}
    heard(lambda said: said[-1:] == [{"receiving": marks}])
    expect(suggestion).to_be_hidden()
    expect(page.locator(".at-map-place:focus")).to_have_count(1)


@pytest.mark.long
def test_a_switch_shows_the_list_in_place_of_the_figure(opened, page, heard):
    page.set_viewport_size(PHONE)
    opened("layers", LAYERS)
    switch = page.get_by_role("checkbox", name="List")
    switch.focus()
    page.keyboard.press("Space")

    heard(lambda said: said == [True])
    expect(page.locator(".at-map-board")).to_be_hidden()
    expect(switch).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator(".at-map-board")).to_be_visible()


OUTLINE = """() => {
    const ring = document.querySelector(".at-map-figure:has(:focus) .at-map-ring path");
    const shape = document.querySelector(".at-map-place:focus path");
    const last = [...ring.ownerSVGElement.querySelectorAll(".at-map-place")].pop();
    const above = ring.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_PRECEDING;
    return [ring.getAttribute("d") === shape.getAttribute("d"), Boolean(above)];
}"""


@pytest.mark.long
def test_what_has_the_focus_is_in_view_and_its_outline_above_all_others(opened, page):
    page.set_viewport_size({"width": 390, "height": 420})  # less than the figure needs
    opened("map", MAP)
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Whole body").focus()
    page.keyboard.press("Tab")
    seen = set()

    for key in ["ArrowDown"] * 9 + ["ArrowLeft", "ArrowUp", "ArrowUp"]:
        page.keyboard.press(key)
        focused = page.locator(".at-map-place:focus")
        seen.add(focused.get_attribute("data-part"))
        expect(focused.locator("path")).to_be_in_viewport(ratio=0.3)
        assert page.evaluate(OUTLINE) == [True, True]

    assert len(seen) > 6


REACH = """([part]) => {
    const node = document.querySelector(`.at-map-half:not([hidden]) [data-part="${part}"]`);
    const box = node.getBoundingClientRect();
    const hits = [];
    for (let x = box.left; x <= box.right; x += 2)
        for (let y = Math.max(box.top, 0); y <= Math.min(box.bottom, innerHeight); y += 2)
            if (node.contains(document.elementFromPoint(x, y))) hits.push([x, y]);
    const span = (at) => Math.max(...hits.map((p) => p[at])) - Math.min(...hits.map((p) => p[at]));
    return hits.length ? [span(0), span(1)] : [0, 0];
}"""


@pytest.mark.parametrize("view", ["Front", "Back"])
@pytest.mark.long
def test_close_by_every_place_is_large_enough_for_a_thumb(opened, page, view):
    page.set_viewport_size(PHONE)
    opened("map", MAP)
    page.get_by_role("radio", name=view).check()
    page.get_by_role("button", name="Closer").click()
    small = {}
    for area in AREAS.values():
        if not area.choosable or view.lower() not in area.views:
            continue
        part = area.parts[0]
        node = page.locator(f".at-map-half:not([hidden]) [data-part='{part}']")
        node.scroll_into_view_if_needed()
        wide, high = page.evaluate(REACH, [part])
        if min(wide, high) < 46:  # 48 px, but for the grain of the measuring
            small[part] = (wide, high)

    assert small == {}


@pytest.mark.long
def test_a_map_to_read_tells_where_how_firmly_and_when(opened, page, heard):
    page.set_viewport_size(WIDE)
    opened("reading", READING)
    expect(page.get_by_role("radio", name="Lotion-light")).to_have_count(0)
    expect(page.get_by_text("Lotion-light", exact=True)).to_be_visible()  # the legend

    calf = place(page, "Left calf")
    expect(calf).to_have_accessible_name("Left calf: Lotion-light, from step 2")
    calf.click()

    expect(page.locator(".at-map-line")).to_contain_text("Left calf: Lotion-light, from step 2.")
    assert heard(lambda said: True) == []


@pytest.mark.long
def test_axe_finds_nothing_on_the_map(opened, page, axe):
    page.set_viewport_size(WIDE)
    opened("map", MAP)
    assert axe(".at-map") == []

    page.get_by_role("radio", name="Open").check()
    place(page, "Left calf").click()
    assert axe(".at-map") == []

    place(page, "Spine").click()  # says why it stays out
    assert axe(".at-map") == []


@pytest.mark.long
def test_axe_finds_nothing_close_by_or_with_layers(opened, page, axe):
    page.set_viewport_size(PHONE)
    opened("layers", LAYERS)
    assert axe(".at-map") == []
    page.get_by_role("radio", name="Open").check()
    place(page, "Left calf").click()
    page.get_by_role("button", name="Closer").click()

    assert axe(".at-map") == []


@pytest.mark.long
def test_axe_finds_nothing_on_a_map_to_read(opened, page, axe):
    page.set_viewport_size(WIDE)
    opened("reading", READING)
    place(page, "Left calf").click()

    assert axe(".at-map") == []


@pytest.mark.long
def test_marks_differ_in_their_pattern_and_not_in_colour_alone(opened, page):
    page.set_viewport_size(WIDE)
    opened("map", MAP)
    fills = {}
    for mark in ("Open", "Not tonight"):
        page.get_by_role("radio", name=mark).check()
        place(page, "Left calf").click()
        shape = place(page, "Left calf").locator("path")
        fills[mark] = (shape.get_attribute("data-look"), shape.evaluate("p => p.style.fill"))

    assert fills["Open"][0] == "solid"
    assert "hatch" in fills["Not tonight"][1]
