"""Ways for bodies and senses that the pictures leave out."""

from __future__ import annotations

from workbook.content.words import Words
from workbook.domain.guidance import Guidance
from workbook.ui.form import ReferenceForm
from workbook.ui.widgets.prose import Prose, fold, item


class WaysForm(ReferenceForm):
    """Shows the ways, each folded under the words for whom it is.

    Source: EB-01 to EB-09
    """

    SHOWS = ("ways",)

    def __init__(self, say: Words, guidance: Guidance) -> None:
        folds = []
        for way in guidance.ways:
            lines = dict(say.table(f"ways.{way.id}"))
            folds.append(fold(lines.pop("title"), [item(line) for line in lines.values()]))
        super().__init__([Prose(folds, live=False)])
