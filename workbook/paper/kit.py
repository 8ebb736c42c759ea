"""The kit for people who lead groups: a page for them, two sessions, handouts and the sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from workbook.content.guidance import load_guidance
from workbook.content.kit import LONG_MINUTES, SHORT_MINUTES, SessionPart, load_session_parts
from workbook.content.tables import load_tables
from workbook.content.words import Words
from workbook.domain.guidance import Country, Guidance, Resources
from workbook.domain.levels import DUET_LEVELS
from workbook.domain.tables import Evidence, Tables
from workbook.paper import booklet, cards
from workbook.paper.blocks import (
    Columns,
    Inline,
    Panel,
    Picture,
    Rows,
    Text,
    Ticks,
    Write,
    heading,
    small,
    title,
)
from workbook.paper.drawings import load_drawings
from workbook.paper.sheet import PaperBlock, PaperPage

REVIEWED_TOPICS = ("health", "oils", "essential_oils", "patch_test", "reactions", "areas", "help")
"""Tables whose rows a professional should read, by topic."""

TRIED_STROKES = ("glide", "knead", "circles")
"""What a session teaches."""


def make_kit(
    say: Words, resources: Resources, size: str, country: Country | None = None
) -> dict[str, bytes]:
    """Return the files of the kit as PDF, by name.

    Args:
        say: the strings of one language.
        resources: where to turn.
        size: ``"a4"`` or ``"letter"``.
        country: whose numbers stand on the handout about help; None: those of all countries.

    Raises:
        InvalidInput: if a text has a letter that the typefaces of paper do not have.

    """
    guidance, tables = load_guidance(), load_tables()
    name = say("kit.title")
    helps = booklet.list_help(say, guidance, resources, country)
    handouts = {
        "consent": [_make_consent(say, guidance)],
        "signals": [_make_signals(say, tables)],
        "strokes": [_make_strokes(say)],
        "oils": [cards.make_oils(say, guidance, tables)],
        "help": helps,
    }
    files: dict[str, list[PaperPage]] = {
        "1-read-this-first": [_make_leader(say, guidance)],
        f"2-session-{SHORT_MINUTES}-minutes": [_make_session(say, SHORT_MINUTES)],
        f"3-session-{LONG_MINUTES}-minutes": [_make_session(say, LONG_MINUTES)],
        **{f"4-handout-{key}": pages for key, pages in handouts.items()},
        "5-sheets-for-two": booklet.list_all(say, resources, country),
        "6-how-was-the-session": [_make_after(say)],
    }
    return {f"{file}.pdf": booklet.print_pages(pages, name, size) for file, pages in files.items()}


def _make_leader(say: Words, guidance: Guidance) -> PaperPage:
    trades = ("health", "skin", "hands", "touch", "help", "safe")
    not_for = ("fear", "no", "able", "hurt", "alone")
    group = ("leave", "who", "show", "ask", "keep")
    inside = ("60", "handouts", "paper", "after")
    rows = [row for topic in REVIEWED_TOPICS for row in guidance.provenance[topic]]
    date = max(row.reviewed for row in rows)
    return PaperPage(
        [
            title(say("kit.leader"), say("kit.leader_line")),
            Panel(
                [
                    heading(say("kit.review"), before=0),
                    Text(say("kit.review_line")),
                    *(Text(say(f"kit.review_{key}"), after=0.15) for key in trades),
                    Text(
                        f"**{say('kit.rows', date=say.language.write_date(date))}**",
                        0.92,
                        before=0.3,
                        after=0.1,
                    ),
                    *_count_rows(say, guidance),
                ]
            ),
            Columns(
                [
                    [
                        heading(say("kit.not_for"), before=0),
                        *_list(say, "not_for", not_for),
                    ],
                    [heading(say("kit.group"), before=0), *_list(say, "group", group)],
                ]
            ),
            heading(say("kit.inside")),
            Columns(
                [
                    _list(say, "inside", inside[:2]),
                    _list(say, "inside", inside[2:]),
                ]
            ),
        ],
        say("kit.foot.leader"),
    )


def _count_rows(say: Words, guidance: Guidance) -> list[PaperBlock]:
    """Return for each table how many rows have which mark."""
    lines: list[PaperBlock] = []
    for topic in REVIEWED_TOPICS:
        marks = Counter(row.mark for row in guidance.provenance[topic])
        counts = {mark.value: marks[mark] for mark in Evidence}
        told = say("kit.row_counts", all=marks.total(), **counts)
        lines.append(Text(f"**{say(f'kit.tables.{topic}')}** {told}", 0.86, after=0.05))
    return lines


def _list(say: Words, under: str, keys: Sequence[str]) -> list[PaperBlock]:
    return [Text(f"– {say(f'kit.{under}_{key}')}", after=0.2) for key in keys]


def _make_session(say: Words, minutes: int) -> PaperPage:
    parts = [part for part in load_session_parts() if _minutes(part, minutes)]
    rows: list[PaperBlock] = []
    at = 0
    for part in parts:
        until = at + _minutes(part, minutes)
        told: list[PaperBlock] = [
            Text(f"**{say(f'kit.parts.{part.key}.name')}**", 1.08, after=0.15),
            Text(say(f"kit.parts.{part.key}.do"), after=0.2),
            Text(f"“{say(f'kit.parts.{part.key}.say')}”", after=0.15),
        ]
        if part.key == "duet":
            names = (level.name.lower() for level in sorted(DUET_LEVELS))
            told[2:2] = [
                Text(f"**{say(f'levels.{key}.name')}**  {say(f'levels.{key}.anchor')}", after=0.1)
                for key in names
            ]
        if part.handout:
            name = say(f"kit.handouts.{part.handout}")
            told.append(small(say("kit.needs", handout=name)))
        clock = Text(f"**{at}–{until}**", 1.2)
        rows.append(Columns([[clock], told], [0.12, 0.88], gap=1.0))
        at = until
    return PaperPage(
        [title(say("kit.session", minutes=minutes), say("kit.session_line")), *rows],
        say("kit.foot.session", minutes=minutes),
    )


def _minutes(part: SessionPart, whole: int) -> int:
    return part.short if whole == SHORT_MINUTES else part.long


def _make_consent(say: Words, guidance: Guidance) -> PaperPage:
    lines = [
        Text(f"**{number}**  {say(f'consent.{row.id}')}", 1.3, after=0.35)
        for number, row in enumerate(guidance.consent, 1)
    ]
    return PaperPage(
        [title(say("kit.handouts.consent"), say("kit.handouts.consent_line")), *lines],
        say("kit.foot.consent"),
    )


def _make_signals(say: Words, tables: Tables) -> PaperPage:
    told = ("T-01", "T-02", "T-03", "T-04")
    rows = [(say(f"reactions.{row}.notice"), say(f"reactions.{row}.line")) for row in told]
    return PaperPage(
        [
            title(say("kit.handouts.signals"), say("kit.handouts.signals_line")),
            Panel([Text(f"**{say('forms.signals_meaning')}**", 1.3)]),
            Write(say("kit.handouts.signals_word")),
            heading(say("kit.handouts.signals_silent")),
            Ticks(cards.list_signals(say, tables)),
            heading(say("kit.handouts.signals_try")),
            Text(say("kit.handouts.signals_try_line")),
            heading(say("kit.handouts.signals_happens")),
            Rows(rows, 0.34),
            Text(say("player.card_ask")),
            Text(say("player.card_end")),
        ],
        say("kit.foot.signals"),
    )


def _make_strokes(say: Words) -> PaperPage:
    rows: list[PaperBlock] = []
    for key in TRIED_STROKES:
        told = [say(f"strokes.{key}.{what}") for what in ("hands", "move", "rhythm", "not_here")]
        heads = [say(f"learn.{what}") for what in ("hands", "move", "rhythm", "not_here")]
        name = say(f"strokes.{key}.name")
        texts: list[PaperBlock] = [heading(name, before=0)]
        texts += [
            Text(f"**{head}** {each}", 1.08, after=0.3)
            for head, each in zip(heads, told, strict=True)
        ]
        picture = Picture(load_drawings()[key], " ".join([name, *told]), 18)
        rows.append(Columns([[picture], texts], [0.38, 0.62]))
    return PaperPage(
        [title(say("kit.handouts.strokes"), say("kit.handouts.strokes_line")), *rows],
        say("kit.foot.strokes"),
    )


def _make_after(say: Words) -> PaperPage:
    answers = [say(f"kit.handouts.after_{each}") for each in ("yes", "partly", "no")]
    asked = [say(f"kit.handouts.after_{each}") for each in ("clear", "pace", "out", "use")]
    return PaperPage(
        [
            title(say("kit.handouts.after"), say("kit.handouts.after_line")),
            *(Inline(each, answers, after=0.8) for each in asked),
            heading(say("kit.handouts.after_more")),
            Write("", 8),
            heading(say("kit.handouts.after_less")),
            Write("", 8),
        ],
        say("kit.foot.after"),
    )
