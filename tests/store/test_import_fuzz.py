"""Any file that somebody gives as an export is refused in words, or taken whole (row 25).

Each try is a real file: encrypted with its own passphrase, read, checked, and imported into a
real vault if it is accepted.
"""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from random import Random
from typing import Any

import msgspec
import pytest

from workbook.app.demo import _answers, _topics
from workbook.content.tables import load_tables
from workbook.content.vocabulary import find_unknown
from workbook.domain.areas import AreaMark
from workbook.domain.errors import InvalidAnswer, InvalidInput, NewerVault, WrongPassphrase
from workbook.domain.evening import IntentionAnswers, WishAnswers
from workbook.domain.learning import Debrief
from workbook.domain.levels import Level
from workbook.store import answers, exports, keyring, reading_back, records
from workbook.store.seal import pad, seal

FILE_WORDS = "a passphrase for the file"
ON = date(2026, 5, 3)

ODD: tuple[Any, ...] = (
    *(None, "", "x", 0, 1, -1, 3.5, 1e308, 10**20, -(10**20), True, False, [], {}, [[]]),
    *("\u202e", "a\0b", "a" * 5000, "\ud83d\udc4d", ["x"], {"x": "y"}, [1, None, "x"]),
    *("2026-11-30", "9999-12-31", "0001-01-01T00:00:00", "2026-02-30", "2026-05-03T20:00:00+09:00"),
    *(AreaMark.OPEN.value, Level.STRONG.value, "A", "B", "S137", "feet", "AreaAnswers", "Debrief"),
)
"""Values of every type that JSON has, some near to what is asked."""


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to everything in a JSON value, but not to all of it."""
    inner: Any = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    found = [at] if at else []
    for key, each in inner:
        found += places(each, (*at, key))
    return found


def holder(content: Any, way: tuple[Any, ...]) -> Any:
    for key in way[:-1]:
        content = content[key]
    return content


def alter(content: Any, dice: Random) -> None:
    """Change one thing somewhere in decoded JSON."""
    ways = places(content)
    if not ways:
        return
    way = dice.choice(ways)
    where, key = holder(content, way), way[-1]
    match dice.randrange(6):
        case 0 | 1:
            where[key] = deepcopy(dice.choice(ODD))
        case 2:
            del where[key]
        case 3 if isinstance(where, list):
            where.append(deepcopy(where[key]))
        case 3:
            where[dice.choice([*where, "more", "", "Z"])] = deepcopy(where[key])
        case 4:
            other = dice.choice(ways)  # what stands in another place
            value = holder(content, other)[other[-1]]
            where[key] = deepcopy(value)
        case _:
            where[key] = [where[key]] if dice.random() < 0.5 else {str(key): where[key]}


def spoil(body: bytearray, dice: Random) -> None:
    """Change one thing somewhere in bytes."""
    at = dice.randrange(len(body))
    match dice.randrange(4):
        case 0:
            body[at] = dice.randrange(256)
        case 1:
            del body[at : at + dice.randint(1, 30)]
        case 2:
            body[at:at] = dice.choice(
                [b"NaN", b"1e999", b'"', b"[" * 40, b"\\ud800", b"\xff", b"{}", b"9" * 400, b"\0"]
            )
        case _:
            other = dice.randrange(len(body))
            body[at:at] = body[other : other + dice.randint(1, 60)]


class Forger:
    """Makes files that somebody could hand over."""

    def __init__(self, vault: Any, cost: keyring.Cost) -> None:
        self.good = records.to_json(exports.gather(vault))
        kdf = keyring.Kdf.new(cost)
        self.head = msgspec.json.encode(
            {"format": exports.EXPORT_FORMAT, "version": exports.EXPORT_VERSION, "kdf": kdf}
        )
        self.key = kdf.key(FILE_WORDS.encode())

    def file(self, text: bytes) -> bytes:
        return self.head + b"\n" + seal(self.key, pad(text, 4096), self.head.decode())

    def forge(self, dice: Random) -> bytes:
        kind = dice.random()
        if kind < 0.75:  # an answer of another kind
            content = msgspec.json.decode(self.good)
            for _ in range(dice.choice([1, 1, 1, 2, 4])):
                alter(content, dice)
            return self.file(json.dumps(content).encode("utf-8", "surrogatepass"))
        if kind < 0.92:  # other text, rightly encrypted
            text = bytearray(self.good)
            for _ in range(dice.randint(1, 3)):
                spoil(text, dice)
            return self.file(bytes(text))
        whole = bytearray(self.file(self.good))
        if dice.random() < 0.5:  # another head
            head = bytearray(self.head)
            spoil(head, dice)
            return bytes(head) + bytes(whole[len(self.head) :])
        spoil(whole, dice)
        return bytes(whole)


@pytest.fixture
def lane(kim, tonight, monkeypatch):
    """A vault with an answer of every kind."""
    monkeypatch.setattr(records, "find_unknown", find_unknown)
    for value, evening in _topics(_answers(ON, load_tables()), tonight):
        answers.write_answer(kim, value, evening)
    for value in (
        IntentionAnswers(frozenset({"unwind"}), "a note"),
        WishAnswers(frozenset({"soft_music"})),
        Debrief(ON, less={"feet": Level.MEDIUM}, note="another note"),
    ):
        answers.write_answer(kim, value, tonight)
    return kim


def everything(lane: Any) -> list[Any]:
    with lane.reading() as db:
        return list(db.exec_driver_sql("SELECT seat, row, box FROM answers ORDER BY row"))


def own_answers(found: exports.Export) -> dict[Any, Any]:
    return {(each.topic, each.evening): each.value for each in found.answers}


def take(lane: Any, body: bytes, *, is_imported: bool) -> str:
    """Read a file, and import it where that is wanted; return what became of it."""
    try:
        found = exports.read_export(lane, body, FILE_WORDS)
    except (InvalidInput, NewerVault, WrongPassphrase) as refused:
        return type(refused).__name__
    if not is_imported:
        return "accepted"
    before, had = everything(lane), own_answers(exports.gather(lane))
    try:
        taken, left = exports.import_answers(lane, found)
    except InvalidAnswer:
        assert everything(lane) == before
        return "InvalidAnswer"
    given, now = own_answers(found), own_answers(exports.gather(lane))
    known = {key: value for key, value in given.items() if key in now}
    assert (taken, left) == (len(known), len(given) - len(known))
    assert now == had | known
    return "taken"


@pytest.mark.parametrize(
    ("seed", "times"),
    [(0, 500), *(pytest.param(n, 20_000, marks=pytest.mark.long) for n in range(1, 11))],
)
def test_any_file_is_refused_whole_or_taken_whole(home, lane, seed, times):
    forger, dice = Forger(lane, home.low), Random(seed)
    assert take(lane, forger.file(forger.good), is_imported=True) == "taken"
    said: dict[str, int] = {}
    before = everything(lane)

    for _ in range(times):
        # An import takes 60 times as long as a refusal: one in twenty that could be is tried.
        became = take(lane, forger.forge(dice), is_imported=dice.random() < 0.05)
        said[became] = said.get(became, 0) + 1
        if became == "taken":
            before = everything(lane)
        elif sum(said.values()) % 50 == 0:
            assert everything(lane) == before

    print(said)
    assert everything(lane) == before
    assert set(said) >= {"InvalidInput", "WrongPassphrase", "accepted", "taken"}
    assert reading_back.find_unreadable(lane) == frozenset()
