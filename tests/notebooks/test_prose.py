"""The prose reads easily, is spelled right, and its exceptions are the ones it needs."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import chain
from pathlib import Path

import pytest
from spellchecker import SpellChecker

from tests.notebooks.reading import (
    CHAPTERS,
    cells,
    ease,
    folded,
    length,
    passages,
    prose,
    sentences,
    spelled,
    syllables,
)
from tests.tone import ALLOWED, STRINGS, named

EASY = 60
"""Flesch's number for plain English, which a chapter as a whole reaches."""

FAIR = 50
"""What each longer cell reaches: an emergency's sentence is one breathless list."""

SHORT = 40
"""Words below which the number says little about a cell."""

ACCEPTED = Path(__file__).parents[1].joinpath("words.txt").read_text("utf-8").splitlines()

BRITISH = (
    *(("our", "or"), ("re(?=s?$)", "er"), ("red$", "ered"), ("oe|ae", "e"), ("fence", "fense")),
    *(("is(?=e[sd]?$|ing$|ation)", "iz"), ("ys(?=e[sd]?$|ing$)", "yz")),
)
"""How the spelling here differs from that of the dictionary, which is American."""

ENGLISH = SpellChecker(language="en")


def _used() -> dict[str, list[str]]:
    """Every word of the chapters and of the short strings, and where it stands."""
    found = defaultdict(list)
    shown = ((where, passage) for where, text in prose() for passage in passages(text))
    for where, text in chain(shown, STRINGS):
        for word in spelled(re.sub(r"\{\w+\}", " ", text)):
            found[word].append(where)
    return found


def _known(word: str) -> bool:
    """Whether the dictionary knows a word, its singular or its American form."""
    stem = word.removesuffix("'s")
    forms = [word, stem, re.sub(r"s$", "", stem), re.sub(r"es$", "", stem)]
    forms += [re.sub(british, american, form) for form in forms for british, american in BRITISH]
    return any(ENGLISH.known([form]) for form in forms)


each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)

UNKNOWN = {word: places for word, places in _used().items() if not _known(word)}


# Readability


GUIDANCE = (
    *("aftercare", "consent", "contexts", "do_dont", "essential_oils", "evidence", "gates"),
    *("health", "help", "materials", "myths", "patch_test", "reactions", "settings", "ways"),
)
"""Strings that are read as prose, by file."""


@pytest.mark.parametrize("file", GUIDANCE)
def test_the_strings_that_guide_read_easily(file: str) -> None:
    texts = [text for key, text in STRINGS if key.split(".")[0] == file]

    assert ease("\n\n".join(texts)) >= EASY


@each_chapter
def test_a_chapter_reads_easily(path: Path) -> None:
    texts = {cell.id: cell.source for cell in cells(path, "markdown")}
    hardest = sorted((round(ease(text)), name) for name, text in texts.items())[:3]

    whole = ease("\n\n".join(texts.values()))

    assert whole >= EASY, f"{path.stem}: {whole:.1f}; its hardest cells: {hardest}"


def test_every_longer_cell_reads_fairly_easily() -> None:
    longer = {where: ease(text) for where, text in prose() if length(text) >= SHORT}

    hard = [f"{where}: {value:.1f}" for where, value in longer.items() if value < FAIR]

    assert longer
    assert hard == [], hard


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# A title\n\nOne idea.\nAnother one.", ["A title", "One idea.", "Another one."]),
        ("# A title\nOne idea.", ["A title", "One idea."]),
        ("- **First:** this,\n  and more.\n- That", ["First: this, and more.", "That"]),
        ("1. First\n2. Second", ["First", "Second"]),
        ("| | Feels |\n|---|---|\n| Glide | Long. Flat |", ["Feels", "Glide", "Long.", "Flat"]),
        ("<details>\n<summary>More</summary>\n\nText.\n\n</details>", ["More", "Text."]),
        ("*“It cures.”*\nIt does *not*.", ["“It cures.”", "It does not."]),
        ("A line that goes on\nin the next.", ["A line that goes on in the next."]),
        ("We like 22 to 24 °C. In 30 ml it is 6 drops.", None),
        ("Say no. Nobody asks. Is it 5? Yes.", None),
        ("It takes 0.5 ml, e.g. Almond by Dr. Kim, see No. 5 and min. 3.", 1),
        ("“Softer?” asks one, and that is all.", 1),
        ("Slowly; Kim: Rest.", 1),
    ],
)
def test_sentences_end_where_a_reader_takes_breath(text: str, said: list[str] | int | None) -> None:
    wanted = re.findall(r"\S.*?[.?](?=\s|$)", text) if said is None else said

    found = sentences(text)

    assert (len(found) if isinstance(said, int) else found) == wanted


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("palm", 1), ("massage", 2), ("calmer,", 2), ("receiver’s", 3), ("coin-sized", 2)),
        *(("°C", 1), ("30", 1), ("MCT", 1), ("lymphoedema", 4), ("Petrissage", 3)),
        *(("sunbeds", 2), ("every", 2), ("unscented", 3)),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_folded_detail_shows_its_summary_alone() -> None:
    text = "Before.\n\n<details>\n<summary>What it holds</summary>\n\nInside.\n\n</details>\nAfter."

    assert sentences(folded(text)) == ["Before.", "What it holds", "After."]


# Spelling


def test_every_word_is_spelled_as_a_dictionary_knows_it() -> None:
    wrong = {word: where for word, where in sorted(UNKNOWN.items()) if word not in ACCEPTED}

    assert wrong == {}, wrong


def test_the_accepted_words_are_all_in_use_and_in_no_dictionary() -> None:
    assert [word for word in ACCEPTED if word not in UNKNOWN] == []


def test_the_accepted_words_stand_in_order() -> None:
    assert sorted(set(ACCEPTED)) == ACCEPTED


@pytest.mark.parametrize("word", ["colours", "centred", "tumour", "organise", "oedema", "giver's"])
def test_a_british_form_is_no_mistake(word: str) -> None:
    assert _known(word)


@pytest.mark.parametrize("word", ["recieve", "untill", "seperate", "masage", "absense", "colou"])
def test_a_mistake_is_no_british_form(word: str) -> None:
    assert not _known(word)


# Tone; the words themselves are looked for in test_chapters and in content/test_words


@pytest.mark.parametrize(
    "text",
    [
        *("You should", "must", "Just a", "contracts", "score", "streaks", "toxins", "a detox"),
        *("therapeutic", "a cure", "Most\ncouples", "compliance", "Sign here", "90 percent match"),
        *("90 % match", "she’s", "his", "a woman", "wives", "erotic", "Sex", "Hello!"),
    ],
)
def test_a_word_that_is_not_ours_is_found(text: str) -> None:
    assert named(text)


@pytest.mark.parametrize("text", ["the", "mustard", "adjust", "secure", "scored", "there", "signs"])
def test_a_word_that_holds_another_is_left_in_peace(text: str) -> None:
    assert not named(text)


def test_every_exception_is_used_where_it_stands_and_has_its_reason() -> None:
    said = {where: named(text) for where, text in chain(prose(), STRINGS)}

    assert [(where, word) for where, word in ALLOWED if word not in said.get(where, ())] == []
    assert all(ALLOWED.values())
