"""Two pages and one session: one leads it, the receiver's own phone is its pad."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.evening import happen, keep, planned, press, shown, tell, value_of, write
from tests.strategies import TABLES
from workbook.app import session as session_module
from workbook.app.commands import sessions as commands
from workbook.domain.areas import AreaMark
from workbook.domain.errors import NotSaved
from workbook.domain.health import ReportedCondition
from workbook.domain.levels import Level
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase
from workbook.store import sessions
from workbook.ui.forms.player import PlayerForm
from workbook.ui.widgets.pad import Pad


class Clock:
    now = 1000.0


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(session_module.time, "monotonic", lambda: Clock.now)
    Clock.now = 1000.0
    return Clock


@pytest.fixture
def kim(agreed, couple):
    """Kim gives, and leads the session on a page of their own; Robin has the other one."""
    book = couple.open(Seat.A)
    book.form("player")
    agreed.form("player")
    return book


@pytest.fixture
def robin(agreed):
    guide(agreed)._pad.on_screen = True  # "Be the pad" was pressed
    return agreed


def guide(book) -> PlayerForm:
    return book.form("player").children[0]


def seen(*books):
    """Each page is seen once, one after the other, two seconds after the last time."""
    Clock.now += 2
    for book in books:
        book.page._on_message(book.page, {"kind": "ping", "n": 2}, [])


def told(book, kind, **more):
    """What the player in the browser says."""
    player = guide(book)._player
    if "elapsed" not in more:
        more["elapsed"] = 0.0 if more.get("event") == "start" else run(book).elapsed
    said = {"step": 0, "cap": 3, "plan": player.plan["id"], **more}
    player._on_message(player, {"kind": kind, **said}, [])


def lead(book):
    """Begin the session on this page; return what its browser is told from then on."""
    heard = []
    guide(book)._player.send = lambda content, *_: heard.append(content)
    told(book, "event", event="start")
    told(book, "at", phase="running")
    return heard


def opened_again(kim, couple):
    """The page that led goes, and another takes its place; that one, and what its browser hears."""
    kim.controller.vault.close()
    again = couple.open(Seat.A)
    again.form("player")
    heard = []
    guide(again)._player.send = lambda content, *_: heard.append(content)
    return again, heard


def both(kim, robin, times=4):
    for _ in range(times):
        seen(kim, robin)


def tap(book, *words):
    pad, taken = guide(book)._pad, []
    pad.send = lambda content, *_: taken.append(content)
    for word in words:
        pad._on_message(pad, {"kind": "tap", "tap": word}, [])
    return taken


def run(book):
    return sessions.latest_session(
        book.controller.vault, book.controller._evening
    ).saved.value.session


def is_pad(book):
    return any(isinstance(child, Pad) for child in guide(book).children)


def test_while_one_page_leads_the_receivers_other_one_is_the_pad(kim, robin):
    assert not is_pad(robin)
    lead(kim)

    both(kim, robin)

    assert is_pad(robin)
    assert not is_pad(kim)
    assert guide(robin)._pad.guided
    assert guide(kim)._player.pad == "here"


def test_the_pad_is_lit_while_the_guide_asks(kim, robin):
    lead(kim)
    first, second = (check.at for check in planned(robin).check_ins[:2])
    shown_s = TABLES.settings["shown_seconds"].default
    seconds = [first + 1, first + shown_s + 5, second + 1]
    assert seconds == sorted(seconds)

    lit = []
    for elapsed in seconds:
        told(kim, "at", phase="running", elapsed=elapsed)
        both(kim, robin)
        lit.append(guide(robin)._pad.asking)

    assert lit == [True, False, True]


def test_a_pad_that_is_off_the_screen_is_not_there(kim, robin):
    guide(robin)._pad.on_screen = False
    lead(kim)
    both(kim, robin)
    assert is_pad(robin)
    assert guide(kim)._player.pad == ""

    guide(robin)._pad.on_screen = True
    both(kim, robin)
    assert guide(kim)._player.pad == "here"

    guide(robin)._pad.on_screen = False
    both(kim, robin)
    assert guide(kim)._player.pad == "gone"


def test_another_page_of_the_giver_is_no_pad(kim, couple):
    lead(kim)
    other = couple.open(Seat.A)
    other.form("player")

    both(kim, other)

    assert not is_pad(other)
    assert "another screen" in shown(other, "player")


def test_one_tap_softens_the_rest_on_the_page_that_leads(kim, robin):
    heard = lead(kim)
    both(kim, robin)
    before = min(planned(kim).steps[0].level, run(kim).cap)

    assert tap(robin, "softer") == [{"kind": "taken", "tap": "softer"}]
    seen(kim)

    assert run(kim).cap == max(before - 1, Level.STILL)
    assert heard[-1] == {"kind": "cap", "cap": int(run(kim).cap)}


def test_two_taps_still_the_hands_and_the_page_that_leads_says_when_it_goes_on(kim, robin):
    heard = lead(kim)
    both(kim, robin)

    tap(robin, "still")
    seen(kim, robin)

    assert run(kim).phase is Phase.PAUSED
    assert heard[-1] == {"kind": "signal", "signal": "pause", "ended": ""}
    assert guide(robin)._pad.phase == "paused"
    told(kim, "event", event="pause")
    told(kim, "at", phase="paused")
    told(kim, "event", event="go_on")
    told(kim, "at", phase="running")
    count = len(heard)
    both(kim, robin)
    assert run(kim).phase is Phase.RUNNING
    assert len(heard) == count  # nothing is said twice


def looks_up(book, *, from_glass):
    """The pad's glass has gone after the end."""
    pad = guide(book)._pad
    pad._on_message(pad, {"kind": "left", "from_glass": from_glass}, [])


def test_a_stop_on_the_pad_ends_it_for_both(kim, robin, said):
    heard = lead(kim)
    both(kim, robin)

    tap(robin, "stop")
    seen(kim, robin)

    assert run(kim).phase is Phase.STOPPED
    assert heard[-1] == {"kind": "signal", "signal": "stop", "ended": ""}
    assert is_pad(robin)  # dark, until Robin looks up
    assert tap(robin, "softer") == [{"kind": "taken", "tap": "softer"}]
    assert run(kim).phase is Phase.STOPPED
    looks_up(robin, from_glass=False)
    assert not is_pad(robin)
    assert ("go_to_step", "rest") not in said


def test_whoever_looks_up_from_the_pad_comes_to_the_quiet_time_after(kim, robin, said):
    lead(kim)
    both(kim, robin)
    tap(robin, "stop")
    seen(kim, robin)

    looks_up(robin, from_glass=True)

    assert not is_pad(robin)
    assert ("go_to_step", "rest") in said


def test_what_the_guide_did_itself_is_not_said_back_to_it(kim, robin):
    heard = lead(kim)
    both(kim, robin)
    happen(kim, Event.NEXT)
    told(kim, "at", phase="running", step=1)

    told(kim, "event", event="softer", step=1, cap=max(planned(kim).steps[1].level - 1, 0))
    told(kim, "event", event="pause", step=1, cap=int(run(kim).cap))
    told(kim, "at", phase="paused", step=1, cap=int(run(kim).cap))
    both(kim, robin)

    assert [said for said in heard if said["kind"] in ("cap", "signal")] == []


def test_a_pad_that_goes_silent_is_said_on_the_guide(kim, robin, clock):
    lead(kim)
    both(kim, robin)
    seen(kim)

    clock.now += session_module.PEER_TIMEOUT_S + 0.1
    seen(kim)

    assert guide(kim)._player.pad == "gone"
    seen(robin, kim)
    assert guide(kim)._player.pad == "here"


def test_a_guide_that_goes_silent_is_said_on_the_pad(kim, robin, clock):
    lead(kim)
    both(kim, robin)

    clock.now += session_module.PEER_TIMEOUT_S + 0.1
    seen(robin)

    assert is_pad(robin)
    assert not guide(robin)._pad.guided


def test_without_a_pad_the_guide_says_nothing_of_one(kim):
    lead(kim)

    seen(kim)

    assert guide(kim)._player.pad == ""


def test_a_page_that_is_opened_again_leads_on_and_is_no_pad_of_itself(kim, robin, couple):
    lead(kim)
    seen(kim)
    kim.controller.vault.close()
    again = couple.open(Seat.A)
    again.form("player")

    seen(again, again)

    assert guide(again)._player in guide(again).children
    assert guide(again)._player.state["phase"] == "running"


def test_a_word_that_could_not_be_kept_is_not_taken(kim, robin, monkeypatch):
    lead(kim)
    both(kim, robin)

    def refuse(*_args, **_more):
        raise NotSaved

    monkeypatch.setattr(sessions, "write_session", refuse)

    assert tap(robin, "softer") == []


@pytest.mark.parametrize(
    "said", [{}, {"kind": "tap"}, {"kind": "tap", "tap": "go_on"}, None, "tap"]
)
def test_what_no_pad_says_is_passed_over(kim, robin, said):
    lead(kim)
    both(kim, robin)
    before = run(kim)

    guide(robin)._pad._on_message(guide(robin)._pad, said, [])

    assert run(kim) == before


def test_where_no_sign_of_life_can_be_written_a_word_is_heard_all_the_same(kim, robin, monkeypatch):
    heard = lead(kim)
    both(kim, robin)
    tap(robin, "still")

    def refuse(*_args, **_more):
        raise NotSaved

    monkeypatch.setattr(session_module.cards, "write_card", refuse)
    seen(kim)

    assert heard[-1] == {"kind": "signal", "signal": "pause", "ended": ""}


def test_an_error_nobody_expected_is_no_word_taken(kim, robin, monkeypatch):
    lead(kim)
    both(kim, robin)
    monkeypatch.setattr(sessions, "write_session", lambda *_args, **_more: 1 / 0)

    assert tap(robin, "softer") == []


def test_a_late_word_to_go_on_does_not_take_two_taps_away(kim, robin):
    heard = lead(kim)
    both(kim, robin)
    tap(robin, "still")

    # Said on the guide while its line was down, before anybody there knew of the taps.
    told(kim, "event", event="pause")
    told(kim, "at", phase="paused")
    told(kim, "event", event="go_on")
    told(kim, "at", phase="running")

    assert {"kind": "signal", "signal": "pause", "ended": ""} in heard


def test_a_stop_is_heard_by_a_guide_that_was_opened_again_and_waits(kim, robin, couple):
    lead(kim)
    both(kim, robin)
    again, heard = opened_again(kim, couple)

    tap(robin, "stop")
    seen(again)

    assert heard  # once or more: what has stopped stays so
    assert all(word == {"kind": "signal", "signal": "stop", "ended": ""} for word in heard)


@pytest.mark.parametrize("heard_before", [False, True])
def test_two_taps_at_the_moment_it_goes_on_still_the_hands(kim, robin, heard_before):
    heard = lead(kim)
    both(kim, robin)
    told(kim, "event", event="pause")
    told(kim, "at", phase="paused")
    both(kim, robin)

    # "Go on" was pressed on the guide, and is still under way.
    assert tap(robin, "still")
    if heard_before:
        seen(kim)
    told(kim, "event", event="go_on")
    told(kim, "at", phase="running")
    seen(kim)

    assert heard == [{"kind": "signal", "signal": "pause", "ended": ""}]


def test_a_pause_of_the_guides_own_is_not_said_back_to_it(kim, robin):
    heard = lead(kim)
    both(kim, robin)

    told(kim, "event", event="pause")
    told(kim, "at", phase="paused")
    both(kim, robin)

    assert heard == []


def test_a_word_that_meets_one_of_the_other_page_is_said_again(kim, robin, monkeypatch):
    lead(kim)
    both(kim, robin)
    real, crossed = commands.apply_event, []

    def apply(vault, *args, **more):
        if vault is robin.controller.vault and not crossed:
            crossed.append(True)
            told(kim, "at", phase="running", elapsed=3.0)
        return real(vault, *args, **more)

    monkeypatch.setattr(commands, "apply_event", apply)

    assert tap(robin, "still") == [{"kind": "taken", "tap": "still"}]
    assert crossed
    assert run(kim).phase is Phase.PAUSED


def test_two_taps_between_a_look_and_a_word_still_the_hands(kim, robin, monkeypatch):
    heard = lead(kim)
    both(kim, robin)
    told(kim, "event", event="pause")
    told(kim, "at", phase="paused")
    both(kim, robin)
    real, tapped = commands.apply_event, []

    def apply(vault, *args, **more):
        if vault is kim.controller.vault and not tapped:
            tapped.append(True)
            assert tap(robin, "still")
        return real(vault, *args, **more)

    monkeypatch.setattr(commands, "apply_event", apply)
    told(kim, "event", event="go_on")

    assert tapped
    assert heard == [{"kind": "signal", "signal": "pause", "ended": ""}]


def test_two_taps_while_the_line_of_a_guide_that_was_opened_again_is_down_are_heard(
    kim, robin, couple
):
    lead(kim)
    both(kim, robin)
    again, heard = opened_again(kim, couple)

    tap(robin, "still")
    told(again, "event", event="go_on")  # said before that, and on its way until now
    told(again, "at", phase="running")

    assert heard == [{"kind": "signal", "signal": "pause", "ended": ""}]


@pytest.mark.parametrize("word", ["still", "stop"])
def test_a_word_said_as_the_guide_begins_to_look_at_everything_is_heard(kim, robin, couple, word):
    heard = lead(kim)
    both(kim, robin)
    settle(kim)
    write(couple.open(Seat.A), "intentions", "a heron")
    page = kim.controller
    poll = page.poll_session

    def then_the_tap():
        known = poll()
        page.poll_session = poll  # once
        tap(robin, word)
        return known

    page.poll_session = then_the_tap
    kim.controller._refresh_timer._refreshed_at -= 60
    kim._poll()
    assert "a heron" in shown(kim, "intentions")
    kim._poll()

    assert heard == [
        {"kind": "signal", "signal": "pause" if word == "still" else word, "ended": ""}
    ]


@pytest.mark.parametrize(("with_a_word", "seconds"), [(False, 1.0), (True, 5.0)])
def test_while_hands_are_on_somebody_a_word_comes_at_once_and_other_news_soon(
    kim, robin, couple, with_a_word, seconds
):
    heard = lead(kim)
    both(kim, robin)
    settle(kim)
    other = couple.open(Seat.A)
    write(other, "intentions", "a heron")
    if with_a_word:
        tap(robin, "still")

    kim._poll()
    assert heard == [{"kind": "signal", "signal": "pause", "ended": ""}] * with_a_word
    assert "a heron" not in shown(kim, "intentions")
    Clock.now += seconds + 0.1
    kim._poll()
    assert "a heron" in shown(kim, "intentions")


def test_signs_of_life_alone_make_no_page_look_at_everything(kim, robin, clock, monkeypatch):
    lead(kim)
    both(kim, robin)
    settle(kim)
    looks = []
    monkeypatch.setattr(kim.controller, "catch_up", lambda: looks.append(clock.now))

    for _ in range(4):
        clock.now += 1
        robin.controller.send_heartbeat()
        kim._poll()
    assert not looks
    clock.now += 1.1
    kim._poll()
    assert looks


def settle(book):
    """Let the page look at everything now."""
    Clock.now += 60
    book._poll()
    book.controller.catch_up()


# What either person takes back while hands are on ---------------------------------------------


def _yes_taken_back(book):
    press(book, "agreement", "withdraw", name="Robin")


def _not_free(book):
    tell(book, "consent", free="no")


def _urgent(book):
    said = value_of(book, "health")
    keep(book, "health", replace(said, ticked={**said.ticked, "clot_signs": ReportedCondition()}))


def _ready_taken_back(book):
    press(book, "ready", "ready_back")


def _everything_closed(book):
    said = value_of(book, "limits")
    closed = dict.fromkeys(said.receiving, AreaMark.NOT_TONIGHT)
    keep(book, "limits", replace(said, receiving=closed))


@pytest.mark.parametrize(
    "take_back", [_yes_taken_back, _not_free, _urgent, _ready_taken_back, _everything_closed]
)
def test_what_is_taken_back_on_the_other_phone_stops_the_guide(kim, robin, take_back):
    heard = lead(kim)
    both(kim, robin)

    take_back(robin)
    seen(kim)

    assert heard[-1] == {"kind": "signal", "signal": "stop", "ended": "lapsed"}
    assert run(kim).phase is Phase.STOPPED


def test_the_end_of_the_day_takes_nothing_back(kim, robin, couple):
    heard = lead(kim)
    both(kim, robin)

    couple.clock.on(hours=9)
    both(kim, robin)
    couple.open(Seat.B)
    seen(kim)

    assert heard == []
    assert run(kim).phase is Phase.RUNNING
