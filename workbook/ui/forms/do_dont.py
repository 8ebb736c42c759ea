"""Pairs of what to do and what not to do, in the order of an evening."""

from __future__ import annotations

from workbook.content.words import Words
from workbook.domain.guidance import Guidance, When
from workbook.ui.form import ReferenceForm
from workbook.ui.widgets.prose import Prose, fold, table


class DoDontForm(ReferenceForm):
    """Shows all pairs, folded by the part of the evening they are for.

    Source: facts, section 10; D-01 to D-22
    """

    SHOWS = ("do_dont",)

    def __init__(self, say: Words, guidance: Guidance) -> None:
        head = [say("do_dont.head_do"), say("do_dont.head_dont")]
        folds = []
        for when in When:
            rows = [
                [say(f"do_dont.{pair.id}.do"), say(f"do_dont.{pair.id}.dont")]
                for pair in guidance.do_dont
                if pair.when is when
            ]
            folds.append(
                fold(say(f"do_dont.when.{when}"), [table(head, rows, say("do_dont.caption"))])
            )
        super().__init__([Prose(folds, live=False)])
