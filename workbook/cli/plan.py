"""The command ``workbook plan``: an evening's outcome from two people's answers in JSON."""

from __future__ import annotations

from pathlib import Path

import click

from workbook.cli.shell import HomePath, exit_with_sentence, read_input


@click.command(short_help="Print what would follow from two people's answers.")
@click.argument("file", required=False, type=HomePath(path_type=Path, allow_dash=True))
@click.option("--schema", is_flag=True, help="Print the JSON schema of FILE and stop.")
def plan(file: Path | None, *, schema: bool) -> None:
    """Print what would follow from two people's answers, without opening any vault.

    FILE is JSON, or "-" for standard input; docs/examples/ has two to begin with,
    and --schema prints every field with the keys it knows. What is left out counts
    as "not tonight". The output is JSON too: what each person may do tonight, and
    for each turn its limits, the products on offer and the plan, step by step.
    Nothing is kept.
    """
    from workbook import answers_json

    if schema:
        click.echo(answers_json.json_schema().encode())  # bytes: JSON is UTF-8 in every shell
        return
    if file is None:
        exit_with_sentence("Name a FILE to read, or - for standard input.")
    click.echo(answers_json.evaluate(read_input(file)).encode())
