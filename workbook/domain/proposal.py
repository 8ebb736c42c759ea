"""What both people may see once both are ready: the plan, and how far the agreement is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from workbook.domain.consent import Signals, Standing
from workbook.domain.evening import RoomCard
from workbook.domain.plan import Plan, Turn
from workbook.domain.products import Offer
from workbook.domain.seats import Role, Seat
from workbook.domain.shares import Limits


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that both may see once both are ready."""

    ready: frozenset[Seat] = frozenset()
    tonight: bool = False
    """False: not tonight, which looks the same from any cause."""
    givers: tuple[Seat, ...] = ()
    """Who could give a turn."""
    same_role: Role | None = None
    """What both would like to do, where neither does the other part; all else is a yes."""
    minutes: int = 0
    """Length of a turn proposed before anybody chose, in whole minutes; 0: nothing is proposed."""
    turn: Turn | None = None
    limits: Limits | None = None
    offers: tuple[Offer, ...] = ()
    plan: Plan | None = None
    given: frozenset[Seat] = frozenset()
    """Who has given a turn tonight already."""
    plan_hash: str = ""
    """Hash of ``plan``; empty without one."""
    matches: frozenset[str] = frozenset()
    """Wishes that both have."""
    wishes_wait: bool = False
    """Both have handed theirs in, and have not asked within the same quarter of an hour."""
    intentions: tuple[str, ...] = ()
    """What the evening can be for: what both ticked, or else quiet rest."""
    intention: str = ""
    """What both settled on; blank: nothing yet."""
    signals: Signals = field(default_factory=Signals)
    room_open: tuple[str, ...] = ()
    """Candle lines still open while a real flame burns."""
    room: RoomCard = field(default_factory=RoomCard)
    clock_behind: bool = False
    """The computer's clock stands before something that was recorded already."""
    partner_is_open: bool = False
    """A page of the partner shows the plan: their yes is pressed there."""
    affirmed: frozenset[Seat] = frozenset()
    standing: Standing = Standing.NONE
    today: date | None = None

    @property
    def goes_round(self) -> bool:
        """Whether the turn the other way round is still to come after this one."""
        if self.turn is None:
            return False
        return self.turn.receiver in self.givers and self.turn.receiver not in self.given

    @property
    def tried(self) -> bool:
        """Whether both agree on both signals, and tried them this evening."""
        return self.signals.agreed is not None and self.signals.tried_on == self.today

    @property
    def can_affirm(self) -> bool:
        """Whether there is something to say yes to, and a way to stop it."""
        return bool(self.plan and self.plan.steps) and self.tried and not self.room_open
