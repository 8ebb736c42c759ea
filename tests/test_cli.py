"""The real ``workbook`` command, in a process of its own: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from workbook import answers_json
from workbook.content.tables import load_tables
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import AgreementEvent, AgreementKind, ConsentAnswers
from workbook.domain.evening import StillTrue
from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.serve import lan
from workbook.store import answers, consent, evenings, vault
from workbook.store.keyring import Cost

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
EVENING = EXAMPLES / "evening.json"
CHEAP = Cost(ops=1, mem=8 * 1024 * 1024)
PEOPLE = People(
    Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE),
    Person(Seat.B, "Robin", Colour.SAGE, Shape.SQUARE),
)
WORDS = {Seat.A: "four plain words here", Seat.B: "and some others there"}
FEET = AreaAnswers({"feet.left": AreaMark.OPEN})
MEMORY = 1_000 * 1024 * 1024
"""More address space than any command needs, and less than 100 MB read and decoded would."""

HEAVY = {"ipywidgets", "anywidget", "traitlets", "sqlalchemy", "sqlcipher3", "nacl", "tornado"}


def _entry_point() -> str:
    found = shutil.which("workbook", path=Path(sys.executable).parent)
    assert found, "the entry point is not installed"
    return found


def run(
    *args: object, stdin: str | None = None, file: object = subprocess.DEVNULL, **options: object
) -> subprocess.CompletedProcess:
    wanted = {"input": stdin} if stdin is not None else {"stdin": file}
    return subprocess.run(
        [_entry_point(), *map(str, args)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        **wanted | options,
    )


def refused(ended: subprocess.CompletedProcess, *names: str) -> None:
    """It ended with 2 and one line for a reader, which names what is wrong."""
    assert ended.returncode == 2, ended
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert ended.stderr.endswith(".\n")
    assert "Traceback" not in ended.stderr
    for name in names:
        assert name in ended.stderr


def evening(**changes: object) -> dict:
    return json.loads(EVENING.read_text("utf-8")) | changes


def planned(question: object) -> subprocess.CompletedProcess:
    return run("plan", "-", stdin=json.dumps(question))


# plan: what it says


def test_an_evening_without_worries_has_a_plan_of_twenty_minutes():
    ended = run("plan", EVENING)

    said = json.loads(ended.stdout)
    plan = said["turns"][0]["plan"]
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {who: p["rows"] for who, p in said["people"].items()} == {"A": [], "B": []}
    assert (plan["position"], plan["product"], plan["minutes"]) == ("prone", "O-01", 20)
    assert 10 <= len(plan["steps"]) <= 12
    assert sum(step["seconds"] for step in plan["steps"]) == 20 * 60
    assert all(step["says"] for step in plan["steps"])


def test_changed_answers_change_the_plan():
    ended = run("plan", EXAMPLES / "changed.json")

    said = json.loads(ended.stdout)
    turn = said["turns"][0]
    levels, plan = turn["limits"]["levels"], turn["plan"]
    assert ended.returncode == 0
    assert said["people"]["B"]["rows"] == ["H-14", "H-16"]
    assert said["people"]["B"]["needs"] == []  # a professional agreed, and that day counts
    assert max(levels.values()) == 2  # blood thinners, agreed or not
    assert max(levels["mid_back.left"], levels["mid_back.right"]) == 1  # "a bit less" last time
    assert not {"nape", "feet.left", "feet.right", "calves.left"} & set(levels)
    assert "prone" not in turn["limits"]["positions"]
    assert [offer["product"] for offer in turn["offers"]] == ["O-01", "O-18"]
    assert plan["product"] == "O-18"  # almond was asked for, and the giver's allergy closes it
    assert plan["steps"]
    assert all(levels[part] >= s["level"] for s in plan["steps"] for part in s["parts"])


def test_without_the_professionals_word_there_is_no_plan():
    question = json.loads((EXAMPLES / "changed.json").read_text("utf-8"))
    del question["people"]["B"]["health"]["clearances"]

    said = json.loads(planned(question).stdout)

    assert said["people"]["B"]["needs"] == ["H-16"]
    assert said["turns"][0]["plan"]["steps"] == []


def test_the_same_answers_print_the_same_words_in_every_process():
    said = [
        run("plan", EVENING, env=os.environ | {"PYTHONHASHSEED": seed}).stdout for seed in "123"
    ]

    assert said[0] == said[1] == said[2] != ""


def test_the_schema_in_docs_is_the_one_that_is_printed():
    ended = run("plan", "--schema")

    assert ended.returncode == 0
    assert ended.stdout == (ROOT / "docs" / "evening.schema.json").read_text("utf-8")


# plan: what it refuses


def test_a_file_that_is_no_json_is_refused():
    refused(run("plan", "-", stdin='{"now": '), "The file")
    refused(run("plan", "-", stdin=""), "The file")
    refused(run("plan", "-", stdin="[" * 100_000), "The file")
    refused(run("plan", "-", stdin="[]"), "The file")


@pytest.mark.parametrize("name", ["now", "people", "turns"])
def test_a_missing_field_is_named(name):
    question = evening()
    del question[name]

    refused(planned(question), name)


def test_a_person_who_is_missing_is_named():
    refused(planned(evening(people={"A": {}})), "people", "A and B")


WRONG = {
    "an unknown area": (("people", "B", "limits", "receiving", "elbow"), "open", "elbow"),
    "a part of no area": (("people", "B", "limits", "receiving", "nape.left"), "open", "nape.left"),
    "a pressure of 9": (("people", "B", "pressure", "overall"), 9, "people.B.pressure.overall"),
    "a misspelt topic": (("people", "A", "heatlh"), {}, "people.A.heatlh"),
    "a misspelt field": (("people", "A", "health", "tickd"), {}, "people.A.health.tickd"),
    "a misspelt clearance": (
        ("people", "B", "health", "clearances"),
        [{"rule": "H-16", "on": "2026-11-10", "clsoed": ["nape"]}],
        "people.B.health.clearances[0].clsoed",
    ),
    "a misspelt turn": (("turns", 0, "for_hwom"), "for_me", "turns[0].for_hwom"),
    "a wrong type": (("people", "A", "time", "minutes_giving"), "long", "time.minutes_giving"),
    "a person who is a list": (("people", "A"), [], "people.A"),
    "ninety minutes": (("people", "A", "time", "minutes_giving"), 90, "people.A.time.minutes"),
    "a turn of ninety minutes": (("turns", 0, "minutes"), 90, "turns[0].minutes"),
    "no turn": (("turns",), [], "turns"),
    "a turn without a giver": (("turns",), [{"minutes": 10}], "giver"),
    "an unknown product": (("turns", 0, "product"), "O-99", "turns[0].product"),
    "an unknown statement": (("people", "B", "health", "ticked"), {"x": {}}, "health.ticked"),
    "an unknown rule": (
        ("people", "B", "health", "clearances"),
        [{"rule": "H-99", "on": "2026-11-10"}],
        "clearances[0].rule",
    ),
    "an unknown allergy": (("people", "A", "oils", "allergies"), ["moon"], "oils.allergies"),
    "an unknown wish": (("people", "A", "wishes", "wished"), ["moon"], "wishes.wished"),
    "no date": (("now",), "tomorrow", "now"),
    "the end of the calendar": (("now",), "9999-12-31T23:59:00", "now"),
    "a patch test in a far year": (
        ("people", "A", "oils", "tests", "O-01", "started"),
        "9999-12-31T20:00:00",
        "people.A.oils.tests.O-01.started",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named(case):
    path, value, name = WRONG[case]
    question = evening()
    place = question
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    refused(planned(question), name)


def _little_memory() -> None:
    import resource  # noqa: PLC0415 - Windows has none

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.skipif(os.name != "posix", reason="sets a limit on memory")
def test_a_hundred_megabytes_are_refused_without_reading_them(tmp_path):
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(100_000_000)

    refused(run("plan", large, preexec_fn=_little_memory), "large.json", "1,000,000 bytes")
    with large.open("rb") as stream:
        ended = run("plan", "-", file=stream, preexec_fn=_little_memory)
    refused(ended, "Standard input", "1,000,000 bytes")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs an endless file")
def test_an_endless_file_is_refused():
    refused(run("plan", "/dev/zero"), "/dev/zero")


def test_a_file_that_is_not_there_is_named(tmp_path):
    refused(run("plan", tmp_path / "none.json"), "none.json")


def test_a_folder_is_no_file(tmp_path):
    refused(run("plan", tmp_path), str(tmp_path))


def test_plan_without_a_file_says_what_it_needs():
    refused(run("plan"), "FILE")


# check


@pytest.fixture
def chapters(tmp_path) -> Path:
    return shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")


def _change(chapter: Path, change) -> None:
    notebook = nbformat.read(chapter, as_version=4)
    change(notebook)
    nbformat.write(notebook, chapter)


def test_the_chapters_and_tables_of_this_book_are_well(chapters):
    assert run("check").returncode == 0
    assert "11 chapters" in run("check", "--chapters", chapters).stdout


def test_a_form_that_no_chapter_holds_is_named(chapters):
    def forget(notebook):
        notebook.cells = [c for c in notebook.cells if c.source != 'book.form("coverage")']

    _change(chapters / "03-limits.ipynb", forget)

    refused(run("check", "--chapters", chapters), "coverage")


def test_a_form_that_does_not_exist_is_named(chapters):
    def invent(notebook):
        notebook.cells.append(new_code_cell('book.form("horoscope")'))

    _change(chapters / "09-journal.ipynb", invent)

    refused(run("check", "--chapters", chapters), "horoscope")


def test_a_chapter_without_a_heading_is_named(chapters):
    def behead(notebook):
        notebook.cells[0] = new_markdown_cell("No title here.")

    _change(chapters / "10-help.ipynb", behead)

    refused(run("check", "--chapters", chapters), "10-help.ipynb", "heading")
    refused(
        run("start", "--no-browser", "--port", "0", env=_chapters_at(chapters)), "10-help.ipynb"
    )


def _chapters_at(chapters: Path) -> dict[str, str]:
    """An environment in which the book's own chapters are these."""
    (chapters.parent / "sitecustomize.py").write_text(
        f"from pathlib import Path\nimport workbook.cli.start\n"
        f"workbook.cli.start.chapters_folder = lambda: Path({str(chapters)!r})\n"
    )
    return os.environ | {"PYTHONPATH": str(chapters.parent)}


def test_a_code_cell_with_more_than_a_form_is_named_with_its_place(chapters):
    def compute(notebook):
        notebook.cells.append(new_code_cell("1 + 1"))

    _change(chapters / "10-help.ipynb", compute)

    refused(run("check", "--chapters", chapters), "10-help.ipynb, cell ")


def test_everything_that_is_wrong_is_said_a_line_each(tmp_path):
    """In a copy of the whole book, since only there a safety row may be altered."""
    skip = shutil.ignore_patterns("__pycache__")
    for part in ("workbook", "notebooks"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=skip)
    rows = tmp_path / "workbook" / "content" / "health.toml"
    rows.write_text(rows.read_text("utf-8").replace("celsius = 38.0", "celsius = 39.0"), "utf-8")

    def forget(notebook):
        notebook.cells = [c for c in notebook.cells if c.source != 'book.form("aftercare")']
        notebook.cells[0].metadata["workbook"]["facts"] = ["A-999"]

    _change(tmp_path / "notebooks" / "06-setting.ipynb", forget)

    ended = subprocess.run(
        [sys.executable, "-m", "workbook.cli", "check"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2, ended
    assert "Traceback" not in ended.stderr
    said = ended.stderr.splitlines()
    assert "aftercare: no chapter holds this form." in said
    assert "setting: setting-title names A-999, and there is no such fact." in said
    assert any(line.startswith("The safety row H-01 is not as it was reviewed.") for line in said)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("myths.toml", 'id = "Y-02"', 'id = "Y-01"', "this id stands twice"),
        ("prompts.toml", 'moment = "plan"', "", "moment"),
        ("en/myths.toml", 'said = "The less', 'sayd = "The less', "myths.Y-03.said: there are no"),
        ("gates.toml", 'forms = ["oils"]', 'forms = ["oilz"]', "no form is called oilz"),
    ],
)
def test_a_broken_table_is_a_sentence_and_never_a_traceback(tmp_path, file, old, new, says):
    shutil.copytree(
        ROOT / "workbook", tmp_path / "workbook", ignore=shutil.ignore_patterns("__pycache__")
    )
    path = tmp_path / "workbook" / "content" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "workbook.cli", "check", "--chapters", str(ROOT / "notebooks")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2, ended
    assert "Traceback" not in ended.stderr
    assert says in ended.stderr


def test_a_place_to_turn_to_may_be_added_without_a_word(tmp_path):
    shutil.copytree(
        ROOT / "workbook", tmp_path / "workbook", ignore=shutil.ignore_patterns("__pycache__")
    )
    with (tmp_path / "workbook" / "content" / "resources.toml").open("a", encoding="utf-8") as file:
        file.write('[[place]]\nname = "A line"\nhelp = ["W-12"]\nphone = "0800 1"\n')

    ended = subprocess.run(
        [sys.executable, "-m", "workbook.cli", "check", "--chapters", str(ROOT / "notebooks")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_folder_without_chapters_is_refused(tmp_path):
    refused(run("check", "--chapters", tmp_path), "no chapter")
    refused(run("check", "--chapters", tmp_path / "none"), "no chapter")


# erase


@pytest.fixture
def folder(tmp_path) -> Path:
    vault.create(tmp_path / "vault", PEOPLE, WORDS, cost=CHEAP)
    return tmp_path / "vault"


def test_where_there_is_no_vault_nothing_is_erased(tmp_path):
    refused(run("erase", "--yes", "--data", tmp_path), str(tmp_path))


@pytest.mark.parametrize("word", ["no\n", "yes\n", "\n", ""])
def test_anything_but_the_word_itself_erases_nothing(folder, word):
    before = {path: path.read_bytes() for path in folder.iterdir()}

    ended = run("erase", "--data", folder, stdin=word)

    assert ended.returncode == 2
    assert ended.stderr.endswith("Nothing was changed.\n")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(("options", "word"), [(["--yes"], ""), ([], "erase\n")])
def test_an_erased_vault_leaves_no_file(folder, options, word):
    assert vault.exists(folder)
    lan.ensure_certificate(folder, "192.168.178.20")

    ended = run("erase", "--data", folder, *options, stdin=word)

    assert ended.returncode == 0
    assert "Erased" in ended.stdout
    assert not vault.exists(folder)
    assert [p.name for p in folder.iterdir() if re.search("vault|keyring|lan", p.name)] == []


def test_erasing_takes_the_backups_along(folder):
    assert run("backup", "--data", folder, stdin=WORDS[Seat.A]).returncode == 0

    run("erase", "--yes", "--data", folder)

    assert not list(folder.iterdir())


# backup, restore


def _saved(folder: Path, seat: Seat, kind: type) -> object:
    with vault.unlock(folder, WORDS[seat]) as lane:
        found = answers.read_answer(lane, kind)
        return found and found.value


def test_a_backup_that_is_made_can_be_restored(folder, tmp_path):
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        answers.write_answer(lane, FEET)
    made = run("backup", tmp_path / "usb", "--data", folder, stdin=WORDS[Seat.B] + "\n")
    (folder / "vault.db").write_bytes(b"")

    ended = run("restore", "latest", "--data", folder)

    assert (made.returncode, made.stderr) == (0, "")
    (away,) = (tmp_path / "usb").iterdir()
    assert made.stdout == f"Backed up to {away}\n"
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Restored from" in ended.stdout
    assert next((folder / "backups").glob("*.aside/vault.db")).read_bytes() == b""
    assert _saved(folder, Seat.A, AreaAnswers) == FEET

    again = run("restore", away, "--data", tmp_path / "new computer")

    assert again.returncode == 0
    assert _saved(tmp_path / "new computer", Seat.A, AreaAnswers) == FEET


@pytest.mark.parametrize("command", ["backup", "export"])
def test_the_record_of_agreements_is_looked_at(folder, tmp_path, command):
    said = AgreementEvent(AgreementKind.AFFIRMED, Seat.A, "hash", date(2026, 5, 3))
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        consent.append(lane, evenings.begin_evening(lane, said.on, lane.now()), said)
        (kept,) = consent.lines(lane)
    ask = (command, tmp_path, "--data", folder)
    secrets = f"{WORDS[Seat.A]}\n" + "thistle copper sail\n" * 2

    whole = run(*ask, stdin=secrets)
    with vault.unlock(folder, WORDS[Seat.A]) as lane, lane.writing() as db:
        db.exec_driver_sql("DROP TRIGGER consent_keep_update")
        db.exec_driver_sql("UPDATE consent SET signature = zeroblob(64)")
    changed = run(*ask, stdin=secrets)

    assert whole.returncode == changed.returncode == 0
    assert whole.stdout.endswith(f"as it was written. The code of its last line is {kept.mark}.\n")
    assert "not as it was written" in changed.stderr
    assert kept.mark not in changed.stdout


def test_a_wrong_passphrase_makes_no_backup(folder):
    refused(run("backup", "--data", folder, stdin="not this one\n"), "Nothing opens")
    refused(run("backup", "--data", folder / "none", stdin="x"), "no vault")

    assert not (folder / "backups").exists()


def test_what_cannot_be_restored_is_one_sentence_and_nothing_changes(folder):
    before = {path: path.read_bytes() for path in folder.iterdir()}

    refused(run("restore", "latest", "--data", folder), "no backup")
    refused(run("restore", folder / "vault.db", "--data", folder), "no backup")
    refused(run("restore", folder / "none", "--data", folder))
    refused(run("restore"))

    assert {path: path.read_bytes() for path in folder.iterdir()} == before


# export, import


def _typed(*secrets: str) -> str:
    return "".join(f"{each}\n" for each in secrets)


def test_what_is_exported_can_be_imported(folder, tmp_path):
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        answers.write_answer(lane, FEET)
    words = "a passphrase for the file"
    ended = run("export", tmp_path / "mine", "--data", folder,
                stdin=_typed(WORDS[Seat.A], words, words))  # fmt: skip
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        answers.write_answer(lane, AreaAnswers(), expected_version=1)
    back = run("import", tmp_path / "mine", "--data", folder, stdin=_typed(WORDS[Seat.A], words))

    assert ended.returncode == 0
    assert ended.stdout == f"Exported to {tmp_path / 'mine'}\n"
    assert "Whoever has this file and its passphrase" in ended.stderr
    assert (back.returncode, back.stderr) == (0, "")
    assert back.stdout == "1 of your answers are in the book now.\n"
    assert _saved(folder, Seat.A, AreaAnswers) == FEET
    assert len(list((folder / "backups").glob("*.backup"))) == 1


def test_two_passphrases_that_differ_write_no_file(folder, tmp_path):
    typed = _typed(WORDS[Seat.A], "a passphrase for the file", "another passphrase for it")

    refused(run("export", tmp_path / "mine", "--data", folder, stdin=typed), "differ")
    assert not (tmp_path / "mine").exists()


def test_what_cannot_be_imported_is_one_sentence_and_nothing_changes(folder, tmp_path):
    hashes = {path: path.read_bytes() for path in folder.iterdir()}
    wrong = {
        "none": None,
        "empty": b"",
        "nan": EVENING.read_bytes().replace(b"20", b"NaN", 1),
        "twice": b'{"now": 1, ' + EVENING.read_bytes().strip()[1:],
        "unknown": json.dumps(evening(more=1)).encode(),
        "deep": b"[" * 100_000,
        "large": b" " * 1_000_001 + EVENING.read_bytes(),
        "newer": b'{"format": "attune-export", "version": 2}\n',
        "cut": b'{"format": "attune-export", "version": 1}\n',
        "database": (folder / "vault.db").read_bytes(),
    }
    for name, body in wrong.items():
        if body is not None:
            (tmp_path / name).write_bytes(body)

        ended = run("import", tmp_path / name, "--data", folder, stdin=_typed(WORDS[Seat.A], "x"))

        refused(ended)
    assert {path: path.read_bytes() for path in folder.iterdir()} == hashes


@pytest.mark.parametrize(("today", "seat"), [(True, Seat.A), (False, Seat.B)])
def test_paper_fills_the_answers_of_whoever_unlocks(folder, tmp_path, today, seat):
    now = datetime.now() if today else datetime(2026, 1, 2, 20)
    question = evening(now=now.isoformat(timespec="seconds"))
    (tmp_path / "paper.json").write_text(json.dumps(question), "utf-8")

    ended = run("import", tmp_path / "paper.json", "--data", folder, stdin=_typed(WORDS[seat]))

    assert (ended.returncode, ended.stderr) == (0, "")
    said = answers_json.parse_question(json.dumps(question).encode(), load_tables()).people[seat]
    assert _saved(folder, seat, AreaAnswers) == said.limits
    assert _saved(folder, seat, AreaAnswers).receiving or _saved(folder, seat, AreaAnswers).giving
    assert _saved(folder, seat.other, AreaAnswers) is None
    with vault.unlock(folder, WORDS[seat]) as lane:
        running = evenings.current_evening(lane, lane.now())
        yes = answers.read_answer(lane, ConsentAnswers, running.id)
        still = answers.read_answer(lane, StillTrue, running.id).value.topics
    assert (yes is not None) is today  # a yes on paper of another day is none tonight
    assert "limits" in still


# start


@pytest.mark.parametrize("name", ["OneDrive - Ours", "Dropbox"])
def test_a_folder_that_is_synced_is_said_at_the_start(tmp_path, name):
    data = tmp_path / name / "notes"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("start", "--no-browser", "--port", port, "--data", data)
        quiet = run("start", "--no-browser", "--port", port, "--data", tmp_path / "notes")

    assert name.split()[0] in ended.stderr.splitlines()[0]
    assert "--data" in ended.stderr.splitlines()[0]
    refused(quiet, port)


def test_a_busy_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        refused(run("start", "--no-browser", "--port", port), port)


@pytest.mark.parametrize("port", ["65536", "-1", "soon"])
def test_a_port_that_is_none_is_refused(port):
    refused(run("start", "--no-browser", "--port", port), "--port", port)


@pytest.mark.parametrize(
    "options",
    [("--most", "1"), ("--most", "many"), ("--ready", "0"), ("--most", "5", "--ready", "5")],
)
def test_a_number_of_pages_that_makes_no_sense_is_one_sentence(options, tmp_path):
    refused(run("start", "--no-browser", "--data", tmp_path, *options), options[0])


def test_a_demo_is_kept_nowhere(tmp_path):
    refused(run("start", "--demo", "--no-browser", "--data", tmp_path), "--demo", "--data")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no polite kill")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_demo_says_where_it_is_and_leaves_nothing_behind(tmp_path, number):
    command = [_entry_point(), "start", "--demo", "--no-browser", "--port", "0"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}

    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline()
        while_open = {path.name.rpartition("-")[0] for path in tmp_path.iterdir()}
        server.send_signal(number)
        rest = server.stdout.read()

    assert re.fullmatch(r"Open http://127\.0\.0\.1:\d+/pair#[0-9A-Z-]{34}\n", line)
    assert while_open >= {"evening-notes", "attune-run"}
    assert (rest, server.returncode) == ("", 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="Windows has no polite kill")
def test_a_demo_that_is_ended_while_it_is_made_leaves_nothing_behind(tmp_path):
    command = [_entry_point(), "start", "--demo", "--no-browser", "--port", "0"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}

    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        while not any(tmp_path.glob("evening-notes-*/*")) and server.poll() is None:
            pass
        server.terminate()
        said = server.stderr.read()

    assert server.returncode == 130
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


# The shell as a whole


def test_what_the_shell_does_not_know_is_one_sentence():
    refused(run("strat"), "strat")
    refused(run("start", "--prot", "1"), "--prot")


def test_without_a_command_the_shell_lists_its_commands():
    ended = run()

    assert ended.returncode == 2
    assert "start" in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    "command", ["start", "plan", "check", "backup", "restore", "export", "import", "erase"]
)
def test_every_command_explains_itself(command):
    whole = run("--help").stdout

    ended = run(command, "--help")

    assert ended.returncode == 0
    assert ended.stderr == ""
    assert f"  {command} " in whole
    assert "..." not in whole.partition("Commands:")[2]  # no sentence is cut short
    assert "<=x<=" not in ended.stdout


def test_plan_loads_no_widget_and_no_database():
    code = (
        "import sys, workbook.cli\n"
        "try: workbook.cli.main(['plan', sys.argv[1]])\n"
        "except SystemExit as end: assert not end.code\n"
        f"print(sorted({HEAVY} & set(sys.modules)), file=sys.stderr)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", code, str(EVENING)], capture_output=True, text=True, check=True
    )

    assert ended.stdout.startswith("{")
    assert ended.stderr == "[]\n"


def test_the_rules_load_no_widget_no_database_and_no_decoder():
    code = (
        "import pkgutil, sys, workbook.rules\n"
        "for each in pkgutil.iter_modules(workbook.rules.__path__, 'workbook.rules.'):\n"
        "    __import__(each.name)\n"
        f"print(sorted({HEAVY | {'msgspec', 'click'}} & set(sys.modules)))"
    )

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout == "[]\n"
