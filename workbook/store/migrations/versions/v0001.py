"""Version 1: everything there is on the first day. Written out, since tables move on."""

from alembic import op
from sqlalchemy import Boolean, Column, Integer, LargeBinary, String

revision = "0001"
down_revision = None

NEVER = """
CREATE TRIGGER agreements_keep_{what} BEFORE {what} ON agreements
BEGIN SELECT RAISE(ABORT, 'the agreement log is only added to'); END
"""


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=False)


def _bytes(name: str, *, key: bool = False, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, primary_key=key, nullable=nullable)


def _record() -> tuple[Column[int], Column[str], Column[bytes]]:
    return _number("version"), _text("at"), _bytes("body", nullable=True)


def upgrade() -> None:
    """Make every table of version 1, and the triggers that keep the agreement log."""
    op.create_table("meta", _text("name", key=True), _text("value"))
    op.create_table("people", _text("seat", key=True), *_record(), _bytes("box"))
    op.create_table("ceremony", _number("round", key=True), _bytes("public"))
    op.create_table("answers", _text("seat", key=True), _bytes("row", key=True), _bytes("box"))
    op.create_table(
        "evenings",
        _number("seq", key=True),
        Column("id", String, nullable=False, unique=True),
        _text("on"),
        _text("began"),
        sqlite_autoincrement=True,
    )
    op.create_table("cards", _text("topic", key=True), _text("evening", key=True), *_record())
    op.create_table("shares", _text("evening", key=True), _text("seat", key=True), *_record())
    op.create_table("plans", _text("evening", key=True), _number("turn", key=True), _bytes("body"))
    op.create_table(
        "agreements",
        _number("seq", key=True),
        _text("evening"),
        Column("seat", String, nullable=True),
        _text("kind"),
        _text("plan"),
        _text("on"),
        Column("spoken", Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    for what in ("UPDATE", "DELETE"):
        op.execute(NEVER.format(what=what))
    op.create_table(
        "sessions",
        _number("run", key=True),
        _text("evening"),
        *_record(),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "thanks",
        _text("evening", key=True),
        _text("seat", key=True),
        *_record(),
        Column("shown", Boolean(create_constraint=False), nullable=False),
    )
    op.create_table(
        "ballots",
        _text("evening", key=True),
        _text("seat", key=True),
        _number("round"),
        _bytes("ballot"),
        _bytes("share"),
    )
    op.create_table("matches", _text("evening", key=True), _bytes("body"))
