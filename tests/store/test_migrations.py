import hashlib
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, select, text

from tests.store.conftest import NIGHT, WORDS, Home
from tests.store.fixtures import make
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import AgreementEvent, AgreementKind, Signals
from workbook.domain.errors import DamagedVault, NewerVault, NotSaved
from workbook.domain.evening import WishAnswers
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.domain.session import Phase
from workbook.domain.shares import NOT_TONIGHT
from workbook.store import (
    agreements,
    answers,
    backups,
    cards,
    clock,
    connection,
    evenings,
    keyring,
    plans,
    schema,
    sessions,
    shares,
    thanks,
    vault,
    wishes,
)
from workbook.store import migrations as steps
from workbook.store.connection import connect, make_engines
from workbook.store.migrations.versions import v0002
from workbook.store.schema import METADATA
from workbook.store.thanks import Thanks

NEXT = """
from alembic import op
from sqlalchemy import Column, String, text
revision, down_revision = "0005", "0004"
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
        monkeypatch.setattr(module, "SCHEMA_VERSION", 5)
    return folder / "versions" / "v0005.py"


def test_the_tables_are_what_the_migrations_make(kim):
    with kim.reader.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), METADATA) == []


def test_a_file_says_what_it_is(home, kim):
    with kim.reading() as db:
        meta = dict(db.execute(text("SELECT name, value FROM meta")).all())
        version = db.execute(text("PRAGMA user_version")).scalar()
        known = db.execute(text("PRAGMA application_id")).scalar()

    assert version == connection.SCHEMA_VERSION == 4
    assert known == connection.APPLICATION_ID
    assert meta["min_reader_version"] == "4"
    assert len(meta["vault"]) == 32


def test_an_older_vault_is_brought_up_to_date_as_it_opens(home, kim, later):
    answers.write_answer(kim, AreaAnswers({"feet": AreaMark.OPEN}))
    kim.close()
    later.write_text(NEXT.replace('op.execute(text("DELETE FROM answers"))', "pass"))

    with home.unlock() as lane:
        assert answers.read_answer(lane, AreaAnswers).value == AreaAnswers({"feet": AreaMark.OPEN})
        with lane.reading() as db:
            assert db.execute(text("PRAGMA user_version")).scalar() == 5
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
        steps.migrate(make_engines(home.file, key)[1])

    assert _state(home, key) == before


# Released versions: a vault of each, as its own program has left it --------------------------


@pytest.fixture(params=["v1", "v2", "v3", "v4"])
def old(request, tmp_path):
    """A copy of a vault that an earlier program has left."""
    folder = tmp_path / request.param
    shutil.copytree(make.HERE / request.param, folder)
    return Home(folder, {})


def test_there_is_a_vault_of_every_version():
    kept = {path.name for path in make.HERE.glob("v*")}

    assert kept == {f"v{number}" for number in range(1, connection.SCHEMA_VERSION + 1)}


@pytest.mark.parametrize("first", Seat)
def test_all_that_was_in_an_old_vault_is_there(old, first):
    lanes = {seat: old.unlock(seat) for seat in (first, first.other)}
    kim = lanes[Seat.A]
    one, two = evenings.list_evenings(kim)

    assert (one.on, two.on) == (date(2026, 5, 3), date(2026, 5, 10))
    for seat, lane in lanes.items():
        assert lane.people.at(seat) == old.people.at(seat)
        assert not vault.has_unconfirmed_code(lane)
        assert answers.read_answer(lane, AreaAnswers).value == make.answered(seat)
        wished = frozenset({"silence", seat.value})
        assert answers.read_answer(lane, WishAnswers, one.id).value == WishAnswers(wished)
        assert shares.read_all(lane, one.id) == dict.fromkeys(Seat, NOT_TONIGHT)
        assert {who: said.value for who, said in thanks.read_thanks(lane, one.id).items()} == {
            who: Thanks(f"thank you from {who.value}") for who in Seat
        }
    assert cards.read_card(kim, Signals).value == make.SIGNALS
    played = sessions.latest_session(kim, one.id).saved.value
    assert plans.read_plan(kim, one.id, played.plan) == make.made(Turn(Seat.A, 10))
    assert sessions.was_product_used(kim, "O-18", datetime(2026, 5, 1), but_not=two.id)
    assert sessions.latest_session(kim, one.id).saved.value.session.phase is Phase.STOPPED
    last = wishes.last_round(kim)
    assert (last.evening, last.on, last.both) == (one.id, one.on, {"silence"})
    has_ballots = (old.folder.name == "v4") * len(Seat)  # earlier ones could not be signed
    assert len(wishes.list_handed_in(kim, two.id)) == has_ballots
    for lane in lanes.values():
        lane.close()


def _key_of(old):
    """The database key, without opening the vault's tables."""
    copies = keyring.load_keyring(old.folder)
    return keyring.open_slot(copies, WORDS[Seat.A]).keys.database


def _unlock_on(old, night, seat=Seat.A):
    return vault.unlock(old.folder, WORDS[seat], clock=lambda: night)


@pytest.mark.parametrize("old", ["v2", "v3"], indirect=True)
def test_what_was_said_on_the_last_evening_is_there_and_goes_on(old):
    with _unlock_on(old, make.SECOND) as kim, _unlock_on(old, make.SECOND, Seat.B) as robin:
        one, two = evenings.list_evenings(kim)
        before = tuple(event for _, event, _ in make.events(two.on))

        assert agreements.list_events(kim, two.id) == before
        assert agreements.list_events(robin, one.id) == ()
        assert not clock.clock_behind(kim)
        agreements.append_event(robin, two.id, before[2])
        assert agreements.list_events(kim, two.id) == (*before, before[2])


@pytest.mark.parametrize("old", ["v2"], indirect=True)
def test_nothing_of_the_old_record_is_left_in_the_file(old):
    with _unlock_on(old, make.SECOND) as kim, kim.reading() as db:
        assert db.execute(text("PRAGMA freelist_count")).scalar() == 0
        names = set(db.execute(text("SELECT name FROM sqlite_master")).scalars())
    assert not {name for name in names if "consent" in name}
    assert not old.file.with_name("vault.db-wal").exists()


HASH_OF_VERSION_2 = "8a00eae0852aac1ee9e5c7f988c5551defe6fc8d091fd8c58b61cfaba8b23e46"
"""Of that plan as version 2 wrote it: later fields of a plan are no part of it."""


@pytest.mark.parametrize("old", ["v2"], indirect=True)
def test_a_plan_that_was_not_played_gets_its_hash_once(old):
    other = make.made(Turn(Seat.B, 20))
    with old.unlock() as kim:
        one = evenings.list_evenings(kim)[0].id

        found = plans.latest_plan(kim, one)

        assert found == plans.StoredPlan(HASH_OF_VERSION_2, other)


@pytest.mark.parametrize("old", ["v2"], indirect=True)
@pytest.mark.parametrize("damage", ["key = NULL, evening = NULL, seat = NULL", "box = x'00'"])
def test_an_erased_or_broken_line_leaves_no_earlier_yes(old, damage):
    con = connect(old.file, _key_of(old))
    con.execute("DROP TRIGGER consent_keep_update")
    last = "(SELECT max(seq) FROM consent WHERE seat = 'B')"
    con.execute(f"UPDATE consent SET {damage} WHERE seq = {last}")  # noqa: S608
    con.execute(v0002.KEEP[0])
    con.close()

    with _unlock_on(old, make.SECOND) as kim:
        two = evenings.list_evenings(kim)[1]
        found = agreements.list_events(kim, two.id)
    assert found[3] == AgreementEvent(AgreementKind.WITHDRAWN, None, "", two.on)


@pytest.mark.parametrize("old", ["v1", "v2"], indirect=True)
def test_the_way_back_from_a_migration_goes_with_the_first_good_backup(old):
    with old.unlock() as kim:
        (before,) = backups.list_backups(old.folder)
        backups.daily_backup(kim)()  # there is one of today
        assert backups.list_backups(old.folder) == (before,)

        made = backups.make_backup(old.folder, kim.keys.database, NIGHT, is_whole=True)

        assert [each.path for each in backups.list_backups(old.folder)] == [made]
        assert not list((old.folder / "backups").glob("*.migrated"))
        backups.make_backup(old.folder, kim.keys.database, NIGHT + timedelta(days=1), is_whole=True)
        assert made.exists()


def test_no_backup_expires_by_the_way_back_from_a_migration(home, kim):
    made = backups.make_backup(home.folder, kim.keys.database, NIGHT, is_whole=True)

    copy = backups.make_safety_copy(home.folder, kim.keys.database, NIGHT)

    assert {each.path for each in backups.list_own_backups(home.folder)} == {made, copy}


def test_the_round_of_an_old_vault_goes_on_and_the_next_one_follows(old):
    with old.unlock(Seat.A) as kim, old.unlock(Seat.B) as robin:
        two = evenings.list_evenings(kim)[1].id
        with kim.reading() as db:
            tables = (schema.matches, schema.ballots, schema.ceremony)
            found = [db.execute(select(t.c.round)).scalars().all() for t in tables]
        if old.folder.name == "v4":
            assert found == [[1], [2, 2], [2]]
        else:
            assert found == [[1], [], [2]]
            for lane in (kim, robin):
                assert not wishes.request_reveal(lane, two)
                wishes.hand_in_ballot(lane, two, frozenset({"soft_music"}))
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


def test_rows_of_an_old_vault_get_the_length_of_all(old):
    with old.unlock(Seat.A) as kim, old.unlock(Seat.B), kim.reading() as db:
        lengths = set(db.execute(text("SELECT length(box) FROM answers")).scalars())
    assert lengths == {answers.BLOCK_BYTES + 40}


@pytest.fixture
def looks():
    """Every statement of the test that reads the length of all answers."""
    seen = []

    def note(_con, _cursor, statement, *_more):
        if "length(answers" in statement:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def test_each_person_looks_once_for_rows_of_other_lengths(old, looks):
    for seat in Seat:
        old.unlock(seat).close()
    assert len(looks) == len(Seat)

    for seat in Seat:
        old.unlock(seat).close()
    assert len(looks) == len(Seat)


def test_a_new_vault_never_looks_for_rows_of_other_lengths(home, looks):
    for seat in Seat:
        home.unlock(seat).close()

    assert not looks


@pytest.mark.parametrize("old", ["v3"], indirect=True)
def test_rows_whose_length_could_not_be_renewed_are_renewed_the_next_time(old, monkeypatch):
    def refuse(*_given):
        raise NotSaved(errno=28)

    with monkeypatch.context() as full:
        full.setattr(answers, "_seal_content", refuse)
        old.unlock().close()
    with old.unlock() as kim, kim.reading() as db:
        mine = text("SELECT length(box) FROM answers WHERE seat = 'A'")
        assert set(db.execute(mine).scalars()) == {answers.BLOCK_BYTES + 40}


def test_thank_yous_of_an_old_vault_are_sealed(old):
    with old.unlock() as kim, kim.reading() as db:
        bodies = db.execute(text("SELECT body FROM thanks")).scalars().all()
    assert len(bodies) == 2
    assert not [body for body in bodies if b"thank you from" in body]


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


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
def test_a_migration_that_is_cut_at_any_statement_leaves_the_file_as_it_was(old, tmp_path, every):
    """Every statement (fourth statement) in turn is the one at which the migration stops."""
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
        _, writer = make_engines(old.file, key)
        event.listen(writer, "before_cursor_execute", count)
        try:
            steps.migrate(writer)
        finally:
            writer.dispose()

    for at in range(1, 1000, every):
        try:
            migrate(at)
        except _Cut:
            assert hashlib.sha256(old.file.read_bytes()).hexdigest() == before, ran[-1]
        else:
            break
    newest = old.folder.name == f"v{connection.SCHEMA_VERSION}"  # it only looks
    assert at > len(ran) > (0 if newest else 15)
    with old.unlock() as lane:
        assert evenings.list_evenings(lane)[0].on == date(2026, 5, 3)
