"""The script that notes what a page shows, in small pages of our own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from bench.page import SEEN, Visitor, open_chromium
from bench.server import run_stack
from bench.stacks import BY_NAME, Looks
from tests.aside import aside
from tests.browser.chromium import find
from tests.browser.conftest import browser_type_launch_args

__all__ = ["browser_type_launch_args"]  # the fixture: the same Chromium as in tests/browser

ADDRESS = "http://form.test/"
FORM = """
<p>Warm your hands first.</p><input type=range><input type=range>
<button>Other</button><button>Save</button><p id=answer></p>
"""
ANSWERS = """
let presses = 0;
const save = root.querySelectorAll("button")[1];
save.onclick = () => { root.getElementById("answer").textContent = `Saved, press ${++presses}.`; };
"""


@pytest.fixture
def shown(context: BrowserContext) -> Callable[..., tuple[Page, dict[str, Any]]]:
    """Open a page with this HTML; what the script noted when the first press was answered."""

    def shown(html: str, **looks: object) -> tuple[Page, dict[str, Any]]:
        page = context.new_page()
        noted: list[dict[str, Any]] = []
        # A lambda, because Playwright keeps something of its own on the function.
        page.expose_function("benchAnswered", lambda times: noted.append(times))  # noqa: PLW0108
        wanted = Looks(**{"count": 2, **looks})
        asked = {name: getattr(wanted, name) for name in Looks.__slots__}
        page.add_init_script(f"window.benchLooksFor = {json.dumps(asked)};\n{SEEN}")
        page.route(ADDRESS, lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(ADDRESS)
        for _ in range(200):
            if noted:
                return page, noted[0]
            page.wait_for_timeout(50)
        pytest.fail("The script noted no answer.")

    return shown


def test_the_marks_come_in_the_order_in_which_they_are_seen(shown):
    _, noted = shown(f"{FORM}<script>const root = document;{ANSWERS}</script>")

    assert noted["byte"] <= noted["paint"] <= noted["text"] <= noted["answered"]
    assert noted["paint"] <= noted["widgets"] <= noted["answered"]
    assert noted["presses"] == 1


def test_a_form_in_a_shadow_root_is_found(shown):
    page, noted = shown(
        f"""<div id=host></div><script>
        const root = document.getElementById("host").attachShadow({{ mode: "open" }});
        root.innerHTML = `{FORM}`;{ANSWERS}</script>"""
    )

    assert noted["presses"] == 1
    assert page.evaluate("benchPress()")["answer"] >= 0
    assert page.locator("#answer").text_content() == "Saved, press 2."


def test_what_is_in_the_document_but_hidden_is_not_seen_yet(shown):
    _, noted = shown(
        f"""<p>Other words.</p><div id=form style="visibility: hidden">{FORM}</div><script>
        const root = document;{ANSWERS}
        setTimeout(() => {{
          window.unveiled = performance.now();
          document.getElementById("form").style = "";
        }}, 300);
        </script>"""
    )

    assert noted["paint"] < noted["text"]
    assert min(noted["text"], noted["widgets"], noted["answered"]) >= 290


def test_a_press_that_was_lost_is_made_again(shown):
    _, noted = shown(
        f"{FORM}<script>const root = document;setTimeout(() => {{{ANSWERS}}}, 250)</script>"
    )

    assert noted["presses"] > 1
    assert noted["answered"] >= 240


def test_a_later_press_waits_for_its_own_answer(shown):
    page, _ = shown(
        f"""{FORM}<script>
        const root = document;{ANSWERS}
        const quick = save.onclick;
        save.onclick = () => {{
          save.className = "pressed"; // a change of the page, and no answer
          if (presses) setTimeout(quick, 200); else quick();
        }};
        </script>"""
    )

    took = page.evaluate("benchPress()")

    assert 190 <= took["answer"] <= took["shown"]


def test_the_limit_is_one_request_to_nobody_else():
    async def loaded():
        with run_stack(BY_NAME["limit"]) as server:
            async with open_chromium(find()) as browser:
                visitor = Visitor(browser, server)
                await visitor.pair()
                return await visitor.load(clicks=3)

    load = aside(loaded())

    assert (load.requests, load.outside) == (1, 0)
    assert 500 < load.transfer < 5000
    assert load.socket > 0
    assert load.answer <= load.shown
