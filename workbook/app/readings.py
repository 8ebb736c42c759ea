"""Forms that are only read: they need no unlocked vault and save nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from workbook.content.guidance import load_guidance, load_resources
from workbook.content.words import Words
from workbook.domain.tables import Tables
from workbook.ui.form import ReferenceForm
from workbook.ui.forms.contexts import ContextsForm
from workbook.ui.forms.do_dont import DoDontForm
from workbook.ui.forms.emergency import EmergencyForm
from workbook.ui.forms.essential_oils import EssentialOilsForm
from workbook.ui.forms.evidence import EvidenceForm
from workbook.ui.forms.learn import LearnForm
from workbook.ui.forms.myths import MythsForm
from workbook.ui.forms.resources import ResourcesForm
from workbook.ui.forms.sheets import SheetsForm
from workbook.ui.forms.sources import SourcesForm
from workbook.ui.forms.ways import WaysForm
from workbook.ui.guard import Show

_MADE: Mapping[str, Callable[[Words, Tables, Show], ReferenceForm]] = {
    "contexts": lambda say, _tables, _show: ContextsForm(say, load_guidance()),
    "myths": lambda say, _tables, _show: MythsForm(say, load_guidance()),
    "do_dont": lambda say, _tables, _show: DoDontForm(say, load_guidance()),
    "ways": lambda say, _tables, _show: WaysForm(say, load_guidance()),
    "evidence": lambda say, _tables, _show: EvidenceForm(say, load_guidance()),
    "emergency": lambda say, _tables, _show: EmergencyForm(say, load_resources()),
    "resources": lambda say, _tables, _show: ResourcesForm(say, load_resources()),
    "sources": lambda say, _tables, show: SourcesForm(say, load_guidance(), show),
    "essential_oils": EssentialOilsForm,
    "sheets": lambda say, _tables, show: SheetsForm(say, partial(_make_sheets, say), show),
    "learn": lambda say, tables, _show: LearnForm(say, tables),
}
FORMS = frozenset(_MADE)
"""Names of the forms to read, as the chapters use them."""
ON_PAPER = FORMS - {"essential_oils", "sheets"}
"""Forms that are printed with their chapter: all but those that ask or offer something."""

BEFORE_UNLOCKING = frozenset({"resources", "learn"})
"""Forms that a page shows before anybody has unlocked it."""


def build_reading(name: str, say: Words, tables: Tables, show: Show) -> ReferenceForm:
    """Return the form of this name; it contains no answer of any person."""
    return _MADE[name](say, tables, show)


def _make_sheets(say: Words, size: str) -> bytes:
    """Return the blank sheets as PDF; what makes them is loaded with the first one."""
    from workbook.paper.booklet import make_paper

    return make_paper(say, load_resources(), size)
