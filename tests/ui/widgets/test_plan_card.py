"""The plan to put down: a sheet for paper, and bells that fall where the steps do."""

import json
import wave

import pytest
from playwright.sync_api import expect

from tests.ui.forms.shelf import form_context
from tests.ui.forms.test_player import planned
from workbook.ui.forms.player import make_player_script

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


def count_pages(pdf):
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ")


def print_card(page):
    page.evaluate("window.print = () => {}")
    page.get_by_text("Put the screens down").click()
    page.get_by_role("button", name="Print the page").click()
    return page.locator(".at-card-sheet")


def test_the_printed_page_holds_the_plan_alone_until_the_next_tap(opened, page):
    opened("card", CARD)
    sheet = print_card(page)

    expect(sheet).to_be_hidden()  # the screen shows nothing of it
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(page.locator(".at-form")).to_be_hidden()
    expect(sheet).to_contain_text("Kim gives, Robin receives.")
    expect(sheet).to_contain_text("Say “pear”.")
    expect(sheet.locator("li")).to_have_count(3)
    expect(sheet.get_by_text("Ask aloud, and wait for the answer.")).to_have_count(1)
    expect(sheet.locator("li").nth(1)).to_contain_text("2:00 Softer?")
    page.emulate_media(media="screen")
    # Some phones draw the page once more after they have said that it is printed.
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(1)
    page.get_by_text("Put the screens down").click()
    expect(sheet).to_have_count(0)


@pytest.mark.parametrize("minutes", [5, pytest.param(20, marks=pytest.mark.long), 30])
@pytest.mark.parametrize("paper", ["A4", pytest.param("Letter", marks=pytest.mark.long)])
def test_every_plan_is_one_page_of_paper(opened, page, minutes, paper):
    script = make_player_script(form_context(), planned(minutes).plan)
    opened("paper", CARD.replace(repr(PLAN), f"json.loads({json.dumps(script)!r})"))
    page.emulate_media(color_scheme="dark")
    sheet = print_card(page)

    assert count_pages(page.pdf(format=paper, prefer_css_page_size=True)) == 1
    size = sheet.evaluate("node => parseFloat(node.style.fontSize)")  # in points
    assert size >= 6
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


@pytest.mark.long
def test_without_an_agreement_there_is_nothing_to_put_down(opened, page, axe):
    opened("card", CARD)
    page.get_by_text("Put the screens down").click()
    assert axe(".at-card-place") == []

    page.get_by_role("button", name="Take it back").click()

    expect(page.get_by_text("Put the screens down")).to_be_hidden()
