"""Letting a browser in, as a person does it: by address, by typing, and with a new code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import App, Watch

pytestmark = pytest.mark.timeout(300)

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
WRONG = "0000-0000-0000-0000-0000-0000-0000"
IN = re.compile(r"http://127\.0\.0\.1:\d+/(?:#.*)?")


@pytest.fixture
def stranger(browser: Browser, app: App) -> Iterator[Page]:
    """A page of a browser that was not let in, on the pairing page."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(app.url)
    yield page
    context.close()


def field(page: Page) -> Locator:
    return page.get_by_label("The code", exact=True)


def enter(page: Page) -> Locator:
    return page.get_by_role("button", name="Let this browser in")


def test_the_address_lets_the_browser_in_and_the_code_is_gone_from_it(
    page: Page, watch: Watch, app: App
) -> None:
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    way_in = app.ways_in.get_nowait()
    code = way_in.partition("#")[2]

    page.goto(way_in)
    expect(page.get_by_role("button", name="Set up the book")).to_be_visible(timeout=60_000)

    assert IN.fullmatch(page.url)
    assert not any(code in url for url in asked if url != way_in)
    page.go_back()
    assert code not in page.url
    assert watch.outside == watch.errors == []


@pytest.mark.long
def test_a_typed_code_lets_the_browser_in_with_the_keyboard_alone(stranger: Page, app: App) -> None:
    code = app.ways_in.get_nowait().partition("#")[2]

    stranger.keyboard.press("Tab")
    expect(field(stranger)).to_be_focused()
    stranger.keyboard.type(f" {code.lower().replace('-', ' ')}")
    stranger.keyboard.press("Enter")

    expect(stranger.get_by_role("heading", name="Attune", level=1)).to_be_visible()


@pytest.mark.long
def test_a_wrong_a_used_and_a_missing_code_are_said_beside_the_field(
    stranger: Page, page: Page, app: App
) -> None:
    way_in = app.ways_in.get_nowait()
    page.goto(way_in)
    page.wait_for_url(IN)
    alert = stranger.get_by_role("alert")

    enter(stranger).click()
    expect(alert).to_have_text("Please type the code first.")
    expect(field(stranger)).to_be_focused()
    field(stranger).fill(WRONG)
    enter(stranger).click()
    expect(alert).to_contain_text("This code is not valid")
    expect(field(stranger)).to_have_attribute("aria-invalid", "true")
    field(stranger).fill("")
    enter(stranger).click()
    expect(alert).to_have_text("Please type the code first.")
    # Pasted over the page that is open already.
    stranger.goto(way_in)
    expect(alert).to_contain_text("This code is not valid")

    assert stranger.url == f"{app.url}pair"


@pytest.mark.long
def test_a_second_browser_gets_in_with_a_new_code_from_the_terminal(
    stranger: Page, page: Page, app: App
) -> None:
    page.goto(app.ways_in.get_nowait())
    page.wait_for_url(IN)

    code = app.new_way_in(stranger).partition("#")[2]
    expect(stranger.get_by_role("status")).to_contain_text("A new code is in the window")
    stranger.get_by_role("button", name="Show a new code").click()
    expect(stranger.get_by_role("status")).to_contain_text("less than a minute ago")
    assert code not in stranger.content()
    field(stranger).fill(code)
    enter(stranger).click()

    expect(stranger.get_by_role("heading", name="Attune", level=1)).to_be_visible()


@pytest.mark.long
def test_a_chapter_in_the_address_is_no_code_and_a_paired_browser_goes_on(
    stranger: Page, page: Page, app: App
) -> None:
    app.open(page)
    stranger.goto(f"{app.url}pair#limits")
    page.goto(f"{app.url}pair")

    page.wait_for_url(IN)
    expect(field(stranger)).to_be_visible()
    expect(stranger.get_by_role("alert")).to_be_empty()
    assert stranger.url == f"{app.url}pair"


@pytest.mark.long
def test_a_browser_that_was_not_let_in_reaches_no_kernel(
    stranger: Page, page: Page, app: App
) -> None:
    app.open(page)
    known = page.evaluate(
        "document.documentElement.outerHTML.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/)[0]"
    )

    opened, asked, closed = stranger.evaluate(
        """async (kernel) => [
            await new Promise((done) => {
                const line = new WebSocket(`ws://${location.host}/api/kernels/${kernel}/channels`);
                line.onopen = () => done(true);
                line.onclose = () => done(false);
            }),
            (await fetch(`/api/kernels/${kernel}`)).status,
            (await fetch(`/close/${kernel}`, {method: "POST"})).status,
        ]""",
        known,
    )

    assert (opened, asked, closed) == (False, 403, 403)
    assert (
        page.evaluate("kernel => fetch(`/api/kernels/${kernel}`).then((a) => a.status)", known)
        == 200
    )


@pytest.mark.long
def test_a_book_that_was_ended_is_said(stranger: Page, app: App) -> None:
    psutil.Process(app.pid).terminate()
    psutil.Process(app.pid).wait(30)

    field(stranger).fill(WRONG)
    enter(stranger).click()

    expect(stranger.get_by_role("alert")).to_have_text(re.compile("The book does not answer"))


@pytest.mark.long
def test_the_pairing_page_is_usable_by_everybody(browser: Browser, app: App) -> None:
    found = {}
    for width in (320, 390, 1280):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 844},
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            watch = Watch()
            watch.over(context)
            page = context.new_page()
            page.goto(app.url)
            for state in ("first", "empty"):
                result = Axe().run(page, options=RULES)
                if result.violations_count:
                    found[width, scheme, state] = result.generate_report()
                sideways = "() => document.documentElement.scrollWidth - innerWidth"
                assert page.evaluate(sideways) <= 0, (width, scheme, state)
                enter(page).click()
                expect(page.get_by_role("alert")).not_to_be_empty()
            low = (
                page.get_by_role("button")
                .or_(field(page))
                .evaluate_all("all => all.map((each) => each.getBoundingClientRect().height)")
            )
            assert min(low) >= 48
            assert watch.outside == watch.errors == []
            context.close()

    assert not found, "\n".join(found.values())


@pytest.mark.long
def test_without_its_script_the_form_lets_a_browser_in_and_the_code_stays_out_of_the_address(
    browser: Browser, app: App, page: Page
) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{app.url}pair")
    page.goto(app.url)
    code = app.new_way_in(page).partition("#")[2]

    for said, status in ((WRONG, "not valid"), (code, "A workbook for two")):
        field(plain).fill(said)
        enter(plain).click()
        expect(plain.locator("body")).to_contain_text(status)
        assert said not in plain.url

    assert IN.fullmatch(plain.url)
    context.close()


@pytest.mark.long
def test_a_browser_that_keeps_no_cookies_is_told_and_its_code_stays_valid(
    browser: Browser, app: App, page: Page
) -> None:
    context = browser.new_context()
    # What a browser does that blocks cookies: it never sends one.
    context.route("**/*", lambda route: route.continue_(headers={
        name: value for name, value in route.request.headers.items() if name != "cookie"
    }))  # fmt: skip
    blocked = context.new_page()
    page.goto(app.url)
    way_in = app.new_way_in(page)
    blocked.on("response", lambda _: context.clear_cookies())
    blocked.goto(way_in)
    expect(blocked.locator("#said")).to_contain_text("keeps no cookies")
    context.close()

    page.goto(way_in)

    page.wait_for_url(IN)
