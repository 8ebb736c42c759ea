"""The forms, one a module: fields inside, one frozen ``value`` outside."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from workbook.domain.errors import NotFound
from workbook.domain.topics import TOPIC_BY_FORM

if TYPE_CHECKING:
    from workbook.ui.form import Form


def form_class(name: str) -> Callable[..., Form]:
    """Return the class of a form that asks a topic, its module imported on first use.

    The form ``limits`` is ``LimitsForm`` in ``workbook/ui/forms/limits.py``.

    Args:
        name: name of a form in ``TOPIC_BY_FORM``.

    Raises:
        NotFound: if no topic has a form of this name.
        ModuleNotFoundError, AttributeError: if its class is missing.

    """
    if name not in TOPIC_BY_FORM:
        raise NotFound(name=name)
    module = import_module(f"{__name__}.{name}")
    found: Callable[..., Form] = getattr(module, f"{name.title().replace('_', '')}Form")
    return found
