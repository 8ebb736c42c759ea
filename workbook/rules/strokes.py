"""How a step is done: its stroke, where the giver is, and how many rounds can be counted."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.areas import Side
from workbook.domain.plan import Step
from workbook.domain.products import NO_PRODUCT
from workbook.domain.tables import Tables
from workbook.domain.techniques import Position
from workbook.rules.areas import area_of

STILL_HAND_CODE = "HOLD"
"""The technique every plan begins and ends with."""

GLIDE_CODE = "EFF"
"""The technique that a firmer one becomes when it has to be softer."""

FOREARMS_OR_STILL = "forearms_or_still"
"""Key of the adaptation by which the giver spares their hands."""

GIVER_PLACES = (
    *("hip_right", "hip_left", "head", "waist_right", "waist_left", "behind", "behind_side"),
    *("beside_chair", "beside_arm", "beside_leg", "feet", "head_back"),
)
"""Keys of every place of the giver, with words in ``en/steps.toml``."""

_STROKES = {
    STILL_HAND_CODE: "still",
    "FEA": "feather",
    GLIDE_CODE: "glide",
    "PET": "knead",
    "FRI": "circles",
    "COM": "press",
    "VIB": "rock",
}
"""The usual stroke of each technique."""

_ROW_STROKES = {
    "right_hands": "passing",
    "left_hands": "passing",
    "low_back_out": "outward",
    "hand_over_hand": "waves",
}
"""Of steps that glide in a way of their own."""

_PERIOD_S = {
    "still": 10.0,
    "feather": 8.0,
    "glide": 10.0,
    "passing": 12.0,
    "outward": 6.0,
    "waves": 8.0,
    "forearm_glide": 12.0,
    "light_glide": 14.0,
    "along": 8.0,
    "press": 8.0,
}
"""Seconds of one round, of the strokes whose rounds are slow enough to be counted."""

_LIMBS = frozenset({"arms_hands", "legs", "feet"})
"""Regions where a glide follows a limb."""

_BESIDE = {"arms_hands": "beside_arm", "front": "beside_arm", "legs": "beside_leg"}
_LYING = {**_BESIDE, "feet": "feet", "head": "head"}
_BACK_REGIONS = ("neck_shoulders", "upper_back", "lower_back")
_PLACES = {
    Position.PRONE: _LYING,
    Position.SIDE: {**_LYING, **dict.fromkeys(_BACK_REGIONS, "behind_side")},
    Position.CHAIR: {
        **dict.fromkeys(("arms_hands", "front", "legs", "feet"), "beside_chair"),
        **dict.fromkeys(("head", *_BACK_REGIONS), "behind"),
    },
}
"""Where the giver is for each region; on the back face down it goes by the step."""

_WAIST_STEPS = frozenset({"low_back_out", "hand_over_hand", "sacrum_rest"})
_HEAD_STEPS = frozenset({"neck_base"})
_LEFT_STEPS = frozenset({"change_sides", "left_hands", "left_knead", "left_circles"})


def describe_steps(
    steps: tuple[Step, ...],
    position: Position,
    product: str,
    adaptations: frozenset[str],
    tables: Tables,
) -> tuple[Step, ...]:
    """Return ``steps`` with stroke, rounds and the giver's place.

    Face down the giver changes sides once, as the steps say, and stays there.

    Args:
        steps: of one plan, in order.
        position: of the receiver.
        product: ID of ``oils.toml``.
        adaptations: keys of ``choices.toml`` that hold in this turn.
        tables: areas to go by.

    Source: facts, sections 6 and 7

    """
    described, left = [], False
    for step in steps:
        left = left or step.key in _LEFT_STEPS
        stroke = choose_stroke(step, product, adaptations, tables)
        described.append(
            replace(
                step,
                stroke=stroke,
                passes=count_passes(stroke, step.seconds),
                giver=choose_giver_place(step, position, tables, left=left),
            )
        )
    return tuple(described)


def choose_stroke(step: Step, product: str, adaptations: frozenset[str], tables: Tables) -> str:
    """Return the key of the stroke with which a step is done."""
    if step.technique != GLIDE_CODE:
        return _STROKES.get(step.technique, "still")
    if FOREARMS_OR_STILL in adaptations:
        return "forearm_glide"
    if product == NO_PRODUCT:
        return "light_glide"
    if step.key in _ROW_STROKES:
        return _ROW_STROKES[step.key]
    if {tables.areas[area_of(part)].region for part in step.parts} <= _LIMBS:
        return "along"
    return _STROKES[GLIDE_CODE]


def count_passes(stroke: str, seconds: int) -> int:
    """Return how many rounds of ``stroke`` fit into ``seconds``; 0: they are not counted."""
    period = _PERIOD_S.get(stroke)
    return 0 if period is None else max(1, round(seconds / period))


def choose_giver_place(step: Step, position: Position, tables: Tables, *, left: bool) -> str:
    """Return where the giver is during a step.

    Args:
        step: the step.
        position: of the receiver.
        tables: areas to go by.
        left: whether the giver has changed to the receiver's left, face down.

    """
    region = tables.areas[area_of(step.parts[0])].region
    if (place := _PLACES[position].get(region)) is not None:
        return place
    side = Side.LEFT if left else Side.RIGHT
    if step.key in _HEAD_STEPS:
        return "head"
    return f"waist_{side}" if step.key in _WAIST_STEPS else f"hip_{side}"
