"""Two pages and one session: which page guides, which is the pad, and whether each is there."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex

from workbook.app.snapshot import Snapshot
from workbook.content.words import Words
from workbook.domain.errors import VaultError
from workbook.domain.session import GuideBeat, PadBeat, SessionEnd
from workbook.store import cards, sessions
from workbook.store.changes import CommitWatcher
from workbook.store.sessions import StoredSession
from workbook.store.unlocked import UnlockedVault

HEARTBEAT_INTERVAL_S = 1.5
"""Seconds between two heartbeats at least; a page asks every two."""

PEER_TIMEOUT_S = 4.5
"""Seconds without a heartbeat after which another page counts as gone; they come every two."""

BeatKind = type[GuideBeat] | type[PadBeat]


@dataclass(frozen=True, slots=True)
class SessionNews:
    """The session as it is now, and what this page knew of it."""

    session: StoredSession
    is_news: bool
    """Whether another page has written to it since this one last wrote or read it."""


class SessionMonitor:
    """Follows the session of this evening for one page, and keeps its heartbeat.

    Args:
        vault: the unlocked vault of the person at the screen.
        watcher: tells whether anything was committed.

    """

    def __init__(self, vault: UnlockedVault, watcher: CommitWatcher) -> None:
        self._vault, self._watcher = vault, watcher
        self._page = token_hex(8)
        """What this page calls itself beside other pages of the same session."""
        self._current: StoredSession | None = None
        self._read_for: tuple[str, int] | None = None
        """Evening and number of commits that ``_current`` was read for."""
        self._version = 0
        """Of the session, as this page last wrote or read it."""
        self._polled: tuple[int, ...] = ()
        """Session, version and numbers of the heartbeats, as last polled."""
        self._sent_at = float("-inf")
        self._beats: dict[BeatKind, int] = {}
        self._seen_at: dict[BeatKind, float] = {}

    def current(self, evening: str | None) -> StoredSession | None:
        """Return the latest session of the evening; read again once anything was committed."""
        if evening is None:
            return None
        now = evening, self._watcher.data_version()
        if now != self._read_for:
            self._current = sessions.latest_session(self._vault, evening)
            self._read_for = now
        return self._current

    def is_under_way(self, evening: str | None) -> bool:
        """Return whether a session has begun and not ended."""
        running = self.current(evening)
        return running is not None and not running.has_ended

    def note(self, stored: StoredSession) -> SessionNews:
        """Take a session as read just now; say whether another page has written to it."""
        news = SessionNews(stored, stored.saved.version != self._version)
        self._version = stored.saved.version
        return news

    def note_written(self, stored: StoredSession) -> None:
        """Take a session as this page has just written it."""
        self._version = stored.saved.version

    def poll(self, evening: str | None) -> tuple[SessionNews | None, bool]:
        """Return the session, and whether it or a heartbeat is all that has changed.

        The second is True if any page, this one too, has written to a session known
        already, or sent a heartbeat in it.
        """
        running = self.current(evening)
        if running is None or evening is None:
            return None, False
        news, before = self.note(running), self._polled
        with self._vault.reading():
            guide = cards.read_card(self._vault, GuideBeat, evening)
            pad = cards.read_card(self._vault, PadBeat, evening)
        beats: dict[BeatKind, GuideBeat | PadBeat] = {
            GuideBeat: guide.value if guide else GuideBeat(),
            PadBeat: pad.value if pad else PadBeat(),
        }
        self._polled = running.id, running.saved.version, *(b.beat for b in beats.values())
        for kind, sign in beats.items():
            is_peer = sign.page not in ("", self._page)
            if is_peer and sign.beat > self._beats.get(kind, sign.beat):
                self._seen_at[kind] = time.monotonic()
            self._beats[kind] = sign.beat
        return news, self._polled[:1] == before[:1] and self._polled != before

    def send_heartbeat(self, evening: str, kind: BeatKind) -> None:
        """Say that this page guides the session, or is its pad, at most every 1.5 s.

        Where it cannot be written, the other page says that it is alone, as it is.
        """
        now = time.monotonic()
        if now - self._sent_at <= HEARTBEAT_INTERVAL_S:
            return
        self._sent_at = now
        with suppress(VaultError):
            cards.write_beat(self._vault, kind, evening, self._page)

    def is_there(self, kind: BeatKind) -> bool | None:
        """Return whether the page that guides, or the pad, is there; None: there was none."""
        seen = self._seen_at.get(kind)
        return None if seen is None else time.monotonic() - seen < PEER_TIMEOUT_S


def find_end_line(words: Words, before: Snapshot, now: Snapshot) -> str:
    """Return what to say where a session has just ended because a yes no longer holds.

    It names nobody and no cause; empty: nothing of the kind has happened.
    """
    known, ended = before.session, now.session
    if ended is None or not ended.has_ended:
        return ""
    if known is not None and known.id == ended.id and known.has_ended:
        return ""
    how = ended.saved.value.ended
    if how not in (SessionEnd.LAPSED, SessionEnd.CHANGED):
        return ""
    return " ".join(words(f"player.{how}_{part}") for part in ("title", "text"))
