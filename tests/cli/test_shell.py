"""The command as a whole: help, unknown words, and what is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.command import (
    EVENING,
    refused,
    run,
)

HEAVY = {"ipywidgets", "anywidget", "traitlets", "sqlalchemy", "sqlcipher3", "nacl", "tornado"}


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
