import pytest
from playwright.sync_api import expect

from workbook.ui.widgets.secret import Secret

WORDS = {
    "label": "Passphrase", "submit": "Open", "show": "Show", "hide": "Hide", "hint": "Four words.",
}  # fmt: skip
TWICE = {**WORDS, "again": "Once more", "same": "Same.", "differ": "Not yet.",
         "suggest": "Words:", "use": "Use", "other": "Others", "used": "Write."}  # fmt: skip
NEW = f"""
    from workbook.ui.widgets.secret import Secret
    line, hear = heard()
    offers = iter(["moss fern", "oak reed"])
    def refuse(value):
        hear(value)
        secret.show_message("Too short.")
    secret = Secret({TWICE!r}, refuse, new=True, suggest=lambda: next(offers))
    form = VBox([secret, line])
    form.add_class("at-form")
    display(form)
"""
HOME = f"""
    from workbook.ui.widgets.secret import Secret
    line, hear = heard()
    def opened(value):
        hear([value, secret.busy])
        secret.show_message("That opens nothing.")
    secret = Secret({WORDS!r}, opened)
    form = VBox([secret, line])
    form.add_class("at-form")
    display(form)
"""


def test_the_secret_is_in_no_trait():
    given = []
    secret = Secret(WORDS, lambda value: given.append((value, secret.busy)))

    secret._handle_custom_msg({"kind": "secret", "value": "moss and rain"}, [])

    assert given == [("moss and rain", True)]
    assert not secret.busy
    assert "moss and rain" not in str(secret.get_state()) + repr(secret)


def test_an_error_leaves_it_ready_for_the_next_try():
    def refuse(_value):
        raise ValueError

    secret = Secret(WORDS, refuse)
    secret._msg_callbacks.callbacks.clear()

    with pytest.raises(ValueError):  # noqa: PT011 - any error will do
        secret._on_message(secret, {"kind": "secret", "value": "x"}, [])

    assert not secret.busy


@pytest.mark.parametrize("content", [None, {}, {"kind": "secret"}, {"kind": "secret", "value": ""}])
def test_what_is_no_secret_is_passed_over(content):
    given = []

    Secret(WORDS, given.append)._handle_custom_msg(content, [])

    assert given == []


def test_the_same_sentence_can_be_said_twice():
    secret, heard = Secret(WORDS, print), []
    secret.observe(lambda change: heard.append(change.new["text"]), "said")

    secret.show_message("No.")
    secret.show_message("No.")

    assert heard == ["No.", "No."]


def test_a_secret_is_typed_sent_once_and_gone(opened, page, heard, axe):
    opened("secret", HOME)
    field = page.get_by_label("Passphrase")
    expect(field).to_have_attribute("autocomplete", "off")  # both people's are the same here
    field.focus()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("type", "text")
    field.focus()
    page.keyboard.type("moss and rain")
    page.keyboard.press("Enter")

    expect(field).to_have_value("")
    expect(field).to_have_attribute("type", "password")
    expect(field).to_be_focused()
    heard(lambda said: said == [["moss and rain", True]])
    expect(page.get_by_role("status")).to_have_text("That opens nothing.")
    page.keyboard.press("Enter")
    page.keyboard.type("again")
    page.get_by_role("button", name="Open").click()
    heard(lambda said: [each[0] for each in said] == ["moss and rain", "again"])
    assert axe(".at-secret") == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert axe(".at-secret") == []


@pytest.mark.long
def test_a_new_one_is_typed_twice_and_nothing_is_taken_before_both_are_the_same(
    opened, page, heard, axe
):
    opened("secret_new", NEW)
    first, second = page.get_by_label("Passphrase"), page.get_by_label("Once more")
    expect(first).to_have_attribute("autocomplete", "off")
    first.fill("moss and rain")
    expect(page.get_by_text("Not yet.")).to_have_count(0)  # nothing is said of an empty field

    second.fill("moss and rai")
    expect(page.get_by_text("Not yet.")).to_be_visible()
    second.press("Enter")
    expect(second).to_be_focused()
    first.fill("moss and rain!")
    second.fill("moss and rain! ")  # as Python compares them
    expect(page.get_by_text("Same.")).to_be_visible()
    second.press("Enter")

    heard(lambda said: said == ["moss and rain!"])
    expect(page.get_by_text("Too short.")).to_be_visible()
    expect(first).to_have_value("moss and rain!")
    expect(second).to_have_value("moss and rain! ")
    first.fill("moss")
    expect(page.get_by_text("Not yet.")).to_be_visible()
    assert axe(".at-secret") == []


@pytest.mark.long
def test_offered_words_are_put_into_the_first_field_alone(opened, page, heard):
    opened("secret_new", NEW)
    first, second = page.get_by_label("Passphrase"), page.get_by_label("Once more")
    expect(page.get_by_text("moss fern")).to_be_visible()
    expect(first).to_have_value("")

    page.get_by_role("button", name="Others").click()
    expect(page.get_by_text("oak reed")).to_be_visible()
    page.get_by_role("button", name="Use").click()

    expect(first).to_have_value("oak reed")
    expect(first).to_have_attribute("type", "text")
    expect(second).to_have_value("")
    expect(second).to_be_focused()
    page.get_by_role("button", name="Open").click()
    expect(second).to_be_focused()
    second.fill("oak reed")
    second.press("Enter")
    heard(lambda said: said == ["oak reed"])
