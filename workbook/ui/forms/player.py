"""The guided session: the plan as the evening's guide. The clock runs in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workbook.content.words import name_places, step_sentence, step_title
from workbook.domain.areas import Side
from workbook.domain.consent import Signals
from workbook.domain.levels import Level
from workbook.domain.plan import CueKind, Plan
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase, Session
from workbook.domain.tables import Prompt, PromptMoment
from workbook.ui.form import Desk, Form
from workbook.ui.forms.signals import stop_line
from workbook.ui.guard import guarded
from workbook.ui.widgets.pad import Pad
from workbook.ui.widgets.plan_card import PlanCard
from workbook.ui.widgets.player import Player
from workbook.ui.widgets.prose import Prose, p

_TAPS = {"softer": Event.SOFTER, "still": Event.PAUSE, "stop": Event.STOP}
"""What the pad says, as the session hears it."""

_TIMINGS = {
    "answer_s": "answer_seconds",
    "repeat_s": "repeat_seconds",
    "hold_s": "hold_seconds",
    "pad_hold_s": "pad_hold_seconds",
}
"""Keys of ``settings.toml`` by their name in the script."""

FINISH = "finish"
"""The browser's word for the end of the last step."""


class PlayerForm(Form):
    """Starts only while the agreement stands; reports every event, in order."""

    SHOWS = ("steps",)

    def __init__(
        self,
        desk: Desk,
        happened: Callable[[Event], None],
        finished: Callable[[], None],
        at: Callable[[Mapping[str, Any]], None],
        left: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._text = Prose([p(desk.words("forms.player_none"))])
        self._led = Prose([p(desk.words("forms.player_elsewhere"))])
        self._plan: Plan | None = None
        self._player: Player | None = None
        self._card = PlanCard({}, desk.words.table("player"))
        self._live = False
        self._waits = False
        """Whether it was opened again in the middle of a session, and nothing was said since."""
        self._covers = False
        """Whether its end is still on the screen, over the page."""
        self._elsewhere = False
        self._phase, self._cap = Phase.READY, Level.STRONG
        self._pad = Pad(
            desk.words.table("player"), self._tapped, guarded(self._looked_up, desk.show)
        )
        self._take = happened
        self._happened = guarded(happened, desk.show)
        self._finished = guarded(finished, desk.show)
        self._at = guarded(at, desk.show)
        self._on_left = guarded(left, desk.show)
        super().__init__([self._text])

    def tell(
        self, plan: Plan | None, *, agreed: bool, state: Mapping[str, Any], signals: Signals
    ) -> None:
        """Show the guide for this plan, or the sentence that there is none yet."""
        self._plan = plan if plan is not None and plan.steps else None
        if plan is None or not plan.steps:
            self._place()
            return
        shown = play(self._desk, plan)
        if self._player is None or (self._player.plan != shown and not self._covers):
            # A session lives in the browser's view: its widget stays until it was left.
            if self._player is not None:
                self._player.close()
            self._waits = state.get("phase") in (Phase.RUNNING, Phase.PAUSED)
            self._player = Player(
                plan=shown,
                words=dict(self._desk.words.table("player")),
                on_event=self._event,
                on_at=self._moved,
                on_left=self._left,
                state=state or None,
                agreed=agreed,
            )
        self._player.agreed = agreed
        self._card.plan, self._card.stop = shown, stop_line(self._desk.words, signals)
        self._card.agreed = agreed
        self._place()

    @property
    def leads(self) -> bool:
        """Whether a session runs on this page."""
        return self._player is not None and self._live

    @property
    def pads(self) -> bool:
        """Whether this page is the receiver's pad for a session that another page leads."""
        return self._pad in self.children

    @property
    def pad_on_screen(self) -> bool:
        """Whether this page is that pad and can be tapped: its surface is on the screen."""
        return self.pads and self._pad.on_screen

    def elsewhere(self, leads: bool) -> None:  # noqa: FBT001 - it says what it is
        """Make room for the pad while another page leads the session, and put it away after."""
        self._elsewhere = leads or (self._elsewhere and self.pads)
        self._pad.guided = leads
        self._place()

    def over(self) -> None:
        """The session has ended; a pad stays dark until its owner looks up."""
        if not self.pads:
            self._put_away()

    def _looked_up(self, from_glass: bool) -> None:  # noqa: FBT001 - as the pad calls it
        self._put_away()
        if from_glass:  # whoever reads something meanwhile reads on
            self._on_left()

    def _put_away(self) -> None:
        self._elsewhere = False
        self._place()

    def padded(self, there: bool | None) -> None:  # noqa: FBT001 - None: no pad in this session
        """Say on the guide whether the receiver's pad is there."""
        if self._player is not None:
            self._player.pad = "" if there is None else "here" if there else "gone"

    def _place(self) -> None:
        """The guide or the pad, or the sentence that there is neither yet."""
        if self._player is None or self._plan is None:
            shown = [self._text]
        elif self._elsewhere and not self._live:
            receives = self._plan.turn.receiver is self._desk.seat
            shown = [self._pad if receives else self._led]
        else:
            shown = [self._player, self._card]
        if tuple(shown) != self.children:
            self.children = shown

    def follow(self, session: Session, *, news: bool) -> None:
        """Take over what was said on another page: softer, hands still, stop; never more.

        Args:
            session: as it is now.
            news: whether another page has said something in it since the last time.

        """
        self._pad.phase = session.phase.value
        if self._player is None or not (self._live or self._waits):
            return
        if session.phase in (Phase.STOPPED, Phase.FINISHED):
            self._player.signal("stop")
            return
        if not self._live:
            return
        if session.cap < self._cap:
            self._cap = session.cap
            self._player.at_most(session.cap)
        # Where it rests already, a "go on" may be under way that the word came after; a guide
        # that does rest passes this over.
        if session.phase is Phase.PAUSED and (news or self._phase is Phase.RUNNING):
            self._phase = Phase.PAUSED
            self._player.signal("still")

    def _tapped(self, tap: str) -> bool:
        """Take a word from the pad; False if it could not be kept, and the pad then says so."""
        taken = []

        def take() -> None:
            self._take(_TAPS[tap])
            taken.append(tap)

        guarded(take, self._desk.show)()
        return bool(taken)

    def _moved(self, state: Mapping[str, Any]) -> None:
        self._live = state["phase"] in (Phase.RUNNING, Phase.PAUSED)
        self._waits = False
        self._covers |= self._live
        self._phase = Phase(state["phase"])
        self._cap = Level(min(int(state.get("cap", self._cap)), Level.STRONG))
        self._place()
        self._at(state)

    def _left(self) -> None:
        self._covers = False
        self._on_left()

    def _event(self, said: Mapping[str, Any]) -> None:
        self._cap = Level(min(int(said.get("cap", self._cap)), Level.STRONG))
        if self._waits and said["event"] == Event.GO_ON:
            # It runs already, and what the pad has said meanwhile is for it.
            self._live, self._waits = True, False
        if said["event"] == FINISH:
            self._finished()
        else:
            self._happened(Event(said["event"]))


def play(desk: Desk, plan: Plan) -> dict[str, Any]:
    """A plan in the words the player shows."""
    say = desk.words
    sentences = [step_sentence(say, desk.tables, plan, step) for step in plan.steps]
    titles = [step_title(say, desk.tables, step) for step in plan.steps]
    return {
        "title": say("forms.plan_title", minutes=plan.minutes),
        "seconds": plan.seconds,
        "giver": _mark(desk, plan.turn.giver),
        "receiver": _mark(desk, plan.turn.receiver),
        "levels": [say(f"levels.{level.name.lower()}.name") for level in Level],
        "steps": [
            {
                "title": titles[i],
                "sentence": sentences[i],
                "side": "" if step.side is Side.MIDDLE else say(f"player.side_{step.side}"),
                "level": int(step.level),
                "level_words": say(f"levels.{step.level.name.lower()}.name"),
                "seconds": step.seconds,
                "parts": list(step.parts),
                "technique": step.technique,
                "next": titles[i + 1] if i + 1 < len(plan.steps) else "",
            }
            for i, step in enumerate(plan.steps)
        ],
        "reactions": [
            {
                "notice": say(f"reactions.{row.id}.notice"),
                "line": say(f"reactions.{row.id}.line"),
                "ask": say(f"prompts.{row.prompt}.question") if row.prompt else "",
                "kind": row.does.value,
            }
            for row in desk.tables.reactions
            if row.offered
        ],
        "moments": {
            moment.value: _asked(desk, moment)
            for moment in (PromptMoment.PAUSED, PromptMoment.SILENT, PromptMoment.FINISHED)
        },
        "asks": _asked(desk, PromptMoment.ANY),
        "check_ins": [
            {
                "at": check.at,
                "question": say(
                    f"prompts.{check.prompt}.question", area=_place(desk, plan, check.at)
                ),
                "answers": [
                    {
                        "key": key,
                        "label": say(f"prompts.{check.prompt}.{key}"),
                        "kind": kind(desk.tables.prompts[check.prompt], key),
                    }
                    for key in desk.tables.prompts[check.prompt].answers
                ],
            }
            for check in plan.check_ins
        ],
        "timings": {name: desk.tables.settings[key].default for name, key in _TIMINGS.items()},
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


def kind(prompt: Prompt, answer: str) -> str:
    """Return what an answer does; one that does nothing means that it is fine as it is."""
    does = prompt.does.get(answer)
    return Event.FINE.value if does is None else does.value


def _asked(desk: Desk, moment: PromptMoment) -> list[str]:
    """What the giver may ask at one kind of moment."""
    prompts = desk.tables.prompts.values()
    return [desk.words(f"prompts.{each.id}.question") for each in prompts if each.moment is moment]


def _mark(desk: Desk, who: Seat) -> dict[str, str]:
    person = desk.people.at(who)
    return {"name": person.name, "colour": person.colour, "shape": person.shape}


def _place(desk: Desk, plan: Plan, at: int) -> str:
    """Plain name of what is touched at a time of the plan."""
    start = 0
    for step in plan.steps:
        start += step.seconds
        if at < start and step.parts:
            return name_places(desk.words, desk.tables, step.parts)
    return ""
