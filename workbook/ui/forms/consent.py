"""Consent: whether tonight is a free yes; the answer is private."""

from __future__ import annotations

from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.ui.form import Answers, FormContext, QuestionForm
from workbook.ui.questions import one, option, options
from workbook.ui.widgets.prose import Prose, notice, p
from workbook.ui.widgets.questions import Question

ADULT_ANSWERS = {True: "adult", False: "minor"}
OFFERED = (FreeYes.YES, FreeYes.NOT_SURE, FreeYes.NO)


class ConsentForm(QuestionForm[ConsentAnswers]):
    """Asks once an evening; any answer but a clear yes means "not tonight", without a reason."""

    def __init__(self, context: FormContext, value: ConsentAnswers) -> None:
        self._answer = Prose()
        self._of_age = value.adult is True
        super().__init__(context, value, self._answer)
        self.observe(lambda _change: self._render_reply(), "value")
        self._render_reply()

    def questions(self, value: ConsentAnswers) -> list[Question]:
        """Return the questions; age is not asked again of a person who has said they are adult."""
        say = self._context.words.table("forms")
        age = one("adult", say["adult_question"], options(say, ("adult", "minor")))
        choices = [option(c.value, say[f"free_{c}"]) for c in OFFERED]
        free = one("free", say["free_question"], choices, help=say["free_help"])
        return [free] if self._of_age else [age, free]

    def answers(self, value: ConsentAnswers) -> Answers:
        """Return a value as the browser's answers."""
        return {
            "adult": None if value.adult is None else ADULT_ANSWERS[value.adult],
            "free": value.free,
        }

    def read(self, answers: Answers) -> ConsentAnswers:
        """Return the browser's answers as a value."""
        free, adult = answers.get("free"), answers.get("adult")
        return ConsentAnswers(
            free=FreeYes(free) if free else None,
            adult=True if self._of_age else adult and adult == "adult",
        )

    def _render_reply(self) -> None:
        say = self._context.words.table("forms")
        value: ConsentAnswers = self.value
        if value.adult is False:
            self._answer.set_blocks(
                p(say["minor_reply"]), notice(say["help_line"], "#help", say["help"])
            )
        elif value.free in (FreeYes.NO, FreeYes.NOT_SURE):
            self._answer.set_blocks(
                p(say["not_free_reply"]),
                notice(say["help_line"], "#help", say["help"]),
            )
        else:
            self._answer.set_blocks()
