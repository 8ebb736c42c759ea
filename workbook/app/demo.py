"""A temporary vault with a made-up couple and five past evenings; it is removed at exit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from workbook.content.tables import load_tables
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import (
    AgreementEvent,
    AgreementKind,
    ConsentAnswers,
    FreeYes,
    SignalChoice,
    Signals,
)
from workbook.domain.evening import (
    AftercareAnswers,
    Answers,
    Energy,
    Hands,
    StillTrue,
    TimeAnswers,
    Willing,
)
from workbook.domain.health import HealthAnswers
from workbook.domain.learning import Debrief, NextDay, Skin, Soreness
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.plan import Plan, Turn
from workbook.domain.products import OilAnswers, PatchResult, PatchTest
from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.domain.session import Event, SessionEnd
from workbook.domain.tables import Tables
from workbook.domain.techniques import Coverage, Pace, Position, TechniqueAnswers
from workbook.domain.topics import list_for_evening, list_standing
from workbook.rules import limits, plan, screening, session
from workbook.rules.areas import area_of
from workbook.store import (
    agreements,
    answers,
    cards,
    evenings,
    plans,
    sessions,
    shares,
    thanks,
    vault,
)
from workbook.store.keyring import Cost
from workbook.store.temporary import remove_stale_folders, temporary_folder
from workbook.store.unlocked import UnlockedVault

DEMO_NAMES: Mapping[Seat, str] = {Seat.A: "Kim", Seat.B: "Robin"}
DEMO_PASSPHRASES: Mapping[Seat, str] = {Seat.A: "demo evening one", Seat.B: "demo evening two"}
"""Public passphrases: the demo holds only made-up answers."""

_PREFIX = "evening-notes-"
"""How the folder of a demo is called, and also the data folder of a book."""

_CHEAP = Cost(ops=1, mem=8 * 1024 * 1024)
_HOUR = time(20, 30)


@dataclass(frozen=True, slots=True)
class _Past:
    """One past evening of the made-up couple."""

    days: int
    """How many days ago."""
    giver: Seat
    minutes: int
    thanks: tuple[str, str]
    """Thank-yous that A and B wrote."""
    more: str
    """An area the receiver would like more of."""
    less: str | None = None
    """An area that was a bit much for the receiver."""
    stopped: bool = False


_EVENINGS = (
    _Past(38, Seat.A, 10, ("You said softer once. I liked that.", "Warm hands."), "hands"),
    _Past(31, Seat.B, 10, ("I slept well after this.", "Thank you for the quiet."), "nape"),
    _Past(
        22, Seat.A, 20, ("It was good to go slowly.", "The long strokes."), "mid_back", "low_back"
    ),
    _Past(14, Seat.B, 10, ("Enough for that evening, and kind.", "Tea."), "feet", stopped=True),
    _Past(
        6, Seat.A, 20, ("Your breathing slowed down.", "My shoulders are down."), "shoulder_tops"
    ),
)


@contextmanager
def demo_vault(today: date | None = None) -> Iterator[Path]:
    """Yield the folder of a demo vault; it is removed at the end.

    Args:
        today: local date from which the past evenings are counted.

    """
    remove_stale_demos()
    with temporary_folder(_PREFIX) as folder:
        fill_vault(folder / "book", today or date.today())
        yield folder / "book"


def remove_stale_demos() -> None:
    """Remove the folders of demos that were killed, and of no other book."""
    remove_stale_folders(_PREFIX)


def fill_vault(folder: Path, today: date) -> None:
    """Set up a vault in ``folder`` and write five evenings into it."""
    for _number in _live_all(folder, today, _EVENINGS):
        pass


def live_evenings(folder: Path, today: date, count: int) -> Iterator[int]:
    """Write ``count`` evenings into a new vault, one for each day until the day before yesterday.

    Args:
        folder: where the vault is made.
        today: local date.
        count: how many.

    Yields:
        How many evenings are written so far; the vault may be copied then.

    """
    pasts = (
        replace(_EVENINGS[number % len(_EVENINGS)], days=count - number + 1)
        for number in range(count)
    )
    yield from _live_all(folder, today, tuple(pasts))


def _live_all(folder: Path, today: date, pasts: Sequence[_Past]) -> Iterator[int]:
    first = today - timedelta(days=max(past.days for past in pasts) + 7)
    at = _Clock(datetime.combine(first, _HOUR))
    people = People(
        Person(Seat.A, DEMO_NAMES[Seat.A], Colour.CLAY, Shape.CIRCLE),
        Person(Seat.B, DEMO_NAMES[Seat.B], Colour.SAGE, Shape.SQUARE),
    )
    vault.create(folder, people, DEMO_PASSPHRASES, cost=_CHEAP, clock=at)
    tables = load_tables()
    for number, past in enumerate(pasts, 1):
        at.now = datetime.combine(today - timedelta(days=past.days), _HOUR)
        with ExitStack() as stack:
            vaults = {
                seat: stack.enter_context(vault.unlock(folder, DEMO_PASSPHRASES[seat], clock=at))
                for seat in Seat
            }
            _live(vaults, past, tables, at)
        yield number


class _Clock:
    """A clock that returns the time it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def _live(lanes: Mapping[Seat, UnlockedVault], past: _Past, tables: Tables, at: _Clock) -> None:
    """Write one evening: answers, shares, agreement, session, debrief, next day."""
    now, on = at.now, at.now.date()
    evening = evenings.begin_evening(lanes[Seat.A], on, now)
    said = {seat: _answers(on, tables) for seat in Seat}
    given = {}
    for seat, lane in lanes.items():
        for value, when in _topics(said[seat], evening):
            before = answers.read_answer(lane, type(value), when)
            answers.write_answer(
                lane, value, when, expected_version=before.version if before else 0
            )
        health = screening.merge_other_topics(said[seat])
        screened = screening.screen(health, tables, now)
        given[seat] = limits.share(said[seat], screened, tables, now)
        shares.hand_in(lane, evening, given[seat], expected_version=0)
    known = cards.read_card(lanes[Seat.A], Signals)
    choice = SignalChoice("lantern", tables.silent_signals[0])
    signals = Signals(tried_on=on, chosen=dict.fromkeys(Seat, choice))
    cards.write_card(lanes[Seat.A], signals, expected_version=known.version if known else 0)

    turn = Turn(past.giver, past.minutes, product="O-01")
    made = plan.make(limits.merge(given[turn.giver], given[turn.receiver], tables), turn, tables)
    plans.save_plan(lanes[Seat.A], evening, plan.plan_hash(made), made)
    _play(lanes, evening, made, past, on, tables=tables)

    receiver = past.giver.other
    for seat, lane in lanes.items():
        touched = _touched(made)
        felt = {past.less: touched[past.less]} if past.less and seat is receiver else {}
        text = past.thanks[0 if seat is Seat.A else 1]
        more = frozenset({past.more}) if seat is receiver else frozenset[str]()
        answers.write_answer(
            lane, Debrief(on, text, more, felt, body=8, free=10), evening, expected_version=0
        )
        thanks.hand_in_thanks(lane, evening, thanks.Thanks(text, more), expected_version=0)
        answers.write_answer(
            lane,
            NextDay(
                on,
                Skin.FINE,
                Soreness.NONE,
                glad=True,
                product=made.product,
                touched=touched if seat is receiver else {},
            ),
            evening,
            expected_version=0,
        )


def _play(
    lanes: Mapping[Seat, UnlockedVault],
    evening: str,
    made: Plan,
    past: _Past,
    on: date,
    *,
    tables: Tables,
) -> None:
    """Agree to the plan, and start and finish its session."""
    print_of = plan.plan_hash(made)
    for seat, lane in lanes.items():
        agreements.append_event(
            lane, evening, AgreementEvent(AgreementKind.AFFIRMED, seat, print_of, on)
        )
    lane = lanes[past.giver]
    script = session.make_script(made, tables)
    running = session.advance(session.begin_session(script), Event.START, script)
    run = sessions.begin_session(lane, evening, sessions.SessionRecord(print_of, running))
    running = session.advance(running, Event.YES, script)
    length = made.seconds // 2 if past.stopped else made.seconds
    running, _ = session.pass_time(running, length, script)
    if past.stopped:
        running = session.advance(running, Event.STOP, script)
    ended = SessionEnd.STOP if past.stopped else SessionEnd.FINISH
    played = sessions.SessionRecord(print_of, running, ended)
    sessions.write_session(lane, run.id, played, expected_version=run.saved.version)
    kind = AgreementKind.STOPPED if past.stopped else AgreementKind.FINISHED
    agreements.append_event(lane, evening, AgreementEvent(kind, None, print_of, on))


def _touched(made: Plan) -> dict[str, Level]:
    """Return the highest level of each area of a plan."""
    found: dict[str, Level] = {}
    for step in made.steps:
        for part in step.parts:
            area = area_of(part)
            found[area] = max(step.level, found.get(area, Level.STILL))
    return found


def _topics(said: Answers, evening: str) -> list[tuple[object, str | None]]:
    """Return what is saved on an evening, each with the evening's id; None for what stands."""
    standing, blank = list_standing(), Answers()
    asked = [topic.name for topic in list_for_evening()]
    given = [getattr(said, name) for name in asked if getattr(said, name) != getattr(blank, name)]
    still = StillTrue(frozenset(topic.name for topic in standing))
    return [
        *((getattr(said, topic.name), None) for topic in standing),
        *((value, evening) for value in (*given, still)),
    ]


def _answers(on: date, tables: Tables) -> Answers:
    """Return what the couple answers on every evening."""
    open_areas = {
        part: AreaMark.OPEN
        for area in tables.areas.values()
        if area.choosable and area.region not in ("front", "head")
        for part in area.parts
    }
    started = datetime.combine(on, _HOUR) - timedelta(days=30)
    tested = PatchTest(started, PatchResult.CLEAR, used=True, scented=False)
    return Answers(
        consent=ConsentAnswers(FreeYes.YES, adult=True, easy=FreeYes.YES),
        limits=AreaAnswers(receiving=open_areas, giving=open_areas),
        coverage=Coverage.PARTLY,
        health=HealthAnswers(
            asked=frozenset(q.key for q in tables.questions if q.opens is None), on=on
        ),
        time=TimeAnswers(
            willing=frozenset(Willing),
            minutes_receiving=20,
            minutes_giving=20,
            energy=Energy.ENOUGH,
            hands=Hands.FINE,
            on=on,
        ),
        pressure=PressureAnswers(overall=Level.MEDIUM, giving=Level.MEDIUM),
        techniques=TechniqueAnswers(
            techniques=frozenset(t.key for t in tables.techniques.values() if t.on),
            pace=Pace.SLOW,
            positions_out=frozenset(),
            position=Position.PRONE,
        ),
        oils=OilAnswers(answered=True, tests={"O-01": tested}),
        aftercare=AftercareAnswers(chosen=("AC-01", "AC-03", "AC-05"), minutes=10),
    )
