"""Strokes to learn, before or without an evening."""

from __future__ import annotations

from workbook.content.words import Words
from workbook.domain.tables import Tables
from workbook.ui.drawn import draw_on_back, draw_on_forearm
from workbook.ui.form import ReferenceForm
from workbook.ui.widgets.learn import Learn, LearnCard

LEARNED = ("glide", "knead", "circles")
"""Keys of the strokes, in the order of their cards."""

PRACTISED_AS = {"glide": "along"}
"""Strokes that a forearm wants in another form: along the limb, toward the heart."""


class LearnForm(ReferenceForm):
    """Shows three strokes, each with a minute's practice; nothing is asked or saved.

    Source: facts, section 6
    """

    def __init__(self, say: Words, tables: Tables) -> None:
        cards: list[LearnCard] = [
            {
                "name": say(f"strokes.{key}.name"),
                "term": say(f"learn.terms.{key}"),
                "note": say.table("learn.notes").get(key, ""),
                "view": draw_on_back(tables, say, key),
                "practice": draw_on_forearm(tables, say, PRACTISED_AS.get(key, key)),
                "lead": say(f"learn.leads.{key}"),
            }
            for key in LEARNED
        ]
        super().__init__([Learn(cards, say.table("learn"))])
