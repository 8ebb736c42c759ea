import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, select, text

from tests.store.conftest import NIGHT, WORDS, Home
from tests.store.fixtures import make
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import Signals
from workbook.domain.errors import DamagedVault, NewerVault
from workbook.domain.evening import WishAnswers
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.domain.session import Phase
from workbook.domain.shares import NOT_TONIGHT
from workbook.store import (
    answers,
    cards,
    connection,
    consent,
    evenings,
    plans,
    schema,
    sessions,
    shares,
    thanks,
    vault,
    wishes,
)
from workbook.store import migrations as steps
from workbook.store.connection import connect, make_engine
from workbook.store.schema import METADATA
from workbook.store.thanks import Thanks

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
        monkeypatch.setattr(module, "SCHEMA_VERSION", 3)
    return folder / "versions" / "v0003.py"


def test_the_tables_are_what_the_migrations_make(kim):
    with kim.reader.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), METADATA) == []


def test_a_file_says_what_it_is(home, kim):
    with kim.reading() as db:
        meta = dict(db.execute(text("SELECT name, value FROM meta")).all())
        version = db.execute(text("PRAGMA user_version")).scalar()
        known = db.execute(text("PRAGMA application_id")).scalar()

    assert version == connection.SCHEMA_VERSION == 2
    assert known == connection.APPLICATION_ID
    assert meta["min_reader_version"] == "2"
    assert len(meta["vault"]) == 32


def test_an_older_vault_is_brought_up_to_date_as_it_opens(home, kim, later):
    answers.write_answer(kim, AreaAnswers({"feet": AreaMark.OPEN}))
    kim.close()
    later.write_text(NEXT.replace('op.execute(text("DELETE FROM answers"))', "pass"))

    with home.unlock() as lane:
        assert answers.read_answer(lane, AreaAnswers).value == AreaAnswers({"feet": AreaMark.OPEN})
        with lane.reading() as db:
            assert db.execute(text("PRAGMA user_version")).scalar() == 3
            assert db.execute(text("SELECT count(*) FROM half")).scalar() == 0


@pytest.mark.parametrize("step", range(4))
def test_a_migration_that_fails_leaves_the_file_as_it_was(home, kim, later, step):
    answers.write_answer(kim, AreaAnswers({"feet": AreaMark.OPEN}))
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
    with kim.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    kim.close()
    before = _state(home, key)

    with pytest.raises(DamagedVault):
        steps.migrate(make_engine(home.file, key, read_only=False))

    assert _state(home, key) == before


# Released versions: a vault of each, as its own program has left it --------------------------


@pytest.fixture(params=["v1"])
def old(request, tmp_path):
    """A copy of a vault that an earlier program has left."""
    folder = tmp_path / request.param
    shutil.copytree(make.HERE / request.param, folder)
    return Home(folder, {})


def test_there_is_a_vault_of_every_version_before_this_one():
    kept = {path.name for path in make.HERE.glob("v*")}

    assert kept == {f"v{number}" for number in range(1, connection.SCHEMA_VERSION)}


@pytest.mark.parametrize("first", Seat)
def test_all_that_was_in_an_old_vault_is_there(old, first):
    lanes = {seat: old.unlock(seat) for seat in (first, first.other)}
    kim = lanes[Seat.A]
    one, two = evenings.list_evenings(kim)

    assert (one.on, two.on) == (date(2026, 5, 3), date(2026, 5, 10))
    for seat, lane in lanes.items():
        assert lane.people.at(seat) == old.people.at(seat)
        assert answers.read_answer(lane, AreaAnswers).value == make.answered(seat)
        wished = frozenset({"silence", seat.value})
        assert answers.read_answer(lane, WishAnswers, one.id).value == WishAnswers(wished)
        assert shares.read_all(lane, one.id) == dict.fromkeys(Seat, NOT_TONIGHT)
        assert {who: said.value for who, said in thanks.read_thanks(lane, one.id).items()} == {
            who: Thanks(f"thank you from {who.value}") for who in Seat
        }
    assert cards.read_card(kim, Signals).value == make.SIGNALS
    assert plans.read_plans(kim, one.id) == (make.made(Turn(Seat.A, 10)),)
    assert sessions.current_session(kim, one.id).saved.value.session.phase is Phase.STOPPED
    last = wishes.last_round(kim)
    assert (last.evening, last.on, last.both) == (one.id, one.on, {"silence"})
    assert wishes.list_handed_in(kim, two.id) == set(Seat)
    for lane in lanes.values():
        lane.close()


def test_the_old_agreement_log_is_carried_over_and_goes_on(old):
    before = make.events(date(2026, 5, 3))
    with old.unlock(Seat.A) as kim, old.unlock(Seat.B) as robin:
        one = evenings.list_evenings(kim)[0].id

        assert consent.events(kim, one) == tuple(event for _, event, _ in before)
        said = [kept.line for kept in consent.lines(kim)]
        assert [line.spoken for line in said] == [spoken for _, _, spoken in before]
        assert all(line.carried for line in said)
        assert consent.verify(kim) == ()
        consent.append(robin, one, before[2][1])
        assert consent.verify(kim) == consent.verify(robin) == ()
        with kim.reading() as db:
            names = set(db.execute(text("SELECT name FROM sqlite_master")).scalars())
        assert not {name for name in names if name.startswith("agreements")}
        assert {"consent_keep_update", "consent_keep_delete"} <= names


def test_ballots_of_an_old_vault_still_open_and_the_next_round_follows(old):
    with old.unlock(Seat.A) as kim, old.unlock(Seat.B) as robin:
        two = evenings.list_evenings(kim)[1].id
        with kim.reading() as db:
            tables = (schema.matches, schema.ballots, schema.ceremony)
            assert [db.execute(select(t.c.round)).scalars().all() for t in tables] == [
                [1],
                [2, 2],
                [2],
            ]
        assert not wishes.request_reveal(kim, two)
        assert wishes.request_reveal(robin, two)
        assert wishes.last_round(kim).both == {"soft_music"}
        for lane in (kim, robin):
            wishes.hand_in_ballot(lane, "three", frozenset({"hair"}))
        assert not wishes.request_reveal(robin, "three")
        assert wishes.request_reveal(kim, "three")
        assert wishes.last_round(robin).both == {"hair"}


def test_an_old_vault_is_brought_to_the_tables_of_a_new_one(old, home):
    def made(folder):
        with vault.unlock(folder, WORDS[Seat.A], clock=lambda: NIGHT) as lane:
            with lane.reading() as db:
                found = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
                tables = [tuple(row) for row in db.execute(text(found))]
                meta = db.execute(text("SELECT value FROM meta WHERE name LIKE 'min%'")).scalar()
            return tables, meta

    assert made(old.folder) == made(home.folder)


@pytest.mark.parametrize("seat", Seat)
def test_this_program_leaves_a_newer_vault_untouched(home, monkeypatch, seat):
    """This program as version 1 was, and a vault of version 2."""
    home.unlock(seat).close()
    before = home.hashes()
    for module in (connection, vault, steps):
        monkeypatch.setattr(module, "SCHEMA_VERSION", connection.SCHEMA_VERSION - 1, raising=False)

    with pytest.raises(NewerVault):
        home.unlock(seat)

    assert home.hashes() == before


class _Cut(Exception):
    pass


def test_a_migration_that_is_cut_at_any_statement_leaves_the_file_as_it_was(old, tmp_path):
    """Every statement of the migration in turn is the one at which it stops."""
    shutil.copytree(old.folder, tmp_path / "other")
    with Home(tmp_path / "other", {}).unlock() as lane:
        key = lane.keys.database
    before = hashlib.sha256(old.file.read_bytes()).hexdigest()
    stop, ran = [0], []

    def count(_con, _cursor, statement, *_more):
        ran.append(statement)
        if len(ran) == stop[0]:
            raise _Cut

    def migrate(at):
        stop[0] = at
        ran.clear()
        writer = make_engine(old.file, key, read_only=False)
        event.listen(writer, "before_cursor_execute", count)
        try:
            steps.migrate(writer)
        finally:
            writer.dispose()

    for at in range(1, 1000):
        try:
            migrate(at)
        except _Cut:
            assert hashlib.sha256(old.file.read_bytes()).hexdigest() == before, ran[-1]
        else:
            break
    assert at == len(ran) + 1 > 30
    with old.unlock() as lane:
        assert len(consent.lines(lane)) == 6
