"""Compares three kinds of massage."""

from __future__ import annotations

from workbook.content.words import CONTEXT_COLUMNS, Words
from workbook.domain.guidance import Guidance
from workbook.ui.form import ReferenceForm
from workbook.ui.widgets.prose import Prose, table


class ContextsForm(ReferenceForm):
    """The comparison table.

    Source: facts, section 11; CX-1 to CX-3
    """

    SHOWS = ("contexts",)

    def __init__(self, say: Words, guidance: Guidance) -> None:
        kinds = guidance.contexts
        head = ["", *(say(f"contexts.{kind.id}.name") for kind in kinds)]
        rows = [
            [say(f"contexts.columns.{column}"), *(say(f"contexts.{k.id}.{column}") for k in kinds)]
            for column in CONTEXT_COLUMNS
        ]
        super().__init__([Prose([table(head, rows, say("contexts.caption"))], live=False)])
