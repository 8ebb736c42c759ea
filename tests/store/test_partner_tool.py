"""What a partner finds in the vault with their own passphrase and a database tool."""

from contextlib import suppress

import pytest
from sqlalchemy import select

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.evening import IntentionAnswers, TimeAnswers
from workbook.domain.seats import Seat
from workbook.store import answers, backups, erasing, exports, restoring, schema, thanks
from workbook.store.connection import DATABASE_FILE, connect
from workbook.store.seal import UnsealError, unseal
from workbook.store.thanks import Thanks


@pytest.fixture
def look(home, kim):
    """Runs a statement as Kim's database tool would."""

    def run(statement):
        con = connect(home.folder / DATABASE_FILE, kim.keys.database, untouched=True)
        try:
            return con.execute(statement).fetchall()
        finally:
            con.close()

    return run


def test_a_thank_you_is_words_to_no_database_tool(kim, robin, tonight, look):
    words = Thanks("for the quiet", frozenset({"feet"}), "a note")
    thanks.hand_in_thanks(robin, tonight, words, 0)

    ((body,),) = look("select body from thanks")
    assert not [word for word in (b"quiet", b"feet", b"note") if word in body]
    assert thanks.read_thanks(kim, tonight) == {}
    assert thanks.read_thanks(robin, tonight)[Seat.B].value == words

    thanks.hand_in_thanks(kim, tonight, Thanks("and you"), 0)

    for lane in (kim, robin):
        found = thanks.read_thanks(lane, tonight)
        assert {seat: said.value for seat, said in found.items()} == {
            Seat.A: Thanks("and you"),
            Seat.B: words,
        }
    bodies = [body for (body,) in look("select body from thanks")]
    assert not [body for body in bodies if b"quiet" in body or b"and you" in body]
    assert exports.gather(robin).thanks[0].value == words


def test_how_long_a_thank_you_is_does_not_show(robin, tonight, look):
    lengths = set()
    for version, text in enumerate(("", "x", "word " * 100)):
        thanks.hand_in_thanks(robin, tonight, Thanks(text), version)
        ((body,),) = look("select body from thanks")
        lengths.add(len(body))
    assert len(lengths) == 1


def test_no_row_number_tells_how_much_was_erased(kim, robin, tonight, look):
    for lane in (robin, kim):
        answers.write_answer(lane, TimeAnswers(), tonight)
        answers.write_answer(lane, AreaAnswers({"feet": AreaMark.OPEN}))
    erasing.erase_private(robin)
    answers.write_answer(kim, IntentionAnswers(), tonight)

    with pytest.raises(Exception, match="no such column: rowid"):
        look("select rowid from answers")
    assert look("select seat, count(*) from answers group by seat") == [("A", 3)]
    numbers = look("select name, seq from sqlite_sequence")
    assert "answers" not in dict(numbers)


def test_which_row_an_answer_is_does_not_show_by_its_length(robin, tonight, look):
    answers.write_answer(robin, TimeAnswers(), tonight)
    places = [f"place-{n}" for n in range(90)]
    answers.write_answer(robin, AreaAnswers(dict.fromkeys(places, AreaMark.OPEN)))
    answers.write_answer(robin, IntentionAnswers(expects="word " * 300), tonight)

    assert len(look("select distinct length(box) from answers")) == 1


def test_a_backup_holds_both_peoples_rows_and_opens_only_ones_own(home, kim, robin, tonight):
    for lane in (kim, robin):
        answers.write_answer(lane, IntentionAnswers(expects=f"note of {lane.seat}"), tonight)
    made = backups.make_backup(home.folder, kim.keys.database, home.night, is_whole=True)
    restoring.restore_backup(home.folder, made, home.night)

    with home.unlock(Seat.A) as again:
        with again.reading() as db:
            rows = db.execute(select(schema.answers)).all()
        assert {row.seat for row in rows} == set(Seat)
        assert not [row for row in rows if b"note of" in row.box]
        assert answers.read_answer(again, IntentionAnswers, tonight).value.expects == "note of A"
        for row in rows:
            with suppress(UnsealError):  # with Kim's key, whatever the row is called
                data = answers._associated_data(Seat(row.seat), "IntentionAnswers", tonight)
                unseal(again.keys.own, row.box, data)
                assert row.seat == Seat.A
    with home.unlock(Seat.B) as theirs:
        assert answers.read_answer(theirs, IntentionAnswers, tonight).value.expects == "note of B"
