"""Speaks WebDriver to Firefox over its own port, without geckodriver.

Firefox carries out WebDriver's commands itself. Its port takes them as JSON over TCP under the
names in ``NAMES``; geckodriver only translates them from HTTP, and Debian does not package it.
"""

from __future__ import annotations

import json
import socket
from itertools import count
from typing import Any

from selenium.webdriver.remote.command import Command

HOST = "127.0.0.1"
REPLY_TIMEOUT_S = 60

NAMES = {
    Command.NEW_SESSION: "NewSession",
    Command.QUIT: "DeleteSession",
    Command.GET: "Navigate",
    Command.GET_CURRENT_URL: "GetCurrentURL",
    Command.GO_BACK: "Back",
    Command.GO_FORWARD: "Forward",
    Command.REFRESH: "Refresh",
    Command.SET_WINDOW_RECT: "SetWindowRect",
    Command.GET_WINDOW_RECT: "GetWindowRect",
    Command.W3C_EXECUTE_SCRIPT: "ExecuteScript",
    Command.FIND_ELEMENT: "FindElement",
    Command.FIND_ELEMENTS: "FindElements",
    Command.FIND_CHILD_ELEMENT: "FindElement",
    Command.FIND_CHILD_ELEMENTS: "FindElements",
    Command.CLICK_ELEMENT: "ElementClick",
    Command.CLEAR_ELEMENT: "ElementClear",
    Command.SEND_KEYS_TO_ELEMENT: "ElementSendKeys",
    Command.GET_ELEMENT_TEXT: "GetElementText",
    Command.GET_ELEMENT_RECT: "GetElementRect",
    Command.GET_ELEMENT_PROPERTY: "GetElementProperty",
    Command.GET_ELEMENT_ARIA_LABEL: "GetComputedLabel",
    Command.GET_ELEMENT_ARIA_ROLE: "GetComputedRole",
    Command.IS_ELEMENT_ENABLED: "IsElementEnabled",
    Command.IS_ELEMENT_SELECTED: "IsElementSelected",
    Command.SCREENSHOT: "TakeScreenshot",
    Command.W3C_ACTIONS: "PerformActions",
    Command.W3C_CLEAR_ACTIONS: "ReleaseActions",
}
"""The commands that tests use, with Firefox's name for each."""


class MarionetteConnection:
    """Carries out the commands of ``selenium.webdriver.Remote``, in the place of its HTTP."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=REPLY_TIMEOUT_S)
        self._received = self._socket.makefile("rb")
        self._numbers = count(1)
        self._read()  # Firefox begins by naming its protocol

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send one command; return its value, or its error as WebDriver words it."""
        facts = {name: value for name, value in params.items() if name != "sessionId"}
        if command == Command.NEW_SESSION:
            facts = facts["capabilities"]["alwaysMatch"]
        elif command in {Command.FIND_CHILD_ELEMENT, Command.FIND_CHILD_ELEMENTS}:
            facts["element"] = facts.pop("id")
        elif command == Command.W3C_EXECUTE_SCRIPT:
            facts |= {"sandbox": None, "newSandbox": False}  # the page's own variables
        error, result = self._ask(f"WebDriver:{NAMES[command]}", facts)
        if error:
            return {"status": error["error"], "value": error}
        whole = isinstance(result, dict) and result.keys() == {"value"}
        return {"value": result["value"] if whole else result}

    def press_back_button(self) -> None:
        """Press Back in Firefox's own bar: it passes over pages on which nobody did anything."""
        self._ask("Marionette:SetContext", {"value": "chrome"})
        script = {"script": "BrowserCommands.back()", "args": []}
        error, _ = self._ask("WebDriver:ExecuteScript", script)
        self._ask("Marionette:SetContext", {"value": "content"})
        assert not error, error

    def close(self) -> None:
        """Close the port's connection; Firefox goes on."""
        self._received.close()
        self._socket.close()

    def _ask(self, name: str, facts: dict[str, Any]) -> tuple[dict[str, Any] | None, Any]:
        """Send one message; return the error and the result that answer it."""
        text = json.dumps([0, next(self._numbers), name, facts]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self._read()
        return error, result

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            piece = self._received.read(1)
            if not piece:
                raise ConnectionError("Firefox has closed its port.")
            length += piece
        return json.loads(self._received.read(int(length[:-1])))
