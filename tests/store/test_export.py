"""Exports: one's own part alone, and an import that takes all of a file or nothing (row 25)."""

import json
import re
import stat
from dataclasses import replace
from datetime import date, datetime

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.profiles import scaled
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.domain.errors import (
    ChangedElsewhere,
    InvalidInput,
    NewerVault,
    NotSaved,
    WeakPassphrase,
    WorkbookError,
    WrongPassphrase,
)
from workbook.domain.evening import IntentionAnswers, WishAnswers
from workbook.domain.health import HealthAnswers
from workbook.domain.learning import Debrief, NextDay
from workbook.domain.levels import Level
from workbook.domain.products import OilAnswers, PatchTest
from workbook.domain.seats import Seat
from workbook.domain.techniques import Coverage
from workbook.domain.topics import TOPICS
from workbook.store import answers, erasing, exports, keyring, thanks, vault
from workbook.store.seal import pad, seal
from workbook.store.strict import read_json

FILE_WORDS = "a passphrase for the file"
FEET = AreaAnswers({"feet": AreaMark.OPEN})
SAID = (
    (FEET, False),
    (Coverage.PARTLY, False),
    (HealthAnswers(asked=frozenset({"fever", "skin"}), on=date(2026, 5, 3)), False),
    (OilAnswers(answered=True, tests={"O-01": PatchTest(datetime(2026, 4, 1, 20))}), False),
    (ConsentAnswers(FreeYes.YES, adult=True, easy=FreeYes.YES), True),
    (
        IntentionAnswers(frozenset({"unwind", "sleep"}), "canary \u202e \U0001f91d"),
        True,
    ),
    (Debrief(date(2026, 5, 3), less={"feet": Level.MEDIUM}, note="canary note"), True),
)


@pytest.fixture
def said(kim, robin, tonight):
    for value, of_tonight in SAID:
        answers.write_answer(kim, value, tonight if of_tonight else None)
    answers.write_answer(robin, IntentionAnswers(expects="theirs alone"), tonight)
    for lane in (kim, robin):
        thanks.hand_in_thanks(lane, tonight, thanks.Thanks(f"from {lane.seat}"), 0)
    return tonight


def written(home, lane, **more):
    target = home.folder.parent / "out"
    target.mkdir(exist_ok=True)
    return exports.write_export(lane, FILE_WORDS, target, **{"cost": home.low, **more})


def forged(home, lane, change, **head):
    """An export of the person's own making: rightly encrypted, and changed inside."""
    content = msgspec.json.decode(exports.records.encode(exports.gather(lane)))
    body = change(content)
    kdf = keyring.Kdf.new(home.low)
    line = msgspec.json.encode({"format": exports.EXPORT_FORMAT, "version": 1, "kdf": kdf} | head)
    text = body if isinstance(body, bytes) else json.dumps(content).encode()
    return line + b"\n" + seal(kdf.key(FILE_WORDS.encode()), pad(text, 4096), line.decode())


def everything(lane):
    with lane.reading() as db:
        tables = db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        every = 'SELECT * FROM "{}"'
        return {
            name: db.exec_driver_sql(every.format(name)).all() for name in tables.scalars().all()
        }


def test_every_private_topic_is_exported():
    kinds = {*(topic.answers for topic in TOPICS), Debrief, NextDay}

    assert set(exports.ANSWER_TYPES.values()) == kinds


def test_an_export_brings_back_what_was_erased(home, kim, robin, said):
    body = written(home, kim).read_bytes()
    erasing.erase_private(kim)

    taken = exports.import_answers(kim, exports.read_export(kim, body, FILE_WORDS))

    assert taken == (len(SAID), 0)
    for value, of_tonight in SAID:
        assert answers.read_answer(kim, type(value), said if of_tonight else None).value == value
    assert answers.read_answer(robin, IntentionAnswers, said).value.expects == "theirs alone"


def test_an_export_holds_ones_own_part_and_nothing_of_the_partners(home, kim, said):
    found = exports.read_export(kim, written(home, kim).read_bytes(), FILE_WORDS)

    assert {type(each.value) for each in found.answers} == {type(value) for value, _ in SAID}
    assert [each.value.text for each in found.thanks] == ["from A"]
    assert (found.person.name, found.evenings) == ("Kim", {said: "2026-05-03"})
    assert "theirs alone" not in repr(found)
    assert "from B" not in repr(found)


def test_nothing_in_the_file_can_be_read_and_its_name_tells_a_date_and_no_more(home, kim, said):
    made = written(home, kim)

    content = made.read_bytes()
    assert re.fullmatch(r"2026-05-03-[a-z]{8}\.export", made.name)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    for word in ("canary", "Kim", "feet", "AreaAnswers", home.words[Seat.A], FILE_WORDS):
        assert word.encode() not in content


def test_a_file_that_is_there_is_never_overwritten(home, kim, tmp_path):
    target = tmp_path / "mine.txt"
    target.write_text("a letter")

    with pytest.raises(InvalidInput):
        exports.write_export(kim, FILE_WORDS, target, home.low)

    assert target.read_text() == "a letter"


def test_a_short_passphrase_and_a_missing_folder_write_nothing(home, kim, tmp_path):
    before = set(tmp_path.rglob("*"))

    with pytest.raises(WeakPassphrase):
        exports.write_export(kim, "too short", tmp_path, home.low)
    with pytest.raises(NotSaved):
        exports.write_export(kim, FILE_WORDS, tmp_path / "none" / "file", home.low)

    assert set(tmp_path.rglob("*")) == before


def test_what_could_not_be_read_again_is_not_written(home, kim, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "MAX_EXPORT_BYTES", 4000)

    with pytest.raises(NotSaved):
        exports.write_export(kim, FILE_WORDS, tmp_path / "file", home.low)

    assert not (tmp_path / "file").exists()


# What is refused


@pytest.mark.parametrize("at", [0, 30, 80, 130, 200, 300, -1])
def test_a_flipped_bit_is_refused(home, kim, said, at):
    body = bytearray(written(home, kim).read_bytes())
    body[at] ^= 1

    with pytest.raises((InvalidInput, WrongPassphrase, NewerVault)):
        exports.read_export(kim, bytes(body), FILE_WORDS)


@pytest.mark.parametrize("cut", [0, 1, 100, 250, 1000, -1])
def test_a_file_that_was_cut_is_refused(home, kim, said, cut):
    body = written(home, kim).read_bytes()[:cut]

    with pytest.raises((InvalidInput, WrongPassphrase)):
        exports.read_export(kim, body, FILE_WORDS)


def test_another_passphrase_opens_nothing(home, kim, said):
    body = written(home, kim).read_bytes()

    for wrong in ("another passphrase", home.words[Seat.A], ""):
        with pytest.raises(WrongPassphrase):
            exports.read_export(kim, body, wrong)


def test_the_other_person_and_another_couple_are_refused(home, kim, robin, said, tmp_path):
    body = written(home, kim).read_bytes()
    vault.create(tmp_path / "other", home.people, home.words, cost=home.low)

    with pytest.raises(InvalidInput, match="other person"):
        exports.read_export(robin, body, FILE_WORDS)
    lane = vault.unlock(tmp_path / "other", home.words[Seat.A])
    with lane, pytest.raises(InvalidInput, match="another book"):
        exports.read_export(lane, body, FILE_WORDS)


def test_a_file_too_large_is_not_even_tried(kim, monkeypatch):
    monkeypatch.setattr(keyring.Kdf, "key", lambda *_: pytest.fail("it was tried"))

    with pytest.raises(InvalidInput, match="bytes"):
        exports.read_export(kim, b"x" * (exports.MAX_EXPORT_BYTES + 1), FILE_WORDS)


def test_a_file_that_asks_for_too_much_memory_is_not_even_tried(home, kim, monkeypatch):
    greedy = replace(keyring.Kdf.new(home.low), mem=2**40)
    body = forged(home, kim, lambda _: None, kdf=greedy)
    monkeypatch.setattr(keyring.Kdf, "key", lambda *_: pytest.fail("it was tried"))

    with pytest.raises(InvalidInput):
        exports.read_export(kim, body, FILE_WORDS)


def _set(path, value):
    def change(content):
        *way, last = path
        for key in way:
            content = content[key]
        content[last] = value

    return change


CHANGES = {
    "a newer version inside": (_set(["version"], 2), NewerVault),
    "another format": (_set(["format"], "other"), InvalidInput),
    "a topic there is none of": (_set(["answers", 0, "topic"], "Secrets"), InvalidInput),
    "a shared topic": (_set(["answers", 0, "topic"], "Signals"), InvalidInput),
    "an unknown field": (_set(["answers", 0, "value", "more"], 1), InvalidInput),
    "an unknown field outside": (_set(["more"], 1), InvalidInput),
    "a wrong type": (_set(["answers", 0, "value"], 7), InvalidInput),
    "a level there is none of": (_set(["answers", 0, "value"], {"receiving": {"feet": "wide"}}),
                                 InvalidInput),
    "an evening that is no text": (_set(["answers", 0, "evening"], 3), InvalidInput),
    "no date": (_set(["answers", 0, "at"], "yesterday"), InvalidInput),
    "an answer twice": (lambda c: c["answers"].append(c["answers"][0]), InvalidInput),
    "a person out of range": (_set(["person", "colour"], "gold"), InvalidInput),
    "a field that is missing": (lambda c: c.pop("seat") and None, InvalidInput),
    "no object": (lambda _: b"[]", InvalidInput),
    "no JSON": (lambda _: b"{", InvalidInput),
    "no text": (lambda _: b"\xff\xfe", InvalidInput),
    "NaN": (lambda c: json.dumps(c | {"version": float("nan")}).encode(), InvalidInput),
    "Infinity": (lambda c: json.dumps(c | {"version": float("inf")}).encode(), InvalidInput),
    "a number beyond all": (lambda _: b'{"version": 1e999}', InvalidInput),
    "a key twice": (lambda c: json.dumps(c)[:-1].encode() + b', "seat": "A"}', InvalidInput),
    "half a letter": (lambda _: b'{"format": "\\ud800"}', InvalidInput),
    "a hundred thousand deep": (lambda _: b"[" * 100_000, InvalidInput),
    "forty deep": (lambda _: b"[" * 40 + b"]" * 40, InvalidInput),
    "a hundred thousand digits": (lambda _: b'{"version": ' + b"9" * 100_000 + b"}", InvalidInput),
}  # fmt: skip


@pytest.mark.parametrize(("change", "error"), CHANGES.values(), ids=list(CHANGES))
def test_what_is_wrong_inside_is_refused_whole_and_says_no_answer(home, kim, said, change, error):
    before = everything(kim)

    with pytest.raises(error) as caught:
        exports.read_export(kim, forged(home, kim, change), FILE_WORDS)

    assert everything(kim) == before
    assert "canary" not in str(caught.value)


def test_an_unchanged_forgery_is_read(home, kim, said):
    """The changes above are refused for what they change."""
    assert exports.read_export(
        kim, forged(home, kim, lambda _: None), FILE_WORDS
    ) == exports.gather(kim)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def _places(value, at=()):
    yield at
    for key, inner in (
        value.items()
        if isinstance(value, dict)
        else (enumerate(value) if isinstance(value, list) else ())
    ):
        yield from _places(inner, (*at, key))


def test_any_change_is_read_as_an_export_or_refused_in_words(kim, said):
    whole = exports.records.encode(exports.gather(kim))
    places = list(_places(msgspec.json.decode(whole)))[1:]

    @settings(max_examples=scaled(2_000), deadline=None)
    @given(pick=st.integers(0, len(places) - 1), new=JSON)
    @example(pick=0, new={})
    def change(pick, new):
        content = msgspec.json.decode(whole)
        _set(places[pick], new)(content)
        try:
            found = exports.validate(content)
        except WorkbookError:
            return
        exports.records.encode(found)

    change()


def test_an_import_that_fails_halfway_changes_nothing(home, kim, said, monkeypatch):
    found = exports.gather(kim)
    changed = replace(found, answers=tuple(
        replace(each, value=FEET) if each.topic == "AreaAnswers" else each
        for each in found.answers
    ))  # fmt: skip
    before = everything(kim)
    count = iter(range(99))
    seal_ = answers.seal
    monkeypatch.setattr(
        answers, "seal", lambda *a: seal_(*a) if next(count) < 3 else (_ for _ in ()).throw(OSError)
    )

    with pytest.raises(OSError):  # noqa: PT011 - ours
        exports.import_answers(kim, changed)

    assert everything(kim) == before


# What is brought in


def test_answers_of_evenings_that_are_not_there_are_left_out_and_counted(home, kim, said):
    found = exports.gather(kim)
    moved = replace(found, answers=tuple(
        replace(each, evening=each.evening and "another") for each in found.answers
    ))  # fmt: skip

    assert exports.import_answers(kim, moved) == (4, 3)


def test_a_page_that_was_open_meanwhile_hears_of_it(home, kim, said):
    before = answers.read_answer(kim, AreaAnswers)
    exports.import_answers(kim, exports.gather(kim))

    with pytest.raises(ChangedElsewhere):
        answers.write_answer(kim, FEET, expected_version=before.version)
    assert answers.read_answer(kim, AreaAnswers).version == before.version + 1


def test_what_the_file_does_not_have_stays(home, kim, said):
    body = exports.gather(kim)
    answers.write_answer(kim, WishAnswers(frozenset({"quiet"})), said)

    exports.import_answers(kim, body)

    assert answers.read_answer(kim, WishAnswers, said).value.wished == {"quiet"}


@pytest.mark.parametrize("text", ["0", '"a"', "[1, {}]", '{"a": [true, null, 1.5]}'])
def test_plain_json_is_read_as_it_is(text):
    assert read_json(text.encode(), "x") == json.loads(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 1}}', "twice"),
        ("[NaN]", "a number that is none"),
        ("[-Infinity]", "a number that is none"),
        ("[1e999]", "too long"),
        ("[" + "9" * 5000 + "]", "too long"),
        ('["\\ud800"]', "letters that are none"),
        ('{"\\udfff": 1}', "letters that are none"),
        ("[" * 33 + "]" * 33, "too deep"),
        ("[" * 100_000, "too deep"),
        ('{"a":' * 40 + "1" + "}" * 40, "too deep"),
        ("[1,]", "not JSON"),
        ("", "not JSON"),
    ],
)
def test_what_is_odd_in_any_way_is_refused_in_words(text, why):
    with pytest.raises(InvalidInput) as caught:
        read_json(text.encode(), "The file")

    assert why in str(caught.value.facts["why"])
    assert caught.value.facts["field"] == "The file"


def test_what_is_deep_but_not_too_deep_is_read():
    assert read_json(b"[" * 32 + b"]" * 32, "x")
