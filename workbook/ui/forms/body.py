"""The health questions about tonight."""

from __future__ import annotations

from workbook.ui.forms.health import HealthForm


class BodyForm(HealthForm):
    """Asks what is so tonight; the answers are asked again on every evening."""

    IS_TONIGHT = True
