"""The `workbook` command. Each module holds the commands of one duty; `main` is the entry point."""

from workbook.cli import check, hub, paper, plan, play, start, vault
from workbook.cli.shell import main

for command in (
    start.start,
    hub.hub,
    hub.proxied,
    plan.plan,
    play.play_file,
    paper.paper,
    paper.kit,
    vault.backup,
    vault.restore,
    vault.export,
    vault.import_,
    vault.erase,
    check.check,
):
    main.add_command(command)

__all__ = ["main"]
