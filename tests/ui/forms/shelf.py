"""Every form with real tables and words: how to build one, a blank value, and random values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from ipywidgets import Text, Textarea, Widget

from tests.strategies import ALLERGENS, NOW, TABLES, TODAY
from workbook.content.words import load_words
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes, SignalChoice, Signals
from workbook.domain.evening import (
    AftercareAnswers,
    Energy,
    Hands,
    IntentionAnswers,
    RoomCard,
    TimeAnswers,
    Willing,
    WishAnswers,
)
from workbook.domain.health import Clearance, HealthAnswers, ReportedCondition, Screening
from workbook.domain.learning import Debrief, NextDay, Skin, Soreness, Stayed
from workbook.domain.levels import Duet, Level, PressureAnswers
from workbook.domain.products import OilAnswers, PatchResult, PatchTest, Suitability
from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.domain.shares import MINUTES_OFFERED
from workbook.domain.tables import HealthQuestion, StatementDetail
from workbook.domain.techniques import Coverage, GentlerChoice, Pace, Position, TechniqueAnswers
from workbook.rules import products, screening
from workbook.rules.signals import choose_signals
from workbook.rules.turns import QUIET_REST
from workbook.ui.form import Form, FormContext
from workbook.ui.forms.aftercare import AftercareForm
from workbook.ui.forms.again import AgainForm, ReturnAnswers
from workbook.ui.forms.body import BodyForm
from workbook.ui.forms.consent import ConsentForm
from workbook.ui.forms.coverage import CoverageForm
from workbook.ui.forms.debrief import DebriefForm
from workbook.ui.forms.duet import DuetForm
from workbook.ui.forms.hands import HandsForm
from workbook.ui.forms.health import HealthForm
from workbook.ui.forms.intentions import IntentionsForm
from workbook.ui.forms.limits import LimitsForm
from workbook.ui.forms.next_day import NextDayForm
from workbook.ui.forms.oils import OilsForm
from workbook.ui.forms.people import PeopleForm
from workbook.ui.forms.positions import PositionsForm
from workbook.ui.forms.prepare import PrepareForm
from workbook.ui.forms.pressure import PressureForm
from workbook.ui.forms.role import RoleForm
from workbook.ui.forms.room import RoomForm
from workbook.ui.forms.signals import SignalsForm
from workbook.ui.forms.techniques import TechniquesForm
from workbook.ui.forms.time import TimeForm
from workbook.ui.forms.wishes import WishesForm
from workbook.ui.widgets.body_map import BodyMap
from workbook.ui.widgets.questions import Questions

SAY = load_words()
PEOPLE = People(
    Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE),
    Person(Seat.B, "Robin", Colour.SAGE, Shape.SQUARE),
)
CANARY = "a lilac heron at noon"
"""Words that somebody typed, and that no repr may repeat."""
FELT = {"hands": Level.MEDIUM, "mid_back": Level.SUNSCREEN, "feet": Level.LOTION}


class Noticed(list):
    """The errors a form could not show beside a field."""


def form_context(show: Callable[[Any], None] | None = None, seat: Seat = Seat.A) -> FormContext:
    """A context on the evening of ``tests.strategies``; an error nobody expects fails the test."""

    def fail(error: Exception) -> None:
        raise AssertionError(repr(error))

    return FormContext(TABLES, SAY, show or fail, PEOPLE, seat, TODAY)


def screen(value: HealthAnswers) -> Screening:
    return screening.screen(value, TABLES, NOW)


def suitable(value: OilAnswers) -> tuple[Suitability, ...]:
    return products.assess_products(value, Screening(complete=True), TABLES, NOW)


# Values that a form can show and read ------------------------------------------------------

_text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)
_subset = lambda keys: st.frozensets(st.sampled_from(sorted(keys)))  # noqa: E731
_maybe = lambda each: st.one_of(st.none(), each)  # noqa: E731
_home = st.sampled_from([level for level in Level if level <= Level.MEDIUM])
_choosable = [area for area in TABLES.areas.values() if area.choosable]


@st.composite
def _areas(draw: st.DrawFn) -> AreaAnswers:
    def one_side() -> dict[str, AreaMark]:
        said = draw(
            st.dictionaries(st.sampled_from([a.key for a in _choosable]), st.sampled_from(AreaMark))
        )
        return {part: mark for key, mark in said.items() for part in TABLES.areas[key].parts}

    return AreaAnswers(one_side(), one_side())


_ticks = {
    StatementDetail.NONE: st.just(ReportedCondition()),
    StatementDetail.WHERE: st.builds(
        ReportedCondition, where=_subset(p for a in _choosable for p in a.parts)
    ),
    StatementDetail.SINCE: st.builds(
        ReportedCondition, last=_maybe(st.dates(date(2026, 1, 1), TODAY))
    ),
    StatementDetail.CELSIUS: st.builds(
        ReportedCondition, celsius=_maybe(st.integers(340, 430).map(lambda t: t / 10))
    ),
    StatementDetail.WEEK: st.builds(
        lambda week: ReportedCondition(week=week, told=TODAY if week else None),
        _maybe(st.integers(1, 42)),
    ),
}


def _shown(question: HealthQuestion, ticked: dict[str, ReportedCondition]) -> bool:
    return question.opens is None or question.opens in ticked


@st.composite
def _health(draw: st.DrawFn, *, tonight: bool) -> HealthAnswers:
    asked, ticked = set(), {}
    for question in screening.list_questions(TABLES, tonight=tonight):
        if _shown(question, ticked) and draw(st.booleans()):
            asked.add(question.key)
            for statement in question.statements:
                if draw(st.integers(0, 4)) == 0:
                    tick = draw(_ticks[statement.detail])
                    steady = draw(_maybe(st.booleans())) if statement.steady else None
                    ticked[statement.key] = replace(tick, steady=steady)
    return HealthAnswers(frozenset(asked), ticked, (), TODAY if asked else None)


_oil_tests = st.dictionaries(
    st.sampled_from([key for key, oil in TABLES.oils.items() if oil.offered and oil.on_skin]),
    st.builds(
        lambda on, at, result, scented: PatchTest(
            datetime.combine(on, at), result, scented=scented, read=NOW if result else None
        ),
        st.dates(date(2026, 6, 1), TODAY),
        st.sampled_from([time(7, 5), time(20), time(23, 59)]),
        _maybe(st.sampled_from(PatchResult)),
        _maybe(st.booleans()),
    ),
    max_size=3,
)
_oil_values = st.builds(
    lambda allergies, answered, **more: OilAnswers(
        answered=answered or bool(allergies), allergies=allergies, **more
    ),
    _subset(ALLERGENS),
    st.booleans(),
    severe=st.booleans(),
    sensitive=st.booleans(),
    spot_prone=st.booleans(),
    tests=_oil_tests,
    without=st.booleans(),
    trying=st.booleans(),
    breastfeeding=st.booleans(),
    pets=st.booleans(),
    none_yet=st.booleans(),
).map(lambda said: replace(said, none_yet=said.none_yet and not said.tests))


def _dated(**said: Any) -> TimeAnswers:
    """Answers of today; what is blank has no date."""
    value = TimeAnswers(**{**said, "on": TODAY})
    return TimeAnswers() if value == TimeAnswers(on=TODAY) else value


_minutes = _maybe(st.sampled_from(MINUTES_OFFERED)).map(
    lambda each: _dated(minutes_receiving=each, minutes_giving=each)
)
_giver = st.one_of(
    st.just(TimeAnswers()),
    st.builds(_dated, energy=st.sampled_from(Energy), hands=st.sampled_from(Hands)),
)
_willing = st.builds(_dated, willing=st.frozensets(st.sampled_from(Willing)))


@st.composite
def times(draw: st.DrawFn) -> TimeAnswers:
    """What the forms of the topic ``time`` ask together, of somebody in both roles."""
    minutes, giver = draw(_minutes), draw(_giver)
    both = frozenset(draw(st.sampled_from([(), tuple(Willing)])))
    hands = {"energy": giver.energy, "hands": giver.hands}
    five = bool(both) and draw(st.booleans())
    return _dated(**{**asdict(minutes), **hands, "willing": both, "five_minutes": five})


_consent = st.builds(
    ConsentAnswers,
    _maybe(st.sampled_from(FreeYes)),
    _maybe(st.booleans()),
    _maybe(st.sampled_from(FreeYes)),
    _maybe(st.booleans()),
)
_strokes = _subset({code for area in TABLES.areas.values() for code in area.techniques})
_touch = st.builds(
    TechniqueAnswers,
    _strokes,
    _maybe(st.sampled_from(Pace)),
    st.booleans(),
    guarded=_maybe(st.booleans()),
    giving=_strokes,
    asked_apart=st.just(True),
    gentler=st.frozensets(st.sampled_from(GentlerChoice)),
).map(lambda said: TechniqueAnswers() if said == TechniqueAnswers(asked_apart=True) else said)
_positions = st.builds(
    TechniqueAnswers,
    positions_out=st.frozensets(st.sampled_from(Position)),
    position=_maybe(st.sampled_from(Position)),
)
_pressure = st.builds(
    PressureAnswers,
    _maybe(_home),
    st.dictionaries(st.sampled_from([a.key for a in _choosable if a.max > Level.STILL]), _home),
    _maybe(_home),
)
_aftercare = st.builds(
    AftercareAnswers,
    st.lists(st.sampled_from(sorted(TABLES.aftercare)), unique=True, max_size=4).map(tuple),
    st.sampled_from([5, 10, 20]),
)
_signals = st.builds(
    lambda choice: choose_signals(Signals(), Seat.A, choice),
    st.builds(SignalChoice, _text.map(str.strip), st.sampled_from(["", *TABLES.silent_signals])),
)
_room = st.builds(
    RoomCard, _subset({*TABLES.room, *TABLES.candle}), _maybe(st.booleans()), _text, _text
)
_ready = st.builds(RoomCard, _subset(TABLES.make_ready))


def _build_debrief(
    more: frozenset[str], less: frozenset[str], lines: frozenset[str], *, gentler: bool, **said: Any
) -> Debrief:
    """A debrief as its questions can give it; the note is there later than its line."""
    made = Debrief(TODAY, more=more, less={a: FELT[a] for a in less}, **said)
    is_hard = made.free is not None and made.free <= TABLES.settings["free_low"].default
    return replace(made, shown=lines & made.more, gentler=FELT if gentler and is_hard else {})


_debrief = st.builds(
    _build_debrief,
    _subset(FELT),
    _subset(FELT),
    _subset(FELT),
    gentler=st.booleans(),
    note=_text,
    body=_maybe(st.integers(0, 10)),
    free=_maybe(st.integers(0, 10)),
    give_less=_maybe(st.just(Level.LOTION)),
    stayed=_maybe(st.sampled_from(Stayed)),
)
_blank_day = NextDay(TODAY - timedelta(days=1), product="O-01", touched=FELT, gave=Level.LOTION)
_next_day = st.builds(
    lambda **said: replace(_blank_day, **said),
    skin=_maybe(st.sampled_from(Skin)),
    soreness=_maybe(st.sampled_from(Soreness)),
    sore_areas=_subset(FELT),
    hands=_maybe(st.sampled_from(Soreness)),
    glad=_maybe(st.booleans()),
    mood=_text,
)
_people = st.builds(
    lambda name, colour, shape: replace(PEOPLE, a=Person(Seat.A, name, colour, shape)),
    _text.map(str.strip).filter(bool),
    st.sampled_from([c for c in Colour if c is not PEOPLE.b.colour]),
    st.sampled_from([s for s in Shape if s is not PEOPLE.b.shape]),
)


def _build_people(context: FormContext, value: People) -> PeopleForm:
    return PeopleForm(
        replace(context, people=value),
        value,
        lambda *_: None,
        lambda: None,
        lambda: None,
        new_code=lambda _present: "",
        confirm_code=lambda _code: None,
        pin=lambda _code: None,
        printing=lambda *_: None,
    )


@dataclass(frozen=True)
class Shown:
    """One form: how it is built, its blank value, and values it can show."""

    make: Callable[[FormContext, Any], Form]
    blank: Any
    values: st.SearchStrategy

    def __call__(self, at: FormContext | None = None, value: Any = ...) -> Form:
        made = self.make(at or form_context(), self.blank if value is ... else value)
        for each in inside(made):
            if isinstance(each, BodyMap) and each.has_list:
                each.listed = True  # the list is part of the form from then on
        return made


FORMS = {
    "aftercare": Shown(AftercareForm, AftercareAnswers(), _aftercare),
    "coverage": Shown(CoverageForm, None, _maybe(st.sampled_from(Coverage))),
    "debrief": Shown(
        lambda d, v: DebriefForm(d, v, FELT, QUIET_REST, gave=Level.LOTION),
        Debrief(TODAY),
        _debrief,
    ),
    "duet": Shown(DuetForm, Duet(), st.just(Duet())),
    "consent": Shown(ConsentForm, ConsentAnswers(), _consent),
    "body": Shown(lambda d, v: BodyForm(d, v, screen), HealthAnswers(), _health(tonight=True)),
    "health": Shown(lambda d, v: HealthForm(d, v, screen), HealthAnswers(), _health(tonight=False)),
    "intentions": Shown(
        IntentionsForm,
        IntentionAnswers(),
        st.builds(IntentionAnswers, _subset(TABLES.intentions), _text),
    ),
    "limits": Shown(LimitsForm, AreaAnswers(), _areas()),
    "next_day": Shown(NextDayForm, _blank_day, _next_day),
    "oils": Shown(lambda d, v: OilsForm(d, v, suitable, lambda: NOW), OilAnswers(), _oil_values),
    "people": Shown(
        _build_people,
        PEOPLE,
        _people,
    ),
    "pressure": Shown(PressureForm, PressureAnswers(), _pressure),
    "prepare": Shown(PrepareForm, RoomCard(), _ready),
    "room": Shown(RoomForm, RoomCard(), _room),
    "signals": Shown(SignalsForm, Signals(), _signals),
    "techniques": Shown(TechniquesForm, TechniqueAnswers(), _touch),
    "positions": Shown(PositionsForm, TechniqueAnswers(), _positions),
    "role": Shown(RoleForm, TimeAnswers(), _willing),
    "hands": Shown(HandsForm, TimeAnswers(), _giver),
    "time": Shown(TimeForm, TimeAnswers(), _minutes),
    "wishes": Shown(WishesForm, WishAnswers(), st.builds(WishAnswers, _subset(TABLES.wishes))),
}
BLANK_RETURN = ReturnAnswers(ConsentAnswers(adult=True), HealthAnswers(), TimeAnswers())


def again(value: ReturnAnswers = BLANK_RETURN, at: FormContext | None = None) -> AgainForm:
    where = at or form_context()
    standing = {"Your areas": "#limits"}
    return AgainForm(
        where, value, standing, lambda _hands_in: None, screen, confirmed=False, offers_five=True
    )


# What is inside a form ---------------------------------------------------------------------


def inside(widget: Widget) -> Iterator[Widget]:
    """A widget and all that it shows."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def questions(form: Widget) -> list[Questions]:
    return [each for each in inside(form) if isinstance(each, Questions)]


def texts(form: Widget) -> list[Text | Textarea]:
    return [each for each in inside(form) if isinstance(each, (Text, Textarea))]


def state(form: Widget) -> str:
    """Everything the browser is sent about a form."""
    return json.dumps([each.get_state() for each in inside(form)], default=str, ensure_ascii=False)


def retype(shown: Form, blank: Form) -> None:
    """Give the blank form, as a browser would, every answer that the other one shows."""
    for theirs, ours in zip(texts(shown), texts(blank), strict=True):
        ours.value = theirs.value
    for theirs, ours in zip(questions(shown), questions(blank), strict=False):
        if theirs.questions:
            ours.answers = json.loads(json.dumps(theirs.answers))


CLEARED = Clearance("H-11", TODAY - timedelta(days=3), Level.LOTION)
