"""The server of one account of a JupyterHub: what it needs, who gets in, and who goes again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.aside import aside
from workbook.content.editions import VARIABLE, Edition
from workbook.serve.hub import HubUnavailable, InvalidHubSettings, challenge_of, read_hub_settings
from workbook.serve.hub_access import MAX_PENDING, SIGN_IN_TIMEOUT_S, HubAccess, NotBegun
from workbook.serve.pairing import Devices
from workbook.serve.proxied_access import ProxiedAccess
from workbook.serve.runtime import prepare_environment

TOLD = {
    "JUPYTERHUB_USER": "kim-and-robin",
    "JUPYTERHUB_SERVER_NAME": "",
    "JUPYTERHUB_API_TOKEN": "a-token",
    "JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api",
    "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-kim-and-robin",
    "JUPYTERHUB_BASE_URL": "/",
    "JUPYTERHUB_HOST": "",
    "JUPYTERHUB_SERVICE_PREFIX": "/user/kim-and-robin/",
    "JUPYTERHUB_SERVICE_URL": "http://10.1.2.3:8888/user/kim-and-robin/",
    "JUPYTERHUB_OAUTH_CALLBACK_URL": "/user/kim-and-robin/oauth_callback",
    "JUPYTERHUB_PUBLIC_URL": "https://hub.example/user/kim-and-robin/",
}
"""What JupyterHub 6.1 puts into the environment of a server."""


@dataclass
class Hub:
    """Answers as the hub does, without one."""

    owner: str = "kim-and-robin"
    tokens: dict[str, str] = field(default_factory=dict)
    """Name of the account by token."""
    is_away: bool = False
    reports: int = 0

    def sign_in_url(self, state: str, verifier: str) -> str:
        return f"/hub?state={state}&challenge={challenge_of(verifier)}"

    async def exchange_code(self, code: str, verifier: str) -> str:
        assert verifier
        self._answer()
        self.tokens[f"token-of-{code}"] = code
        return f"token-of-{code}"

    async def is_owner(self, token: str) -> bool:
        self._answer()
        return self.tokens.get(token) == self.owner

    async def report_activity(self) -> None:
        self._answer()
        self.reports += 1

    def _answer(self) -> None:
        if self.is_away:
            raise HubUnavailable


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def access(hub: Hub, clock: list[float]) -> HubAccess:
    access = HubAccess(read_hub_settings(TOLD), hub, clock=lambda: clock[0])
    kernels = SimpleNamespace(owned_count=0, ended=[])

    async def end_kernels_of(device: str) -> None:
        kernels.ended.append(device)

    kernels.end_kernels_of = end_kernels_of
    access.book = SimpleNamespace(devices=Devices(8888), kernel_manager=kernels)
    return access


def begin(access: HubAccess, browser: str = "this one") -> str:
    return parse_qs(urlsplit(access.begin_sign_in(browser)).query)["state"][0]


def finish(access: HubAccess, state: str, browser: str = "this one", code: str = "") -> str | None:
    return aside(access.finish_sign_in(state, browser, code or "kim-and-robin"))


# What the hub says ---------------------------------------------------------------------------


def test_the_settings_are_what_the_hub_says() -> None:
    hub = read_hub_settings(TOLD)

    assert (hub.public.url, hub.address, hub.port) == (
        TOLD["JUPYTERHUB_PUBLIC_URL"],
        "10.1.2.3",
        8888,
    )
    assert hub.authorize_url == "/hub/api/oauth2/authorize"
    assert "a-token" not in hub.authorize_url + hub.redirect_uri


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"JUPYTERHUB_API_TOKEN": ""}, "c.Spawner.cmd"),
        ({"JUPYTERHUB_USER": ""}, "JUPYTERHUB_USER"),
        ({"JUPYTERHUB_PUBLIC_URL": ""}, "c.JupyterHub.public_url"),
        ({"JUPYTERHUB_PUBLIC_URL": "http://hub.example/user/kim-and-robin/"}, "needs https"),
        ({"JUPYTERHUB_PUBLIC_URL": "https://hub.example/elsewhere/"}, "/elsewhere/"),
        ({"JUPYTERHUB_SERVICE_URL": "https://0.0.0.0:8888/user/x/"}, "internal_ssl"),
    ],
)
def test_a_setting_that_would_not_do_is_named_in_a_sentence(changed, named) -> None:
    with pytest.raises(InvalidHubSettings, match=named):
        read_hub_settings(TOLD | changed)


def test_a_hub_with_a_base_path_or_a_host_of_its_own_is_found() -> None:
    there = {"JUPYTERHUB_BASE_URL": "/practice/", "JUPYTERHUB_HOST": "https://hub.example"}

    assert (
        read_hub_settings(TOLD | there).authorize_url
        == "https://hub.example/practice/hub/api/oauth2/authorize"
    )
    assert read_hub_settings(TOLD).sign_out_url == "/hub/logout"


def test_the_challenge_is_that_of_the_standard() -> None:
    """The pair of RFC 7636, appendix B."""
    assert (
        challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_no_kernel_gets_what_the_hub_tells_its_server(tmp_path: Path) -> None:
    got = prepare_environment(tmp_path, TOLD | {"JPY_API_TOKEN": "a-token", "TZ": "Europe/Oslo"})

    assert not [name for name in got if name.startswith(("JUPYTERHUB", "JPY"))]
    assert "a-token" not in got.values()
    assert got["TZ"] == "Europe/Oslo"  # by it the evening ends
    assert prepare_environment(tmp_path, {}, **{VARIABLE: Edition.HOSTED})[VARIABLE] == "hosted"


# Who gets in ---------------------------------------------------------------------------------


def test_the_owner_gets_in_and_the_token_stays_in_the_server(access: HubAccess, hub: Hub) -> None:
    session = finish(access, begin(access))

    assert session
    assert len(access.book.devices.list_devices()) == 1
    assert session not in hub.tokens


def test_another_account_does_not_get_in(access: HubAccess) -> None:
    assert finish(access, begin(access), code="another-couple") is None
    assert access.book.devices.list_devices() == ()


def test_a_sign_in_is_for_the_browser_that_began_it_once_and_for_ten_minutes(
    access: HubAccess, clock: list[float]
) -> None:
    state = begin(access)
    with pytest.raises(NotBegun):
        finish(access, state, browser="another one")
    with pytest.raises(NotBegun):  # and it is spent
        finish(access, state)
    with pytest.raises(NotBegun):
        finish(access, "made up")
    with pytest.raises(NotBegun):
        finish(access, begin(access, ""), browser="")

    state = begin(access)
    clock[0] += SIGN_IN_TIMEOUT_S
    with pytest.raises(NotBegun):
        finish(access, state)
    assert access.book.devices.list_devices() == ()


def test_two_tabs_of_one_browser_may_begin_at_once(access: HubAccess) -> None:
    first, second = begin(access), begin(access)

    assert finish(access, first)
    assert finish(access, second)


def test_who_begins_again_and_again_takes_no_memory(access: HubAccess) -> None:
    states = [begin(access) for _ in range(MAX_PENDING + 5)]

    assert len(access._pending) == MAX_PENDING
    assert finish(access, states[-1])


# Who goes again, and what the hub is told ----------------------------------------------------


def test_a_device_whose_sign_in_has_ended_goes_with_its_pages(access: HubAccess, hub: Hub) -> None:
    finish(access, begin(access))
    finish(access, begin(access))
    device, other = access.book.devices.list_devices()
    access._tokens[other] = "another"
    hub.tokens["another"] = hub.owner
    hub.tokens.pop("token-of-kim-and-robin")

    aside(access.check_devices())

    assert access.book.devices.list_devices() == (other,)
    assert access.book.kernel_manager.ended == [device]


def test_while_the_hub_is_away_everybody_stays(access: HubAccess, hub: Hub) -> None:
    finish(access, begin(access))
    hub.is_away = True

    aside(access.check_devices())
    access.book.kernel_manager.owned_count = 1
    aside(access.report_pages())

    assert len(access.book.devices.list_devices()) == 1


@pytest.mark.parametrize(("pages", "reports"), [(0, 0), (1, 1), (3, 1)])
def test_an_open_page_is_reported_and_an_empty_server_is_not(access, hub, pages, reports) -> None:
    access.book.kernel_manager.owned_count = pages

    aside(access.report_pages())

    assert hub.reports == reports


# Below a Jupyter server -----------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no such sockets")
def test_the_socket_below_a_jupyter_server_is_for_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "book"
    [bound] = ProxiedAccess(str(path), "/user/kim/attune/").bind(None, "")
    bound.close()

    assert path.stat().st_mode & 0o777 == 0o600


def test_below_a_jupyter_server_a_page_is_ours_if_it_is_of_the_host_that_was_asked() -> None:
    origins = ProxiedAccess("book", "/user/kim/attune/").list_origins({})

    assert "lab.example" in origins
    assert "" not in origins
    assert origins.get("lab.example", frozenset()) == {"http://lab.example", "https://lab.example"}


def test_jupyter_server_proxy_finds_the_entry() -> None:
    [entry] = distribution("attune-workbook").entry_points.select(
        group="jupyter_serverproxy_servers"
    )
    said = entry.load()()

    assert (entry.name, said["unix_socket"]) == ("attune", True)
    assert said["command"][-1] == "{base_url}attune/"


def test_a_command_that_no_hub_has_started_says_what_to_do() -> None:
    command = [sys.executable, "-m", "workbook", "hub"]
    clean = {name: value for name, value in os.environ.items() if "JUPYTERHUB" not in name}
    said = subprocess.run(command, capture_output=True, text=True, env=clean, check=False)

    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith("JUPYTERHUB_API_TOKEN is not set.")
