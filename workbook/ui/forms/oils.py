"""Products for the skin: allergies and patch tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from workbook.domain.products import OilAnswers, PatchResult, PatchTest, Suitability, Verdict
from workbook.ui.form import Answers, FormContext, QuestionForm
from workbook.ui.questions import clock, day, many, one, option
from workbook.ui.widgets.prose import Prose, h, pair
from workbook.ui.widgets.questions import Question

SKIN_STATEMENTS = ("severe", "sensitive", "spot_prone")
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
        self.observe(lambda _change: self._render_verdicts(), "value")
        self._render_verdicts()

    def questions(self, value: OilAnswers) -> list[Question]:
        """Return the questions: allergies, skin, and one test for each product."""
        say, tables = self._context.words, self._context.tables
        allergens = [option(a, say(f"oils.allergens.{a}")) for a in say.table("oils.allergens")]
        skin = [option(key, say(f"forms.skin_{key}")) for key in SKIN_STATEMENTS]
        offered = [key for key, oil in tables.oils.items() if oil.offered and oil.on_skin]
        tests = many(
            "tests",
            say("forms.tests_question"),
            [option(key, say(f"oils.names.{key}")) for key in offered],
            help=say("forms.tests_help"),
            follow={key: self._list_test_questions() for key in offered},
        )
        tests["group"], tests["group_line"] = say("forms.tests_group"), say("forms.tests_line")
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
            tests,
        ]

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

    def answers(self, value: OilAnswers) -> Answers:
        """Return a value as the browser's answers."""
        shown: dict[str, object] = {
            "allergies": (sorted(value.allergies) or ["none"]) if value.answered else [],
            "skin": [key for key in SKIN_STATEMENTS if getattr(value, key)],
            "without": ["yes"] if value.without else [],
            "tests": sorted(value.tests),
        }
        for key, test in value.tests.items():
            at = test.started.time()
            shown[f"tests.{key}.on"] = test.started.date().isoformat()
            shown[f"tests.{key}.at"] = None if at == LATEST_TIME else f"{at:%H:%M}"
            shown[f"tests.{key}.scented"] = (
                None if test.scented is None else SCENTED_ANSWERS[test.scented]
            )
            shown[f"tests.{key}.result"] = test.result
        return shown

    def read(self, answers: Answers) -> OilAnswers:
        """Return the browser's answers as a value."""
        said = answers.get
        allergies, skin = said("allergies") or [], said("skin") or []
        return OilAnswers(
            answered=bool(allergies),
            allergies=frozenset(a for a in allergies if a != "none"),
            severe="severe" in skin,
            sensitive="sensitive" in skin,
            spot_prone="spot_prone" in skin,
            tests={
                key: test
                for key in said("tests") or ()
                if (test := self._read_test(key, answers)) is not None
            },
            without=bool(said("without")),
        )

    def _read_test(self, key: str, answers: Answers) -> PatchTest | None:
        """Return the answers about one test; without a time it began at the end of its day."""
        said = {name: answers.get(f"tests.{key}.{name}") for name in TEST_DETAILS}
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

    def _render_verdicts(self) -> None:
        say, oils = self._context.words, self._context.tables.oils
        shown = []
        for each in self._suitable(self.value):
            tested = each.product in self.value.tests
            if tested or each.verdict in (Verdict.ALLERGY, Verdict.REACTED):
                sentence = say(f"oils.verdicts.{each.verdict}")
                if each.looks:
                    sentence += "\n" + self._list_looks(each.looks)
                if self.value.spot_prone and not oils[each.product].spot_prone_ok:
                    sentence += "\n" + say("oils.spots")
                shown.append(pair(say(f"oils.names.{each.product}"), sentence))
        self._verdicts.set_blocks(*([h(say("forms.oils_meaning"))] if shown else []), *shown)
