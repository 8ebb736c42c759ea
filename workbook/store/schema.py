"""The tables of the vault, as the present version has them; migrations get a file there."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, String, Table

METADATA = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _record() -> tuple[Column[int], Column[str], Column[bytes]]:
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
    *_record(),
    Column("box", LargeBinary, nullable=False),
)
"""``box``: public half of the pair to which ceremony shares are sealed."""

ceremony = Table("ceremony", METADATA, Column("round", Integer, primary_key=True),
                 Column("public", LargeBinary, nullable=False))  # fmt: skip

answers = Table("answers", METADATA, _text("seat", key=True),
                Column("row", LargeBinary, primary_key=True, nullable=False),
                Column("box", LargeBinary, nullable=False))  # fmt: skip
"""``row`` follows from topic, evening and the owner's key: the partner cannot tell which it is."""

evenings = Table("evenings", METADATA, Column("seq", Integer, primary_key=True),
                 Column("id", String, nullable=False, unique=True),
                 _text("on"), _text("began"), sqlite_autoincrement=True)  # fmt: skip

cards = Table("cards", METADATA, _text("topic", key=True), _text("evening", key=True), *_record())

shares = Table("shares", METADATA, _text("evening", key=True), _text("seat", key=True), *_record())

plans = Table("plans", METADATA, _text("evening", key=True),
              Column("turn", Integer, primary_key=True, nullable=False),
              Column("body", LargeBinary, nullable=False))  # fmt: skip

agreements = Table("agreements", METADATA, Column("seq", Integer, primary_key=True),
                   _text("evening"), Column("seat", String, nullable=True),
                   _text("kind"), _text("plan"), _text("on"),
                   Column("spoken", Boolean, nullable=False),
                   sqlite_autoincrement=True)  # fmt: skip
"""Append only: triggers refuse change and removal. ``spoken``: said at the partner's page."""

sessions = Table("sessions", METADATA, Column("run", Integer, primary_key=True),
                 _text("evening"), *_record(), sqlite_autoincrement=True)  # fmt: skip

thanks = Table(
    "thanks",
    METADATA,
    _text("evening", key=True),
    _text("seat", key=True),
    *_record(),
    Column("shown", Boolean(create_constraint=False), nullable=False),
)

ballots = Table("ballots", METADATA, _text("evening", key=True), _text("seat", key=True),
                Column("round", Integer, nullable=False),
                Column("ballot", LargeBinary, nullable=False),
                Column("share", LargeBinary, nullable=False))  # fmt: skip

matches = Table("matches", METADATA, _text("evening", key=True),
                Column("body", LargeBinary, nullable=False))  # fmt: skip
