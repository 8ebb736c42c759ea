"""The evenings so far: what was, what was liked, what the book learned. Never a score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from workbook.domain.learning import Setting, Settings
from workbook.ui.form import Desk, Form, button, show
from workbook.ui.forms.thanks import ShownThanks
from workbook.ui.widgets.prose import Block, Prose, fold, h, item, notice, p, pair, quote


@dataclass(frozen=True, slots=True)
class Entry:
    """One evening, as the person at the screen may see it."""

    on: date
    turns: tuple[str, ...]
    """One line for each turn: who gave, how long, which areas."""
    ended_early: bool
    thanks: tuple[tuple[str, ShownThanks], ...]
    """Name and thanks, both or none."""
    note: str
    """This person's own private note."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the consent record about an agreement."""

    what: str
    """Such as ``affirmed``."""
    on: date
    name: str
    """Whose word it is; empty for the end of a massage."""
    mark: str
    """What the line bears in the record, such as "7f3a 09bc"."""


class JournalForm(Form):
    """Latest evening first; below, what was said to agreements of late.

    Args:
        desk: tables and words.
        erase: erases the lines of the person at the screen.
        changed: something in the record is not as it was written.

    """

    def __init__(self, desk: Desk, erase: Callable[[], None], *, changed: bool = False) -> None:
        self._desk = desk
        self._changed = changed
        self._text, self._record = Prose(), Prose()
        self._erase = button(desk.words("forms.record_erase"), erase, desk.show)
        super().__init__([self._text, self._record, self._erase])

    def tell(
        self, entries: Sequence[Entry], learned: Settings, record: Sequence[Said] = ()
    ) -> None:
        """Show all evenings, this person's own settings, and the end of the record."""
        self._tell_record(record)
        say = self._desk.words
        blocks: list[Block] = []
        if not entries:
            blocks.append(p(say("forms.journal_empty")))
        for entry in entries:
            blocks.append(h(f"{entry.on:%d %B %Y}".lstrip("0")))
            blocks += [p(turn) for turn in entry.turns]
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
        blocks += [item(self._learned(setting)) for setting in learned.each]
        self._text.say(*blocks)

    def _tell_record(self, record: Sequence[Said]) -> None:
        say = self._desk.words
        lines = [p(say("forms.record_help")), *map(self._line, reversed(record))]
        lines.append(p(say("forms.record_marks")))
        self._record.say(
            *([notice(say("forms.record_changed"))] if self._changed else ()),
            *([fold(say("forms.record"), lines)] if record else ()),
        )
        mine = any(said.name == self._desk.me.name for said in record)
        show(self._erase, mine)

    def _line(self, said: Said) -> Block:
        text = self._desk.words(f"forms.record_{said.what}", name=said.name)
        return item(f"{said.on:%d %B}: {text} ({said.mark})".lstrip("0"))

    def _learned(self, setting: Setting) -> str:
        say = self._desk.words
        on = f"{setting.on:%d %B}".lstrip("0")
        if setting.what in self._desk.tables.oils:
            return say("forms.learned_oil", what=say(f"oils.names.{setting.what}"), on=on)
        what = say(f"areas.names.{setting.what}")
        if setting.cap is None:
            return say("forms.learned_closed", what=what, on=on)
        level = say(f"levels.{setting.cap.name.lower()}.name")
        return say("forms.learned_level", what=what, level=level, on=on)
