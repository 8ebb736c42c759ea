"""The shell: what `workbook` does without a page. Bad input is one sentence, exit 2."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import platformdirs

from workbook.domain.errors import InvalidInput, WorkbookError

if TYPE_CHECKING:
    from workbook.store.lane import Lane

MOST = 1_000_000
"""Most bytes that ``plan`` reads; two people's answers are a few thousand."""

MOST_LINES = 30
"""Most lines of what ``check`` found; the rest is counted."""

REPOSITORY = Path(__file__).parent.parent


def data_folder() -> Path:
    """Where the vault lies unless ``--data`` says otherwise; a neutral name on purpose."""
    return platformdirs.user_data_path("evening-notes", appauthor=False)


def chapters() -> Path:
    """The chapters: beside the package in a checkout, inside it when installed."""
    beside = REPOSITORY / "notebooks"
    return beside if beside.is_dir() else Path(__file__).parent / "notebooks"


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)


def _in_words(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an error of ours into its sentence and exit code 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except WorkbookError as error:
            from workbook.content.words import sentence

            # A chapter says itself which of its cells it is.
            _fail(str(error) if "cell" in error.facts else sentence(error))

    return run


class _Shell(click.Group):
    """Commands whose every complaint is one sentence; click's own would be four lines."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.ClickException as error:
            _fail(error.format_message().rstrip(".") + ".")
        except click.Abort:
            click.echo(err=True)
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


def _port(_context: click.Context, _option: click.Parameter, port: int | None) -> int | None:
    if port is not None and not 0 <= port <= 65535:
        raise click.BadParameter(f"{port} is no port; choose a number from 0 to 65535.")
    return port


def _between(least: int, most: int) -> Callable[..., int]:
    def check(_context: click.Context, option: click.Parameter, number: int) -> int:
        if not least <= number <= most:
            raise click.BadParameter(f"{number} for --{option.name}; {least} to {most} will do.")
        return number

    return check


_data = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help=f"Folder of your vault.  [default: {data_folder()}]",
)


@click.group(
    cls=_Shell, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88}
)
@click.version_option(package_name="attune-workbook", prog_name="workbook")
def main() -> None:
    """A private workbook for two adults and a relaxing massage at home.

    What you write stays on this computer, in one encrypted file. Every command
    has its own --help.
    """


@main.command(short_help="Open the book in the browser.")
@click.option(
    "--port",
    type=int,
    callback=_port,
    default=None,
    metavar="PORT",
    help="Port to listen on; 0 takes any free one.  [default: 8787, or any free one]",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option(
    "--lan",
    "--phones",
    "lan",
    is_flag=True,
    help="Let phones in your network at home in, encrypted; two QR codes, one for each of you.",
)
@_data
@click.option("--demo", is_flag=True, help="Show a made-up couple's book; nothing of it is kept.")
@click.option(
    "--notebook",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    metavar="FILE",
    help="Serve this notebook instead of the book.",
)
@click.option(
    "--most",
    type=int,
    callback=_between(2, 200),
    default=8,
    metavar="N",
    help="Pages open at a time, those kept ready included.  [default: 8]",
)
@click.option(
    "--ready",
    type=int,
    callback=_between(1, 20),
    default=1,
    metavar="N",
    help="Pages kept ready for whoever comes next.  [default: 1]",
)
@_in_words
def start(
    port: int | None,
    *,
    no_browser: bool,
    lan: bool,
    data: Path | None,
    demo: bool,
    notebook: Path | None,
    most: int,
    ready: int,
) -> None:
    """Open the book in the browser.

    Prints one line, "Open <address>", once the book can be read there, and runs
    until Ctrl-C. The address lets one browser in, once and within five minutes; the
    page it leads to has a new one shown here. It works on this computer only.

    With --lan it works in your network at home instead, over https with a
    certificate of this computer, and a QR code for each of two phones is shown as well.
    """
    # A polite kill cleans up, also while the demo is still being made; and Ctrl-C ends the
    # book even where a script started it in the background, deaf to it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    from workbook.serve.launcher import serve

    if most <= ready:
        _fail(f"--most {most} leaves no page beside the {ready} kept ready; name more.")
    how: dict[str, Any] = {
        "notebooks": notebook or chapters(),
        "port": port,
        "browser": not no_browser,
        "most": most,
        "ready": ready,
        **_place(lan=lan),
    }
    if demo:
        from workbook.book.demo import demo_vault

        if data is not None:
            _fail("--demo keeps nothing, so it takes no --data; leave one of them out.")
        with demo_vault() as folder:
            sys.exit(serve(data=folder, demo=True, **how))
    _warn(data or data_folder())
    sys.exit(serve(data=data or data_folder(), **how))


def _warn(folder: Path) -> None:
    """Say so if the vault is copied elsewhere by itself."""
    from workbook.store.folder import elsewhere

    place = elsewhere(folder)
    if place:
        click.echo(
            f"Your data folder lies in {place}, which keeps copies of its own and can damage a "
            "vault while it is open; --data DIR names another folder.",
            err=True,
        )


def _place(*, lan: bool) -> dict[str, Any]:
    """Where to listen, if not on this computer alone."""
    if not lan:
        return {}
    from workbook.serve.lan import own_address

    address = own_address()
    if address is None:
        _fail("This computer is in no network at home; connect it, or leave --lan out.")
    return {"address": address, "tls": True}


@main.command(short_help="Say what would follow from two people's answers.")
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--schema", is_flag=True, help="Print the JSON schema of FILE and stop.")
@_in_words
def plan(file: Path | None, *, schema: bool) -> None:
    """Say what would follow from two people's answers, without opening any vault.

    FILE is JSON, or "-" for standard input; docs/examples/ has two to begin with,
    and --schema prints every field with the keys it knows. What is left out counts
    as "not tonight". The answer is JSON too: what each person may do tonight, and
    for each turn its limits, the products on offer and the plan, step by step.
    Nothing is kept.
    """
    from workbook import paper

    if schema:
        click.echo(paper.schema().encode())  # bytes: JSON is UTF-8 in every shell
        return
    if file is None:
        _fail("Name a FILE to read, or - for standard input.")
    click.echo(paper.answer(_read(file)).encode())


def _read(file: Path, most: int = MOST) -> bytes:
    """At most ``most`` bytes, however large the file is."""
    field = "Standard input" if str(file) == "-" else str(file)
    try:
        if str(file) == "-":
            body = sys.stdin.buffer.read(most + 1)
        else:
            with file.open("rb") as stream:
                body = stream.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a null in it
        why = getattr(error, "strerror", None) or "it cannot be read"
        raise InvalidInput(field=field, why=why[0].lower() + why[1:]) from None
    if len(body) > most:
        raise InvalidInput(field=field, why=f"it has more than {most:,} bytes")
    return body


@main.command(short_help="Check the chapters and the tables.")
@click.option(
    "--chapters",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help="Folder of the chapters.  [default: the ones of this book]",
)
@_in_words
def check(folder: Path | None) -> None:
    """Check the chapters and the tables, and say what is wrong, a line each.

    For whoever edits them: every chapter can be shown, every form stands in one of
    them, no table contradicts another, every fact is carried somewhere, and the
    safety rows are as they were reviewed. Prose and resources.toml are yours.
    """
    from workbook import trace
    from workbook.book import Workbook
    from workbook.content.guidance import load_guidance
    from workbook.content.words import needed_to_read, words
    from workbook.serve.compose import read_chapters

    words()
    found = read_chapters(folder or chapters())
    used = [form for chapter in found for form in chapter.forms]
    wrong = [
        *(
            f"{name}: a chapter asks for this form and there is none."
            for name in used
            if name not in Workbook.FORMS
        ),
        *(f"{name}: no chapter holds this form." for name in sorted(Workbook.FORMS - set(used))),
        *(
            f"{key}: there are no words for it in content/en."
            for key in needed_to_read(load_guidance())
            if key not in words()
        ),
        *(
            f"gates.toml, {gate.id}: no form is called {name}."
            for gate in load_guidance().gates
            for name in gate.forms
            if name not in Workbook.FORMS
        ),
        *trace.trace(found).faults(),
        *trace.altered(),
    ]
    if len(wrong) > MOST_LINES:
        wrong[MOST_LINES:] = [f"And {len(wrong) - MOST_LINES} more."]
    if wrong:
        _fail("\n".join(wrong))
    rows = sum(len(each) for each in load_guidance().provenance.values())
    click.echo(f"All is well: {len(found)} chapters, {len(used)} forms, {rows} rows, all traced.")


# Backups, and one person's own copy -----------------------------------------------------


def _secret(ask: str) -> str:
    """A passphrase from whoever sits here, never from the command line, which others can read."""
    if sys.stdin.isatty():
        return str(click.prompt(ask, hide_input=True, err=True, default="", show_default=False))
    return sys.stdin.readline().rstrip("\r\n")


def _new_secret(ask: str) -> str:
    secret = _secret(ask)
    if _secret("Once more") != secret:
        _fail("These two differ. Nothing was written.")
    return secret


@contextmanager
def _unlocked(folder: Path) -> Iterator[Lane]:
    from workbook.store import vault

    if not vault.exists(folder):
        _fail(f"There is no vault in {folder}.")
    with vault.unlock(folder, _secret("Your passphrase")) as lane:
        yield lane


@contextmanager
def _progress(label: str) -> Iterator[Callable[[float], None]]:
    """A bar for whoever looks on; nothing in a file or a pipe."""
    with click.progressbar(
        length=100, label=label, file=sys.stderr, hidden=not sys.stderr.isatty(), show_eta=False
    ) as bar:
        yield lambda done: bar.update(int(100 * done) - bar.pos)


@main.command(short_help="Make a backup now.")
@click.argument("folder", metavar="[DIR]", required=False,
                type=click.Path(path_type=Path, file_okay=False))  # fmt: skip
@_data
@_in_words
def backup(folder: Path | None, data: Path | None) -> None:
    """Make a backup now, and put a second copy into DIR if you name one.

    The book makes one a day by itself. Each is encrypted, holds everything of both of
    you, and was opened and read whole before it counts. Asks for your passphrase;
    either person's will do.
    """
    from workbook.store import backup as backups

    with _unlocked(data or data_folder()) as lane:
        with _progress("Copying and reading it back") as told:
            made = backups.make(lane.folder, lane.keys.database, lane.now(), told)
        if folder is not None:
            made = backups.copy(made, folder)
        click.echo(f"Backed up to {made}")
        _tell_record(lane)


def _tell_record(lane: Lane) -> None:
    """Say whether the consent record is as it was written, and what its last line bears."""
    from workbook.store import consent

    if consent.verify(lane):
        click.echo(
            "Something in the record of what you agreed is not as it was written. Go by what "
            "each of you says now.",
            err=True,
        )
    elif last := consent.lines(lane, 1):
        click.echo(
            "The record of what you agreed is as it was written. The code of its last line is "
            f"{last[0].mark}."
        )


@main.command(short_help="Put a backup in the place of the vault.")
@click.argument("file", metavar="FILE|latest")
@_data
@_in_words
def restore(file: str, data: Path | None) -> None:
    """Put a backup in the place of the vault: FILE, or the latest one that is whole.

    Close the book first. The backup is checked before anything changes, and what is
    there now is moved aside, never overwritten. No passphrase is needed; to open the
    book afterwards it is. Nothing that either of you agreed to for a running evening
    still counts then: you answer and agree anew.
    """
    from workbook.store import backup as backups
    from workbook.store.lane import local_time

    wanted = None if file == "latest" else Path(file)
    with _progress("Checking and restoring") as told:
        used, aside = backups.restore(data or data_folder(), wanted, local_time())
        told(1.0)
    click.echo(f"Restored from {used}")
    if aside is not None:
        click.echo(f"What was there before lies in {aside}")


@main.command(short_help="Write your own answers into one encrypted file.")
@click.argument("file", type=click.Path(path_type=Path))
@_data
@_in_words
def export(file: Path, data: Path | None) -> None:
    """Write your own answers into one encrypted file with a passphrase of its own.

    It holds what you answered in private and the thank-yous you gave, nothing of your
    partner's. FILE is a new file, or a folder in which it gets a random name. Asks for
    your passphrase, then twice for the one of the file.
    """
    from workbook.store import export as exports

    with _unlocked(data or data_folder()) as lane:
        secret = _new_secret("A passphrase for the file")
        with _progress("Writing") as told:
            made = exports.write(lane, secret, file)
            told(1.0)
        click.echo(f"Exported to {made}")
        _tell_record(lane)
    click.echo(
        "Whoever has this file and its passphrase can read your health answers and notes, and "
        "erasing the book does not reach it.",
        err=True,
    )


@main.command("import", short_help="Bring your own answers in from a file.")
@click.argument("file", type=click.Path(path_type=Path))
@_data
@_in_words
def import_(file: Path, data: Path | None) -> None:
    """Bring your own answers in, from an export of yours or from paper.

    An export puts your answers in place of those you have now, and comes from this very
    book. Paper is the JSON that "workbook plan --schema" describes, with both people in
    it: the answers of whoever's passphrase you type are taken, those for tonight only if
    the file is dated today. A backup is made first. What is wrong in any way is refused
    whole, and nothing is changed.
    """
    from workbook.store import backup as backups
    from workbook.store import export as exports

    body = _read(file, exports.MOST)
    with _unlocked(data or data_folder()) as lane:
        if exports.is_one(body):
            found = exports.read(lane, body, _secret("The passphrase of the file"))
        elif len(body) > MOST:
            raise InvalidInput(field=str(file), why=f"it has more than {MOST:,} bytes")
        else:
            said = _on_paper(body, lane)
        with _progress("Backing up first") as told:
            backups.make(lane.folder, lane.keys.database, lane.now(), told)
        if exports.is_one(body):
            taken, left = exports.bring_in(lane, found)
        else:
            taken, left = said(), 0
    click.echo(f"{taken} of your answers are in the book now.")
    if left:
        click.echo(f"{left} belong to evenings that the book no longer has; they were left out.")


def _on_paper(body: bytes, lane: Lane) -> Callable[[], int]:
    """Read all of it; return what writes the answers of the person who unlocked."""
    from workbook import paper
    from workbook.content.tables import load_tables
    from workbook.domain.evening import StillTrue
    from workbook.store import answers
    from workbook.store import evening as evenings

    question = paper.read(body, load_tables())
    said, now = question.people[lane.seat], lane.now()
    standing = paper.given(said, paper.STANDING)
    tonight = paper.given(said, paper.TONIGHT) if question.now.date() == now.date() else {}

    def write() -> int:
        if not (standing or tonight):
            return 0
        evening = evenings.begin(lane, now.date(), now)
        before = answers.read(lane, StillTrue, evening)
        still = StillTrue((before.value.topics if before else frozenset()) | set(standing))
        values = [(None, value) for value in standing.values()]
        answers.replace_all(lane, [
            *values, *((evening, value) for value in tonight.values()), (evening, still)
        ])  # fmt: skip
        return len(standing) + len(tonight)

    return write


@main.command(short_help="Erase the vault for good.")
@_data
@click.option("--yes", is_flag=True, help="Do not ask first.")
@_in_words
def erase(data: Path | None, *, yes: bool) -> None:
    """Erase the vault for good: the keys first, then the files.

    Asks before it begins, and there is no way back. Close the book first. The book's
    own backups go too; copies elsewhere (exports, backups you put into another folder
    or made of the whole computer, a cloud folder, printed pages) stay.
    """
    from workbook.serve import lan
    from workbook.store import vault

    folder = data or data_folder()
    if not vault.exists(folder):
        _fail(f"There is no vault in {folder}. Nothing was changed.")
    if not yes:
        ask = f"This erases the whole vault in {folder}. Type erase to go on"
        try:
            typed = click.prompt(ask, default="", show_default=False, err=True)
        except click.Abort:
            typed = ""
        if typed.strip() != "erase":
            _fail("Nothing was changed.")
    vault.erase(folder)
    lan.forget(folder)
    click.echo("Erased. Copies elsewhere, if you made any, are still there.")


if __name__ == "__main__":
    main()
