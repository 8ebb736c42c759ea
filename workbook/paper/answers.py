"""The private answer sheet: one person's answers, on two pages."""

from __future__ import annotations

from workbook.content.outlines import load_outlines
from workbook.content.words import Words
from workbook.domain.levels import HOME_LEVELS
from workbook.domain.shares import MINUTES_OFFERED
from workbook.domain.tables import Tables
from workbook.domain.techniques import Coverage, GentlerChoice, Position
from workbook.paper.blocks import (
    Columns,
    Inline,
    Panel,
    Text,
    Ticks,
    TickTable,
    Write,
    heading,
    small,
    title,
)
from workbook.paper.body_map import PaperMap
from workbook.paper.sheet import PaperBlock, PaperPage


def list_pages(say: Words, tables: Tables) -> list[PaperPage]:
    """Return the two pages of one person: about tonight and the body, then where and how."""
    return [
        PaperPage(_tonight(say, tables), say("paper.foot_answers", n=1)),
        PaperPage(_touch(say, tables), say("paper.foot_answers", n=2)),
    ]


def _tonight(say: Words, tables: Tables) -> list[PaperBlock]:
    free = [say(f"forms.free_{each}") for each in ("yes", "not_sure", "no")]
    easy = [say(f"forms.easy_{each}") for each in ("yes", "not_sure", "no")]
    roles = [say(f"forms.role_{each}") for each in ("give", "receive", "both")]
    groups = dict.fromkeys(q.group for q in tables.questions if f"health.groups.{q.group}" in say)
    health = [f"**{say(f'health.groups.{key}')}:** {say(f'health.lines.{key}')}" for key in groups]
    return [
        title(say("paper.answers"), say("paper.answers_line")),
        Columns([[Write(say("paper.name"))], [Write(say("paper.day"))]], [0.62, 0.38]),
        heading(say("paper.tonight")),
        Inline(say("forms.adult_question"), [say("forms.adult"), say("forms.minor")]),
        Inline(say("forms.free_question"), free),
        Inline(say("forms.easy_question"), easy),
        small(say("forms.free_help")),
        Inline(say("forms.role_question"), roles),
        heading(say("forms.intentions_question")),
        Ticks([say(f"choices.intentions.{key}") for key in tables.intentions], 3),
        heading(say("paper.body")),
        Ticks(health),
        Ticks([f"**{say('forms.none_of_these')}**"]),
        Panel(
            [
                Text(f"**{say('health.groups.alarm')}:** {say('health.actions.urgent')}"),
                Text(say("paper.body_other")),
            ]
        ),
        heading(say("forms.hands_question")),
        Ticks([say(f"forms.{key}") for key in ("hands_sore", "hands_open")], 2),
        heading(say("forms.allergies_question")),
        Ticks([say(f"oils.allergens.{key}") for key in say.table("oils.allergens")], 3),
    ]


def _touch(say: Words, tables: Tables) -> list[PaperBlock]:
    both = [say("forms.role_receive"), say("forms.role_give")]
    areas = [area for area in tables.areas.values() if area.choosable]
    numbers = {area.key: number for number, area in enumerate(areas, 1)}
    names = [f"{number}  {say(f'areas.names.{key}')}" for key, number in numbers.items()]
    words = {key: say(f"body_map.{key}") for key in ("front", "back", "left", "right")}
    offered = [level.name.lower() for level in HOME_LEVELS]
    levels = [f"**{say(f'levels.{key}.name')}**  {say(f'levels.{key}.anchor')}" for key in offered]
    touches = [
        f"**{say(f'techniques.{code}.name')}**  {say(f'techniques.{code}.line')}"
        for code, touch in tables.techniques.items()
        if touch.on
    ]
    minutes = [str(each) for each in MINUTES_OFFERED]
    gentler = [say(f"forms.gentler_{each}") for each in GentlerChoice]
    after = [say(f"aftercare.{key}") for key in tables.aftercare]
    positions = [say(f"positions.short.{each}") for each in Position]
    coverages = [say(f"coverage.{each}") for each in Coverage]
    figure = PaperMap(load_outlines(), numbers, words | {"says": say("paper.map_says")})
    return [
        heading(say("forms.limits_receiving"), before=0),
        Columns(
            [
                [figure, small(say("paper.map_help"))],
                [TickTable(both, names), small(say("forms.limits_blank"))],
            ],
            [0.5, 0.5],
        ),
        Columns(
            [
                [
                    heading(say("paper.firm"), before=0),
                    TickTable(both, levels),
                    Text(f"**{say('forms.minutes_receiving')}**", after=0),
                    Inline("", minutes),
                    Text(f"**{say('forms.minutes_giving')}**", after=0),
                    Inline("", minutes),
                    Text(f"**{say('forms.gentler_question')}**", after=0),
                    Ticks(gentler),
                ],
                [
                    heading(say("paper.touch"), before=0),
                    TickTable(both, touches),
                    Text(f"**{say('forms.position_question')}**", after=0),
                    Inline("", positions),
                    Text(f"**{say('forms.coverage_question')}**", after=0),
                    Inline("", coverages),
                ],
            ],
        ),
        Columns([[heading(say("forms.aftercare_question"), before=0), Ticks(after, 3)]]),
    ]
