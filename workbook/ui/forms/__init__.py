"""One form per topic: fields inside, one frozen ``value`` outside."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from workbook.domain.topics import topic_for

if TYPE_CHECKING:
    from workbook.ui.form import Form


def form_class(name: str) -> Callable[..., Form]:
    """Return the form class of one topic, its module imported on first use.

    The form of the topic ``limits`` is ``LimitsForm`` in ``workbook/ui/forms/limits.py``.

    Args:
        name: name of a topic that has a form.

    Raises:
        NotFound: if there is no such topic.
        ModuleNotFoundError, AttributeError: if its form class is missing.

    """
    module = import_module(f"{__name__}.{topic_for(name).name}")
    found: Callable[..., Form] = getattr(module, f"{name.title().replace('_', '')}Form")
    return found
