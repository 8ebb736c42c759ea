"""What past evenings changed for one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from workbook.domain.learning import (
    GIVING,
    Debrief,
    LearnedRow,
    NextDay,
    PastEvenings,
    Reason,
    Setting,
    Settings,
    Skin,
    Soreness,
)
from workbook.domain.levels import Level
from workbook.domain.tables import Tables


def settings(debriefs: Iterable[Debrief], next_days: Iterable[NextDay], tables: Tables) -> Settings:
    """Return what the past evenings changed: the latest word on each thing.

    "A bit less" and tender muscles lower an area to one level below what it was, strong
    soreness closes it, a reaction of the skin takes the product out. Who gave and would
    like a bit less, or whose hands were tender, gives one level softer; sore hands hold still.
    A later word replaces an earlier one unless it would loosen it.

    Args:
        debriefs: this person's own, in any order.
        next_days: this person's own, in any order.
        tables: the areas and products there are; others are passed over.

    Source: A-86; design ("Afterwards")

    """
    answers: tuple[Debrief | NextDay, ...] = (*debriefs, *next_days)
    return combine_changes((c for each in answers for c in list_changes(each, tables)), tables)


def list_changes(answers: Debrief | NextDay, tables: Tables) -> tuple[Setting, ...]:
    """Return the changes that one person's words about one evening make.

    Args:
        answers: a debrief or next-day answers of one evening.
        tables: areas, to find those of sore muscles.

    """
    if isinstance(answers, Debrief):
        return tuple(_settings_from_debrief(answers))
    return tuple(_settings_from_next_day(answers, tables))


def combine_changes(changes: Iterable[Setting], tables: Tables) -> Settings:
    """Return the change that holds for each area and product.

    A later change replaces an earlier one unless it would loosen it.

    Args:
        changes: of any number of evenings, in any order.
        tables: the areas and products there are; others are passed over.

    """
    latest: dict[str, Setting] = {}
    for change in sorted(changes, key=_setting_order):
        if _is_known(change, tables) and _is_as_strict(change, latest.get(change.what)):
            latest[change.what] = change
    return Settings(tuple(latest[what] for what in sorted(latest)))


def list_standing_changes(past: PastEvenings) -> tuple[Setting, ...]:
    """Return the changes that their owner did not take back.

    Args:
        past: what past evenings left for this person.

    Source: design ("Learned settings")

    """
    return tuple(
        row.setting
        for row in past.learned
        if row.setting.on > past.taken_back.get(row.setting.what, date.min)
    )


def find_retry_date(change: Setting, tables: Tables) -> date:
    """Return the date from which the book offers its owner to try this again.

    Nothing rises by itself on that date: the change holds until its owner takes it back.

    Args:
        change: a change that holds.
        tables: for the days after a softer level, and after something was left out.

    Source: SS-29, SS-30; design ("Learned settings")

    """
    key = "retry_closed_days" if change.cap is None else "retry_days"
    return change.on + timedelta(days=tables.settings[key].default)


def is_liked(debrief: Debrief, tables: Tables) -> bool:
    """Return whether somebody who received liked the evening, by their own debrief.

    They were comfortable, felt free to say no, and nothing was a bit much.

    Args:
        debrief: of the person who received.
        tables: for the comfort, 0 to 10, from which on an evening counts.

    Source: SS-28; design ("Asking")

    """
    least = tables.settings["liked_comfort"].default
    comforts = (debrief.body, debrief.free)
    return not debrief.less and all(each is not None and each >= least for each in comforts)


def count_helpful(
    evenings: Iterable[tuple[Debrief, Collection[str]]], tables: Tables
) -> Mapping[str, int]:
    """Return what was there on enough evenings that somebody liked, and on how many.

    Args:
        evenings: one person's own debriefs of evenings on which they received, each with
            names of what was there, such as ``"position.side"``.
        tables: for the number of evenings that is enough.

    Source: SS-33; design ("The journal is one person's page")

    """
    liked = (found for debrief, found in evenings if is_liked(debrief, tables))
    counted = Counter(name for found in liked for name in sorted(set(found)))
    least = tables.settings["tends_evenings"].default
    return {name: count for name, count in counted.items() if count >= least}


def may_ask_less(past: PastEvenings, tables: Tables) -> bool:
    """Return whether this person may choose fewer questions: they liked enough evenings.

    Args:
        past: what past evenings left for this person.
        tables: for the number of liked evenings that is enough.

    Source: SS-27; design ("Asking")

    """
    return len(past.liked) >= tables.settings["liked_evenings"].default


def drop_outdone(rows: Iterable[LearnedRow], evening: str) -> tuple[LearnedRow, ...]:
    """Return ``rows`` without those of other evenings that a later, stricter one replaces.

    So the number of rows hangs on the number of areas and products and not on the number
    of evenings. Rows of ``evening``, whose answers may still change, replace nothing.

    Args:
        rows: changes with the ids of their evenings, in any order.
        evening: id of the latest evening.

    Returns:
        Rows of other evenings in the order of area or product, then those of ``evening``.

    """
    kept: dict[str, LearnedRow] = {}
    own = []
    for row in sorted(rows, key=lambda row: _setting_order(row.setting)):
        if row.evening == evening:
            own.append(row)
            continue
        before = kept.get(row.setting.what)
        if before is None or _is_as_strict(row.setting, before.setting):
            kept[row.setting.what] = row
    return (*(kept[what] for what in sorted(kept)), *own)


def learned_caps(learned: Settings) -> Mapping[str, Level | None]:
    """Return the highest level by area key or product that ``learned`` allows; None is none.

    Args:
        learned: the changes that hold.

    """
    lowest: dict[str, Level | None] = {}
    for each in learned.each:
        lowest[each.what] = min((each.cap, lowest.get(each.what, Level.STRONG)), key=_rank_cap)
    return lowest


def _settings_from_debrief(debrief: Debrief) -> Iterator[Setting]:
    """A bit less, and gentler next evenings: one level below the level that was felt."""
    for area, level in debrief.less.items():
        yield Setting(area, _one_level_below(level), Reason.A_BIT_LESS, debrief.on)
    for area, level in debrief.gentler.items():
        if area not in debrief.less and level > Level.STILL:
            yield Setting(area, Level(level - 1), Reason.GENTLER, debrief.on)
    if debrief.give_less:
        yield Setting(GIVING, Level(debrief.give_less - 1), Reason.HANDS_LESS, debrief.on)


def _settings_from_next_day(day: NextDay, tables: Tables) -> Iterator[Setting]:
    """Sore muscles lower or close their areas, a reaction of the skin takes its product out.

    Tender hands give one level softer, sore ones hold still.
    """
    if day.skin is Skin.REACTED:
        yield Setting(day.product, None, Reason.SKIN, day.on)
    for area in _list_sore_areas(day, tables):
        if day.soreness is Soreness.STRONG:
            yield Setting(area, None, Reason.STRONG, day.on)
        else:
            was = day.touched.get(area, Level.LOTION)  # unknown: still hands, to be careful
            yield Setting(area, _one_level_below(was), Reason.TENDER, day.on)
    if day.hands is Soreness.STRONG:
        yield Setting(GIVING, Level.STILL, Reason.HANDS_SORE, day.on)
    elif day.hands is Soreness.TENDER and day.gave:
        yield Setting(GIVING, Level(day.gave - 1), Reason.HANDS_TENDER, day.on)


def _list_sore_areas(day: NextDay, tables: Tables) -> Iterable[str]:
    """The sore areas; unnamed they are all that was touched, and unknown that is all."""
    if day.soreness in (None, Soreness.NONE):
        return ()
    return sorted(day.sore_areas or day.touched or tables.areas)


def _one_level_below(level: Level) -> Level | None:
    """One level lower; below a still hand there is nothing."""
    return Level(level - 1) if level > Level.STILL else None


def _is_known(word: Setting, tables: Tables) -> bool:
    """The word is about giving, an area that can be opened, or a product on the skin."""
    if word.what == GIVING:
        return True
    if word.what in tables.oils:
        return tables.oils[word.what].on_skin
    return word.what in tables.areas and tables.areas[word.what].choosable


def _is_as_strict(word: Setting, before: Setting | None) -> bool:
    """A later word never allows more than an earlier one."""
    return before is None or _rank_cap(word.cap) <= _rank_cap(before.cap)


def _rank_cap(cap: Level | None) -> int:
    """Closed first, then the levels, so that ``min`` is the rule."""
    return -1 if cap is None else cap


def _setting_order(word: Setting) -> tuple[date, str]:
    """The order in which words were said; on one date, of equally strict ones, that of reasons."""
    return word.on, word.reason
