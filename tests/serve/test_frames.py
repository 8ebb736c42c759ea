"""What passes the frame filter: as a pure function, and on the socket of a running server."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.websocket import WebSocketClosedError

from tests.aside import aside
from tests.serve.running import (
    Server,
    message,
    packed,
    running,
    states_request,
    unpacked,
)
from workbook.serve.frames import (
    ALLOWED_CHANNELS,
    ALLOWED_MESSAGE_TYPES,
    MAX_FRAME_BYTES,
    MAX_FRAMES_PER_WINDOW,
    MAX_JSON_CONTAINERS,
    MAX_JSON_DEPTH,
    RATE_WINDOW_S,
    WEBSOCKET_PROTOCOL,
    FrameRateLimit,
    FrameRefused,
    check_frame,
)

KINDS = (
    "execute_request",
    "inspect_request",
    "complete_request",
    "history_request",
    "is_complete_request",
    "connect_request",
    "comm_info_request",
    "kernel_info_request",
    "shutdown_request",
    "interrupt_request",
    "debug_request",
    "input_reply",
    "comm_open",
    "comm_msg",
    "comm_close",
    "create_subshell_request",
    "delete_subshell_request",
    "list_subshell_request",
    "usage_request",
    "apply_request",
    "clear_request",
    "abort_request",
    "execute_input",
    "execute_reply",
    "stream",
    "display_data",
    "status",
    "error",
)
"""What the Jupyter protocol and ipykernel know as a question, and a few answers."""

SPELLINGS = (
    "Execute_request",
    "EXECUTE_REQUEST",
    "execute_request ",
    " execute_request",
    "execute_request\0",
    "execute\u200b_request",
    "ехecute_request",  # noqa: RUF001 - two letters of it are Cyrillic
    "comm_msg ",
    "comm_msg\0",
    "Comm_Msg",
    "comm_msg\n",
    ["comm_msg"],
    {"comm_msg": 1},
    None,
    5,
)

FINE = packed("shell", *message("comm_msg", {"comm_id": "a", "data": {}}))


def with_header(header: bytes) -> bytes:
    return packed("shell", header, b"{}", b"{}", b"{}")


def passes(frame: bytes | str, protocol: str | None = WEBSOCKET_PROTOCOL) -> bool:
    try:
        check_frame(frame, protocol)
    except FrameRefused:
        return False
    return True


# ---- The pure function ----


@pytest.mark.parametrize("kind", ALLOWED_MESSAGE_TYPES)
@pytest.mark.parametrize("channel", ["shell", "control"])
def test_what_a_page_says_passes(kind, channel):
    assert passes(packed(channel, *message(kind, {"target_name": "jupyter.widget.control"})))


def test_buffers_pass():
    assert passes(packed("shell", *message("comm_msg"), b"\xff\xfe", b"["))


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in ALLOWED_MESSAGE_TYPES] + [*SPELLINGS]
)
def test_another_type_is_refused(kind):
    assert not passes(packed("shell", *message("comm_msg", msg_type=kind)))


@pytest.mark.parametrize(
    "channel", ["stdin", "iopub", "hb", "", "Shell", "shell ", "shell\0", b"\xff", "control\n"]
)
def test_another_channel_is_refused(channel):
    assert not passes(packed(channel, *message("comm_msg")))


@pytest.mark.parametrize("protocol", [None, "", "v1.kernel.websocket.jupyter.org ", "v2"])
def test_another_protocol_is_refused(protocol):
    assert not passes(FINE, protocol)


def test_text_is_refused():
    assert not passes(json.dumps({"channel": "shell", "header": {"msg_type": "comm_msg"}}))


@pytest.mark.parametrize(
    "more",
    [
        {"subshell_id": "nope"},
        {"subshell_id": None},
        {"anything": 1},
        {"msg_id": "\ud800"},
        {"msg_id": "\x1b]0;OWNED\x07"},
        {"msg_id": ""},
        {"msg_id": "a" * 65},
        {"msg_id": "a\n"},
        {"msg_id": None},
        {"session": "page\n"},
        {"session": 5},
        {"username": "\x1b[2J"},
        {"username": "\u202e"},
        {"date": "\r\n"},
        {"date": None},
        {"version": ["5.4"]},
    ],
    ids=str,
)
def test_a_header_has_the_fields_of_a_page_in_plain_characters(more):
    """What is in it reaches a kernel's log, and some of it stops a kernel for good."""
    assert passes(FINE)
    assert not passes(packed("shell", *message("comm_msg", {"comm_id": "a"}, **more)))


@pytest.mark.parametrize("comm", ["\udfff", "", "a b", "a\0", None, 5, ["a"], "a" * 65])
def test_an_id_is_plain(comm):
    assert not passes(packed("shell", *message("comm_msg", {"comm_id": comm, "data": {}})))


def test_a_page_answers_nothing():
    head, _, told, content = message("comm_msg", {"comm_id": "a"})

    assert not passes(packed("shell", head, b'{"msg_id": "a"}', told, content))


@pytest.mark.parametrize("target", ["jupyter.widget", "", "Jupyter.widget.control", None, 1, []])
def test_a_page_opens_no_widget(target):
    assert not passes(packed("shell", *message("comm_open", {"target_name": target})))


@pytest.mark.parametrize(
    "header",
    [
        b'{"msg_id": "a", "msg_type": "execute_request", "msg_type": "comm_msg"}',
        b'{"msg_id": "a", "msg_type": "comm_msg", "msg_type": "execute_request"}',
        b'{"msg_id": "a", "msg_type": "comm_msg", "\\u006dsg_type": "execute_request"}',
        b'{"msg_id": "a", "msg_type": "comm_msg", "x": {"y": 1, "y": 2}}',
    ],
)
def test_a_key_said_twice_is_refused(header):
    assert not passes(with_header(header))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"comm_msg"',
        b"\xff\xfe{}",
        b'\xef\xbb\xbf{"msg_id": "a", "msg_type": "comm_msg"}',
        b'{"msg_id": "a", "msg_type": "comm_msg"}'.decode().encode("utf-16"),
        b'{"msg_id": "a", "msg_type": "comm_msg"} {}',
        b'{"msg_id": "a", "msg_type": "comm_msg", "x": NaN}',
        b'{"msg_id": "a", "msg_type": "comm_msg", "x": ' + b"9" * 5000 + b"}",
        b'{"msg_type": "comm_msg"}',
        b'{"msg_id": 1, "msg_type": "comm_msg"}',
        b"{}",
    ],
)
def test_an_unreadable_header_is_refused(header):
    assert not passes(with_header(header))


@pytest.mark.parametrize("part", range(4))
def test_each_part_is_read(part):
    parts = list(message("comm_msg"))
    parts[part] = b"{"

    assert not passes(packed("shell", *parts))


def nested(depth: int) -> bytes:
    return b'{"a": ' * depth + b"1" + b"}" * depth


def test_depth_is_counted_outside_strings():
    kind, *rest = message("comm_msg")

    assert passes(packed("shell", kind, rest[0], rest[1], nested(MAX_JSON_DEPTH)))
    assert not passes(packed("shell", kind, rest[0], rest[1], nested(MAX_JSON_DEPTH + 1)))
    brackets = json.dumps({"text": '\\"[{' * 1000}).encode()
    assert passes(packed("shell", kind, rest[0], rest[1], brackets))


def test_a_part_holds_so_many_lists_at_most():
    kind, *rest = message("comm_msg")

    for lists, fine in ((MAX_JSON_CONTAINERS - 2, True), (MAX_JSON_CONTAINERS - 1, False)):
        content = json.dumps({"data": [[]] * lists}).encode()
        assert passes(packed("shell", kind, rest[0], rest[1], content)) is fine


@pytest.mark.parametrize(
    "bomb",
    [b"[" * 200_000, b'{"a":' * 40_000, b'"' + b'\\"' * 100_000, b'"["' * 60_000, b"[]" * 120_000],
    ids=["lists", "objects", "quotes", "strings", "pairs"],
)
def test_a_bomb_is_refused(bomb):
    kind, *rest = message("comm_msg")

    assert not passes(packed("shell", kind, rest[0], rest[1], bomb))


def test_a_frame_has_a_largest_size():
    parts = message("comm_msg")
    rest = MAX_FRAME_BYTES - len(packed("shell", *parts, b""))

    assert passes(packed("shell", *parts, bytes(rest)))
    assert not passes(packed("shell", *parts, bytes(rest + 1)))


def words(frame: bytes) -> list[int]:
    """The count and the offsets behind it."""
    count = int.from_bytes(frame[:8], "little")
    return [int.from_bytes(frame[at : at + 8], "little") for at in range(0, 8 * count + 8, 8)]


def rewritten(numbers: list[int]) -> bytes:
    table = b"".join(number.to_bytes(8, "little") for number in numbers)
    return table + FINE[len(table) :]


@pytest.mark.parametrize("at", range(7))
@pytest.mark.parametrize("change", [1, -1, 8, -8, 10**6, 2**63])
def test_a_count_or_offset_that_does_not_fit_is_refused(at, change):
    numbers = words(FINE)
    changed = (numbers[at] + change) % 2**64
    frame = rewritten([*numbers[:at], changed, *numbers[at + 1 :]])

    # Moving an inner border by a byte may still fit; then the parts are no JSON.
    assert not passes(frame)


def test_nothing_lies_between_the_table_and_the_first_offset():
    count, *offsets = words(FINE)
    table = b"".join(word.to_bytes(8, "little") for word in (count, *(at + 8 for at in offsets)))

    assert not passes(table + bytes(8) + FINE[len(table) :])


def test_an_offset_before_the_one_before_it_is_refused():
    frame = packed("shell", *message("comm_msg"), b"first", b"second")
    count, *offsets = words(frame)
    last_but_one = 8 * count - 8

    back = frame[:last_but_one] + offsets[0].to_bytes(8, "little") + frame[last_but_one + 8 :]

    assert passes(frame)
    assert not passes(back)


@pytest.mark.parametrize("count", [0, 1, 5, 33, 2**32, 2**64 - 1])
def test_entries_are_six_to_thirty_two(count):
    assert not passes(count.to_bytes(8, "little") + FINE[8:])


def test_as_many_buffers_as_entries_allow():
    parts = message("comm_msg")

    assert passes(packed("shell", *parts, *[b""] * 26))
    assert not passes(packed("shell", *parts, *[b""] * 27))


@given(st.binary(max_size=2000))
def test_bytes_from_anywhere_pass_or_are_refused(frame):
    assert passes(frame) in {True, False}  # and nothing else is raised


@given(st.integers(0, len(FINE) - 1), st.binary(min_size=1, max_size=8))
def test_what_passes_after_a_change_is_still_what_a_page_may_say(at, change):
    frame = FINE[:at] + change + FINE[at + len(change) :]

    if passes(frame):
        channel, (header, *_) = unpacked(frame)
        assert channel.encode() in ALLOWED_CHANNELS
        assert header["msg_type"] in ALLOWED_MESSAGE_TYPES


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_any_content_of_a_widget_passes(state):
    content = {"comm_id": "a", "data": {"method": "update", "state": state}}

    assert passes(packed("shell", *message("comm_msg", content)))


def broken(chance: random.Random) -> bytes:
    """A frame that began as a good one and was changed in a few places."""
    kind = chance.choice(KINDS)
    frame = bytearray(packed(chance.choice(["shell", "control", "stdin", "x"]), *message(kind)))
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(frame))
        match chance.randrange(4):
            case 0:
                frame[at] = chance.randrange(256)
            case 1:
                del frame[at : at + chance.randint(1, 40)]
            case 2:
                frame[at:at] = chance.randbytes(chance.randint(1, 40))
            case _:
                word = 8 * chance.randrange(8)
                frame[word : word + 8] = chance.choice([0, 1, 7, 64, 2**31, 2**64 - 1]).to_bytes(
                    8, "little"
                )
        frame = frame or bytearray(b"\0")
    return bytes(frame)


def test_five_thousand_broken_frames_carry_nothing_else_through():
    chance = random.Random(28)
    passed = [frame for frame in (broken(chance) for _ in range(5000)) if passes(frame)]

    assert passed  # some were hardly changed
    for frame in passed:
        channel, (header, *_) = unpacked(frame)
        assert channel.encode() in ALLOWED_CHANNELS
        assert header["msg_type"] in ALLOWED_MESSAGE_TYPES


def test_more_frames_than_the_limit_within_the_window_are_refused():
    now = [0.0]
    rate = FrameRateLimit(lambda: now[0])
    for _ in range(MAX_FRAMES_PER_WINDOW):
        now[0] += RATE_WINDOW_S / MAX_FRAMES_PER_WINDOW / 2
        rate.count_frame()

    with pytest.raises(FrameRefused):
        rate.count_frame()


def test_the_same_frames_more_slowly_pass():
    now = [0.0]
    rate = FrameRateLimit(lambda: now[0])

    for _ in range(3 * MAX_FRAMES_PER_WINDOW):
        now[0] += RATE_WINDOW_S / MAX_FRAMES_PER_WINDOW * 1.01
        rate.count_frame()


# ---- A real server ----


@pytest.fixture(scope="module")
def kernel(server) -> Iterator[str]:
    kernel = server.open_page()
    yield kernel
    server.close_page(kernel)


async def answer_to(
    server: Server, kernel: str, *frames: bytes | str, protocol=WEBSOCKET_PROTOCOL
) -> int:
    """Send ``frames`` and return the close code; 0 if the connection stayed open and answered."""
    line = await server.connect(kernel, protocol=protocol)
    try:
        for frame in frames:
            await line.write_message(frame, binary=isinstance(frame, bytes))
        await line.write_message(packed("shell", *message("kernel_info_request")), binary=True)
    except WebSocketClosedError:
        pass
    while (said := await asyncio.wait_for(line.read_message(), 30)) is not None:
        if isinstance(said, bytes) and unpacked(said)[1][0]["msg_type"] == "kernel_info_reply":
            line.close()
            return 0
    return line.close_code


def legacy(channel: str, kind: str, content: object) -> str:
    header, parent, metadata, _ = (json.loads(part) for part in message(kind))
    said = {"header": header, "parent_header": parent, "metadata": metadata, "content": content}
    return json.dumps(said | {"channel": channel, "buffers": []})


def code(flag) -> dict[str, object]:
    return {
        "code": f"open({str(flag)!r}, 'w').close()",
        "silent": False,
        "store_history": False,
        "user_expressions": {"a": f"open({str(flag)!r}, 'w')"},
        "value": f"open({str(flag)!r}, 'w').close()",
        "comm_id": "none",
        "target_name": "jupyter.widget",
        "data": {},
    }


def test_no_message_type_on_any_channel_and_protocol_runs_anything(server, kernel, tmp_path):
    flag = tmp_path / "flag"
    channels = ("shell", "control", "stdin", "iopub", "unknown")

    async def attack() -> dict[tuple[str, str, str | None], int]:
        codes = {}
        for kind in (*KINDS, *(kind for kind in SPELLINGS if isinstance(kind, str))):
            for channel in channels:
                frame = packed(channel, *message(kind, code(flag)))
                codes[kind, channel, WEBSOCKET_PROTOCOL] = await answer_to(server, kernel, frame)
                text = legacy(channel, kind, code(flag))
                codes[kind, channel, None] = await answer_to(server, kernel, text, protocol=None)
        return codes

    codes = aside(attack())

    allowed = {
        (kind, channel, WEBSOCKET_PROTOCOL)
        for kind in ALLOWED_MESSAGE_TYPES
        for channel in ("shell", "control")
        if kind != "comm_open"
    }
    assert {asked for asked, closed in codes.items() if not closed} == allowed
    assert set(codes.values()) == {0, 1008}
    assert not flag.exists()
    assert server.ask("/healthz").status == 204


def test_a_page_opens_no_widget_on_the_socket(server, kernel):
    opened = {"comm_id": "new", "target_name": "jupyter.widget", "data": {"state": {}}}

    closed = aside(answer_to(server, kernel, packed("shell", *message("comm_open", opened))))

    assert closed == 1008


def test_what_a_page_says_is_answered(server, kernel):
    assert aside(answer_to(server, kernel, *states_request())) == 0


def flood(frames: int) -> list[bytes]:
    return [packed("shell", *message("comm_msg", {"comm_id": "none", "data": {}}))] * frames


@pytest.mark.parametrize(
    ("frames", "codes"),
    [
        pytest.param([bytes(11 * 2**20)], {1009, 1006, None}, id="11 MB"),
        pytest.param(
            [packed("shell", *message("comm_msg"), bytes(MAX_FRAME_BYTES))],
            {1009, 1006, None},
            id="large",
        ),
        pytest.param([rewritten([6, *words(FINE)[1:6], 2**40])], {1008}, id="offset beyond"),
        pytest.param([rewritten([2**60, *words(FINE)[1:]])], {1008}, id="count beyond"),
        pytest.param(
            [packed("shell", *message("comm_msg")[:3], b"[" * 200_000)], {1008}, id="deep"
        ),
        pytest.param(flood(2000), {1008, 1006, None}, id="flood"),
    ],
)
def test_a_bomb_closes_its_connection_and_leaves_the_server_as_it_was(
    server, kernel, frames, codes
):
    aside(answer_to(server, kernel))  # what the first connection needs is there
    before = server.process.memory_info().rss

    closed = [aside(answer_to(server, kernel, *frames)) for _ in range(3)]

    assert set(closed) <= codes
    assert server.ask("/healthz").status == 204
    assert server.process.memory_info().rss - before < 20 * 2**20


@pytest.mark.long
def test_nothing_of_a_refused_frame_is_logged(tmp_path):
    canary = "a-word-nobody-typed"
    with running(tmp_path) as server:
        kernel = server.open_page()
        frame = packed("shell", *message("comm_msg", {"typed": canary}, msg_type=canary))
        same = packed("shell", *message("comm_msg", {"comm_id": canary, "data": {}}))
        assert aside(answer_to(server, kernel, same, same)) == 0  # a signature that comes twice
        closed = aside(answer_to(server, kernel, frame))
        server.process.terminate()
        logged = server.process.stderr.read()

    assert closed == 1008
    assert len(logged.splitlines()) == 1
    assert "A page's connection was closed: message type" in logged
    assert canary not in logged
