"""Which browsers may reach the book: single-use codes, and the sessions of paired devices.

Pairing lets a browser load the page; answers stay locked with a passphrase.
Everything here is kept in memory and ends with the launcher.
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
"""Codes of one address that are checked within ``CHECK_WINDOW_S`` at most.

Counted for each address, so that nobody keeps anybody else out: 140 bits need no throttle.
"""

CHECK_WINDOW_S = 60.0
"""Window for counting checks and codes requested by pages, in seconds."""

_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
"""Letters that Crockford's base 32 leaves out, and the digits they are read as."""

_GROUP_COUNT = 7
_GROUP_SYMBOLS = 4
"""Seven groups of four symbols with 5 bits each are 140 bits; 128 are beyond guessing."""


class TooManyChecks(Exception):
    """Too many codes of one address were tried within ``CHECK_WINDOW_S``; none is checked now."""


class TooManyCodes(Exception):
    """A page of this address requested a code less than ``CHECK_WINDOW_S`` seconds ago."""


def count_seconds() -> float:
    """Return monotonic seconds that go on while the computer sleeps.

    Those of ``time.monotonic`` stand still then, on Linux and macOS; so would a code that is
    valid for five minutes.
    """
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # the second counts sleep on macOS
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()  # on Windows it counts sleep


class Devices:
    """The browsers that were paired with this run of the launcher.

    Args:
        port: port of the launcher; part of the cookie names, since browsers share cookies
            between ports.
        clock: returns monotonic seconds that count sleep as well.

    """

    def __init__(self, port: int, clock: Callable[[], float] = count_seconds) -> None:
        self.cookie = f"attune-{port}"
        """Name of the cookie with the session id; it is HttpOnly."""
        self.xsrf_cookie = f"attune-xsrf-{port}"
        """Name of the cookie with the XSRF token, which pages send back as ``_xsrf``."""
        self.probe_cookie = f"attune-try-{port}"
        """Name of a cookie that the pairing page sets, to see whether the browser keeps any."""
        self._clock = clock
        self._codes: dict[bytes, float] = {}
        self._checks: dict[str, deque[float]] = {}
        self._page_codes: dict[str, float] = {}
        """When each address last got a code for its page."""
        self._sessions: dict[bytes, str] = {}

    def make_code(self) -> str:
        """Return a new code that pairs one browser, once, within ``CODE_LIFETIME_S`` seconds.

        It has seven groups of four letters and digits, joined by hyphens. Only its hash is
        kept.
        """
        self._drop_expired_codes()
        groups = (
            "".join(secrets.choice(_SYMBOLS) for _ in range(_GROUP_SYMBOLS))
            for _ in range(_GROUP_COUNT)
        )
        code = "-".join(groups)
        self._codes[_hash_secret(_normalize_code(code))] = self._clock() + CODE_LIFETIME_S
        return code

    def make_code_for_page(self, address: str = "") -> str:
        """Return a new code at the request of an unpaired page.

        Args:
            address: where the request came from.

        Raises:
            TooManyCodes: if one was made for a page of this address less than
                ``CHECK_WINDOW_S`` seconds ago.

        """
        now = self._clock()
        recent = {each: at for each, at in self._page_codes.items() if now - at < CHECK_WINDOW_S}
        if address in recent:
            raise TooManyCodes
        self._page_codes = recent | {address: now}
        return self.make_code()

    def pair_device(self, code: str, address: str = "") -> str | None:
        """Return the session id of a new device, or None if ``code`` is wrong, used or expired.

        Args:
            code: as typed.
            address: where the request came from.

        Raises:
            TooManyChecks: if ``MAX_CHECKS_PER_WINDOW`` codes of this address were checked in
                the last ``CHECK_WINDOW_S`` seconds; a right code is refused as well, and
                stays valid.

        """
        self._count_check(address)
        self._drop_expired_codes()
        typed = _hash_secret(_normalize_code(code))
        # Every hash is compared in constant time, so that timing reveals nothing.
        found = [kept for kept in self._codes if hmac.compare_digest(kept, typed)]
        if not found:
            return None
        del self._codes[found[0]]
        return self.add_device()

    def _count_check(self, address: str) -> None:
        now = self._clock()
        self._checks = {
            each: tries for each, tries in self._checks.items() if now - tries[-1] < CHECK_WINDOW_S
        }
        tries = self._checks.setdefault(address, deque(maxlen=MAX_CHECKS_PER_WINDOW))
        if len(tries) == MAX_CHECKS_PER_WINDOW and now - tries[0] < CHECK_WINDOW_S:
            raise TooManyChecks
        tries.append(now)

    def add_device(self) -> str:
        """Return the session id of a new device. Call it only after a valid code."""
        session = secrets.token_urlsafe(32)
        self._sessions[_hash_secret(session)] = secrets.token_hex(8)
        return session

    def device_for(self, request: HTTPServerRequest) -> str | None:
        """Return the id of the device that sent ``request``, or None if it is not paired."""
        return self._sessions.get(_hash_secret(self._session_id(request)))

    def list_devices(self) -> tuple[str, ...]:
        """Return the ids of all paired devices in the order of pairing."""
        return tuple(self._sessions.values())

    def remove_device(self, device: str) -> None:
        """Un-pair ``device``, so that its cookies are invalid; an unknown id is ignored."""
        self._sessions = {kept: each for kept, each in self._sessions.items() if each != device}

    def xsrf_token(self, session: str) -> str:
        """Return the XSRF token of the device with this session id.

        It is derived one way: the session id cannot be computed from it.
        """
        return hmac.new(session.encode(), b"xsrf", hashlib.sha256).hexdigest()

    def check_xsrf(self, request: HTTPServerRequest, xsrf: str) -> bool:
        """Whether a paired device sent ``request`` and ``xsrf`` is the token of that device."""
        own = self.xsrf_token(self._session_id(request))
        return self.device_for(request) is not None and hmac.compare_digest(
            own.encode(), xsrf.encode()
        )

    def _session_id(self, request: HTTPServerRequest) -> str:
        cookie = request.cookies.get(self.cookie)
        return cookie.value if cookie else ""

    def _drop_expired_codes(self) -> None:
        now = self._clock()
        self._codes = {kept: until for kept, until in self._codes.items() if now < until}


def _normalize_code(code: str) -> str:
    """Return a typed code without hyphens and spaces, in capitals, lookalikes replaced."""
    return "".join(filter(str.isalnum, code.upper())).translate(_LOOKALIKES)


def _hash_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
