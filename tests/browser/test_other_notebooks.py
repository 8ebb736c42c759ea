"""Notebooks that are not the book's, with the book's page: the kinds that are shown in public.

Each is built as those in the documentation of ipywidgets and Voilà are, and small.
"""

from __future__ import annotations

import re
import time
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.screen import Screen
from workbook.app.demo import DEMO_PASSPHRASES
from workbook.domain.seats import Seat

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle r="9"/></svg>'

SLIDER = """
import ipywidgets
{name} = ipywidgets.IntSlider(value={value}, description="{name}")
{name}"""

INTERACT = """
from ipywidgets import interact
@interact(x=(0, 10), word=["moss", "fern"])
def repeat(x=3, word="moss"):
    print(word * x)
    return x * x"""

OUTPUT = """
import ipywidgets
from IPython.display import HTML, Image, SVG, display
out, button = ipywidgets.Output(), ipywidgets.Button(description="Go")
def show(_):
    out.clear_output()
    with out:
        print("printed")
        display(HTML("<b>bold</b><script>document.ran = 1</script>"))
        display(HTML("<img src='x' onerror='document.ran = 1'>"))
        display(Image(data=open({picture!r}, "rb").read()))
        display(SVG({svg!r}))
        display(ipywidgets.Label("a label inside"))
        raise ValueError("out of range")
button.on_click(show)
with out:
    print("before")
ipywidgets.VBox([button, out])"""


@pytest.fixture
def show(
    page: Page, start_app: Callable[..., App], tmp_path: Path, requests_outside: list[str]
) -> Callable[..., App]:
    """Serve a notebook of these cells, open it, and return the app; no other host is asked."""

    def show(*cells: nbformat.NotebookNode) -> App:
        file = tmp_path / "any.ipynb"
        nbformat.write(new_notebook(cells=[new_markdown_cell("# Any"), *cells]), file)
        app = start_app(tmp_path / "data", "--notebook", str(file))
        Screen(page, app).open()
        assert requests_outside == []
        return app

    return show


def said(app: App, words: str) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for line in list(app.terminal):
            if words in line:
                return line
        time.sleep(0.1)  # another process writes
    raise AssertionError(app.terminal)


def test_a_cell_that_raises_costs_that_cell(page: Page, show: Callable[..., App]) -> None:
    app = show(
        new_code_cell(SLIDER.format(name="first", value=4)),
        new_code_cell("secret = 'planted-value'\n1 / (secret == 0)"),
        new_code_cell("def broken(:"),
        new_code_cell(SLIDER.format(name="last", value=7)),
    )

    expect(page.get_by_text("This part of the notebook could not be shown.")).to_have_count(2)
    expect(page.get_by_role("slider")).to_have_count(2)
    for name, value in (("first", 4), ("last", 7)):
        expect(page.locator(".at-form", has_text=name)).to_contain_text(str(value))
    assert "any.ipynb, cell 3: ZeroDivisionError." in said(app, "cell 3")
    assert "any.ipynb, cell 4: SyntaxError." in said(app, "cell 4")
    assert "planted-value" not in "".join(app.terminal)
    assert "planted-value" not in page.content()


def test_interact_shows_what_its_function_prints_and_returns(
    page: Page, show: Callable[..., App]
) -> None:
    show(new_code_cell(INTERACT))

    expect(page.get_by_text("mossmossmoss")).to_be_visible()
    page.get_by_role("combobox", name="word").select_option("fern")

    expect(page.get_by_text("fernfernfern")).to_be_visible()
    expect(page.get_by_text("mossmossmoss")).to_have_count(0)
    expect(page.get_by_text("9", exact=True)).to_be_visible()


def test_an_output_holds_text_markup_pictures_widgets_and_errors(
    page: Page, show: Callable[..., App], tmp_path: Path
) -> None:
    (tmp_path / "one.png").write_bytes(b64decode(PNG))
    show(new_code_cell(OUTPUT.format(picture=str(tmp_path / "one.png"), svg=SVG)))
    expect(page.get_by_text("before")).to_be_visible()

    page.get_by_role("button", name="Go").click()

    for words in ("printed", "bold", "a label inside", "ValueError: out of range"):
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    expect(page.locator("img.at-picture")).to_have_count(2)
    expect(page.get_by_text("before")).to_have_count(0)
    assert page.evaluate("document.ran") is None


KEPT = """
import ipywidgets
from IPython.display import Image, display
out = ipywidgets.Output()
knows = ipywidgets.Label("nothing")
names = ("Print", "Add", "Empty", "Large")
again, more, empty, large = (ipywidgets.Button(description=name) for name in names)
out.observe(lambda _: setattr(knows, "value", repr(out.outputs)[:200]), "outputs")
def print_again(_):
    with out:
        print("again")
again.on_click(print_again)
more.on_click(lambda _: out.append_stdout("added\\n"))
def clear(_):
    out.outputs = ()
empty.on_click(clear)
def show_large(_):
    with out:
        print("x" * 300_000)
large.on_click(show_large)
with out:
    print("printed")
ipywidgets.VBox([again, more, empty, large, knows, out])"""


def test_python_knows_what_an_output_shows_adds_to_it_and_empties_it(
    page: Page, show: Callable[..., App]
) -> None:
    show(new_code_cell(KEPT))
    shown = page.locator(".at-result")
    expect(shown).to_have_text("printed")

    page.get_by_role("button", name="Print").click()
    expect(page.locator(".widget-label", has_text="again")).to_be_visible()
    page.get_by_role("button", name="Add").click()
    expect(shown).to_have_text(re.compile("printed\\s+again\\s+added"))
    page.get_by_role("button", name="Empty").click()
    expect(shown).to_have_text("")

    # What is larger than a message stays here, also when a line that broke is up again.
    page.get_by_role("button", name="Large").click()
    expect(shown).to_have_text(re.compile("x{300000}"))
    page.wait_for_timeout(500)
    page.evaluate("attune.kernel.dispatchEvent(new CustomEvent('open', {detail: {again: true}}))")
    page.wait_for_timeout(1500)
    expect(shown).to_have_text(re.compile("x{300000}"))


def test_pictures_of_a_markdown_cell_are_shown_and_one_that_is_missing_is_named(
    page: Page, show: Callable[..., App], tmp_path: Path
) -> None:
    (tmp_path / "beside.png").write_bytes(b64decode(PNG))
    cell = new_markdown_cell(
        "![a dot](attachment:dot.png) ![a ring](attachment:ring.svg) ![beside](beside.png)\n\n"
        "![gone](gone.png)"
    )
    cell.attachments = {"dot.png": {"image/png": PNG}, "ring.svg": {"image/svg+xml": SVG}}
    app = show(cell)

    for name in ("a dot", "a ring", "beside"):
        drawn = page.get_by_role("img", name=name)
        expect(drawn).to_be_visible()
        assert drawn.evaluate("img => img.complete && img.naturalWidth > 0"), name
    expect(page.get_by_text("A picture is missing here: gone.png")).to_be_visible()
    assert said(app, "gone.png").startswith("any.ipynb, cell 2:")


def test_what_a_plain_cell_shows_is_shown_and_what_it_complains_is_said(
    page: Page, show: Callable[..., App]
) -> None:
    app = show(
        new_code_cell(f"from IPython.display import SVG\nSVG({SVG!r})"),
        new_code_cell("import warnings\nwarnings.warn('planted-value')\n6 * 7"),
        new_code_cell("from IPython.display import HTML\nHTML('<i onclick=\"x()\">leaning</i>')"),
    )

    expect(page.locator("img.at-picture")).to_be_visible()
    expect(page.get_by_text("42", exact=True)).to_be_visible()
    assert page.get_by_text("leaning").get_attribute("onclick") is None
    assert "any.ipynb, cell 3:" in said(app, "error output")
    assert "planted-value" not in "".join(app.terminal)


def test_a_cell_that_waits_is_interrupted_and_named(page: Page, show: Callable[..., App]) -> None:
    app = show(
        new_code_cell("import time\ntime.sleep(3600)"),
        new_code_cell(SLIDER.format(name="last", value=7)),
    )

    expect(page.get_by_role("slider")).to_be_visible()
    assert "any.ipynb, cell 2: it took longer than 20 seconds" in said(app, "cell 2")


def test_a_chapter_by_itself_opens_and_asks_no_other_host(
    page: Page, start_app: Callable[..., App], filled: Path, requests_outside: list[str]
) -> None:
    chapter = Path(__file__).parents[2] / "notebooks" / "03-limits.ipynb"
    app = start_app(filled, "--notebook", str(chapter))
    Screen(page, app).open()

    expect(page.get_by_role("heading", name="Limits", exact=True)).to_be_visible()
    page.get_by_label("Your passphrase").fill(DEMO_PASSPHRASES[Seat.A])
    page.get_by_role("button", name="Open", exact=True).click()

    expect(page.get_by_text("Where may hands go?").first).to_be_visible()
    expect(page.get_by_label("Your passphrase")).to_have_count(0, timeout=60_000)
    expect(page.get_by_text("Back to the evening")).to_be_hidden()
    assert requests_outside == []
