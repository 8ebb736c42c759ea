"""The configuration of Voilà, jupyter_server and jupyter_client, and the page's own files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from traitlets.config import Config

from workbook.serve import guard, static
from workbook.serve.kernels import OwnedKernelManager

TEMPLATE = Path(__file__).parent / "template" / "attune"

PAGE_TIMEOUT_S = 60.0
"""Seconds that a kernel may take to run the whole book, or another notebook."""

CELL_TIMEOUT_S = 20
"""Seconds after which a cell of another notebook is interrupted; the next one is then tried."""

READY_PAGES = 1
"""Pages kept ready without ``--ready``."""


def build_config(
    book: Mapping[str, Any],
    *,
    is_single_notebook: bool,
    said: Mapping[str, str],
    sign_out: str = "",
    max_pages: int,
    ready_pages: int,
    transport: str,
    own_certificate: bool,
    hooks: Mapping[str, Callable[..., None]],
) -> Config:
    """Return all settings of the server.

    Args:
        book: language and chapters, from the metadata of the composed notebook.
        is_single_notebook: whether another notebook is served, whose cells may take long.
        said: words of the page around the chapters.
        sign_out: where its link to sign out leads; blank for no link.
        max_pages: pages at a time, those kept ready included.
        ready_pages: pages kept ready; each is a kernel that waits.
        transport: "ipc" or "tcp", between server and kernels.
        own_certificate: whether pages come over https with the certificate of this computer.
        hooks: what is called for each cell, as ``CellReports.hooks`` returns it.

    """
    return Config(
        {
            "VoilaConfiguration": {
                "template": "base",
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "preheat_kernel": True,
                "default_pool_size": ready_pages,
                "multi_kernel_manager_class": OwnedKernelManager,
                "file_allowlist": ["^$"],
                "show_tracebacks": False,
                # Voilà's keep-alive is an inline script, which the content policy forbids.
                "http_keep_alive_timeout": 3600,
                "resources": {
                    "book": dict(book),
                    "said": dict(said),
                    "sign_out": sign_out,
                    "files": file_addresses(),
                    "style": read_page_text("page.css"),
                    "shell": read_page_text("shell.js"),
                    "own_certificate": own_certificate,
                },
            },
            "OwnedKernelManager": {"max_kernels": max_pages},
            "VoilaExporter": {
                "markdown_renderer_class": "workbook.serve.markdown.ChapterMarkdownRenderer"
            },
            "MappingKernelManager": {
                # No culling: each message of a widget would count as activity. OwnedKernelManager
                # shuts kernels down when their page has gone.
                "buffer_offline_messages": False,
            },
            "Voila": {"identity_provider_class": guard.AnonymousIdentityProvider},
            "KernelManager": {
                "autorestart": False,  # a restarted kernel is empty, and its page looks alive
                "transport": transport,
                # Another user of this computer could listen on a plain kernel socket.
                "transport_encryption": "required",
            },
            "VoilaExecutor": {
                # A cell that raises costs that cell: the widgets need the last one.
                "allow_errors": True,
                "timeout": CELL_TIMEOUT_S if is_single_notebook else int(PAGE_TIMEOUT_S),
                "interrupt_on_timeout": is_single_notebook,
                "error_on_timeout": {
                    "ename": f"it took longer than {CELL_TIMEOUT_S} seconds and was interrupted",
                    "evalue": "",
                    "traceback": [],
                },
                **hooks,
            },
        }
    )


@cache
def page_files() -> dict[str, static.PageFile]:
    """Return the page's scripts and style sheets by file name."""
    return static.load_page_files(TEMPLATE / "static")


def read_page_text(name: str) -> str:
    """Return the text of one of these files; some stand in the page itself."""
    return page_files()[name].body.decode()


def file_addresses() -> dict[str, str]:
    """Return the address of each file by name, as seen from a page of the book.

    It holds the version, so that browsers keep the file.
    """
    files = page_files()
    return {name: f"static/{name}?v={file.version}" for name, file in files.items()}
