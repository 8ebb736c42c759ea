"""The form in Panel: ``panel serve app.py --port PORT``."""

from pathlib import Path

import panel as pn

TEXT = (Path(__file__).parents[1] / "form.txt").read_text("utf-8").strip()

pn.extension()
presses = 0
answer = pn.pane.Markdown()


def save(_event: object) -> None:
    global presses  # noqa: PLW0603  (the script runs once per page: this is the page's own)
    presses += 1
    answer.object = f"Saved, press {presses}."


pn.Column(
    pn.pane.Markdown(TEXT),
    *(pn.widgets.IntSlider(name=f"Place {n}", start=0, end=10, value=5) for n in range(1, 21)),
    pn.widgets.TextAreaInput(name="Notes"),
    pn.widgets.Select(name="Pace", options=["slow", "medium", "brisk"]),
    pn.widgets.Button(name="Save", on_click=save),
    answer,
).servable(title="Form")
