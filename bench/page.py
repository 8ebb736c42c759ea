"""One load of one page in Chromium, as somebody who opens it for the first time."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright
from playwright.async_api import Error as PlaywrightError

from bench.server import Server
from bench.stacks import CHAPTER, LINKS, Looks

SEEN = (Path(__file__).parent / "seen.js").read_text("utf-8")
ANSWERED = 90.0
"""Seconds a page has until its first answer."""
CLICKS = 20
PHONE = {"cpu": 4, "mbit": 20, "ms": 20}
"""Processor slowed by, network in Mbit/s both ways, its latency in milliseconds."""


class NoAnswer(Exception):
    """A page whose press was not answered in time."""


@dataclass  # without slots: Playwright keeps something of its own on a listener's object
class Traffic:
    """What crossed the network for one page."""

    requests: int = 0
    outside: int = 0
    """Requests to another host; here no such host can be reached."""
    transfer: int = 0
    """Bytes over HTTP as sent, compressed or not, headers included."""
    socket: int = 0
    """Bytes of websocket messages to the page, after decompression."""
    last: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def over(self, session: CDPSession) -> None:
        """Count what ``session`` reports from now on."""
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.webSocketCreated", lambda what: self._outside(what["url"]))
        session.on("Network.loadingFinished", lambda what: self._got(what["encodedDataLength"]))
        session.on("Network.webSocketFrameReceived", self._frame)

    def _asked(self, what: dict[str, Any]) -> None:
        if redirect := what.get("redirectResponse"):
            self._got(redirect["encodedDataLength"])
        if urlsplit(what["request"]["url"]).scheme in {"http", "https"}:
            self.requests += 1
            self._outside(what["request"]["url"])

    def _outside(self, url: str) -> None:
        self._touch()
        self.outside += urlsplit(url).hostname != "127.0.0.1"

    def _got(self, size: float) -> None:
        self._touch()
        self.transfer += int(size)

    def _frame(self, what: dict[str, Any]) -> None:
        payload, text = what["response"]["payloadData"], what["response"]["opcode"] == 1
        self.socket += len(payload.encode()) if text else len(payload) * 3 // 4  # base64

    def _touch(self) -> None:
        self.last = asyncio.get_running_loop().time()

    async def quiet(self, seconds: float = 0.7, patience: float = 15.0) -> None:
        """Wait until nothing was asked for during ``seconds``."""
        loop = asyncio.get_running_loop()
        end = loop.time() + patience
        while loop.time() - self.last < seconds and loop.time() < end:
            await asyncio.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Load:
    """One load; all times in milliseconds since navigation."""

    byte: float
    """First byte of the page."""
    paint: float
    """First contentful paint."""
    text: float
    widgets: float
    answered: float
    """The first press of the button is answered, on screen."""
    presses: int
    """Presses it took, one each 100 ms: more than one may mean that early ones were lost."""
    alive: float | None = None
    requests: int = 0
    outside: int = 0
    transfer: int = 0
    socket: int = 0
    answer: float | None = None
    """Median of 20 later presses, from press to answer in the document."""
    shown: float | None = None
    """The same until the answer is on screen."""


@asynccontextmanager
async def open_chromium(path: Path) -> AsyncIterator[Browser]:
    """Yield a browser that can reach this computer only: an outside address fails at once."""
    arguments = [
        "--disable-gpu",
        "--no-sandbox",
        "--no-proxy-server",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(slots=True)
class Visitor:
    """Opens pages of one server: each in a new context, so with nothing in the cache."""

    browser: Browser
    server: Server
    url: str = ""
    cookies: list[Any] = field(default_factory=list)

    async def pair(self) -> None:
        """Follow the address the server printed; a code in it opens the door only once."""
        self.url = self.server.url
        if urlsplit(self.url).path.startswith("/pair"):
            context = await self.browser.new_context()
            page = await context.new_page()
            await page.goto(self.url)
            await page.wait_for_url(lambda url: urlsplit(url).path == "/")
            self.cookies = await context.cookies()
            await context.close()
            self.url = f"http://{urlsplit(self.url).netloc}/"

    async def context(self) -> BrowserContext:
        context = await self.browser.new_context()
        if self.cookies:
            await context.add_cookies(self.cookies)
        return context

    async def load(self, *, phone: bool = False, clicks: int = CLICKS) -> Load:
        """Measure one page, from navigation until it rests."""
        context = await self.context()
        try:
            page = await context.new_page()
            session = await context.new_cdp_session(page)
            await session.send("Network.enable")
            traffic = Traffic()
            traffic.over(session)
            if phone:
                await _emulate_phone(session)
            seen = await measure_first_answer(page, self.url, self.server.stack.looks)
            await traffic.quiet()
            later = []
            if not self.server.stack.looks.answer:
                later = [await measure_press(page) for _ in range(clicks)]
            return Load(
                **seen,
                requests=traffic.requests,
                outside=traffic.outside,
                transfer=traffic.transfer,
                socket=traffic.socket,
                answer=_find_median([each["answer"] for each in later]),
                shown=_find_median([each["shown"] for each in later]),
            )
        finally:
            await context.close()


def _find_median(values: list[float]) -> float | None:
    return sorted(values)[len(values) // 2] if values else None


async def _emulate_phone(session: CDPSession) -> None:
    await session.send("Emulation.setCPUThrottlingRate", {"rate": PHONE["cpu"]})
    speed = PHONE["mbit"] * 1e6 / 8
    conditions = {"downloadThroughput": speed, "uploadThroughput": speed, "latency": PHONE["ms"]}
    await session.send("Network.emulateNetworkConditions", {"offline": False, **conditions})


async def measure_first_answer(page: Page, url: str, looks: Looks) -> dict[str, Any]:
    """Go to ``url`` and wait for the first answer; the times the page noted.

    Raises:
        NoAnswer: after ``ANSWERED`` seconds.
    """
    answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    await page.expose_function(
        "benchAnswered", lambda times: answered.done() or answered.set_result(times)
    )
    wanted = {name: getattr(looks, name) for name in Looks.__slots__}
    await page.add_init_script(f"window.benchLooksFor = {json.dumps(wanted)};\n{SEEN}")
    try:
        await page.goto(url, wait_until="commit")
        return await asyncio.wait_for(answered, ANSWERED)
    except (TimeoutError, PlaywrightError) as error:
        raise NoAnswer(str(error).splitlines()[0] if str(error) else "no answer") from error


async def measure_press(page: Page) -> dict[str, float]:
    """Press once on a page at rest, after a random pause, and return the times."""
    await asyncio.sleep(random.uniform(0.03, 0.08))
    return await asyncio.wait_for(page.evaluate("benchPress()"), 20)


async def measure_turns(visitor: Visitor, most: int) -> list[dict[str, Any]]:
    """Go to each of the workbook's first ``most`` chapters, with the requests each one made."""
    context = await visitor.context()
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    traffic = Traffic()
    traffic.over(session)
    await measure_first_answer(page, visitor.url, visitor.server.stack.looks)
    await traffic.quiet()
    turned = []
    for number in range(most):
        before = traffic.requests
        turning = page.evaluate("(it) => benchTurn(...it)", [LINKS, CHAPTER, number])
        took = await asyncio.wait_for(turning, 20)
        await traffic.quiet(0.3)
        if took:
            turned.append({"shown": took["shown"], "requests": traffic.requests - before})
    await context.close()
    return turned
