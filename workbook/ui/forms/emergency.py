"""The emergency numbers, in chapters where they may be needed at once."""

from __future__ import annotations

from workbook.content.words import Words
from workbook.domain.guidance import Resources
from workbook.ui.form import ReferenceForm
from workbook.ui.forms.resources import list_numbers
from workbook.ui.widgets.prose import Prose


class EmergencyForm(ReferenceForm):
    """Shows numbers as links, from ``resources.toml``.

    Source: facts, section 13
    """

    def __init__(self, say: Words, resources: Resources) -> None:
        super().__init__([Prose(list_numbers(say, resources), live=False)])
