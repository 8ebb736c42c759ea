import pytest
from playwright.sync_api import expect

from workbook.ui.widgets.page import Page

HOME = """
    from workbook.ui.widgets.page import Page
    line, hear = heard()
    shell = Page(lambda: hear("handed over"))
    shell.seat = {"name": "Kim", "colour": "clay", "shape": "circle"}
    shell.chapters = {"limits": "open"}
    speak = Button(description="Speak")
    def spoken(_):
        shell.show_saved("Saved at 20:14")
        shell.go_to_chapter("limits")
        shell.seat = None
        shell.end("Pass the screen", "to Robin")
    speak.on_click(spoken)
    to_paper = Button(description="To paper")
    to_paper.on_click(lambda _: shell.print_text("Your recovery code", "ABCD-EFGH"))
    display(VBox([shell, speak, to_paper, line]))
"""


@pytest.fixture
def sent():
    return []


@pytest.fixture
def shell(sent):
    shell = Page(lambda: sent.append("handed over"))
    shell.send = sent.append
    return shell


def test_a_ping_is_answered_with_its_number(shell, sent):
    shell._handle_custom_msg({"kind": "ping", "n": 7}, [])

    assert sent == [{"kind": "pong", "n": 7}]


def test_handing_over_is_asked_for_once(shell, sent):
    shell._handle_custom_msg({"kind": "pass_screen"}, [])

    assert sent == ["handed over"]


@pytest.mark.parametrize("content", ["ping", None, {}, {"kind": "ping"}, {"kind": "ping", "n": ""}])
def test_what_no_page_says_is_passed_over(shell, sent, content):
    shell._handle_custom_msg(content, [])

    assert sent == []


def test_what_python_says_has_a_kind(shell, sent):
    shell.show_saved("Saved")
    shell.show_notice("Oh")
    shell.go_to_chapter("limits")
    shell.go_to_step("rest")
    shell.end("Bye", "To Robin")

    assert sent == [
        {"kind": "saved", "text": "Saved"},
        {"kind": "notice", "text": "Oh"},
        {"kind": "go", "chapter": "limits"},
        {"kind": "go", "step": "rest"},
        {"kind": "leave", "title": "Bye", "text": "To Robin"},
    ]
    assert repr(shell) == "Page()"


def test_the_page_says_for_how_long_nobody_touched_it(sent):
    idle = []
    shell = Page(print, on_ping=idle.append)
    shell.send = sent.append

    for content in ({"n": 1, "idle": 61}, {"n": 2, "idle": 0.5}, {"n": 3}, {"n": 4, "idle": "x"}):
        shell._handle_custom_msg({"kind": "ping", **content}, [])

    assert idle == [61.0, 0.5, 0.0, 0.0]


def test_the_page_says_where_somebody_writes():
    left = []
    page = Page(print, on_editing_ended=lambda: left.append(page.editing))

    page._handle_custom_msg({"kind": "editing", "field": "note"}, [])
    assert page.editing == "note"
    assert left == []
    page._handle_custom_msg({"kind": "editing", "field": ""}, [])

    assert left == [""]
    page._handle_custom_msg({"kind": "editing", "field": 3}, [])
    assert left == [""]


def test_what_goes_on_paper_is_said_as_it_is(shell, sent):
    shell.print_text("Your recovery code", "ABCD-EFGH")

    assert sent == [{"kind": "paper", "title": "Your recovery code", "text": "ABCD-EFGH"}]


def test_what_is_printed_stands_alone_and_stays_until_the_next_tap(opened, page):
    page.add_init_script("window.print = () => {}")
    opened("page", HOME)
    sheet = page.locator(".at-paper")

    page.get_by_role("button", name="To paper").click()
    expect(sheet).to_be_hidden()  # the screen shows nothing of it
    page.emulate_media(media="print")
    expect(sheet).to_contain_text("ABCD-EFGH")
    expect(sheet).to_be_visible()
    expect(page.get_by_role("button", name="To paper")).to_be_hidden()
    # Some phones draw the page once more after they have said that it is printed.
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_be_visible()
    page.keyboard.press("Shift")

    expect(sheet).to_have_count(0)
    expect(page.get_by_role("button", name="To paper")).to_be_visible()


@pytest.mark.long
def test_the_page_hears_what_python_says(opened, page, heard, axe):
    page.add_init_script(
        "window.said = [];"
        "for (const name of ['alive', 'seat', 'chapters', 'saved', 'go', 'leave'])"
        " document.addEventListener(`at-${name}`, (event) => said.push([name, event.detail]));"
    )
    opened("page", HOME)
    page.wait_for_function("said.filter(([name]) => name === 'alive').length > 1")

    page.get_by_role("button", name="Speak").click()
    page.evaluate("document.dispatchEvent(new CustomEvent('at-pass-screen'))")
    page.wait_for_function("said.some(([name]) => name === 'leave')")

    told = [each for each in page.evaluate("said") if each[0] != "alive"]
    assert told == [
        ["seat", {"name": "Kim", "colour": "clay", "shape": "circle"}],
        ["chapters", {"limits": "open"}],
        ["saved", {"text": "Saved at 20:14"}],
        ["go", {"chapter": "limits", "step": None}],
        ["seat", None],
        ["leave", {"title": "Pass the screen", "text": "to Robin", "next": None}],
    ]
    heard(lambda said: said == ["handed over"])
    expect(page.get_by_role("status").filter(has_text="Pass the screen")).to_be_visible()
    assert axe(".at-page") == []
