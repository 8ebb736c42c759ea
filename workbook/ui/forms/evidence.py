"""Findings of studies, and how strong the evidence is."""

from __future__ import annotations

from workbook.content.words import Words
from workbook.domain.guidance import Finding, Guidance, Strength
from workbook.ui.form import ReferenceForm
from workbook.ui.widgets.prose import Prose, fold, pair


class EvidenceForm(ReferenceForm):
    """Shows all findings, folded by strength of evidence.

    Source: facts, section 14; V-01 to V-27
    """

    SHOWS = ("evidence",)

    def __init__(self, say: Words, guidance: Guidance) -> None:
        folds = []
        for strength in Strength:
            found = [row for row in guidance.evidence if row.strength is strength]
            pairs = [pair(say(f"evidence.{row.id}.question"), finding(say, row)) for row in found]
            folds.append(fold(say(f"evidence.strength.{strength}"), pairs))
        super().__init__([Prose(folds, live=False)])


def finding(say: Words, row: Finding) -> str:
    """Return a finding, and in a line of its own how the book puts it."""
    found = say(f"evidence.{row.id}.found")
    key = f"evidence.{row.id}.say"
    return f"{found}\n{say('evidence.we_say', say=say(key))}" if key in say else found
