"""Shows errors of widget callbacks to the reader."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from ipywidgets import Widget

from workbook.domain.errors import TooLittleMemory, Unexpected, WorkbookError

P = ParamSpec("P")
T = TypeVar("T")
Show = Callable[[WorkbookError], None]
_log = logging.getLogger("workbook")


def show_errors(callback: Callable[P, object], show: Show) -> Callable[P, None]:
    """Return ``callback`` with its errors shown to the reader.

    Without this an error in a widget callback is not shown. An unexpected error is logged
    by type and line only, because its text may quote an answer.
    """

    @wraps(callback)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except WorkbookError as error:
            show(error)
        except MemoryError:
            show(TooLittleMemory())
        except Exception as error:  # noqa: BLE001 - the app's edge: nothing is above
            at = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("%s in %s, line %s", type(error).__name__, at.name, at.lineno)
            show(Unexpected())

    return call


def observe_change(widget: Widget, trait: str, handler: Callable[[T, T], None], show: Show) -> None:
    """Call ``handler`` with the old and the new value on each change; show its errors.

    Args:
        widget: whose trait is observed.
        trait: name of the trait, such as ``"value"``.
        handler: called once for each change.
        show: shows an error to the reader.

    """
    callback = show_errors(handler, show)
    widget.observe(lambda change: callback(change.old, change.new), trait)
