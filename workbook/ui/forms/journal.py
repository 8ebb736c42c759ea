"""The journal: past evenings, what was liked, and what the book learned; without scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workbook.domain.learning import Setting, Settings
from workbook.ui.form import Form, FormContext
from workbook.ui.forms.thanks import ShownThanks
from workbook.ui.widgets.prose import Block, Prose, h, item, p, pair, quote


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One evening, as the person at the screen may see it."""

    on: date
    turns: tuple[str, ...]
    """One line for each turn: who gave, how long, which areas."""
    intention: str
    """What both settled on, in words; blank: nothing."""
    ended_early: bool
    thanks: tuple[tuple[str, ShownThanks], ...]
    """Name and thanks, both or none."""
    note: str
    """This person's own private note."""


class JournalForm(Form):
    """Shows past evenings, the latest first, and what the book learned below them."""

    def __init__(self, context: FormContext) -> None:
        self._context = context
        self._text = Prose()
        super().__init__([self._text])

    def render(self, entries: Sequence[JournalEntry], learned: Settings) -> None:
        """Show all evenings, and this person's own settings."""
        say = self._context.words
        blocks: list[Block] = []
        if not entries:
            blocks.append(p(say("forms.journal_empty")))
        for entry in entries:
            blocks.append(h(f"{entry.on:%d %B %Y}".lstrip("0")))
            blocks += [p(turn) for turn in entry.turns]
            if entry.intention:
                blocks.append(p(say("forms.journal_intention", intention=entry.intention)))
            if entry.ended_early:
                blocks.append(p(say("forms.journal_early")))
            for name, thanks in entry.thanks:
                if thanks.text:
                    blocks.append(quote(thanks.text, name))
                if thanks.more:
                    areas = ", ".join(say(f"areas.names.{a}") for a in thanks.more)
                    blocks.append(p(say("forms.thanks_more", name=name, areas=areas)))
            if entry.note:
                blocks.append(pair(say("forms.journal_note"), entry.note))
        blocks.append(h(say("forms.learned")))
        if not learned.each:
            blocks.append(p(say("forms.learned_none")))
        blocks += [item(self._describe_setting(setting)) for setting in learned.each]
        self._text.set_blocks(*blocks)

    def _describe_setting(self, setting: Setting) -> str:
        say = self._context.words
        on = f"{setting.on:%d %B}".lstrip("0")
        if setting.what in self._context.tables.oils:
            return say("forms.learned_oil", what=say(f"oils.names.{setting.what}"), on=on)
        what = say(f"areas.names.{setting.what}")
        if setting.cap is None:
            return say("forms.learned_closed", what=what, on=on)
        level = say(f"levels.{setting.cap.name.lower()}.name")
        return say("forms.learned_level", what=what, level=level, on=on)
