import pytest
from playwright.sync_api import expect

from workbook.ui.widgets.questions import Questions

HOME = """
    from workbook.ui.widgets.questions import Questions
    options = lambda *labels: [{"key": l.lower().replace(" ", "_"), "label": l} for l in labels]
    line, hear = heard()
    asked = [
        {"key": "free", "kind": "one", "label": "Free yes?", "help": "Private.",
         "options": options("Yes", "Not tonight")},
        {"key": "body", "kind": "many", "label": "Body today?", "group": "Your body",
         "options": options("Bruise", "Pregnant"), "none_label": "None of these",
         "follow": {"bruise": [
             {"key": "where", "kind": "many", "label": "Where?",
              "options": options("Left", "Right")},
             {"key": "last", "kind": "date", "label": "Since when?"}]}},
        {"key": "week", "kind": "number", "label": "Which week?", "min": 1, "max": 42,
         "unit": "weeks", "shown_if": {"question": "body", "option": "pregnant"}},
        {"key": "areas", "kind": "rows", "label": "Where?",
         "options": options("Open", "Not tonight"),
         "count": {"option": "open", "text": "{n} open"},
         "rows": [{"key": f"r{n}", "label": f"Row {n}", "group": "Back" if n < 30 else "Legs"}
                  for n in range(60)]
               + [{"key": "x", "label": "Throat", "group": "Legs", "locked": True,
                   "note": "Never."}]},
        {"key": "comfort", "kind": "scale", "label": "Comfort?", "min": 0, "max": 10},
    ]
    words = {"again": "Press again to take back.", "counted": "{n} of {all}",
             "out_of_range": "From {min} to {max}.", "not_a_date": "A day, please."}
    q = Questions(asked, {}, words)
    q.observe(lambda change: hear(change.new), "answers")
    def replace(_):
        q.answers = {"free": "not_tonight", "areas": {"r1": "open"}}
        q.questions = [*asked[:1], {**asked[1], "label": "Body now?"}, *asked[2:]]
        q.errors = {"free": "Once more, please."}
    from threading import Timer
    import asyncio
    def later(_):
        asyncio.get_running_loop().call_later(0.4, replace, None)
    swap = Button(description="Replace")
    swap.on_click(later)
    form = VBox([q, swap, line])
    form.add_class("at-form")
    display(form)
"""


def last(said):
    return said[-1] if said else {}


def test_a_saved_notebook_shows_no_answer():
    asked = Questions(answers={"free": "not_tonight"})

    shown = asked._repr_mimebundle_()[0]

    assert repr(asked) == shown["text/plain"] == "Questions()"
    assert "not_tonight" not in str(shown)


def test_two_sets_of_questions_share_nothing():
    one, other = Questions(), Questions()

    one.answers = {"free": "yes"}

    assert other.answers == {}
    assert other.errors == {}


def test_everything_is_answered_and_taken_back_by_keyboard(opened, heard):
    page = opened("questions", HOME)
    press = page.keyboard.press
    free = page.get_by_role("group", name="Free yes?")
    free.wait_for()
    expect(page.locator(".at-questions :checked")).to_have_count(0)

    page.evaluate("document.querySelector('.at-questions input').focus()")
    expect(page.locator(":focus")).to_have_value("yes")
    press("Space")
    heard(lambda said: last(said).get("free") == "yes")
    press("ArrowDown")
    heard(lambda said: last(said).get("free") == "not_tonight")
    press("Space")
    heard(lambda said: last(said).get("free", "") is None)
    expect(free.locator(":checked")).to_have_count(0)

    press("Tab")
    press("Space")
    page.get_by_label("Left").wait_for()
    press("Tab")
    press("Space")
    press("Tab")
    press("Tab")
    page.keyboard.type("03052026")
    said = heard(lambda said: last(said).get("body.bruise.last") == "2026-03-05")
    assert {each.get("body.bruise.last") for each in said} == {None, "2026-03-05"}

    page.get_by_role("checkbox", name="Pregnant").focus()
    press("Space")
    page.get_by_role("spinbutton", name="Which week?").focus()
    page.keyboard.type("50")
    press("Tab")
    expect(page.get_by_role("spinbutton")).to_have_accessible_description("weeks From 1 to 42.")
    page.get_by_role("spinbutton").fill("20")
    press("Tab")
    heard(lambda said: last(said).get("week") == 20)
    expect(page.get_by_role("spinbutton")).to_have_accessible_description("weeks")

    page.get_by_role("checkbox", name="None of these").focus()
    press("Space")
    said = heard(lambda said: last(said).get("body") == ["none"])
    assert set(said[-1]) == {"free", "body"}


@pytest.mark.long
def test_rows_and_scales_too(opened, heard):
    page = opened("questions", HOME)
    press = page.keyboard.press
    page.get_by_role("group", name="Row 3", exact=True).get_by_label("Open").focus()
    press("Space")
    heard(lambda said: last(said).get("areas") == {"r3": "open"})
    expect(page.locator(".at-q-count").first).to_have_text("1 open")
    page.locator("summary", has_text="Legs").focus()
    press("Enter")
    page.get_by_role("group", name="Row 59").get_by_label("Not tonight").click()
    heard(lambda said: last(said).get("areas") == {"r3": "open", "r59": "not_tonight"})
    page.get_by_role("group", name="Row 59").get_by_label("Not tonight").click()
    heard(lambda said: last(said).get("areas") == {"r3": "open"})

    page.get_by_role("group", name="Comfort?").get_by_label("7").focus()
    press("Space")
    heard(lambda said: last(said).get("comfort") == 7)


@pytest.mark.long
def test_what_python_replaces_keeps_focus_folds_and_axe_quiet(opened, page, axe, heard):
    page.set_viewport_size({"width": 320, "height": 800})
    opened("questions", HOME)
    page.locator("summary", has_text="Legs").click()
    page.get_by_role("checkbox", name="Bruise").click()
    heard(lambda said: last(said).get("body") == ["bruise"])
    page.get_by_role("button", name="Replace").click()

    page.get_by_role("group", name="Row 40").get_by_label("Open").focus()
    page.get_by_role("group", name="Body now?").wait_for()

    expect(page.get_by_role("group", name="Row 40").get_by_label("Open")).to_be_focused()
    expect(page.locator(".at-q-group[open]")).to_have_count(2)
    expect(page.locator(":checked")).to_have_count(2)
    expect(page.get_by_role("group", name="Row 1", exact=True).get_by_label("Open")).to_be_checked()
    expect(page.get_by_role("group", name="Free yes?")).to_have_accessible_description(
        "Private. Once more, please."
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    heights = page.evaluate(
        "[...document.querySelectorAll('.at-q-card, .at-q-segment, .at-q-summary, .at-q-typed')]"
        ".filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 48
    assert axe(".at-questions") == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert axe(".at-questions") == []


TYPED = """
    from workbook.ui.widgets.questions import Questions
    line, hear = heard()
    asked = [
        {"key": "at", "kind": "time", "label": "At what time?"},
        {"key": "degrees", "kind": "number", "label": "How warm?", "min": 34, "max": 43,
         "step": 0.1, "unit": "°C"},
    ]
    words = {"out_of_range": "From {min} to {max}.", "not_a_time": "A whole time, please."}
    q = Questions(asked, {}, words)
    q.observe(lambda change: hear(change.new), "answers")
    form = VBox([q, line])
    form.add_class("at-form")
    display(form)
"""


@pytest.mark.long
def test_a_time_and_a_temperature_can_be_typed(opened, page, heard, axe):
    opened("typed", TYPED)
    page.get_by_label("At what time?").fill("21:15")
    page.get_by_label("How warm?").fill("37.9")
    page.get_by_label("How warm?").blur()

    said = last(heard(lambda said: last(said).get("degrees") is not None))

    assert said == {"at": "21:15", "degrees": 37.9}
    assert axe(".at-questions") == []


@pytest.mark.long
def test_a_temperature_nobody_has_is_refused_beside_its_field(opened, page):
    opened("typed", TYPED)
    page.get_by_label("How warm?").fill("100.4")
    page.get_by_label("How warm?").blur()

    expect(page.get_by_text("From 34 to 43.")).to_be_visible()
