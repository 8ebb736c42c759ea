"""Tonight for one unlocked person: hand in, agree, be guided, land softly."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any, ClassVar

from ipywidgets import Widget

from workbook.book import together
from workbook.domain.consent import AgreementEvent, AgreementKind, Signals, Standing
from workbook.domain.errors import VaultError
from workbook.domain.evening import RoomCard
from workbook.domain.levels import Duet
from workbook.domain.plan import Plan, Turn
from workbook.domain.proposal import FIRST_MINUTES, LATER_MINUTES, Proposal
from workbook.domain.seats import Seat
from workbook.domain.session import Event, GuideBeat, PadBeat, Phase
from workbook.domain.shares import NOT_TONIGHT, Share
from workbook.rules import aftercare, consent, limits, plan, products, screening, session
from workbook.rules import wishes as rounds
from workbook.rules.three_way import merge_values
from workbook.store import agreements, cards, clock, evenings, plans, sessions, shares, wishes
from workbook.store.records import Saved
from workbook.ui.forms.agreement import AgreementForm
from workbook.ui.forms.duet import DuetForm
from workbook.ui.forms.health import HealthForm
from workbook.ui.forms.player import PlayerForm
from workbook.ui.forms.ready import ReadyForm
from workbook.ui.forms.room import RoomForm
from workbook.ui.forms.signals import SignalsForm
from workbook.ui.forms.soft_landing import SoftLandingForm
from workbook.ui.guard import guarded
from workbook.ui.widgets.prose import Block, item

if TYPE_CHECKING:
    from workbook.book.opened import Opened

BEAT = 1.5
"""Seconds between two signs of life at least; a page asks every two."""

GONE = 4.5
"""Seconds without a sign of life after which another page counts as gone; signs come every two."""

ANSWERS = 3
"""How often a page asks for the wishes because the other one does, without a new *ready*:
where neither can reach what waits for it, they do not go on for ever."""


class Tonight:
    """The evening both people share; the vault is the state, this is a view of it."""

    FORMS: ClassVar = frozenset(
        {"signals", "duet", "room", "ready", "agreement", "player", "soft_landing"}
    )

    def __init__(self, book: Opened) -> None:
        self._book = book
        self._lane = book.lane
        found = evenings.current_evening(self._lane, self._lane.now())
        self.evening: str | None = found.id if found else None
        self._shown: dict[str, Any] = {}
        self._turn: Turn | None = None
        self._asking: bytes | None = None
        """The partner's asking for the wishes that this page has answered, or tried to."""
        self._answers = ANSWERS
        self._landing: aftercare.Landing | None = None
        """What both had wished for afterwards; it stays when an answer changes after the end."""
        self._run_kept: sessions.StoredSession | None = None
        self._run_read: tuple[str, int] | None = None
        """What ``_run_kept`` was read for: evening and number of saves."""
        self._over = self.ended
        self._page = token_hex(8)
        """What this page calls itself beside other pages of the same session."""
        self._version = 0
        """Of the session, as this page last wrote or heard it."""
        self._heard: tuple[int, ...] = ()
        """The session, its version and the numbers of the signs of life, as last heard."""
        self._beaten = float("-inf")
        self._beats: dict[type, int] = {}
        self._signs: dict[type, float] = {}
        """When the page that leads, and the pad, were last heard of."""

    @property
    def earlier(self) -> bool:
        """Whether there was an evening before this one."""
        return evenings.has_earlier(self._lane, self.evening)

    @property
    def practised(self) -> bool:
        """Whether a session has run on an earlier evening."""
        return sessions.has_earlier_session(self._lane, self.evening)

    @property
    def evenings(self) -> tuple[evenings.Evening, ...]:
        """All evenings, the first one first."""
        return evenings.list_evenings(self._lane)

    def begun(self) -> str:
        """The evening's id; the first answer of an evening begins it."""
        if self.evening is None:
            now = self._lane.now()
            self.evening = evenings.begin_evening(self._lane, now.date(), now)
        return self.evening

    # The two shares and what follows from them -----------------------------------------

    def shares(self) -> Mapping[Seat, Share]:
        """What both have handed in tonight."""
        return shares.read_all(self._lane, self.evening) if self.evening else {}

    def proposal(self) -> Proposal:
        """All that both may see."""
        given = self.shares()
        today = self._book.desk.today
        if set(given) != set(Seat) or self.evening is None:
            return Proposal(ready=frozenset(given), today=today)
        tables = self._book.desk.tables
        givers = _givers(given)
        if not givers:
            return Proposal(ready=frozenset(given), today=today)
        card = self._card(RoomCard, self.evening)
        found = Proposal(
            ready=frozenset(given),
            tonight=True,
            givers=givers,
            offers=products.offers(given[Seat.A], given[Seat.B], tables),
            minutes=LATER_MINUTES if self.practised else FIRST_MINUTES,
            matches=self._matches(),
            wishes_wait=self._wishes_wait(),
            intentions=tuple(share.intention for share in given.values()),
            signals=self._card(Signals),
            room_left=len(set(tables.room) - card.done),
            room_open=tuple(k for k in tables.candle if k not in card.done) if card.flame else (),
            clock_behind=clock.clock_behind(self._lane),
            today=today,
        )
        turn = self._turn or self._agreed_turn() or self._only_turn(givers)
        if turn is None or turn.giver not in givers:
            return found
        firmer = self._card(Duet).firmer.get(turn.giver, 0)
        merged = limits.merge(given[turn.giver], given[turn.receiver], tables, firmer)
        made = plan.make(merged, turn, tables)
        events = agreements.list_events(self._lane, self.evening)
        print_of = plan.plan_hash(made)
        return replace(
            found,
            turn=turn,
            limits=merged,
            plan=made,
            affirmed=consent.affirmed_seats(events, print_of, self._book.now),
            standing=consent.standing(events, print_of, self._book.now),
        )

    def _card(self, kind: type[Any], evening: str | None = None) -> Any:
        """A card of both people; blank if nobody wrote it yet."""
        saved = cards.read_card(self._lane, kind, evening)
        return saved.value if saved else kind()

    def _write(self, value: Any, evening: str | None = None, base: Any = ...) -> Any:
        """Write a card of both people, joined with what another page wrote; return the card.

        None: nothing changed. ``base`` is what the page showed; left out: what is saved.
        """
        kind = type(value)
        before = cards.read_card(self._lane, kind, evening)
        now = before.value if before else kind()
        said, value = value, value if base is ... else merge_values(base, value, now)
        if value == now:
            return None
        saved = together.save(
            value,
            before,
            kind(),
            put=lambda new, expected_version: cards.write_card(
                self._lane, new, evening, expected_version=expected_version
            ),
            read=lambda: cards.read_card(self._lane, kind, evening),
        )
        self._book.said_saved(saved.at)
        if saved.value != said:
            self._book.joined()
        return saved.value

    def _agreed_turn(self) -> Turn | None:
        kept = plans.latest_plan(self._lane, self.evening) if self.evening else None
        return kept.plan.turn if kept else None

    def _only_turn(self, givers: tuple[Seat, ...]) -> Turn | None:
        """Propose what only needs a yes: one possible giver, and the usual length."""
        if len(givers) != 1:
            return None
        return Turn(givers[0], LATER_MINUTES if self.practised else FIRST_MINUTES)

    # Forms ------------------------------------------------------------------------------

    def form(self, name: str) -> Widget:
        """Build one of tonight's forms."""
        made: Widget = getattr(self, f"_make_{name}")()
        self._shown[name] = made
        self.follow()
        return made

    @property
    def past(self) -> bool:
        """Whether the day that this page asks about is over: it was open at midnight."""
        return self._book.now.date() != self._book.desk.today

    def catch_up(self) -> None:
        """Another page has saved something: an evening may have begun, a session ended."""
        if self.evening is None and (
            found := evenings.current_evening(self._lane, self._lane.now())
        ):
            self.evening = found.id
        self.settle()
        if self.ended and not self._over:
            self._over = True
            self._book.afterwards.ended()
            self._book.mark()

    def seen(self) -> object:
        """What both may see, which session there is, and how far the round of wishes is."""
        run = self._run and (self._run.id, self.under_way)
        said = (
            agreements.last_seq(self._lane),
            wishes.first_request(self._lane),
            wishes.last_round(self._lane),
        )
        return self.proposal(), self._card(Signals), self._room(), run, said

    def settle(self) -> None:
        """Show what is saved on both people's cards."""
        if form := self._shown.get("signals"):
            form.news(self._card(Signals))
        if form := self._shown.get("duet"):
            form.news(self._card(Duet))
        if form := self._shown.get("room"):
            form.news(self._room())

    def follow(self) -> None:
        """Show where things stand in every form that is on the page."""
        self._answer()
        self._renew()
        if ready := self._shown.get("ready"):
            self._show_ready(ready)
        found = self.proposal()
        self._keep_landing(found)
        if agreement := self._shown.get("agreement"):
            agreement.tell(found)
        if player := self._shown.get("player"):
            stands = found.standing is Standing.STANDS
            over = found.standing is Standing.ENDED
            made = self._playing or (found.plan if stands or over else None)
            player.tell(made, agreed=stands, state=self._resume(made), signals=found.signals)
        if landing := self._shown.get("soft_landing"):
            self._show_landing(landing)

    def _make_signals(self) -> Widget:
        form = SignalsForm(self._book.desk, self._card(Signals))
        form.observe(guarded(self._keep_signals, self._book.desk.show), "value")
        return form

    def _keep_signals(self, change: Any) -> None:
        base = self._shown["signals"].based_on(change.old)
        if change.new != self._card(Signals) and (card := self._write(change.new, base=base)):
            self._shown["signals"].take(card)
            self.follow()

    def _make_duet(self) -> Widget:
        form = DuetForm(self._book.desk, self._card(Duet))
        form.observe(guarded(self._keep_duet, self._book.desk.show), "value")
        return form

    def _keep_duet(self, change: Any) -> None:
        base = self._shown["duet"].based_on(change.old)
        kept = self._write(change.new, base=base)
        if kept is not None:
            self._shown["duet"].take(kept)
            self.follow()

    def _make_room(self) -> Widget:
        form = RoomForm(self._book.desk, self._room())
        form.observe(guarded(self._keep_room, self._book.desk.show), "value")
        return form

    def _keep_room(self, change: Any) -> None:
        base = self._shown["room"].based_on(change.old)
        if change.new == self._room():
            return
        if card := self._write(change.new, self.begun(), base=base):
            self._shown["room"].take(card)
            self.follow()

    def _room(self) -> RoomCard:
        card: RoomCard = self._card(RoomCard, self.evening) if self.evening else RoomCard()
        return card

    # Ready ------------------------------------------------------------------------------

    def _make_ready(self) -> Widget:
        return ReadyForm(self._book.desk, self._hand_in, self._took_back, self._book.hand_over)

    def _show_ready(self, form: ReadyForm) -> None:
        given, me = self.shares(), self._lane.seat
        share = self._book.share()
        if self.past and not (self.under_way or self.ended):
            form.past()
            return
        say = self._book.desk.words
        form.tell(
            missing=[item(say(f"forms.missing_{t}")) for t in self._book.open_topics()],
            meaning=self._meaning(),
            tonight=share != NOT_TONIGHT,
            mine=me in given,
            theirs=me.other in given,
        )

    def _meaning(self) -> list[Block]:
        """What health means tonight; a fever is answered before the rest is confirmed."""
        answers, said = self._book.answers(), self._book.value("health")
        counted = answers.health
        if said.on == self._book.desk.today:
            answers = replace(answers, health=said)
        health = screening.merge_other_topics(answers)
        found = self._book.screen(health)
        if not health.asked or not (counted.asked or found.receiving.rows or found.giving.rows):
            return []  # "nothing limits tonight" of what does not count yet would be too early
        return HealthForm.meaning(self._book.desk, health, found)

    def _hand_in(self) -> None:
        self._book.catch_up()  # what another page answered a moment ago counts
        evening = self.begun()
        saved = together.again(lambda: self._share(evening, self._book.share()))
        if self.round_due and wishes.list_handed_in(self._lane, evening) != frozenset(Seat):
            wished = self._book.answers().wishes.wished
            wishes.hand_in_ballot(self._lane, evening, wished & frozenset(self.wishes_asked))
        self._answers = ANSWERS
        self.ask()
        self._book.said_saved(saved.at)
        self.follow()

    def _share(self, evening: str, share: Share) -> Saved[Share]:
        before = shares.read_own(self._lane, evening)
        version = before.version if before else 0
        return shares.hand_in(self._lane, evening, share, expected_version=version)

    def _renew(self) -> None:
        """What allows less holds at once; anything else waits for its owner's Ready.

        *Not tonight* ends a session that is under way.
        """
        old, new = self.shares().get(self._lane.seat), self._book.share()
        if old is None or old == new:
            return
        if self.ended and not new.tonight:
            return  # the evening was; what it was stays on the page, past midnight too
        if self.under_way and not new.tonight and self._said_before_midnight().tonight:
            return  # nobody answered anything: a massage under way goes on past midnight
        if not limits.is_tighter(new, old):
            self.take_back()
            return
        together.again(lambda: self._share(self.begun(), new))
        if not new.tonight or self._nothing_left():
            self._end_session()

    def _nothing_left(self) -> bool:
        """Return whether both have handed in and no place is open to both any more."""
        made = self.proposal().plan
        return made is not None and not made.steps

    def _said_before_midnight(self) -> Share:
        """Return what this person's answers mean at the time at which the evening began."""
        found = evenings.current_evening(self._lane, self._lane.now())
        share: Share = self._book.share(found.began if found else None)
        return share

    def _took_back(self) -> None:
        self.take_back()
        self._end_session()
        self.follow()

    def _end_session(self) -> None:
        """Stop a session that is under way; the page that leads it is told within a moment."""
        if self.under_way:
            self._happened(Event.STOP)

    def take_back(self) -> None:
        """A share that no longer says what its owner says leaves the common lane."""
        if self.evening:
            shares.take_back(self._lane, self.evening)
            wishes.take_back_ballot(self._lane, self.evening)

    # Wishes -----------------------------------------------------------------------------

    @property
    def wishes_asked(self) -> tuple[str, ...]:
        """What the round under way asks about."""
        return rounds.draw_wishes(self._book.desk.tables.wishes, wishes.read_seed(self._lane))

    @property
    def round_due(self) -> bool:
        """Whether wishes are asked tonight, so long after they were last opened."""
        last = wishes.last_round(self._lane)
        return rounds.is_round_due(last.on if last else None, self._book.now.date())

    def ask(self) -> bool:
        """Ask for the wishes to be opened; return whether they are now.

        *Ready* asks, and so does a page that opens while it stands. What is in the way of
        wishes is in the way of nothing else.
        """
        given, me = self.shares(), self._lane.seat
        # Where it is not tonight, from whatever cause, nothing is opened.
        willing = bool(_givers(given)) if len(given) == len(Seat) else given.get(me) != NOT_TONIGHT
        if not (self.evening and me in given and willing and self.round_due):
            return False
        try:
            opened = wishes.request_reveal(self._lane, self.evening)
        except VaultError as error:
            self._book.desk.show(error)
            return False
        if opened:
            self._book.wishes_opened()
        return opened

    def _answer(self) -> None:
        """Ask as well where the partner does; once for each time they ask."""
        first = wishes.first_request(self._lane)
        if first is None or first[0] is self._lane.seat or first[1] == self._asking:
            return
        if self._answers:
            self._answers -= 1
            self._asking = first[1]
            self.ask()

    def _matches(self) -> frozenset[str]:
        last = wishes.last_round(self._lane)
        return frozenset() if last is None or self.round_due else last.both

    def _wishes_wait(self) -> bool:
        """Whether both have handed in, and the time for asking ran out in between."""
        if self.evening is None or not self.round_due:
            return False
        return wishes.list_handed_in(self._lane, self.evening) == frozenset(Seat)

    def _withdraw_wish(self, wish: str) -> None:
        wishes.withdraw_wish(self._lane, wish)
        self._book.said_saved(self._book.now)
        self.follow()

    # Agreement --------------------------------------------------------------------------

    def _make_agreement(self) -> Widget:
        form = AgreementForm(
            self._book.desk,
            affirm=self._affirm,
            withdraw=self._withdraw,
            tried=self._tried,
            no_longer=self._withdraw_wish,
        )
        form.observe(guarded(self._chose, self._book.desk.show), "value")
        return form

    def _chose(self, change: Any) -> None:
        self._turn = change.new
        self.follow()

    def _tried(self) -> None:
        tried = replace(self._card(Signals), tried_on=self._book.desk.today)
        if self._write(tried) is not None:
            if form := self._shown.get("signals"):
                form.take(tried)
            self.follow()

    def _affirm(self, who: Seat) -> None:
        found = self.proposal()
        if found.plan is None or not found.can_affirm:
            return
        plans.save_plan(self._lane, self.begun(), plan.plan_hash(found.plan), found.plan)
        self._log(AgreementKind.AFFIRMED, who, plan.plan_hash(found.plan))

    def _withdraw(self, who: Seat) -> None:
        found = self.proposal()
        if found.plan is not None:
            self._log(AgreementKind.WITHDRAWN, who, plan.plan_hash(found.plan))
        self._end_session()

    def _log(self, kind: AgreementKind, who: Seat | None, plan_hash: str) -> None:
        event = AgreementEvent(kind, who, plan_hash, self._book.desk.today)
        agreements.append_event(
            self._lane, self.begun(), event, spoken=who is self._lane.seat.other
        )
        self._book.said_saved(self._book.now)
        self.follow()

    # The session ------------------------------------------------------------------------

    @property
    def _run(self) -> sessions.StoredSession | None:
        """The latest playing of this evening; read again once any page has saved something."""
        if self.evening is None:
            return None
        now = self.evening, self._book.saves
        if now != self._run_read:
            self._run_kept, self._run_read = sessions.current_session(self._lane, self.evening), now
        return self._run_kept

    @property
    def under_way(self) -> bool:
        """Whether a session has begun and not ended."""
        run = self._run
        return run is not None and run.saved.value.session.phase not in sessions.ENDED_PHASES

    @property
    def ended(self) -> bool:
        """Whether tonight's massage is over."""
        run = self._run
        return run is not None and run.saved.value.session.phase in sessions.ENDED_PHASES

    @property
    def _playing(self) -> Plan | None:
        """The plan of a session under way: what both agreed to, whatever was changed since."""
        run = self._run
        if run is None or run.saved.value.session.phase in sessions.ENDED_PHASES:
            return None
        return plans.read_plan(self._lane, self.begun(), run.saved.value.plan)

    def _resume(self, made: Plan | None) -> Mapping[str, Any]:
        """Where a reloaded page goes on: nowhere, unless this plan is being played."""
        run = self._run
        if made is None or run is None or run.saved.value.plan != plan.plan_hash(made):
            return {}
        played = run.saved.value
        before = sum(step.seconds for step in made.steps[: played.session.step])
        return {
            "phase": played.session.phase.value,
            "step": played.session.step,
            "cap": int(played.session.cap),
            "elapsed": before + played.seconds,
        }

    # Two pages and one session -------------------------------------------------------------

    def beat(self) -> None:
        """Give a sign of life while this page leads a session, or its pad is on the screen."""
        player = self._shown.get("player")
        if player is None or self.evening is None:
            return
        now = time.monotonic()
        if now - self._beaten > BEAT and (player.leads or player.pad_on_screen) and self.under_way:
            self._beaten = now
            kind: Any = GuideBeat if player.leads else PadBeat
            before = cards.read_card(self._lane, kind, self.evening)
            beat = before.value.beat + 1 if before else 1
            # Where none can be written, the other page says that it is alone, as it is.
            with suppress(VaultError):
                cards.write_card(
                    self._lane,
                    kind(self._page, beat),
                    self.evening,
                    expected_version=before.version if before else 0,
                )

    def hear(self) -> bool:
        """Take over what another page has said in a session, and note who is there.

        Return whether any page, this one too, has said something or given a sign of life
        in a session known already.
        """
        player, run = self._shown.get("player"), self._run
        if player is None or run is None:
            return False
        self._heed(run)
        before = self._heard
        signs = {kind: self._card(kind, self.evening) for kind in (GuideBeat, PadBeat)}
        self._heard = run.id, run.saved.version, *(sign.beat for sign in signs.values())
        for kind, sign in signs.items():
            if sign.page not in ("", self._page) and sign.beat > self._beats.get(kind, sign.beat):
                self._signs[kind] = time.monotonic()
            self._beats[kind] = sign.beat
        return self._heard[:1] == before[:1] and self._heard != before

    def _heed(self, run: sessions.StoredSession) -> None:
        """Take over what another page has said since this one last wrote or heard.

        Whoever writes heeds what they have just read: a "go on" that comes late takes no word
        away that was said on the pad before it.
        """
        news, self._version = run.saved.version != self._version, run.saved.version
        if player := self._shown.get("player"):
            player.follow(run.saved.value.session, news=news)

    def watch(self) -> None:
        """Show who else is there, and who has gone; called several times a second."""
        player = self._shown.get("player")
        if player is None:
            return
        now = time.monotonic()
        there = {kind: now - at < GONE for kind, at in self._signs.items()}
        if not self.under_way:
            player.over()
        elif player.leads:
            player.padded(there.get(PadBeat))
        else:
            player.elsewhere(there.get(GuideBeat, False))

    def _make_player(self) -> Widget:
        return PlayerForm(
            self._book.desk,
            self._happened,
            self._finished,
            self._at,
            lambda: self._book.page.go("afterwards"),
        )

    def _at(self, state: Mapping[str, Any]) -> None:
        """Keep the position, so that a reload goes on where it was."""
        together.again(lambda: self._put(state))

    def _put(self, state: Mapping[str, Any]) -> None:
        run, made = self._run, self._playing
        if run is None or made is None:
            return
        self._heed(run)
        step = min(int(state["step"]), len(made.steps) - 1)
        before = sum(each.seconds for each in made.steps[:step])
        played = run.saved.value
        moved = replace(
            played,
            session=replace(played.session, step=step),
            seconds=max(0, int(state["elapsed"]) - before),
        )
        self._write_run(run, moved)

    def _write_run(self, run: sessions.StoredSession, played: sessions.SessionRecord) -> None:
        saved = sessions.write_session(
            self._lane, run.id, played, expected_version=run.saved.version
        )
        self._version = saved.version

    def _finished(self) -> None:
        """The browser came to the end; it may have played on while nobody heard of its steps."""
        while self.under_way:
            paused = self._run is not None and self._run.saved.value.session.phase is Phase.PAUSED
            self._happened(Event.GO_ON if paused else Event.NEXT)

    def played(self, evening: str) -> tuple[Plan, ...]:
        """The plans of an evening that were played, in order; an agreed one may not have been."""
        runs = sessions.list_sessions(self._lane, evening)
        found = (plans.read_plan(self._lane, evening, run.saved.value.plan) for run in runs)
        return tuple(made for made in found if made is not None)

    def used(self, product: str, since: datetime) -> bool:
        """Whether a product was on the skin on an evening before this one."""
        return sessions.was_product_used(self._lane, product, since, but_not=self.evening)

    def _happened(self, event: Event) -> None:
        """Carry an event through the reducer; an end of the session ends the agreement."""
        played = together.again(lambda: self._advance(event))
        if played is not None and played.session.phase in sessions.ENDED_PHASES:
            self._over = True
            kind = AgreementKind.STOPPED if played.ended_early else AgreementKind.FINISHED
            self._log(kind, None, played.plan)
            self._book.afterwards.ended()
            self._book.mark()

    def _advance(self, event: Event) -> sessions.SessionRecord | None:
        """Write what the session is after ``event``; None where it means nothing any more."""
        run = self._run
        if run is None or run.saved.value.session.phase in sessions.ENDED_PHASES:
            found = self.proposal()
            if event is not Event.START or found.standing is not Standing.STANDS:
                return None
            if found.plan is None:
                return None
            print_of = plan.plan_hash(found.plan)
            begun = sessions.SessionRecord(print_of, session.begin_session(found.plan))
            run = sessions.begin_session(self._lane, self.begun(), begun)
        self._heed(run)
        played = run.saved.value
        after = session.advance(played.session, event)
        played = replace(played, session=after, ended_early=after.phase is Phase.STOPPED)
        self._write_run(run, played)
        return played

    # Afterwards -------------------------------------------------------------------------

    def _make_soft_landing(self) -> Widget:
        return SoftLandingForm(self._book.desk)

    def _keep_landing(self, found: Proposal) -> None:
        """Keep what both had wished for, for a form that may be built after an answer changes."""
        if found.tonight:
            self._landing = aftercare.plan_landing(self.shares(), self._book.desk.tables)
        elif not self.ended:  # it tells nothing that "not tonight" does not
            self._landing = None

    def _show_landing(self, form: SoftLandingForm) -> None:
        form.tell(self._landing, flame=bool(self._room().flame) and self.ended)


def _givers(given: Mapping[Seat, Share]) -> tuple[Seat, ...]:
    """Who could give a turn tonight, by both shares; nobody where it is not tonight."""
    if not all(share.tonight for share in given.values()):
        return ()
    return tuple(s for s in Seat if given[s].giving and given[s.other].receiving)
