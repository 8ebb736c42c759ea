"""Row 40 of the fault list: two people do this and that, pages are killed, and a model keeps count.

A page is killed at any act on its disk: the files as they lie at that moment are all there is.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults.conftest import LOW, WORDS, Toll, sizes
from tests.faults.disk import Disk
from workbook.domain.consent import AgreementEvent, AgreementKind, Signals
from workbook.domain.errors import ChangedElsewhere, NotSaved, WrongPassphrase
from workbook.domain.evening import IntentionAnswers
from workbook.domain.seats import Seat
from workbook.domain.shares import Share
from workbook.store import (
    agreements,
    answers,
    cards,
    erasing,
    evenings,
    keyring,
    shares,
    thanks,
    vault,
    wishes,
)
from workbook.store.thanks import Thanks
from workbook.store.unlocked import UnlockedVault

EVENINGS = ("first", "second")
STEPS = {20: 30, 5000: 60}
KILLS = 1 / 20
"""How often the pages are killed at a deed."""
WISHES = ("soft_music", "silence", "warm_towel")


@dataclass
class Model:
    """What two people were told is saved, in plain dictionaries."""

    private: dict[tuple[Seat, str | None], tuple[int, str]] = field(default_factory=dict)
    word: tuple[int, str] = (0, "")
    shares: dict[tuple[Seat, str], tuple[int, str | None]] = field(default_factory=dict)
    thanks: dict[tuple[Seat, str], tuple[int, str]] = field(default_factory=dict)
    voted: set[Seat] = field(default_factory=set)
    record: list[tuple[AgreementKind, Seat | None]] = field(default_factory=list)
    """What was said of an agreement on the evening that runs."""
    secrets: dict[Seat, str] = field(default_factory=lambda: dict(WORDS))


Deed = tuple[Callable[[], object], Callable[[Model], object]]
"""What somebody does, and what it changes once they were told that it is done."""


def nothing(_model: Model) -> None:
    pass


class World:
    """The vault that the model is held against, and the pages open on it."""

    def __init__(self, folder: Path, chance: Random) -> None:
        self.folder, self.chance = folder, chance
        self.model = Model()
        self.lanes: dict[Seat, UnlockedVault] = {}
        self._number = 0
        self._left: int | None = None
        self._image = folder.with_name(f"{folder.name}-killed")
        with vault.unlock(folder, self.model.secrets[Seat.A]) as lane:
            self.tonight = evenings.begin_evening(lane, lane.now().date(), lane.now())

    def lane(self, seat: Seat) -> UnlockedVault:
        if seat not in self.lanes:
            self.lanes[seat] = vault.unlock(self.folder, self.model.secrets[seat])
        return self.lanes[seat]

    def lock(self) -> None:
        while self.lanes:
            self.lanes.popitem()[1].close()

    def meet(self, _what: str) -> str | None:
        """Keep the files as they are at the act at which the page is killed; refuse the rest."""
        if self._left is None:
            return None
        if self._left == 0:
            shutil.copytree(self.folder, self._image)
        self._left -= 1
        return "error" if self._left < 0 else None

    def killed(self, do: Callable[[], object], acts: int) -> bool:
        """Do it on pages that are killed after so many acts; return whether they said it is done.

        What was still going on when it was done, such as a checkpoint, is cut off as well.
        """
        self._left, done = acts, True
        try:
            do()
        except NotSaved:
            done = False
        if self._left >= 0:
            shutil.copytree(self.folder, self._image)
        elif done:
            done = False  # its last acts were refused: it would not have come to say so
        self._left = None
        self.lock()
        shutil.rmtree(self.folder)
        self._image.rename(self.folder)
        return done

    def text(self) -> str:
        self._number += 1
        return f"{self._number} " + "x" * self.chance.randrange(3000)

    def some(self, them: Iterable[Any]) -> Any:
        return self.chance.choice([*them])


# What people do -------------------------------------------------------------------------------


def write_private(world: World) -> Deed:
    seat, when, text = world.some(Seat), world.some((None, *EVENINGS)), world.text()
    version, _ = world.model.private.get((seat, when), (0, ""))
    lane, value = world.lane(seat), IntentionAnswers(expects=text)
    return (
        lambda: answers.write_answer(lane, value, when, expected_version=version),
        lambda model: model.private.update({(seat, when): (version + 1, text)}),
    )


def write_over_another(world: World) -> Deed:
    """A page that has not heard of the last save; nothing of it counts."""
    seat = world.some(Seat)
    lane, (version, _) = world.lane(seat), world.model.private.get((seat, None), (0, ""))

    def do() -> None:
        with pytest.raises(ChangedElsewhere):
            answers.write_answer(
                lane, IntentionAnswers(expects="stale"), expected_version=version + 3
            )

    return do, nothing


def write_word(world: World) -> Deed:
    version, _ = world.model.word
    lane, text = world.lane(world.some(Seat)), world.text()
    return (
        lambda: cards.write_card(lane, Signals(word=text), expected_version=version),
        lambda model: setattr(model, "word", (version + 1, text)),
    )


def hand_in(world: World) -> Deed:
    seat, when, text = world.some(Seat), world.some(EVENINGS), world.text()
    version, _ = world.model.shares.get((seat, when), (0, None))
    lane, share = world.lane(seat), Share(intention=frozenset({text}))
    return (
        lambda: shares.hand_in(lane, when, share, expected_version=version),
        lambda model: model.shares.update({(seat, when): (version + 1, text)}),
    )


def take_back(world: World) -> Deed:
    seat, when = world.some(Seat), world.some(EVENINGS)
    version, text = world.model.shares.get((seat, when), (0, None))
    lane, new = world.lane(seat), {} if text is None else {(seat, when): (version + 1, None)}
    return lambda: shares.take_back(lane, when), lambda model: model.shares.update(new)


def thank(world: World) -> Deed:
    seat, when, text = world.some(Seat), world.some(EVENINGS), world.text()
    version, _ = world.model.thanks.get((seat, when), (0, ""))
    lane = world.lane(seat)
    return (
        lambda: thanks.hand_in_thanks(lane, when, Thanks(text), expected_version=version),
        lambda model: model.thanks.update({(seat, when): (version + 1, text)}),
    )


def agree(world: World) -> Deed:
    seat = world.some(Seat)
    kind = world.some((AgreementKind.AFFIRMED, AgreementKind.AFFIRMED, AgreementKind.WITHDRAWN))
    lane = world.lane(seat)
    event = AgreementEvent(kind, seat, "a" * 64, lane.now().date())
    return (
        lambda: agreements.append_event(lane, world.tonight, event),
        lambda model: model.record.append((kind, seat)),
    )


def vote(world: World) -> Deed:
    seat = world.some(Seat)
    lane = world.lane(seat)
    wished = frozenset(world.chance.sample(WISHES, world.chance.randrange(4)))

    def refused() -> None:
        with pytest.raises(ChangedElsewhere):
            wishes.hand_in_ballot(lane, EVENINGS[0], wished)

    if world.model.voted == set(Seat):
        return refused, nothing
    return (
        lambda: wishes.hand_in_ballot(lane, EVENINGS[0], wished),
        lambda model: model.voted.add(seat),
    )


def take_vote_back(world: World) -> Deed:
    seat = world.some(Seat)
    lane = world.lane(seat)
    return (
        lambda: wishes.take_back_ballot(lane, EVENINGS[0]),
        lambda model: model.voted.discard(seat),
    )


def delete(world: World) -> Deed:
    seat = world.some(Seat)
    lane = world.lane(seat)

    def change(model: Model) -> None:
        model.private = {key: kept for key, kept in model.private.items() if key[0] is not seat}
        model.voted.discard(seat)
        erased = (AgreementKind.WITHDRAWN, None)
        model.record = [erased if whose is seat else (kind, whose) for kind, whose in model.record]

    return lambda: erasing.erase_private(lane), change


def change_passphrase(world: World) -> Deed:
    seat = world.some(Seat)
    lane, old = world.lane(seat), world.model.secrets[seat]
    new = f"copper saddle {world.text()}"
    return (
        lambda: vault.change_passphrase(lane, old, new, cost=LOW),
        lambda model: model.secrets.update({seat: new}),
    )


def close_the_pages(world: World) -> Deed:
    return world.lock, nothing


OFTEN = (
    *(write_private, write_private, write_private, write_over_another, write_word, hand_in),
    *(hand_in, take_back, thank, agree, agree, vote, vote, take_vote_back),
)
SELDOM = (delete, change_passphrase, close_the_pages)


# What is there --------------------------------------------------------------------------------


def opens(folder: Path, secret: str) -> bool:
    try:
        keyring.open_slot(keyring.load_keyring(folder), secret)
    except WrongPassphrase:
        return False
    return True


def seen(world: World) -> Model:
    """What the vault says to each person about what is theirs."""
    found = Model(secrets=world.model.secrets)
    for seat in Seat:
        lane = world.lane(seat)
        for when in (None, *EVENINGS):
            kept = answers.read_answer(lane, IntentionAnswers, when)
            if kept:
                found.private[seat, when] = kept.version, kept.value.expects
        for when in EVENINGS:
            share = shares.read_own(lane, when)
            if share:
                text = next(iter(share.value.intention)) if share.value else None
                found.shares[seat, when] = share.version, text
            mine = thanks.read_thanks(lane, when).get(seat)
            if mine:
                found.thanks[seat, when] = mine.version, mine.value.text
    found.record = [(e.kind, e.seat) for e in agreements.list_events(lane, world.tonight)]
    found.voted = set(wishes.list_handed_in(lane, EVENINGS[0]))
    card = cards.read_card(lane, Signals)
    found.word = (card.version, card.value.word) if card else (0, "")
    return found


def kill(world: World, deed: Deed, toll: Toll) -> None:
    """Kill the pages in the middle of a deed: afterwards it was done, or it was not begun."""
    do, change = deed
    for seat in Seat:
        world.lane(seat)  # both pages are open
    before, after = world.model, deepcopy(world.model)
    change(after)
    done = world.killed(do, world.chance.choice((0, 1, 2, 3, 5, 8, 13, 21, 34)))
    could = (after,) if done else (before, after)
    kept = [m for m in could if all(opens(world.folder, s) for s in m.secrets.values())]
    toll.lost += not kept
    if kept:
        world.model = kept[-1]
        for model in could:
            model.secrets = world.model.secrets
    now = seen(world)
    toll.lost += done and now != after
    toll.torn += now not in could
    world.model = now


@sizes(20, 5000)
@pytest.mark.timeout(4 * 3600)
def test_two_people_and_a_model_agree_whatever_happens(new_vault, toll, times):
    """40 random runs of two people, with kills"""
    for run in range(times):
        chance = Random(run)
        world = World(new_vault(), chance)
        disk = Disk(world.folder, world.meet)
        with disk.watch():
            for _ in range(STEPS[times]):
                deed = world.some(OFTEN if chance.random() < 0.92 else SELDOM)(world)
                if chance.random() < KILLS:
                    kill(world, deed, toll)
                else:
                    deed[0]()
                    deed[1](world.model)
            world.lock()
            toll.lost += seen(world) != world.model
            world.lock()
        shutil.rmtree(world.folder)
        disk.forget()
        toll.runs += 1
        assert toll.nothing, f"run {run}"
