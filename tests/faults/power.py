"""What lies on a disk after the power went: all that was synced, and the rest by chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.faults.disk import Disk, Link, Rename, Said, Sync, Truncate, Unlink, Write

SECTOR = 512
"""Bytes that are written as a whole or not at all."""


@dataclass
class _Kept:
    """What of a file is on the disk for certain, and what was done to it since."""

    content: bytearray = field(default_factory=bytearray)
    since: list[Write | Truncate] = field(default_factory=list)


def images(
    disk: Disk, points: Iterable[int], chance: Random
) -> Iterator[tuple[dict[str, bytes], Any]]:
    """Yield the files after a power cut before each of these acts, and what was last said.

    Each 512-byte sector written since its file was synced is there by chance. Of the names
    given since the folder was synced the first so many are there, in their order.

    Args:
        disk: what happened.
        points: numbers of acts, in ascending order.
        chance: seeded.

    """
    files = {number: _Kept(bytearray(content)) for number, _, content in disk.before}
    names = {name: number for number, name, _ in disk.before}
    naming: list[Link | Unlink | Rename] = []
    said: Any = None
    done = 0
    for point in points:
        for act in disk.acts[done:point]:
            match act:
                case Said(what):
                    said = what
                case Sync(None):
                    _name(names, naming)
                    naming = []
                case Sync(number):
                    kept = files[number]
                    for each in kept.since:
                        _do(kept.content, each)
                    kept.since = []
                case Write(number) | Truncate(number):
                    files[number].since.append(act)
                case _:
                    if isinstance(act, Link):
                        files[act.file] = _Kept()
                    naming.append(act)
        done = point
        there = dict(names)
        _name(there, naming[: chance.randint(0, len(naming))])
        yield {name: _by_chance(files[number], chance) for name, number in there.items()}, said


def _name(names: dict[str, int], acts: list[Link | Unlink | Rename]) -> None:
    for act in acts:
        match act:
            case Link(number, name):
                names[name] = number
            case Unlink(name):
                names.pop(name, None)
            case Rename(old, new):
                names[new] = names.pop(old)


def _do(content: bytearray, act: Write | Truncate) -> None:
    if isinstance(act, Write):
        content.extend(bytes(max(0, act.at - len(content))))
        content[act.at : act.at + len(act.content)] = act.content
    else:
        del content[act.size :]
        content.extend(bytes(act.size - len(content)))


def _by_chance(kept: _Kept, chance: Random) -> bytes:
    content = bytearray(kept.content)
    for act in kept.since:
        if isinstance(act, Truncate):
            if chance.random() < 0.5:
                _do(content, act)
            continue
        for at in range(0, len(act.content), SECTOR):
            if chance.random() < 0.5:
                _do(content, Write(act.file, act.at + at, act.content[at : at + SECTOR]))
    return bytes(content)
