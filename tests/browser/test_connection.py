"""A line that breaks, a kernel that dies: the page says so, and nothing saved is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from queue import SimpleQueue
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import BrowserType, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from tests.browser.wire import HERE, Wire, wire
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

LOST = "Not connected. Nothing you type now is saved."
ENDED = "This page has ended. Your saved answers are safe."
EXPECTS = "In your own words, for yourself"


def said_that_it_is_gone(screen: Screen) -> None:
    """Within six seconds; in which words depends on who notices first, page or server."""
    said = screen.page.get_by_text(LOST).or_(screen.page.get_by_text(ENDED))
    expect(said.first).to_be_visible(timeout=6_000)


@pytest.mark.long
def test_after_the_kernel_is_gone_the_page_says_so_and_what_was_saved_is_there(
    screen: Screen, filled_app: App
) -> None:
    screen.turn_to("intentions")
    screen.write(EXPECTS, "An unhurried hour.")
    screen.saved()

    for kernel in filled_app.kernels():
        kernel.kill()

    said_that_it_is_gone(screen)
    expect(screen.page.get_by_text(ENDED)).to_be_visible()  # the server has noticed by then
    screen.open()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    screen.turn_to("intentions")
    expect(screen.page.get_by_label(EXPECTS)).to_have_value("An unhurried hour.")


@pytest.mark.long
def test_while_the_kernel_is_gone_nothing_typed_looks_saved(
    screen: Screen, filled_app: App
) -> None:
    screen.turn_to("intentions")
    field = screen.page.get_by_label(EXPECTS)
    expect(field).to_be_editable()  # its form is built when the chapter is shown

    for kernel in filled_app.kernels():
        kernel.kill()

    said_that_it_is_gone(screen)
    expect(field).not_to_be_editable()


def test_after_a_hand_over_nobody_gets_back_to_the_page_before(
    screen: Screen, filled_app: App
) -> None:
    screen.turn_to("intentions")
    screen.write(EXPECTS, "For my eyes only.")
    screen.saved()
    before = {kernel.pid for kernel in filled_app.kernels()}

    screen.pass_screen()
    screen.page.go_back()

    expect(screen.page.get_by_label("Your passphrase")).to_be_visible(timeout=30_000)
    expect(screen.page.locator("body")).not_to_contain_text("For my eyes only.")
    assert len(before & {kernel.pid for kernel in filled_app.kernels()}) < len(before)


@pytest.mark.long
def test_between_two_people_a_cover_says_whose_turn_it_is_and_holds_nothing_else(
    screen: Screen,
) -> None:
    screen.turn_to("intentions")
    screen.write(EXPECTS, "For my eyes only.")
    screen.saved()

    screen.choose_in_menu("Pass the screen")

    turn = screen.button(re.compile(", your turn$"))
    expect(turn).to_be_focused()
    box = turn.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == tuple(screen.page.viewport_size.values())
    expect(turn.locator("[data-shape]")).to_be_visible()
    assert "For my eyes only." not in screen.page.content()
    expect(screen.page.locator("main")).to_be_empty()
    screen.page.go_back()
    expect(turn).to_be_visible()
    screen.take_turn()


@pytest.mark.long
def test_a_dead_server_is_noticed_and_what_was_typed_can_be_copied(
    screen: Screen, filled_app: App
) -> None:
    screen.turn_to("intentions")
    field = screen.page.get_by_label(EXPECTS)
    family = [
        psutil.Process(filled_app.pid),
        *psutil.Process(filled_app.pid).children(recursive=True),
    ]
    for each in family:
        each.kill()
    field.fill("Never heard.")

    expect(screen.page.get_by_text(LOST)).to_be_visible(timeout=6_000)

    expect(field).not_to_be_editable()
    expect(field).to_have_value("Never heard.")
    screen.page.get_by_role("button", name="Open again").click()
    expect(screen.page.get_by_text("The book is not running on this computer.")).to_be_visible()


@pytest.mark.long
def test_a_server_that_only_pauses_is_found_again(screen: Screen, filled_app: App) -> None:
    screen.turn_to("intentions")
    server = psutil.Process(filled_app.pid)
    server.suspend()
    try:
        expect(screen.page.get_by_text(LOST)).to_be_visible(timeout=6_000)
    finally:
        server.resume()

    expect(screen.page.get_by_text(LOST)).to_be_hidden(timeout=6_000)
    screen.write(EXPECTS, "Back again.")
    screen.saved()


def _by_name(app: App) -> App:
    """The same book as ``localhost``, which the browser finds at the other end of the wire."""
    ways_in: SimpleQueue[str] = SimpleQueue()
    ways_in.put(app.ways_in.get().replace("127.0.0.1", "localhost"))
    return replace(app, url=app.url.replace("127.0.0.1", "localhost"), ways_in=ways_in)


@pytest.fixture
def cut(
    filled_app: App, browser_type: BrowserType, browser_type_launch_args: dict
) -> Iterator[tuple[Wire, Screen]]:
    """A browser that reaches the book through a wire that can be cut."""
    port = urlsplit(filled_app.url).port
    mapped = f"--host-resolver-rules=MAP localhost {HERE}"
    arguments = {**browser_type_launch_args}
    arguments["args"] = [*arguments["args"], mapped]
    with wire(port) as line:
        browser = browser_type.launch(**arguments)
        screen = Screen(browser.new_page(), _by_name(filled_app))
        screen.open()
        screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
        screen.turn_to("intentions")
        yield line, screen
        browser.close()


@pytest.mark.long
def test_a_short_cut_is_mended_before_anybody_notices(cut: tuple[Wire, Screen]) -> None:
    line, screen = cut
    line.cut()
    screen.page.get_by_label(EXPECTS).fill("Typed in between.")
    screen.page.get_by_label(EXPECTS).blur()
    line.mend()

    screen.saved()

    expect(screen.page.get_by_text(LOST)).to_be_hidden()
    screen.page.reload()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    expect(screen.page.get_by_label(EXPECTS)).to_have_value("Typed in between.")


@pytest.mark.long
def test_a_long_cut_is_said_and_the_page_comes_back_by_itself(cut: tuple[Wire, Screen]) -> None:
    line, screen = cut
    screen.write(EXPECTS, "Before the cut.")
    screen.saved()
    line.cut()
    expect(screen.page.get_by_text(LOST)).to_be_visible(timeout=6_000)
    expect(screen.page.get_by_label(EXPECTS)).not_to_be_editable()

    line.mend()

    expect(screen.page.get_by_text(LOST)).to_be_hidden(timeout=6_000)
    expect(screen.page.get_by_label(EXPECTS)).to_have_value("Before the cut.")
    screen.write(EXPECTS, "After the cut.")
    screen.saved()


@pytest.mark.long
def test_what_was_under_way_when_the_line_broke_is_sent_again(cut: tuple[Wire, Screen]) -> None:
    line, screen = cut
    field = screen.page.get_by_label(EXPECTS)
    line.swallow()
    field.fill("Sent into nowhere.")
    field.blur()
    line.cut()
    line.mend()

    screen.saved()

    screen.page.reload()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    expect(screen.page.get_by_label(EXPECTS)).to_have_value("Sent into nowhere.")


@pytest.mark.long
def test_after_an_answer_that_never_came_what_is_typed_next_is_saved(
    cut: tuple[Wire, Screen],
) -> None:
    line, screen = cut
    line.swallow_answers()
    screen.write(EXPECTS, "Heard, and not answered.")
    screen.page.wait_for_timeout(1_000)  # so that the kernel does hear it
    line.cut()
    line.mend()

    screen.write(EXPECTS, "After the cut.")

    screen.saved()
    screen.page.reload()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    expect(screen.page.get_by_label(EXPECTS)).to_have_value("After the cut.")


TYPE_AS_THE_LINE_OPENS = """(field) => {
  globalThis.attune.kernel.addEventListener("open", () => {
    field.value = "Typed as the line opened.";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }, { once: true });
}"""


@pytest.mark.long
def test_what_is_typed_as_the_line_opens_is_not_taken_back(cut: tuple[Wire, Screen]) -> None:
    line, screen = cut
    screen.write(EXPECTS, "Before the cut.")
    screen.saved()
    field = screen.page.get_by_label(EXPECTS)
    field.evaluate(TYPE_AS_THE_LINE_OPENS)
    line.cut()
    line.mend()

    expect(field).to_have_value("Typed as the line opened.")

    # The older state that was asked for has long come by now.
    screen.page.wait_for_timeout(1_500)
    expect(field).to_have_value("Typed as the line opened.")


@pytest.mark.long
def test_a_page_whose_kernel_has_gone_meanwhile_says_that_it_is_over(
    cut: tuple[Wire, Screen], filled_app: App
) -> None:
    line, screen = cut
    line.cut()
    for kernel in filled_app.kernels():
        kernel.kill()
    line.mend()

    expect(screen.page.get_by_role("alert").get_by_text(ENDED)).to_be_visible(timeout=30_000)
    expect(screen.page.get_by_label(EXPECTS)).not_to_be_editable()


@pytest.mark.long
def test_more_text_than_a_message_holds_ends_the_page_and_can_still_be_copied(
    screen: Screen,
) -> None:
    screen.turn_to("intentions")
    field = screen.page.get_by_label(EXPECTS)
    field.fill("Something to keep.")
    screen.saved()

    # No field takes as much; whatever else might say it, the server would hang up on it.
    screen.page.evaluate("""() => {
        const content = { comm_id: "", data: "far too much".repeat(25_000) };
        attune.kernel.send("comm_msg", content);
    }""")

    expect(screen.page.get_by_role("alert").get_by_text(ENDED)).to_be_visible(timeout=30_000)
    expect(field).to_have_value("Something to keep.")
    expect(field).not_to_be_editable()
