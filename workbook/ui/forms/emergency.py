"""The emergency number, in chapters where it may be needed at once."""

from __future__ import annotations

from workbook.content.words import Words
from workbook.domain.guidance import Resources
from workbook.ui.form import ReferenceForm
from workbook.ui.forms.resources import make_helplines


class EmergencyForm(ReferenceForm):
    """Shows the number as a link, from ``resources.toml``.

    Source: facts, section 13
    """

    def __init__(self, say: Words, resources: Resources) -> None:
        super().__init__([make_helplines(say, resources, ())])
