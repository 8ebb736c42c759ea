"""Wishes: each is shown only where both said yes."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.domain.evening import WishAnswers
from workbook.ui.form import Answers, FormContext, QuestionForm, set_visible
from workbook.ui.questions import many, options
from workbook.ui.widgets.prose import Prose, p
from workbook.ui.widgets.questions import Question


class WishesForm(QuestionForm[WishAnswers]):
    """A list to tick; what is not ticked is never asked about.

    Args:
        context: tables and words.
        value: what was ticked.
        asked: keys this round asks about; left out: all of them.
        due: whether a round is asked at all, or the last one was opened a few days ago.

    """

    SHOWS = ("wishes",)

    def __init__(
        self,
        context: FormContext,
        value: WishAnswers,
        asked: Sequence[str] | None = None,
        *,
        due: bool = True,
    ) -> None:
        self._keys = context.tables.wishes if asked is None else asked
        self._due = due
        self._later = Prose([p(context.words("forms.wishes_later"))])
        super().__init__(context, value, self._later)
        self._render_state()

    def render(self, asked: Sequence[str], *, due: bool) -> None:
        """Another round is under way, or will be."""
        self._keys, self._due = asked, due
        self._question_group.questions = self.questions(self.value)
        self._render_state()

    def _render_state(self) -> None:
        set_visible(self._question_group, self._due)
        set_visible(self._later, not self._due)

    def questions(self, value: WishAnswers) -> list[Question]:
        """One question with several possible answers; none between two rounds."""
        if not self._due:
            return []
        say = self._context.words
        wishes = options(say.table("choices.wishes"), self._keys)
        return [many("wished", say("forms.wishes_question"), wishes, help=say("forms.wishes_help"))]

    def answers(self, value: WishAnswers) -> Answers:
        """The value as the browser's answers."""
        return {"wished": sorted(value.wished)}

    def read(self, answers: Answers) -> WishAnswers:
        """The browser's answers as a value."""
        return WishAnswers(wished=frozenset(answers.get("wished") or ()))
