"""Sheets to print are saved by the browser, in the page's own hands."""

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from workbook.ui.widgets.paper_file import PaperFile

SHEETS = """
    from workbook.app.readings import build_reading
    from workbook.content.tables import load_tables
    from workbook.content.words import load_words

    form = build_reading("sheets", load_words(), load_tables(), print)
    form.add_class("at-form")
    display(form)
"""
WORDS = {"making": "One moment", "saved": "{file} is there"}


@pytest.mark.long
def test_the_sheets_are_saved_as_a_file_without_a_request(opened, page, axe, tmp_path):
    opened("sheets", SHEETS)
    button = page.get_by_role("button", name="Save the sheets, US Letter")
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    with page.expect_download() as saving:
        button.click()

    saving.value.save_as(tmp_path / "sheets.pdf")
    assert saving.value.suggested_filename == "sheets-letter.pdf"
    assert PdfReader(tmp_path / "sheets.pdf").pages[0].mediabox[2:] == [612, 792]
    expect(page.get_by_role("status")).to_contain_text("sheets-letter.pdf is with your downloads")
    assert [url for url in asked if not url.startswith("blob:")] == []
    assert axe(".at-form") == []


def test_only_a_file_that_has_a_button_is_made():
    made = []
    shown = PaperFile({"a.pdf": "Save"}, WORDS, made.append)

    for content in ({"file": "a.pdf"}, {"file": "b.pdf"}, {"file": ["a.pdf"]}, {}, None, "a.pdf"):
        shown._handle_custom_msg(content, [])

    assert made == ["a.pdf"]
    assert repr(shown) == "PaperFile()"
