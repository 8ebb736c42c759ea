"""The entry of the book in jupyter-server-proxy: how a Jupyter server starts it."""

from __future__ import annotations

import sys
from typing import Any

NAME = "attune"
"""Name of the entry point in pyproject.toml; the book is below this path of the server."""


def describe_server() -> dict[str, Any]:
    """Return what jupyter-server-proxy needs to know.

    The book listens on a Unix socket in a folder that jupyter-server-proxy makes for this user
    alone, so that every request has passed the Jupyter server's own login.
    """
    return {
        "command": [
            sys.executable,
            *("-m", "workbook", "proxied"),
            *("--socket", "{unix_socket}", "--prefix", f"{{base_url}}{NAME}/"),
        ],
        "unix_socket": True,
        "timeout": 90,
        "launcher_entry": {"title": "Attune", "category": "Other"},
    }
