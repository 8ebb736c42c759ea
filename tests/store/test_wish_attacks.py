"""Attacks on sealed wishes with a partner's own passphrase and tools of their own.

Kim attacks; Robin has handed three wishes in and has asked for the opening.
"""

import shutil
import socket

import msgspec
import pytest
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey
from sqlalchemy import select, update

from workbook.domain.errors import DamagedVault
from workbook.domain.seats import Seat
from workbook.store import ballot_process, ballots, schema, wishes
from workbook.store.ballot_process import Endpoint, RevealRequest, RevealResult
from workbook.store.ballots import RoundTerms, digest_ballot, match_ballots, seal_ballot
from workbook.store.connection import DATABASE_FILE, connect
from workbook.store.seal import join_shares, share_key_pair, signing_key

WISHED = frozenset({"W-1", "W-2", "W-3"})
ALL = frozenset({f"W-{number}" for number in range(10)})


@pytest.fixture
def asked(robin, tonight):
    wishes.hand_in_ballot(robin, tonight, WISHED)
    assert not wishes.request_reveal(robin, tonight)
    return tonight


def _read(home, lane, statement):
    """What a database tool reads with a partner's own key."""
    con = connect(home.folder / DATABASE_FILE, lane.keys.database, untouched=True)
    try:
        return con.execute(statement).fetchall()
    finally:
        con.close()


def _endpoint(home, lane):
    ((port, public),) = _read(home, lane, "select port, public from asks")
    return Endpoint(port, public)


def _request(lane):
    box = bytes(share_key_pair(lane.keys.own).public_key)
    return RevealRequest(bytes(32), lane.keys.share, lane.keys.database, box)


def _everything(home, lane):
    tables = ("ballots", "matches", "ceremony", "asks")
    return {name: _read(home, lane, f"select * from {name}") for name in tables}  # noqa: S608


def test_who_has_handed_nothing_in_learns_nothing_and_changes_nothing(home, kim, asked):
    before = _everything(home, kim)

    answer = ballot_process.send_request(_endpoint(home, kim), _request(kim))

    assert answer is RevealResult.CHANGED
    after = _everything(home, kim)
    assert after == before
    assert after["matches"] == []


def test_a_request_carries_no_ballot_and_an_answer_no_wish():
    fields = set(RevealRequest.__slots__)

    assert fields == {"reply", "share", "database", "box"}
    assert {each.value for each in RevealResult} == {"opened", "changed", "damaged", "not_saved"}


def test_the_partners_ballot_put_twice_opens_nothing(home, kim, robin, asked):
    wishes.hand_in_ballot(kim, asked, frozenset())
    with kim.writing() as db:
        theirs = db.execute(select(schema.ballots.c.ballot).where(schema.ballots.c.seat == "B"))
        mine = update(schema.ballots).where(schema.ballots.c.seat == "A")
        db.execute(mine.values(ballot=theirs.scalar_one()))
    before = _everything(home, kim)

    answer = ballot_process.send_request(_endpoint(home, kim), _request(kim))

    assert answer is RevealResult.DAMAGED
    assert _everything(home, kim) == before
    assert wishes.last_round(robin) is None


def test_another_ballot_in_the_first_ones_place_opens_nothing(home, kim, robin, asked):
    wishes.hand_in_ballot(kim, asked, ALL)
    ((public,),) = _read(home, kim, "select public from ceremony")
    forged = seal_ballot(signing_key(kim.keys.own), Seat.B, public, ALL)
    with kim.writing() as db:
        theirs = update(schema.ballots).where(schema.ballots.c.seat == "B")
        db.execute(theirs.values(ballot=forged))

    answer = ballot_process.send_request(_endpoint(home, kim), _request(kim))

    assert answer is RevealResult.CHANGED
    assert wishes.last_round(robin) is None


def test_who_asks_without_waiting_for_the_answer_has_used_the_round(home, kim, robin, asked):
    """And the partner sees what came out: it is written for both before anybody is told."""
    wishes.hand_in_ballot(kim, asked, ALL)
    endpoint = _endpoint(home, kim)
    message = SealedBox(PublicKey(endpoint.public)).encrypt(msgspec.json.encode(_request(kim)))
    with socket.create_connection((ballot_process.HOST, endpoint.port), timeout=10) as line:
        line.sendall(message)
        line.shutdown(socket.SHUT_WR)
    wishes._processes[-1].wait(30)

    assert wishes.last_round(robin).both == WISHED
    assert _read(home, kim, "select round from ceremony") == [(2,)]
    assert _read(home, kim, "select * from ballots") == []


def test_a_copy_of_the_vault_is_not_what_is_opened(home, kim, robin, asked, tmp_path):
    wishes.hand_in_ballot(kim, asked, ALL)
    shutil.copytree(home.folder, tmp_path / "copy")

    answer = ballot_process.send_request(_endpoint(home, kim), _request(kim))

    assert answer is RevealResult.OPENED
    assert wishes.last_round(robin).both == WISHED


def test_a_request_that_was_taken_back_opens_nothing(home, kim, robin, asked):
    wishes.hand_in_ballot(kim, asked, ALL)
    endpoint = _endpoint(home, kim)
    with kim.writing() as db:
        db.execute(schema.asks.delete())  # the process itself has not heard of it

    assert ballot_process.send_request(endpoint, _request(kim)) is RevealResult.CHANGED
    assert wishes.last_round(robin) is None


def test_the_next_share_goes_to_its_owner_whatever_the_file_says(home, kim, robin, asked):
    wishes.hand_in_ballot(kim, asked, ALL)
    mine = bytes(share_key_pair(kim.keys.own).public_key)
    with kim.writing() as db:
        db.execute(update(schema.people).values(box=mine))

    assert wishes.request_reveal(kim, asked)

    ((share_a, share_b, public),) = _read(
        home, kim, "select share_a, share_b, public from ceremony"
    )
    halves = wishes._key_share(kim, share_a), wishes._key_share(robin, share_b)
    assert bytes(PrivateKey(join_shares(*halves)).public_key) == public


def test_on_one_screen_one_pass_is_enough(home, tonight):
    """The first one's kernel ends with the pass; they unlock no second time."""
    with home.unlock(Seat.B) as robin:
        wishes.hand_in_ballot(robin, tonight, WISHED)
        assert not wishes.request_reveal(robin, tonight)
    with home.unlock(Seat.A) as kim:
        wishes.hand_in_ballot(kim, tonight, frozenset({"W-1"}))
        assert wishes.request_reveal(kim, tonight)
        assert wishes.last_round(kim).both == {"W-1"}


# What a ballot must be ------------------------------------------------------------------------

KEYS = {seat: SigningKey.generate() for seat in Seat}
SHARES = bytes(range(32)), bytes(range(32, 64))
PUBLIC = bytes(PrivateKey(join_shares(*SHARES)).public_key)
BALLOTS = {seat: seal_ballot(KEYS[seat], seat, PUBLIC, WISHED) for seat in Seat}


def _terms(public=PUBLIC):
    signing = tuple(bytes(KEYS[seat].verify_key) for seat in Seat)
    digest = digest_ballot(BALLOTS[Seat.A])
    return RoundTerms("e", None, 1, public, Seat.A, digest, signing)


def test_two_ballots_of_their_owners_match():
    assert match_ballots(_terms(), SHARES, BALLOTS) == WISHED


@pytest.mark.parametrize(
    "theirs",
    [
        BALLOTS[Seat.A],
        seal_ballot(KEYS[Seat.A], Seat.B, PUBLIC, ALL),
        seal_ballot(KEYS[Seat.B], Seat.A, PUBLIC, ALL),
        seal_ballot(SigningKey.generate(), Seat.B, PUBLIC, ALL),
        SealedBox(PublicKey(PUBLIC)).encrypt(ballots.pad(b'["W-1"]', ballots.BALLOT_BYTES)),
        SealedBox(PublicKey(PUBLIC)).encrypt(b"W-1"),
        b"",
    ],
    ids=range(7),
)
def test_a_ballot_that_is_not_its_owners_opens_nothing(theirs):
    with pytest.raises(DamagedVault):
        match_ballots(_terms(), SHARES, {**BALLOTS, Seat.B: theirs})


def test_a_ballot_of_another_round_opens_nothing():
    """Opened in its own round, kept, and sealed to this one's key."""
    earlier = PrivateKey.generate()
    ballot = seal_ballot(KEYS[Seat.B], Seat.B, bytes(earlier.public_key), ALL)
    replayed = SealedBox(PublicKey(PUBLIC)).encrypt(SealedBox(earlier).decrypt(ballot))

    with pytest.raises(DamagedVault):
        match_ballots(_terms(), SHARES, {**BALLOTS, Seat.B: replayed})


@pytest.mark.parametrize("shares", [(bytes(32), bytes(32)), (SHARES[0], b""), (b"x", b"y")])
def test_wrong_shares_open_nothing(shares):
    with pytest.raises(DamagedVault):
        match_ballots(_terms(), shares, BALLOTS)
