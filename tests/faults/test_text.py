"""Row 22 of the fault list: whatever a keyboard gives, in every field that takes words."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from ipywidgets import Text, Textarea, Widget

from tests.app.evening import (
    CHAPTERS,
    LOW,
    NIGHT,
    PEOPLE,
    SAY,
    SECRETS,
    Clock,
    Couple,
    ask_signals,
    clear,
    inside,
)
from tests.marks import long_after
from workbook.app.demo import DEMO_PASSPHRASES, fill_vault
from workbook.domain.errors import TooLong, Unkeepable
from workbook.domain.evening import MAX_TEXT_CHARS
from workbook.domain.seats import MAX_NAME_CHARS, Seat
from workbook.store import vault
from workbook.ui.form import QuestionForm
from workbook.ui.widgets.page import Page

BATTERY = {
    "plain": "a heron at noon",
    "accents": "Bräutigam über Ærø",
    "arabic": "مساء الخير",
    "hebrew": "ערב טוב",
    "mixed directions": "abc ערב 123 abc",
    "RLO": "abc\u202edef",
    "LRO and PDF": "\u202dabc\u202c",
    "LRI and PDI": "\u2066abc\u2069",
    "RLI alone": "abc\u2067",
    "FSI": "\u2068abc\u2069",
    "LRM and RLM": "\u200eabc\u200f",
    "emoji": "🌿🕯️",
    "emoji ZWJ": "👩\u200d❤️\u200d👨",
    "family ZWJ": "👨\u200d👩\u200d👧\u200d👦",
    "skin tones": "🤲🏽🤲🏿",
    "flag": "🇯🇵🇳🇴",
    "flag of tags": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "keycap": "1\ufe0f\u20e3",
    "ZWSP": "a\u200bb",
    "ZWNJ": "a\u200cb",
    "word joiner": "a\u2060b",
    "BOM inside": "a\ufeffb",
    "soft hyphen": "a\u00adb",
    "combining x 1000": "e" + "\u0301" * 1000,
    "zalgo": "h\u0300\u0316e\u0321\u0334y\u035c",
    "NFC": "caf\u00e9",
    "NFD": "cafe\u0301",
    "Hangul jamo": "\u1112\u1161\u11ab",
    "noncharacter": "a\uffffb",
    "noncharacter beyond": "a\U0010ffffb",
    "private use": "a\ue000b",
    "NUL": "a\0b",
    "lone high surrogate": "c\ud83dd",
    "lone low surrogate": "b\udc4dc",
    "a pair in halves": "a\ud83d\udc4db",
    "HTML": "<img src=x onerror=alert(1)><b>b</b>",
    "template": "{name} %s ${x} {{ y }}",
    "formula": "=1+1",
    "control characters": "a\x07\x1b[31mb\x7f",
    "no break": "a\u00a0b\u202fb",
}
"""Forty kinds of text, by what is odd about them."""
LINES = {"CRLF": "a\r\nb\rc\nd", "line separators": "a\u2028b\u2029c\x0bd\x85e"}
OVER = {"1 MB": "x" * (1024 * 1024), "one too many": "x" * (MAX_TEXT_CHARS + 1)}
ALL = {**BATTERY, **LINES}
ON_COVER = {"your_name", "code_group"}
"""Fields of the cover and of a recovery code: what is typed there is not kept as it is."""


def fields(book) -> dict[tuple[str, str], Widget]:
    """Every field that takes words, by its form and the key of its label."""
    found = {}
    for name in CHAPTERS:
        for each in inside(book.form(name)):
            if isinstance(each, (Text, Textarea)):
                key = next(c for c in each._dom_classes if c.startswith("at-text-"))
                found[name, key.removeprefix("at-text-")] = each
    return found


def type_into(field, text):
    """What the page sends for each key, as it comes over the connection."""
    data = {"method": "update", "state": {"value": text}, "buffer_paths": []}
    field._handle_msg({"content": {"data": data}, "buffers": []})


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lived") / "vault"
    fill_vault(folder, NIGHT.date())
    return folder


@pytest.fixture
def heard(monkeypatch):
    """What the page was told, in order."""
    heard = []
    for what in ("show_saved", "show_notice"):
        monkeypatch.setattr(Page, what, lambda _p, text, what=what, **_: heard.append((what, text)))
    monkeypatch.setattr(Page, "go_to_chapter", lambda *_: None)
    monkeypatch.setattr(Page, "go_to_step", lambda *_: None)
    return heard


@pytest.fixture
def couple(lived_once, tmp_path):
    """A couple after some evenings: the day after, every form asks what it can ask."""
    clear()
    shutil.copytree(lived_once, tmp_path / "vault")
    yield Couple(tmp_path / "vault", dict(DEMO_PASSPHRASES), Clock())
    clear()


def open_all(couple):
    """Kim's page with every field shown."""
    book = couple.open(Seat.A)
    ask_signals(book)
    return book


@pytest.fixture
def book(couple, heard):
    return open_all(couple)


FIELDS = (
    ("people", "your_name"),
    ("intentions", "expects"),
    ("signals", "signal_word"),
    ("room", "music"),
    ("room", "light"),
    ("next_day", "next_mood"),
)
AFTER = (("thanks", "thanks"), ("debrief", "note"))
"""Fields that are there once a session has ended tonight."""


def test_no_field_that_takes_words_is_left_out(book):
    assert set(fields(book)) == set(FIELDS)
    declared = {key for form in _forms(QuestionForm) for _, key in form.TEXTS}
    assert declared | ON_COVER == {key for _, key in (*FIELDS, *AFTER)} | ON_COVER
    assert len(BATTERY) == 40


def _forms(kind):
    for each in kind.__subclasses__():
        yield each
        yield from _forms(each)


def expected(text, key):
    """What is kept: the same, but for halves and NUL, and for spaces around a name or a word."""
    whole = (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    )
    return whole.strip() if key in ("your_name", "signal_word") else whole


@pytest.mark.parametrize(("form", "key"), long_after(1, FIELDS))
def test_what_is_typed_is_kept_as_it_is_or_said_to_be_changed(couple, book, heard, form, key):
    field, other = fields(book)[form, key], open_all(couple)
    there = fields(other)[form, key]
    for what, text in ALL.items():
        if key == "your_name" and len(text) > MAX_NAME_CHARS:
            continue
        del heard[:]

        type_into(field, text)

        kept = expected(text, key)
        assert heard[0][0] == "show_saved", what
        noted = ("show_notice", SAY.error(Unkeepable(field="text"))) in heard
        assert noted is ("\ufffd" in kept), what
        assert SAY("forms.joined") not in [said for _, said in heard]
        other.page._on_message(other.page, {"kind": "ping", "n": 2}, [])  # another page hears of it
        assert there.value == kept, what
        assert field.value.encode("utf-8"), what
    assert fields(open_all(couple))[form, key].value == kept


@pytest.mark.parametrize(("form", "key"), long_after(1, FIELDS))
def test_a_text_that_is_too_long_is_said_to_be_and_stays_in_its_field(
    couple, book, heard, form, key
):
    field = fields(book)[form, key]
    for what in OVER.values():
        type_into(field, "before")
        del heard[:]

        type_into(field, what)

        assert [each for each, _ in heard] == ["show_notice"]
        assert field.value == what
        kept = fields(couple.open(Seat.A))[form, key].value
        assert kept == "before"
        type_into(field, "shorter")
        assert heard[-1][0] == "show_saved"
        assert heard[0][1] == SAY.error(TooLong(field=key, most=MAX_TEXT_CHARS))


@pytest.mark.parametrize("what", sorted(ALL.keys() - {"combining x 1000"}))
def test_a_name_of_any_letters_sets_up_and_opens_a_book(tmp_path, what):
    name = ALL[what][:MAX_NAME_CHARS]

    people = replace(PEOPLE, a=replace(PEOPLE.a, name=name))

    vault.create(tmp_path / "vault", people, SECRETS, cost=LOW)

    with vault.unlock(tmp_path / "vault", SECRETS[Seat.A]) as lane:
        assert lane.people.a.name == expected(name, "")
