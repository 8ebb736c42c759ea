"""The one list of topics: what each person is asked, in the order of asking.

The name of a topic is the name of its field in ``Answers``, of its words and of its form in
the chapters; some topics are asked by more than one form (``TOPIC_BY_FORM``). Its class of
answers is the key of its rows in a vault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workbook.domain.areas import AreaAnswers
from workbook.domain.consent import ConsentAnswers
from workbook.domain.errors import NotFound
from workbook.domain.evening import (
    AftercareAnswers,
    Answers,
    IntentionAnswers,
    StillTrue,
    TimeAnswers,
    WishAnswers,
)
from workbook.domain.health import HealthAnswers
from workbook.domain.levels import PressureAnswers
from workbook.domain.products import OilAnswers
from workbook.domain.seats import Role
from workbook.domain.techniques import Coverage, TechniqueAnswers


class Scope(StrEnum):
    """How long an answer counts."""

    EVENING = "evening"
    """Asked afresh on every evening."""
    STANDING = "standing"
    """Kept; on a later evening it counts once its owner has said that it is still true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One thing a person is asked."""

    name: str
    """Key of the topic, its form, its words and its field in ``Answers``."""
    answers: type[Any]
    """Class of its answers; the class name is the key of its rows in a vault."""
    scope: Scope
    chapter: str
    """Slug of the chapter that holds its form."""
    answered: Callable[[Answers, date], bool] | None = None
    """Rule for ``is_answered``; None: anything but the blank answer."""
    is_required: bool = False
    """Whether tonight's plan waits for it."""
    marks_chapter: bool = True
    """Whether its chapter is open until it is answered."""
    has_form: bool = True
    """False: saved by the app itself, without a field in ``Answers``."""

    @property
    def is_standing(self) -> bool:
        """Whether its answer outlives the evening."""
        return self.scope is Scope.STANDING

    def is_answered(self, answers: Answers, today: date) -> bool:
        """Return whether ``answers`` answer this topic for ``today``, a local date.

        Whether every health question was answered only ``rules.screening`` knows; here
        health counts as answered once something was said for today.
        """
        if self.answered is not None:
            return self.answered(answers, today)
        return bool(getattr(answers, self.name) != getattr(Answers(), self.name))


def _is_said(by_role: Mapping[Role, object], answers: Answers, today: date) -> bool:
    """Return whether all chosen roles have something; while none is chosen, whether any has."""
    roles = answers.time.roles_on(today)
    return all(by_role[role] for role in roles) if roles else any(by_role.values())


def _has_consent(answers: Answers, _today: date) -> bool:
    consent = answers.consent
    return consent.adult is not None and (consent.is_free_yes or consent.is_no)


def _has_time(answers: Answers, today: date) -> bool:
    return bool(answers.time.roles_on(today))


def _has_hands(answers: Answers, today: date) -> bool:
    time = answers.time
    return time.on == today and time.energy is not None and time.hands is not None


def _has_minutes(answers: Answers, today: date) -> bool:
    time = answers.time
    given = {Role.RECEIVER: time.minutes_receiving, Role.GIVER: time.minutes_giving}
    return time.on == today and _is_said(given, answers, today)


def _has_limits(answers: Answers, today: date) -> bool:
    given = {Role.RECEIVER: answers.limits.receiving, Role.GIVER: answers.limits.giving}
    return _is_said(given, answers, today)


def _has_health(answers: Answers, today: date) -> bool:
    return bool(answers.health.asked) and answers.health.on == today


def _has_pressure(answers: Answers, today: date) -> bool:
    pressure = answers.pressure
    given = {
        Role.RECEIVER: pressure.overall is not None or bool(pressure.areas),
        Role.GIVER: pressure.giving is not None,
    }
    return _is_said(given, answers, today)


def _has_techniques(answers: Answers, today: date) -> bool:
    touch = answers.techniques
    return _is_said({Role.RECEIVER: touch.techniques, Role.GIVER: touch.for_giving}, answers, today)


def _has_position(answers: Answers, _today: date) -> bool:
    return answers.techniques.position is not None


def _is_saved_by_app(_answers: Answers, _today: date) -> bool:
    return True


TOPICS: tuple[Topic, ...] = (
    Topic(
        name="consent",
        answers=ConsentAnswers,
        scope=Scope.EVENING,
        chapter="intentions",
        answered=_has_consent,
        is_required=True,
    ),
    Topic(
        name="time",
        answers=TimeAnswers,
        scope=Scope.EVENING,
        chapter="touch",
        answered=_has_time,
        is_required=True,
    ),
    Topic(
        name="intentions",
        answers=IntentionAnswers,
        scope=Scope.EVENING,
        chapter="intentions",
    ),
    Topic(
        name="wishes",
        answers=WishAnswers,
        scope=Scope.EVENING,
        chapter="intentions",
        marks_chapter=False,
    ),
    Topic(
        name="health",
        answers=HealthAnswers,
        scope=Scope.STANDING,
        chapter="health",
        answered=_has_health,
        is_required=True,
    ),
    Topic(
        name="limits",
        answers=AreaAnswers,
        scope=Scope.STANDING,
        chapter="limits",
        answered=_has_limits,
        is_required=True,
    ),
    Topic(
        name="pressure",
        answers=PressureAnswers,
        scope=Scope.STANDING,
        chapter="touch",
        answered=_has_pressure,
        is_required=True,
    ),
    Topic(name="coverage", answers=Coverage, scope=Scope.STANDING, chapter="touch"),
    Topic(
        name="techniques",
        answers=TechniqueAnswers,
        scope=Scope.STANDING,
        chapter="touch",
        answered=_has_techniques,
        is_required=True,
    ),
    Topic(name="oils", answers=OilAnswers, scope=Scope.STANDING, chapter="setting"),
    Topic(
        name="aftercare",
        answers=AftercareAnswers,
        scope=Scope.STANDING,
        chapter="setting",
    ),
    Topic(
        name="still",
        answers=StillTrue,
        scope=Scope.EVENING,
        chapter="tonight",
        answered=_is_saved_by_app,
        marks_chapter=False,
        has_form=False,
    ),
)
"""Every topic, in the order of asking."""

TOPIC_BY_FORM: Mapping[str, str] = {
    **{topic.name: topic.name for topic in TOPICS if topic.has_form},
    "role": "time",
    "hands": "time",
    "body": "health",
    "positions": "techniques",
}
"""Topic by the name of a form: each form asks a part of its answers, or all of them."""

FIRST_FORM_BY_TOPIC: Mapping[str, str] = {"time": "role", "health": "body"}
"""The form that an open topic is answered with first, where it is not the one of its name."""

STEP_BY_FORM: Mapping[str, str] = {
    "consent": "role",
    "role": "role",
    "intentions": "intention",
    "wishes": "intention",
    "body": "body",
    "hands": "body",
    "health": "health",
    "limits": "places",
    "pressure": "firmness",
    "time": "firmness",
    "positions": "cover",
    "coverage": "cover",
    "techniques": "touch",
    "oils": "skin",
    "aftercare": "after",
    "signals": "after",
    "again": "again",
    "ready": "ready",
    "sit": "sit",
    "reveal": "reveal",
    "prepare": "prepare",
    "aloud": "aloud",
    "agreement": "agree",
    "player": "agree",
    "soft_landing": "rest",
    "thanks": "thanks",
    "debrief": "debrief",
    "next_day": "next_day",
}
"""Step of the evening by the name of a form, in the order of asking; a form of no step stands
in the chapters alone."""

ONE_WAY_JOINS: Mapping[str, str] = {"cover": "firmness"}
"""Steps that are one with another step for a person who only gives or only receives: each has
fewer questions then."""

WELCOME_STEP = "welcome"
"""Step, and chapter, at which a person begins who has answered nothing yet."""

LEARN_STEP = "learn"
"""Step that shows the form of this name; it can be shown before the book is unlocked."""

RETURN_STEPS = ("again", "ready")
"""Steps that ask two who come back."""

TOGETHER_STEPS = ("sit", "reveal", "prepare", "aloud", "agree")
"""Steps of both, once both are ready."""

AFTER_STEPS = ("rest", "thanks", "debrief")
"""Steps after a massage."""

NEXT_DAY_STEP = "next_day"
"""Step that comes before all others on a later day."""

STEPS: tuple[str, ...] = tuple(
    dict.fromkeys(
        step
        for step in STEP_BY_FORM.values()
        if step not in {"again", NEXT_DAY_STEP, *TOGETHER_STEPS, *AFTER_STEPS}
    )
)
"""Steps that ask on a first evening, in the order of asking."""

HANDS = "hands"
"""Form of a part of its topic that a giver's plan waits for."""

_ROLES_BY_FORM: Mapping[str, frozenset[Role]] = {
    "hands": frozenset({Role.GIVER}),
    "positions": frozenset({Role.RECEIVER}),
}
"""Roles that a form asks; one that is not named asks everybody."""

_ANSWERED_BY_FORM: Mapping[str, Callable[[Answers, date], bool]] = {
    "hands": _has_hands,
    "time": _has_minutes,
    "positions": _has_position,
}
"""Rule for ``is_form_answered`` by the name of a form that asks a part of its topic."""

_BY_NAME = {topic.name: topic for topic in TOPICS}


def topic_for(name: str) -> Topic:
    """Return the topic called ``name``.

    Raises:
        NotFound: if there is none; ``facts["name"]``.

    """
    if name not in _BY_NAME:
        raise NotFound(name=name)
    return _BY_NAME[name]


def concerns_roles(form: str, roles: frozenset[Role]) -> bool:
    """Return whether a form asks any of these roles; empty: none is chosen yet."""
    return not roles or form not in _ROLES_BY_FORM or bool(roles & _ROLES_BY_FORM[form])


def is_form_answered(form: str, answers: Answers, today: date) -> bool:
    """Return whether ``answers`` answer what this form asks of its topic, for ``today``."""
    if form in _ANSWERED_BY_FORM:
        return _ANSWERED_BY_FORM[form](answers, today)
    return topic_for(TOPIC_BY_FORM[form]).is_answered(answers, today)


def lacks_hands(answers: Answers, today: date) -> bool:
    """Return whether a giver has not said how hands and energy are; no plan lets them give then."""
    gives = Role.GIVER in answers.time.roles_on(today)
    return gives and not is_form_answered(HANDS, answers, today)


def list_standing() -> tuple[Topic, ...]:
    """Return the topics whose answers outlive the evening, in the order of asking."""
    return tuple(topic for topic in TOPICS if topic.is_standing)


def list_for_evening() -> tuple[Topic, ...]:
    """Return the topics with a form that are asked afresh each evening, in the order of asking."""
    return tuple(topic for topic in TOPICS if topic.has_form and not topic.is_standing)


def list_answered() -> tuple[Topic, ...]:
    """Return the topics with a form and a field in ``Answers``, in the order of asking."""
    return tuple(topic for topic in TOPICS if topic.has_form)
