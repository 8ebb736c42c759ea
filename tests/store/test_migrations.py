import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from workbook.domain.errors import DamagedVault
from workbook.domain.limits import AreaAnswers, Mark
from workbook.store import answers, connection, vault
from workbook.store import migrations as steps
from workbook.store.connection import connect, engine
from workbook.store.schema import METADATA

NEXT = """
from alembic import op
from sqlalchemy import Column, String, text
revision, down_revision = "0003", "0002"
def upgrade():
    op.create_table("half", Column("x", String))
    with op.batch_alter_table("people") as batch:
        batch.add_column(Column("y", String))
    op.execute(text("DELETE FROM answers"))
"""


def _state(home, key):
    con = connect(home.file, key, untouched=True)
    dump = [tuple(row) for row in con.execute("SELECT name, sql FROM sqlite_master")]
    rows = [tuple(row) for row in con.execute("SELECT * FROM answers")]
    version = (
        con.execute("PRAGMA user_version").fetchone(),
        [tuple(r) for r in con.execute("SELECT * FROM alembic_version")],
    )
    con.close()
    return dump, rows, version


@pytest.fixture
def later(home, monkeypatch, tmp_path):
    """This program one version later, with one more step."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(steps.__file__).parent, folder)
    monkeypatch.setattr(steps, "__file__", str(folder / "__init__.py"))
    for module in (connection, vault, steps):
        monkeypatch.setattr(module, "VERSION", 3)
    return folder / "versions" / "v0003.py"


def test_the_tables_are_what_the_migrations_make(kim):
    with kim.reader.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), METADATA) == []


def test_a_file_says_what_it_is(home, kim):
    with kim.reader.begin() as db:
        meta = dict(db.execute(text("SELECT name, value FROM meta")).all())
        version = db.execute(text("PRAGMA user_version")).scalar()
        known = db.execute(text("PRAGMA application_id")).scalar()

    assert version == connection.VERSION == 2
    assert known == connection.APPLICATION_ID
    assert meta["min_reader_version"] == "2"
    assert len(meta["vault"]) == 32


def test_an_older_vault_is_brought_up_to_date_as_it_opens(home, kim, later):
    answers.write(kim, AreaAnswers({"feet": Mark.OPEN}))
    kim.close()
    later.write_text(NEXT.replace('op.execute(text("DELETE FROM answers"))', "pass"))

    with home.unlock() as lane:
        assert answers.read(lane, AreaAnswers).value == AreaAnswers({"feet": Mark.OPEN})
        with lane.reader.begin() as db:
            assert db.execute(text("PRAGMA user_version")).scalar() == 3
            assert db.execute(text("SELECT count(*) FROM half")).scalar() == 0


@pytest.mark.parametrize("step", range(4))
def test_a_migration_that_fails_leaves_the_file_as_it_was(home, kim, later, step):
    answers.write(kim, AreaAnswers({"feet": Mark.OPEN}))
    key = kim.keys.database
    kim.close()
    before = _state(home, key)
    lines = NEXT.splitlines()
    at = len(lines) - (0, 1, 3, 4)[step]
    later.write_text("\n".join([*lines[:at], "    1 / 0", *lines[at:]]))

    with pytest.raises(ZeroDivisionError):
        home.unlock()

    assert _state(home, key) == before
    later.write_text(NEXT)
    home.unlock().close()


def test_a_file_of_a_version_nobody_knows_is_damage(home, kim, later):
    key = kim.keys.database
    with kim.writer.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    kim.close()
    before = _state(home, key)

    with pytest.raises(DamagedVault):
        steps.migrate(engine(home.file, key, read_only=False))

    assert _state(home, key) == before
