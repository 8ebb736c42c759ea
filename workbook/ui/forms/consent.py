"""Consent: whether tonight is a free yes; the answer is private."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.ui.form import (
    FieldAnswers,
    FormContext,
    QuestionForm,
    make_button,
    read_choice,
    set_visible,
)
from workbook.ui.forms.resources import SomewhereToTurn
from workbook.ui.questions import one, option, options, shown_if
from workbook.ui.widgets.prose import Prose, item, notice, p
from workbook.ui.widgets.questions import Question

ADULT_ANSWERS = {True: "adult", False: "minor"}
NOT_TONIGHT_ANSWERS = {True: "not_tonight", False: "tonight"}
OFFERED = (FreeYes.YES, FreeYes.NOT_SURE, FreeYes.NO)


class ConsentForm(QuestionForm[ConsentAnswers]):
    """Asks once an evening; any answer but a clear yes means "not tonight", without a reason.

    A no is met with a page for its owner alone: what the partner will see, time, and somewhere
    to turn.

    Args:
        context: of the page.
        value: the answers so far.
        stop_saving: called when the person would like to go through the questions without
            anything being kept; None: that is not offered.
        brief: whether the answers stand beside each other.

    """

    def __init__(
        self,
        context: FormContext,
        value: ConsentAnswers,
        stop_saving: Callable[[], None] | None = None,
        *,
        brief: bool = False,
    ) -> None:
        self._answer = Prose()
        self._of_age, self._is_brief = value.adult is True, brief
        self._stop_saving = stop_saving
        self._anyway = make_button(
            context.words("forms.no_go_through"), self._go_through, context.show
        )
        self._is_going_through = False
        self._turn_to, self._going_on = SomewhereToTurn(context), Prose()
        super().__init__(context, value, self._answer, self._turn_to, self._going_on, self._anyway)
        self.observe(lambda _change: self._render_reply(), "value")
        self._render_reply()

    def questions(self, value: ConsentAnswers) -> list[Question]:
        """Return the questions; age is not asked again of a person who has said they are adult."""
        say = self._context.words.table("forms")
        age = one("adult", say["adult_question"], options(say, ("adult", "minor")), brief=True)
        free = [option(c.value, say[f"free_{c}"]) for c in OFFERED]
        easy = [option(c.value, say[f"easy_{c}"]) for c in OFFERED]
        uneasy = shown_if("easy", [FreeYes.NOT_SURE.value, FreeYes.NO.value])
        asked = [
            one(
                "free",
                say["free_question"],
                free,
                help=say["free_help"],
                brief=self._is_brief,
            ),
            one(
                "easy",
                say["easy_question"],
                easy,
                shown_if=shown_if("free", FreeYes.YES.value),
                brief=True,
            ),
            one(
                "not_tonight",
                say["not_tonight_question"],
                options(say, ("not_tonight", "tonight")),
                shown_if=uneasy,
                brief=True,
            ),
        ]
        return asked if self._of_age else [age, *asked]

    def answers(self, value: ConsentAnswers) -> FieldAnswers:
        """Return a value as the browser's answers."""
        said = value.not_tonight
        return {
            "adult": None if value.adult is None else ADULT_ANSWERS[value.adult],
            "free": value.free,
            "easy": value.easy,
            "not_tonight": None if said is None else NOT_TONIGHT_ANSWERS[said],
        }

    def read(self, answers: FieldAnswers) -> ConsentAnswers:
        """Return the browser's answers as a value."""
        adult, not_tonight = answers.get("adult"), answers.get("not_tonight")
        return ConsentAnswers(
            free=read_choice(FreeYes, answers, "free"),
            adult=True if self._of_age else _find_key(ADULT_ANSWERS, adult),
            easy=read_choice(FreeYes, answers, "easy"),
            not_tonight=_find_key(NOT_TONIGHT_ANSWERS, not_tonight),
        )

    def _go_through(self) -> None:
        """Let the person go through the questions; nothing that they answer is kept."""
        if self._stop_saving is not None:
            self._stop_saving()
        self._is_going_through = True
        self._render_reply()

    def _render_reply(self) -> None:
        say, partner = self._context.words, self._context.partner.name
        value: ConsentAnswers = self.value
        self._turn_to.show_if(value.is_no and value.adult is not False)
        if not value.is_no:
            self._is_going_through = False
        set_visible(self._anyway, value.is_no and self._stop_saving is not None)
        self._anyway.disabled = self._is_going_through
        if value.adult is False:
            set_visible(self._anyway, shown=False)
            help_line = notice(say("forms.help_line"), "#help", say("forms.help"))
            self._answer.set_blocks(p(say("forms.minor_reply")), help_line)
            self._going_on.set_blocks()
        elif value.is_no:
            self._answer.set_blocks(
                p(say("forms.no_reply", name=partner)),
                p(say("forms.no_time")),
                item(say("forms.no_read"), "#setting"),
                item(say("forms.no_turn"), "#help"),
            )
            self._going_on.set_blocks(
                p(say("forms.no_kept" if self._is_going_through else "forms.no_anyway"))
            )
        else:
            self._answer.set_blocks()
            self._going_on.set_blocks()


def _find_key(keys: Mapping[bool, str], said: object) -> bool | None:
    """Return what a browser's answer means; None for anything that is not on offer."""
    return next((key for key, option in keys.items() if option == said), None)
