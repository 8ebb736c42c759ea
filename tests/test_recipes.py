"""The recipe for a form in CONTRIBUTING.md, carried out on a copy of the package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.marks import long_after

ROOT = Path(__file__).parents[1]

VALUE = '''@dataclass(frozen=True, slots=True)
class MusicAnswers:
    """What this person would like to hear."""

    quiet: bool | None = None
    """Blank is no music."""


'''
FIELD = "    music: MusicAnswers = field(default_factory=MusicAnswers)\n"
FORM = '''"""What this person would like to hear."""

from __future__ import annotations

from workbook.domain.evening import MusicAnswers
from workbook.ui.form import FieldAnswers, QuestionForm
from workbook.ui.questions import one, options
from workbook.ui.widgets.questions import Question


class MusicForm(QuestionForm[MusicAnswers]):
    """One question: quiet music or none."""

    def questions(self, value: MusicAnswers) -> list[Question]:
        """Two answers, none of them chosen beforehand."""
        say = self._context.words
        labels = {"quiet": say("forms.music_quiet"), "none": say("forms.music_none")}
        return [one("music", say("forms.music_question"), options(labels, tuple(labels)))]

    def answers(self, value: MusicAnswers) -> FieldAnswers:
        """The value as the browser's answers."""
        return {"music": {None: None, True: "quiet", False: "none"}[value.quiet]}

    def read(self, answers: FieldAnswers) -> MusicAnswers:
        """The browser's answers as a value."""
        said = answers.get("music")
        return MusicAnswers(None if said is None else said == "quiet")
'''
WORDS = """
music_question = "What would you like to hear?"
music_quiet = "Quiet music"
music_none = "Nothing"
still_music = "Music"
missing_music = "what you would like to hear"
"""
ROW = """    Topic(
        name="music",
        answers=MusicAnswers,
        scope=Scope.STANDING,
        chapter="setting",
        is_required=True,
    ),
"""
CELL = {
    "cell_type": "code",
    "execution_count": None,
    "id": "music",
    "metadata": {},
    "outputs": [],
    "source": ['book.form("music")'],
}
EDITS = ("value", "field", "form", "words", "row", "cell")
"""``value`` and ``field`` are in one file; the others are one file each."""

TRY = """
import sys
from pathlib import Path

from workbook.app import Workbook
from workbook.domain.evening import MusicAnswers
from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.store import answers, vault
from workbook.store.keyring import Cost

folder, cost = Path(sys.argv[1]), Cost(ops=1, mem=8192)
people = People(
    Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE),
    Person(Seat.B, "Robin", Colour.SAGE, Shape.SQUARE),
)
secrets = {Seat.A: "four plain words here", Seat.B: "and some others there"}
vault.create(folder, people, secrets, cost=cost)


def opened():
    book = Workbook(folder, cost=cost)
    book.form("music")
    book.unlock(secrets[Seat.A])
    return book, book.form("music").children[0]


first, form = opened()
assert "music" in first.controller.view.ready.missing
form._question_group.answers = {"music": "quiet"}
with vault.unlock(folder, secrets[Seat.A]) as lane:
    assert answers.read_answer(lane, MusicAnswers).value == MusicAnswers(True)
assert "music" not in first.controller.view.ready.missing
second, other = opened()
assert other.value == MusicAnswers(True)
other._question_group.answers = {"music": "none"}
first.controller.catch_up()
assert form.value == MusicAnswers(False)
print("kept")
"""


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, f"{path.name} has no {old!r} any more"
    path.write_text(text.replace(old, new, 1), "utf-8")


def carry_out(folder: Path, edits: Iterable[str]) -> list[str]:
    """Make these edits in a copy of the package; return the files they touched."""
    evening, topics = (folder / "workbook" / "domain" / f"{n}.py" for n in ("evening", "topics"))
    form = folder / "workbook" / "ui" / "forms" / "music.py"
    words = folder / "workbook" / "content" / "en" / "forms.toml"
    chapter = folder / "notebooks" / "06-setting.ipynb"
    touched = []
    for edit in edits:
        match edit:
            case "value":
                answers = "@dataclass(frozen=True, slots=True)\nclass Answers:"
                replace_once(evening, answers, VALUE + answers)
                touched.append(evening)
            case "field":
                learned = "    learned: Settings"
                replace_once(evening, learned, FIELD + learned)
                touched.append(evening)
            case "form":
                form.write_text(FORM, "utf-8")
                touched.append(form)
            case "words":
                words.write_text(words.read_text("utf-8") + WORDS, "utf-8")
                touched.append(words)
            case "row":
                still = '    Topic(\n        name="still"'
                replace_once(topics, still, ROW + still)
                step = '    "aftercare": "after",\n'
                replace_once(topics, step, step + '    "music": "after",\n')
                replace_once(
                    topics, "    IntentionAnswers,\n", "    IntentionAnswers,\n    MusicAnswers,\n"
                )
                touched.append(topics)
            case "cell":
                notebook = json.loads(chapter.read_text("utf-8"))
                notebook["cells"].append(CELL)
                chapter.write_text(json.dumps(notebook), "utf-8")
                touched.append(chapter)
    return sorted({str(path.relative_to(folder)) for path in touched})


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its chapters, to be changed."""
    for name in ("workbook", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name)
    return tmp_path / "copy"


def run(folder: Path, *args: str) -> subprocess.CompletedProcess:
    """Run Python on the copy."""
    return subprocess.run(
        [sys.executable, *args],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_form_takes_five_files_and_its_answer_is_kept(copy, tmp_path):
    touched = carry_out(copy, EDITS)

    checked = run(copy, "-m", "workbook.cli", "check")
    tried = run(copy, "-c", TRY, str(tmp_path / "vault"))

    assert len(touched) == 5
    assert (checked.returncode, checked.stderr) == (0, "")
    assert tried.stdout == "kept\n", tried.stderr


@pytest.mark.parametrize(
    ("left_out", "said"),
    long_after(
        1,
        [
            ("field", "music: Answers in workbook/domain/evening.py has no field for this topic."),
            ("value", "MusicAnswers"),
            ("form", "music: there is no form class in workbook/ui/forms/music.py."),
            (
                "words",
                "forms.music_question: music.py asks for these words and content/en has none.",
            ),
            ("row", "music: a chapter asks for this form and there is none."),
            ("cell", "music: no chapter holds this form."),
        ],
    ),
)
def test_check_names_the_piece_that_is_left_out(copy, left_out, said):
    gone = {"value", "field"} if left_out == "value" else {left_out}
    carry_out(copy, [edit for edit in EDITS if edit not in gone])

    checked = run(copy, "-m", "workbook.cli", "check")

    assert checked.returncode != 0
    assert said in checked.stderr
