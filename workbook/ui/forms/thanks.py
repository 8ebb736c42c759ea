"""Thank-yous, shown once both have written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from workbook.domain.learning import Debrief
from workbook.domain.seats import Seat
from workbook.domain.text import is_blank
from workbook.ui.form import (
    FieldAnswers,
    FormContext,
    QuestionForm,
    make_button,
    make_text_area,
    set_visible,
)
from workbook.ui.widgets.prose import Block, Prose, p, quote
from workbook.ui.widgets.questions import Question


@dataclass(frozen=True, slots=True)
class ShownThanks:
    """What the partner may read of one person's debrief."""

    text: str
    more: tuple[str, ...]
    """Keys of areas that the person would like more of, and shows."""
    note: str = ""
    """Their note, if they show it."""


class ThanksForm(QuestionForm[Debrief]):
    """Takes a person's thank-you, hands it in, and shows both once both are handed in.

    Its value is the debrief, of which it asks for the thank-you alone.
    """

    TEXTS = (("thanks", "thanks"),)

    def __init__(
        self,
        context: FormContext,
        value: Debrief,
        hand_in: Callable[[], None],
        pass_screen: Callable[[], None],
    ) -> None:
        self._thanks = make_text_area(context.words, "thanks", value.thanks)
        super().__init__(context, value)
        self._text = Prose()
        self._give = make_button(
            context.words("forms.thanks_give"), hand_in, context.show, main=True
        )
        self._over = make_button(
            context.words("forms.hand_over", name=context.partner.name), pass_screen, context.show
        )
        self.children = [self._text, self._thanks, self._give, self._over]
        self._observe_field(self._thanks)

    def questions(self, value: Debrief) -> list[Question]:
        """Return no question: there is only the text."""
        return []

    def answers(self, value: Debrief) -> FieldAnswers:
        """Return nothing: there is no question."""
        return {}

    def read(self, answers: FieldAnswers) -> Debrief:
        """Return the debrief with the thank-you as it is written now."""
        return replace(self.value, thanks=self._thanks.value)

    def _fill_fields(self, value: Debrief) -> None:
        super()._fill_fields(value)
        self._thanks.value = value.thanks

    def render(self, given: Mapping[Seat, ShownThanks]) -> None:
        """Show the person's own thank-you, and the partner's once both are handed in."""
        say, name = self._context.words, self._context.partner.name
        mine, both = self._context.seat in given, len(given) == len(Seat)
        blocks = [block for who in given for block in self._list_lines(who, given[who])]
        if not mine:
            blocks.append(p(say("forms.thanks_intro", name=name)))
        elif not both:
            blocks.append(p(say("forms.thanks_one", name=name)))
        self._text.set_blocks(*blocks)
        set_visible(self._thanks, not mine)
        set_visible(self._give, not mine)
        set_visible(self._over, mine and not both)

    def _list_lines(self, who: Seat, thanks: ShownThanks) -> Iterator[Block]:
        person, say = self._context.people.at(who), self._context.words
        text = say("forms.thanks_blank") if is_blank(thanks.text) else thanks.text
        yield quote(text, person.name, colour=person.colour, shape=person.shape)
        yield from list_shown_lines(self._context, person.name, thanks)


def list_shown_lines(context: FormContext, name: str, thanks: ShownThanks) -> Iterator[Block]:
    """Yield the lines of a debrief that somebody shows with their thank-you.

    Args:
        context: for the words.
        name: who shows them.
        thanks: what they show.

    """
    say = context.words
    if thanks.more:
        areas = say.language.join_names(say(f"areas.names.{area}") for area in thanks.more)
        yield p(say("forms.thanks_more", name=name, areas=areas))
    if not is_blank(thanks.note):
        yield p(say("forms.thanks_note", name=name, note=thanks.note))
