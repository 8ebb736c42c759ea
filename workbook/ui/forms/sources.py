"""Every rule with its source, how certain it is, and when it was reviewed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ipywidgets import Label

from workbook.content.tables import CHOICE_LISTS
from workbook.content.words import Words
from workbook.domain.guidance import Guidance, Source, Tier
from workbook.domain.tables import Provenance
from workbook.ui.form import ReferenceForm, make_button
from workbook.ui.guard import Show
from workbook.ui.widgets.prose import Block, Prose, fold, h, pair

_CITED = re.compile(r"S\d+")
_LISTED = re.compile(r"(?![ABCR]-)[A-Z]+-?\d+")
"""Ids of sources and rows that this page shows; the seed facts behind them are left out."""


class SourcesForm(ReferenceForm):
    """All tables, folded by topic, then all sources, folded by how good they are.

    Source: facts, sections 3 to 15
    """

    def __init__(self, say: Words, guidance: Guidance, show: Show) -> None:
        self._say, self._guidance = say, guidance
        unopened = Label(say("sources.unopened"))
        unopened.add_class("at-on-paper")
        super().__init__([make_button(say("sources.open"), self._show_all, show), unopened])

    def _show_all(self) -> None:
        """Show the lines, some hundreds, once a button is pressed."""
        say, guidance = self._say, self._guidance
        topics = [
            fold(
                say("sources.lines.rows", title=title, n=len(guidance.provenance[topic])),
                [pair(row.id, describe_row(say, topic, row)) for row in guidance.provenance[topic]],
            )
            for topic, title in say.table("sources.topics").items()
        ]
        tiers = [
            fold(
                say("sources.lines.rows", title=say(f"sources.tiers.{tier}"), n=len(each)),
                [pair(one.id, cite(say, one)) for one in each],
            )
            for tier in Tier
            for each in ([one for one in guidance.sources.values() if one.tier is tier],)
        ]
        blocks: list[Block] = [h(say("sources.rules_title")), *topics]
        blocks += [h(say("sources.sources_title")), *tiers]
        self.children = [Prose(blocks, live=False)]


def describe_row(say: Words, topic: str, row: Provenance) -> str:
    """Return what a row says, and below it its source."""
    names = [name for name in row.source if _LISTED.fullmatch(name)]
    cited = all(_CITED.fullmatch(name) for name in names)
    source = say(f"sources.lines.{'source' if cited else 'rests'}", names=", ".join(names))
    lines = [
        describe_in_a_line(say, topic, row),
        say(
            "sources.lines.birth",
            mark=say(f"sources.marks.{row.mark}"),
            source=source if names else "",
            reviewed=say.language.write_date(row.reviewed),
        ).replace("  ", " "),
    ]
    if row.design and row.mark != "design":
        own = ", ".join(name.replace("_", " ") for name in row.design)
        lines.append(say("sources.lines.design", names=own))
    return "\n".join(lines)


def describe_in_a_line(say: Words, topic: str, row: Provenance) -> str:
    """Return what a row says, in one line."""
    if topic in _DESCRIBED:
        return _DESCRIBED[topic](say, row)
    if topic in CHOICE_LISTS:
        return say(f"choices.{topic}.{row.key}")  # type: ignore[attr-defined]
    return say(f"{topic}.{row.id}")


def cite(say: Words, source: Source) -> str:
    """Return what a source is and, if it is fit for readers, its address as text."""
    where = source.where if source.shown else say("sources.lines.not_shown")
    return f"{source.what}\n{where}"


def _join_two(first: str, second: str) -> Callable[[Words, Provenance], str]:
    """Return two strings of a row, the second in a line of its own."""
    return lambda say, row: f"{say(first.format(row=row))}\n{say(second.format(row=row))}"


_DESCRIBED: Mapping[str, Callable[[Words, Provenance], str]] = {
    "areas": _join_two("areas.names.{row.key}", "areas.why.{row.key}"),
    "health": lambda say, row: say(f"health.rows.{row.id}"),
    "oils": _join_two("oils.names.{row.id}", "oils.notes.{row.id}"),
    "strokes": _join_two("strokes.{row.key}.name", "strokes.{row.key}.move"),
    "techniques": _join_two("techniques.{row.key}.name", "techniques.{row.key}.line"),
    "levels": _join_two("levels.{row.key}.name", "levels.{row.key}.anchor"),
    "reactions": _join_two("reactions.{row.id}.notice", "reactions.{row.id}.line"),
    "myths": _join_two("myths.{row.id}.said", "myths.{row.id}.why"),
    "evidence": _join_two("evidence.{row.id}.question", "evidence.{row.id}.found"),
    "ways": lambda say, row: "\n".join(say.table(f"ways.{row.id}").values()),
    "contexts": _join_two("contexts.{row.id}.name", "contexts.{row.id}.purpose"),
    "steps": lambda say, row: say(f"steps.{row.key}.title"),  # type: ignore[attr-defined]
    "prompts": lambda say, row: say(f"prompts.{row.id}.question", area=say("sources.lines.place")),
    "do_dont": lambda say, row: say(
        "sources.lines.rather",
        do=say(f"do_dont.{row.id}.do"),
        dont=say(f"do_dont.{row.id}.dont"),
    ),
}
