"""The command ``workbook play``: what the guide would show in one turn, from JSON."""

from __future__ import annotations

from pathlib import Path

import click

from workbook.cli.shell import HomePath, exit_with_sentence, read_input


@click.command("play", short_help="Print what the guide would do in one turn.")
@click.argument("file", required=False, type=HomePath(path_type=Path, allow_dash=True))
@click.option("--schema", is_flag=True, help="Print the JSON schema of FILE and stop.")
def play_file(file: Path | None, *, schema: bool) -> None:
    """Print what the guide would do in the first turn of FILE, state by state.

    FILE is JSON, or "-" for standard input: what "workbook plan" reads, and "events", a list
    of what the two do: {"at": seconds since Begin, "by": "A" or "B", "do": "start", "softer",
    "taps", "limits", ...}. Both have said yes to the plan. docs/examples/play.json is one to
    begin with, and --schema prints every field. No vault is opened and nothing is kept; the
    same file gives the same states.
    """
    from workbook import play_json

    if schema:
        click.echo(play_json.json_schema().encode())  # bytes: JSON is UTF-8 in every shell
        return
    if file is None:
        exit_with_sentence("Name a FILE to read, or - for standard input.")
    click.echo(play_json.evaluate(read_input(file)).encode())
