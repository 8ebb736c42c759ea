"""Version 2: the consent record is chained and signed; wishes are opened in rounds.

Written out, as every version is: what the record looked like on this day is made here and
not by the module that keeps it now.
"""

import hashlib
import json
import secrets

from alembic import op
from sqlalchemy import Column, Connection, Integer, LargeBinary, String

from workbook.store.seal import KEY_BYTES, pad, seal

revision = "0002"
down_revision = "0001"

KEEP = (
    """
    CREATE TRIGGER consent_keep_update BEFORE UPDATE ON consent
    WHEN NEW.seq IS NOT OLD.seq OR NEW.box IS NOT OLD.box OR NEW.link IS NOT OLD.link
      OR NEW.key IS NOT NULL OR NEW.evening IS NOT NULL OR NEW.seat IS NOT NULL
      OR NEW.signature IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the consent record is only added to'); END
    """,
    """
    CREATE TRIGGER consent_keep_delete BEFORE DELETE ON consent
    BEGIN SELECT RAISE(ABORT, 'the consent record is only added to'); END
    """,
)
BLOCK = 512


def _text(name: str) -> Column[str]:
    return Column(name, String, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=False)


def _bytes(name: str, *, nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=nullable)


def upgrade() -> None:
    """Bring a file of version 1 here, or an empty one on its way; all of it or nothing."""
    db = op.get_bind()
    db.exec_driver_sql("ALTER TABLE people ADD COLUMN signing BLOB")
    _rounds(db)
    _record(db)
    db.exec_driver_sql("UPDATE meta SET value = '2' WHERE name = 'min_reader_version'")


def _rounds(db: Connection) -> None:
    """Number what was opened so far; the round under way keeps its pair and its ballots."""
    op.rename_table("matches", "matches_1")
    op.create_table(
        "matches", _number("round", key=True), _text("evening"), _text("on"), _bytes("body")
    )
    db.exec_driver_sql("""
        INSERT INTO matches SELECT row_number() OVER (ORDER BY seq), evening, "on", body
        FROM matches_1 JOIN evenings ON evenings.id = matches_1.evening
        """)
    op.drop_table("matches_1")
    for name in ("share_a", "share_b"):
        db.exec_driver_sql(f"ALTER TABLE ceremony ADD COLUMN {name} BLOB")
    db.exec_driver_sql("ALTER TABLE ceremony ADD COLUMN seed BLOB NOT NULL DEFAULT x''")
    with op.batch_alter_table("ceremony") as batch:
        batch.alter_column("seed", server_default=None)
    with op.batch_alter_table("ballots") as batch:
        batch.drop_column("share")  # now given to the process that opens, and never kept
    now = "(SELECT count(*) FROM matches)"
    db.exec_driver_sql(f"UPDATE ceremony SET round = round + {now}, seed = randomblob(16)")  # noqa: S608
    db.exec_driver_sql(f"UPDATE ballots SET round = round + {now}")  # noqa: S608
    op.create_table(
        "asks", _number("round", key=True), _text("seat"), _number("port"), _bytes("public")
    )


def _record(db: Connection) -> None:
    """Carry the agreement log over: chained from now on, and unsigned as it was."""
    op.create_table(
        "consent",
        _number("seq", key=True),
        Column("evening", String, nullable=True),
        Column("seat", String, nullable=True),
        _bytes("key", nullable=True),
        _bytes("box"),
        _bytes("link"),
        _bytes("signature", nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consent_evening", "consent", ["evening"])
    link = bytes(KEY_BYTES)
    find = 'SELECT seq, evening, seat, kind, plan, "on", spoken FROM agreements ORDER BY seq'
    for row in db.exec_driver_sql(find).all():
        line = {
            "evening": row.evening,
            "kind": row.kind,
            "seat": row.seat,
            "of": row.plan,
            "on": row.on,
            "at": None,
            "spoken": bool(row.spoken),
            "carried": True,
        }
        key = secrets.token_bytes(KEY_BYTES)
        content = pad(json.dumps(line).encode(), BLOCK)
        box = seal(key, content, f"consent|v1|{row.seq}")
        link = hashlib.blake2b(
            link
            + row.seq.to_bytes(8, "big")
            + hashlib.blake2b(box, digest_size=KEY_BYTES).digest(),
            digest_size=KEY_BYTES,
        ).digest()
        db.exec_driver_sql(
            "INSERT INTO consent (seq, evening, seat, key, box, link) VALUES (?, ?, ?, ?, ?, ?)",
            (row.seq, row.evening, row.seat, key, box, link),
        )
    for what in ("update", "delete"):
        op.execute(f"DROP TRIGGER agreements_keep_{what}")
    op.drop_table("agreements")
    db.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'agreements'")
    for trigger in KEEP:
        op.execute(trigger)
