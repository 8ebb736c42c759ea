"""What the measured loads say: medians, ratios, and whether the goals are met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from bench.page import Load

Loads = Mapping[str, Sequence[Load]]
"""By the name of the stack."""
TIMES = "×"
"""The unit of a goal that is a multiple of what its words name after the colon."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Many pages of one server at once, arriving two a second."""

    pages: int
    answered: int
    """How many were answered at all."""
    middle: float | None
    """Milliseconds from navigation to the first answered press, median of those answered."""
    worst: float | None
    later: int
    """How many answered one more press with all the others still open."""
    shown: float | None
    """Milliseconds from that press to the answer on screen, median."""
    private: float
    """Private memory of the server's processes for each page, in MB."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One page of the workbook turned."""

    shown: float
    """Milliseconds until the next chapter is on screen."""
    requests: int


@dataclass(frozen=True, slots=True)
class Unlock:
    """One page of the demo, unlocked and answered; times in milliseconds."""

    question: float
    """From the tap until the first question is there."""
    saved: float
    """From the tap until its answer is saved, as the page says."""
    bytes: int
    """Bytes over the socket after the tap until the page is quiet."""
    next: float
    """From a tap on *Next* until the next step of the evening stands with its forms."""
    jump: float
    """From a jump until a chapter whose forms did not exist stands with them."""
    requests: int
    """HTTP requests that these two made."""


@dataclass(slots=True)
class Results:
    """One run."""

    about: dict[str, str]
    """What was measured with: browser, processors, versions."""
    computer: dict[str, list[Load]] = field(default_factory=dict)
    phone: dict[str, list[Load]] = field(default_factory=dict)
    crowds: dict[str, list[Crowd]] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    unlocks: list[Unlock] = field(default_factory=list)
    slow_unlocks: list[Unlock] = field(default_factory=list)
    """The same with the processor slowed as on a phone."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Stacks that could not be measured, and why."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A budget of the design and what this run says about it."""

    words: str
    most: float
    unit: str
    found: float | None
    """None: this run did not measure it."""

    @property
    def met(self) -> bool | None:
        return None if self.found is None else self.found <= self.most


def median_of_loads(loads: Sequence[Load], what: str) -> float | None:
    """Return the median of one figure over some loads; None if there is none."""
    values = _drop_missing(getattr(load, what) for load in loads)
    return median(values) if values else None


def median_of_unlocks(found: Sequence[Unlock], what: str) -> float | None:
    """Return the median of one figure over some unlocked pages; None if there is none."""
    return median(getattr(each, what) for each in found) if found else None


def find_quartiles(loads: Sequence[Load], what: str) -> tuple[float, float] | None:
    """Return first and third quartile; None with fewer than four loads."""
    values = _drop_missing(getattr(load, what) for load in loads)
    if len(values) < 4:
        return None
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, high


def _drop_missing(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def compute_ratio(one: float | None, other: float | None) -> float | None:
    """Return how many times ``other`` is ``one``; None if either is missing."""
    return None if one is None or not other else one / other


def list_goals(found: Results) -> list[Goal]:
    """Return the goals, each with what this run found."""
    loads = found.computer

    def of(name: str, what: str) -> float | None:
        return median_of_loads(loads.get(name, ()), what)

    def most(what: str) -> float | None:
        return _find_largest(of(name, what) for name in ("ours", "workbook", "demo"))

    ours, whole, paint = of("ours", "answered"), of("workbook", "answered"), of("limit", "paint")
    crowds = found.crowds.get("ours") or found.crowds.get("workbook") or []
    crowd = max(crowds, key=lambda each: each.pages, default=None)
    turned = [turn.shown for turn in found.turns]
    asked = [turn.requests for turn in found.turns]
    transfer = most("transfer")
    sent = median_of_unlocks(found.unlocks, "bytes")
    return [
        Goal(
            "first answered press: NiceGUI's",
            0.6,
            TIMES,
            compute_ratio(ours, of("nicegui", "answered")),
        ),
        Goal(
            "first answered press: the limit's",
            2.5,
            TIMES,
            compute_ratio(ours, of("limit", "answered")),
        ),
        Goal(
            "first answered press, whole workbook: our form's",
            1.3,
            TIMES,
            compute_ratio(whole, ours),
        ),
        Goal("text: the limit's first paint", 1.5, TIMES, compute_ratio(of("ours", "text"), paint)),
        Goal(
            "text, whole workbook: the limit's first paint",
            1.5,
            TIMES,
            compute_ratio(of("workbook", "text"), paint),
        ),
        Goal(
            "press to answer: the limit's",
            1.2,
            TIMES,
            compute_ratio(of("ours", "shown"), of("limit", "shown")),
        ),
        Goal(
            "transfer of our heaviest page",
            300,
            "KB",
            None if transfer is None else transfer / 1000,
        ),
        Goal("requests of our heaviest page", 10, "", most("requests")),
        Goal("requests to another host", 0, "", most("outside")),
        Goal("a chapter turned", 100, "ms", median(turned) if turned else None),
        Goal("requests while a chapter is turned", 0, "", _find_largest(asked)),
        Goal("answer saved after unlocking", 400, "ms", median_of_unlocks(found.unlocks, "saved")),
        Goal(
            "answer saved after unlocking, processor slowed 4 times",
            800,
            "ms",
            median_of_unlocks(found.slow_unlocks, "saved"),
        ),
        Goal("over the socket after unlocking", 300, "KB", None if sent is None else sent / 1000),
        Goal(
            "the next step, its forms built at rest",
            50,
            "ms",
            median_of_unlocks(found.unlocks, "next"),
        ),
        Goal(
            "a jump, its forms not built yet", 100, "ms", median_of_unlocks(found.unlocks, "jump")
        ),
        Goal(
            "requests for the next step and a jump",
            0,
            "",
            _find_largest(each.requests for each in found.unlocks),
        ),
        Goal("private memory for each open page", 25, "MB", crowd.private if crowd else None),
        Goal(
            "pages without an answer, of the most that were open",
            0,
            "",
            crowd.pages - min(crowd.answered, crowd.later) if crowd else None,
        ),
    ]


def _find_largest(values: Iterable[float | None]) -> float | None:
    return max(_drop_missing(values), default=None)
