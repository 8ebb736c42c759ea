"""What the server logs: one line for each error, without its text, and none in a loop."""

from __future__ import annotations

import logging
import time

from workbook.serve.terminal import escape_log_lines

MAX_SAME_LINES = 3
"""How often one line is written within ``WINDOW_S``."""

WINDOW_S = 60.0


class RepeatFilter(logging.Filter):
    """Lets the same line through a few times a minute, and no more."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, int], list[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is written."""
        now = time.monotonic()
        place = (record.pathname, record.lineno)
        if len(self._seen) > 1000:
            self._seen.clear()
        seen = [at for at in self._seen.get(place, ()) if now - at < WINDOW_S]
        self._seen[place] = [*seen, now][-MAX_SAME_LINES - 1 :]
        return len(seen) < MAX_SAME_LINES


LOGGING = {
    "filters": {"repeats": {"()": "workbook.serve.logs.RepeatFilter"}},
    "handlers": {"console": {"filters": ["repeats"]}},
}
"""What a Jupyter application's own handler is configured with."""


def configure_logging() -> None:
    """Write errors on stderr, one line each."""
    escape_log_lines()
    handler = logging.StreamHandler()
    handler.addFilter(RepeatFilter())
    logging.basicConfig(level=logging.ERROR, format="%(message)s", handlers=[handler])
