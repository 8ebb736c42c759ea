"""``workbook paper``: what it writes, and what it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import refused, run
from tests.paper.pdf import read, texts
from workbook.cli import main
from workbook.cli.paper import find_country, load_own, write_new
from workbook.content.guidance import load_resources
from workbook.content.words import load_words
from workbook.domain.errors import InvalidInput

WATCHED = """
import sys
def note(event, args):
    if event == "open":
        print("opened", args[0])
sys.addaudithook(note)
from workbook.cli import main
main({args!r})
"""


def watched(home: Path, *args: object) -> list[str]:
    """Run a command in a process that says each file it opens, with its vault at home."""
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED.format(args=[str(each) for each in args])],
        env={"HOME": str(home), "XDG_DATA_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def opened_under(place: Path, said: list[str]) -> list[str]:
    """The files that were opened in a folder, or under another name beside a file."""
    start = f"opened {place.parent}/"
    return [line for line in said if line.startswith(start) and place.name in line]


def test_sheets_are_written_and_what_is_there_already_stays(tmp_path):
    file = tmp_path / "sheets.pdf"
    ended = run("paper", file, "--size", "letter", "--country", "gb")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"Written to {file}\n"
    assert read(file.read_bytes()).pages[0].mediabox[2:] == [612, 792]
    assert [each.name for each in tmp_path.iterdir()] == ["sheets.pdf"]

    was = file.read_bytes()
    refused(run("paper", file), "sheets.pdf", "--replace")
    assert file.read_bytes() == was


def test_what_cannot_be_done_is_refused_in_a_sentence(tmp_path):
    refused(run("paper", tmp_path / "none" / "sheets.pdf"), "sheets.pdf", "no such file")
    refused(run("paper", tmp_path / "a.pdf", "--size", "a5"), "a5", "letter")
    assert list(tmp_path.iterdir()) == []


def test_a_country_is_one_of_the_table():
    resources = load_resources()

    assert find_country(resources, None) is None
    assert find_country(resources, "gb").id == "GB"
    with pytest.raises(InvalidInput, match=r"XX .* GB"):
        find_country(resources, "XX")


def test_only_a_file_is_replaced_and_a_link_stays(tmp_path):
    (tmp_path / "real.pdf").write_bytes(b"was")
    (tmp_path / "link.pdf").symlink_to("real.pdf")
    (tmp_path / "folder").mkdir()

    write_new(tmp_path / "link.pdf", b"is", replace=True)
    assert (tmp_path / "link.pdf").is_symlink()
    assert (tmp_path / "real.pdf").read_bytes() == b"is"
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(InvalidInput, match="no file"):
            write_new(tmp_path / name, b"", replace=True)
    with pytest.raises(InvalidInput, match="--replace"):
        write_new(tmp_path / "real.pdf", b"", replace=False)
    assert {each.name for each in tmp_path.iterdir()} == {"real.pdf", "link.pdf", "folder", "pipe"}


def test_no_vault_is_opened(tmp_path, folder):
    (tmp_path / "home").mkdir()
    vault = folder.rename(tmp_path / "home" / "evening-notes")
    ended = watched(tmp_path / "home", "paper", tmp_path / "a.pdf")

    assert opened_under(vault, ended) == []
    assert opened_under(tmp_path / "a.pdf", ended) != []  # the hook does see what is written


def test_a_kit_is_written_into_a_new_folder_and_holds_nothing_of_a_couple(tmp_path, folder):
    (tmp_path / "home").mkdir()
    vault = folder.rename(tmp_path / "home" / "evening-notes")
    made = tmp_path / "made"
    ended = watched(tmp_path / "home", "kit", made, "--country", "GB")
    printed = {path: path.read_bytes() for path in sorted(made.iterdir())}

    assert ended[-1].startswith(f"Written to {made}: 1-read-this-first.pdf, ")
    assert len(printed) == 10
    assert opened_under(vault, ended) == []
    assert opened_under(made / "1-read-this-first.pdf", ended) != []
    for content in printed.values():
        said = " ".join(texts(content)) + str(read(content).metadata)
        assert not re.search(r"\b(Kim|Robin)\b", said)
        assert str(tmp_path) not in said


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")

    refused(run("kit", tmp_path), str(tmp_path), "notes.txt", "--replace")
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_no_kit_is_made_of_safety_rows_that_were_altered(tmp_path, monkeypatch, capsys):
    altered = "The safety row H-16 is not as it was reviewed."
    monkeypatch.setattr("workbook.provenance.find_altered_rows", lambda: iter([altered]))

    with pytest.raises(SystemExit) as ended:
        main(["kit", str(tmp_path / "made")])

    assert ended.value.code == 2
    assert capsys.readouterr().err == f"{altered}\nNothing was written.\n"
    assert not (tmp_path / "made").exists()


def test_a_table_of_ones_own_is_laid_over_that_of_the_book(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('[[emergency]]\nwhere = "Łódź"\nnumber = "112"\n', encoding="utf-8")
    say, resources = load_own(own)

    assert [each.where for each in resources.emergency] == ["Łódź"]
    assert resources.countries == load_resources().countries
    assert "the emergency number, 112" in say("health.actions.urgent")
    assert "999" in load_own(None)[0]("health.actions.urgent")
    assert say.language is load_words().language

    for number, (wrong, why) in enumerate(
        (
            ('[[emergency]]\nwhere = "x"\nnumber = "call me"\n', "cannot be dialled"),
            ("[[nonsense]]\n", "nonsense"),
            ("x =", "Invalid value"),
        )
    ):
        bad = tmp_path / f"bad{number}.toml"
        bad.write_text(wrong, encoding="utf-8")
        with pytest.raises(InvalidInput, match=rf"bad{number}\.toml.*{why}"):
            load_own(bad)
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_own(tmp_path / "none.toml")
