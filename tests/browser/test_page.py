"""The page itself: what it draws and when, and what it does when the line is cut."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import BrowserType, Page, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from tests.browser.wire import HERE, Wire, wire
from workbook.book.demo import NAMES, PASSPHRASES, fill
from workbook.domain.seats import Seat

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LOST = "Not connected. Nothing you type now is saved."
ENDED = "This page has ended. Your saved answers are safe."
EXPECTS = "In your own words, for yourself"

SAME = """async () => {
  const { kernel, manager } = globalThis.attune;
  const asked = await new Promise((resolve) => {
    const comm = kernel.comm("jupyter.widget.control");
    comm.on_msg((message) => resolve(message.content.data.states));
    comm.open({}, {}, { version: "1.0.0" });
    comm.send({ method: "request_states" });
  });
  const sorted = (value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort().map(([k, v]) => [k, sorted(v)]))
      : Array.isArray(value) ? value.map(sorted) : value;
  const text = (value) => JSON.stringify(sorted(value ?? null));
  const different = [];
  for (const [id, { state }] of Object.entries(asked)) {
    const model = await manager.get_model(id);
    const shown = JSON.parse(JSON.stringify(model.get_state()));
    for (const [name, value] of Object.entries(state)) {
      if (["_esm", "_css"].includes(name)) continue;
      if (text(shown[name]) === text(value)) continue;
      different.push([model.name, name, shown[name] ?? null, value]);
    }
  }
  return [Object.keys(asked).length, different];
}"""


@pytest.fixture
def app(start_app: Callable[..., App], tmp_path: Path) -> App:
    fill(tmp_path / "data", date.today())
    return start_app()


@pytest.fixture
def screen(page: Page, app: App) -> Screen:
    screen = Screen(page, app)
    screen.open()
    screen.unlock(NAMES[Seat.A], PASSPHRASES[Seat.A])
    return screen


def test_what_the_page_begins_with_is_what_the_kernel_would_have_sent(page: Page, app: App) -> None:
    Screen(page, app).open()
    expect(page.get_by_label("Your passphrase")).to_be_visible()

    number, different = page.evaluate(SAME)

    assert number > 100
    assert different == []


def test_a_chapter_is_drawn_when_it_is_first_shown_and_asks_for_nothing(screen: Screen) -> None:
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    later = screen.page.locator("section#limits .at-output")
    expect(later.first).to_be_empty()

    screen.turn_to("limits")

    expect(later.first).not_to_be_empty()
    assert asked == []


def test_the_back_button_turns_back_to_where_one_was(screen: Screen) -> None:
    page = screen.page
    screen.turn_to("limits")
    page.evaluate("scrollTo(0, 300)")
    page.wait_for_function("() => scrollY === 300")
    screen.turn_to("help")

    page.go_back()

    expect(page.locator("section#limits")).to_be_visible()
    page.wait_for_function("() => scrollY === 300")


def test_a_reloaded_page_opens_at_its_chapter_with_what_was_saved(screen: Screen) -> None:
    screen.turn_to("intentions")
    screen.write(EXPECTS, "An unhurried hour.")
    screen.saved()

    screen.page.reload()
    screen.unlock(NAMES[Seat.A], PASSPHRASES[Seat.A])

    expect(screen.page.locator("section#intentions")).to_be_visible()
    expect(screen.page.get_by_label(EXPECTS)).to_have_value("An unhurried hour.")


def test_a_second_tab_is_a_page_of_its_own_and_the_first_one_works_on(
    screen: Screen, app: App
) -> None:
    second = Screen(screen.page.context.new_page(), app)
    second.open()
    expect(second.page.get_by_label("Your passphrase")).to_be_visible()

    screen.turn_to("intentions")
    screen.write(EXPECTS, "Still here.")

    screen.saved()


def test_a_call_to_somebody_leaves_the_page_alive(screen: Screen) -> None:
    page = screen.page
    page.evaluate("location.href = 'tel:000'")
    screen.turn_to("intentions")

    screen.write(EXPECTS, "After the call.")

    screen.saved()


def test_a_dead_server_is_noticed_and_what_was_typed_can_be_copied(
    screen: Screen, app: App
) -> None:
    screen.turn_to("intentions")
    field = screen.page.get_by_label(EXPECTS)
    family = [psutil.Process(app.pid), *psutil.Process(app.pid).children(recursive=True)]
    for each in family:
        each.kill()
    field.fill("Never heard.")

    expect(screen.page.get_by_text(LOST)).to_be_visible(timeout=6_000)

    expect(field).not_to_be_editable()
    expect(field).to_have_value("Never heard.")
    screen.page.get_by_role("button", name="Open again").click()
    expect(screen.page.get_by_text("The book is not running on this computer.")).to_be_visible()


def test_a_server_that_only_pauses_is_found_again(screen: Screen, app: App) -> None:
    screen.turn_to("intentions")
    server = psutil.Process(app.pid)
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
    app: App, browser_type: BrowserType, browser_type_launch_args: dict
) -> Iterator[tuple[Wire, Screen]]:
    """A browser that reaches the book through a wire that can be cut."""
    port = urlsplit(app.url).port
    mapped = f"--host-resolver-rules=MAP localhost {HERE}"
    arguments = {**browser_type_launch_args}
    arguments["args"] = [*arguments["args"], mapped]
    with wire(port) as line:
        browser = browser_type.launch(**arguments)
        screen = Screen(browser.new_page(), _by_name(app))
        screen.open()
        screen.unlock(NAMES[Seat.A], PASSPHRASES[Seat.A])
        screen.turn_to("intentions")
        yield line, screen
        browser.close()


def test_a_short_cut_is_mended_before_anybody_notices(cut: tuple[Wire, Screen]) -> None:
    line, screen = cut
    line.cut()
    screen.page.get_by_label(EXPECTS).fill("Typed in between.")
    screen.page.get_by_label(EXPECTS).blur()
    line.mend()

    screen.saved()

    expect(screen.page.get_by_text(LOST)).to_be_hidden()
    screen.page.reload()
    screen.unlock(NAMES[Seat.A], PASSPHRASES[Seat.A])
    expect(screen.page.get_by_label(EXPECTS)).to_have_value("Typed in between.")


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


def test_a_page_whose_kernel_has_gone_meanwhile_says_that_it_is_over(
    cut: tuple[Wire, Screen], app: App
) -> None:
    line, screen = cut
    line.cut()
    for kernel in app.kernels():
        kernel.kill()
    line.mend()

    alert = screen.page.get_by_role("alert").get_by_text(re.compile(f"{ENDED}|{LOST}"))
    expect(alert).to_be_visible(timeout=8_000)
    expect(screen.page.get_by_label(EXPECTS)).not_to_be_editable()


UNKNOWN = """
import anywidget, ipywidgets, traitlets
class Stranger(anywidget.AnyWidget):
    _esm = "export default { render({ el }) { el.textContent = 'never'; document.ran = 1 } }"
class Foreign(ipywidgets.DOMWidget):
    _model_name = traitlets.Unicode("ForeignModel").tag(sync=True)
    _model_module = traitlets.Unicode("some-other-module").tag(sync=True)
said = ipywidgets.Label("")
button = ipywidgets.Button(description="Say it")
button.on_click(lambda _: setattr(said, "value", f"heard {slider.value}"))
slider = ipywidgets.IntSlider(value=4, description="How much")
ipywidgets.VBox([slider, Stranger(), Foreign(), button, said])
"""


def _alone(folder: Path) -> Path:
    file = folder / "any.ipynb"
    cells = [new_markdown_cell("# Any notebook"), new_code_cell(UNKNOWN), new_code_cell("6 * 7")]
    nbformat.write(new_notebook(cells=cells), file)
    return file


@pytest.mark.parametrize("kind", ["ours", "lab"])
def test_any_notebook_can_be_served_with_either_page(
    kind: str, page: Page, start_app: Callable[..., App], tmp_path: Path
) -> None:
    app = start_app(None, "--notebook", str(_alone(tmp_path)), "--page", kind)
    Screen(page, app).open()

    expect(page.get_by_role("heading", name="Any notebook")).to_be_visible()
    expect(page.get_by_text("42")).to_be_visible()
    page.get_by_role("button", name="Say it").click()

    expect(page.get_by_text("heard 4")).to_be_visible()


def test_an_unknown_widget_says_so_in_its_place_and_the_rest_works(
    page: Page, start_app: Callable[..., App], tmp_path: Path
) -> None:
    app = start_app(None, "--notebook", str(_alone(tmp_path)))
    Screen(page, app).open()

    for name in ("__main__.Stranger", "ForeignModel of some-other-module"):
        expect(page.get_by_text(f"This page does not know the widget {name}.")).to_be_visible()
    assert page.evaluate("document.ran") is None
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_text("heard 4")).to_be_visible()


def test_the_book_itself_works_in_the_page_that_voila_brings(
    page: Page, start_app: Callable[..., App], tmp_path: Path
) -> None:
    fill(tmp_path / "data", date.today())
    screen = Screen(page, start_app(None, "--page", "lab"))
    screen.open()
    screen.unlock(NAMES[Seat.A], PASSPHRASES[Seat.A])
    screen.turn_to("intentions")

    screen.write(EXPECTS, "In the other page.")

    screen.saved()


def test_the_whole_page_is_a_few_small_requests(page: Page, app: App) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    Screen(page, app).open()
    expect(page.get_by_label("Your passphrase")).to_be_visible()

    assert len(sizes) <= 10
    assert sum(sizes) <= 300_000, json.dumps(sizes)
