"""Random answers from the real tables: one place, so that old laws meet new questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from workbook.content.tables import load_tables
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.domain.evening import (
    AftercareAnswers,
    Answers,
    Energy,
    EveningQuestion,
    Hands,
    IntentionAnswers,
    TimeAnswers,
    Willing,
)
from workbook.domain.health import Clearance, HealthAnswers, ReportedCondition
from workbook.domain.learning import Reason, Setting, Settings
from workbook.domain.levels import HOME_CAP, Level, PressureAnswers
from workbook.domain.plan import ForWhom, Turn
from workbook.domain.products import OilAnswers, PatchResult, PatchTest
from workbook.domain.seats import Seat
from workbook.domain.session import CLOCK_EVENTS, Event, ScriptStep, SessionScript
from workbook.domain.techniques import Coverage, GentlerChoice, Pace, Position, TechniqueAnswers

TABLES = load_tables()
NOW = datetime(2026, 11, 23, 20, 0)
TODAY = NOW.date()

PARTS = tuple(part for area in TABLES.areas.values() for part in area.parts)
CHOOSABLE = tuple(p for area in TABLES.areas.values() if area.choosable for p in area.parts)
QUESTIONS = frozenset(question.key for question in TABLES.questions)
FED = ("not_free", "under_age", "giver_none", "hands_open", "hands_sore")
STATEMENTS = tuple(
    dict.fromkeys(case.key for row in TABLES.health for case in row.cases if case.key not in FED)
)
ALLERGENS = tuple(sorted({key for oil in TABLES.oils.values() for key in oil.allergens}))
CODES = frozenset(TABLES.techniques)


def open_answers(**changes: object) -> Answers:
    """One person who said yes to everything, is well and has tested everything."""
    time = TimeAnswers(frozenset(Willing), 30, 30, Energy.ENOUGH, Hands.FINE, TODAY)
    tests = {
        key: PatchTest(NOW - timedelta(days=20), PatchResult.CLEAR, used=True, scented=False)
        for key in TABLES.oils
    }
    everywhere = dict.fromkeys(PARTS, AreaMark.OPEN)
    yes = Answers(
        consent=ConsentAnswers(FreeYes.YES, adult=True, easy=FreeYes.YES),
        limits=AreaAnswers(everywhere, everywhere),
        coverage=Coverage.TOWEL,
        health=HealthAnswers(asked=QUESTIONS, on=TODAY),
        time=time,
        pressure=PressureAnswers(Level.MEDIUM, {}, Level.MEDIUM),
        techniques=TechniqueAnswers(CODES, Pace.STEADY, position=Position.PRONE),
        oils=OilAnswers(answered=True, tests=tests),
    )
    return replace(yes, **changes)  # type: ignore[arg-type]


levels = st.sampled_from(Level)
home_levels = st.sampled_from(tuple(level for level in Level if level <= HOME_CAP))
"""What people can say; the level above is no limit at all."""
minutes = st.one_of(st.none(), st.integers(5, 30), st.sampled_from([5, 10, 20, 30]))
turns = st.builds(
    Turn,
    st.sampled_from(Seat),
    st.one_of(st.integers(5, 30), st.sampled_from([5, 10, 20, 30])),
    st.sampled_from(ForWhom),
    st.one_of(st.none(), st.sampled_from(Position)),
    st.sampled_from(tuple(TABLES.oils)),
)
said_events = tuple(event for event in Event if event not in CLOCK_EVENTS)
"""What a person can say or tap; the clock makes the others."""


@st.composite
def scripts(draw: st.DrawFn, *, guarded: bool | None = None) -> SessionScript:
    """What a session goes by, with few places so that they come again."""
    places = st.lists(st.sampled_from(("back", "feet", "hands")), max_size=2, unique=True)
    steps = draw(
        st.lists(
            st.builds(ScriptStep, st.integers(10, 300), levels, places.map(tuple)),
            min_size=1,
            max_size=6,
        )
    )
    total = int(sum(step.seconds for step in steps))
    asked = draw(st.sets(st.integers(0, total - 1), max_size=8))
    return SessionScript(
        tuple(steps),
        questions=tuple(sorted(asked)),
        is_guarded=draw(st.booleans()) if guarded is None else guarded,
    )


@st.composite
def games(
    draw: st.DrawFn, script: SessionScript, events: tuple[Event, ...] = said_events
) -> list[Event | int]:
    """What happens in a session of ``script``: what is said, and seconds that pass."""
    total = int(sum(step.seconds for step in script.steps))
    quiet = tuple(event for event in events if event is not Event.STOP)
    move = st.one_of(
        st.sampled_from(events),
        st.sampled_from(quiet),
        st.integers(0, total),
        st.sampled_from((1, 10, 11, 31, 60)),
    )
    begins = draw(_mostly([Event.START], []))
    return [*begins, *draw(st.lists(move, max_size=15))]


def _mostly(value: object, *others: object) -> st.SearchStrategy:
    """``value`` in most examples, so that random answers often lead to a plan."""
    return st.sampled_from([value] * 8 + list(others))


@st.composite
def area_answers(draw: st.DrawFn) -> AreaAnswers:
    def one_side() -> dict[str, AreaMark]:
        start = draw(st.sampled_from([PARTS, CHOOSABLE, ()]))
        marks = dict.fromkeys(start, AreaMark.OPEN)
        changed = draw(
            st.dictionaries(st.sampled_from(PARTS), st.sampled_from(AreaMark), max_size=12)
        )
        return {**marks, **changed}

    return AreaAnswers(one_side(), one_side())


@st.composite
def ticks(draw: st.DrawFn) -> ReportedCondition:
    return ReportedCondition(
        where=draw(st.frozensets(st.sampled_from(PARTS), max_size=2)),
        last=draw(st.one_of(st.none(), st.dates(date(2026, 7, 1), date(2026, 12, 1)))),
        week=draw(st.one_of(st.none(), st.integers(1, 42))),
        told=draw(st.one_of(st.none(), st.dates(date(2026, 9, 1), TODAY))),
        steady=draw(st.sampled_from([None, True, False])),
    )


clearances = st.builds(
    Clearance,
    st.sampled_from([row.id for row in TABLES.health]),
    st.dates(TODAY - timedelta(days=120), TODAY + timedelta(days=2)),
    levels,
    st.frozensets(st.sampled_from(PARTS), max_size=2),
)


@st.composite
def health_answers(draw: st.DrawFn) -> HealthAnswers:
    return HealthAnswers(
        asked=draw(_mostly(QUESTIONS, QUESTIONS - {"veins"}, frozenset())),
        ticked=draw(
            st.one_of(
                st.just({}), st.dictionaries(st.sampled_from(STATEMENTS), ticks(), max_size=3)
            )
        ),
        clearances=tuple(draw(st.lists(clearances, max_size=2))),
        on=draw(_mostly(TODAY, None, TODAY - timedelta(days=1))),
    )


@st.composite
def oil_answers(draw: st.DrawFn) -> OilAnswers:
    tests = st.builds(
        PatchTest,
        st.datetimes(NOW - timedelta(days=250), NOW + timedelta(days=1)),
        st.one_of(st.none(), st.sampled_from(PatchResult)),
        st.booleans(),
        _mostly(False, True, None),
        st.one_of(st.none(), st.datetimes(NOW - timedelta(days=9), NOW)),
    )
    return OilAnswers(
        answered=draw(_mostly(True, False)),
        allergies=draw(st.frozensets(st.sampled_from(ALLERGENS), max_size=2)),
        severe=draw(st.booleans()),
        sensitive=draw(st.booleans()),
        tests=draw(st.dictionaries(st.sampled_from(tuple(TABLES.oils)), tests, max_size=4)),
        without=draw(_mostly(False, True)),
        trying=draw(_mostly(False, True)),
        breastfeeding=draw(_mostly(False, True)),
        pets=draw(_mostly(False, True)),
    )


learned = st.builds(
    lambda each: Settings(tuple(each)),
    st.lists(
        st.builds(
            Setting,
            st.sampled_from((*TABLES.areas, *TABLES.oils)),
            st.one_of(st.none(), levels),
            st.sampled_from(Reason),
            st.just(date(2026, 11, 1)),
        ),
        max_size=2,
    ),
)


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    """One person's answers of every form, more often open than not."""
    blank_or = lambda some: st.one_of(st.none(), some)  # noqa: E731
    return Answers(
        consent=ConsentAnswers(
            draw(_mostly(FreeYes.YES, FreeYes.NO, FreeYes.NOT_SURE, None)),
            draw(_mostly(True, False, None)),
            draw(_mostly(FreeYes.YES, *FreeYes, None)),
            draw(_mostly(None, True, False)),
        ),
        intentions=IntentionAnswers(draw(st.frozensets(st.sampled_from(TABLES.intentions)))),
        limits=draw(area_answers()),
        coverage=draw(blank_or(st.sampled_from(Coverage))),
        health=draw(health_answers()),
        time=TimeAnswers(
            draw(_mostly(frozenset(Willing), frozenset(), frozenset({Willing.GIVE}))),
            draw(minutes),
            draw(minutes),
            draw(_mostly(Energy.ENOUGH, *Energy, None)),
            draw(_mostly(Hands.FINE, *Hands, None)),
            draw(_mostly(TODAY, None)),
        ),
        pressure=PressureAnswers(
            draw(blank_or(home_levels)),
            draw(st.dictionaries(st.sampled_from(tuple(TABLES.areas)), home_levels, max_size=5)),
            draw(blank_or(home_levels)),
        ),
        techniques=TechniqueAnswers(
            draw(st.one_of(st.just(CODES), st.frozensets(st.sampled_from(sorted(CODES))))),
            draw(blank_or(st.sampled_from(Pace))),
            pauses=draw(st.booleans()),
            guarded=draw(blank_or(st.booleans())),
            asks_less=draw(st.booleans()),
            positions_out=draw(st.frozensets(st.sampled_from(Position), max_size=2)),
            position=draw(blank_or(st.sampled_from(Position))),
            gentler=draw(_mostly(frozenset(), *(frozenset({each}) for each in GentlerChoice))),
        ),
        oils=draw(oil_answers()),
        aftercare=AftercareAnswers(
            tuple(draw(st.lists(st.sampled_from(tuple(TABLES.aftercare)), max_size=4)))
        ),
        learned=draw(learned),
    )


@st.composite
def questions(draw: st.DrawFn) -> EveningQuestion:
    """Two people and one or two turns."""
    people = {seat: draw(answers()) for seat in Seat}
    return EveningQuestion(NOW, people, tuple(draw(st.lists(turns, min_size=1, max_size=2))))


@st.composite
def tightenings(draw: st.DrawFn, mine: Answers) -> Answers:  # noqa: PLR0911, PLR0912 - one per answer
    """``mine`` with one answer nearer to its cautious end."""
    part = draw(st.sampled_from(CHOOSABLE))
    no = draw(st.sampled_from([AreaMark.NOT_TONIGHT, AreaMark.ANOTHER_EVENING]))
    level = draw(levels)
    pressure, time, said = mine.pressure, mine.time, mine.techniques
    match draw(st.integers(0, 19)):
        case 0:
            limits = replace(mine.limits, receiving={**mine.limits.receiving, part: no})
            return replace(mine, limits=limits)
        case 1:
            limits = replace(mine.limits, giving={**mine.limits.giving, part: no})
            return replace(mine, limits=limits)
        case 2:
            lower = min(level, pressure.overall or Level.STILL)
            return replace(mine, pressure=replace(pressure, overall=lower))
        case 3:
            key = part.partition(".")[0]
            own = pressure.areas.get(key, pressure.overall) or Level.STILL
            areas = {**pressure.areas, key: min(level, own)}
            return replace(mine, pressure=replace(pressure, areas=areas))
        case 4:
            lower = min(level, pressure.giving or Level.STILL)
            return replace(mine, pressure=replace(pressure, giving=lower))
        case 5:
            shorter = draw(st.integers(5, time.minutes_receiving or 5))
            return replace(mine, time=replace(time, minutes_receiving=shorter))
        case 6:
            shorter = draw(st.integers(5, time.minutes_giving or 5))
            return replace(mine, time=replace(time, minutes_giving=shorter))
        case 7:
            fewer = said.techniques - {draw(st.sampled_from(sorted(CODES)))}
            return replace(mine, techniques=replace(said, techniques=fewer))
        case 8:
            out = said.positions_out | {draw(st.sampled_from(Position))}
            return replace(mine, techniques=replace(said, positions_out=out))
        case 9:
            key, tick = draw(st.sampled_from(STATEMENTS)), draw(ticks())
            if key in mine.health.ticked:
                return mine
            health = replace(mine.health, ticked={**mine.health.ticked, key: tick})
            return replace(mine, health=health)
        case 10:
            return replace(mine, health=replace(mine.health, clearances=()))
        case 11:
            more = mine.oils.allergies | {draw(st.sampled_from(ALLERGENS))}
            return replace(mine, oils=replace(mine.oils, allergies=more, without=True))
        case 12:
            return replace(mine, coverage=None, techniques=replace(said, pace=None))
        case 13:
            hands = Hands.SORE if time.hands is Hands.FINE else None
            return replace(mine, time=replace(time, hands=hands))
        case 14:
            return replace(mine, techniques=replace(said, guarded=True, asks_less=False))
        case 15:
            cap = draw(st.one_of(st.none(), levels))
            less = Setting(part.partition(".")[0], cap, Reason.TENDER, TODAY)
            return replace(mine, learned=Settings((*mine.learned.each, less)))
        case 16:
            return replace(mine, time=replace(time, five_minutes=True))
        case 17:
            around = {**mine.limits.receiving, part: AreaMark.GENTLY_AROUND}
            return replace(mine, limits=replace(mine.limits, receiving=around))
        case 18:
            more = said.gentler | {draw(st.sampled_from(GentlerChoice))}
            return replace(mine, techniques=replace(said, gentler=more))
        case _:
            free = draw(st.sampled_from([FreeYes.NO, FreeYes.NOT_SURE, None]))
            return replace(mine, consent=replace(mine.consent, free=free))
