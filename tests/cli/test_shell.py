"""The command as a whole: help, unknown words, and what is imported."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import (
    EVENING,
    entry_point,
    refused,
    run,
)
from workbook.cli import shell

HEAVY = {"ipywidgets", "anywidget", "traitlets", "sqlalchemy", "sqlcipher3", "nacl", "tornado"}


def test_what_the_shell_does_not_know_is_one_sentence():
    refused(run("strat"), "strat")
    refused(run("start", "--prot", "1"), "--prot")


def test_without_a_command_the_book_opens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        refused(run("--no-browser", "--port", port), f"Port {port} is in use")


def test_the_shell_lists_its_commands():
    listed = run("--help")

    assert listed.returncode == 0
    assert "Without a command it opens the book" in listed.stdout


def test_the_shell_completes_its_commands_and_their_options():
    def complete(*words: str) -> list[str]:
        asked = {"COMP_WORDS": shlex.join(["workbook", *words]), "COMP_CWORD": str(len(words))}
        asked["_WORKBOOK_COMPLETE"] = "bash_complete"
        found = run(env=os.environ | asked).stdout
        return [line.partition(",")[2] for line in found.splitlines()]

    assert complete("st") == ["start"]
    assert complete("start", "--ph") == ["--phones"]


def test_python_runs_the_package_as_the_shell_does():
    ended = subprocess.run(
        [sys.executable, "-m", "workbook", "--version"], capture_output=True, text=True, check=True
    )

    assert ended.stdout == run("--version").stdout


def test_a_tilde_is_the_home_folder_also_where_no_shell_replaces_it(tmp_path):
    home = os.environ | {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    (tmp_path / "evening.json").write_bytes(EVENING.read_bytes())

    assert run("plan", "~/evening.json", env=home).stdout.startswith("{")
    refused(run("backup", "--data=~/notes", env=home), str(tmp_path / "notes"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_cannot_be_written_is_one_sentence():
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [entry_point(), "plan", str(EVENING)],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert ended.stderr.startswith("The output cannot be written: ")


def test_a_folder_of_another_package_is_not_taken_for_the_chapters(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "workbook" / "notebooks").mkdir(parents=True)
    monkeypatch.setattr(shell, "_PACKAGE", tmp_path / "workbook")

    assert shell.chapters_folder() == tmp_path / "workbook" / "notebooks"


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
