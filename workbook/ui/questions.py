"""Builders for the questions of the ``Questions`` widget; omitted arguments are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workbook.ui.widgets.questions import (
    GroupCount,
    Question,
    QuestionOption,
    QuestionRow,
    ShownIf,
)


def option(
    key: str,
    label: str,
    help: str = "",  # noqa: A002 - the key's name
    picture: str = "",
) -> QuestionOption:
    """Return one possible answer; ``help`` stands below its label, ``picture`` at its left."""
    made: QuestionOption = {"key": key, "label": label}
    if help:
        made["help"] = help
    if picture:
        made["picture"] = picture
    return made


def options(words: Mapping[str, str], keys: Iterable[str]) -> list[QuestionOption]:
    """Return options labelled from a table of words, in the order of ``keys``."""
    return [option(key, words[key]) for key in keys]


def shown_if(question: str, chosen: str | Sequence[str]) -> ShownIf:
    """Return the condition that ``chosen``, or any of several, is an answer to ``question``."""
    return {"question": question, "option": chosen}


def one(
    key: str,
    label: str,
    options: Sequence[QuestionOption],
    *,
    help: str = "",  # noqa: A002 - the key's name
    shown_if: ShownIf | None = None,
    kept: bool = False,
    brief: bool = False,
) -> Question:
    """Return a question with one answer, which can be taken back unless it is ``kept``.

    With ``brief`` its options, of a word or two each, stand beside each other.
    """
    made: Question = {"key": key, "kind": "one", "label": label, "options": options}
    if help:
        made["help"] = help
    if shown_if:
        made["shown_if"] = shown_if
    if kept:
        made["kept"] = True
    if brief:
        made["brief"] = True
    return made


def many(
    key: str,
    label: str,
    options: Sequence[QuestionOption],
    *,
    help: str = "",  # noqa: A002 - the key's name
    none_label: str = "",
    shown_if: ShownIf | None = None,
    follow: Mapping[str, Sequence[Question]] | None = None,
    brief: bool = False,
) -> Question:
    """Return a question with any number of answers.

    Args:
        key: of its answer.
        label: the question.
        options: what can be chosen.
        help: a sentence below the question.
        none_label: label of an explicit "none of these"; blank: there is none.
        shown_if: the answer that the question waits for.
        follow: questions beneath an option while it is chosen, by option key.
        brief: whether its options, of a word or two each, stand beside each other.

    """
    made: Question = {"key": key, "kind": "many", "label": label, "options": options}
    if help:
        made["help"] = help
    if none_label:
        made["none_label"] = none_label
    if shown_if:
        made["shown_if"] = shown_if
    if follow is not None:
        made["follow"] = follow
    if brief:
        made["brief"] = True
    return made


def rows(
    key: str,
    label: str,
    options: Sequence[QuestionOption],
    rows: Sequence[QuestionRow],
    *,
    count: GroupCount | None = None,
) -> Question:
    """Return a list of rows with one answer each; its groups are closed at first.

    Args:
        key: of its answers.
        label: heading of the list.
        options: what can be chosen in each row.
        rows: the lines of the list.
        count: what the line of a closed group counts; without it, the answered rows.

    """
    made: Question = {
        "key": key,
        "kind": "rows",
        "label": label,
        "options": options,
        "folded": True,
        "rows": rows,
    }
    if count:
        made["count"] = count
    return made


def scale(key: str, label: str, least: int, most: int, *, help: str = "") -> Question:  # noqa: A002
    """Return a scale of whole numbers from ``least`` to ``most``, both included."""
    made: Question = {"key": key, "kind": "scale", "label": label, "min": least, "max": most}
    if help:
        made["help"] = help
    return made


def number(
    key: str, label: str, least: int, most: int, *, step: float | None = None, unit: str = ""
) -> Question:
    """Return a field for a number from ``least`` to ``most``, both included.

    Args:
        key: of its answer.
        label: the question.
        least: the smallest number.
        most: the largest number.
        step: how fine the number is; without it numbers are whole.
        unit: shown after the field, such as ``"°C"``.

    """
    made: Question = {"key": key, "kind": "number", "label": label, "min": least, "max": most}
    if step is not None:
        made["step"] = step
    if unit:
        made["unit"] = unit
    return made


def day(key: str, label: str) -> Question:
    """Return a field for a date."""
    return {"key": key, "kind": "date", "label": label}


def clock(key: str, label: str, *, help: str = "") -> Question:  # noqa: A002 - the key's name
    """Return a field for a time of day, answered as ``HH:MM``."""
    made: Question = {"key": key, "kind": "time", "label": label}
    if help:
        made["help"] = help
    return made
