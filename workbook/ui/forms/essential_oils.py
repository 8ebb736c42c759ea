"""A calculator of how many drops of essential oil are safe; nothing of it is saved."""

from __future__ import annotations

from workbook.content.words import Words
from workbook.domain.tables import Tables
from workbook.rules.essential_oils import Blend, MixVerdict, calculate_blend
from workbook.ui.form import ReferenceForm, make_button
from workbook.ui.guard import Show, show_errors
from workbook.ui.questions import many, one, option
from workbook.ui.widgets.prose import Block, Prose, fold, notice, p, pair
from workbook.ui.widgets.questions import NONE, Question, Questions

BOTTLES_ML = (10, 15, 30, 50)
"""Carrier oil to choose from, in millilitres."""


class EssentialOilsForm(ReferenceForm):
    """Asks for the bottle, the oils, and facts about both people; shows the number of drops.

    Source: E-01 to E-12; R-15
    """

    SHOWS = ("essential_oils",)

    def __init__(self, say: Words, tables: Tables, show: Show) -> None:
        self._say, self._tables = say, tables
        self._question_group = Questions(
            questions=self._questions(), answers={}, words=dict(say.table("questions"))
        )
        self._result = Prose()
        self._open = make_button(say("essential_oils.ask.count"), self._show_questions, show)
        super().__init__([self._open])
        self._question_group.observe(
            show_errors(lambda _change: self._render_result(), show), "answers"
        )
        self._render_result()

    def _show_questions(self) -> None:
        """Show the questions: they are long, and most people use no essential oil."""
        self.children = [self._question_group, self._result]

    def _questions(self) -> list[Question]:
        say = self._say
        circumstances = dict.fromkeys(
            c for row in self._tables.essential for c in row.circumstances
        )
        oils = dict.fromkeys(oil for row in self._tables.essential for oil in row.oils)
        names = sorted((say(f"essential_oils.names.{oil}"), oil) for oil in oils)
        bottles = [option(str(ml), say("essential_oils.ask.bottle", ml=ml)) for ml in BOTTLES_ML]
        return [
            many(
                "true",
                say("essential_oils.ask.true"),
                [option(c, say(f"essential_oils.circumstances.{c}")) for c in circumstances],
                help=say("essential_oils.ask.true_help"),
                none_label=say("forms.none_of_these"),
            ),
            one("ml", say("essential_oils.ask.ml"), bottles),
            many(
                "oils",
                say("essential_oils.ask.oils"),
                [option(oil, name) for name, oil in names],
                help=say("essential_oils.ask.oils_help"),
            ),
        ]

    def _render_result(self) -> None:
        said = self._question_group.answers
        oils, ml, true = said.get("oils") or [], said.get("ml"), said.get("true") or []
        if not (oils and ml and true):
            self._result.set_blocks(p(self._say("essential_oils.ask.open")))
            return
        circumstances = [each for each in true if each != NONE]
        mixed = calculate_blend(oils, int(ml), circumstances, self._tables)
        self._result.set_blocks(*self._blocks(mixed, len(oils), int(ml)))

    def _blocks(self, mixed: Blend, oils: int, ml: int) -> list[Block]:
        say = self._say
        if mixed.mix is not MixVerdict.FITS:
            out = [notice(say(f"essential_oils.mixes.{mixed.mix}"))]
            return [*out, *(p(say(f"essential_oils.{rule}")) for rule in mixed.rules)]
        each = "each" if oils > 1 else "one"
        blocks = [
            pair(say("essential_oils.ask.usual"), self._describe_drops(mixed.drops, each, ml)),
            pair(say("essential_oils.ask.most"), self._describe_drops(mixed.most, each, ml)),
            p(say("essential_oils.ask.tested", days=mixed.days)),
        ]
        if mixed.sun:
            blocks.append(notice(say("materials.F-13")))
        rules = [p(say(f"essential_oils.{row.id}")) for row in self._tables.essential]
        return [*blocks, fold(say("essential_oils.ask.rules"), rules)]

    def _describe_drops(self, drops: int, each: str, ml: int) -> str:
        if not drops:
            return self._say("essential_oils.ask.none_usual")
        some = "drop" if drops == 1 else "drops"
        return self._say(f"essential_oils.ask.{some}_{each}", drops=drops, ml=ml)
