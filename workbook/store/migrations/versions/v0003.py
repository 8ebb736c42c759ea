"""Version 3: agreements are plain rows that go after their evening; plans lie under their hash.

Written out, as every version is. The signed and chained record goes: only what was said on
the last evening comes along. A plan's hash is taken from the session that played it where
there is one, and otherwise computed here, once.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from alembic import op
from sqlalchemy import Column, Connection, Integer, LargeBinary, String, UniqueConstraint

from workbook.store.seal import UnsealError, unpad, unseal

revision = "0003"
down_revision = "0002"

BLOCK = 512
KINDS = ("affirmed", "withdrawn", "stopped", "finished")


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String, nullable=nullable)


def upgrade() -> None:
    """Bring a file of version 2 here; all of it or nothing."""
    db = op.get_bind()
    _agreements(db)
    plans = _plans(db)
    _sessions(db, plans)
    db.exec_driver_sql("UPDATE meta SET value = '3' WHERE name = 'min_reader_version'")


def _agreements(db: Connection) -> None:
    """Carry over what was said on the last evening, and drop the record."""
    op.create_table(
        "agreements",
        Column("seq", Integer, primary_key=True, nullable=False),
        _text("evening"),
        _text("seat", nullable=True),
        _text("kind"),
        _text("plan"),
        _text("on"),
        _text("at"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_agreements_evening", "agreements", ["evening"])
    last = db.exec_driver_sql(
        'SELECT id, "on", began FROM evenings ORDER BY seq DESC LIMIT 1'
    ).one_or_none()
    if last is not None and last.on:
        find = """
            SELECT seq, evening, key, box FROM consent WHERE seq >=
              (SELECT min(seq) FROM consent WHERE evening = ?)
              AND (evening = ? OR evening IS NULL) ORDER BY seq
            """
        for row in db.exec_driver_sql(find, (last.id, last.id)).all():
            said = _opened(row.seq, row.key, row.box)
            new: tuple[str | None, ...]
            if said is None:  # erased, or it does not open: no earlier yes stands
                new = (None, "withdrawn", "", last.on, last.began)
            elif said["kind"] in KINDS:
                new = (said["seat"], said["kind"], said["of"], said["on"], _local(said, last.began))
            else:
                continue
            db.exec_driver_sql(
                'INSERT INTO agreements (evening, seat, kind, plan, "on", at)'
                " VALUES (?, ?, ?, ?, ?, ?)",
                (last.id, *new),
            )
    for what in ("update", "delete"):
        op.execute(f"DROP TRIGGER consent_keep_{what}")
    op.drop_table("consent")
    db.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'consent'")


def _opened(seq: int, key: bytes | None, box: bytes) -> dict[str, str] | None:
    if key is None:
        return None
    try:
        content = unpad(unseal(key, box, f"consent|v1|{seq}"), BLOCK)
        found: dict[str, str] = json.loads(content)
    except (UnsealError, ValueError):
        return None
    return found


def _local(said: dict[str, str], began: str) -> str:
    """Return the local time of a line; those from before version 2 have none."""
    if not said.get("at"):
        return began
    at = datetime.fromisoformat(said["at"]).astimezone()
    return at.replace(tzinfo=None).isoformat(timespec="seconds")


def _plans(db: Connection) -> dict[tuple[str, str], dict[str, Any]]:
    """Key the plans by evening and hash, and return them."""
    op.rename_table("plans", "plans_2")
    op.create_table(
        "plans",
        Column("seq", Integer, primary_key=True, nullable=False),
        _text("evening"),
        _text("hash"),
        Column("format", Integer, nullable=False),
        _text("product"),
        Column("body", LargeBinary, nullable=False),
        UniqueConstraint("evening", "hash"),
    )
    played = {}
    for row in db.exec_driver_sql("SELECT evening, body FROM sessions ORDER BY run").all():
        said = json.loads(row.body)
        played[row.evening, said["turn"]] = said["plan"]
    plans: dict[tuple[str, str], dict[str, Any]] = {}
    find = """
        SELECT plans_2.evening, turn, body FROM plans_2
        LEFT JOIN evenings ON evenings.id = plans_2.evening ORDER BY evenings.seq, turn
        """
    for row in db.exec_driver_sql(find).all():
        content = json.loads(row.body)
        key = row.evening, played.get((row.evening, row.turn)) or _hash(content)
        plans[key] = content
        db.exec_driver_sql(
            "INSERT OR REPLACE INTO plans (evening, hash, format, product, body)"
            " VALUES (?, ?, 1, ?, ?)",
            (*key, content["product"], row.body),
        )
    op.drop_table("plans_2")
    return plans


def _hash(plan: dict[str, object]) -> str:
    """Return the hash of a plan as version 2 computed it: all but where it came from."""
    content = {**plan, "tightened_from": None}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _sessions(db: Connection, plans: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Write the product of every session beside it, and its state as this version keeps it."""
    db.exec_driver_sql("ALTER TABLE sessions ADD COLUMN product VARCHAR NOT NULL DEFAULT ''")
    for row in db.exec_driver_sql("SELECT run, evening, body FROM sessions").all():
        said = json.loads(row.body)
        plan = plans.get((row.evening, said["plan"]), {"product": "", "steps": []})
        new = {
            "plan": said["plan"],
            "session": _session(said["session"], said.get("seconds", 0), plan["steps"]),
            "ended": _end(said),
        }
        body = json.dumps(new, separators=(",", ":"), ensure_ascii=False).encode()
        db.exec_driver_sql(
            "UPDATE sessions SET product = ?, body = ? WHERE run = ?",
            (plan["product"], body, row.run),
        )
    with op.batch_alter_table("sessions", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("product", server_default=None)
    op.create_index("ix_sessions_evening", "sessions", ["evening"])
    op.create_index("ix_sessions_product", "sessions", ["product", "at"])


def _session(old: dict[str, Any], seconds: int, steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a session of version 2, which knew its step and the seconds in it, by the plan."""
    played = steps if old["phase"] == "finished" else steps[: old["step"]]
    rest = 0 if old["phase"] == "finished" else seconds
    elapsed = float(sum(step["seconds"] for step in played) + rest)
    return {
        "phase": old["phase"],
        "step": old["step"],
        "elapsed": elapsed,
        "played": elapsed,
        "cap": old.get("cap", 4),
        "allowed": 4,  # no yes to a level was asked for
        "silences": old.get("silences", 0),
        "asked": -1,
        "open": None,
        "repeat": None,
        "left_alone": [],
    }


def _end(said: dict[str, Any]) -> str | None:
    """Return how a session of version 2 ended; None while it goes on."""
    if said["session"]["phase"] not in ("stopped", "finished"):
        return None
    return "stop" if said.get("ended_early") else "finish"
