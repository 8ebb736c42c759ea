"""The form in marimo: ``marimo run app.py``."""

import marimo

app = marimo.App()


@app.cell
def text():
    from pathlib import Path  # noqa: PLC0415  (marimo's cells import for themselves)

    import marimo as mo  # noqa: PLC0415

    mo.md((Path(mo.notebook_dir()).parent / "form.txt").read_text("utf-8").strip())
    return (mo,)


@app.cell
def form(mo):
    save = mo.ui.button(value=0, on_click=lambda presses: presses + 1, label="Save")
    mo.vstack(
        [
            *(mo.ui.slider(0, 10, value=5, label=f"Place {number}") for number in range(1, 21)),
            mo.ui.text_area(label="Notes"),
            mo.ui.dropdown(["slow", "medium", "brisk"], value="slow", label="Pace"),
            save,
        ]
    )
    return (save,)


@app.cell
def answer(mo, save):
    mo.md(f"Saved, press {save.value}." if save.value else "")


if __name__ == "__main__":
    app.run()
