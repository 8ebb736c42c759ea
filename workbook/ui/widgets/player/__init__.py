"""The guided session: it runs in the browser, and Python hears what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NotRequired, TypedDict, cast

import anywidget
from traitlets import Bool, Dict, Float, Unicode

from workbook.ui.widgets import BUILT

_HERE = Path(__file__).parent

PlayerTap = Literal["softer", "pause", "still", "stop"]


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
    technique: NotRequired[str]
    """Code of ``techniques.toml``; the picture of the hands goes by it."""
    parts: NotRequired[Sequence[str]]
    """Where, so that a place that is left alone can be passed over."""


class CheckInReply(TypedDict):
    """One answer to a check-in; a ``kind`` nobody knows is a ``fine``."""

    key: str
    label: str
    kind: str
    """``fine``, ``softer``, ``pause``, ``stop``, ``leave``, or ``skip``: on to the next step."""


class PlayerCheckIn(TypedDict):
    """A question at a second of the plan."""

    at: float
    question: str
    answers: Sequence[CheckInReply]


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
    """Seconds the guide waits (SS-10 to SS-13)."""

    answer_s: float
    """For an answer to a check-in; after that it counts as not answered."""
    repeat_s: float
    """Until a question that was not answered is asked once more."""
    hold_s: float
    """Of still hands after a second question without an answer; then the session ends."""
    pad_hold_s: float
    """The same after two taps on the receiver's pad."""


class PlayerScript(TypedDict):
    """A plan in words, as the screen reads it out."""

    title: str
    seconds: float
    levels: Sequence[str]
    """Words for each level, lightest first."""
    steps: Sequence[PlayerStep]
    check_ins: Sequence[PlayerCheckIn]
    timings: PlayerTimings
    cues: Sequence[PlayerCue]
    reactions: NotRequired[Sequence[PlayerReaction]]
    asks: NotRequired[Sequence[str]]
    """What the giver may ask at any time."""
    moments: NotRequired[Mapping[str, Sequence[str]]]
    """What the giver asks when hands are still: ``paused``, ``silent`` or ``finished``."""
    giver: PersonMark
    receiver: PersonMark


class PlayerPosition(TypedDict):
    """Where a session was when Python last heard of it."""

    phase: Literal["ready", "running", "paused", "stopped", "finished"]
    elapsed: float
    cap: int
    step: int


class PlayerEvent(TypedDict):
    """One thing that happened, as it is told to Python."""

    kind: Literal["event"]
    event: str
    """``start next ask fine softer silence pause go_on stop finish``."""
    step: int
    elapsed: float
    cap: int
    """After the event."""
    answer: NotRequired[str]
    """Key of the answer, if a check-in was answered."""


class Player(anywidget.AnyWidget):
    """Leads through one plan; a stop shows in the browser before Python hears it.

    The clock runs in the browser, so that a lost kernel changes nothing. After a
    reload a session that was running waits, paused, for the receiver's own word.

    Words: ``start meta`` (``{minutes}`` ``{steps}``) ``may_dim not_agreed gives receives
    step`` (``{n}`` ``{all}``) ``left`` (``{time}``) ``next`` (``{title}``) ``last softer pause
    stop softer_now sound_on sound_off paused_title paused_text go_on`` (``{name}``)
    ``stopped_title stopped_text silence_title silence_text finished_title
    finished_text something_else reactions_title asks_title close extras_title read_aloud
    breath_guide breath_in breath_out pad_here pad_gone``, and perhaps
    ``leave``, a way back to the page after the end.
    """

    _esm = BUILT / "player.js"
    _css = _HERE / "player.css"
    plan: Dict[str, object] = Dict().tag(sync=True)
    words = Dict().tag(sync=True)
    state = Dict(default_value=None, allow_none=True).tag(sync=True)  # to go on from; None: afresh
    agreed = Bool(False).tag(sync=True)  # without an agreement nothing starts
    pad = Unicode("").tag(sync=True)  # the receiver's pad: "here", "gone", or "" for none
    speed = Float(1.0).tag(sync=True)  # times real time, for a rehearsal or a test

    def __init__(
        self,
        plan: PlayerScript,
        words: Mapping[str, str],
        on_event: Callable[[PlayerEvent], object],
        on_position: Callable[[PlayerPosition], object] = lambda _at: None,
        *,
        on_left: Callable[[], object] = lambda: None,
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
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        return "Player()"

    def send_tap(self, tap: PlayerTap) -> None:
        """Do what a tap on this screen does; the partner's device may soften, pause or stop.

        ``still`` is a pause that was tapped on the pad: without a word it soon ends all.
        """
        self.send({"kind": "signal", "signal": tap})

    def limit_level(self, level: int) -> None:
        """Let no step be firmer than ``level`` from now on; a lower cap that holds stays."""
        self.send({"kind": "cap", "cap": int(level)})

    def close_ended(self) -> None:
        """Uncover the page once the session has ended; before that nothing happens."""
        self.send({"kind": "leave"})

    def _on_message(self, _player: Player, content: Mapping[str, object], _buffers: object) -> None:
        match content:
            case {"kind": "event", "event": str(), "step": int(), "elapsed": int() | float()}:
                self._on_event(cast("PlayerEvent", content))
            case {"kind": "at", "phase": str(), "step": int(), "elapsed": int() | float()}:
                keys = PlayerPosition.__annotations__.keys() & content.keys()
                self._on_position(cast("PlayerPosition", {key: content[key] for key in keys}))
            case {"kind": "left"}:
                self._on_left()
