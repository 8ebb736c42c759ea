"""The guided session: it runs in the browser, and Python hears what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NotRequired, TypedDict, cast

from traitlets import Bool, Dict, Float, List, Unicode

from workbook.ui.strokes import StrokeScene
from workbook.ui.widgets import BUILT, BookWidget
from workbook.ui.widgets.body_map import MapOutline

_HERE = Path(__file__).parent
_STYLES = (_HERE / "player.css", _HERE.parent / "shared" / "hands" / "hands.css")

PlayerTap = Literal["softer", "pause", "stop"]


class PersonMark(TypedDict):
    """A person on the screen: name, colour and shape."""

    name: str
    colour: str
    shape: str


class PlayerStep(TypedDict):
    """One step, in words."""

    title: str
    sentence: str
    side: str
    """In words; empty where there is no side."""
    level: int
    """As planned; an index of the plan's ``levels``."""
    level_words: str
    seconds: float
    next: str
    """Title of the next step; empty for the last one."""
    parts: NotRequired[Sequence[str]]
    """Where, so that a place that is left alone can be passed over."""
    stroke: NotRequired[str]
    """Key of the script's ``strokes``; without it no hands are drawn."""
    areas: NotRequired[Sequence[str]]
    """Keys of the areas that are drawn; without a side."""
    half: NotRequired[str]
    """Which side of the body, a value of ``Side``."""
    place: NotRequired[str]
    """Where the giver is, in words; empty in plans that were kept before."""
    giver: NotRequired[str]
    """Key of the giver's place; a small mark is drawn for it."""
    passes: NotRequired[int]
    """Rounds of the stroke to count; 0: they are not counted."""


class CheckInReply(TypedDict):
    """One answer to a question; a ``kind`` nobody knows is a ``fine``."""

    key: str
    label: str
    kind: str
    """``fine``, ``yes``, ``softer``, ``pause``, ``stop``, ``leave``, or ``skip``: the next step."""


class PlayerQuestion(TypedDict):
    """A question and its answers."""

    question: str
    answers: Sequence[CheckInReply]


class PlayerCheckIn(PlayerQuestion):
    """A question at a second of the plan."""

    at: float


class PlayerCue(TypedDict):
    """Something to do beside the step."""

    at: float
    kind: str
    text: str
    seconds: float


class PlayerReaction(TypedDict):
    """Something that may happen under the hands, and what to do."""

    notice: str
    line: str
    ask: str
    """What the giver asks then; empty for nothing."""
    kind: str
    """``softer``, ``pause``, ``stop``, or ``leave``: the place is left alone from then on."""


class PlayerTimings(TypedDict):
    """Seconds the guide waits (SS-10, SS-11, SS-24)."""

    answer_s: float
    """For an answer to a guarded question; after that it counts as not answered."""
    repeat_s: float
    """Until a guarded question that was not answered is asked once more."""
    shown_s: float
    """For which any other question stays on the screen."""


class PlayerScript(TypedDict):
    """A plan in words, as the screen reads it out."""

    title: str
    seconds: float
    levels: Sequence[str]
    """Words for each level, lightest first."""
    steps: Sequence[PlayerStep]
    check_ins: Sequence[PlayerCheckIn]
    firmer: NotRequired[PlayerQuestion]
    """Asked in the place of any other question where a step waits for a yes."""
    guarded: NotRequired[bool]
    machine: Sequence[Mapping[str, object]]
    """Rows of ``rules/session_table.py``."""
    id: NotRequired[str]
    """Hash of the plan; what the page reports names it."""
    run: NotRequired[int]
    """Which session of its evening this is; the same plan may be played again."""
    timings: PlayerTimings
    cues: Sequence[PlayerCue]
    reactions: NotRequired[Sequence[PlayerReaction]]
    asks: NotRequired[Sequence[str]]
    """What the giver may ask at any time."""
    moments: NotRequired[Mapping[str, Sequence[str]]]
    """What the giver asks when hands are still: ``paused``, ``silent`` or ``finished``."""
    giver: PersonMark
    receiver: PersonMark
    strokes: NotRequired[Mapping[str, StrokeScene]]
    """The strokes of the steps, by key; drawings and counts are made from them."""
    outlines: NotRequired[Mapping[str, MapOutline]]
    """Outlines of the areas that are drawn, by key."""
    names: NotRequired[Mapping[str, str]]
    """Of each part that is touched, such as ``"calves.left"``, in words."""
    position: NotRequired[str]
    """How the receiver lies or sits, a value of ``Position``."""
    coverage: NotRequired[str]
    """What the receiver wears, a value of ``Coverage``."""


class OtherPosition(TypedDict):
    """Another way to lie or sit, offered while a plan runs."""

    key: str
    """A value of ``domain.techniques.Position``."""
    label: str


class PlayerPosition(TypedDict):
    """The position of a session, as the page last reported it."""

    phase: Literal["ready", "running", "paused", "stopped", "finished"]
    elapsed: float
    """Seconds of the plan."""
    cap: int
    step: int
    plan: str
    """The script's ``id``."""


class PlayerEvent(TypedDict):
    """One thing that somebody said or tapped, as the page reports it.

    What follows from the time alone is not reported: Python derives it from the time.
    """

    kind: Literal["event"]
    event: str
    """A value of ``domain.session.Event`` that the clock does not make."""
    elapsed: float
    """Seconds of the plan, before the event."""
    cap: int
    """After the event."""
    plan: str
    """The script's ``id``."""
    answer: NotRequired[str]
    """Key of the answer, if a question was answered."""


class Player(BookWidget):
    """Leads through one plan; a stop shows in the browser before Python hears it.

    The clock runs in the browser, so that a lost kernel changes nothing. After a
    reload a session that was running waits, paused, for the receiver's own word.

    Words: ``start meta`` (``{minutes}`` ``{steps}``) ``may_dim not_agreed gives receives
    step`` (``{n}`` ``{all}``) ``left`` (``{time}``) ``next`` (``{title}``) ``last softer pause
    stop softer_now sound_on sound_off sound_waiting sound_starting sound_none ring_passes
    ring_silences paused_title paused_text go_on`` (``{name}``)
    ``stopped_title stopped_text lapsed_title lapsed_text changed_title changed_text
    finished_title finished_text once_yes`` (``{now}`` ``{planned}``) ``silent_aloud
    silent_guarded something_else reactions_title asks_title close extras_title read_aloud
    moment_to_ask meanwhile`` (``{sentence}`` ``{level}``) ``pass`` (``{n}`` ``{all}``)
    ``hear_count hear_bell position_title position_still breath_guide breath_in breath_out
    pad_here pad_gone``, and perhaps ``leave``, a way back to the page after the end.
    """

    _esm = BUILT / "player.js"
    _css = "".join(path.read_text(encoding="utf-8") for path in _STYLES)
    plan: Dict[str, object] = Dict().tag(sync=True)
    words = Dict().tag(sync=True)
    state = Dict(default_value=None, allow_none=True).tag(sync=True)  # to go on from; None: afresh
    agreed = Bool(False).tag(sync=True)  # without an agreement nothing starts
    pad = Unicode("").tag(sync=True)  # the receiver's pad: "here", "gone", or "" for none
    positions: List[OtherPosition] = List().tag(sync=True)  # what is possible now; none: no offer
    speed = Float(1.0).tag(sync=True)  # times real time, for a rehearsal or a test

    def __init__(
        self,
        plan: PlayerScript,
        words: Mapping[str, str],
        on_event: Callable[[PlayerEvent], object],
        on_position: Callable[[PlayerPosition], object] = lambda _at: None,
        *,
        on_left: Callable[[], object] = lambda: None,
        on_other_position: Callable[[str, str], object] = lambda _key, _plan: None,
        state: Mapping[str, object] | None = None,
        agreed: bool = False,
        speed: float = 1.0,
    ) -> None:
        super().__init__(
            plan=dict(plan),
            words=dict(words),
            state=dict(state) if state else None,
            agreed=agreed,
            speed=speed,
        )
        self._on_event, self._on_position, self._on_left = on_event, on_position, on_left
        self._on_other_position = on_other_position
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        return "Player()"

    def send_tap(self, tap: PlayerTap, *, ended: str = "") -> None:
        """Do what a tap on this screen does; the partner's device may soften, pause or stop.

        Args:
            tap: what to do.
            ended: for a stop, which of the words say why: ``"lapsed"``, ``"changed"`` or nothing.

        """
        self.send({"kind": "signal", "signal": tap, "ended": ended})

    def tighten(self, plan: PlayerScript, state: Mapping[str, object], line: str) -> None:
        """Take over a plan with less in it while it runs; hands are still until "go on".

        Args:
            plan: the plan as it is now.
            state: where its session is.
            line: what changed, in words for both people.

        """
        self.plan = dict(plan)
        self.send({"kind": "tighten", "plan": dict(plan), "state": dict(state), "line": line})

    def show_line(self, line: str) -> None:
        """Show a line where hands are still, in words for both people."""
        self.send({"kind": "line", "line": line})

    def limit_level(self, level: int) -> None:
        """Let no step be firmer than ``level`` from now on; a lower cap that holds stays."""
        self.send({"kind": "cap", "cap": int(level)})

    def _on_message(self, _player: Player, content: Mapping[str, object], _buffers: object) -> None:
        match content:
            case {"kind": "event", "event": str(), "elapsed": int() | float(), "plan": str()}:
                self._on_event(cast("PlayerEvent", content))
            case {
                "kind": "at",
                "phase": str(),
                "step": int(),
                "elapsed": int() | float(),
                "plan": str(),
            }:
                keys = PlayerPosition.__annotations__.keys() & content.keys()
                self._on_position(cast("PlayerPosition", {key: content[key] for key in keys}))
            case {"kind": "position", "position": str() as key, "plan": str() as plan}:
                self._on_other_position(key, plan)
            case {"kind": "left"}:
                self._on_left()
