"""One flag in the memory of the server: a massage is under way, or was stopped."""

from __future__ import annotations

import pytest

from tests.marks import long_after
from tests.serve.running import Server
from workbook.serve.massage import GUIDE_TIMEOUT_S, MassageFlag, MassageState


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_guide_that_says_nothing_for_four_and_a_half_seconds_is_gone() -> None:
    clock = Seconds()
    flag = MassageFlag(clock)
    assert flag.state is MassageState.NONE

    flag.begin("guide")
    clock.now = GUIDE_TIMEOUT_S - 0.1
    assert flag.state is MassageState.GUIDED
    clock.now = GUIDE_TIMEOUT_S
    assert flag.state is MassageState.UNGUIDED
    flag.keep_on("guide")
    assert flag.state is MassageState.GUIDED


def test_a_closed_page_guides_no_more_and_another_one_closes_without_a_word() -> None:
    flag = MassageFlag()
    flag.begin("guide")

    flag.release("pad")
    assert flag.state is MassageState.GUIDED
    flag.release("guide")
    assert flag.state is MassageState.UNGUIDED


def test_a_stop_stays_whatever_a_guide_says_until_the_vault_has_it() -> None:
    flag = MassageFlag()
    flag.stop()
    assert flag.state is MassageState.NONE  # there was nothing to stop
    flag.begin("guide")

    flag.stop()
    flag.keep_on("guide")
    assert flag.state is MassageState.STOPPED
    flag.end()
    assert flag.state is MassageState.NONE
    flag.begin("guide")
    assert flag.state is MassageState.GUIDED


def report(server: Server, kernel: str, what: str, *, by: int = 0, **headers: str | None):
    body = {"_xsrf": server.xsrf[by], "is": what}
    sent = {"Origin": server.origin} | headers
    return server.ask(f"/massage/{kernel}", "POST", device=by, body=body, **sent)


def state(server: Server, kernel: str) -> str:
    answer = server.ask(f"/massage/{kernel}", device=1)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def test_only_the_page_of_a_kernel_says_that_it_guides_and_any_device_stops(server: Server) -> None:
    kernel = server.open_page()

    for what in ("begun", "on", "over"):
        assert report(server, kernel, what, by=1).status == 404
    assert report(server, kernel, "begun").text == "guided"
    assert state(server, kernel) == "guided"
    assert report(server, kernel, "anything").status == 400
    assert report(server, kernel, "stopped", Origin="http://attune.example").status == 403
    assert report(server, kernel, "stopped", Origin=None).status == 403
    assert state(server, kernel) == "guided"
    assert server.close_page(kernel) == 204
    assert state(server, kernel) == "unguided"
    assert report(server, kernel, "stopped", by=1).text == "stopped"

    other = server.open_page()
    assert report(server, other, "over").text == "none"
    server.close_page(other)


@pytest.mark.parametrize("xsrf", long_after(1, ["{other}", "a guess", ""]))
def test_without_the_devices_own_token_nothing_is_taken(server: Server, xsrf: str) -> None:
    kernel = server.open_page()
    body = {"_xsrf": xsrf.format(other=server.xsrf[1]), "is": "begun"}

    answer = server.ask(f"/massage/{kernel}", "POST", body=body, Origin=server.origin)

    assert answer.status == 403
    assert state(server, kernel) == "none"
    server.close_page(kernel)
