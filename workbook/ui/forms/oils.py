"""Products for the skin: allergies and patch tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import cast

from workbook.domain.products import OilAnswers, PatchResult, PatchTest, Suitability, Verdict
from workbook.rules import products
from workbook.ui.form import FieldAnswers, FormContext, QuestionForm
from workbook.ui.questions import clock, day, many, one, option
from workbook.ui.widgets.prose import Block, Prose, h, p, pair
from workbook.ui.widgets.questions import NONE, Question

SKIN_STATEMENTS = ("severe", "sensitive", "spot_prone", "trying", "breastfeeding", "pets")
"""Statements about oneself, each the name of its field in the answers."""

FIRST, OTHERS = "tests", "more"
"""Questions about products that were tried: the few to begin with, and the others."""

TEST_DETAILS = ("on", "at", "scented", "result")
LATEST_TIME = time(23, 59)
"""Time at which a test counts as begun if only its day is known: the latest one."""
SCENTED_ANSWERS = ("no", "yes")
"""Answers to whether there is scent in a bottle, in the order of False and True."""


class OilsForm(QuestionForm[OilAnswers]):
    """Asks about allergies and patch tests; a product needs a clear test on both people's skin."""

    def __init__(
        self,
        context: FormContext,
        value: OilAnswers,
        suitable: Callable[[OilAnswers], tuple[Suitability, ...]],
        now: Callable[[], datetime],
    ) -> None:
        self._suitable, self._now = suitable, now
        self._verdicts = Prose()
        super().__init__(context, value, self._verdicts)
        self.observe(lambda _change: self._render_all(), "value")
        self._render_verdicts()

    def questions(self, value: OilAnswers) -> list[Question]:
        """Return the questions: allergies, skin, and one test for each product."""
        say, tables = self._context.words, self._context.tables
        allergens = [option(a, say(f"oils.allergens.{a}")) for a in say.table("oils.allergens")]
        skin = [option(key, say(f"forms.skin_{key}")) for key in SKIN_STATEMENTS]
        first, others = products.list_to_try(value, tables)
        tests = self._ask_about_tests(FIRST, first, help=say("forms.tests_help"))
        tests["none_label"] = say("forms.tests_none")
        tests["group"], tests["group_line"] = say("forms.tests_group"), say("forms.tests_line")
        more = self._ask_about_tests(OTHERS, others)
        more["group"], more["group_line"] = say("forms.more_group"), say("forms.more_line")
        return [
            many(
                "allergies",
                say("forms.allergies_question"),
                allergens,
                help=say("forms.allergies_help"),
                none_label=say("forms.none_of_these"),
            ),
            many("skin", say("forms.skin_question"), skin),
            many(
                "without",
                say("forms.without_question"),
                [option("yes", say("forms.without_yes"))],
            ),
            *([tests] if first else []),
            *([more] if others else []),
        ]

    def _ask_about_tests(self, key: str, listed: Sequence[str], *, help: str = "") -> Question:  # noqa: A002 - the key's name
        """Return the question which of these products were tried."""
        say = self._context.words
        return many(
            key,
            say(f"forms.{key}_question"),
            [option(each, say(f"oils.names.{each}")) for each in listed],
            help=help,
            follow={each: self._list_test_questions() for each in listed},
        )

    def _list_test_questions(self) -> list[Question]:
        """Return what is asked about one patch test; the keys are ``TEST_DETAILS``."""
        say = self._context.words
        scented = [option(key, say(f"forms.scented_{key}")) for key in SCENTED_ANSWERS]
        results = [option(r.value, say(f"forms.test_{r}")) for r in PatchResult]
        return [
            day("on", say("forms.test_on")),
            clock("at", say("forms.test_at"), help=say("forms.test_at_help")),
            one("scented", say("forms.test_scented"), scented),
            one("result", say("forms.test_result"), results),
        ]

    def answers(self, value: OilAnswers) -> FieldAnswers:
        """Return a value as the browser's answers."""
        shown: dict[str, object] = {
            "allergies": (sorted(value.allergies) or ["none"]) if value.answered else [],
            "skin": [key for key in SKIN_STATEMENTS if getattr(value, key)],
            "without": ["yes"] if value.without else [],
            FIRST: [NONE] if value.none_yet else [],
            OTHERS: [],
        }
        for key, test in sorted(value.tests.items()):
            question = self._find_question(key)
            shown[question] = [*cast("list[str]", shown[question]), key]
            at, under = test.started.time(), f"{question}.{key}"
            shown[f"{under}.on"] = test.started.date().isoformat()
            shown[f"{under}.at"] = None if at == LATEST_TIME else f"{at:%H:%M}"
            shown[f"{under}.scented"] = (
                None if test.scented is None else SCENTED_ANSWERS[test.scented]
            )
            shown[f"{under}.result"] = test.result
        return shown

    def _find_question(self, product: str) -> str:
        """Return the key of the question that a product stands under."""
        return FIRST if self._context.tables.oils[product].suggested else OTHERS

    def read(self, answers: FieldAnswers) -> OilAnswers:
        """Return the browser's answers as a value."""
        said = answers.get
        allergies, skin = said("allergies") or [], said("skin") or []
        tests = {
            key: test
            for key in (*(said(FIRST) or ()), *(said(OTHERS) or ()))
            if key != NONE and (test := self._read_test(key, answers)) is not None
        }
        return OilAnswers(
            answered=bool(allergies),
            allergies=frozenset(a for a in allergies if a != "none"),
            tests=tests,
            without=bool(said("without")),
            none_yet=NONE in (said(FIRST) or ()) and not tests,
            **{key: key in skin for key in SKIN_STATEMENTS},
        )

    def _read_test(self, key: str, answers: FieldAnswers) -> PatchTest | None:
        """Return the answers about one test; without a time it began at the end of its day."""
        under = f"{self._find_question(key)}.{key}"
        said = {name: answers.get(f"{under}.{name}") for name in TEST_DETAILS}
        if not said["on"]:
            return None
        at = time.fromisoformat(said["at"]) if said["at"] else LATEST_TIME
        started = datetime.combine(date.fromisoformat(said["on"]), at)
        before = self.value.tests.get(key)
        same = before is not None and before.started == started
        result = PatchResult(said["result"]) if said["result"] else None
        seen = before.read if same and before.result is result else self._now()
        return PatchTest(
            started,
            result,
            used=same and before.used,
            scented=None if said["scented"] is None else said["scented"] == SCENTED_ANSWERS[True],
            read=seen if result else None,
        )

    def _list_looks(self, looks: Sequence[datetime]) -> str:
        """Return when to look at the skin next; only dates if the time of the start is unknown."""
        say = self._context.words
        key = "oils.look_day" if looks[-1].time() == LATEST_TIME else "oils.look_at"
        coming = [say(key, at=look) for look in looks if look > self._now()] or [say("oils.now")]
        return say("oils.looks", looks="; ".join(dict.fromkeys(coming)))

    def _render_all(self) -> None:
        """Show what follows; what there is to try changes with the allergies."""
        asked = self.questions(self.value)
        if asked != self._question_group.questions:
            with self.silenced():
                self._question_group.questions = asked
        self._render_verdicts()

    def _render_verdicts(self) -> None:
        say, oils = self._context.words, self._context.tables.oils
        shown: list[Block] = []
        for each in self._suitable(self.value):
            tested = each.product in self.value.tests
            if tested or each.verdict in (Verdict.ALLERGY, Verdict.REACTED):
                sentence = say(f"oils.verdicts.{each.verdict}")
                if each.looks:
                    sentence += "\n" + self._list_looks(each.looks)
                if self.value.spot_prone and not oils[each.product].spot_prone_ok:
                    sentence += "\n" + say("oils.spots")
                shown.append(pair(say(f"oils.names.{each.product}"), sentence))
        if self.value.none_yet:
            shown.append(p(say("forms.none_yet_follows")))
        self._verdicts.set_blocks(*([h(say("forms.oils_meaning"))] if shown else []), *shown)
