"""Computes what the page shows of an evening from a snapshot; pure, without widgets or vault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from workbook.app.due import find_other_turn, may_choose_five_minutes
from workbook.app.snapshot import OwnAnswers, Snapshot
from workbook.app.steps import StepsView, make_steps
from workbook.domain.consent import Standing
from workbook.domain.evening import Answers, StillTrue, find_evening_day
from workbook.domain.health import HealthAnswers, Screening
from workbook.domain.learning import Settings
from workbook.domain.plan import Plan, Turn
from workbook.domain.products import OilAnswers
from workbook.domain.proposal import Proposal
from workbook.domain.seats import Role, Seat
from workbook.domain.session import Session
from workbook.domain.shares import NOT_TONIGHT, Limits, Share
from workbook.domain.tables import Tables
from workbook.domain.topics import (
    HANDS,
    TOPICS,
    lacks_hands,
    list_answered,
    list_standing,
)
from workbook.rules import (
    consent,
    learning,
    limits,
    plan,
    products,
    screening,
    telling,
    tightening,
    turns,
    wishes,
)
from workbook.rules.aftercare import Landing, plan_landing
from workbook.store.plans import StoredPlan


@dataclass(frozen=True, slots=True)
class Choices:
    """State of one page that is not saved in the vault."""

    today: date
    """Local date on which the page was opened; its questions are about that day."""
    turn: Turn | None = None
    """The turn that was chosen on this page."""
    partner_is_open: bool = False
    """Whether a page of the partner shows tonight's plan."""
    landing: Landing | None = None
    """Aftercare wishes as last shown; they stay when the session is over."""
    goes_on: bool = False
    """Whether another turn was chosen after a massage that has ended."""
    asks_next_day: bool = False
    """Whether the questions of the day after were open when the page opened."""


@dataclass(frozen=True, slots=True)
class ReadyView:
    """What the form *Ready* shows."""

    missing: tuple[str, ...]
    """Topics that matter for tonight's plan and are still open."""
    health: HealthAnswers
    """This person's health answers as they count tonight, with answers of other topics."""
    meaning: Screening | None
    """The screening of tonight; None: too few answers yet."""
    is_tonight: bool
    """Whether handing in now would be anything but *not tonight*."""
    has_handed_in: bool
    partner_has_handed_in: bool
    telling: tuple[str, ...]
    """Adaptations from which the partner may guess a reason."""
    has_lost_position: bool  # as ``telling.has_lost_position`` says
    may_skip_summary: bool
    """Whether nothing is open, and *Ready* has nothing to say before handing in."""
    day_is_over: bool
    """Whether the page was open at midnight and no session runs or has run."""


@dataclass(frozen=True, slots=True)
class GuideView:
    """What the guide plays."""

    plan: Plan | None
    plan_hash: str
    is_agreed: bool
    resume: Session | None
    """Where a reloaded page goes on; None: at the beginning."""
    run: int
    """How many sessions of this evening are over: the same plan may be played again."""


@dataclass(frozen=True, slots=True)
class EveningView:
    """Everything that one person's page shows of tonight."""

    answers: Answers
    """Answers that count tonight."""
    share: Share
    """The share that this person would hand in now."""
    proposal: Proposal
    ready: ReadyView
    guide: GuideView
    landing: Landing | None
    """Aftercare wishes of each person."""
    other_turn: Turn | None
    """The turn the other way round, if both are willing and it is still to come."""
    has_flame: bool
    """Whether a real flame was lit tonight and the session is over."""
    chapters: Mapping[str, str]
    """``done`` or ``open`` by the slug of a chapter."""
    steps: StepsView
    roles: frozenset[Role]
    """Roles that this person chose for tonight; empty: none yet, and both are asked."""
    is_return: bool
    """Whether there are standing answers from an earlier evening."""
    standing_saved: tuple[str, ...]
    """Standing topics that were ever answered."""
    offers_five_minutes: bool
    """Whether five minutes are offered: after a first massage, where shoulders are open."""
    is_confirmed: bool
    """Whether all standing answers were confirmed for tonight."""
    wishes_asked: tuple[str, ...]
    is_round_due: bool
    """Whether wishes are asked tonight."""
    may_ask_wishes: bool
    """Whether this person's *Ready* stands and asks for the wishes to be opened."""
    may_ask_less: bool
    """Whether this person may choose to be asked less."""
    share_is_outdated: bool
    """Whether the share that was handed in differs from what the answers mean now."""


def make_view(snapshot: Snapshot, tables: Tables, now: datetime, choices: Choices) -> EveningView:
    """Return what the page shows.

    Args:
        snapshot: what is saved.
        tables: the content tables.
        now: local time.
        choices: state of the page that is not saved.

    """
    own, given, me = snapshot.own, snapshot.shares, snapshot.seat
    answers = counted_answers(own, tables)
    share = own_share(own, tables, now)
    saved = tuple(topic.name for topic in list_standing() if topic.name in own.saved)
    still = confirmed_topics(own)
    is_return = snapshot.has_earlier_evening and bool(saved)
    is_round_due = _is_round_due(snapshot, tables, now)
    proposal = make_proposal(snapshot, tables, now, choices)
    roles = answers.time.roles_on(choices.today)
    missing = _open_topics(own, answers, tables, now, choices, is_return=is_return)
    landing = choices.landing
    if proposal.tonight:
        landing = plan_landing(given, tables)
    elif not snapshot.has_ended:  # this tells the partner no more than "not tonight" does
        landing = None
    # If a share is "not tonight", for any reason, no wishes are opened.
    willing = given.get(me) != NOT_TONIGHT
    if len(given) == len(Seat):
        willing = bool(turns.possible_givers(given))
    return EveningView(
        answers=answers,
        share=share,
        proposal=proposal,
        ready=_ready(snapshot, tables, now, choices, share=share, missing=missing),
        guide=_guide(snapshot, proposal),
        landing=landing,
        other_turn=find_other_turn(snapshot, turns.possible_givers(given)),
        has_flame=bool(snapshot.room.flame) and snapshot.has_ended,
        chapters=_chapters(snapshot, missing),
        steps=make_steps(
            snapshot,
            proposal,
            missing,
            tables,
            choices.today,
            is_return=is_return,
            goes_on=choices.goes_on,
            asks_next_day=choices.asks_next_day,
        ),
        roles=roles,
        is_return=is_return,
        standing_saved=saved,
        offers_five_minutes=is_return and may_choose_five_minutes(snapshot),
        is_confirmed=set(saved) <= still,
        wishes_asked=wishes.draw_wishes(tables.wishes, snapshot.wishes.seed),
        is_round_due=is_round_due,
        may_ask_less=learning.may_ask_less(own.past, tables),
        may_ask_wishes=me in given and willing and is_round_due,
        share_is_outdated=_is_outdated(snapshot, share),
    )


# One person's own answers ---------------------------------------------------------------


def confirmed_topics(own: OwnAnswers) -> frozenset[str]:
    """Return the standing topics that were given or confirmed on this evening."""
    saved = own.saved.get("still")
    still: StillTrue = saved.value if saved else StillTrue()
    return still.topics


def counted_answers(own: OwnAnswers, tables: Tables) -> Answers:
    """Return everything that counts tonight: standing answers only once given or confirmed."""
    blank, confirmed = Answers(), confirmed_topics(own)
    given: dict[str, Any] = {}
    for topic in list_answered():
        if not topic.is_standing or topic.name in confirmed:
            given[topic.name] = own.value(topic)
        else:
            given[topic.name] = getattr(blank, topic.name)
    given["oils"] = _mark_used(given["oils"], own.used)
    if not learning.may_ask_less(own.past, tables):
        given["techniques"] = replace(given["techniques"], asks_less=False)
    return Answers(**given, learned=learned_settings(own, tables))


def _mark_used(said: OilAnswers, used: frozenset[str]) -> OilAnswers:
    """Return patch tests with past use added: a product counts as new until it was used once."""
    tests = {
        product: replace(test, used=test.used or product in used)
        for product, test in said.tests.items()
    }
    return replace(said, tests=tests)


def learned_settings(own: OwnAnswers, tables: Tables) -> Settings:
    """Return what past evenings changed for this person, by today's tables."""
    return learning.combine_changes(learning.list_standing_changes(own.past), tables)


def own_share(own: OwnAnswers, tables: Tables, now: datetime) -> Share:
    """Return the share that *Ready* would hand in at ``now``."""
    answers = counted_answers(own, tables)
    health = screening.merge_other_topics(answers)
    return limits.share(answers, screening.screen(health, tables, now), tables, now)


def _open_topics(
    own: OwnAnswers,
    answers: Answers,
    tables: Tables,
    now: datetime,
    choices: Choices,
    *,
    is_return: bool,
) -> tuple[str, ...]:
    """Return the topics that matter for tonight's plan and are still blank."""
    complete = screening.screen(answers.health, tables, now).complete
    blank = [
        topic.name
        for topic in TOPICS
        if topic.is_required
        and not (complete if topic.name == "health" else topic.is_answered(answers, choices.today))
    ]
    if lacks_hands(answers, choices.today):
        blank.append(HANDS)
    confirmed = confirmed_topics(own)
    unconfirmed = any(t.name in own.saved and t.name not in confirmed for t in list_standing())
    return (*blank, "still") if unconfirmed and is_return else tuple(blank)


def _is_outdated(snapshot: Snapshot, share: Share) -> bool:
    """Return whether the share that was handed in has to be renewed."""
    handed_in = snapshot.shares.get(snapshot.seat)
    if handed_in is None or handed_in == share:
        return False
    # The page keeps showing what was agreed when the session is over, after midnight too.
    return share.tonight or not snapshot.has_ended


# What both may see -------------------------------------------------------------------------


def make_proposal(snapshot: Snapshot, tables: Tables, now: datetime, choices: Choices) -> Proposal:
    """Return the plan that both shares allow, with the state of its agreement."""
    given = snapshot.shares
    blank = Proposal(ready=frozenset(given), today=choices.today)
    givers = turns.possible_givers(given)
    if not givers:
        return replace(blank, same_role=turns.find_same_role(given))
    room, minutes = snapshot.room, _usual_minutes(snapshot, tables)
    found = replace(
        blank,
        tonight=True,
        givers=givers,
        given=frozenset(each.plan.turn.giver for each in snapshot.played),
        offers=products.offers(given[Seat.A], given[Seat.B], tables),
        minutes=minutes,
        matches=matched_wishes(snapshot, tables, now),
        wishes_wait=_is_round_due(snapshot, tables, now)
        and snapshot.wishes.handed_in == frozenset(Seat),
        intentions=turns.offer_intentions(given, tables),
        intention=snapshot.intention.settled,
        signals=snapshot.signals,
        room=room,
        room_open=tuple(k for k in tables.candle if k not in room.done) if room.flame else (),
        clock_behind=snapshot.clock_is_behind,
        partner_is_open=choices.partner_is_open,
    )
    turn = choices.turn
    if turn is None and snapshot.agreed_plan is not None:
        turn = snapshot.agreed_plan.plan.turn
    if turn is None and len(givers) == 1:  # then it only needs a yes
        turn = Turn(givers[0], minutes)
    if turn is None or turn.giver not in givers:
        return found
    turn = replace(turn, intention=found.intention)
    merged = merge_limits(snapshot, turn, tables)
    shown = _agreed_plan(snapshot, turn, merged, tables, now)
    if shown is None:
        made = plan.make(merged, turn, tables, found.matches)
        shown = StoredPlan(plan.plan_hash(made), made)
    agreed_hash = shown.plan.tightened_from or shown.hash
    return replace(
        found,
        turn=turn,
        limits=merged,
        plan=shown.plan,
        plan_hash=shown.hash,
        affirmed=consent.affirmed_seats(snapshot.events, agreed_hash, now),
        standing=consent.standing(snapshot.events, agreed_hash, now),
    )


def merge_limits(snapshot: Snapshot, turn: Turn, tables: Tables) -> Limits:
    """Return what both shares allow in a turn; both have handed in."""
    given, firmer = snapshot.shares, snapshot.duet.firmer.get(turn.giver, 0)
    return limits.merge(given[turn.giver], given[turn.receiver], tables, firmer)


def _agreed_plan(
    snapshot: Snapshot, turn: Turn, merged: Limits, tables: Tables, now: datetime
) -> StoredPlan | None:
    """The plan somebody's yes holds for, within what both allow now; None: no yes holds for it.

    It is the plan that was kept, tightened where a share has become tighter since.
    """
    agreed = snapshot.agreed_plan
    if agreed is None or agreed.plan.turn != turn:
        return None
    name = agreed.plan.tightened_from or agreed.hash
    if not consent.affirmed_seats(snapshot.events, name, now):
        return None
    tighter = tightening.tighten_plan(agreed.plan, merged, tables)
    if tighter is None or tighter is agreed.plan:
        return agreed if tighter is not None else None
    return StoredPlan(plan.plan_hash(tighter), tighter)


def _usual_minutes(snapshot: Snapshot, tables: Tables) -> int:
    """Return the minutes to propose for a turn.

    Source: SS-1 once a session has run earlier, else SS-9; design ("Levels and limits")
    """
    key = "minutes" if snapshot.has_earlier_session else "first_minutes"
    return int(tables.settings[key].default)


def _is_round_due(snapshot: Snapshot, tables: Tables, now: datetime) -> bool:
    last = snapshot.wishes.last
    return wishes.is_round_due(last.on if last else None, now.date(), tables)


def matched_wishes(snapshot: Snapshot, tables: Tables, now: datetime) -> frozenset[str]:
    """Return the matched wishes of the latest round that counts."""
    last = snapshot.wishes.last
    return frozenset() if last is None or _is_round_due(snapshot, tables, now) else last.both


# Forms -------------------------------------------------------------------------------------


def _ready(
    snapshot: Snapshot,
    tables: Tables,
    now: datetime,
    choices: Choices,
    *,
    share: Share,
    missing: tuple[str, ...],
) -> ReadyView:
    health, meaning = _health_meaning(snapshot.own, tables, now, choices)
    ran = snapshot.is_under_way or snapshot.has_ended
    counted = counted_answers(snapshot.own, tables)
    lines = telling.list_telling(counted, meaning, tables) if meaning is not None else ()
    lost = meaning is not None and telling.has_lost_position(counted, meaning)
    return ReadyView(
        missing=missing,
        health=health,
        meaning=meaning,
        is_tonight=share != NOT_TONIGHT,
        telling=lines,
        has_lost_position=lost,
        may_skip_summary=share != NOT_TONIGHT and not (missing or lines or lost),
        has_handed_in=snapshot.seat in snapshot.shares,
        partner_has_handed_in=snapshot.seat.other in snapshot.shares,
        day_is_over=find_evening_day(now) != choices.today and not ran,
    )


def _health_meaning(
    own: OwnAnswers, tables: Tables, now: datetime, choices: Choices
) -> tuple[HealthAnswers, Screening | None]:
    """Return tonight's screening; a fever counts before the standing answers are confirmed."""
    answers, saved = counted_answers(own, tables), own.saved.get("health")
    counted = answers.health
    if saved is not None and saved.value.on == choices.today:
        answers = replace(answers, health=saved.value)
    health = screening.merge_other_topics(answers)
    found = screening.screen(health, tables, now)
    if not health.asked or not (counted.asked or found.receiving.rows or found.giving.rows):
        return health, None  # unconfirmed answers must not be shown as "nothing limits tonight"
    return health, found


def _guide(snapshot: Snapshot, proposal: Proposal) -> GuideView:
    is_agreed = proposal.standing is Standing.STANDS
    over = sum(each.session.has_ended for each in snapshot.played)
    if snapshot.is_under_way:
        played = snapshot.played[-1]
        session = played.session.saved.value.session
        return GuideView(played.plan, played.plan_hash, is_agreed, session, over)
    if is_agreed or proposal.standing is Standing.ENDED:
        return GuideView(proposal.plan, proposal.plan_hash, is_agreed, None, over)
    return GuideView(None, "", is_agreed, None, over)


def _chapters(snapshot: Snapshot, missing: tuple[str, ...]) -> Mapping[str, str]:
    marks: dict[str, str] = {}
    for topic in TOPICS:
        if not topic.marks_chapter:
            continue
        is_saved = topic.name in snapshot.own.saved
        is_open = topic.name in missing if topic.is_required else not is_saved
        if is_open or topic.chapter not in marks:
            marks[topic.chapter] = "open" if is_open else "done"
    marks["tonight"] = "done" if snapshot.has_ended else "open"
    return marks
