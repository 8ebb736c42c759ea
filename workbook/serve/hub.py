"""JupyterHub in front: what it tells its servers, its login, and what it is told.

The protocol is the one of ``jupyterhub.services.auth.HubOAuth``: OAuth 2 with a code, a state
and PKCE. It is spoken here with tornado alone, since importing that module costs every couple's
server 37 MB.

Source: JupyterHub 6.1, "Authenticating services with JupyterHub" and its REST API
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPError

from workbook.serve.public import InvalidPublicAddress, PublicAddress, read_public_address

REQUEST_TIMEOUT_S = 10.0
"""Seconds that the hub may take to answer."""

_NO_PERMISSION = {401, 403}
_FORM = "application/x-www-form-urlencoded"


class InvalidHubSettings(ValueError):
    """No hub has started this, or one that lacks a setting; the text says what to change."""


class HubUnavailable(Exception):
    """The hub did not answer, or not as it should; nothing is known."""


@dataclass(frozen=True, slots=True)
class HubSettings:
    """What a hub tells the server of one account."""

    owner: str
    """Name of the account."""
    server: str
    """Name of the server; blank for the account's usual one."""
    public: PublicAddress
    """Where browsers find the server."""
    address: str
    """IP address to listen on."""
    port: int
    client_id: str
    token: str
    """The server's own, for the hub's API."""
    api_url: str
    authorize_url: str
    """Where a browser is sent to sign in; a path, or an address where the hub has its own host."""
    redirect_uri: str
    sign_out_url: str


def read_hub_settings(environ: Mapping[str, str]) -> HubSettings:
    """Return what the hub has put into the environment of the server that it starts.

    Raises:
        InvalidHubSettings: if something is missing, or would not be safe.

    """

    def read(name: str) -> str:
        if not (found := environ.get(f"JUPYTERHUB_{name}", "")):
            raise InvalidHubSettings(
                f"JUPYTERHUB_{name} is not set. A JupyterHub starts this command: "
                'c.Spawner.cmd = ["workbook", "hub"].'
            )
        return found

    token, prefix, listen = read("API_TOKEN"), read("SERVICE_PREFIX"), urlsplit(read("SERVICE_URL"))
    if not environ.get("JUPYTERHUB_PUBLIC_URL"):
        raise InvalidHubSettings(
            "The hub does not say where browsers find it. Set c.JupyterHub.public_url, such as "
            '"https://hub.example.org/".'
        )
    try:
        public = read_public_address(environ["JUPYTERHUB_PUBLIC_URL"])
    except InvalidPublicAddress as error:
        raise InvalidHubSettings(f"c.JupyterHub.public_url: {error}") from error
    if public.prefix != prefix:
        raise InvalidHubSettings(f"The hub says both {public.prefix} and {prefix} for this server.")
    if listen.scheme != "http" or not listen.port:
        raise InvalidHubSettings("The book does not speak TLS to the hub: leave internal_ssl off.")
    pages = f"{environ.get('JUPYTERHUB_HOST', '')}{environ.get('JUPYTERHUB_BASE_URL') or '/'}hub/"
    return HubSettings(
        owner=read("USER"),
        server=environ.get("JUPYTERHUB_SERVER_NAME", ""),
        public=public,
        address=listen.hostname or "0.0.0.0",  # noqa: S104 - as the hub says
        port=listen.port,
        client_id=read("CLIENT_ID"),
        token=token,
        api_url=read("API_URL").rstrip("/"),
        authorize_url=f"{pages}api/oauth2/authorize",
        redirect_uri=environ.get("JUPYTERHUB_OAUTH_CALLBACK_URL") or f"{prefix}oauth_callback",
        sign_out_url=f"{pages}logout",
    )


def challenge_of(verifier: str) -> str:
    """Return the PKCE challenge of a verifier (RFC 7636, method S256)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


class HubClient:
    """The requests that the server of one account sends to the hub."""

    def __init__(self, hub: HubSettings) -> None:
        self._hub = hub
        self._http = AsyncHTTPClient(force_instance=True)

    def sign_in_url(self, state: str, verifier: str) -> str:
        """Return where a browser is sent to sign in.

        Args:
            state: comes back with the code.
            verifier: a secret that is shown with the code later.

        """
        asked = {
            "client_id": self._hub.client_id,
            "redirect_uri": self._hub.redirect_uri,
            "response_type": "code",
            "state": state,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._hub.authorize_url}?{urlencode(asked)}"

    async def exchange_code(self, code: str, verifier: str) -> str:
        """Return the token of whoever has signed in.

        Raises:
            HubUnavailable: if the hub gives none, or does not answer.

        """
        said = {
            "client_id": self._hub.client_id,
            "client_secret": self._hub.token,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._hub.redirect_uri,
            "code_verifier": verifier,
        }
        reply = await self._ask("oauth2/token", self._hub.token, body=urlencode(said))
        if not (token := (reply or {}).get("access_token")):
            raise HubUnavailable
        return str(token)

    async def is_owner(self, token: str) -> bool:
        """Whether a token is valid and of the account whose server this is.

        Raises:
            HubUnavailable: if the hub does not answer.

        """
        found = await self._ask("user", token)
        return bool(found and found.get("kind") == "user" and found.get("name") == self._hub.owner)

    async def report_activity(self, at: datetime | None = None) -> None:
        """Tell the hub that the server is in use, so that it is not ended as idle.

        Raises:
            HubUnavailable: if the hub does not answer.

        """
        now = (at or datetime.now(UTC)).isoformat()
        said = {"last_activity": now, "servers": {self._hub.server: {"last_activity": now}}}
        path = f"users/{quote(self._hub.owner, safe='@~')}/activity"
        await self._ask(path, self._hub.token, body=json.dumps(said))

    async def _ask(self, path: str, token: str, body: str | None = None) -> dict[str, Any] | None:
        """Return what the hub says; None if it says that the token may not ask this."""
        kind = "application/json" if body and body.startswith("{") else _FORM
        try:
            reply = await self._http.fetch(
                f"{self._hub.api_url}/{path}",
                method="GET" if body is None else "POST",
                body=body,
                headers={"Authorization": f"token {token}", "Content-Type": kind},
                request_timeout=REQUEST_TIMEOUT_S,
                follow_redirects=False,
            )
            return json.loads(reply.body) if reply.body else {}
        except HTTPError as refused:
            if refused.code in _NO_PERMISSION:
                return None
            raise HubUnavailable from refused
        except (OSError, ValueError) as error:
            raise HubUnavailable from error
