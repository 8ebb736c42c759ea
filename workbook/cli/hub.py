"""The commands that others start: a JupyterHub, and jupyter-server-proxy in a Jupyter server."""

from __future__ import annotations

import os
import re
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from workbook.cli.shell import chapters_folder, data_option, exit_with_sentence, require_range
from workbook.paths import default_data_folder


@click.command(short_help="Serve one couple's book as a server of JupyterHub.")
@data_option
@click.option(
    "--most",
    "max_pages",
    type=int,
    callback=require_range("most", 2, 200),
    default=6,
    metavar="N",
    help="Pages open at a time, the one kept ready included.  [default: 6]",
)
def hub(data: Path | None, *, max_pages: int) -> None:
    """Serve one couple's book as their server of a JupyterHub, which starts this command.

    The hub needs c.Spawner.cmd = ["workbook", "hub"] and c.JupyterHub.public_url. Whoever has
    signed in there with the account whose server this is gets in, and nobody else; there is no
    code. docs/hub.md says how to set up accounts and volumes.
    """
    from workbook.serve.hub import InvalidHubSettings, read_hub_settings
    from workbook.serve.hub_access import HubAccess
    from workbook.serve.launcher import serve

    try:
        settings = read_hub_settings(os.environ)
    except InvalidHubSettings as error:
        exit_with_sentence(str(error))
    sys.exit(
        serve(
            data=data or default_data_folder(),
            notebooks=chapters_folder(),
            port=settings.port,
            address=settings.address,
            browser=False,
            access=HubAccess(settings),
            max_pages=max_pages,
        )
    )


@click.command(hidden=True)
@data_option
@click.option("--demo", is_flag=True, help="Show a made-up couple's book; nothing of it is kept.")
@click.option("--socket", "socket_path", required=True, metavar="PATH", help="Socket to listen on.")
@click.option("--prefix", required=True, metavar="PATH", help="Path of the book in the browser.")
def proxied(data: Path | None, *, demo: bool, socket_path: str, prefix: str) -> None:
    """Serve the book below a Jupyter server; jupyter-server-proxy starts this command.

    Whoever can use that Jupyter server gets in.
    """
    from workbook.app.demo import demo_vault
    from workbook.serve.launcher import serve
    from workbook.serve.proxied_access import ProxiedAccess

    if not re.fullmatch(r"(/[\w.~@%+-]+)+/", prefix, re.ASCII):
        exit_with_sentence(f"--prefix {prefix} is no path; write it as /PATH/.")
    if demo and data is not None:
        exit_with_sentence("--demo keeps nothing, so it takes no --data; leave one of them out.")
    with demo_vault() if demo else nullcontext(data or default_data_folder()) as folder:
        sys.exit(
            serve(
                data=folder,
                notebooks=chapters_folder(),
                port=None,
                browser=False,
                demo=demo,
                access=ProxiedAccess(socket_path, prefix),
            )
        )
