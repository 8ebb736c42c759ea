"""Version 4: thank-yous are sealed, ballots are signed, and rows of answers have no number.

Written out, as every version is. A ballot that was handed in and not opened cannot be signed
here, since only its owner can: it goes, and *Ready* hands it in again. The rows of answers get
their common length when their owner unlocks.
"""

import base64
import json

from alembic import op
from nacl.public import PublicKey, SealedBox
from sqlalchemy import Column, Connection, LargeBinary, String

from workbook.store.seal import pad

revision = "0004"
down_revision = "0003"

BLOCK = 1024


def upgrade() -> None:
    """Bring a file of version 3 here; all of it or nothing."""
    db = op.get_bind()
    for table in ("asks", "ballots"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    _answers(db)
    _thanks(db)
    db.exec_driver_sql("UPDATE meta SET value = '4' WHERE name = 'min_reader_version'")


def _answers(db: Connection) -> None:
    """Keep the rows without their numbers, which show how many there were before."""
    op.rename_table("answers", "answers_3")
    op.create_table(
        "answers",
        Column("seat", String, primary_key=True, nullable=False),
        Column("row", LargeBinary, primary_key=True, nullable=False),
        Column("box", LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    db.exec_driver_sql("INSERT INTO answers SELECT seat, row, box FROM answers_3")
    op.drop_table("answers_3")


def _thanks(db: Connection) -> None:
    """Seal every thank-you to both people."""
    boxes = {row.seat: row.box for row in db.exec_driver_sql("SELECT seat, box FROM people")}
    find = "SELECT evening, seat, body FROM thanks WHERE body IS NOT NULL"
    for row in db.exec_driver_sql(find).all():
        content = pad(row.body, BLOCK)
        sealed = {
            f"for_{seat.lower()}": base64.b64encode(
                SealedBox(PublicKey(boxes[seat])).encrypt(content)
            ).decode()
            for seat in ("A", "B")
        }
        db.exec_driver_sql(
            "UPDATE thanks SET body = ? WHERE evening = ? AND seat = ?",
            (json.dumps(sealed, separators=(",", ":")).encode(), row.evening, row.seat),
        )
