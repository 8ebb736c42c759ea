"""The moving hands in a browser: what they say, and what a frame of them costs."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from bench.strokes import SHOTS, show_page, step_json

SHOT = {shot.stroke: shot for shot in reversed(SHOTS)}

CHANGED = """
  ([step, frames]) => {
    const { svg, draw } = drawn.createHands(step);
    document.body.replaceChildren(svg);
    draw(0);
    const watch = new MutationObserver(() => {});
    watch.observe(svg, { subtree: true, childList: true, attributes: true });
    for (let i = 1; i <= frames; i += 1) draw(i / 60);
    return watch.takeRecords().map(({ type, attributeName }) => attributeName ?? type);
  }
"""
POSITIONS = """
  (step) => drawn.drawPositions(step).map(({ svg, word }) => {
    document.body.append(svg);
    const parts = [...svg.querySelectorAll(".at-hand, .at-hand *")];
    const label = svg.getAttribute("aria-label");
    const at = parts.map((part) => [part.getAttribute("transform"), part.getAttribute("opacity")]);
    return { word, label, at: at.join() };
  })
"""


@pytest.fixture
def drawing(page: Page) -> Page:
    """An empty page with the drawing module."""
    show_page(page, "light")
    return page


def step(stroke: str) -> dict:
    return json.loads(step_json(SHOT[stroke]))


def test_a_frame_moves_hands_without_drawing_them_anew(drawing):
    changed = drawing.evaluate(CHANGED, [step("glide"), 60])

    assert "transform" in changed
    assert not {"d", "childList"} & set(changed)


def test_hands_stand_still_until_they_are_drawn(drawing):
    before, after = drawing.evaluate(
        """async (step) => {
          const { svg, draw } = drawn.createHands(step);
          document.body.append(svg);
          draw(1);
          const before = svg.outerHTML;
          for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
          return [before, svg.outerHTML];
        }""",
        step("glide"),
    )

    assert before == after


@pytest.mark.parametrize("stroke", ["glide", "knead", "press"])
def test_four_still_pictures_differ_and_say_what_they_show(drawing, stroke):
    wanted = step(stroke)

    found = drawing.evaluate(POSITIONS, wanted)

    assert [each["word"] for each in found] == [one["word"] for one in wanted["stroke"]["moments"]]
    assert len({each["at"] for each in found}) == len(found)
    assert all(wanted["stroke"]["words"]["name"] in each["label"] for each in found)


def test_who_cannot_see_the_hands_hears_what_they_do(drawing):
    wanted = step("circles")

    drawing.evaluate("(step) => document.body.append(drawn.createHands(step).svg)", wanted)

    picture = drawing.get_by_role("img")
    picture.wait_for()
    assert wanted["stroke"]["words"]["move"] in (picture.get_attribute("aria-label") or "")


def test_the_giver_s_side_decides_where_forearms_come_from(drawing):
    bends = drawing.evaluate(
        """(step) => ["hip_right", "hip_left"].map((giver) => {
          const { svg, draw } = drawn.createHands({ ...step, giver });
          draw(3);
          const right = svg.querySelector(".at-hand-arm").getAttribute("transform");
          return Number(/rotate\\(([-.\\d]+)/.exec(right)[1]);
        })""",
        step("glide"),
    )

    assert bends[0] * bends[1] < 0
