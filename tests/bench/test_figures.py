from __future__ import annotations

from dataclasses import replace

import pytest

from bench.figures import (
    Crowd,
    Results,
    Turn,
    Unlock,
    compute_ratio,
    find_quartiles,
    list_goals,
    median_of_loads,
)
from bench.page import Load

LOAD = Load(byte=1, paint=50, text=60, widgets=80, answered=100, presses=1)


def loads(*answered: float) -> list[Load]:
    return [replace(LOAD, answered=each) for each in answered]


def found(**computer: list[Load]) -> Results:
    return Results({}, computer=computer)


def goal(results: Results, words: str):
    return next(each for each in list_goals(results) if each.words == words)


def test_one_slow_load_does_not_move_the_median():
    assert median_of_loads(loads(100, 110, 9000), "answered") == 110


def test_a_figure_nobody_measured_has_no_median_and_no_ratio():
    assert median_of_loads(loads(100), "shown") is None
    assert compute_ratio(None, 2) is None
    assert compute_ratio(2, None) is None
    assert compute_ratio(2, 0) is None


def test_quartiles_need_four_loads():
    assert find_quartiles(loads(1, 2, 3), "answered") is None
    assert find_quartiles(loads(1, 2, 3, 4, 5), "answered") == (2, 4)


def test_a_goal_is_our_median_as_a_multiple_of_the_others():
    results = found(ours=loads(50, 60, 70), nicegui=loads(100), limit=loads(20))

    nicegui = goal(results, "first answered press: NiceGUI's")
    limit = goal(results, "first answered press: the limit's")

    assert (nicegui.found, nicegui.met) == (0.6, True)
    assert (limit.found, limit.met) == (3, False)


def test_a_goal_without_its_loads_is_neither_met_nor_missed():
    assert all(each.met is None for each in list_goals(found(nicegui=loads(100))))


def test_our_heaviest_page_counts():
    light, heavy = replace(LOAD, transfer=90_000, requests=3), replace(LOAD, transfer=400_000)

    results = found(ours=[light], workbook=[heavy])

    assert goal(results, "transfer of our heaviest page").found == 400
    assert goal(results, "requests of our heaviest page").found == 3


@pytest.mark.parametrize(("answered", "later", "missing"), [(50, 50, 0), (49, 49, 1), (50, 48, 2)])
def test_a_page_that_answers_only_at_first_counts_as_missing(answered, later, missing):
    few = Crowd(1, 1, 100, 100, 1, 5, 30)
    many = Crowd(50, answered, 100, 200, later, 5, 20)

    results = Results({}, crowds={"ours": [many, few]})

    words = "pages without an answer, of the most that were open"
    assert goal(results, words).found == missing
    assert goal(results, "private memory for each open page").found == 20


def test_one_turn_with_a_request_misses_the_goal():
    results = Results({}, turns=[Turn(40, 0), Turn(60, 1), Turn(200, 0)])

    assert goal(results, "a chapter turned").found == 60
    assert goal(results, "requests while a chapter is turned").met is False


def test_what_unlocking_took_is_a_median_of_its_runs():
    runs = [Unlock(200, saved, 150_000, 40, 90, 0) for saved in (300, 390, 900)]
    results = Results({}, unlocks=runs)

    assert goal(results, "answer saved after unlocking").found == 390
    assert goal(results, "over the socket after unlocking").found == 150
    slowed = "answer saved after unlocking, processor slowed 4 times"
    assert goal(results, slowed).met is None
