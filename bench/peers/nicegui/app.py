"""The form in NiceGUI: ``python app.py PORT``."""

import sys
from pathlib import Path

from nicegui import ui

TEXT = (Path(__file__).parents[1] / "form.txt").read_text("utf-8").strip()


@ui.page("/")
def form() -> None:
    presses = 0

    def save() -> None:
        nonlocal presses
        presses += 1
        answer.set_text(f"Saved, press {presses}.")

    ui.label(TEXT)
    for number in range(1, 21):
        ui.label(f"Place {number}")
        ui.slider(min=0, max=10, value=5)
    ui.textarea("Notes")
    ui.select(["slow", "medium", "brisk"], value="slow", label="Pace")
    ui.button("Save", on_click=save)
    answer = ui.label()


ui.run(host="127.0.0.1", port=int(sys.argv[1]), title="Form", show=False, reload=False)
