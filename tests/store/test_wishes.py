import os
import resource
import socket
import subprocess
import sys
import time
from contextlib import suppress

import psutil
import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import select, text, update

from workbook.domain.errors import ChangedElsewhere, DamagedVault, InvalidAnswer, NotSaved
from workbook.domain.seats import Seat
from workbook.store import ballot_process, erasing, schema, wishes
from workbook.store.ballot_process import Endpoint, ProcessInput, RevealRequest, RevealResult
from workbook.store.ballots import RoundTerms
from workbook.store.seal import join_shares, share_key_pair

NONE = frozenset()
COMMAND = [sys.executable, "-E", "-s", "-m", "workbook.store.ballot_process"]


def _rows(lane, table=schema.ballots):
    with lane.reading() as db:
        return db.execute(select(table)).all()


def _open(evening, *lanes):
    """Each asks, in this order."""
    return [wishes.request_reveal(lane, evening) for lane in lanes]


def _ended(process, seconds=15):
    """Whether it has ended by itself; how soon depends on the machine."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


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
    wishes.hand_in_ballot(kim, tonight, frozenset(one))
    wishes.hand_in_ballot(robin, tonight, frozenset(other))
    assert wishes.last_round(kim) is wishes.last_round(robin) is None

    assert _open(tonight, kim, robin) == [False, True]

    for lane in (kim, robin):
        found = wishes.last_round(lane)
        assert (found.evening, found.on, found.both) == (tonight, lane.now().date(), both)
        assert wishes.list_handed_in(lane, tonight) == set(Seat)
    assert _rows(kim) == _rows(kim, schema.asks) == []
    assert _ended(wishes._processes[-1])


def test_nothing_opens_before_both_have_asked(kim, robin, tonight):
    wishes.hand_in_ballot(kim, tonight, frozenset({"hair"}))
    assert _open(tonight, kim, robin) == [False, False]  # Robin has nothing to ask with
    wishes.hand_in_ballot(robin, tonight, frozenset({"hair"}))

    assert _open(tonight, kim, kim) == [False, False]
    assert wishes.last_round(robin) is None

    assert _open(tonight, robin, kim) == [True, True]


def test_the_first_ones_kernel_may_have_ended(home, robin, tonight):
    """The screen is handed over: what waits belongs to no kernel."""
    here = "\n".join([
        "import sys; from pathlib import Path",
        "from workbook.store import vault, wishes",
        "lane = vault.unlock(Path(sys.argv[1]), sys.argv[2])",
        "wishes.hand_in_ballot(lane, sys.argv[3], frozenset({'hair'}))",
        "wishes.request_reveal(lane, sys.argv[3])",
    ])  # fmt: skip
    args = [str(home.folder), home.words[Seat.A], tonight]
    subprocess.run([sys.executable, "-c", here, *args], check=True)
    wishes.hand_in_ballot(robin, tonight, frozenset({"hair", "feet"}))

    assert wishes.request_reveal(robin, tonight)
    assert wishes.last_round(robin).both == {"hair"}


def test_who_asks_too_late_asks_first(kim, robin, tonight, monkeypatch):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, frozenset({"hair"}))
    with monkeypatch.context() as soon:
        soon.setattr(wishes, "REVEAL_TIMEOUT_S", 0.0)
        wishes.request_reveal(kim, tonight)
        assert _ended(wishes._processes[-1])

    assert _open(tonight, robin, kim) == [False, True]
    assert wishes.last_round(kim).both == {"hair"}


def test_what_waits_ends_after_a_quarter_of_an_hour():
    assert wishes.REVEAL_TIMEOUT_S == 15 * 60


@pytest.mark.parametrize("which", ["monotonic", "time"])
def test_either_clock_ends_the_waiting(monkeypatch, which):
    """A computer that slept, or whose clock was put back."""
    listener = socket.create_server((ballot_process.HOST, 0))
    now = [0.0]
    monkeypatch.setattr(ballot_process, "_POLL_INTERVAL_S", 0.01)
    monkeypatch.setattr(time, "monotonic", lambda: now[0] if which == "monotonic" else 0.0)
    monkeypatch.setattr(time, "time", lambda: now[0] if which == "time" else 0.0)

    def lives(_server):
        now[0] += 300
        return now[0] < 3000

    monkeypatch.setattr(ballot_process, "_is_running", lives)

    terms = RoundTerms("e", None, 1, b"", Seat.A, b"", (b"", b""))

    with listener:
        given = ProcessInput(b"", b"", "", terms, 900, 0)
        assert list(ballot_process._accept(listener, given)) == []
    assert now[0] == 900


def test_what_waits_ends_with_the_server(kim, tonight, monkeypatch):
    server = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    monkeypatch.setenv(wishes.SERVER_PID_VARIABLE, str(server.pid))
    wishes.hand_in_ballot(kim, tonight, NONE)
    wishes.request_reveal(kim, tonight)
    (process,) = wishes._processes[-1:]
    assert process.poll() is None

    server.communicate()

    assert _ended(process)


@pytest.mark.parametrize(
    "back",
    [
        wishes.withdraw_request,
        lambda lane: wishes.take_back_ballot(lane, "e"),
        erasing.erase_private,
    ],
)
def test_who_takes_it_back_has_nothing_waiting(kim, robin, back):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, "e", frozenset({"hair"}))
    wishes.request_reveal(kim, "e")
    (process,) = wishes._processes[-1:]

    back(kim)

    assert _ended(process)
    assert _rows(robin, schema.asks) == []
    assert not wishes.request_reveal(robin, "e")
    assert wishes.last_round(robin) is None


def test_after_what_both_share_was_erased_nobody_waits(kim, robin):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, "e", frozenset({"hair"}))
    wishes.request_reveal(kim, "e")
    (process,) = wishes._processes[-1:]

    erasing.erase_shared(robin)

    assert _ended(process)


def test_asking_again_ends_what_waited_before(kim, tonight):
    wishes.hand_in_ballot(kim, tonight, NONE)
    wishes.request_reveal(kim, tonight)
    (first,) = wishes._processes[-1:]

    wishes.request_reveal(kim, tonight)

    assert _ended(first)
    assert wishes._processes[-1].poll() is None


def test_two_who_ask_at_the_same_moment_both_get_there(kim, robin, tonight, monkeypatch):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, frozenset({"hair"}))
    real, done = wishes._start_process, []

    def started(*given):
        made = real(*given)
        if not done:
            done.append(None)
            done[0] = wishes.request_reveal(robin, tonight)  # comes in between
        return made

    monkeypatch.setattr(wishes, "_start_process", started)

    assert wishes.request_reveal(kim, tonight)
    assert done == [False]
    assert wishes.last_round(robin).both == {"hair"}


def test_where_nothing_can_be_started_nothing_breaks(kim, tonight, monkeypatch):
    wishes.hand_in_ballot(kim, tonight, NONE)
    with monkeypatch.context() as broken:
        broken.setattr(wishes, "ProcessInput", lambda *_: None)  # it ends without a word
        assert not wishes.request_reveal(kim, tonight)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert not wishes.request_reveal(kim, tonight)
    assert wishes.first_request(kim) is None


def test_each_round_has_another_pair_and_other_shares(kim, robin):
    seen = []
    for number in range(3):
        (now,) = _rows(kim, schema.ceremony)
        halves = [
            wishes._key_share(kim, now.share_a),
            wishes._key_share(robin, now.share_b),
        ]
        assert now.round == number + 1
        assert bytes(PrivateKey(join_shares(*halves)).public_key) == now.public
        seen += [now.public, now.seed, *halves]
        for lane in (kim, robin):
            wishes.hand_in_ballot(lane, f"e{number}", frozenset({f"w{number}"}))
        assert _open(f"e{number}", kim, robin) == [False, True]
        assert wishes.last_round(kim).both == {f"w{number}"}
    assert len(set(seen)) == len(seen)
    assert len(_rows(kim, schema.matches)) == 1  # what matched in earlier rounds is gone


def test_nobody_opens_the_partners_next_share(kim, robin, tonight):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, NONE)
    _open(tonight, kim, robin)
    (now,) = _rows(kim, schema.ceremony)

    assert {len(now.share_a), len(now.share_b)} == {80}
    for lane, theirs in ((kim, now.share_b), (robin, now.share_a)):
        with pytest.raises(CryptoError):
            wishes._key_share(lane, theirs)


def test_the_sizes_are_the_same_for_every_wish(kim, robin):
    for number in range(0, 300, 30):
        wished = frozenset(f"wish-number-{n}" for n in range(number))
        wishes.hand_in_ballot(kim, f"e{number}", wished)
        wishes.hand_in_ballot(robin, f"e{number}", NONE)

        assert [len(row.ballot) for row in _rows(kim)] == [8240, 8240]


def test_a_ballot_that_would_show_by_its_length_is_refused(kim, tonight):
    fits = "x" * (8191 - 64 - len('{"seat":"A","wishes":[""]}'))

    wishes.hand_in_ballot(kim, tonight, frozenset({fits}))
    with pytest.raises(InvalidAnswer):
        wishes.hand_in_ballot(kim, tonight, frozenset({fits + "x"}))

    assert {len(row.ballot) for row in _rows(kim)} == {8240}


def test_nobody_opens_a_ballot_alone(kim, robin, tonight):
    """Not even with a tool of their own, once the other one has asked."""
    wishes.hand_in_ballot(kim, tonight, frozenset({"feet"}))
    wishes.request_reveal(kim, tonight)
    (row,) = _rows(kim)
    (asks,) = _rows(kim, schema.asks)

    for lane in (kim, robin):
        keys = (lane.keys.share, lane.keys.own, bytes(share_key_pair(lane.keys.own)), asks.public)
        for key in keys:
            with pytest.raises(CryptoError):
                SealedBox(PrivateKey(key)).decrypt(row.ballot)
    everything = b"".join(
        bytes(value) for table in (schema.asks, schema.ballots, schema.ceremony)
        for each in _rows(robin, table) for value in each if isinstance(value, bytes)
    )  # fmt: skip
    assert kim.keys.share not in everything


def test_a_ballot_may_be_replaced_or_taken_back_until_both_are_in(kim, robin, tonight):
    wishes.hand_in_ballot(kim, tonight, frozenset({"feet"}))
    wishes.hand_in_ballot(kim, tonight, frozenset({"hair"}))
    wishes.hand_in_ballot(robin, tonight, frozenset({"feet", "hair"}))

    for lane in (kim, robin):
        with pytest.raises(ChangedElsewhere):
            wishes.hand_in_ballot(lane, tonight, frozenset({"feet"}))

    _open(tonight, kim, robin)
    assert wishes.last_round(kim).both == {"hair"}
    with pytest.raises(ChangedElsewhere):
        wishes.hand_in_ballot(kim, tonight, frozenset({"feet"}))
    wishes.hand_in_ballot(kim, "another", NONE)
    wishes.take_back_ballot(kim, "another")
    assert wishes.list_handed_in(robin, "another") == NONE


def test_a_ballot_of_an_evening_that_is_over_counts_for_no_other(kim, robin):
    wishes.hand_in_ballot(kim, "one", frozenset({"hair"}))
    wishes.request_reveal(kim, "one")
    wishes.hand_in_ballot(robin, "two", frozenset({"hair"}))

    assert wishes.list_handed_in(kim, "one") == NONE
    assert _open("two", robin, kim) == [False, False]
    assert wishes.last_round(kim) is None


def test_a_match_is_taken_off_the_list_for_both(kim, robin, tonight):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, frozenset({"feet", "hair"}))
    _open(tonight, kim, robin)

    wishes.withdraw_wish(robin, "feet")

    assert wishes.last_round(kim).both == {"hair"}


def test_a_damaged_ballot_is_damage_and_stays(kim, robin, tonight):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, frozenset({"hair"}))
    with kim.writing() as db:
        db.execute(update(schema.ballots).values(ballot=b"x" * 8240))
    wishes.request_reveal(kim, tonight)

    with pytest.raises(DamagedVault):
        wishes.request_reveal(robin, tonight)

    assert len(_rows(kim)) == 2
    assert _ended(wishes._processes[-1])  # nobody tries one ballot after another


def test_a_full_disk_loses_no_ballot(kim, robin, tonight):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, frozenset({"hair"}))
    wishes.request_reveal(kim, tonight)
    before = _rows(kim, schema.ceremony)
    limit = resource.RLIMIT_FSIZE  # of the process alone: it can write no byte
    resource.prlimit(wishes._processes[-1].pid, limit, (0, 0))
    with pytest.raises(NotSaved):
        wishes.request_reveal(robin, tonight)

    assert _rows(kim, schema.ceremony) == before
    assert len(_rows(kim)) == 2
    assert _open(tonight, robin, kim) == [False, True]
    assert wishes.last_round(kim).both == {"hair"}


def test_no_share_ever_reaches_the_other_ones_process(kim, robin, tonight, monkeypatch):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, frozenset({"hair"}))
    ran, given, answers = [], [], []
    real, start, ask = subprocess.Popen, wishes.ProcessInput, ballot_process.send_request
    monkeypatch.setattr(
        subprocess, "Popen", lambda args, **how: ran.append((args, how)) or real(args, **how)
    )
    monkeypatch.setattr(wishes, "ProcessInput", lambda *said: given.append(said) or start(*said))

    def answered(endpoint, asked):
        answers.append(found := ask(endpoint, asked))
        return found

    monkeypatch.setattr(ballot_process, "send_request", answered)
    monkeypatch.setenv("SECRET", "in the environment")
    assert _open(tonight, kim, robin) == [False, True]

    ((args, how),) = ran
    assert args == COMMAND
    assert how["env"] == {} or os.name == "nt"
    assert how["start_new_session"]
    (said,) = given
    assert said[0] == kim.keys.share
    assert not {kim.keys.database, kim.keys.own} & {*said, *said[3].signing}
    assert answers == [RevealResult.OPENED]


def test_it_answers_once_and_only_who_has_the_key_of_the_vault(kim, robin, tonight):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, frozenset({"hair"}))
    wishes.request_reveal(kim, tonight)
    (asks,) = _rows(kim, schema.asks)
    for noise in (b"", b"{}", b"x" * 100_000):
        answer = b""
        address = (ballot_process.HOST, asks.port)
        # It may close before it has read everything.
        with suppress(ConnectionError), socket.create_connection(address, timeout=10) as line:
            line.sendall(noise)
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(10)
        assert answer == b""
    stranger = Endpoint(asks.port, bytes(PrivateKey.generate().public_key))
    assert ballot_process.send_request(stranger, RevealRequest(bytes(32), bytes(32))) is None

    assert wishes.request_reveal(robin, tonight)
    assert (
        ballot_process.send_request(
            Endpoint(asks.port, asks.public), RevealRequest(bytes(32), bytes(32))
        )
        is None
    )


def test_it_listens_on_this_computer_alone(kim, tonight):
    wishes.hand_in_ballot(kim, tonight, NONE)
    wishes.request_reveal(kim, tonight)
    process = psutil.Process(wishes._processes[-1].pid)

    listens = {each.laddr.ip for each in process.net_connections() if each.status == "LISTEN"}

    assert listens == {"127.0.0.1"}
    assert not [each for each in process.open_files() if "vault" in each.path]


@pytest.mark.parametrize("sent", [b"", b"{}", b'{"share": "AA=="}', b"\xff"])
def test_the_ceremony_says_nothing_about_what_it_cannot_read(sent):
    done = subprocess.run(COMMAND, input=sent, capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_wishes_carry_no_time(kim, robin, tonight):
    wishes.hand_in_ballot(kim, tonight, NONE)
    wishes.request_reveal(kim, tonight)

    columns = {name: {*getattr(schema, name).columns.keys()} for name in ("ballots", "asks")}
    assert columns["ballots"] == {"evening", "seat", "round", "ballot"}
    assert columns["asks"] == {"round", "seat", "port", "public"}
    wishes.hand_in_ballot(robin, tonight, NONE)
    wishes.request_reveal(robin, tonight)
    (row,) = _rows(kim, schema.matches)
    assert row.on == "2026-05-03"
    assert set(row._mapping) == {"round", "evening", "on", "body"}


def test_the_seed_is_the_same_for_both_until_a_round_is_opened(kim, robin, tonight):
    before = wishes.read_seed(kim)
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, NONE)
        assert wishes.read_seed(lane) == before
    _open(tonight, kim, robin)

    assert wishes.read_seed(kim) == wishes.read_seed(robin) != before


def test_nothing_of_the_old_ballots_stays_beside_the_file(home, kim, robin, tonight):
    for lane in (kim, robin):
        wishes.hand_in_ballot(lane, tonight, NONE)
    _open(tonight, kim, robin)

    assert (home.folder / "vault.db-wal").stat().st_size == 0
    with kim.reading() as db:
        assert db.execute(text("SELECT count(*) FROM ballots")).scalar() == 0
