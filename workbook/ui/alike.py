"""The question with which a person answers for giving as for receiving, in one tap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from workbook.domain.seats import Role
from workbook.ui.form import FieldAnswers, QuestionForm
from workbook.ui.questions import one, options, shown_if
from workbook.ui.widgets.questions import Question

T = TypeVar("T")
Part = TypeVar("Part")

ALIKE, APART = "alike", "apart"


class AlikeForm(QuestionForm[T]):
    """A form that asks each role the same question; it is never answered for both unasked."""

    _is_apart = False
    """Whether *apart* was chosen on this page; the two answers may be equal meanwhile."""

    def ask_each_role(self, receiving: Question, giving: Question) -> list[Question]:
        """Return the question of each role; with both, whether the answers are alike between."""
        if self._roles != frozenset(Role):
            return [receiving if Role.RECEIVER in self._roles else giving]
        say: Mapping[str, str] = self._context.words.table("forms")
        giving["shown_if"] = shown_if(ALIKE, APART)
        alike = one(ALIKE, say["alike_question"], options(say, (ALIKE, APART)), brief=True)
        return [receiving, alike, giving]

    def show_if_alike(self, receiving: object, giving: object) -> str | None:
        """Return the answer to *alike* that two answers show; None: giving is still blank."""
        if self._is_apart:
            return APART
        if giving is None or giving == frozenset():
            return None
        return ALIKE if giving == receiving else APART

    def choose_by_role(
        self, answers: FieldAnswers, old: tuple[Part, Part], new: tuple[Part, Part]
    ) -> tuple[Part, Part]:
        """Return the answers as receiver and as giver.

        Args:
            answers: what the browser sent.
            old: both answers so far; that of a role that is not asked is kept.
            new: both answers as the browser shows them.

        """
        said = answers.get(ALIKE)
        self._is_apart = said == APART
        if self._roles == frozenset(Role):
            return (new[0], new[0]) if said == ALIKE else new
        return (new[0], old[1]) if Role.RECEIVER in self._roles else (old[0], new[1])
