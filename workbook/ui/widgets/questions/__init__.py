"""A group of related questions, built from native controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

from traitlets import Bool, Dict, List

from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent

NONE = "none"
"""Key of "none of these" in the answer to a ``many`` question; it excludes the others."""


class QuestionOption(TypedDict):
    """One possible answer."""

    key: str
    label: str
    help: NotRequired[str]
    picture: NotRequired[str]
    """Key of a picture of ``PicturedQuestions``; options with one stand beside each other, and
    the line below them shows the help of one at a time."""


class QuestionRow(TypedDict):
    """One line of a ``rows`` question."""

    key: str
    label: str
    group: NotRequired[str]
    """Rows of the same group fold away together."""
    note: NotRequired[str]
    locked: NotRequired[bool]
    """Whether the row is only shown, with its note, and not asked."""


class ShownIf(TypedDict):
    """An answer that another question waits for."""

    question: str
    option: str | Sequence[str]
    """The option, or any of several."""


class GroupCount(TypedDict):
    """What the line of a folded group counts, such as ``"{n} open"``."""

    option: str
    text: str


class Question(TypedDict):
    """One question; keys that it does not need are left out."""

    key: str
    kind: Literal["one", "many", "rows", "date", "time", "number", "scale"]
    label: str
    help: NotRequired[str]
    group: NotRequired[str]
    """A small heading above the first question of the group."""
    group_line: NotRequired[str]
    """What the group is about; the group is then folded away under its heading and this line."""
    options: NotRequired[Sequence[QuestionOption]]
    none_label: NotRequired[str]
    """For ``many``: an explicit "none of these", under the key ``NONE``."""
    brief: NotRequired[bool]
    """For ``one`` and ``many``: options of a word or two, beside each other on a phone too."""
    kept: NotRequired[bool]
    """For ``one``: whether an answer pressed again stays; without it, it is taken back."""
    shown_if: NotRequired[ShownIf | None]
    """Asked only while that answer stands; answers to a hidden question are dropped."""
    rows: NotRequired[Sequence[QuestionRow]]
    folded: NotRequired[bool]
    """Whether all groups of its rows are closed at first, not all but one."""
    count: NotRequired[GroupCount]
    """For ``rows``; without it ``words["counted"]`` with ``{n}`` of ``{all}``."""
    min: NotRequired[int | str]
    max: NotRequired[int | str]
    """Smallest and largest answer, both included; for a date they are ISO dates."""
    step: NotRequired[float]
    """Step of a number; without it numbers are whole."""
    unit: NotRequired[str]
    follow: NotRequired[Mapping[str, Sequence[Question]]]
    """By option key: questions beneath it while it is chosen."""


class Questions(BookWidget):
    """Asks questions; nothing is preselected, and a chosen answer can be taken back.

    Answers by key: ``one`` an option key or None, ``many`` a list of option keys in
    the order of the options, ``rows`` an option key by row key, ``date`` an ISO date,
    ``time`` as ``HH:MM``, ``number`` a number and ``scale`` an integer (a scale with
    options: an option key), each of them None when taken back. A follow-up's key is
    ``"<question>.<option>.<detail>"``.

    Words: ``again`` (a chosen answer pressed again is taken back), ``counted``,
    ``out_of_range`` with ``{min}`` and ``{max}``, ``not_a_date``,
    ``not_a_time``; with folded groups ``group_none`` (the line of a group in which nothing was
    chosen) and ``show_all``.
    """

    _esm = BUILT / "questions.js"
    _css = _HERE / "questions.css"
    questions: List[Question] = List().tag(sync=True)
    answers: Dict[str, Any] = Dict().tag(sync=True)
    words = Dict().tag(sync=True)
    disabled = Bool(False).tag(sync=True)
    errors = Dict().tag(sync=True)  # by answer key: a sentence shown beside its field

    def __init__(
        self,
        questions: Sequence[Question] = (),
        answers: Mapping[str, object] | None = None,
        words: Mapping[str, str] | None = None,
        **traits: object,
    ) -> None:
        super().__init__(
            questions=list(questions),
            answers=dict(answers or {}),
            words=dict(words or {}),
            **traits,
        )

    def __repr__(self) -> str:
        return "Questions()"  # the saved notebook holds no answers
