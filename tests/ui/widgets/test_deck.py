"""The cards: a guess turns them over, nothing is counted, and paper has them all."""

import pytest
from playwright.sync_api import expect

DECK = """
    from workbook.content.words import load_words
    from workbook.ui.widgets.deck import Deck

    cards = [
        {"said": "Slow is nice.", "answer": "true", "why": "Nerves like it."},
        {"said": "It has to hurt.", "answer": "false", "why": "<b>Muscles</b> brace."},
        {"said": "Tears are bad.", "answer": "depends", "why": "Ask."},
    ]
    box = VBox([Deck(cards, load_words().table("deck"))])
    box.add_class("at-form")
    display(box)
"""


@pytest.mark.long
def test_a_guess_shows_what_is_true_and_why(opened, page):
    opened("deck", DECK)
    card = page.get_by_role("region", name="Card 1 of 3 Slow is nice.")
    expect(card).to_contain_text("Slow is nice.")
    expect(card).not_to_contain_text("Nerves like it.")

    card.get_by_role("button", name="False").click()

    expect(card).to_contain_text("True.")
    expect(card).to_contain_text("Nerves like it.")
    expect(card.get_by_role("button", name="False")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".at-deck")).not_to_contain_text("wrong")


@pytest.mark.long
def test_cards_go_on_back_and_round_and_take_the_focus_along(opened, page):
    opened("deck", DECK)
    page.get_by_role("button", name="Next card").click()
    second = page.get_by_role("region", name="Card 2 of 3")
    expect(second).to_be_focused()
    second.get_by_role("button", name="True").click()
    expect(second).to_contain_text("<b>Muscles</b> brace.")

    page.get_by_role("button", name="Next card").click()
    expect(page.get_by_role("region", name="Card 3 of 3")).not_to_contain_text("brace")
    page.get_by_role("button", name="From the beginning").click()
    expect(page.get_by_role("region", name="Card 1 of 3")).to_be_visible()
    expect(page.get_by_role("button", name="Back")).to_be_disabled()


@pytest.mark.long
def test_the_deck_is_usable_by_keyboard_and_has_nothing_for_axe(opened, page, axe):
    opened("deck", DECK)
    page.get_by_role("button", name="True", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region")).to_contain_text("Nerves like it.")

    assert axe(".at-deck") == []


@pytest.mark.long
def test_on_paper_all_cards_stand_with_their_answers(opened, page):
    opened("deck", DECK)
    expect(page.get_by_role("region", name="Card 1 of 3")).to_be_visible()

    page.emulate_media(media="print")

    paper = page.locator(".at-deck-paper")
    expect(paper).to_be_visible()
    expect(paper.locator("dd").nth(1)).to_have_text("False. <b>Muscles</b> brace.")
    expect(page.locator(".at-deck-card")).to_be_hidden()
