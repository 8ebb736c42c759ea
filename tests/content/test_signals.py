"""What taps mean is said in the same words wherever it is said, and two taps never mean stop."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from workbook.content.rows import CONTENT_FOLDER
from workbook.content.tables import load_tables
from workbook.content.words import load_words
from workbook.domain.consent import SignalChoice, Signals
from workbook.domain.seats import Seat
from workbook.ui.forms.signals import stop_line

ROOT = Path(__file__).parents[2]
SAY, TABLES = load_words(), load_tables()
MEANING = "Tap once: softer. Twice: hands still. Three or more, or your stop signal: stop."
AGREED = Signals(
    tried_on=date(2026, 11, 29),
    chosen=dict.fromkeys(Seat, SignalChoice("lantern", "lifted_hand")),
)
TWO_TAPS = re.compile(r"\btwo taps\b|\btaps? twice\b|\btwo_taps\b|\btwice\W+stop", re.IGNORECASE)
STOP = re.compile(r"\bstop", re.IGNORECASE)
WITHDRAWN = "no stop signal"


def prose(name: str) -> str:
    cells = json.loads((ROOT / "notebooks" / name).read_text("utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


PLACES = {
    "the word table": SAY("forms.signals_meaning"),
    "the line read aloud, and the printed plan": stop_line(SAY, AGREED),
    "the pad": SAY("player.pad_how"),
    "the chapter on limits": prose("03-limits.ipynb"),
    "the chapter on tonight": prose("07-tonight.ipynb"),
    "the page for facilitators": (ROOT / "docs/facilitators.md").read_text("utf-8"),
    "the readme": (ROOT / "README.md").read_text("utf-8"),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_place_says_what_taps_mean_in_the_same_words(place):
    assert MEANING in " ".join(PLACES[place].split())


def test_the_guide_carries_out_what_the_sentence_says():
    assert "two taps" in SAY("reactions.T-02.notice")
    assert "three taps or more" in SAY("reactions.T-01.notice")
    effects = {row.id: row.does for row in TABLES.reactions}
    assert (effects["T-01"], effects["T-02"]) == ("stop", "pause")


def strings(node: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield at, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from strings(value, f"{at}.{key}" if at else str(key))


def sentences() -> Iterator[tuple[str, str]]:
    """Each sentence that people read, with its place."""
    texts = [*PLACES.items()]
    for file in (CONTENT_FOLDER / "en").glob("*.toml"):
        texts += strings(tomllib.loads(file.read_text("utf-8")), file.name)
    texts += [(path.name, prose(path.name)) for path in (ROOT / "notebooks").glob("*.ipynb")]
    for at, text in texts:
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(text.split()).replace(MEANING, "")):
            yield at, sentence


def test_no_place_offers_two_taps_as_a_stop_signal():
    assert "two_taps" not in TABLES.silent_signals
    assert "two_taps" not in SAY.table("choices.silent_signals")
    offers = [
        (at, sentence)
        for at, sentence in sentences()
        if TWO_TAPS.search(sentence) and STOP.search(sentence) and WITHDRAWN not in sentence
    ]

    assert offers == []
