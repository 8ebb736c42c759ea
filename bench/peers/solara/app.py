"""The form in Solara: ``solara run app.py``."""

from pathlib import Path

import solara

TEXT = (Path(__file__).parents[1] / "form.txt").read_text("utf-8").strip()


@solara.component
def Page() -> None:  # noqa: N802  (Solara looks for this name)
    presses, set_presses = solara.use_state(0)

    solara.Title("Form")
    solara.Text(TEXT)
    for number in range(1, 21):
        solara.SliderInt(f"Place {number}", value=5, min=0, max=10)
    solara.InputTextArea("Notes")
    solara.Select("Pace", value="slow", values=["slow", "medium", "brisk"])
    solara.Button("Save", on_click=lambda: set_presses(presses + 1))
    if presses:
        solara.Text(f"Saved, press {presses}.")
