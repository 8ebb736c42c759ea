"""What the guide offers when something comes up while hands are on."""

from __future__ import annotations

from workbook.content.words import Words
from workbook.domain.tables import Tables
from workbook.ui.widgets.player import PlayerReaction


def describe_reactions(say: Words, tables: Tables) -> list[PlayerReaction]:
    """Return what may come up, and for each what to do and what to ask."""
    return [
        {
            "notice": say(f"reactions.{row.id}.notice"),
            "line": " ".join(
                say(key)
                for key in (f"reactions.{row.id}.line", f"reactions.{row.id}.guide")
                if key in say
            ),
            "ask": say(f"prompts.{row.prompt}.question") if row.prompt else "",
            "kind": row.does.value,
        }
        for row in tables.reactions
        if row.offered
    ]
