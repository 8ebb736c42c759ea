"""Who is let in: codes and devices by themselves, then the real server from outside."""

from __future__ import annotations

import http.client
import re
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from tests.serve.served import KERNEL, OPEN, Book, kernel_of, running, upgrade, xsrf_of
from workbook.content.words import load_words
from workbook.serve.listening import PortTaken, bind_port
from workbook.serve.pairing import (
    CHECK_WINDOW_S,
    CODE_LIFETIME_S,
    MAX_CHECKS_PER_WINDOW,
    Devices,
    TooManyChecks,
    TooManyCodes,
)

SAY = load_words().table("pair")
NO_CODE = "0000-0000-0000-0000-0000-0000-0000"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def devices(clock) -> Devices:
    return Devices(8787, clock)


def request(cookie: str = "") -> HTTPServerRequest:
    headers = HTTPHeaders({"Host": "127.0.0.1:8787", **({"Cookie": cookie} if cookie else {})})
    line = RequestStartLine("GET", "/", "HTTP/1.1")
    return HTTPServerRequest(start_line=line, headers=headers)


def test_a_code_lets_one_browser_in_and_no_second_one(devices):
    code = devices.make_code()

    first, second = devices.pair_device(code), devices.pair_device(code)

    assert first is not None
    assert second is None


def test_a_code_has_no_letter_that_looks_like_another_and_cannot_be_guessed(devices):
    codes = {devices.make_code() for _ in range(200)}
    symbols = set("".join(codes)) - {"-"}

    assert len(codes) == 200
    assert all(re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){6}", code) for code in codes)
    assert symbols == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert len(symbols) ** 28 >= 2**128


def test_a_code_may_be_typed_as_people_type(devices):
    codes = [devices.make_code() for _ in range(6)]
    typed = [
        codes[0].lower(),
        codes[1].replace("-", ""),
        codes[2].replace("-", " "),
        f"  {codes[3]}\n",
        codes[4].replace("0", "O").replace("1", "l"),
        codes[5].replace("0", "o").replace("1", "I"),
    ]

    assert all(devices.pair_device(each) for each in typed)


def test_a_code_is_kept_as_a_hash_alone(devices):
    code = devices.make_code()
    session = devices.pair_device(devices.make_code())
    kept = repr(vars(devices))

    for secret in (code, code.replace("-", ""), session):
        assert secret not in kept


def test_a_code_is_valid_to_its_last_second_and_no_longer(devices, clock):
    first, second = devices.make_code(), devices.make_code()

    clock.now += CODE_LIFETIME_S - 1
    in_time = devices.pair_device(first)
    clock.now += 1
    late = devices.pair_device(second)

    assert in_time is not None
    assert late is None


def test_a_code_grows_old_while_the_computer_sleeps(monkeypatch):
    devices = Devices(8888)
    code, read = devices.make_code(), time.clock_gettime
    asleep = {time.CLOCK_BOOTTIME} if sys.platform == "linux" else {time.CLOCK_MONOTONIC}
    monkeypatch.setattr(
        time, "clock_gettime", lambda of: read(of) + (CODE_LIFETIME_S if of in asleep else 0)
    )

    assert devices.pair_device(code) is None


@pytest.mark.parametrize("said", ["", "-", NO_CODE, "\ud800", "ж" * 28, "0" * 60_000])
def test_what_is_no_code_lets_nobody_in(devices, said):
    devices.make_code()

    assert devices.pair_device(said) is None
    assert devices.list_devices() == ()


def test_after_ten_checks_in_a_minute_even_a_right_code_waits(devices, clock):
    code = devices.make_code()
    for _ in range(MAX_CHECKS_PER_WINDOW):
        devices.pair_device(NO_CODE)
        clock.now += 1

    with pytest.raises(TooManyChecks):
        devices.pair_device(code)
    clock.now += CHECK_WINDOW_S - MAX_CHECKS_PER_WINDOW - 1
    with pytest.raises(TooManyChecks):
        devices.pair_device(code)
    clock.now += 1

    assert devices.pair_device(code) is not None


def test_codes_that_let_somebody_in_count_as_checks_too(devices):
    for _ in range(MAX_CHECKS_PER_WINDOW):
        assert devices.pair_device(devices.make_code())

    with pytest.raises(TooManyChecks):
        devices.pair_device(devices.make_code())


def test_a_page_gets_one_new_code_a_minute(devices, clock):
    first = devices.make_code_for_page()
    clock.now += CHECK_WINDOW_S - 1
    with pytest.raises(TooManyCodes):
        devices.make_code_for_page()
    clock.now += 1
    second = devices.make_code_for_page()

    assert devices.pair_device(first)
    assert devices.pair_device(second)


def test_a_device_is_known_by_its_cookie_alone(devices):
    session = devices.pair_device(devices.make_code())
    (device,) = devices.list_devices()

    assert devices.device_for(request(f"attune-8787={session}")) == device
    for cookie in (
        "",
        "attune-8787=",
        f"attune-8787={session[:-1]}",
        f"attune-8788={session}",
        f"attune={session}",
        f"attune-8787={device}",
        f"attune-8787={devices.xsrf_token(session)}",
    ):
        assert devices.device_for(request(cookie)) is None, cookie


def test_devices_are_told_apart_and_each_can_be_forgotten(devices):
    kim, robin = (devices.pair_device(devices.make_code()) for _ in range(2))
    first, second = devices.list_devices()

    devices.remove_device(first)
    devices.remove_device("somebody else")

    assert first != second
    assert devices.list_devices() == (second,)
    assert devices.device_for(request(f"attune-8787={kim}")) is None
    assert devices.device_for(request(f"attune-8787={robin}")) == second


def test_another_run_knows_nobody(devices, clock):
    session = devices.pair_device(devices.make_code())

    assert Devices(8787, clock).device_for(request(f"attune-8787={session}")) is None


def test_what_a_page_says_belongs_to_its_device_and_goes_with_it(devices):
    kim, robin = (devices.pair_device(devices.make_code()) for _ in range(2))
    of_kim = request(f"attune-8787={kim}")

    assert devices.check_xsrf(of_kim, devices.xsrf_token(kim))
    for other in (devices.xsrf_token(robin), devices.xsrf_token(""), kim, "", "ж"):
        assert not devices.check_xsrf(of_kim, other)
    assert not devices.check_xsrf(request(), devices.xsrf_token(""))
    devices.remove_device(devices.list_devices()[0])
    assert not devices.check_xsrf(of_kim, devices.xsrf_token(kim))


# The real server


@pytest.fixture(scope="module")
def kernel(book, cookie) -> str:
    return kernel_of(book.ask("/", Cookie=cookie).text)


FOREIGN = ("", "attune-{port}=", "attune-{port}=" + "A" * 43, "_xsrf=a; attune-1={session}")
each_foreign = pytest.mark.parametrize("foreign", FOREIGN)


def _foreign(book: Book, cookie: str, foreign: str) -> dict[str, str]:
    session = SimpleCookie(cookie)[f"attune-{book.port}"].value
    said = foreign.format(port=book.port, session=session)
    return {"Cookie": said} if said else {}


@each_foreign
def test_a_browser_that_was_not_let_in_is_shown_the_way_and_gets_no_kernel(book, cookie, foreign):
    before = _kernels(book)
    answer = book.ask("/", **_foreign(book, cookie, foreign))

    assert answer.status == 303
    assert answer.headers["Location"] == "pair"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text == ""
    assert _kernels(book) == before


def _kernels(book: Book) -> set[int]:
    return {each.pid for each in book.server.children(recursive=True)}


@each_foreign
@pytest.mark.parametrize(
    "asked",
    [
        *("GET /api/kernels/{kernel}", "HEAD /api/kernels/{kernel}"),
        *("DELETE /api/kernels/{kernel}", "GET /api/kernels/{kernel}/channels"),
        "POST /close/{kernel}",
        *(f"GET /api/kernels/{KERNEL}", f"GET /api/kernels/{KERNEL}/channels"),
        f"POST /close/{KERNEL}",
    ],
)
def test_no_kernel_is_reached_without_a_device(book, cookie, kernel, foreign, asked):
    headers = _foreign(book, cookie, foreign) | {"Origin": book.origin}
    method, _, path = asked.format(kernel=kernel).partition(" ")
    if path.endswith("channels"):
        headers |= upgrade(book)
    form = {"_xsrf": xsrf_of(cookie)} if method == "POST" else None

    assert book.ask(path, method, form=form, **headers).status in {403, 405}
    assert book.ask(f"/api/kernels/{kernel}", Cookie=cookie).status == 200


def test_a_device_reaches_its_kernel(book, cookie, kernel):
    channels = f"/api/kernels/{kernel}/channels"

    assert book.ask(channels, **upgrade(book), Cookie=cookie).status == 101


@pytest.mark.parametrize("path", ["/pair", "/healthz", "/static/pair.css", "/static/pair.js"])
def test_the_pairing_page_and_its_files_are_there_for_everybody(book, path):
    assert book.ask(path).status in {200, 204}


def test_the_cookies_stay_in_this_browser_and_go_with_it(tmp_path):
    with running(tmp_path) as another:
        said = another.try_code(another.code).headers.get_all("Set-Cookie")

    kept = [each for each in said if "attune-try" not in each]  # it has done its work, and goes
    session, xsrf = (dict(_parts(each)) for each in kept)
    assert set(session) == {f"attune-{another.port}", "httponly", "path", "samesite"}
    assert set(xsrf) == {f"attune-xsrf-{another.port}", "path", "samesite"}
    for each in (session, xsrf):
        assert (each["path"], each["samesite"]) == ("/", "Strict")
    assert len(session[f"attune-{another.port}"]) >= 22  # 128 bits in base 64


def _parts(cookie: str) -> Iterator[tuple[str, str]]:
    for part in cookie.split("; "):
        name, _, value = part.partition("=")
        yield name.lower(), value


# Ways in ------------------------------------------------------------------------------------


def test_a_browser_without_cookies_is_told_and_its_code_stays_valid(tmp_path):
    with running(tmp_path) as another:
        for cookies in ("", "theme=dusk", "attune-try-1=1"):
            refused = another.try_code(another.code, Cookie=cookies)
            assert (refused.status, refused.text) == (403, SAY["no_cookies"])
            assert refused.headers["Set-Cookie"] is None

        shown = another.ask("/pair").headers.get_all("Set-Cookie")
        kept = "; ".join(each.split(";")[0] for each in shown)
        assert another.try_code(another.code, Cookie=kept).status == 204


def test_the_pairing_form_works_without_its_script(tmp_path):
    with running(tmp_path) as another:
        page = another.ask("/pair").text
        assert '<form id="form" method="post" action="pair"' in page
        assert 'name="page" value="1"' in page
        sent = {"Origin": another.origin, "Cookie": f"attune-try-{another.port}=1"}

        wrong = another.ask("/pair", "POST", form={"code": NO_CODE, "page": "1"}, **sent)
        right = another.ask("/pair", "POST", form={"code": another.code, "page": "1"}, **sent)

        assert wrong.status == 403
        assert SAY["wrong"] in wrong.text
        assert NO_CODE not in wrong.text
        assert (right.status, right.headers["Location"]) == (303, "./")
        assert len(right.headers.get_all("Set-Cookie")) == 2


def test_the_page_is_offered_to_no_translation_and_no_check_of_spelling(book, cookie):
    for page in (book.ask("/", Cookie=cookie).text, book.ask("/pair").text):
        for attribute in ('translate="no"', 'spellcheck="false"', 'writingsuggestions="false"'):
            assert attribute in page.partition("<head>")[0]


@pytest.mark.parametrize(
    "what", ["image", "iframe", "frame", "script", "empty", "object", "worker"]
)
def test_only_a_document_takes_a_kernel(book, cookie, what):
    before = _kernels(book)
    asked = {"Cookie": cookie, "Sec_Fetch_Site": "same-site", "Sec_Fetch_Dest": what}

    for site in ("same-site", "same-origin", "none", "cross-site"):
        assert book.ask("/", **asked | {"Sec_Fetch_Site": site}).status == 403
    assert _kernels(book) == before


@pytest.mark.parametrize("site", ["same-site", "cross-site", "odd"])
def test_a_link_from_elsewhere_takes_no_kernel_and_leads_to_the_way_in(book, cookie, site):
    before = _kernels(book)
    asked = {"Sec_Fetch_Site": site, "Sec_Fetch_Dest": "document"}

    answer = book.ask("/", Cookie=cookie, **asked)

    assert (answer.status, answer.headers["Location"]) == (303, "pair")
    assert "data-paired" in book.ask("/pair", Cookie=cookie, **asked).text
    assert _kernels(book) == before


@pytest.mark.skipif(not socket.has_ipv6, reason="no second loopback address here")
def test_nobody_else_can_have_the_port_under_the_name_localhost(book):
    with socket.socket(socket.AF_INET6) as other, pytest.raises(OSError, match="in use"):
        other.bind(("::1", book.port))
    with socket.create_connection(("::1", book.port), timeout=5) as line:
        line.sendall(f"GET /healthz HTTP/1.0\r\nHost: localhost:{book.port}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 204")


def test_a_port_that_is_taken_on_the_other_loopback_address_is_taken():
    with socket.socket(socket.AF_INET6) as other:
        other.bind(("::1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(PortTaken):
            bind_port(taken, "127.0.0.1")
        sockets = bind_port(0, "127.0.0.1")
    ports = {each.getsockname()[1] for each in sockets}
    for each in sockets:
        each.close()
    assert len(ports) == 1
    assert ports != {taken}


def test_a_wrong_a_used_and_a_garbled_code_get_the_very_same_answer(book, cookie):
    answers = [book.try_code(code) for code in (NO_CODE, book.code, "x" * 5_000)]

    for answer in answers:
        assert answer.status == 403
        assert answer.text == SAY["wrong"]
        assert answer.headers["Set-Cookie"] is None
        assert answer.headers["Cache-Control"] == "no-store"
    assert len({_without_time(answer) for answer in answers}) == 1


def _without_time(answer: http.client.HTTPResponse) -> str:
    return str([each for each in answer.getheaders() if each[0] != "Date"])


def test_a_device_that_comes_again_is_already_in(book, cookie):
    answer = book.try_code(NO_CODE, Cookie=cookie)

    assert answer.status == 204
    assert answer.headers["Set-Cookie"] is None


@pytest.mark.parametrize("path", ["/pair", "/pair/new", f"/close/{KERNEL}"])
@pytest.mark.parametrize(
    "origin",
    [
        *("http://attune.example", "null", None, "http://127.0.0.1", "http://127.0.0.1:1", ""),
        *("https://127.0.0.1:{port}", "http://localhost:{port}", "http://127.0.0.1:{port}/"),
    ],
)
def test_no_page_from_elsewhere_can_ask_for_anything(book, cookie, path, origin):
    """A form or a beacon of another page brings whatever cookies the browser lets it."""
    headers = {} if origin is None else {"Origin": origin.format(port=book.port)}
    form = {"code": book.code, "_xsrf": xsrf_of(cookie)}

    for cookies in ({}, {"Cookie": cookie}):
        answer = book.ask(path, "POST", form=form, **headers, **cookies)
        assert answer.status == 403
        assert answer.text == "403\n"
        assert answer.headers["Set-Cookie"] is None


@pytest.mark.parametrize("path", ["/pair", "/pair/new"])
@pytest.mark.parametrize("host", ["attune.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_no_other_host_lets_anybody_in(book, path, host):
    """A page of a foreign name that leads here by DNS has a matching Origin."""
    form = {"code": book.code}
    answer = book.ask(path, "POST", form=form, Host=host, Origin=f"http://{host}")

    assert answer.status == 403
    assert answer.text == "403\n"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("path", ["/pair", "/static/pair.css", f"/api/kernels/{KERNEL}"])
def test_a_request_without_a_host_is_refused(book, version, path):
    with socket.create_connection(("127.0.0.1", book.port), timeout=15) as client:
        client.sendall(f"GET {path} HTTP/{version}\r\n\r\n".encode())
        answer = client.recv(1000).decode()

    assert re.match(r"HTTP/1\.1 40[03] ", answer)


@pytest.mark.parametrize("path", ["/pair", "/pair/new"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_pairing_page_knows_two_methods(book, path, method):
    assert book.ask(path, method, Origin=book.origin).status in {403, 405}


def test_a_new_code_is_shown_where_the_book_was_started_and_nowhere_else(tmp_path):
    with running(tmp_path) as book:
        told = book.ask("/pair/new", "POST", Origin=book.origin)
        line = book.server.stderr.readline()
        again = book.ask("/pair/new", "POST", Origin=book.origin)
        code = OPEN.fullmatch(line)[1].partition("#")[2]
        by_new, by_old = book.try_code(code).status, book.try_code(book.code).status
        book.server.terminate()
        book.server.wait(20)
        rest = book.server.stdout.read() + book.server.stderr.read()

    assert (told.status, told.text) == (200, SAY["shown"])
    assert (again.status, again.text) == (429, SAY["too_many_codes"])
    assert code not in told.text + again.text + str(told.headers) + str(again.headers)
    assert line.startswith(f"Open {book.origin}/pair#")
    assert (by_new, by_old) == (204, 204)
    assert rest == ""


def test_thirty_guesses_at_once_are_held_back_and_nobody_is_let_in(tmp_path):
    with running(tmp_path) as book:
        with ThreadPoolExecutor(8) as clients:
            guesses = list(clients.map(book.try_code, [NO_CODE] * 30))
        right = book.try_code(book.code)
        inside = book.ask("/").status

    statuses = [each.status for each in guesses]
    assert statuses.count(403) == MAX_CHECKS_PER_WINDOW
    assert statuses.count(429) == 30 - MAX_CHECKS_PER_WINDOW
    assert {each.text for each in guesses if each.status == 429} == {SAY["too_many_checks"]}
    assert right.status == 429
    assert not any(each.headers["Set-Cookie"] for each in [*guesses, right])
    assert inside == 303


def test_wrong_codes_of_one_address_keep_no_other_one_out():
    devices = Devices(8787)
    code = devices.make_code()
    for _ in range(MAX_CHECKS_PER_WINDOW):
        devices.pair_device("wrong", "192.0.2.1")

    with pytest.raises(TooManyChecks):
        devices.pair_device(code, "192.0.2.1")

    assert devices.pair_device(code, "192.0.2.2") is not None


def test_a_code_that_one_address_asked_for_keeps_no_other_from_one():
    devices = Devices(8787)
    devices.make_code_for_page("192.0.2.1")

    with pytest.raises(TooManyCodes):
        devices.make_code_for_page("192.0.2.1")

    assert devices.make_code_for_page("192.0.2.2")
