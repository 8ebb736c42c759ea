"""One read transaction for what is read together, one write transaction for a command."""

# ruff: noqa: PT012 - the block that is rolled back is what raises

from threading import Thread

import pytest
from sqlalchemy import select

from tests.transactions import Transactions
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import Signals
from workbook.domain.errors import ChangedElsewhere, NotSaved, VaultBusy, VaultLocked
from workbook.domain.seats import Colour, Person, Seat, Shape
from workbook.store import answers, cards, connection, people, schema

OPEN = AreaAnswers({"feet": AreaMark.OPEN})
SIGNALS = Signals("lantern", "two_taps", None)


def test_reads_in_one_block_are_one_transaction_of_one_moment(kim, robin, tonight):
    with Transactions(kim) as counted, kim.reading() as db:
        assert cards.read_card(kim, Signals) is None
        cards.write_card(robin, SIGNALS)

        assert cards.read_card(kim, Signals) is None
        assert answers.read_answer(kim, AreaAnswers) is None
        with kim.reading() as joined:
            assert joined is db

    assert (counted.reads, counted.writes) == (1, 0)
    assert cards.read_card(kim, Signals).value == SIGNALS


def test_a_command_is_one_write_transaction_and_reads_what_it_wrote(kim, robin, tonight):
    with Transactions(kim) as counted, kim.writing() as db:
        answers.write_answer(kim, OPEN)
        cards.write_card(kim, SIGNALS)

        assert answers.read_answer(kim, AreaAnswers).value == OPEN
        with kim.reading() as joined:
            assert joined is db
        assert cards.read_card(robin, Signals) is None

    assert (counted.reads, counted.writes) == (0, 1)
    assert cards.read_card(robin, Signals).value == SIGNALS


def test_what_writes_does_not_begin_inside_what_reads(kim):
    with kim.reading(), pytest.raises(RuntimeError):
        answers.write_answer(kim, OPEN)

    assert answers.read_answer(kim, AreaAnswers) is None
    assert answers.write_answer(kim, OPEN).version == 1


def test_what_a_reading_transaction_writes_is_not_kept(kim):
    with pytest.raises(RuntimeError), kim.reading() as db:
        db.execute(schema.meta.insert().values(name="written", value="1"))

    with kim.reading() as db:
        assert not db.execute(select(schema.meta).where(schema.meta.c.name == "written")).all()
    assert answers.write_answer(kim, OPEN).version == 1


class _Stop(Exception):
    pass


def test_an_error_rolls_all_of_a_command_back(kim, robin):
    with pytest.raises(_Stop), kim.writing():
        answers.write_answer(kim, OPEN)
        cards.write_card(kim, SIGNALS)
        raise _Stop

    assert answers.read_answer(kim, AreaAnswers) is None
    assert cards.read_card(robin, Signals) is None
    assert answers.write_answer(kim, OPEN).version == 1


def test_a_refusal_may_be_caught_and_the_command_goes_on(kim):
    answers.write_answer(kim, OPEN)

    with kim.writing():
        cards.write_card(kim, SIGNALS)
        with pytest.raises(ChangedElsewhere):
            answers.write_answer(kim, AreaAnswers({}))
        answers.write_answer(
            kim, AreaAnswers({}), expected_version=answers.read_answer(kim, AreaAnswers).version
        )

    assert answers.read_answer(kim, AreaAnswers).version == 2
    assert cards.read_card(kim, Signals).value == SIGNALS


def test_a_write_that_stopped_halfway_is_never_kept_even_if_it_is_caught(kim):
    with pytest.raises(NotSaved), kim.writing():
        cards.write_card(kim, SIGNALS)
        with pytest.raises(_Stop), kim.writing():
            answers.write_answer(kim, OPEN)
            raise _Stop

    assert answers.read_answer(kim, AreaAnswers) is None
    assert cards.read_card(kim, Signals) is None


def test_nothing_is_kept_after_sqlite_has_ended_the_transaction_by_itself(kim):
    """As it does when the disk is full in the middle."""
    with pytest.raises(NotSaved), kim.writing():
        cards.write_card(kim, SIGNALS)
        with pytest.raises(_Stop), kim.writing() as db:
            db.connection.driver_connection.execute("ROLLBACK")
            raise _Stop

    assert cards.read_card(kim, Signals) is None


def test_each_thread_has_its_own_transaction(kim):
    seen = []

    def other():
        with kim.reading() as db:
            seen.append((db, cards.read_card(kim, Signals)))

    with kim.writing() as db:
        cards.write_card(kim, SIGNALS)
        thread = Thread(target=other)
        thread.start()
        thread.join()

    ((theirs, found),) = seen
    assert theirs is not db
    assert found is None
    assert cards.read_card(kim, Signals).value == SIGNALS


def test_another_page_waits_until_the_command_is_over(kim, robin):
    order = []

    def other():
        cards.write_card(robin, SIGNALS)
        order.append("robin")

    with kim.writing() as db:
        thread = Thread(target=other)
        thread.start()
        thread.join(0.3)
        order.append("kim")
        assert db.execute(select(schema.cards)).all() == []
    thread.join()

    assert order == ["kim", "robin"]


def test_after_commit_waits_for_the_outermost_block_and_a_rollback_drops_it(kim):
    done = []

    with kim.writing():
        with kim.writing():
            kim.after_commit(lambda: done.append(answers.read_answer(kim, AreaAnswers)))
            answers.write_answer(kim, OPEN)
        assert done == []
    assert [found.value for found in done] == [OPEN]
    with pytest.raises(_Stop), kim.writing():
        kim.after_commit(lambda: done.append(None))
        raise _Stop
    assert len(done) == 1
    kim.after_commit(lambda: done.append("now"))
    assert done[1:] == ["now"]


def test_a_name_that_was_rolled_back_is_not_shown(kim):
    new = Person(Seat.A, "Kay", Colour.PLUM, Shape.CIRCLE)

    with pytest.raises(_Stop), kim.writing():
        people.save_person(kim, new, 1)
        raise _Stop
    assert kim.people.a.name == "Kim"
    with kim.writing():
        people.save_person(kim, new, 1)
    assert kim.people.a.name == people.read_people(kim).a.name == "Kay"


def test_a_locked_vault_begins_nothing(kim):
    kim.close()

    for block in (kim.reading, kim.writing):
        with pytest.raises(VaultLocked), block():
            pass


def test_a_vault_locked_in_the_middle_joins_nothing_more(home, kim):
    with pytest.raises(VaultLocked), kim.writing():
        cards.write_card(kim, SIGNALS)
        kim.close()
        answers.write_answer(kim, OPEN)

    with home.unlock() as again:
        assert cards.read_card(again, Signals) is None


# Somebody else holds the vault ------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch):
    """Gives up on a busy vault at once."""
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_MS", 20)
    shorter = (each.replace("timeout=5000", "timeout=20") for each in connection._PRAGMAS)
    monkeypatch.setattr(connection, "_PRAGMAS", tuple(shorter))


def test_a_vault_that_another_page_writes_in_is_busy_and_the_disk_is_not_blamed(
    home, impatient, robin
):
    with home.unlock() as lane, robin.writing():
        with pytest.raises(VaultBusy):
            answers.write_answer(lane, OPEN)
        assert answers.read_answer(lane, AreaAnswers) is None
    with home.unlock() as lane:
        answers.write_answer(lane, OPEN)


def test_a_file_that_is_read_meanwhile_is_busy_and_the_disk_is_not_blamed(home, impatient, robin):
    with home.unlock() as lane, robin.reading():
        answers.read_answer(robin, AreaAnswers)
        answers.write_answer(lane, OPEN)

        with pytest.raises(VaultBusy):
            connection.rewrite_file(home.file, lane.keys.database)


def test_what_this_page_saved_it_does_not_read_from_the_file_again(kim):
    """Both engines use one connection: a commit of any other empties its cache."""
    used = []
    for transaction in (kim.reading, kim.writing, kim.reading):
        with transaction() as db:
            used.append(db.connection.driver_connection)
    assert len(set(map(id, used))) == 1


def test_every_connection_keeps_a_small_cache(kim):
    """What another page writes empties it, and each page in it is wiped then."""
    for engine in (kim.reader, kim.writer):
        with engine.begin() as db:
            assert db.exec_driver_sql("PRAGMA cache_size").scalar() == -1024
