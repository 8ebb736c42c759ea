"""Products: no allergen of either person, tested long enough, and "nothing" always."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from tests.strategies import ALLERGENS, NOW, TABLES, answers, oil_answers, open_answers
from workbook.domain.health import Effect, HealthAnswers, ReportedCondition, Screening
from workbook.domain.learning import Reason, Setting, Settings
from workbook.domain.products import Offer, OilAnswers, PatchResult, PatchTest, Verdict
from workbook.domain.shares import NOT_TONIGHT, Share
from workbook.rules.essential_oils import MixVerdict, calculate_blend
from workbook.rules.limits import share
from workbook.rules.products import (
    assess_products,
    list_to_try,
    offers,
    patch_test_duration,
    schedule_looks,
)
from workbook.rules.screening import screen

WELL = Screening(complete=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTHING = Settings()
SECOND = timedelta(seconds=1)
SHORT, LONG = (patch_test_duration(TABLES, sensitive=each) for each in (False, True))


def after(age, result=PatchResult.CLEAR, *, used=False, product="O-01", **more):
    test = PatchTest(NOW - age, result, used, scented=False)
    return OilAnswers(answered=True, tests={product: test}, **more)


def of(mine, product="O-01", screening=WELL, learned=NOTHING):
    each = assess_products(mine, screening, TABLES, NOW, learned)
    return {one.product: one for one in each}[product]


def verdict(mine, product="O-01", screening=WELL, learned=NOTHING):
    return of(mine, product, screening, learned).verdict


def test_every_product_has_a_verdict_in_the_order_of_the_table():
    each = assess_products(OilAnswers(), WELL, TABLES, NOW)

    assert [one.product for one in each] == list(TABLES.oils)


def test_unanswered_allergies_leave_nothing_on_the_skin():
    each = assess_products(OilAnswers(), WELL, TABLES, NOW)

    assert {one.product for one in each if one.verdict is Verdict.SUITS} == {"O-18"}
    assert verdict(OilAnswers()) is Verdict.NOT_ASKED


EXPECTED_ALLERGENS = {
    "tree_nut": {"O-05", "O-06", "O-13", "O-14", "O-17"},
    "peanut": {"O-17"},
    "sesame": {"O-09"},
    "wheat": {"O-11"},
    "latex_fruit": {"O-12"},
    "coconut": {"O-03", "O-07"},
    "olive_pollen": {"O-08"},
    "sunflower_seed": {"O-01"},
    "lanolin": {"O-17"},
    "fragrance": {"O-17"},
    "preservative": {"O-17"},
}


@pytest.mark.parametrize("allergen", ALLERGENS)
def test_an_allergy_takes_every_product_with_it_out(allergen):
    mine = OilAnswers(answered=True, allergies=frozenset({allergen}))

    out = {
        one.product
        for one in assess_products(mine, WELL, TABLES, NOW)
        if one.verdict is Verdict.ALLERGY
    }

    assert out == EXPECTED_ALLERGENS[allergen]


@pytest.mark.parametrize("product", ["O-10", "O-15"])
def test_peanut_and_nut_oils_are_offered_to_nobody(product):
    assert verdict(after(3 * DAY, product=product), product) is Verdict.NOT_OFFERED


@pytest.mark.parametrize(
    ("mine", "expected"),
    [
        (OilAnswers(answered=True), Verdict.UNTESTED),
        (after(47 * HOUR, None), Verdict.TESTING),
        (after(72 * HOUR, None), Verdict.TESTING),
        (after(48 * HOUR - SECOND), Verdict.TESTING),
        (after(48 * HOUR), Verdict.SUITS),
        (after(7 * DAY - SECOND, sensitive=True), Verdict.TESTING),
        (after(7 * DAY, sensitive=True), Verdict.SUITS),
        (after(HOUR, PatchResult.REACTED), Verdict.REACTED),
        (after(100 * DAY, PatchResult.REACTED), Verdict.REACTED),
        (after(182 * DAY), Verdict.SUITS),
        (after(182 * DAY + SECOND), Verdict.RETEST),
        (after(182 * DAY + SECOND, used=True), Verdict.RETEST),
        (after(3 * DAY, without=True), Verdict.DECLINED),
        (after(3 * DAY, severe=True), Verdict.NOT_OFFERED),
        (after(3 * DAY, severe=True, used=True), Verdict.SUITS),
        (after(-HOUR), Verdict.TESTING),
    ],
)
def test_a_test_and_its_verdict(mine, expected):
    assert verdict(mine) is expected


def test_a_running_test_says_when_it_may_be_read():
    assert of(after(HOUR, None)).ready == NOW + 47 * HOUR
    assert of(after(HOUR, None, sensitive=True)).ready == NOW + 7 * DAY - HOUR
    assert of(after(3 * DAY)).ready is None


@pytest.mark.parametrize("part", ["receiving", "giving"])
def test_eczema_makes_skin_sensitive_for_giver_and_receiver(part):
    eczema = replace(WELL, **{part: Effect(adaptations=frozenset({"week_test"}))})

    assert verdict(after(3 * DAY), screening=eczema) is Verdict.TESTING
    assert verdict(after(8 * DAY), screening=eczema) is Verdict.SUITS
    assert verdict(after(8 * DAY, product="O-08"), "O-08", eczema) is Verdict.NOT_OFFERED
    assert verdict(after(8 * DAY, product="O-08"), "O-08") is Verdict.SUITS


def test_a_product_that_past_evenings_took_out_stays_out():
    learned = Settings((Setting("O-01", None, Reason.SKIN, NOW.date()),))

    assert verdict(after(3 * DAY, used=True), learned=learned) is Verdict.REACTED


def test_a_product_is_new_until_it_was_used():
    assert of(after(3 * DAY)).new
    assert not of(after(3 * DAY, used=True)).new
    assert not of(OilAnswers(), "O-18").new


def test_moments_with_and_without_a_zone_can_be_compared():
    zoned = NOW.astimezone()

    each = assess_products(after(3 * DAY), WELL, TABLES, zoned)

    assert {one.product: one.verdict for one in each}["O-01"] is Verdict.SUITS


def test_offered_is_what_suits_both_and_nothing_always():
    mine = Share(products=frozenset({"O-01", "O-02", "O-18"}))
    yours = Share(products=frozenset({"O-02", "O-03", "O-18"}), new_products=frozenset({"O-02"}))

    assert offers(mine, yours, TABLES) == (
        Offer("O-02", suggested=True, minutes=10),
        Offer("O-18", TABLES.oils["O-18"].suggested, minutes=30),
    )
    assert [offer.product for offer in offers(NOT_TONIGHT, NOT_TONIGHT, TABLES)] == ["O-18"]


@given(answers(), answers())
def test_nothing_is_offered_that_does_not_suit_both(mine, yours):
    both = [share(each, screen(each.health, TABLES, NOW), TABLES, NOW) for each in (mine, yours)]

    for offer in offers(both[0], both[1], TABLES):
        if offer.product != "O-18":
            assert TABLES.oils[offer.product].offered
            for each in (mine, yours):
                assert each.oils.allergies.isdisjoint(TABLES.oils[offer.product].allergens)
                assert each.oils.tests[offer.product].result is PatchResult.CLEAR
                used = each.oils.tests[offer.product].used
                assert used or offer.minutes == 10


@given(oil_answers())
def test_waiting_is_never_longer_than_a_week(mine):
    for each in assess_products(mine, WELL, TABLES, NOW):
        if each.verdict is Verdict.TESTING:
            assert each.ready is not None
            assert each.ready - mine.tests[each.product].started in (2 * DAY, 7 * DAY)
        else:
            assert each.ready is None


# Hours, scent, and when to look


@pytest.mark.parametrize(
    ("hours", "more", "expected"),
    [
        (47, {}, Verdict.TESTING),
        (48, {}, Verdict.SUITS),
        (7 * 24 - 1, {"sensitive": True}, Verdict.TESTING),
        (7 * 24, {"sensitive": True}, Verdict.SUITS),
    ],
)
def test_a_test_runs_to_the_hour(hours, more, expected):
    assert verdict(after(hours * HOUR, **more)) is expected


def scented(age, result=PatchResult.CLEAR, *, said=True, **more):
    test = PatchTest(NOW - age, result, scented=said)
    return OilAnswers(answered=True, tests={"O-01": test}, **more)


@pytest.mark.parametrize("said", [True, None], ids=["scent", "nobody said"])
@pytest.mark.parametrize(
    ("age", "expected"), [(7 * DAY - HOUR, Verdict.TESTING), (7 * DAY, Verdict.SUITS)]
)
def test_a_bottle_with_scent_is_tested_for_a_week(age, expected, said):
    assert verdict(scented(age, said=said)) is expected


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (HOUR, Verdict.TESTING),
        (48 * HOUR - SECOND, Verdict.TESTING),
        (48 * HOUR, Verdict.SUITS),
        (None, Verdict.SUITS),
    ],
)
def test_a_result_counts_from_when_somebody_looked(read, expected):
    started = NOW - 4 * DAY
    seen = None if read is None else started + read
    test = PatchTest(started, PatchResult.CLEAR, scented=False, read=seen)

    assert verdict(OilAnswers(answered=True, tests={"O-01": test})) is expected


def test_a_look_in_the_future_is_none():
    test = PatchTest(NOW - DAY, PatchResult.CLEAR, scented=False, read=NOW + 9 * DAY)

    assert verdict(OilAnswers(answered=True, tests={"O-01": test})) is Verdict.TESTING


@pytest.mark.parametrize("said", [True, False, None])
def test_scent_travels_with_the_share_so_that_two_bottles_are_told_apart(said):
    bottle = PatchTest(NOW - 9 * DAY, PatchResult.CLEAR, scented=said)
    oils = OilAnswers(answered=True, tests={"O-01": bottle})
    mine = open_answers(oils=oils)

    brought = share(mine, screen(mine.health, TABLES, NOW), TABLES, NOW)

    assert ("O-01" in brought.scented) is (said is not False)


SCENT_FREE = Screening(complete=True, giving=Effect(adaptations=frozenset({"scent_free"})))


def test_scent_stays_closed_to_somebody_it_does_not_suit():
    fragrance = {"allergies": frozenset({"fragrance"})}

    assert verdict(scented(9 * DAY), screening=SCENT_FREE) is Verdict.SCENT
    assert verdict(scented(9 * DAY, **fragrance)) is Verdict.SCENT
    assert verdict(after(9 * DAY), screening=SCENT_FREE) is Verdict.SUITS


SAID_HERE = {
    "sensitive_skin": {"sensitive": True},
    "trying": {"trying": True},
    "breastfeeding": {"breastfeeding": True},
    "pets": {"pets": True},
    "fragrance_allergy": {"allergies": frozenset({"fragrance"})},
}
"""Circumstances of the calculator, with how the picker is told."""

SAID_TO_HEALTH = {
    "eczema": "eczema_calm",
    "thin_skin": "fragile_skin",
    "pregnant": "pregnant",
    "asthma": "scent_sensitive",
    "migraine": "scent_sensitive",
    "nausea": "scent_sensitive",
    "epilepsy": "epilepsy",
}
"""Those that a statement about health says."""

ABOUT_THE_MIX = {"face"}
"""What a mix is meant for; no question of the picker."""


def test_the_picker_knows_every_circumstance_of_the_calculator():
    known = {each for rule in TABLES.essential for each in rule.circumstances}

    assert known == SAID_HERE.keys() | SAID_TO_HEALTH.keys() | ABOUT_THE_MIX


@pytest.mark.parametrize("circumstance", [*SAID_HERE, *SAID_TO_HEALTH])
def test_picker_and_calculator_agree_that_there_is_no_scent(circumstance):
    mixed = calculate_blend(["lavender"], 30, [circumstance], TABLES)
    health = HealthAnswers(
        ticked={
            key: ReportedCondition(where=frozenset({"feet.left"}))
            for key in [SAID_TO_HEALTH.get(circumstance)]
            if key
        }
    )
    screening = screen(health, TABLES, NOW)
    more = SAID_HERE.get(circumstance, {})

    assert mixed.mix is MixVerdict.NONE_TONIGHT
    assert verdict(scented(9 * DAY, **more), screening=screening) is Verdict.SCENT
    assert verdict(after(9 * DAY, **more), screening=screening) is Verdict.SUITS


def test_without_a_circumstance_both_allow_scent():
    assert calculate_blend(["lavender"], 30, [], TABLES).mix is MixVerdict.FITS
    assert verdict(scented(9 * DAY)) is Verdict.SUITS


# What to try


def test_a_lotion_and_three_oils_are_tried_first():
    first, others = list_to_try(OilAnswers(answered=True), TABLES)

    assert first == ("O-17", "O-01", "O-02", "O-03")
    assert set(first) | set(others) == {
        oil.id for oil in TABLES.oils.values() if oil.offered and oil.on_skin
    }


@pytest.mark.parametrize("allergen", ALLERGENS)
def test_nothing_with_an_allergen_is_there_to_try(allergen):
    first, others = list_to_try(OilAnswers(allergies=frozenset({allergen})), TABLES)

    assert all(allergen not in TABLES.oils[each].allergens for each in (*first, *others))
    assert len(first) + len(others) == sum(
        oil.offered and oil.on_skin and allergen not in oil.allergens
        for oil in TABLES.oils.values()
    )


def test_a_nut_allergy_leaves_almond_and_its_relatives_out_of_what_to_try():
    first, others = list_to_try(OilAnswers(allergies=frozenset({"tree_nut"})), TABLES)

    assert not {"O-05", "O-06", "O-13", "O-14", "O-17"} & {*first, *others}
    assert first == ("O-01", "O-02", "O-03")


def test_what_is_not_for_sensitive_skin_is_not_there_to_try_and_a_test_stays():
    sensitive = OilAnswers(sensitive=True)
    tested = replace(sensitive, tests={"O-08": PatchTest(NOW - DAY)})

    assert "O-08" in list_to_try(OilAnswers(), TABLES)[1]
    assert "O-08" not in list_to_try(sensitive, TABLES)[1]
    assert "O-08" in list_to_try(tested, TABLES)[1]


def brings(*products, scented=()):
    return Share(tonight=True, products=frozenset(products), scented=frozenset(scented))


@pytest.mark.parametrize(
    ("a", "b", "offered"),
    [
        (brings("O-01"), brings("O-01"), True),
        (brings("O-01", scented=["O-01"]), brings("O-01", scented=["O-01"]), True),
        (brings("O-01", scented=["O-01"]), brings("O-01"), False),
        (brings("O-01"), brings("O-01", scented=["O-01"]), False),
    ],
)
def test_both_have_tried_the_same_bottle_and_scent_suits_both(a, b, offered):
    assert ("O-01" in {offer.product for offer in offers(a, b, TABLES)}) is offered
    assert offers(a, b, TABLES) == offers(b, a, TABLES)


def test_the_times_to_look_are_half_an_hour_a_day_and_two_days():
    started = datetime(2026, 3, 28, 21, 15)

    assert schedule_looks(started, SHORT, TABLES) == (
        datetime(2026, 3, 28, 21, 45),
        datetime(2026, 3, 29, 21, 15),
        datetime(2026, 3, 30, 21, 15),
    )
    assert schedule_looks(started, LONG, TABLES)[2:] == (
        datetime(2026, 3, 30, 21, 15),
        datetime(2026, 4, 4, 21, 15),
    )


def test_a_running_test_says_when_to_look_and_a_finished_one_does_not():
    running, done = of(after(HOUR, None)), of(after(3 * DAY))

    assert running.looks == schedule_looks(NOW - HOUR, SHORT, TABLES)
    assert running.ready == running.looks[-1]
    assert (done.looks, done.ready) == ((), None)
