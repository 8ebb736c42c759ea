"""What a page may say to its kernel: each websocket frame is read here before anything else is."""

from __future__ import annotations

import json
import logging
import re
import time
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

PROTOCOL = "v1.kernel.websocket.jupyter.org"
"""The only way of packing a message into a frame that is spoken here."""

MESSAGES = (
    "comm_open",
    "comm_close",
    "comm_msg",
    "comm_info_request",
    "kernel_info_request",
)
"""What a page may send. jupyter_server has the same list; an empty one would mean: anything."""

CHANNELS = (b"shell", b"control")
TARGET = "jupyter.widget.control"
"""The one comm a page opens itself: it asks for the state of all widgets."""

SIZE = 256 * 1024
"""Bytes of the largest frame."""

FRAMES = 400
WINDOW = 10.0
"""At most ``FRAMES`` frames in any ``WINDOW`` seconds on one connection."""

ENTRIES = range(6, 33)
"""Offsets a frame may declare: the channel, four parts in JSON and the end are six."""

DEPTH = 64
"""How deep arrays and objects lie in one another; far below where a parser gives up."""

BRACKETS = 10_000
"""Arrays and objects in one part at most; the largest form has a few hundred."""

POLICY_VIOLATION = 1008
"""Close code of RFC 6455 for a frame that is refused."""

_WORD = 8
_PARTS = ("header", "parent header", "metadata", "content")
# Possessive, and content with a string that never ends: linear, whatever comes.
_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)

_log = logging.getLogger(__name__)


class Refused(Exception):
    """A frame that goes no further; ``args[0]`` says why, and quotes nothing of it."""


class Rate:
    """Counts the frames of one connection.

    Args:
        clock: seconds that never go back.

    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=FRAMES)

    def count(self) -> None:
        """Take one more frame into account.

        Raises:
            Refused: if it is one more than ``FRAMES`` within ``WINDOW`` seconds.

        """
        now = self._clock()
        if len(self._times) == FRAMES and now - self._times[0] < WINDOW:
            raise Refused("too many frames")
        self._times.append(now)


def check(frame: bytes | str, protocol: str | None) -> None:
    """Return if ``frame`` may go to the kernel.

    Args:
        frame: one whole websocket message; text is a ``str``.
        protocol: what both ends agreed on when the connection opened.

    Raises:
        Refused: if it may not.

    """
    if protocol != PROTOCOL:
        raise Refused("another protocol")
    if not isinstance(frame, bytes):
        raise Refused("text")
    if len(frame) > SIZE:
        raise Refused("too large")
    channel, *parts = _cut(frame)
    if channel not in CHANNELS:
        raise Refused("channel")
    header, *_, content = (_object(part, name) for part, name in zip(parts, _PARTS, strict=False))
    if not isinstance(header.get("msg_id"), str):
        raise Refused("header without an id")
    kind = header.get("msg_type")
    if kind not in MESSAGES:
        raise Refused("message type")
    if kind == "comm_open" and content.get("target_name") != TARGET:
        raise Refused("comm target")


def _cut(frame: bytes) -> list[bytes]:
    """Return channel and parts, where every count and offset fits inside the frame.

    Raises:
        Refused: if one does not.

    """
    declared = int.from_bytes(frame[:_WORD], "little")
    first = _WORD * (declared + 1)
    if declared not in ENTRIES or len(frame) < first:
        raise Refused("offset table")
    offsets = [
        int.from_bytes(frame[at : at + _WORD], "little") for at in range(_WORD, first, _WORD)
    ]
    if offsets[0] != first or offsets[-1] != len(frame) or offsets != sorted(offsets):
        raise Refused("offsets")
    return [frame[start:end] for start, end in pairwise(offsets)]


def _object(part: bytes, name: str) -> dict[str, Any]:
    """Return a part of a message as the one thing that every reader takes it for.

    Raises:
        Refused: if it is not one JSON object in UTF-8, says a key twice, or is too deep.

    """
    if _too_deep(part):
        raise Refused(f"{name} too deep")
    try:
        value = json.loads(
            part.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant
        )
    except ValueError:
        raise Refused(f"{name} not readable") from None
    if not isinstance(value, dict):
        raise Refused(f"{name} not an object")
    return value


def _too_deep(part: bytes) -> bool:
    """Look at brackets alone, outside strings: no parser has to survive a bomb."""
    brackets = part.count(b"[") + part.count(b"{")
    if brackets <= DEPTH or brackets > BRACKETS:
        return brackets > BRACKETS
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(part):
        if found[0] in {b"[", b"{"}:
            depth += 1
        elif found[0] in {b"]", b"}"}:
            depth -= 1
        if depth > DEPTH:
            return True
    return False


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError
    return value


def _no_constant(_name: str) -> None:
    """NaN and its like are no JSON, though Python reads them."""
    raise ValueError


class FilteredConnection(ZMQChannelsWebsocketConnection):
    """The stock connection behind the filter.

    The first frame that is refused is the last one that is looked at.
    """

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._rate = Rate()
        self._refused = False

    def handle_incoming_message(self, incoming_msg: bytes | str) -> None:  # type: ignore[override]
        if self._refused:
            return
        try:
            self._rate.count()
            check(incoming_msg, self.subprotocol)
        except Refused as refused:
            self._refused = True
            _log.error("A page's connection was closed: %s", refused.args[0])
            self.websocket_handler.close(POLICY_VIOLATION, "refused")
            return
        super().handle_incoming_message(incoming_msg)  # type: ignore[arg-type]
