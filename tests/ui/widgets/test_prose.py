"""Text blocks: text stays text, folds open when wanted, and links lead nowhere else."""

import pytest
from playwright.sync_api import expect

PROSE = """
    from workbook.ui.widgets.prose import Prose, fold, item, p, pair, table

    box = VBox([Prose([
        p("<i>plain</i>"),
        item("A chapter", "#help"),
        item("A call", "tel:112"),
        item("Elsewhere", "https://example.org"),
        table(["", "One", "Two"], [["What", "a", "b"]], "A comparison"),
        fold("More of it", [pair("H-16", "Said\\nand sourced")]),
    ], live=False)])
    box.add_class("at-form")
    display(box)
"""


@pytest.mark.long
def test_a_fold_is_drawn_when_it_is_opened(opened, page, axe):
    opened("prose", PROSE)
    fold = page.locator("details", has_text="More of it")
    expect(fold).to_be_visible()
    assert fold.locator("dl").count() == 0

    fold.locator("summary").click()

    expect(fold.get_by_text("and sourced")).to_be_visible()
    assert axe(".at-words") == []


def test_text_is_never_read_as_markup(opened, page):
    opened("prose", PROSE)

    expect(page.get_by_text("<i>plain</i>")).to_be_visible()


@pytest.mark.long
def test_a_link_leads_to_a_chapter_or_the_telephone_and_nowhere_else(opened, page):
    opened("prose", PROSE)
    links = {name: page.get_by_role("link", name=name) for name in ("A chapter", "A call")}

    expect(links["A chapter"]).to_have_attribute("href", "#help")
    expect(links["A call"]).to_have_attribute("href", "tel:112")
    expect(page.get_by_role("link", name="Elsewhere")).to_have_attribute("href", "#")


@pytest.mark.long
def test_a_table_names_its_rows_and_columns_also_where_it_is_stacked(opened, page):
    opened("prose", PROSE)
    table = page.get_by_role("table", name="A comparison")

    expect(table.get_by_role("columnheader", name="Two")).to_be_visible()
    expect(table.get_by_role("rowheader", name="What")).to_be_visible()

    page.set_viewport_size({"width": 360, "height": 700})

    expect(table.get_by_role("rowheader", name="What")).to_be_visible()
    before = (
        table.locator("tbody td").nth(1).evaluate("td => getComputedStyle(td, '::before').content")
    )
    assert before == '"Two"'


@pytest.mark.long
def test_words_that_never_change_are_not_read_out_as_news(opened, page):
    opened("prose", PROSE)

    expect(page.locator(".at-words")).not_to_have_attribute("aria-live", "polite")


@pytest.mark.long
def test_paper_gets_all_that_is_folded(opened, page):
    opened("prose", PROSE)
    fold = page.locator("details", has_text="More of it")
    expect(fold).to_be_visible()

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    expect(fold.locator("dd")).to_have_text("Said\nand sourced", use_inner_text=False)
