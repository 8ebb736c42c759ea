"""Which browsers may reach the book: single-use codes, and the sessions they were changed for.

Pairing lets a browser in; it opens no answers, that takes a passphrase.
Everything here lives in memory and ends with the launcher.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable

from tornado.httputil import HTTPServerRequest

CODE_LIFETIME_S = 300.0
"""Seconds that a code is valid."""

MAX_CHECKS_PER_WINDOW = 10
"""Most codes that are looked at within ``CHECK_WINDOW_S``, over all clients together."""

CHECK_WINDOW_S = 60.0
"""Seconds over which checks, and new codes asked for from a page, are counted."""

_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
"""Crockford's base 32 has no letter that looks like another; whoever types one is understood."""

_GROUP_COUNT = 7
_GROUP_SYMBOLS = 4
"""Seven groups of four symbols with 5 bits each are 140 bits; 128 are beyond guessing."""


class TooManyChecks(Exception):
    """So many codes were tried within a minute that none is looked at for now."""


class TooManyCodes(Exception):
    """A page asked for a new code less than a minute ago."""


class Devices:
    """The browsers that were paired with this run of the launcher.

    Args:
        port: the launcher's port. Cookies are not kept apart by port, so it is in their names.
        clock: seconds that never go back.

    """

    def __init__(self, port: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.cookie = f"attune-{port}"
        """Name of the cookie that holds the session id; no script may read it."""
        self.xsrf_cookie = f"attune-xsrf-{port}"
        """Name of the cookie that holds what the device's own pages send back as ``_xsrf``."""
        self._clock = clock
        self._codes: dict[bytes, float] = {}
        self._checks: deque[float] = deque(maxlen=MAX_CHECKS_PER_WINDOW)
        self._asked = -CHECK_WINDOW_S
        self._sessions: dict[bytes, str] = {}

    def make_code(self) -> str:
        """Make a code that pairs one browser, once, within ``CODE_LIFETIME_S`` seconds.

        Seven groups of four letters and digits, joined by hyphens; only its hash is kept.
        """
        self._drop_expired_codes()
        groups = (
            "".join(secrets.choice(_SYMBOLS) for _ in range(_GROUP_SYMBOLS))
            for _ in range(_GROUP_COUNT)
        )
        code = "-".join(groups)
        self._codes[_hash_secret(_normalize_code(code))] = self._clock() + CODE_LIFETIME_S
        return code

    def make_code_for_page(self) -> str:
        """Make a code because a page that has none asked for it.

        Raises:
            TooManyCodes: if one was made for a page less than ``CHECK_WINDOW_S`` seconds ago.

        """
        if self._clock() - self._asked < CHECK_WINDOW_S:
            raise TooManyCodes
        self._asked = self._clock()
        return self.make_code()

    def pair_device(self, code: str) -> str | None:
        """Return the session id of a new device, or None if ``code`` is wrong, used or expired.

        Raises:
            TooManyChecks: if ``MAX_CHECKS_PER_WINDOW`` codes were checked in the last
                ``CHECK_WINDOW_S`` seconds; a right code is refused as well, and stays valid.

        """
        now = self._clock()
        if len(self._checks) == MAX_CHECKS_PER_WINDOW and now - self._checks[0] < CHECK_WINDOW_S:
            raise TooManyChecks
        self._checks.append(now)
        self._drop_expired_codes()
        said = _hash_secret(_normalize_code(code))
        # Each is compared in full, so that the time tells nothing.
        found = [kept for kept in self._codes if hmac.compare_digest(kept, said)]
        if not found:
            return None
        del self._codes[found[0]]
        return self.add_device()

    def add_device(self) -> str:
        """Return the session id of a new device; who has no code must not come here."""
        session = secrets.token_urlsafe(32)
        self._sessions[_hash_secret(session)] = secrets.token_hex(8)
        return session

    def device_for(self, request: HTTPServerRequest) -> str | None:
        """Return the id of the device that ``request`` comes from, or None if it is not paired."""
        return self._sessions.get(_hash_secret(self._session(request)))

    def list_devices(self) -> tuple[str, ...]:
        """Return the ids of all paired devices, in the order they came."""
        return tuple(self._sessions.values())

    def remove_device(self, device: str) -> None:
        """Un-pair ``device``; its cookies open nothing from now on. An unknown id is none."""
        self._sessions = {kept: each for kept, each in self._sessions.items() if each != device}

    def xsrf_token(self, session: str) -> str:
        """Return what pages of the device with this session id send back as ``_xsrf``.

        It follows from the session id, and the session id does not follow from it.
        """
        return hmac.new(session.encode(), b"xsrf", hashlib.sha256).hexdigest()

    def check_xsrf(self, request: HTTPServerRequest, xsrf: str) -> bool:
        """Whether a paired device sent ``request``, and its own page said ``xsrf``."""
        own = self.xsrf_token(self._session(request))
        return self.device_for(request) is not None and hmac.compare_digest(
            own.encode(), xsrf.encode()
        )

    def _session(self, request: HTTPServerRequest) -> str:
        cookie = request.cookies.get(self.cookie)
        return cookie.value if cookie else ""

    def _drop_expired_codes(self) -> None:
        now = self._clock()
        self._codes = {kept: until for kept, until in self._codes.items() if now < until}


def _normalize_code(code: str) -> str:
    """``code`` as it was made, however somebody typed it."""
    return "".join(filter(str.isalnum, code.upper())).translate(_LOOKALIKES)


def _hash_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
