"""The page itself: what it draws and when, and how much of it there is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = pytest.mark.timeout(300)

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


def test_the_page_is_a_few_small_requests_and_begins_with_what_the_kernel_would_have_sent(
    page: Page, filled_app: App
) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    Screen(page, filled_app).open()
    expect(page.get_by_label("Your passphrase")).to_be_visible()
    assert len(sizes) <= 10
    assert sum(sizes) <= 300_000, json.dumps(sizes)

    number, different = page.evaluate(SAME)

    assert number > 100
    assert different == []


def test_a_chapter_is_drawn_when_first_shown_and_back_and_a_reload_find_it_as_it_was(
    screen: Screen,
) -> None:
    page = screen.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    later = page.locator("section#limits .at-output")
    expect(later.first).to_be_empty()
    screen.turn_to("limits")
    expect(later.first).not_to_be_empty()
    assert asked == []

    page.evaluate("scrollTo(0, 300)")
    page.wait_for_function("() => scrollY === 300")
    screen.turn_to("help")
    page.go_back()
    expect(page.locator("section#limits")).to_be_visible()
    page.wait_for_function("() => scrollY === 300")

    screen.turn_to("intentions")
    screen.write(EXPECTS, "An unhurried hour.")
    screen.saved()

    screen.page.reload()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])

    expect(screen.page.locator("section#intentions")).to_be_visible()
    expect(screen.page.get_by_label(EXPECTS)).to_have_value("An unhurried hour.")


@pytest.mark.long
def test_a_second_tab_is_a_page_of_its_own_and_the_first_one_works_on(
    screen: Screen, filled_app: App
) -> None:
    second = Screen(screen.page.context.new_page(), filled_app)
    second.open()
    expect(second.page.get_by_label("Your passphrase")).to_be_visible()

    screen.turn_to("intentions")
    screen.write(EXPECTS, "Still here.")

    screen.saved()


@pytest.mark.long
def test_a_call_to_somebody_leaves_the_page_alive(screen: Screen) -> None:
    page = screen.page
    page.evaluate("location.hash = 'intentions'")
    expect(page.locator("section#intentions")).to_be_visible()
    page.evaluate("location.href = 'tel:000'")
    page.wait_for_timeout(1_000)

    # The browser may ask over the page whether to call: nothing is tapped from here on.
    screen.write(EXPECTS, "After the call.")

    screen.saved()


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


@pytest.mark.long
def test_any_notebook_can_be_served(
    page: Page, start_app: Callable[..., App], tmp_path: Path
) -> None:
    app = start_app(None, "--notebook", str(_alone(tmp_path)))
    Screen(page, app).open()

    expect(page.get_by_role("heading", name="Any notebook")).to_be_visible()
    expect(page.get_by_text("42")).to_be_visible()
    page.get_by_role("button", name="Say it").click()

    expect(page.get_by_text("heard 4")).to_be_visible()


@pytest.mark.long
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
