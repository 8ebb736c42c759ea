"""Rows that people read and no rule goes by: where the book's words come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workbook.domain.tables import PatchStep, Provenance, SessionSetting


class Tier(StrEnum):
    """How good a source is, best first (facts, "Marks and source tiers")."""

    A = "A"
    """Research, government, hospital, regulator."""
    B = "B"
    """Professional body, charity, university, fire service, insurer."""
    C = "C"
    """Practitioner, commercial or second-hand page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something that rows rest on."""

    id: str
    tier: Tier
    what: str
    where: str
    """Address; shown as text and never followed by the book."""
    shown: bool = True
    """False: its address is not for readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRule(Provenance):
    """One rule of consent; the forms and rules that keep it name it as their source."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow(Provenance):
    """One level of the pressure scale."""

    key: str
    level: int
    """0 to 5, lightest first."""
    offered: bool
    """Whether this book knows it at all."""
    on_request: bool
    """Only where the receiver asks."""


class When(StrEnum):
    """When a pair of do and don't matters."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoDont(Provenance):
    """Rather this than that."""

    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class Way(Provenance):
    """Ways for bodies and senses that the pictures leave out; no rule goes by it."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Provenance):
    """One kind of massage, and what distinguishes it from the others."""

    key: str
    here: bool
    """Whether it is the one this book is about."""


class MythAnswer(StrEnum):
    """What is true of something people say."""

    TRUE = "true"
    FALSE = "false"
    DEPENDS = "depends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Myth(Provenance):
    """A card: true or false, then why."""

    answer: MythAnswer


class Urgency(StrEnum):
    """How soon to turn to somebody, most urgent first."""

    NOW = "now"
    TODAY = "today"
    DAYS = "days"
    SOON = "soon"
    WEEKS = "weeks"
    BEFORE = "before"
    """Before the next evening."""
    READY = "ready"
    """When the person is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEntry(Provenance):
    """Something that wants more than a kind hand."""

    when: Urgency
    after: str = ""
    """ID of the rule that leads here; empty for none."""


class Strength(StrEnum):
    """How much a finding carries."""

    GOOD = "good"
    SOME = "some"
    WEAK = "weak"
    NONE = "none"
    CASES = "cases"
    EXPERT = "expert"
    TRADITION = "tradition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Provenance):
    """What studies found about one question."""

    strength: Strength
    never: tuple[str, ...]
    """Wordings that claim more than was found; no text of the book may use them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Provenance):
    """Something settled before a massage begins."""

    key: str
    forms: tuple[str, ...]
    """Forms that ask for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyNumber:
    """An emergency number and where it holds, in sentences that everybody reads."""

    where: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSource:
    """Where numbers were found."""

    id: str
    what: str
    where: str
    dated: date | None = None
    """Day that the source gives for what it says; None: it gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country and the number that calls for medical help there."""

    id: str
    """Two letters, ISO 3166-1; its name stands in ``resources.countries``."""
    emergency: str
    zones: tuple[str, ...]
    """Names by which a device there calls its time zone."""
    source: tuple[str, ...]
    """IDs of the sources that agree."""
    reviewed: date
    police: str = ""
    """Number of the police; blank: the same one."""


class HelplineKind(StrEnum):
    """What a line is for."""

    CRISIS = "crisis"
    VIOLENCE = "violence"
    """Domestic or sexual violence."""
    POISON = "poison"


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpline:
    """A telephone line of one country, on which two dated sources agree."""

    country: str
    kind: HelplineKind
    name: str
    number: str
    page: str
    """Address to look at in the next review, shown as text."""
    source: tuple[str, ...]
    """IDs of the sources that agree."""
    reviewed: date
    hours: str = ""
    """When it is open; blank: day and night, or the sources do not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPlace:
    """A place to get help, added for the reader's country or region."""

    name: str
    help: tuple[str, ...]
    """IDs of ``help.toml`` it is there for; empty: for anything."""
    phone: str = ""
    web: str = ""
    """Address, shown as text."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Where to turn where these two live; anybody may change it."""

    emergency: tuple[EmergencyNumber, ...]
    countries: tuple[Country, ...] = ()
    helplines: tuple[Helpline, ...] = ()
    places: tuple[HelpPlace, ...] = ()

    def lines_of(self, country: str, kind: HelplineKind) -> tuple[Helpline, ...]:
        """Return the lines of one kind in one country; empty: no two sources agree on any."""
        return tuple(
            line for line in self.helplines if (line.country, line.kind) == (country, kind)
        )


@dataclass(frozen=True, slots=True)
class Guidance:
    """Everything people read from tables, loaded once and never changed."""

    sources: Mapping[str, Source]
    """By ID."""
    consent: tuple[ConsentRule, ...]
    levels: tuple[LevelRow, ...]
    patch_test: tuple[PatchStep, ...]
    do_dont: tuple[DoDont, ...]
    ways: tuple[Way, ...]
    contexts: tuple[Context, ...]
    myths: tuple[Myth, ...]
    help: tuple[HelpEntry, ...]
    evidence: tuple[Finding, ...]
    gates: tuple[Gate, ...]
    settings: Mapping[str, SessionSetting]
    """By key."""
    provenance: Mapping[str, tuple[Provenance, ...]]
    """Where each row of each table comes from, the rules' own tables included, by topic."""
