"""What the kernel sends when it opens a widget, without what the app's page has anyway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import comm

SHIPPED_TRAITS = ("_esm", "_css")
"""Traits with code and styles, which the app's page has in its own script and style sheet."""

_UNSET = ("LayoutModel", "StyleModel")
"""Ends of the names of models whose traits are unset in the browser too where they are here."""

_plain: Callable[..., Any] | None = None


def leave_out_code() -> None:
    """Open every widget from now on without its code, and layouts without unset traits.

    Of the 1.8 MB that all forms would send, a million and a half is the same few scripts
    again and again. Only a kernel whose page is the app's may leave them out.
    """
    global _plain  # noqa: PLW0603 - the way comms are made is one for the whole kernel, too
    if _plain is None:
        _plain = comm.create_comm
        comm.create_comm = _create


def _create(*args: Any, **how: Any) -> Any:
    """Make a comm as before, with a shorter state."""
    assert _plain is not None  # noqa: S101 - set before this function is anybody's
    state = (how.get("data") or {}).get("state")
    if state is not None:
        unset = str(state.get("_model_name", "")).endswith(_UNSET)
        short = {
            name: value
            for name, value in state.items()
            if name not in SHIPPED_TRAITS and not (unset and value is None)
        }
        how["data"] = how["data"] | {"state": short}
    return _plain(*args, **how)
