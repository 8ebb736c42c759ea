"""The plan to put down: a sheet for paper, and bells that fall where the steps do."""

import wave

import pytest
from playwright.sync_api import expect

PLAN = {
    "title": "The plan, 5 minutes",
    "seconds": 300,
    "giver": {"name": "Kim"},
    "receiver": {"name": "Robin"},
    "steps": [
        {"title": "A still hand", "sentence": "Rest both hands.", "side": "",
         "level_words": "Still hand", "seconds": 60},
        {"title": "Glide", "sentence": "Up beside the spine.", "side": "Left side",
         "level_words": "Lotion-firm", "seconds": 180},
        {"title": "A still hand", "sentence": "Rest, and cover.", "side": "",
         "level_words": "Still hand", "seconds": 60},
    ],
    "check_ins": [{"at": 0, "question": "Shall I begin?"}, {"at": 120, "question": "Softer?"}],
    "cues": [{"at": 120, "kind": "rest", "text": "Rest your hands"}],
}  # fmt: skip
CARD = f"""
    from workbook.content.words import load_words
    from workbook.ui.widgets.plan_card import PlanCard

    card = PlanCard({PLAN!r}, load_words().table("player"), stop="Say “pear”.", agreed=True)
    agree = Button(description="Take it back")
    agree.on_click(lambda _: setattr(card, "agreed", False))
    box = VBox([card, agree])
    box.add_class("at-form")
    display(box)
"""


def test_the_bells_are_saved_without_asking_anybody(opened, page, tmp_path):
    asked = []
    opened("card", CARD)
    page.get_by_text("Put the screens down").click()
    page.on("request", lambda request: asked.append(request.url))

    with page.expect_download() as saving:
        page.get_by_role("button", name="Save the bells").click()

    saving.value.save_as(tmp_path / "bells.wav")
    with wave.open(str(tmp_path / "bells.wav")) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(310, abs=0.1)
    assert saving.value.suggested_filename == "bells.wav"
    assert [url for url in asked if not url.startswith("blob:")] == []


def test_the_printed_page_is_one_and_holds_the_plan_alone(opened, page):
    opened("card", CARD)
    page.evaluate("window.print = () => {}")
    page.get_by_text("Put the screens down").click()

    page.get_by_role("button", name="Print the page").click()

    page.emulate_media(media="print")
    sheet = page.locator(".at-card-sheet")
    expect(sheet).to_contain_text("Kim gives, Robin receives.")
    expect(sheet).to_contain_text("Say “pear”.")
    expect(sheet.locator("tr")).to_have_count(6)
    assert page.pdf().count(b"/Type /Page\n") + page.pdf().count(b"/Type /Page ") == 1
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)


def test_without_an_agreement_there_is_nothing_to_put_down(opened, page, axe):
    opened("card", CARD)
    page.get_by_text("Put the screens down").click()
    assert axe(".at-card-place") == []

    page.get_by_role("button", name="Take it back").click()

    expect(page.get_by_text("Put the screens down")).to_be_hidden()
