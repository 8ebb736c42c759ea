"""A chapter that was filled in and saved with its outputs keeps nobody's words."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from workbook.app.demo import DEMO_PASSPHRASES, fill_vault
from workbook.domain.seats import Seat

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
PLANTED = tuple(f"zzheron{letter}lilac" for letter in "abcdefghij")
FORMS = ("intentions", "signals", "room", "people", "debrief", "thanks", "next_day")


def write(name: str, *words: str) -> str:
    """A line that types into the text fields of a form."""
    typed = [f"'zzheron' + '{word[7]}' + 'lilac'" for word in words]
    return f"type_into({name!r}, {', '.join(typed)})"


TYPING = """
from ipywidgets import Text, Textarea
def inside(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)
def type_into(name, *words):
    fields = [w for w in inside(book.form(name)) if isinstance(w, (Text, Textarea))]
    assert len(fields) == len(words), (name, len(fields))
    for field, word in zip(fields, words):
        field.value = word
"""

AN_EVENING = """
from workbook.domain.session import Phase, Session, SessionEnd
from workbook.store import plans, sessions
from workbook.app.commands.tonight import ensure_evening
from workbook.store.evenings import list_evenings
vault = book.controller.vault
made = plans.latest_plan(vault, list_evenings(vault)[0].id)
tonight = ensure_evening(vault)
plans.save_plan(vault, tonight, made.hash, made.plan)
ended = sessions.SessionRecord(made.hash, Session(Phase.FINISHED), SessionEnd.FINISH)
_ = sessions.begin_session(vault, tonight, ended)
_ = book.controller.refresh()
"""
"""The quickest way to an evening that is over."""

GIVE_THANKS = """
say = book.controller.context.words("forms.thanks_give")
next(w for w in inside(book.form("thanks")) if getattr(w, "description", "") == say).click()
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A filled-in, saved notebook with all outputs, and the folder of the vault."""
    folder = tmp_path_factory.mktemp("lab")
    data = folder / "vault"
    fill_vault(data, date.today())
    notebook = nbformat.read(FOLDER / "03-limits.ipynb", as_version=4)
    code = nbformat.v4.new_code_cell
    notebook.cells += [
        code(f"book.unlock({DEMO_PASSPHRASES[Seat.A]!r})"),
        code(TYPING),
        *(code(f"book.form({name!r})") for name in FORMS),
        code(write("intentions", PLANTED[0])),
        code(write("signals", PLANTED[1])),
        code(write("room", PLANTED[2], PLANTED[3])),
        code(write("people", PLANTED[4])),
        code(write("next_day", PLANTED[5])),
        code(AN_EVENING),
        code(write("thanks", PLANTED[6])),
        code(write("debrief", PLANTED[7])),
        code(GIVE_THANKS),
        code(write("intentions", PLANTED[8])),
        code(write("next_day", PLANTED[9])),
        code("book"),
        code("[book.form(name) for name in ('intentions', 'signals', 'room', 'people')]"),
        code("book.form('intentions').children[0]"),
        code("book.form('people').children[0]"),
        code("book.controller.forms, book.controller.vault, book.controller.session"),
        code("len(book.controller.view.answers.intentions.expects)"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_DATA", str(data))
        patch.delenv("WORKBOOK_APP", raising=False)
        patch.delenv("WORKBOOK_DEMO", raising=False)
        NotebookClient(
            notebook, timeout=60, kernel_name="python3", store_widget_state=False
        ).execute()
    path = folder / "03-limits.ipynb"
    nbformat.write(notebook, path)
    shutil.copytree(data, folder / "copy")
    return path, data


def test_the_words_were_typed_and_saved(saved):
    path, _ = saved

    last = nbformat.read(path, as_version=4).cells[-1].outputs[-1]

    assert last.data["text/plain"] == str(len(PLANTED[0]))


def test_a_saved_chapter_holds_no_word_that_was_typed(saved):
    path, _ = saved
    text = path.read_text(encoding="utf-8")

    assert [word for word in PLANTED if word in text] == []


def test_a_saved_chapter_says_of_a_form_its_name_alone(saved):
    path, _ = saved
    shown = [
        out for cell in nbformat.read(path, as_version=4).cells for out in cell.get("outputs", ())
    ]

    texts = {out.data["text/plain"] for out in shown if "text/plain" in out.get("data", {})}

    assert "IntentionsForm()" in texts
    assert "Place()" in texts


def test_a_saved_chapter_holds_no_widget_state(saved):
    path, _ = saved

    assert "widgets" not in nbformat.read(path, as_version=4).metadata


def test_no_file_of_the_vault_holds_a_word_that_was_typed(saved):
    _, data = saved
    files = [path for path in data.rglob("*") if path.is_file()]

    assert any(path.stat().st_size > 10_000 for path in files)
    assert [p.name for p in files for word in PLANTED if word.encode() in p.read_bytes()] == []
