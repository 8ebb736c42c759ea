"""Products on the skin: allergies, patch tests, and what may be offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from workbook.domain.merging import STRICTER_IF_YES, MergeRule, merge_by

NO_PRODUCT = "O-18"
"""ID of the product that is none: nothing on the skin."""

BEGINNERS_PRODUCT = "O-17"
"""ID of the product that is suggested first."""

SCENT_ALLERGEN = "fragrance"
"""The allergen that any scent holds."""


class PatchResult(StrEnum):
    """What a person saw where they tried a product."""

    CLEAR = "clear"
    REACTED = "reacted"


@dataclass(frozen=True, slots=True)
class PatchTest:
    """One person's test of one product."""

    started: datetime
    """Local time of the first application."""
    result: PatchResult | None = None
    """None while the test runs."""
    used: bool = False
    """Whether it has been used on an evening since; a first use is short."""
    scented: bool | None = None
    """Whether this bottle has scent or essential oil in it; unsaid counts as if it had."""
    read: datetime | None = None
    """Local time at which ``result`` was seen; None: by now."""

    @property
    def with_scent(self) -> bool:
        """Whether it counts as a bottle with scent: seven clear days."""
        return self.scented is not False


@dataclass(frozen=True, slots=True)
class OilAnswers:
    """Allergies and tests of one person. Standing; asked "still true?"."""

    answered: bool = False
    """Whether the allergy question was answered, "none" included."""
    allergies: frozenset[str] = frozenset()
    """Allergen keys of ``oils.toml``, such as ``"tree_nut"``."""
    severe: bool = field(default=False, metadata=merge_by(STRICTER_IF_YES))
    """A severe reaction to any ingredient in the past: only what was already used safely."""
    sensitive: bool = field(default=False, metadata=merge_by(STRICTER_IF_YES))
    """Sensitive skin or eczema: seven clear days instead of two."""
    spot_prone: bool = field(default=False, metadata=merge_by(STRICTER_IF_YES))
    tests: Mapping[str, PatchTest] = field(
        default_factory=dict, metadata=merge_by(MergeRule.PATCH_TESTS)
    )
    """By product ID, such as ``"O-01"``."""
    without: bool = field(default=False, metadata=merge_by(STRICTER_IF_YES))
    """Would rather have no product on the skin tonight."""
    trying: bool = field(default=False, metadata=merge_by(STRICTER_IF_YES))
    """Trying for a baby: nothing with scent or essential oil, as for the next two."""
    breastfeeding: bool = field(default=False, metadata=merge_by(STRICTER_IF_YES))
    pets: bool = field(default=False, metadata=merge_by(STRICTER_IF_YES))
    """A pet comes near."""
    none_yet: bool = False
    """Whether this person said that they have tried no product yet."""

    @property
    def circumstances(self) -> frozenset[str]:
        """What is said here that ``essential_oils.toml`` knows as a circumstance."""
        said = {
            "sensitive_skin": self.sensitive,
            "trying": self.trying,
            "breastfeeding": self.breastfeeding,
            "pets": self.pets,
            "fragrance_allergy": SCENT_ALLERGEN in self.allergies,
        }
        return frozenset(name for name, holds in said.items() if holds)


class Verdict(StrEnum):
    """Why a product is or is not offered to one person; for that person's eyes only."""

    SUITS = "suits"
    ALLERGY = "allergy"
    REACTED = "reacted"
    UNTESTED = "untested"
    TESTING = "testing"
    RETEST = "retest"
    NOT_OFFERED = "not_offered"
    NOT_ASKED = "not_asked"
    DECLINED = "declined"
    SCENT = "scent"


@dataclass(frozen=True, slots=True)
class Suitability:
    """One product for one person."""

    product: str
    verdict: Verdict
    ready: datetime | None = None
    """When a running test may be read, local time."""
    new: bool = False
    """It would be the first use."""
    scented: bool = False
    """The bottle that was tried has scent in it."""
    looks: tuple[datetime, ...] = ()
    """When to look at a running test, local time; the last one is ``ready``."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A product both people may have on their skin tonight."""

    product: str
    suggested: bool = False
    minutes: int = 30
    """Longest turn with it, in whole minutes; ten for a newly tested one."""
