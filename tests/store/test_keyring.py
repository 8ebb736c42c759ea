import base64
import json
from pathlib import Path

import pytest

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.errors import (
    DamagedKeyring,
    InvalidInput,
    NewerVault,
    NotSaved,
    TooManyTries,
    WeakPassphrase,
    WrongPassphrase,
)
from workbook.domain.seats import Seat
from workbook.store import answers, durable, keyring, vault
from workbook.store.keyring import MAX_COST, Kdf
from workbook.store.passphrase import Throttle

NEW = "copper saddle meadow"


def _ring(path):
    return json.loads(path.read_text())


def test_the_file_is_as_the_specification_says(home):
    ring = _ring(home.keyring)

    assert list(ring) == ["format", "version", "vault", "slots"]
    assert (ring["format"], ring["version"]) == ("attune-keyring", 1)
    assert len(base64.b64decode(ring["vault"])) == 16
    assert [(slot["person"], slot["kind"]) for slot in ring["slots"]] == [
        ("a", "passphrase"),
        ("a", "recovery"),
        ("b", "passphrase"),
        ("b", "recovery"),
    ]
    for slot in ring["slots"]:
        assert len(base64.b64decode(slot["box"])) == 136
        assert len(base64.b64decode(slot["kdf"]["salt"])) == 16
    assert home.keyring.read_bytes() == home.copy.read_bytes()


def test_ours_is_the_cost_that_was_measured():
    assert (keyring.DEFAULT_COST.ops, keyring.DEFAULT_COST.mem) == (3, 268435456)
    assert vault.create.__defaults__[0] is keyring.DEFAULT_COST
    assert vault.change_passphrase.__defaults__[-1] is keyring.DEFAULT_COST


@pytest.mark.parametrize("lost", ["keyring", "copy"])
@pytest.mark.parametrize("how", ["missing", "empty", "cut", "foreign"])
def test_one_lost_copy_heals_from_the_other(home, lost, how):
    whole = home.keyring.read_bytes()
    path = getattr(home, lost)
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "cut": whole[:700], "foreign": b"[1]"}[how])

    home.unlock().close()

    assert _ring(home.keyring) == _ring(home.copy) == json.loads(whole)


@pytest.mark.parametrize("lost", ["keyring", "copy"])
def test_a_flipped_slot_heals_when_its_owner_unlocks_and_the_partners_stays(home, lost):
    whole = _ring(home.keyring)
    ring = _ring(home.keyring)
    box = bytearray(base64.b64decode(ring["slots"][0]["box"]))
    box[50] ^= 1
    ring["slots"][0]["box"] = base64.b64encode(box).decode()
    getattr(home, lost).write_text(json.dumps(ring))

    home.unlock(Seat.B).close()
    assert whole in (_ring(home.keyring), _ring(home.copy))
    home.unlock(Seat.A).close()

    assert _ring(home.keyring) == _ring(home.copy) == whole


@pytest.mark.parametrize("damage", [b"", b"{}", b"[" * 100000, b"\xff" * 10, b" " * 100000])
def test_two_lost_copies_say_so_and_change_nothing(home, damage):
    home.keyring.write_bytes(damage)
    home.copy.write_bytes(damage)
    before = home.hashes()

    with pytest.raises(DamagedKeyring):
        home.unlock()

    assert home.hashes() == before


def test_a_newer_keyring_is_left_alone(home):
    ring = _ring(home.keyring) | {"version": 2, "slots": "in another way"}
    for path in (home.keyring, home.copy):
        path.write_text(json.dumps(ring))
    before = home.hashes()

    with pytest.raises(NewerVault):
        home.unlock()

    assert home.hashes() == before


@pytest.mark.parametrize(
    "absurd",
    [{"ops": MAX_COST.ops + 1}, {"mem": MAX_COST.mem + 1}, {"mem": 2**62}, {"ops": 0}, {"mem": 1}],
)
def test_a_file_that_asks_for_too_much_is_refused_before_anything_runs(home, monkeypatch, absurd):
    ring = _ring(home.keyring)
    ring["slots"][0]["kdf"] |= absurd
    for path in (home.keyring, home.copy):
        path.write_text(json.dumps(ring))
    ran = []
    monkeypatch.setattr(Kdf, "key", lambda *_: ran.append(1))

    with pytest.raises(DamagedKeyring):
        home.unlock()

    assert not ran


def test_a_slot_opens_nothing_as_another_kind_person_or_vault(home):
    ring = keyring.load_keyring(home.folder).best
    slot = ring.slot(Seat.A, "passphrase")
    secret = home.words[Seat.A].encode()

    assert keyring.secret_opens(ring.vault, slot, secret)
    assert not keyring.secret_opens(bytes(16), slot, secret)
    for changed in ({"person": "b"}, {"kind": "recovery"}):
        moved = keyring.Slot(**{f: getattr(slot, f) for f in slot.__slots__} | changed)
        assert not keyring.secret_opens(ring.vault, moved, secret)


def test_a_recovery_code_opens_its_owners_lane(home):
    for seat in Seat:
        with vault.unlock(home.folder, home.codes[seat].lower()) as lane:
            assert lane.seat is seat


def test_every_wrong_secret_is_the_same_error_and_writes_nothing(home):
    before = home.hashes()
    wrong = ["", "x", home.words[Seat.A] + "x", home.codes[Seat.A][:-1], "\ud800", "a" * 100000]

    errors = set()
    for secret in wrong:
        with pytest.raises(WrongPassphrase) as caught:
            vault.unlock(home.folder, secret)
        errors.add((type(caught.value), str(caught.value), str(caught.value.facts)))

    assert len(errors) == 1
    assert home.hashes() == before


def test_every_wrong_passphrase_tries_both_slots(home, monkeypatch):
    ran = []
    real = Kdf.key
    monkeypatch.setattr(Kdf, "key", lambda kdf, secret: ran.append(1) or real(kdf, secret))

    for wrong in ("a wrong passphrase", home.words[Seat.A][:-1], home.words[Seat.B] + "s"):
        ran.clear()
        with pytest.raises(WrongPassphrase):
            vault.unlock(home.folder, wrong)
        assert len(ran) == 2


def test_a_page_with_too_many_wrong_tries_waits_even_with_the_right_one(home):
    throttle = Throttle(lambda: 0.0)
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            vault.unlock(home.folder, "not this one", throttle)

    with pytest.raises(TooManyTries) as wait:
        home.unlock(throttle=throttle)

    assert wait.value.facts == {"seconds": 1}
    home.unlock().close()


def test_a_changed_passphrase_opens_the_same_answers_and_the_old_one_nothing(home, kim):
    kept = answers.write_answer(kim, AreaAnswers({"feet": AreaMark.OPEN}))

    vault.change_passphrase(kim, home.words[Seat.A], NEW, cost=home.low)

    with vault.unlock(home.folder, NEW) as again:
        assert again.seat is Seat.A
        assert answers.read_answer(again, AreaAnswers).value == kept.value
    for damaged in (None, home.keyring):
        if damaged:
            damaged.unlink()  # nor does the copy
        with pytest.raises(WrongPassphrase):
            home.unlock(Seat.A)
    home.unlock(Seat.B).close()
    vault.unlock(home.folder, home.codes[Seat.A]).close()


def test_a_forgotten_passphrase_is_changed_with_the_recovery_code(home):
    with vault.unlock(home.folder, home.codes[Seat.B]) as lane:
        vault.change_passphrase(lane, home.codes[Seat.B], NEW, cost=home.low)
        new = vault.change_recovery_code(lane, NEW, cost=home.low)

    with vault.unlock(home.folder, NEW) as lane, vault.unlock(home.folder, new) as other:
        assert lane.seat is other.seat is Seat.B
    with pytest.raises(WrongPassphrase):
        vault.unlock(home.folder, home.codes[Seat.B])


def test_nobody_changes_a_passphrase_without_their_own_old_one(home, kim):
    before = home.keyring.read_bytes()

    for old in (home.words[Seat.B], home.codes[Seat.B], "a wrong passphrase"):
        with pytest.raises(WrongPassphrase):
            vault.change_passphrase(kim, old, NEW, cost=home.low)
    with pytest.raises(WeakPassphrase):
        vault.change_passphrase(kim, home.words[Seat.A], "too short", cost=home.low)
    with pytest.raises(InvalidInput):
        vault.change_passphrase(kim, home.words[Seat.A], home.words[Seat.B], cost=home.low)

    assert home.keyring.read_bytes() == before


def test_proving_an_old_passphrase_never_opens_the_partners_slot(home, kim, monkeypatch):
    opened = []
    real = keyring._unwrap

    def watched(vault_id, slot, wrapping):
        found = real(vault_id, slot, wrapping)
        opened.extend([slot.seat] if found else [])
        return found

    monkeypatch.setattr(keyring, "_unwrap", watched)
    with pytest.raises(WrongPassphrase):
        vault.change_passphrase(kim, home.words[Seat.B], NEW, cost=home.low)

    assert opened == []


def test_both_may_change_theirs_one_after_the_other(home, kim, robin):
    vault.change_passphrase(kim, home.words[Seat.A], NEW, cost=home.low)
    vault.change_passphrase(robin, home.words[Seat.B], NEW + " b", cost=home.low)

    for secret, seat in ((NEW, Seat.A), (NEW + " b", Seat.B)):
        with vault.unlock(home.folder, secret) as lane:
            assert lane.seat is seat


@pytest.mark.parametrize("step", range(8))
def test_a_change_cut_short_leaves_the_old_or_the_new_one(home, kim, monkeypatch, step):
    """The k-th step on the disk fails, as if the power went there."""
    left = [step]

    def failing(real):
        def call(*args, **kwargs):
            if left[0] == 0:
                raise OSError(28, "full")
            left[0] -= 1
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(durable, "write_file", failing(durable.write_file))
        patch.setattr(keyring, "_verify_written", failing(keyring._verify_written))
        patch.setattr(Path, "replace", failing(Path.replace))
        patch.setattr(durable, "sync_folder", failing(durable.sync_folder))
        if step < 7:
            with pytest.raises(NotSaved):
                vault.change_passphrase(kim, home.words[Seat.A], NEW, cost=home.low)
        else:
            vault.change_passphrase(kim, home.words[Seat.A], NEW, cost=home.low)

    opening = []
    for secret in (home.words[Seat.A], NEW):
        try:
            vault.unlock(home.folder, secret).close()
            opening.append(secret)
        except WrongPassphrase:
            pass
    assert opening
    assert opening == [NEW] or step < 7
    home.unlock(Seat.B).close()
    assert not list(home.folder.glob("*.new"))


def test_the_new_keyring_is_proved_before_it_replaces_the_old(home, kim, monkeypatch):
    before = home.keyring.read_bytes()
    real = durable.write_file
    monkeypatch.setattr(
        durable,
        "write_file",
        lambda path, content: real(path, content.replace(b'": "', b'":"A', 3)),
    )

    with pytest.raises(NotSaved):
        vault.change_passphrase(kim, home.words[Seat.A], NEW, cost=home.low)

    assert home.keyring.read_bytes() == home.copy.read_bytes() == before
