"""``workbook start``: what it refuses, what it prints, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.cli.command import (
    entry_point,
    refused,
    run,
)


@pytest.mark.long
@pytest.mark.parametrize("name", ["OneDrive - Ours", "Dropbox"])
def test_a_folder_that_is_synced_is_said_at_the_start(tmp_path, name):
    data = tmp_path / name / "notes"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("start", "--no-browser", "--port", port, "--data", data)
        quiet = run("start", "--no-browser", "--port", port, "--data", tmp_path / "notes")

    assert name.split()[0] in ended.stderr.splitlines()[0]
    assert "--data" in ended.stderr.splitlines()[0]
    assert quiet.returncode == 2
    assert name.split()[0] not in quiet.stderr


def test_a_folder_that_was_named_and_has_no_vault_is_said_at_the_start(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("start", "--no-browser", "--port", port, "--data", tmp_path / "mistyped")

    assert "mistyped" in ended.stderr.splitlines()[0]


def test_a_folder_with_other_files_is_not_taken_over(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")

    refused(run("start", "--no-browser", "--port", "0", "--data", tmp_path), "--data")

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_busy_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        refused(run("start", "--no-browser", "--port", port), port)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pseudo-terminal")
def test_a_terminal_is_told_at_once_that_the_book_is_on_its_way():
    import pty  # noqa: PLC0415 - not on Windows

    ours, theirs = pty.openpty()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [entry_point(), "--no-browser", "--port", str(taken.getsockname()[1])]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=theirs, check=False)
    said = os.read(ours, 4096).decode()
    for end in (ours, theirs):
        os.close(end)

    assert said.startswith("Opening the book")


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
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)]
)
def test_a_demo_says_where_it_is_and_leaves_nothing_behind(tmp_path, number):
    command = [entry_point(), "start", "--demo", "--no-browser", "--port", "0"]
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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="BROWSER and /proc")
def test_no_code_is_in_any_command_line_while_a_browser_starts(tmp_path):
    browser, noted = tmp_path / "browser", tmp_path / "arguments"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$*" > {noted}.new; mv {noted}.new {noted}\n')
    browser.chmod(0o700)
    command = [entry_point(), "start", "--demo", "--port", "0"]
    environment = os.environ | {"DISPLAY": ":99", "BROWSER": str(browser)}

    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline()
        while not noted.exists() and server.poll() is None:
            pass
        opened = noted.read_text()
        way_in = Path(unquote(urlsplit(opened).path))
        found = (way_in.stat().st_mode, way_in.read_text()) if way_in.is_file() else (0, "")
        server.send_signal(signal.SIGTERM)

    address = line.removeprefix("Open ").strip()
    code = urlsplit(address).fragment
    assert opened.startswith("file:///")
    assert code not in opened
    assert f"url={address}" in found[1]
    assert found[0] & 0o077 == 0
    assert way_in.parent.exists() is False


@pytest.mark.long
@pytest.mark.skipif(os.name != "posix", reason="Windows has no polite kill")
def test_a_demo_that_is_ended_while_it_is_made_leaves_nothing_behind(tmp_path):
    command = [entry_point(), "start", "--demo", "--no-browser", "--port", "0"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}

    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        while not any(tmp_path.glob("evening-notes-*/*")) and server.poll() is None:
            pass
        server.terminate()
        said = server.stderr.read()

    assert server.returncode == 130
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
