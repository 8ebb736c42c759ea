"""The commands on the vault: backup, restore, export, import and erase."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.shell import (
    MAX_ANSWERS_BYTES,
    HomePath,
    check_size,
    data_option,
    describe_missing,
    exit_with_sentence,
    read_input,
)
from workbook.domain.text import escape_controls
from workbook.paths import default_data_folder

if TYPE_CHECKING:
    from workbook.store.unlocked import UnlockedVault


def _prompt_secret(ask: str) -> str:
    """Return a passphrase from the terminal, or a line of standard input if it is no terminal.

    Never from the command line, which other users can read in a list of processes.
    """
    if sys.stdin.isatty():
        return str(click.prompt(ask, hide_input=True, err=True, default="", show_default=False))
    line = sys.stdin.readline()
    if not line:
        exit_with_sentence(f"{ask}: none was given. Type it in a terminal, or pass it in a line.")
    return line.rstrip("\r\n")


def _prompt_new_secret(ask: str) -> str:
    """Ask for a passphrase twice and return it; exit if the two differ."""
    secret = _prompt_secret(ask)
    if _prompt_secret("Once more") != secret:
        exit_with_sentence("These two differ. Nothing was written.")
    return secret


@contextmanager
def _unlock_vault(folder: Path) -> Iterator[UnlockedVault]:
    """Ask for a passphrase and open the vault in ``folder`` with it; exit if there is none."""
    from workbook.store import vault

    if not vault.exists(folder):
        exit_with_sentence(describe_missing(folder))
    with vault.unlock(folder, _prompt_secret("Your passphrase")) as lane:
        yield lane


@contextmanager
def _show_progress(label: str) -> Iterator[Callable[[float], None]]:
    """Show a progress bar if stderr is a terminal; yield what reports progress, from 0 to 1."""
    with click.progressbar(
        length=100, label=label, file=sys.stderr, hidden=not sys.stderr.isatty(), show_eta=False
    ) as bar:
        yield lambda done: bar.update(int(100 * done) - bar.pos)


@click.command(short_help="Make a backup now.")
@click.argument("folder", metavar="[DIR]", required=False,
                type=HomePath(path_type=Path, file_okay=False))  # fmt: skip
@data_option
def backup(folder: Path | None, data: Path | None) -> None:
    """Make a backup now, and put a second copy into DIR if you name one.

    The book makes one a day by itself. Each is encrypted, holds everything of both of
    you, and was opened and read whole before it counts. Asks for your passphrase;
    either person's will do.
    """
    from workbook.store import backups, reading_back

    with _unlock_vault(data or default_data_folder()) as lane:
        is_whole = reading_back.check_rows(lane)
        with _show_progress("Copying and reading it back") as report:
            made = backups.make_backup(
                lane.folder, lane.keys.database, lane.now(), report, is_whole=is_whole
            )
        if folder is not None:
            made = backups.copy_backup(made, folder)
        click.echo(escape_controls(f"Backed up to {made}"))
        if not is_whole:
            click.echo(
                "Something in this book cannot be read any more, so it is missing in this backup "
                "as well. The backups from before stay as they are.",
                err=True,
            )


@click.command(short_help="Put a backup in the place of the vault.")
@click.argument("file", metavar="FILE|latest", type=HomePath(path_type=Path))
@data_option
def restore(file: Path, data: Path | None) -> None:
    """Put a backup in the place of the vault: FILE, or the latest one that is whole.

    Close the book first. The backup is checked before anything changes, and what is
    there now is moved aside, never overwritten. No passphrase is needed; to open the
    book afterwards it is. Nothing that either of you agreed to for a running evening
    still counts then: you answer and agree anew.
    """
    from workbook.store import restoring
    from workbook.store.unlocked import local_time

    wanted = None if str(file) == "latest" else file
    with _show_progress("Checking and restoring") as report:
        used, aside = restoring.restore_backup(data or default_data_folder(), wanted, local_time())
        report(1.0)
    click.echo(escape_controls(f"Restored from {used}"))
    if aside is not None:
        click.echo(escape_controls(f"What was there before lies in {aside}"))


@click.command(short_help="Write your own answers into one encrypted file.")
@click.argument("file", type=HomePath(path_type=Path))
@data_option
def export(file: Path, data: Path | None) -> None:
    """Write your own answers into one encrypted file with a passphrase of its own.

    It holds what you answered in private and the thank-yous you gave, nothing of
    the other person's. FILE is a new file, or a folder in which it gets a random name. Asks for
    your passphrase, then twice for the one of the file.
    """
    from workbook.store import exports

    with _unlock_vault(data or default_data_folder()) as lane:
        secret = _prompt_new_secret("A passphrase for the file")
        with _show_progress("Writing") as report:
            made = exports.write_export(lane, secret, file)
            report(1.0)
        click.echo(escape_controls(f"Exported to {made}"))
    click.echo(
        "Whoever has this file and its passphrase can read your health answers and notes, and "
        "erasing the book does not reach it.",
        err=True,
    )


@click.command("import", short_help="Bring your own answers in from a file.")
@click.argument("file", type=HomePath(path_type=Path))
@data_option
def import_(file: Path, data: Path | None) -> None:
    """Bring your own answers in, from an export of yours or from paper.

    An export puts your answers in place of those you have now, and comes from this very
    book. Paper is the JSON that "workbook plan --schema" describes, with both people in
    it: the answers of whoever's passphrase you type are taken, those for tonight only if
    the file is dated today. A backup is made first. What is wrong in any way is refused
    whole, and nothing is changed.
    """
    from workbook.app import feedback
    from workbook.content.tables import load_tables
    from workbook.store import backups, exports, reading_back

    body = read_input(file, exports.MAX_EXPORT_BYTES)
    with _unlock_vault(data or default_data_folder()) as lane:
        if exports.is_export(body):
            found = exports.read_export(lane, body, _prompt_secret("The passphrase of the file"))
        else:
            check_size(body, MAX_ANSWERS_BYTES, str(file))
            write_answers = _prepare_paper_import(body, lane)
        with _show_progress("Backing up first") as report:
            is_whole = reading_back.check_rows(lane)
            backups.make_backup(
                lane.folder, lane.keys.database, lane.now(), report, is_whole=is_whole
            )
        with lane.writing():
            if exports.is_export(body):
                taken, left = exports.import_answers(lane, found)
            else:
                taken, left = write_answers(), 0
            feedback.rebuild_past(lane, load_tables())  # debriefs may be among them
    click.echo(f"{taken} of your answers are in the book now.")
    if left:
        click.echo(f"{left} belong to evenings that the book no longer has; they were left out.")


def _prepare_paper_import(body: bytes, lane: UnlockedVault) -> Callable[[], int]:
    """Validate answers in JSON; return what writes those of the person who unlocked ``lane``.

    The returned function returns how many topics it wrote.

    Raises:
        InvalidInput: if a field of ``body`` is missing, unknown or out of range.

    """
    from workbook import answers_json
    from workbook.content.tables import load_tables
    from workbook.domain.evening import StillTrue, find_evening_day
    from workbook.domain.topics import list_for_evening, list_standing
    from workbook.store import answers, evenings

    question = answers_json.parse_question(body, load_tables())
    own, now = question.people[lane.seat], lane.now()
    standing = answers_json.answered_topics(own, list_standing())
    tonight = (
        answers_json.answered_topics(own, list_for_evening())
        if find_evening_day(question.now) == find_evening_day(now)
        else {}
    )

    def write() -> int:
        if not (standing or tonight):
            return 0
        evening = evenings.begin_evening(lane, find_evening_day(now), now)
        before = answers.read_answer(lane, StillTrue, evening)
        still = StillTrue((before.value.topics if before else frozenset()) | set(standing))
        values = [(None, value) for value in standing.values()]
        answers.replace_answers(lane, [
            *values, *((evening, value) for value in tonight.values()), (evening, still)
        ])  # fmt: skip
        return len(standing) + len(tonight)

    return write


@click.command(short_help="Erase the vault for good.")
@data_option
@click.option("--yes", is_flag=True, help="Do not ask first.")
def erase(data: Path | None, *, yes: bool) -> None:
    """Erase the vault for good: the keys first, then the files.

    Asks before it begins, and there is no way back. Close the book first. The book's
    own backups go too; copies elsewhere (exports, backups you put into another folder
    or made of the whole computer, a cloud folder, printed pages) stay.
    """
    from workbook.serve import lan
    from workbook.store import backups, erasing, vault

    folder = data or default_data_folder()
    if not vault.exists(folder):
        exit_with_sentence(f"{describe_missing(folder)} Nothing was changed.")
    if not yes:
        ask = f"This erases the whole vault in {folder}. Type erase to go on"
        try:
            typed = click.prompt(ask, default="", show_default=False, err=True)
        except click.Abort:
            typed = ""
        if typed.strip() != "erase":
            exit_with_sentence("Nothing was changed.")
    erasing.erase(folder)
    lan.delete_certificate(folder)
    click.echo("Erased. Copies elsewhere, if you made any, are still there.")
    if left := backups.list_backups(folder):
        click.echo(
            f"In {left[0].path.parent} there are still backups that are not of this book, or of "
            "which nobody can tell; remove that folder to erase them as well.",
            err=True,
        )
