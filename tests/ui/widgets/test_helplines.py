"""Where to turn: the country comes from the device, and the choice stays on the page."""

import pytest
from playwright.sync_api import expect

HELPLINES = """
    from workbook.content.guidance import load_resources
    from workbook.content.words import load_words
    from workbook.ui.forms.resources import make_helplines
    from workbook.domain.guidance import HelplineKind

    say, tables = load_words(), load_resources()
    everything = make_helplines(say, tables)
    folded = make_helplines(say, tables, (HelplineKind.VIOLENCE,), folded=True)
    line, hear = heard()
    everything.observe(lambda change: hear(change["name"]))
    everything.on_msg(lambda _widget, content, _buffers: hear(content))
    box = VBox([everything, folded])
    box.add_class("at-form")
    display(box, line)
"""


@pytest.fixture
def in_ireland(page):
    page.context.new_cdp_session(page).send(
        "Emulation.setTimezoneOverride", {"timezoneId": "Europe/Dublin"}
    )
    return page


@pytest.mark.long
def test_the_country_of_the_device_comes_first_and_another_one_is_chosen(opened, in_ireland):
    page = in_ireland
    opened("helplines", HELPLINES)
    shown, folded = (page.locator(".at-helplines").nth(at) for at in (0, 1))
    where = shown.get_by_label("Where are you?")
    expect(where).to_have_value("IE")
    samaritans = shown.get_by_role("listitem").filter(has_text="Samaritans")
    expect(samaritans.get_by_role("link", name="116 123")).to_have_attribute("href", "tel:116123")
    expect(shown).to_contain_text("8:00 to 22:00")
    expect(shown).to_contain_text("Not verified by a call")

    where.select_option(label="Iceland")

    expect(shown.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    expect(shown).to_contain_text("nomoredirectory.org")
    expect(shown).not_to_contain_text("Samaritans")
    folded.get_by_text("Numbers to call, where you are").click()
    expect(folded.get_by_label("Where are you?")).to_have_value("IS")  # one choice for the page
    where.select_option(label="Another country")
    expect(shown.get_by_role("link", name="911")).to_be_visible()


@pytest.mark.long
def test_on_paper_the_numbers_name_their_country(opened, in_ireland):
    page = in_ireland
    opened("helplines", HELPLINES)
    shown, folded = (page.locator(".at-helplines").nth(at) for at in (0, 1))
    expect(shown.get_by_text("Ireland", exact=True).last).to_be_hidden()
    page.emulate_media(media="print")

    for each in (shown, folded):
        expect(each.locator(".at-helplines-where")).to_have_text("Ireland")
        expect(each.locator(".at-helplines-where")).to_be_visible()
        expect(each.get_by_role("link", name="1800 341 900")).to_be_visible()
        expect(each.get_by_label("Where are you?")).to_be_hidden()


def test_the_choice_reaches_neither_python_nor_what_outlives_the_page(opened, in_ireland, heard):
    page = in_ireland
    opened("helplines", HELPLINES)
    shown = page.locator(".at-helplines").first

    shown.get_by_label("Where are you?").select_option(label="Japan")

    expect(shown).to_contain_text("0120-279-338")
    assert heard(lambda said: True) == []
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert "Japan" not in kept
    assert '"JP"' not in kept
    assert "JP" not in page.url
    page.reload()
    expect(page.locator(".at-helplines").first.get_by_label("Where are you?")).to_have_value("IE")


@pytest.mark.long
def test_numbers_are_readable_at_every_width_and_axe_finds_nothing(opened, in_ireland, axe):
    opened("helplines", HELPLINES)
    in_ireland.get_by_text("Numbers to call, where you are").click()

    assert axe(".at-helplines") == []
