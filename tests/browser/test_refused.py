"""A browser that shows the page and refuses its websocket: what is said, and how soon.

An iPhone is reported to do so with a certificate that nobody signed. Here a script does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import App
from tests.serve.served import Book, running

pytestmark = pytest.mark.timeout(300)

REFUSES = """
window.WebSocket = class extends EventTarget {
  static CONNECTING = 0; static OPEN = 1;
  constructor() {
    super();
    this.readyState = 0;
    setTimeout(() => {
      this.readyState = 3;
      this.dispatchEvent(new Event("error"));
      this.dispatchEvent(new CloseEvent("close", { code: 1006 }));
    }, 30);
  }
  send() {}
  close() {}
};"""
NEVER_ANSWERS = """
window.WebSocket = class extends EventTarget {
  static CONNECTING = 0; static OPEN = 1;
  readyState = 0;
  send() {}
  close() {}
};"""
PHONE = "This device shows the book, but refuses its connection."
COMPUTER = "This browser shows the book, but refuses its connection."
TOLD_MS = 4800
"""The promise is five seconds; the rest is for the answer of the server."""


@pytest.fixture
def with_certificate(tmp_path: Path) -> Iterator[Book]:
    """A book over https, with the certificate that this computer made for itself."""
    with running(tmp_path, how="tls") as book:
        yield book


@pytest.mark.long
def test_a_phone_that_refuses_the_connection_says_so_and_what_to_do(
    browser: Browser, with_certificate: Book
) -> None:
    context = browser.new_context(
        ignore_https_errors=True, viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = context.new_page()
    page.add_init_script(REFUSES)

    page.goto(f"{with_certificate.origin}/pair#{with_certificate.code}")
    page.wait_for_url(f"{with_certificate.origin}/")
    page.clock.install(time=0)
    page.clock.pause_at(1)  # it goes on as far as it is told, however slow this machine is
    page.reload()
    page.clock.run_for(TOLD_MS)

    said = page.get_by_role("alert").filter(has_text=PHONE)
    expect(said).to_contain_text("iPhone or iPad")
    expect(said).to_contain_text("use your computer and pass the screen")
    expect(page.get_by_text("Opening the book")).to_have_count(0)
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("script", [REFUSES, NEVER_ANSWERS], ids=["refuses", "never answers"])
def test_without_a_certificate_it_names_other_causes(page: Page, app: App, script: str) -> None:
    page.add_init_script(script)

    app.open(page)

    said = page.get_by_role("alert").filter(has_text=COMPUTER)
    expect(said).to_contain_text("Try another browser.")
    expect(page.get_by_role("button", name="Set up the book")).to_be_disabled()
    page.wait_for_timeout(20_000)
    expect(said).to_be_visible()  # "The book did not open" does not take its place


@pytest.mark.long
def test_a_connection_that_comes_late_opens_the_book_all_the_same(page: Page, app: App) -> None:
    page.add_init_script(
        "const Real = WebSocket; let tries = 0;"
        + REFUSES.replace("window.WebSocket =", "const Refusing =")
        + "window.WebSocket = new Proxy(Real, {construct: (_, given) =>"
        " performance.now() < 8000 ? new Refusing() : new Real(...given)});"
    )

    app.open(page)

    expect(page.get_by_role("alert").filter(has_text=COMPUTER)).to_be_visible()
    expect(page.get_by_text(COMPUTER)).to_have_count(0)
    expect(page.get_by_role("button", name="Set up the book")).to_be_enabled()


@pytest.mark.long
def test_each_new_try_leaves_no_kernel_behind(page: Page, app: App) -> None:
    page.add_init_script(REFUSES)
    app.open(page)
    for _ in range(3):
        expect(page.get_by_text(COMPUTER)).to_be_visible()
        page.get_by_role("button", name="Open again").click()
        page.wait_for_load_state()
    expect(page.get_by_text(COMPUTER)).to_be_visible()

    assert len(app.kernels()) <= 2  # this page's, and the one in waiting
