"""The command ``workbook start``: serves the book."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.shell import (
    HomePath,
    chapters_folder,
    data_option,
    describe_missing,
    exit_with_sentence,
    require_range,
)
from workbook.paths import default_data_folder

if TYPE_CHECKING:
    from workbook.serve.public import PublicAddress


def _check_port(_context: click.Context, _option: click.Parameter, port: int | None) -> int | None:
    if port is not None and not 0 <= port <= 65535:
        raise click.BadParameter(f"{port} is no port; choose a number from 0 to 65535.")
    return port


@click.command(short_help="Open the book in the browser.")
@click.option(
    "--port",
    type=int,
    callback=_check_port,
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
@data_option
@click.option("--demo", is_flag=True, help="Show a made-up couple's book; nothing of it is kept.")
@click.option(
    "--notebook",
    type=HomePath(path_type=Path, dir_okay=False, exists=True),
    default=None,
    metavar="FILE",
    help="Serve this notebook instead of the book.",
)
@click.option(
    "--most",
    "max_pages",
    type=int,
    callback=require_range("most", 2, 200),
    default=8,
    metavar="N",
    help="Pages open at a time, those kept ready included.  [default: 8]",
)
@click.option(
    "--ready",
    "ready_pages",
    type=int,
    callback=require_range("ready", 1, 20),
    default=1,
    metavar="N",
    help="Pages kept ready for the next to open the book.  [default: 1]",
)
@click.option(
    "--public",
    metavar="URL",
    default=None,
    help="Where browsers find the book behind a proxy, such as https://HOST/PATH/.",
)
@click.option(
    "--until-closed",
    is_flag=True,
    help="End when standard input is closed; for programs that start the book.",
)
def start(
    port: int | None,
    *,
    no_browser: bool,
    lan: bool,
    public: str | None,
    data: Path | None,
    demo: bool,
    notebook: Path | None,
    max_pages: int,
    ready_pages: int,
    until_closed: bool,
) -> None:
    """Open the book in the browser.

    Prints one line, "Open <address>", once the book can be read there, and runs
    until Ctrl-C. The address lets one browser in, once and within five minutes; the
    page it leads to can have a new one shown here. It works on this computer only.

    With --public it works behind a proxy of this computer, at that address; whoever runs the
    proxy answers for who gets that far, and each browser needs a code as ever.

    With --lan it works in your network at home instead, over https with a
    certificate of this computer, and a QR code for each of two phones is shown as well.
    """
    from workbook.serve.signals import end_on_signals, end_with_input

    end_on_signals()  # also while the demo is being made
    if until_closed:
        end_with_input()
    _say_opening(demo=demo)
    from workbook.serve.launcher import serve

    if max_pages <= ready_pages:
        exit_with_sentence(
            f"--most {max_pages} leaves no page beside the {ready_pages} kept ready; name more."
        )
    if lan and public:
        exit_with_sentence("--lan and --public are two ways in; leave one of them out.")
    settings: dict[str, Any] = {
        "public": _read_public(public) if public else None,
        "notebooks": notebook or chapters_folder(),
        "port": port,
        "browser": not no_browser,
        "max_pages": max_pages,
        "ready_pages": ready_pages,
        **(_lan_settings() if lan else {}),
    }
    if demo:
        from workbook.app.demo import demo_vault

        if data is not None:
            exit_with_sentence(
                "--demo keeps nothing, so it takes no --data; leave one of them out."
            )
        with demo_vault() as folder:
            sys.exit(serve(data=folder, demo=True, **settings))
    folder = data or default_data_folder()
    _refuse_foreign(folder)
    _warn_if_synced(folder)
    _warn_if_empty(folder, named=data is not None)
    sys.exit(serve(data=folder, **settings))


def _say_opening(*, demo: bool) -> None:
    """Print in a terminal that the book is on its way; its address takes some seconds to come."""
    if sys.stderr.isatty():
        made_up = "Making the book of a made-up couple" if demo else "Opening the book"
        click.echo(f"{made_up} … Ctrl-C ends it.", err=True)


def _read_public(url: str) -> PublicAddress:
    from workbook.serve.public import InvalidPublicAddress, read_public_address

    try:
        return read_public_address(url)
    except InvalidPublicAddress as error:
        exit_with_sentence(f"--public: {error}")


def _warn_if_empty(folder: Path, *, named: bool) -> None:
    """Print that a folder has no vault, if it was named or still holds backups of one."""
    from workbook.store import backups, vault

    if not vault.exists(folder) and (named or backups.list_backups(folder)):
        click.echo(
            f"{describe_missing(folder)} The page that opens can also set up a new one there.",
            err=True,
        )


def _refuse_foreign(folder: Path) -> None:
    """Exit if a set-up in ``folder`` would take over a folder that has other files in it."""
    from workbook.store import vault
    from workbook.store.folder import has_foreign_files

    if not vault.exists(folder) and has_foreign_files(folder):
        exit_with_sentence(
            f"{folder}: {vault.NOT_ALONE}. Name a new one with --data, such as "
            f"{folder / 'evening-notes'}."
        )


def _warn_if_synced(folder: Path) -> None:
    """Print a warning if a cloud service copies ``folder``."""
    from workbook.store.folder import synced_folder_name

    place = synced_folder_name(folder)
    if place:
        click.echo(
            f"Your data folder lies in {place}, which keeps copies of its own and can damage a "
            "vault while it is open; --data DIR names another folder.",
            err=True,
        )


def _lan_settings() -> dict[str, Any]:
    """Return the settings of ``serve`` for listening in the network at home; exit without one."""
    from workbook.serve.lan import find_home_address

    address = find_home_address()
    if address is None:
        exit_with_sentence(
            "This computer is in no network at home; connect it, or leave --lan out."
        )
    return {"address": address, "tls": True}
