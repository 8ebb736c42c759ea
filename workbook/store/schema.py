"""The tables of the vault, as the present version has them; migrations get a file there."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

METADATA = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _versioned_columns() -> tuple[Column[int], Column[str], Column[bytes]]:
    """Return what every record has: version, local time it was saved, content as JSON."""
    return (
        Column("version", Integer, nullable=False),
        Column("at", String, nullable=False),
        Column("body", LargeBinary, nullable=True),
    )


meta = Table("meta", METADATA, _text("name", key=True), _text("value"))

people = Table(
    "people",
    METADATA,
    _text("seat", key=True),
    *_versioned_columns(),
    Column("box", LargeBinary, nullable=False),
    Column("signing", LargeBinary, nullable=True),
)
"""Two public halves: of the pair to which ceremony shares are sealed, and of the one that
signs; the second is missing until that person unlocks for the first
time after version 1."""

ceremony = Table("ceremony", METADATA, Column("round", Integer, primary_key=True),
                 Column("public", LargeBinary, nullable=False),
                 Column("share_a", LargeBinary, nullable=True),
                 Column("share_b", LargeBinary, nullable=True),
                 Column("seed", LargeBinary, nullable=False))  # fmt: skip
"""The round that is under way, one row. Each share is sealed to its owner; the first
round's lie in the keyring. ``seed`` decides which wishes this round asks about."""

asks = Table("asks", METADATA, Column("round", Integer, primary_key=True),
             _text("seat"), Column("port", Integer, nullable=False),
             Column("public", LargeBinary, nullable=False))  # fmt: skip
"""Who asked first, and how the process that waits for the other one is reached. No time."""

answers = Table("answers", METADATA, _text("seat", key=True),
                Column("row", LargeBinary, primary_key=True, nullable=False),
                Column("box", LargeBinary, nullable=False),
                sqlite_with_rowid=False)  # fmt: skip
"""``row`` follows from topic, evening and the owner's key: the partner cannot tell which it is.
Without row numbers, which would tell how many there were before an erasing."""

evenings = Table("evenings", METADATA, Column("seq", Integer, primary_key=True),
                 Column("id", String, nullable=False, unique=True),
                 _text("on"), _text("began"), sqlite_autoincrement=True)  # fmt: skip

cards = Table(
    "cards", METADATA, _text("topic", key=True), _text("evening", key=True), *_versioned_columns()
)

shares = Table(
    "shares", METADATA, _text("evening", key=True), _text("seat", key=True), *_versioned_columns()
)

plans = Table("plans", METADATA, Column("seq", Integer, primary_key=True),
              _text("evening"), _text("hash"), Column("format", Integer, nullable=False),
              _text("product"), Column("body", LargeBinary, nullable=False),
              UniqueConstraint("evening", "hash"))  # fmt: skip
"""``seq``: the plan that was saved last has the highest; ``format`` is of ``body``."""

agreements = Table("agreements", METADATA, Column("seq", Integer, primary_key=True),
                   Column("evening", String, nullable=False, index=True),
                   Column("seat", String, nullable=True),
                   _text("kind"), _text("plan"), _text("on"), _text("at"),
                   sqlite_autoincrement=True)  # fmt: skip
"""``on``: the evening's local date; ``at``: local time. Rows go once their evening is over."""

sessions = Table("sessions", METADATA, Column("run", Integer, primary_key=True),
                 Column("evening", String, nullable=False, index=True), *_versioned_columns(),
                 _text("product"), Index("ix_sessions_product", "product", "at"),
                 sqlite_autoincrement=True)  # fmt: skip

thanks = Table(
    "thanks",
    METADATA,
    _text("evening", key=True),
    _text("seat", key=True),
    *_versioned_columns(),
    Column("shown", Boolean(create_constraint=False), nullable=False),
)

ballots = Table("ballots", METADATA, _text("evening", key=True), _text("seat", key=True),
                Column("round", Integer, nullable=False),
                Column("ballot", LargeBinary, nullable=False))  # fmt: skip

matches = Table("matches", METADATA, Column("round", Integer, primary_key=True),
                _text("evening"), _text("on"),
                Column("body", LargeBinary, nullable=False))  # fmt: skip
"""``on``: the day a round was opened, and nothing finer."""
