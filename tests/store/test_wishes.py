import os
import subprocess
import sys

import msgspec
import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import select, text, update

from workbook.domain.errors import ChangedElsewhere, DamagedVault, InvalidAnswer
from workbook.domain.seats import Seat
from workbook.store import schema, wishes
from workbook.store.seal import share_box

NONE = frozenset()


def _rows(lane):
    with lane.reader.begin() as db:
        return db.execute(select(schema.ballots).order_by(schema.ballots.c.seat)).all()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({"feet", "hair"}, {"hands", "hair"}, {"hair"}),
        ({"feet"}, {"hands"}, set()),
        (set(), {"hands"}, set()),
        ({"feet", "hair"}, {"hair", "feet"}, {"feet", "hair"}),
    ],
)
def test_only_what_both_wished_for_comes_out(kim, robin, one, other, both):
    tonight = "e1"
    wishes.hand_in(kim, tonight, frozenset(one))
    assert wishes.matches(kim, tonight) == wishes.matches(robin, tonight) == NONE
    wishes.hand_in(robin, tonight, frozenset(other))

    assert wishes.matches(robin, tonight) == wishes.matches(kim, tonight) == both
    assert wishes.handed_in(kim, tonight) == set(Seat)
    assert _rows(kim) == []


def test_either_may_ask_for_the_matches(kim, robin):
    for evening, asks in (("one", kim), ("two", robin)):
        wishes.hand_in(kim, evening, frozenset({"hair"}))
        wishes.hand_in(robin, evening, frozenset({"hair"}))

        assert wishes.matches(asks, evening) == {"hair"}


def test_the_sizes_are_the_same_for_every_wish(kim, robin):
    for number in range(0, 300, 30):
        wished = frozenset(f"wish-number-{n}" for n in range(number))
        wishes.hand_in(kim, f"e{number}", wished)
        wishes.hand_in(robin, f"e{number}", NONE)

    assert {(len(row.ballot), len(row.share)) for row in _rows(kim)} == {(8240, 80)}


def test_a_ballot_that_would_show_by_its_length_is_refused(kim, tonight):
    fits = "x" * (8191 - len('[""]'))

    wishes.hand_in(kim, tonight, frozenset({fits}))
    with pytest.raises(InvalidAnswer):
        wishes.hand_in(kim, tonight, frozenset({fits + "x"}))

    assert {len(row.ballot) for row in _rows(kim)} == {8240}


def test_nobody_opens_a_ballot_alone(kim, robin, tonight):
    wishes.hand_in(kim, tonight, frozenset({"feet"}))
    (row,) = _rows(kim)

    for lane in (kim, robin):
        for key in (lane.keys.share, lane.keys.own, bytes(share_box(lane.keys.own))):
            with pytest.raises(CryptoError):
                SealedBox(PrivateKey(key)).decrypt(row.ballot)
    with pytest.raises(CryptoError):
        SealedBox(share_box(kim.keys.own)).decrypt(row.share)  # it is for the partner


def test_a_ballot_may_be_replaced_or_taken_back_until_both_are_in(kim, robin, tonight):
    wishes.hand_in(kim, tonight, frozenset({"feet"}))
    wishes.hand_in(kim, tonight, frozenset({"hair"}))
    wishes.hand_in(robin, tonight, frozenset({"feet", "hair"}))

    for lane in (kim, robin):
        with pytest.raises(ChangedElsewhere):
            wishes.hand_in(lane, tonight, frozenset({"feet"}))

    assert wishes.matches(kim, tonight) == {"hair"}
    with pytest.raises(ChangedElsewhere):
        wishes.hand_in(kim, tonight, frozenset({"feet"}))
    wishes.hand_in(kim, "another", NONE)
    wishes.take_back(kim, "another")
    assert wishes.handed_in(robin, "another") == NONE


def test_a_match_is_taken_off_the_list_for_both(kim, robin, tonight):
    for lane in (kim, robin):
        wishes.hand_in(lane, tonight, frozenset({"feet", "hair"}))
    wishes.matches(kim, tonight)

    wishes.withdraw(robin, tonight, "feet")

    assert wishes.matches(kim, tonight) == {"hair"}


def test_a_damaged_ballot_is_damage_and_stays(kim, robin, tonight):
    for lane in (kim, robin):
        wishes.hand_in(lane, tonight, frozenset({"hair"}))
    with kim.writer.begin() as db:
        db.execute(update(schema.ballots).values(ballot=b"x" * 8240))

    with pytest.raises(DamagedVault):
        wishes.matches(kim, tonight)

    assert len(_rows(kim)) == 2


def test_the_partners_share_never_enters_ones_own_process(kim, robin, tonight, monkeypatch):
    for lane in (kim, robin):
        wishes.hand_in(lane, tonight, frozenset({"hair"}))
    ran = []
    real = subprocess.run

    def watched(args, **options):
        ran.append((args, options))
        return real(args, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    monkeypatch.setenv("SECRET", "in the environment")
    assert wishes.matches(kim, tonight) == {"hair"}

    ((args, options),) = ran
    given = msgspec.json.decode(options["input"])
    assert args == [sys.executable, "-E", "-s", "-m", "workbook.store.ceremony"]
    assert options["env"] == {} or os.name == "nt"
    assert robin.keys.share.hex() not in options["input"].hex()
    assert set(given) == {"share", "box", "sealed", "ballots"}
    assert kim.keys.own not in options["input"]
    assert kim.keys.database not in options["input"]


@pytest.mark.parametrize("sent", [b"", b"{}", b'{"share": "AA=="}', b"\xff"])
def test_the_ceremony_says_nothing_about_what_it_cannot_read(sent):
    done = subprocess.run(
        [sys.executable, "-m", "workbook.store.ceremony"],
        input=sent,
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_ballots_carry_no_time(kim, tonight):
    wishes.hand_in(kim, tonight, NONE)

    with kim.reader.begin() as db:
        columns = {row.name for row in db.execute(text("PRAGMA table_info(ballots)"))}
    assert columns == {"evening", "seat", "round", "ballot", "share"}
