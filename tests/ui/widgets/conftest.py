"""A small real Voilà for the widgets: one notebook per test module, one kernel per page."""

import json
import os
import socket
import subprocess
import sys
import textwrap
import time
from itertools import product
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What changes its colour slowly has changed it.
FADED = """Promise.allSettled(
    document.getAnimations().filter((each) => each instanceof CSSTransition)
        .map((each) => each.finished)
)"""
CHROMIUM = Path("/usr/bin/chromium")
EXTENSIONS = [
    "@voila-dashboards/widgets-manager8",
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
]
# The look of the app, and one line in which Python says what it has heard.
OPENING = """
    import json
    from pathlib import Path
    import anywidget
    from IPython.display import display
    from ipywidgets import Button, Label, Text, VBox
    import workbook.ui

    LOOK = Path(workbook.ui.__file__).parent / "look"

    class Look(anywidget.AnyWidget):
        _esm = "export default { render() { document.documentElement.lang = 'en'; } };"
        _css = "".join(
            (LOOK / name).read_text() for name in ("tokens.css", "forms.css")
        ) + '''
        html, body, #rendered_cells { background: var(--at-paper) !important; }
        body {
            margin: 0; padding: 1.25rem !important; color: var(--at-ink);
            font: var(--at-base)/var(--at-leading) var(--at-sans);
        }
        .jp-Notebook, .jp-Cell, .jp-OutputArea, .jp-OutputArea-output {
            padding: 0 !important; margin: 0 !important;
            overflow: visible !important; background: none !important;
        }
        .jp-OutputPrompt { display: none !important; }
        .jp-OutputArea-output.jp-mod-widget { max-inline-size: var(--at-measure); }
        '''

    def heard():
        line = Label("[]")
        line.add_class("heard")
        def hear(what):
            line.value = json.dumps([*json.loads(line.value), what])
        return line, hear

    display(Look())
"""


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "headless": True,
        "args": ["--no-sandbox"],
        **({"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}),
    }


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """A folder of notebooks and the address under which Voilà shows them."""
    folder = tmp_path_factory.mktemp("shelf")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [
            sys.executable, "-m", "voila", str(folder),
            "--no-browser", f"--port={port}", "--port_retries=0", "--Voila.ip=127.0.0.1",
            f"--VoilaConfiguration.extension_allowlist={json.dumps(EXTENSIONS)}",
            f"--Voila.connection_dir_root={tmp_path_factory.mktemp('run')}",
            # The kernel of a page that is closed ends; by itself it would stay until the last test.
            "--MappingKernelManager.cull_idle_timeout=10", "--MappingKernelManager.cull_interval=5",
        ],
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "JUPYTER_PREFER_ENV_PATH": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        address = next(
            line.split()[-1] for line in server.stderr if line.strip().startswith("http://")
        )
        yield folder, address.rstrip("/")
        server.terminate()
        server.stderr.read()


@pytest.fixture
def opened(shelf, page):
    """Open a page with these lines of Python behind it; outside addresses are refused."""
    folder, address = shelf

    def open_(name, source):
        code = textwrap.dedent(OPENING) + textwrap.dedent(source)
        nb = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(code)],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(nb, folder / f"{name}.ipynb")
        page.route(lambda url: not url.startswith((address, "data:", "blob:")), lambda r: r.abort())
        page.goto(f"{address}/voila/render/{name}.ipynb")
        return page

    return open_


@pytest.fixture
def heard(page):
    """What Python heard so far, and waiting until it satisfies a condition."""

    def wait(condition, seconds=10):
        line = page.locator(".heard")
        until = time.monotonic() + seconds
        while True:
            said = json.loads(line.inner_text())
            if condition(said):
                return said
            assert time.monotonic() < until, f"Python heard only {said}"
            page.wait_for_timeout(50)

    return wait


WIDTHS = (320, 390, 1280)
"""CSS pixels; 320 are also what a window of 1280 is at 400 %."""


@pytest.fixture(
    params=[
        pytest.param(((320, "light"), (1280, "dark")), id="axe"),
        pytest.param(
            tuple(product(WIDTHS, ("light", "dark"))), id="axe-all", marks=pytest.mark.long
        ),
    ]
)
def axe(request, page):
    """Violations axe finds inside a selector: in two screens, or at night in all six."""

    def run(selector):
        before, found = page.viewport_size, []
        page.locator(selector).first.wait_for(state="attached")
        for width, scheme in request.param:
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            page.evaluate(FADED)
            for each in Axe().run(page, context=selector, options=RULES).response["violations"]:
                where = [node["html"][:160] for node in each["nodes"]]
                found.append((each["id"], width, scheme, where))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(("sideways", width, []))
        page.set_viewport_size(before)
        page.emulate_media(color_scheme="light")
        return found

    return run
