"""Shortens what the kernel sends when it opens a widget in the app's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import comm

SHIPPED_TRAITS = ("_esm", "_css")
"""Traits with code and styles, which the app's page has in its own script and style sheet."""

_UNSET = ("LayoutModel", "StyleModel")
"""Suffixes of models whose unset traits need not be sent: they are unset in the browser too."""

_plain: Callable[..., Any] | None = None


def leave_out_code() -> None:
    """Open every widget from now on without its code, and layouts without unset traits.

    All forms would send 1.8 MB, of which 1.5 MB are repetitions of a few scripts. Only a
    kernel whose page is the app's may call this.
    """
    global _plain  # noqa: PLW0603 - the way comms are made is one for the whole kernel, too
    if _plain is None:
        _plain = comm.create_comm
        comm.create_comm = _create


def _create(*args: Any, **how: Any) -> Any:
    """Create a comm with a shortened state."""
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
