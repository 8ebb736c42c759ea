"""Wishes: a wish is shown only if both people chose it."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.domain.evening import WishAnswers
from workbook.ui.form import FieldAnswers, FormContext, QuestionForm, set_visible
from workbook.ui.questions import many, options
from workbook.ui.widgets.prose import Prose, p
from workbook.ui.widgets.questions import Question


class WishesForm(QuestionForm[WishAnswers]):
    """Asks with a checklist; wishes that are not ticked are not mentioned later.

    Args:
        context: tables and words.
        value: what was ticked.
        asked: keys this round asks about; left out: all of them.
        due: whether a round is asked now; False if the last one was opened a few days ago.

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
        """Show the wishes of another round; the arguments are those of the class."""
        self._keys, self._due = asked, due
        self._question_group.questions = self.questions(self.value)
        self._render_state()

    def _render_state(self) -> None:
        set_visible(self._question_group, self._due)
        set_visible(self._later, not self._due)

    def questions(self, value: WishAnswers) -> list[Question]:
        """Return one question with several possible answers; none between two rounds."""
        if not self._due:
            return []
        say = self._context.words
        wishes = options(say.table("choices.wishes"), self._keys)
        asked = many("wished", say("forms.wishes_question"), wishes, help=say("forms.wishes_help"))
        asked["group"], asked["group_line"] = say("forms.wishes_group"), say("forms.wishes_line")
        return [asked]

    def answers(self, value: WishAnswers) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {"wished": sorted(value.wished)}

    def read(self, answers: FieldAnswers) -> WishAnswers:
        """Return the browser's answers as a value."""
        return WishAnswers(wished=frozenset(answers.get("wished") or ()))
