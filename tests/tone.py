"""The words that no chapter and no short string uses, and the few places that may."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from workbook.content.words import _list_leaves

STRINGS = tuple(
    (f"{path.stem}.{key}", text)
    for path in sorted(Path(__file__).parents[1].glob("workbook/content/en/*.toml"))
    for key, text in _list_leaves(tomllib.loads(path.read_text("utf-8")))
)
"""Every short string with its key, the name of its file first."""

PRESSURE = r"should|must|just|most\s+couples|compliance|sign\s+here"
COUNTING = r"contracts?|scores?|streaks?|(?:percent(?:age)?\s+|%\s*)match|match\s+percentage"
PROMISES = r"(?:de)?tox\w*|therapeutic\w*|cur(?:e[sd]?|ing)|heal\s+you"
GENDER = (
    r"he|she|him|his|hers?|himself|herself|(?:gentle|wo)?m[ae]n|males?|females?|boys?|girls?"
    r"|husbands?|wi(?:fe|ves)|boyfriends?|girlfriends?|spouses?|lad(?:y|ies)|guys?"
)
EXPLICIT = (
    r"sex|sexy|sexual\w*|erotic\w*|arous\w*|orgasm\w*|genitals?|penis\w*|vagina\w*|vulva\w*"
    r"|nipples?|naked|nude|foreplay|masturbat\w*"
)
FORBIDDEN = re.compile(
    rf"(?<!\w)(?:{PRESSURE}|{COUNTING}|{PROMISES}|{GENDER}|{EXPLICIT})(?!\w)|!", re.IGNORECASE
)

ALLOWED = {
    ("07-tonight: when-feelings-come", "arousal"): "it agrees to nothing, and that needs its name",
    ("myths.Y-09.said", "toxins"): "a myth, and the answer denies it",
    ("myths.Y-12.said", "cures"): "a myth, and the answer denies it",
    ("reactions.T-14.notice", "arousal"): "it agrees to nothing, and that needs its name",
    ("help.W-09", "sexual"): "the name of a clinic",
    ("help.W-16", "sex"): "the name of a profession",
    ("help.W-17", "sexual"): "the name of a helpline",
    ("resources.helplines.kind_violence", "sexual"): "the name of a helpline",
    ("10-help: within-days", "sexual"): "the name of a clinic (W-09)",
    ("10-help: when-ready", "sex"): "the name of a profession (W-16)",
    ("10-help: choosing-someone", "sex"): "a title that anybody may use (R-24)",
    ("10-help: when-no-is-not-easy", "sexual"): "the name of a helpline (W-17)",
}
"""A place and the one word it may use, with the reason; a place is a cell or a string's key."""


def named(text: str) -> set[str]:
    """Return the forbidden words of a text, in small letters."""
    return {" ".join(word.lower().split()) for word in FORBIDDEN.findall(text)}


def unwelcome(place: str, text: str) -> list[str]:
    """Return the forbidden words that a text uses and its place does not allow."""
    return sorted(word for word in named(text) if (place, word) not in ALLOWED)
