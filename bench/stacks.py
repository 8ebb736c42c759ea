"""Who is measured: how each stack is started and what its page looks like when it is ready."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).parent
PEERS = HERE / "peers"
SLIDERS = HERE / "sliders.ipynb"
OPEN = r"^Open (http://\S+)$"
"""What the book prints when it can be read."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What a page shows: CSS selectors, which also reach into shadow roots."""

    text: str = "Warm your hands first"
    """A regular expression for the text above the form, in one piece in the page."""
    widgets: str = "input[type=range]"
    """Every slider once, and nothing else."""
    count: int = 20
    button: str = "button"
    label: str = "Save"
    """A regular expression for what the button says."""
    answer: str = ""
    """What is seen once the press is answered; "" stands for "Saved, press 1."."""
    again: int = 100
    """Milliseconds between presses until the first answer."""
    alive: str = ""
    """An event of the document that says the server answered, if the page has one."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One server and its page."""

    name: str
    title: str
    command: str
    """``{python}``, ``{port}``, ``{app}``, ``{notebook}`` and ``{data}`` are filled in."""
    looks: Looks = field(default_factory=Looks)
    path: str = "/"
    peer: str = ""
    """Folder below ``peers`` with the application and its requirements; "" is our own."""
    package: str = ""
    """Whose version is written down."""
    says: str = ""
    """A regular expression for the line that names the address; "" asks over HTTP instead."""
    form: bool = True
    """Whether it shows the form with 20 sliders, so that it can be compared with the limit."""


_VOILA = "{python} -m voila {notebook} --no-browser --port={port}"
_START = "{python} -m workbook.cli start --no-browser --port 0 --most 60"
_NOUI = Looks(widgets=".noUi-target")
_COVER = Looks(
    text="A workbook for two",
    widgets="[data-form=cover] button",
    count=1,
    button="[data-form=cover] button",
    label="^Set up",
    answer="[data-form=cover] input",
    alive="at-alive",
)

STACKS = (
    Stack("limit", "bare page, websocket", "{python} -m bench.limit {port}"),
    Stack("ours", "Attune", f"{_START} --notebook {{notebook}} --data {{data}}", _NOUI, says=OPEN),
    Stack("voila", "stock Voilà", _VOILA, _NOUI, package="voila"),
    Stack(
        "voila-preheated",
        "stock Voilà, preheated",
        f"{_VOILA} --preheat_kernel=True --pool_size=2",
        _NOUI,
        package="voila",
    ),
    Stack(
        "nicegui",
        "NiceGUI",
        "{python} {app} {port}",
        Looks(widgets=".q-slider"),
        peer="nicegui",
        package="nicegui",
    ),
    Stack(
        "panel",
        "Panel",
        "{python} -m panel serve {app} --port {port} --address 127.0.0.1"
        " --allow-websocket-origin 127.0.0.1:{port}",
        _NOUI,
        path="/app",
        peer="panel",
        package="panel",
    ),
    Stack(
        "streamlit",
        "Streamlit",
        "{python} -m streamlit run {app} --server.port={port} --server.address=127.0.0.1"
        " --server.headless=true --server.fileWatcherType=none --browser.gatherUsageStats=false",
        # Each press starts its script anew and drops the run before.
        Looks(widgets="[data-testid=stSlider]", again=1000),
        peer="streamlit",
        package="streamlit",
    ),
    Stack(
        "marimo",
        "marimo",
        "{python} -m marimo -q run {app} --port {port} --host 127.0.0.1 --headless",
        Looks(widgets="[role=slider]"),
        peer="marimo",
        package="marimo",
    ),
    Stack(
        "solara",
        "Solara",
        "{python} -m solara run {app} --port {port} --host 127.0.0.1 --no-open --production",
        Looks(widgets=".v-slider"),
        peer="solara",
        package="solara",
    ),
    Stack(
        "workbook",
        "Attune, the whole workbook",
        f"{_START} --data {{data}}",
        _COVER,
        says=OPEN,
        form=False,
    ),
    Stack(
        "demo",
        "Attune, the whole workbook as a demo",
        f"{_START} --demo",
        replace(_COVER, label="^Open", answer="#at-seat"),
        says=OPEN,
        form=False,
    ),
)
"""In the order in which they take turns."""

BY_NAME = {stack.name: stack for stack in STACKS}
LINKS, CHAPTER = "[data-at-link]", "[data-chapter]:not([hidden])"
"""The workbook's list of chapters, and the chapter that is shown."""
