"""Hands at rest after a massage: a slow breath where motion is welcome, a picture elsewhere."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("moving")

SOURCE = """
    from tests.strategies import TABLES
    from tests.ui.forms.shelf import SAY
    from workbook.ui.strokes import outlines_json, stroke_json
    from workbook.ui.widgets.resting_hands import RestingHands

    areas = ["mid_back"]
    hands = RestingHands(stroke_json(TABLES, SAY, "still"), areas, outlines_json(areas), "towel")
    clothed = Button(description="Clothed")
    clothed.on_click(lambda _: setattr(hands, "coverage", "clothed"))
    form = VBox([hands, clothed])
    form.add_class("at-form")
    display(form)
"""
RADII = """async () => {
    const ring = document.querySelector(".at-resting .at-breath-ring");
    const found = new Set();
    for (let i = 0; i < 10; i += 1) {
        found.add(ring.getAttribute("r"));
        await new Promise((done) => setTimeout(done, 100));
    }
    return found.size;
}"""


@pytest.mark.long
def test_the_breath_moves_only_where_motion_is_welcome_and_seen(opened, page, axe):
    opened("resting", SOURCE)
    expect(page.get_by_role("img", name="Still hand.")).to_be_visible(timeout=30_000)
    assert page.evaluate(RADII) > 3

    page.add_style_tag(content="html { padding-block-start: 300vh; }")
    page.wait_for_timeout(1_500)
    assert page.evaluate(RADII) == 1  # out of sight
    page.add_style_tag(content="html { padding-block-start: 0; }")
    page.wait_for_timeout(1_500)
    assert page.evaluate(RADII) > 3

    page.emulate_media(reduced_motion="reduce")
    page.wait_for_timeout(1_500)
    assert page.evaluate(RADII) == 1
    page.get_by_role("button", name="Clothed").click()
    expect(page.locator(".at-resting .at-body-towel")).to_have_count(0)
    assert axe(".at-resting") == []
