"""Beyond this computer: which address, which certificate, and nothing in plain."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import psutil
import pytest
from click.testing import CliRunner

from tests.serve.served import OPEN, Book, command, running
from workbook.cli import main
from workbook.serve import lan

HOME = "192.168.178.20"
VERSION = ssl.TLSVersion


def interface(address: str, ptp: str | None = None) -> list[SimpleNamespace]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return [SimpleNamespace(family=family, address=address, ptp=ptp)]


@pytest.fixture
def network(monkeypatch):
    """Pretend that this computer has these interfaces, and that one address leads out."""

    def pretend(way_out: str | None, down: tuple[str, ...] = (), **interfaces: list) -> None:
        interfaces = {name.replace("_", "-"): each for name, each in interfaces.items()}
        stats = {name: SimpleNamespace(isup=name not in down) for name in interfaces}
        monkeypatch.setattr(psutil, "net_if_addrs", lambda: interfaces)
        monkeypatch.setattr(psutil, "net_if_stats", lambda: stats)
        monkeypatch.setattr(lan, "_default_route_address", lambda: way_out)

    return pretend


def test_the_address_at_home_is_the_one_that_leads_out(network):
    network(HOME, eth0=interface("192.168.1.5"), wlan0=interface(HOME))

    assert lan.find_home_address() == HOME


def test_a_tunnel_that_leads_out_is_not_at_home(network):
    network("10.8.0.2", tun0=interface("10.8.0.2", ptp="10.8.0.1"), wlan0=interface(HOME))

    assert lan.find_home_address() == HOME


def test_a_network_without_a_way_out_is_one_too(network):
    network(None, lo=interface("127.0.0.1"), wlan0=interface(HOME))

    assert lan.find_home_address() == HOME


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.7.7", "8.8.8.8", "100.64.0.9", "fd00::2"]
)
def test_an_address_that_is_not_at_home_is_none(network, address):
    network(address, wlan0=interface(address))

    assert lan.find_home_address() is None


def test_networks_inside_the_computer_and_those_that_are_down_do_not_count(network):
    network(
        None,
        down=("eth0",),
        docker0=interface("172.17.0.1"),
        br_4d=interface("172.18.0.1"),
        eth0=interface(HOME),
    )

    assert lan.find_home_address() is None


def test_a_lost_address_is_said_once_and_so_is_its_return(network, capsys):
    at_home = {"wlan0": interface(HOME)}
    elsewhere = {"wlan0": interface("10.0.0.7"), "lo": interface("127.0.0.1")}
    watch = lan.AddressWatch(HOME)

    def say_after(down: tuple[str, ...] = (), **interfaces: list) -> str:
        network(None, down, **interfaces)
        watch.check()
        return capsys.readouterr().err

    assert not say_after(**at_home)
    assert f"no longer has the address {HOME}" in say_after(**elsewhere)
    assert not say_after(**elsewhere)
    assert f"has the address {HOME} again" in say_after(**at_home)
    assert not say_after(**at_home)
    assert "no longer" in say_after(down=("wlan0",), **at_home)


def test_in_no_network_one_sentence_says_so(network, tmp_path, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # this process is not the book's
    network(None, lo=interface("127.0.0.1"))

    ended = CliRunner().invoke(main, ["start", "--lan", "--no-browser", "--data", str(tmp_path)])

    assert ended.exit_code == 2
    assert ended.stdout == ""
    assert (
        ended.stderr == "This computer is in no network at home; connect it, or leave --lan out.\n"
    )
    assert list(tmp_path.iterdir()) == []


def _made(folder) -> bytes:
    return (folder / lan.CERTIFICATE_FILE).read_bytes()


def test_a_certificate_is_made_once_and_kept(tmp_path):
    first = lan.ensure_certificate(tmp_path / "data", HOME)
    made = _made(tmp_path / "data")
    second = lan.ensure_certificate(tmp_path / "data", HOME)

    assert _made(tmp_path / "data") == made
    assert first.fingerprint == second.fingerprint
    assert re.fullmatch(r"[0-9A-F]{2}(:[0-9A-F]{2}){31}", first.fingerprint)
    assert [each.name for each in (tmp_path / "data").iterdir()] == [lan.CERTIFICATE_FILE]


def test_the_fingerprint_is_that_of_the_certificate(tmp_path):
    shown = lan.ensure_certificate(tmp_path, HOME).fingerprint
    pem = _made(tmp_path).decode().partition("-----BEGIN CERTIFICATE")

    der = ssl.PEM_cert_to_DER_cert("".join(pem[1:]))

    assert shown.replace(":", "").lower() == hashlib.sha256(der).hexdigest()


@pytest.mark.skipif(os.name != "posix", reason="POSIX rights")
def test_nobody_else_reads_the_key(tmp_path):
    lan.ensure_certificate(tmp_path / "data", HOME)

    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / lan.CERTIFICATE_FILE).stat().st_mode & 0o777 == 0o600


def test_a_certificate_for_another_address_is_made_anew(tmp_path):
    lan.ensure_certificate(tmp_path, "192.168.1.5")
    before = _made(tmp_path)

    lan.ensure_certificate(tmp_path, HOME)

    assert _made(tmp_path) != before


def test_a_certificate_that_is_about_to_end_is_made_anew(tmp_path, monkeypatch):
    lan.ensure_certificate(tmp_path, HOME)
    before = _made(tmp_path)
    now = lan._now()

    monkeypatch.setattr(
        lan,
        "_now",
        lambda: now + lan.CERTIFICATE_LIFETIME - lan.RENEWAL_MARGIN - dt.timedelta(days=1),
    )
    lan.ensure_certificate(tmp_path, HOME)
    kept = _made(tmp_path)
    monkeypatch.setattr(
        lan,
        "_now",
        lambda: now + lan.CERTIFICATE_LIFETIME - lan.RENEWAL_MARGIN + dt.timedelta(days=1),
    )
    lan.ensure_certificate(tmp_path, HOME)

    assert kept == before
    assert _made(tmp_path) != before


@pytest.mark.skipif(os.name != "posix", reason="POSIX rights")
def test_a_key_that_others_could_have_read_is_made_anew(tmp_path):
    lan.ensure_certificate(tmp_path, HOME)
    before = _made(tmp_path)
    (tmp_path / lan.CERTIFICATE_FILE).chmod(0o640)

    lan.ensure_certificate(tmp_path, HOME)

    assert _made(tmp_path) != before
    assert (tmp_path / lan.CERTIFICATE_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_that_is_no_certificate_is_made_anew(tmp_path, text):
    path = tmp_path / lan.CERTIFICATE_FILE
    path.write_text(text)
    path.chmod(0o600)

    lan.ensure_certificate(tmp_path, HOME)

    assert "PRIVATE KEY" in path.read_text()


def test_a_certificate_without_its_key_is_made_anew(tmp_path):
    lan.ensure_certificate(tmp_path, HOME)
    path = tmp_path / lan.CERTIFICATE_FILE
    path.write_text("-----BEGIN CERT" + path.read_text().partition("-----BEGIN CERT")[2])

    lan.ensure_certificate(tmp_path, HOME)

    assert "PRIVATE KEY" in path.read_text()


def test_a_folder_that_cannot_be_is_one_sentence_and_exit_2(tmp_path):
    (tmp_path / "data").touch()
    starting = command(tmp_path, how="tls")
    starting[3] = str(tmp_path / "data")

    ended = subprocess.run(starting, capture_output=True, text=True, timeout=120, check=False)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert re.fullmatch(r"The certificate could not be kept in .*/data: .+\.\n", ended.stderr)


def test_a_qr_code_is_lines_of_blocks():
    lines = lan.draw_qr(
        "https://192.168.178.20:8787/pair#WY3B-XNQA-JXHZ-K41A-0VT6-QS7R-J9DJ"
    ).splitlines()

    assert len({len(line) for line in lines}) == 1
    assert len(lines) <= 22  # a small window has 24
    assert set("".join(lines)) <= set("█▀▄ \u00a0")


# The real server


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Iterator[Book]:
    with running(tmp_path_factory.mktemp("served"), how="tls") as book:
        yield book


@pytest.fixture(scope="module")
def terminal(book) -> list[str]:
    """What the people at the computer see, down to the last line of the second QR code."""
    lines: list[str] = []
    while sum(line.startswith("▀▀▀▀") for line in lines) < 2:
        lines.append(book.server.stderr.readline())
    return lines


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="it listens on 127.0.0.2")
def test_a_book_at_an_address_that_this_computer_has_not_says_so(tmp_path):
    """No interface lists 127.0.0.2, as none lists an address that was left behind."""
    with running(tmp_path, address="127.0.0.2", how="tls") as book:
        said = iter(book.server.stderr.readline, "")

        assert any("no longer has the address 127.0.0.2" in line for line in said)


def test_with_tls_the_address_is_https_and_the_page_is_there(book):
    assert book.origin.startswith("https://")
    assert book.ask("/pair").status == 200


def test_the_terminal_shows_the_fingerprint_of_what_the_phone_sees(book, terminal):
    pem = ssl.get_server_certificate(("127.0.0.1", book.port))
    seen = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()

    assert seen in "".join(terminal).replace(":", "").lower()


def test_each_phone_has_a_code_of_its_own(book, terminal):
    shown = [found[1] for line in terminal if (found := OPEN.fullmatch(line))]
    codes = [book.code, *(address.partition("#")[2] for address in shown)]
    answers = [book.try_code(code) for code in codes]

    assert len(set(codes)) == 3
    assert all(address.startswith(f"{book.origin}/pair#") for address in shown)
    assert all(lan.draw_qr(address) in "".join(terminal) for address in shown)
    assert [answer.status for answer in answers] == [204, 204, 204]
    assert book.try_code(codes[1]).status != 204  # once
    for answer in answers:
        for cookie in answer.headers.get_all("Set-Cookie"):
            assert "; Secure" in cookie


def test_only_the_address_itself_is_a_host(book):
    for host in (f"localhost:{book.port}", "127.0.0.1", "attune.example"):
        assert book.ask("/pair", Host=host).status == 403


def test_a_page_in_plain_is_another_origin(book):
    plain = book.origin.replace("https", "http")

    assert book.try_code("wrong", Origin=plain).text == "403\n"


def test_plain_http_gets_no_answer(book):
    with socket.create_connection(("127.0.0.1", book.port), timeout=15) as plain:
        plain.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{book.port}\r\n\r\n".encode())
        try:
            answer = plain.recv(1000)
        except ConnectionResetError:
            answer = b""

    assert b"HTTP" not in answer


@pytest.mark.parametrize(
    ("version", "works"),
    [(VERSION.TLSv1_1, False), (VERSION.TLSv1_2, True), (VERSION.TLSv1_3, True)],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_tls_is_refused(book, version, works):
    client = ssl.create_default_context(cafile=book.data / lan.CERTIFICATE_FILE)
    client.set_ciphers("ALL:@SECLEVEL=0")  # so that it is the server that refuses
    client.minimum_version = client.maximum_version = version
    try:
        with (
            socket.create_connection(("127.0.0.1", book.port), timeout=15) as plain,
            client.wrap_socket(plain, server_hostname="127.0.0.1"),
        ):
            worked = True
    except (ssl.SSLError, ConnectionResetError):
        worked = False

    assert worked is works
