"""Filters the websocket frames from a page before anything else reads them."""

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

WEBSOCKET_PROTOCOL = "v1.kernel.websocket.jupyter.org"
"""The only websocket subprotocol that is accepted."""

ALLOWED_MESSAGE_TYPES = (
    "comm_open",
    "comm_close",
    "comm_msg",
    "comm_info_request",
    "kernel_info_request",
)
"""Message types that a page may send. jupyter_server gets the same list; empty means any type."""

ALLOWED_CHANNELS = (b"shell", b"control")
WIDGET_CONTROL_TARGET = "jupyter.widget.control"
"""The only comm target that a page may open; it requests the state of all widgets."""

MAX_FRAME_BYTES = 256 * 1024
"""Size of the largest accepted frame, in bytes."""

MAX_FRAMES_PER_WINDOW = 400
RATE_WINDOW_S = 10.0
"""At most ``MAX_FRAMES_PER_WINDOW`` frames in any ``RATE_WINDOW_S`` seconds on one connection."""

OFFSET_COUNTS = range(6, 33)
"""Accepted numbers of offsets in a frame; channel, four parts in JSON and the end make six."""

MAX_JSON_DEPTH = 64
"""Accepted nesting of arrays and objects; far below the limit of the JSON parser."""

MAX_JSON_CONTAINERS = 10_000
"""Accepted number of arrays and objects in one part; the largest form has a few hundred."""

POLICY_VIOLATION = 1008
"""Websocket close code (RFC 6455) after a refused frame."""

_OFFSET_BYTES = 8
_PART_NAMES = ("header", "parent header", "metadata", "content")
# Possessive quantifiers and an optional closing quote: linear time for any input.
_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)

_HEADER_FIELDS = frozenset({"msg_id", "msg_type", "session", "username", "date", "version"})
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PLAIN = re.compile(r"[A-Za-z0-9_ :.,+-]{0,64}")

_log = logging.getLogger(__name__)


class FrameRefused(Exception):
    """A frame is not passed on; ``args[0]`` is the reason, without any content of the frame."""


class FrameRateLimit:
    """Counts the frames of one connection.

    Args:
        clock: returns monotonic seconds.

    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=MAX_FRAMES_PER_WINDOW)

    def count_frame(self) -> None:
        """Count one frame.

        Raises:
            FrameRefused: after ``MAX_FRAMES_PER_WINDOW`` within ``RATE_WINDOW_S`` seconds.

        """
        now = self._clock()
        if len(self._times) == MAX_FRAMES_PER_WINDOW and now - self._times[0] < RATE_WINDOW_S:
            raise FrameRefused("too many frames")
        self._times.append(now)


def check_frame(frame: bytes | str, protocol: str | None) -> None:
    """Return if ``frame`` may be passed to the kernel.

    Args:
        frame: one whole websocket message; text is a ``str``.
        protocol: the subprotocol that was negotiated; None without one.

    Raises:
        FrameRefused: otherwise.

    """
    if protocol != WEBSOCKET_PROTOCOL:
        raise FrameRefused("another protocol")
    if not isinstance(frame, bytes):
        raise FrameRefused("text")
    if len(frame) > MAX_FRAME_BYTES:
        raise FrameRefused("too large")
    channel, *parts = _split_frame(frame)
    if channel not in ALLOWED_CHANNELS:
        raise FrameRefused("channel")
    header, parent, _, content = (
        _parse_object(part, name) for part, name in zip(parts, _PART_NAMES, strict=False)
    )
    if parent:
        raise FrameRefused("parent header")
    _check_header(header)
    kind = header.get("msg_type")
    if kind not in ALLOWED_MESSAGE_TYPES:
        raise FrameRefused("message type")
    if not _is_id(content.get("comm_id", "x")):
        raise FrameRefused("comm id")
    if kind == "comm_open" and content.get("target_name") != WIDGET_CONTROL_TARGET:
        raise FrameRefused("comm target")


def _check_header(header: dict[str, Any]) -> None:
    """Return if a header has the fields of a page's messages and no others, in plain characters.

    What is in them reaches the log of a kernel, and a ``subshell_id`` stops it for good.

    Raises:
        FrameRefused: otherwise.

    """
    if "msg_id" not in header:
        raise FrameRefused("header without an id")
    if not header.keys() <= _HEADER_FIELDS:
        raise FrameRefused("header field")
    if not all(_is_id(header.get(name, "x")) for name in ("msg_id", "session")):
        raise FrameRefused("header id")
    rest = (header.get(name, "") for name in ("username", "date", "version"))
    if not all(isinstance(said, str) and _PLAIN.fullmatch(said) for said in rest):
        raise FrameRefused("header text")


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _split_frame(frame: bytes) -> list[bytes]:
    """Return the channel and the parts of a frame.

    Raises:
        FrameRefused: if a count or an offset points outside the frame.

    """
    declared = int.from_bytes(frame[:_OFFSET_BYTES], "little")
    first = _OFFSET_BYTES * (declared + 1)
    if declared not in OFFSET_COUNTS or len(frame) < first:
        raise FrameRefused("offset table")
    offsets = [
        int.from_bytes(frame[at : at + _OFFSET_BYTES], "little")
        for at in range(_OFFSET_BYTES, first, _OFFSET_BYTES)
    ]
    if offsets[0] != first or offsets[-1] != len(frame) or offsets != sorted(offsets):
        raise FrameRefused("offsets")
    return [frame[start:end] for start, end in pairwise(offsets)]


def _parse_object(part: bytes, name: str) -> dict[str, Any]:
    """Return a part of a message, decoded so that no two parsers can read it differently.

    Raises:
        FrameRefused: if it is not one JSON object in UTF-8, has a duplicate key or NaN, or is
            nested too deep.

    """
    if _is_too_deep(part):
        raise FrameRefused(f"{name} too deep")
    try:
        value = json.loads(
            part.decode("utf-8"),
            object_pairs_hook=_refuse_duplicate_keys,
            parse_constant=_refuse_constant,
        )
    except ValueError:
        raise FrameRefused(f"{name} not readable") from None
    if not isinstance(value, dict):
        raise FrameRefused(f"{name} not an object")
    return value


def _is_too_deep(part: bytes) -> bool:
    """Whether brackets outside strings are nested too deep; decided before any parser runs."""
    brackets = part.count(b"[") + part.count(b"{")
    if brackets <= MAX_JSON_DEPTH or brackets > MAX_JSON_CONTAINERS:
        return brackets > MAX_JSON_CONTAINERS
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(part):
        if found[0] in {b"[", b"{"}:
            depth += 1
        elif found[0] in {b"]", b"}"}:
            depth -= 1
        if depth > MAX_JSON_DEPTH:
            return True
    return False


def _refuse_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError
    return value


def _refuse_constant(_name: str) -> None:
    """Refuse NaN and infinities, which Python parses although they are not JSON."""
    raise ValueError


class FilteredConnection(ZMQChannelsWebsocketConnection):
    """The stock connection, with every frame from the page filtered.

    The connection closes at the first refused frame; later frames are ignored.
    """

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._rate_limit = FrameRateLimit()
        self._refused = False

    def handle_incoming_message(self, incoming_msg: bytes | str) -> None:  # type: ignore[override]
        if self._refused:
            return
        try:
            self._rate_limit.count_frame()
            check_frame(incoming_msg, self.subprotocol)
        except FrameRefused as refused:
            self._refused = True
            _log.error("A page's connection was closed: %s", refused.args[0])
            self.websocket_handler.close(POLICY_VIOLATION, "refused")
            return
        super().handle_incoming_message(incoming_msg)  # type: ignore[arg-type]
