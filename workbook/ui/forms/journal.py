"""The journal: one person's page to look at; past evenings, what helped, what was learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from ipywidgets import HBox, VBox

from workbook.content.words import name_level
from workbook.domain.learning import GIVING, Setting, Settings
from workbook.domain.seats import Seat
from workbook.domain.text import is_blank
from workbook.rules.learning import find_retry_date
from workbook.ui.areas import make_map_places
from workbook.ui.form import Form, FormContext, close_widget, make_button, set_visible
from workbook.ui.forms.thanks import ShownThanks, list_shown_lines
from workbook.ui.widgets.body_map import BodyMap, MapBrush, MapPattern
from workbook.ui.widgets.prose import (
    Block,
    Prose,
    TimelineMark,
    fold,
    h,
    item,
    p,
    pair,
    quote,
    timeline,
)

TIMELINE_EVENINGS = 12
"""Evenings on the timeline at most, the latest; the list below has all of them."""
QUOTES = 5
"""Thank-yous that stand open, the latest; the list below has all of them."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One evening, as the person at the screen may see it."""

    on: date
    givers: tuple[Seat, ...]
    """Who gave, in the order of the turns."""
    turns: tuple[str, ...]
    """One line for each turn: who gave, how long, which areas."""
    intention: str
    """What it was for, in words; blank: nothing was settled."""
    ended_early: bool
    thanks: Mapping[Seat, ShownThanks]
    """Both people's, or none."""
    note: str
    """This person's own private note."""


@dataclass(frozen=True, slots=True)
class JournalView:
    """Everything the journal shows of past evenings."""

    entries: tuple[JournalEntry, ...] = ()
    """The latest first."""
    more: Mapping[str, str] = field(default_factory=dict)
    """By area, how often this person wanted more of it: a key of ``MORE_LOOKS``."""
    helpful: Sequence[tuple[str, int]] = ()
    """What was there on evenings that this person liked, in words, and on how many."""


MORE_LOOKS: Mapping[str, MapPattern] = {"sometimes": "light", "often": "lines", "mostly": "solid"}
"""Pattern on the figure by how often somebody wanted more."""


class JournalForm(Form):
    """Shows past evenings as a picture and in words, and what the book learned.

    The figure, what helped and what was learned come from this person's own answers alone.

    Args:
        context: tables, words and people.
        take_back: takes back what was learned about an area or a product.

    Source: A-86, A-104; SS-26, SS-33; design ("The journal is one person's page")

    """

    def __init__(self, context: FormContext, take_back: Callable[[str], None]) -> None:
        self._context, self._take_back = context, take_back
        say = context.words
        self._line, self._quotes, self._list = Prose(live=False), Prose(live=False), Prose()
        brushes: list[MapBrush] = [
            {"key": key, "label": say(f"forms.more_{key}"), "look": look}
            for key, look in MORE_LOOKS.items()
        ]
        self._map = BodyMap(
            say("forms.journal_more"), [], brushes, say.table("body_map"), reading=True
        )
        self._map_words = Prose(live=False)
        self._figure = VBox([self._map, self._map_words])
        self._figure.add_class("at-journal-figure")
        self._said = HBox([self._figure, self._quotes])
        self._said.add_class("at-journal-said")
        self._learned = VBox()
        self._learned.add_class("at-learned")
        super().__init__([self._line, self._said, self._learned, self._list])

    def render(self, journal: JournalView, learned: Settings) -> None:
        """Show all evenings, and this person's own settings."""
        say = self._context.words
        entries = journal.entries
        if not entries:
            self._line.set_blocks(p(say("forms.journal_empty")))
        else:
            self._line.set_blocks(self._make_timeline(entries[:TIMELINE_EVENINGS]))
        self._render_figure(journal.more)
        self._render_quotes(entries)
        set_visible(self._said, bool(journal.more or self._quotes.blocks))
        self._render_learned(learned, journal.helpful)
        listed = [block for entry in entries for block in self._list_entry(entry)]
        self._list.set_blocks(*([fold(say("forms.journal_all"), listed)] if listed else []))

    def _make_timeline(self, entries: Sequence[JournalEntry]) -> Block:
        """Who gave on which evening, the oldest first."""
        say, month = self._context.words, ""
        marks: list[TimelineMark] = []
        for entry in reversed(entries):
            people = [self._context.people.at(giver) for giver in entry.givers]
            names = f" {say('forms.and')} ".join(dict.fromkeys(person.name for person in people))
            begins = say.language.write_month(entry.on)
            marks.append(
                {
                    "text": say(
                        "forms.journal_gave",
                        on=say.language.write_day(entry.on),
                        names=names,
                    ),
                    "month": begins if begins != month else "",
                    "seats": [(str(each.colour), str(each.shape)) for each in people],
                }
            )
            month = begins
        return timeline(marks, say("forms.journal_line"))

    def _render_figure(self, more: Mapping[str, str]) -> None:
        say, areas = self._context.words, self._context.tables.areas
        known = {key: how for key, how in more.items() if key in areas}
        set_visible(self._figure, bool(known))
        if not known:
            self._map_words.set_blocks()
            return
        self._map.places = make_map_places([areas[key] for key in known], say, sided=False)
        self._map.marks = dict(known)
        lines = []
        for how in reversed(list(MORE_LOOKS)):
            names = [say(f"areas.names.{key}") for key in areas if known.get(key) == how]
            if names:
                lines.append(item(f"{', '.join(names)}: {say(f'forms.more_{how}')}"))
        self._map_words.set_blocks(*lines)

    def _render_quotes(self, entries: Sequence[JournalEntry]) -> None:
        partner = self._context.seat.other
        person = self._context.partner
        found = [
            quote(
                entry.thanks[partner].text,
                f"{person.name}, {self._context.words.language.write_day(entry.on)}",
                colour=person.colour,
                shape=person.shape,
            )
            for entry in entries
            if partner in entry.thanks and not is_blank(entry.thanks[partner].text)
        ]
        self._quotes.set_blocks(*found[:QUOTES])

    # What was learned -------------------------------------------------------------------------

    def _render_learned(self, learned: Settings, helpful: Sequence[tuple[str, int]]) -> None:
        say = self._context.words
        head: list[Block] = [h(say("forms.learned"))]
        if not learned.each and not helpful:
            head.append(p(say("forms.learned_none")))
        for what, count in helpful:
            head.append(item(say("forms.helpful", what=what, count=count)))
        rows = [self._make_row(setting) for setting in learned.each]
        gone, self._learned.children = self._learned.children, [Prose(head), *rows]
        for each in gone:
            close_widget(each)

    def _make_row(self, setting: Setting) -> HBox:
        """One change with its reason, the date to try again, and a button to take it back."""
        say, what = self._context.words, self._name(setting)
        again = find_retry_date(setting, self._context.tables)
        is_now = again <= self._context.today
        retry = say(
            "forms.retry_now" if is_now else "forms.retry_later",
            again=say.language.write_day(again),
        )
        lines = [
            say(f"forms.learned_{setting.reason}", on=say.language.write_day(setting.on)),
            retry,
        ]
        if setting.what in self._context.tables.oils:
            lines.append(say("forms.retry_oil"))
        text = Prose([pair(self._describe(setting), " ".join(lines))], live=False)
        label = say("forms.try_again" if is_now else "forms.take_back", what=what)
        press = partial(self._take_back, setting.what)
        row = HBox([text, make_button(label, press, self._context.show)])
        row.add_class("at-learned-row")
        return row

    def _name(self, setting: Setting) -> str:
        say = self._context.words
        if setting.what == GIVING:
            return say("forms.learned_giving")
        is_oil = setting.what in self._context.tables.oils
        return say(f"oils.names.{setting.what}" if is_oil else f"areas.names.{setting.what}")

    def _describe(self, setting: Setting) -> str:
        say, what = self._context.words, self._name(setting)
        if setting.cap is None:
            return say("forms.learned_closed", what=what)
        level = name_level(say, setting.cap)
        return say("forms.learned_level", what=what, level=level)

    # Every evening ----------------------------------------------------------------------------

    def _list_entry(self, entry: JournalEntry) -> list[Block]:
        say = self._context.words
        blocks: list[Block] = [h(say.language.write_date(entry.on))]
        blocks += [p(turn) for turn in entry.turns]
        if entry.intention:
            blocks.append(p(say("forms.journal_intention", intention=entry.intention)))
        if entry.ended_early:
            blocks.append(p(say("forms.journal_early")))
        for who, thanks in entry.thanks.items():
            person = self._context.people.at(who)
            if not is_blank(thanks.text):
                colour, shape = person.colour, person.shape
                blocks.append(quote(thanks.text, person.name, colour=colour, shape=shape))
            blocks += list_shown_lines(self._context, person.name, thanks)
        if not is_blank(entry.note):
            blocks.append(pair(say("forms.journal_note"), entry.note))
        return blocks
