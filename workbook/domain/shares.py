"""What one person brings to a turn, and the limits that two people's shares make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook.domain.errors import InvalidAnswer
from workbook.domain.levels import Level
from workbook.domain.techniques import Coverage, Pace, Position

TURN_MINUTES = range(5, 31)
"""Hands-on time of one turn, in whole minutes. Saved answers have to lie within, so that this is
a bound of the data and not a setting."""

MINUTES_OFFERED = TURN_MINUTES[::5]
"""Hands-on minutes of one turn that a person may choose, on a screen and on paper: 5 to 30."""

SHOWN_TO_EVERYBODY = frozenset(
    {
        *("snack_near", "steady_light", "pillows", "no_heat", "read_label", "look_first"),
        *("rise_slowly", "fully_well", "covers_stay", "no_pulling", "broad_hand", "scent_free"),
    }
)
"""Adaptations that stand on every evening's pages, whatever anybody answered: harmless things in
*Make ready*, and what a giver does beside the plan. No share holds them (design, "No reason
leaks")."""

ACTS_OF_EVERYBODY = ("ask_each_area", "covers_stay", "no_pulling", "broad_hand")
"""Adaptations that a giver acts on, in the order in which every plan shows them."""

OWN_LINES = ("shorter", "stay_clothed", "more_check_ins", "forearms_or_still", "week_test")
"""Adaptations whose effect is in the limits already, so that the line adds nothing but a hint at
its cause: their owner keeps them, or says them (design, "No reason leaks")."""

SHORTEST_TURN_MINUTES = 5
"""What a blank answer about minutes means (design, "Levels and limits")."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one person brings to one part of one turn: effects, and not one cause.

    Raises:
        InvalidAnswer: if ``minutes`` is out of range.

    """

    levels: Mapping[str, Level]
    """Highest level by part; a part not here is closed."""
    minutes: int
    """Hands-on time at most, in whole minutes, 5 to 30."""
    techniques: frozenset[str]
    """Codes of techniques that may be used."""
    positions: frozenset[Position]
    """Positions of the receiver that are possible."""
    position: Position = Position.CHAIR
    """The one wished for, if both can."""
    pace: Pace = Pace.VERY_SLOW
    coverage: Coverage = Coverage.CLOTHED
    check_every: int = 5
    """Longest time between two check-ins, in whole minutes, 2 to 5."""
    pauses: bool = False
    """Whether hands are still for a moment before each new region."""
    guarded: bool = False
    """Whether a question that nobody answers softens, and a second one stills the hands."""
    asks_less: bool = False
    """Whether only the start, a firmer level and every five minutes are asked about."""
    adaptations: frozenset[str] = frozenset()
    """Practical things in this turn, without a cause (keys of ``choices.toml``)."""
    gentle: bool = False
    """Whether only the gentle steps of the sequence are taken."""
    one_position: bool = False
    """Whether the receiver stays in the first possible position."""
    spares_hands: bool = False
    """Whether these hands use forearms, or rest."""

    def __post_init__(self) -> None:
        if self.minutes not in TURN_MINUTES:
            raise InvalidAnswer(field="minutes")


@dataclass(frozen=True, slots=True)
class Share:
    """All that one person's private answers contribute when they press ready."""

    tonight: bool = False
    """Whether anything happens tonight. False looks the same from any cause."""
    receiving: Bounds | None = None
    """None: this person does not receive tonight."""
    giving: Bounds | None = None
    """None: this person does not give tonight."""
    products: frozenset[str] = frozenset()
    """IDs of ``oils.toml`` that suit this person's skin tonight; nothing (O-18) always does."""
    new_products: frozenset[str] = frozenset()
    """Those of ``products`` used for the first time; they make the longest turn shorter (SS-14)."""
    scented: frozenset[str] = frozenset()
    """Those of ``products`` whose bottle has scent in it."""
    adaptations: frozenset[str] = frozenset()
    """Practical things for the partner to do, without a cause (keys of ``limits.toml``)."""
    intention: frozenset[str] = frozenset()
    """What this person would like the evening to be, as they chose to say it."""
    aftercare: tuple[str, ...] = ()
    """IDs of ``aftercare.toml``, at most four, wished for afterwards."""
    aftercare_minutes: int = 5


NOT_TONIGHT = Share()
"""The one neutral share: what the partner receives for any postponement."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Two shares merged for one turn: nothing outside this happens."""

    levels: Mapping[str, Level]
    """Highest level by part, both people's open parts only."""
    minutes: int
    positions: tuple[Position, ...]
    """Possible positions, the one wished for first."""
    techniques: frozenset[str]
    products: tuple[str, ...]
    """IDs of offered products, "nothing" always among them."""
    new_products: frozenset[str] = frozenset()
    pace: Pace = Pace.VERY_SLOW
    coverage: Coverage = Coverage.CLOTHED
    check_every: int = 5
    pauses: bool = False
    guarded: bool = False
    asks_less: bool = False
    adaptations: frozenset[str] = frozenset()
    gentle: bool = False
    """Whether only the gentle steps of the sequence are taken."""
    spares_hands: bool = False
    """Whether the giver's hands use forearms, or rest."""
    missed: tuple[Position, ...] = ()
    """Positions before the first possible one, that wished for among them: nothing that is out of
    reach in them comes in their place."""
