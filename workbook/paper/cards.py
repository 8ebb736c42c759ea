"""What two people use together: consent and signals, steps, strokes, oil, and where to turn."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.content.words import Words, giver_place, step_sentence, step_title
from workbook.domain.guidance import (
    Country,
    Guidance,
    Helpline,
    HelplineKind,
    HelpPlace,
    Resources,
    Urgency,
)
from workbook.domain.levels import HOME_CAP
from workbook.domain.plan import Plan, Step, Turn
from workbook.domain.seats import Seat
from workbook.domain.shares import Limits
from workbook.domain.tables import Tables
from workbook.domain.techniques import Coverage, Pace, Position
from workbook.paper.blocks import (
    Columns,
    Grid,
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
from workbook.paper.drawings import Drawing, load_drawings
from workbook.paper.sheet import PaperBlock, PaperPage
from workbook.rules import plan as plans

STROKES = ("still", "glide", "knead", "circles", "press", "rock", "feather")
"""Strokes of the card, one for each kind of touch."""

NEEDS_PAD = "long_press"
"""The silent signal that paper cannot take."""

EXAMPLE_AREAS = ("shoulder_tops", "shoulder_blades", "mid_back", "low_back", "sacrum")
EXAMPLE_MINUTES = 10
EXAMPLE_PRODUCT = "O-01"
"""What the card of steps is an example of: a first evening, lying face down."""


def make_together(say: Words, guidance: Guidance, tables: Tables) -> PaperPage:
    """Return the consent and signals card, which both fill in together."""
    signals = list_signals(say, tables)
    ready = [say(f"choices.make_ready.{key}") for key in tables.make_ready]
    rules = [Text(say(f"consent.{row.id}"), 0.94, after=0.25) for row in guidance.consent]
    half = -(-len(rules) // 2)
    how = [Text(f"**{n}**  {say(f'paper.together_{n}')}", after=0.25) for n in (1, 2, 3)]
    return PaperPage(
        [
            title(say("paper.together"), say("paper.together_line")),
            *how,
            heading(say("paper.read_aloud")),
            Write(say("paper.for_what")),
            small(say("forms.aloud_nothing_else")),
            Write(say("forms.aloud_where_label"), 2),
            Columns([[Write(say("paper.how_firm"))], [Write(say("paper.how_long"))]]),
            Columns([[Write(say("paper.how_lying"))], [Write(say("forms.plan_product"))]]),
            Write(say("forms.signal_word")),
            Inline(say("forms.silent_question"), signals),
            Panel([Text(f"**{say('forms.signals_meaning')}**", 1.12)]),
            Columns(
                [
                    [heading(say("paper.consent"), before=0.2), *rules[:half]],
                    [Text(" ", 1.1, after=0.4), *rules[half:]],
                ]
            ),
            heading(say("forms.prepare_question")),
            Ticks(ready, 2),
        ],
        say("paper.foot_together"),
    )


def list_signals(say: Words, tables: Tables) -> list[str]:
    """Return the silent signals that need no screen."""
    keys = (key for key in tables.silent_signals if key != NEEDS_PAD)
    return [say(f"choices.silent_signals.{key}") for key in keys]


def make_strokes(say: Words) -> PaperPage:
    """Return the kinds of touch, each with its drawing."""
    drawings = load_drawings()
    cells: list[list[PaperBlock]] = []
    for key in STROKES:
        told = [say(f"strokes.{key}.{what}") for what in ("hands", "move", "rhythm", "not_here")]
        picture = Picture(drawings[key], " ".join([say(f"strokes.{key}.name"), *told]), 11.0)
        texts: list[PaperBlock] = [heading(say(f"strokes.{key}.name"), before=0)]
        texts += [Text(each, after=0.2) for each in told]
        cells.append([Columns([[picture], texts], [0.45, 0.55], gap=1.0)])
    cells.append([Panel([Text(say("player.card_ask")), Text(say("player.card_end"))])])
    pairs = [Columns(cells[at : at + 2], gap=2.0) for at in range(0, len(cells), 2)]
    return PaperPage(
        [title(say("paper.strokes"), say("paper.strokes_line")), *pairs],
        say("paper.foot_strokes"),
    )


def make_steps(say: Words, tables: Tables) -> PaperPage:
    """Return a massage step by step, each with its drawing."""
    plan = plan_example(tables)
    cells: list[list[PaperBlock]] = []
    at = 0
    for number, step in enumerate(plan.steps, 1):
        told = step_sentence(say, tables, plan, step)
        name = f"{number}  {step_title(say, tables, step)}"
        texts: list[PaperBlock] = [
            heading(name, before=0),
            Text(f"{_clock(at)}–{_clock(at + step.seconds)}", 0.9, after=0.2),
            Text(told, after=0.2),
            small(giver_place(say, step)),
        ]
        picture = Picture(_find_drawing(step), told)
        cells.append([Columns([[picture], texts], [0.4, 0.6], gap=0.9)])
        at += step.seconds
    rows = [Columns(cells[n : n + 2], gap=2.0) for n in range(0, len(cells) - 1, 2)]
    if len(cells) % 2:
        rows.append(Columns([cells[-1], [Panel([Text(say("player.card_ask"))])]], gap=2.0))
    return PaperPage(
        [title(say("paper.steps"), say("paper.steps_line")), *rows],
        say("paper.foot_steps"),
    )


def name_drawing(step: Step) -> str:
    """Return the name of the drawing of a step: what is drawn, so that another is never shown."""
    return " ".join([step.stroke, step.side, step.giver, *step.parts])


def _find_drawing(step: Step) -> Drawing:
    """Return the drawing of a step, or of its stroke where it was not drawn yet."""
    drawings = load_drawings()
    return drawings.get(name_drawing(step)) or drawings.get(step.stroke) or drawings["still"]


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def plan_example(tables: Tables) -> Plan:
    """Return the plan that the rules make where shoulders and back are open to both."""
    parts = [part for key in EXAMPLE_AREAS for part in tables.areas[key].parts]
    limits = Limits(
        levels={
            part: min(HOME_CAP - 1, tables.areas[part.partition(".")[0]].max) for part in parts
        },
        minutes=EXAMPLE_MINUTES,
        positions=(Position.PRONE,),
        techniques=frozenset(key for key, touch in tables.techniques.items() if touch.on),
        products=(EXAMPLE_PRODUCT,),
        pace=Pace.SLOW,
        coverage=Coverage.TOWEL,
    )
    turn = Turn(Seat.A, EXAMPLE_MINUTES, position=Position.PRONE, product=EXAMPLE_PRODUCT)
    return plans.make(limits, turn, tables)


def make_hands_on(say: Words, tables: Tables) -> PaperPage:
    """Return what to ask, and what to do when something happens under the hands."""
    pairs = [
        (say(f"reactions.{row.id}.notice"), say(f"reactions.{row.id}.line"))
        for row in tables.reactions
    ]
    return PaperPage(
        [
            title(say("paper.hands_on")),
            Panel(
                [
                    Text(f"**{say('forms.signals_meaning')}**"),
                    Text(say("player.card_ask")),
                ]
            ),
            Rows(pairs, 0.34),
            Text(say("player.card_end"), before=0.3),
        ],
        say("paper.foot_hands_on"),
    )


def make_oils(say: Words, guidance: Guidance, tables: Tables) -> PaperPage:
    """Return products, and how both try one on their skin."""
    tests = [
        Text(f"**{number}**  {say(f'patch_test.{row.id}')}", after=0.25)
        for number, row in enumerate(guidance.provenance["patch_test"], 1)
    ]
    products = [
        (say(f"oils.names.{key}"), say(f"oils.notes.{key}"))
        for key, oil in tables.oils.items()
        if oil.offered
    ]
    half = -(-len(products) // 2)
    looks = [
        say(f"paper.test_{each}") for each in ("product", "who", "put_on", "half", "day", "two")
    ]
    half_tests = -(-len(tests) // 2)
    return PaperPage(
        [
            title(say("paper.oils"), say("paper.oils_line")),
            Columns([tests[:half_tests], tests[half_tests:]]),
            Grid(looks, 4, [0.28, 0.16, 0.17, 0.13, 0.13, 0.13]),
            heading(say("paper.products")),
            Columns([[Rows(products[:half], 0.36, 0.94)], [Rows(products[half:], 0.36, 0.94)]]),
            Text(f"{say('essential_oils.E-01')} {say('essential_oils.E-12')}", before=0.3),
        ],
        say("paper.foot_oils"),
    )


def make_help(
    say: Words, guidance: Guidance, resources: Resources, country: Country | None
) -> PaperPage:
    """Return when to turn to somebody.

    Args:
        say: the strings of one language.
        guidance: the tables that people read.
        resources: the numbers.
        country: the one whose numbers stand here; None: those that hold in many.

    """
    blocks: list[PaperBlock] = [title(say("paper.help"), say("health.general"))]
    if country:
        blocks.append(_numbers_of(say, resources, country))
    else:
        general = [
            Text(say("resources.number_in", number=f"**{one.number}**", where=one.where))
            for one in resources.emergency
        ]
        blocks.append(
            Panel([heading(say("resources.helplines.emergency"), before=0), *_in_columns(general)])
        )
    for when in Urgency:
        rows = [row for row in guidance.help if row.when is when]
        if rows:
            blocks.append(heading(say(f"paper.when_{when}")))
            blocks += [_entry(say, row.id) for row in rows]
    if resources.places:
        blocks.append(heading(say("paper.places")))
        blocks += [_place(say, place) for place in resources.places]
    blocks.append(Write(say("paper.own_number"), 2))
    return PaperPage(blocks, say("paper.foot_help"))


def make_numbers(say: Words, resources: Resources) -> PaperPage:
    """Return the numbers of all countries: to call in an emergency, then every line."""
    countries = sorted(resources.countries, key=lambda each: _name(say, each))
    groups: list[list[PaperBlock]] = []
    for country in countries:
        calls = _solid(country.emergency)
        if country.police:
            calls += f", {say('resources.police').lower()} {_solid(country.police)}"
        lines = [line for line in resources.helplines if line.country == country.id]
        head = Text(f"**{_name(say, country)}  {calls}**", before=0.25, after=0.1)
        groups.append([head, *(_line(say, line) for line in lines)])
    looked = [
        *(country.reviewed for country in countries),
        *(line.reviewed for line in resources.helplines),
    ]
    return PaperPage(
        [
            title(say("paper.numbers"), say("paper.numbers_line")),
            _spread(groups, 3),
            small(say("resources.helplines.looked", date=say.language.write_date(min(looked)))),
        ],
        say("paper.foot_numbers"),
    )


def _numbers_of(say: Words, resources: Resources, country: Country) -> Panel:
    """Return the numbers of one country."""
    calls = [(say("resources.medical"), country.emergency)]
    if country.police:
        calls = [
            (say("resources.ambulance"), country.emergency),
            (say("resources.police"), country.police),
        ]
    texts: list[PaperBlock] = [
        Text(f"{what}: **{number}**", 1.08, after=0.2) for what, number in calls
    ]
    looked = [country.reviewed]
    for kind in HelplineKind:
        found = resources.lines_of(country.id, kind)
        looked += [line.reviewed for line in found]
        texts.append(Text(f"**{say(f'resources.helplines.kind_{kind}')}**", after=0.05))
        texts += [_line(say, line, named=False) for line in found]
        if not found:
            texts.append(small(say(f"resources.helplines.find_{kind}")))
    return Panel(
        [
            heading(f"{say('resources.helplines.emergency')}, {_name(say, country)}", before=0),
            *texts,
            small(say("resources.helplines.looked", date=say.language.write_date(min(looked)))),
        ]
    )


def _name(say: Words, country: Country) -> str:
    return say(f"resources.countries.{country.id}")


def _line(say: Words, line: Helpline, *, named: bool = True) -> Text:
    """Return one helpline; ``named``: with what it is for."""
    kind = say(f"paper.kind_{line.kind}")
    told = f"{line.name} **{_solid(line.number)}**"
    if line.hours:
        told += f" ({line.hours})"
    return Text(f"{kind}: {told}" if named else told, 0.94, after=0.15)


def _solid(number: str) -> str:
    """Return a number that does not break into two lines."""
    return number.replace(" ", "\xa0")


def _entry(say: Words, row: str) -> Text:
    """Return a row of help; its first sentence, what is so, is bold."""
    what, _, whom = say(f"help.{row}").partition(". ")
    return Text(f"**{what}.** {whom}", after=0.22)


def _place(say: Words, place: HelpPlace) -> Text:
    told = [f"**{place.name}**", place.phone, place.note]
    if place.web:
        told.append(say("resources.web", web=place.web))
    return Text("  ".join(each for each in told if each), after=0.22)


def _in_columns(texts: Sequence[PaperBlock], count: int = 3) -> list[PaperBlock]:
    """Return blocks in rows of ``count``."""
    rows = [list(texts[at : at + count]) for at in range(0, len(texts), count)]
    blank = Text(" ", after=0)
    return [Columns([[each] for each in [*row, *[blank] * (count - len(row))]]) for row in rows]


def _spread(groups: Sequence[Sequence[PaperBlock]], count: int) -> Columns:
    """Return groups of blocks in ``count`` columns that are about as long."""
    columns: list[list[PaperBlock]] = [[] for _ in range(count)]
    whole = sum(len(group) + 1 for group in groups)
    done = 0
    for group in groups:
        columns[min(count - 1, done * count // max(1, whole))] += group
        done += len(group) + 1
    return Columns([column or [Text(" ")] for column in columns])
