"""The guided session: the plan as the evening's guide. The clock runs in the browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from workbook.content.words import (
    giver_place,
    name_level,
    name_part,
    name_places,
    step_sentence,
    step_title,
)
from workbook.domain.areas import Side
from workbook.domain.consent import Signals
from workbook.domain.levels import Level
from workbook.domain.plan import CueKind, Plan
from workbook.domain.seats import Seat
from workbook.domain.session import CLOCK_EVENTS, Event, Phase, Session, SessionEnd
from workbook.domain.tables import Prompt, PromptMoment
from workbook.domain.techniques import Position
from workbook.rules.areas import area_of
from workbook.rules.asking import BETWEEN, FIRMER
from workbook.rules.session_table import list_rows
from workbook.ui.form import Form, FormContext
from workbook.ui.forms.plan_blocks import state_intention
from workbook.ui.forms.signals import stop_line
from workbook.ui.guard import show_errors
from workbook.ui.reactions import describe_reactions
from workbook.ui.strokes import first_stroke, outlines_json, stroke_json
from workbook.ui.widgets.pad import Pad
from workbook.ui.widgets.plan_card import PlanCard
from workbook.ui.widgets.player import (
    PersonMark,
    Player,
    PlayerEvent,
    PlayerPosition,
    PlayerQuestion,
    PlayerScript,
    PlayerTimings,
)
from workbook.ui.widgets.prose import Prose, p

_TAPS = {"softer": Event.SOFTER, "still": Event.PAUSE, "stop": Event.STOP}
"""Event of the session for each signal of the pad."""

_ENDED_WORDS = {SessionEnd.LAPSED: "lapsed", SessionEnd.CHANGED: "changed"}
"""Which of the guide's words tell how a session ended; any other is a plain stop."""


class PlayerForm(Form):
    """Shows the guide, or the pad beside it, for the plan that both agreed to.

    It starts only while the agreement stands, and reports what was said and where it is.
    """

    SHOWS = ("steps", "strokes")

    def __init__(
        self,
        context: FormContext,
        on_event: Callable[[Event, PlayerEvent | None], None],
        on_position: Callable[[PlayerPosition], None],
        on_left: Callable[[], None],
        on_change: Callable[[], None] = lambda: None,
        *,
        on_other_position: Callable[[Position, str], None] = lambda _position, _plan: None,
    ) -> None:
        self._context = context
        self._change_position = on_other_position
        self._text = Prose([p(context.words("forms.player_none"))])
        self._text.add_class("at-player-none")
        self._led_text = Prose([p(context.words("forms.player_elsewhere"))])
        self._plan: Plan | None = None
        self._render_again: Callable[[], None] = lambda: None
        """Shows again what was to be shown last, while an end was still on the screen."""
        self._player: Player | None = None
        self._card = PlanCard(None, context.words.table("player"))
        self._is_running = False
        self._is_resuming = False
        """Whether it was opened again in the middle of a session, and nothing was said since."""
        self._is_end_shown = False
        """Whether its end is still on the screen, over the page."""
        self._is_led_elsewhere = False
        self._phase, self._cap = Phase.READY, Level.STRONG
        self._pad = Pad(
            context.words.table("player"),
            self._pad_tapped,
            show_errors(self._pad_left, context.show),
            show_errors(on_change, context.show),
        )
        self._apply_event = on_event
        self._on_event = show_errors(on_event, context.show)
        self._on_position = show_errors(on_position, context.show)
        self._on_left = show_errors(on_left, context.show)
        super().__init__([self._text])

    def render(
        self,
        plan: Plan | None,
        *,
        plan_hash: str = "",
        agreed: bool,
        state: Session | None,
        run: int = 0,
        signals: Signals,
        other_positions: Sequence[Position] = (),
    ) -> None:
        """Show the guide for this plan, or the sentence that there is none yet.

        Args:
            plan: what is agreed to, or runs.
            plan_hash: the hash under which it is kept.
            agreed: whether both said yes to it.
            state: the session that runs, to go on from; None: at the beginning.
            run: which session of this evening it would be; the same plan may be played again.
            signals: how either of the two stops.
            other_positions: where the receiver may lie or sit instead while it runs.

        """
        self._render_again = partial(
            self.render,
            plan,
            plan_hash=plan_hash,
            agreed=agreed,
            state=state,
            run=run,
            signals=signals,
            other_positions=other_positions,
        )
        before = self._plan
        if plan is None or not plan.steps:
            if not (self._is_end_shown or self.is_pad):  # the end stays until somebody looks up
                self._plan = None
            self._show_guide_or_pad()
            return
        self._plan = plan
        shown = make_player_script(self._context, plan, plan_hash)
        shown["run"] = run
        saved: dict[str, object] = {} if state is None else msgspec.to_builtins(state)
        if self._player is not None and self._is_running and before is not None:
            if state is not None and self._player.plan.get("id") != plan_hash:
                line = describe_tightening(self._context, before, plan)
                self._player.tighten(shown, saved, line)
        elif self._player is None or (self._player.plan != shown and not self._is_end_shown):
            # A session lives in the browser's view: its widget stays until it was left.
            if self._player is not None:
                self._player.close()
            self._is_resuming = state is not None and state.is_live
            self._player = Player(
                plan=shown,
                words=dict(self._context.words.table("player")),
                on_event=self._event_reported,
                on_position=self._position_changed,
                on_left=self._guide_left,
                on_other_position=show_errors(self._position_asked, self._context.show),
                state=saved or None,
                agreed=agreed,
            )
        self._player.agreed = agreed
        named = self._context.words.table("positions")
        self._player.positions = [{"key": each, "label": named[each]} for each in other_positions]
        self._card.plan, self._card.stop = dict(shown), stop_line(self._context.words, signals)
        self._card.agreed = agreed
        self._show_guide_or_pad()

    @property
    def is_guide(self) -> bool:
        """Whether a session runs on this page."""
        return self._player is not None and self._is_running

    @property
    def is_pad(self) -> bool:
        """Whether this page is the receiver's pad for a session that another page leads."""
        return self._pad in self.children

    @property
    def is_pad_on_screen(self) -> bool:
        """Whether this page is that pad and can be tapped: its surface is on the screen."""
        return self.is_pad and self._pad.on_screen

    def set_led_elsewhere(self, is_led: bool) -> None:  # noqa: FBT001 - it says what it is
        """Make room for the pad while another page leads the session, and put it away after."""
        self._is_led_elsewhere = is_led or (self._is_led_elsewhere and self.is_pad)
        self._pad.guided = is_led
        self._show_guide_or_pad()

    def note_session_over(self) -> None:
        """The session has ended; a pad stays dark until its owner looks up."""
        if not self.is_pad:
            self._remove_pad()

    def _pad_left(self, from_glass: bool) -> None:  # noqa: FBT001 - as the pad calls it
        self._remove_pad()
        self._render_again()
        if from_glass:  # a page on which somebody reads stays where it is
            self._on_left()

    def _remove_pad(self) -> None:
        self._is_led_elsewhere = False
        self._show_guide_or_pad()

    def set_pad_present(self, is_present: bool | None) -> None:  # noqa: FBT001 - or None
        """Show on the guide whether the pad is there; ``None``: the session has no pad."""
        if self._player is not None:
            self._player.pad = "" if is_present is None else "here" if is_present else "gone"

    def _show_guide_or_pad(self) -> None:
        """The guide or the pad, or the sentence that there is neither yet."""
        if self._player is None or self._plan is None:
            shown = [self._text]
        elif self._is_led_elsewhere and not self._is_running:
            receives = self._plan.turn.receiver is self._context.seat
            shown = [self._pad if receives else self._led_text]
        else:
            shown = [self._player, self._card]
        if tuple(shown) != self.children:
            self.children = shown

    def apply_remote_session(
        self, session: Session, *, news: bool, ended: SessionEnd | None = None
    ) -> None:
        """Take over what was said on another page: softer, hands still, stop; never more.

        Args:
            session: as it is now.
            news: whether another page has said something in it since the last time.
            ended: how it ended, if it has.

        """
        self._pad.ended = "" if ended is None else ended.value
        self._pad.phase, self._pad.asking = session.phase.value, session.open is not None
        if self._player is None or not (self._is_running or self._is_resuming):
            return
        if session.phase in (Phase.STOPPED, Phase.FINISHED):
            self._player.send_tap("stop", ended=_ENDED_WORDS.get(ended, "") if ended else "")
            return
        is_softer = session.cap < self._cap
        self._cap = min(session.cap, self._cap)
        if not self._is_running:  # it waits for "go on", and goes on softer then
            if is_softer:
                self._player.state = {**(self._player.state or {}), "cap": int(session.cap)}
            return
        if is_softer:
            self._player.limit_level(session.cap)
        # Where it rests already, a "go on" may be under way that the word came after; a guide
        # that does rest passes this over.
        if session.phase is Phase.PAUSED and (news or self._phase is Phase.RUNNING):
            self._phase = Phase.PAUSED
            self._player.send_tap("pause")

    def end_lapsed(self) -> None:
        """Stop the guide on this page if it runs: the yes it began with holds no longer."""
        if self._player is not None and self._is_running:
            self._player.send_tap("stop", ended=_ENDED_WORDS[SessionEnd.LAPSED])

    def _pad_tapped(self, tap: str) -> bool:
        """Take a word from the pad; False if it could not be kept, and the pad then says so."""
        taken = []

        def apply() -> None:
            self._apply_event(_TAPS[tap], None)
            taken.append(tap)

        show_errors(apply, self._context.show)()
        return bool(taken)

    def _position_changed(self, state: PlayerPosition) -> None:
        self._is_running = state["phase"] in (Phase.RUNNING, Phase.PAUSED)
        self._is_resuming = False
        self._is_end_shown |= self._is_running
        self._phase = Phase(state["phase"])
        self._cap = Level(min(int(state.get("cap", self._cap)), Level.STRONG))
        self._show_guide_or_pad()
        self._on_position(state)

    def _position_asked(self, key: str, plan_hash: str) -> None:
        """Take the receiver's word for another position; where it is not possible, say so."""
        self._change_position(Position(key), plan_hash)
        if self._player is not None and self._player.plan.get("id") == plan_hash:
            self._player.show_line(self._context.words("player.position_none"))

    def _guide_left(self) -> None:
        self._is_end_shown = False
        self._render_again()
        self._on_left()

    def _event_reported(self, said: PlayerEvent) -> None:
        self._cap = Level(min(int(said.get("cap", self._cap)), Level.STRONG))
        if self._is_resuming and said["event"] == Event.GO_ON:
            # It runs already, and what the pad has said meanwhile is for it.
            self._is_running, self._is_resuming = True, False
        event = Event(said["event"])
        if event is Event.START:  # it covers the page before Python hears of it, and stays
            self._is_running = self._is_end_shown = True
            self._phase = Phase.RUNNING
        if event not in CLOCK_EVENTS:
            self._on_event(event, said)


def make_player_script(context: FormContext, plan: Plan, plan_hash: str = "") -> PlayerScript:
    """Return a plan in the words the player shows, with the table its session goes by."""
    say = context.words
    sentences = [step_sentence(say, context.tables, plan, step) for step in plan.steps]
    if settled := state_intention(say, plan.turn.intention):
        sentences[0] = f"{settled} {sentences[0]}"
        sentences[-1] = f"{sentences[-1]} {settled}"
    titles = [step_title(say, context.tables, step) for step in plan.steps]
    strokes = [step.stroke or first_stroke(context.tables, step.technique) for step in plan.steps]
    parts = dict.fromkeys(part for step in plan.steps for part in step.parts)
    return {
        "title": say("forms.plan_title", minutes=plan.minutes),
        "seconds": plan.seconds,
        "giver": _person_mark(context, plan.turn.giver),
        "receiver": _person_mark(context, plan.turn.receiver),
        "levels": [name_level(say, level) for level in Level],
        "steps": [
            {
                "title": titles[i],
                "sentence": sentences[i],
                "side": "" if step.side is Side.MIDDLE else say(f"player.side_{step.side}"),
                "level": int(step.level),
                "level_words": name_level(say, step.level),
                "seconds": step.seconds,
                "parts": list(step.parts),
                "stroke": strokes[i],
                "areas": list(dict.fromkeys(area_of(part) for part in step.parts)),
                "half": step.side.value,
                "place": giver_place(say, step),
                "giver": step.giver,
                "passes": step.passes,
                "next": titles[i + 1] if i + 1 < len(plan.steps) else "",
            }
            for i, step in enumerate(plan.steps)
        ],
        "reactions": describe_reactions(say, context.tables),
        "moments": {
            moment.value: _list_prompts(context, moment)
            for moment in (PromptMoment.PAUSED, PromptMoment.SILENT, PromptMoment.FINISHED)
        },
        "asks": _list_prompts(context, PromptMoment.ANY),
        "check_ins": [
            {
                "at": check.at,
                # A level that is allowed already needs no question about a firmer one.
                **_make_question(
                    context,
                    BETWEEN if check.prompt == FIRMER else check.prompt,
                    _place_at(context, plan, check.at),
                ),
            }
            for check in plan.check_ins
        ],
        "firmer": _make_question(context, FIRMER),
        "guarded": plan.guarded,
        "machine": list_rows(),
        "id": plan_hash,
        # Hands rest in every plan's end, whatever it holds.
        "strokes": {
            key: stroke_json(context.tables, say, key) for key in dict.fromkeys([*strokes, "still"])
        },
        "outlines": outlines_json(area_of(part) for part in parts),
        "names": {part: name_part(say, part) for part in parts},
        "position": plan.position.value,
        "coverage": plan.coverage.value,
        "timings": _make_timings(context),
        "cues": [
            {
                "at": cue.at,
                "kind": cue.kind.value,
                "text": say(f"player.cue_{cue.kind}"),
                "seconds": 8 if cue.kind is CueKind.HEAD else cue.seconds,
            }
            for cue in plan.cues
        ],
    }


def describe_tightening(context: FormContext, before: Plan, now: Plan) -> str:
    """Return what a plan lost while it ran, as one line for both people; no cause."""
    words, here = context.words, {part for step in now.steps for part in step.parts}
    if now.position is not before.position:
        return words("player.position_changed", position=words(f"positions.short.{now.position}"))
    gone = [part for step in before.steps for part in step.parts if part not in here]
    if gone:
        places = name_places(words, context.tables, tuple(dict.fromkeys(gone)))
        return words("player.tightened_places", places=places)
    if max(step.level for step in now.steps) < max(step.level for step in before.steps):
        return words("player.tightened_level")
    if now.seconds < before.seconds:
        return words("player.tightened_minutes")
    return words("player.tightened_other")


def _make_question(context: FormContext, key: str, area: str = "") -> PlayerQuestion:
    """Return a question of ``prompts.toml`` in words."""
    prompt, words = context.tables.prompts[key], context.words
    return {
        "question": words(f"prompts.{key}.question", area=area),
        "answers": [
            {"key": each, "label": words(f"prompts.{key}.{each}"), "kind": reply_kind(prompt, each)}
            for each in prompt.answers
        ],
    }


def _make_timings(context: FormContext) -> PlayerTimings:
    """Return the guide's waiting times in seconds, from ``settings.toml``."""
    settings = context.tables.settings
    return {
        "answer_s": settings["answer_seconds"].default,
        "repeat_s": settings["repeat_seconds"].default,
        "shown_s": settings["shown_seconds"].default,
    }


def reply_kind(prompt: Prompt, answer: str) -> str:
    """Return what an answer does; one that does nothing means that it is fine as it is."""
    does = prompt.does.get(answer)
    return Event.FINE.value if does is None else does.value


def _list_prompts(context: FormContext, moment: PromptMoment) -> list[str]:
    """What the giver may ask at one kind of moment."""
    prompts = context.tables.prompts.values()
    return [
        context.words(f"prompts.{each.id}.question") for each in prompts if each.moment is moment
    ]


def _person_mark(context: FormContext, who: Seat) -> PersonMark:
    person = context.people.at(who)
    return {"name": person.name, "colour": person.colour, "shape": person.shape}


def _place_at(context: FormContext, plan: Plan, at: int) -> str:
    """Plain name of what is touched at a time of the plan."""
    start = 0
    for step in plan.steps:
        start += step.seconds
        if at < start and step.parts:
            return name_places(context.words, context.tables, step.parts)
    return ""
