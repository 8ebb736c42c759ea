"""The limit: the form as one HTML page with a websocket, and nothing else.

``python -m bench.limit PORT`` serves it. No framework can be faster than this one on
the same machine, so every stack is also given as a multiple of it.
"""

from __future__ import annotations

import asyncio
import sys
from html import escape
from pathlib import Path
from typing import ClassVar

from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

TEXT = (Path(__file__).parent / "peers" / "form.txt").read_text("utf-8").strip()
SLIDER = (
    '<p><label>Place {0} <input type="range" min="0" max="10" data-name="place-{0}"></label></p>'
)
PAGE = f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Form</title><link rel="icon" href="data:,"></head>
<body>
<p>{escape(TEXT)}</p>
{"".join(SLIDER.format(number) for number in range(1, 21))}
<p><label>Notes <textarea data-name="notes"></textarea></label></p>
<p><label>Pace <select data-name="pace"><option>slow<option>medium<option>brisk</select></label></p>
<p><button>Save</button> <span id="answer"></span></p>
<script>
const socket = new WebSocket(`ws://${{location.host}}/socket`);
socket.onmessage = (message) => {{ document.getElementById("answer").textContent = message.data; }};
const send = (what) => {{
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(what));
  else socket.addEventListener("open", () => socket.send(JSON.stringify(what)));
}};
addEventListener("input", ({{ target }}) =>
  send({{ name: target.dataset.name, value: target.value }}));
document.querySelector("button").onclick = () => send({{ press: true }});
</script>
</body>
</html>
"""


class Page(RequestHandler):
    def get(self) -> None:
        self.write(PAGE)


class Socket(WebSocketHandler):
    presses: ClassVar[int] = 0

    def on_message(self, message: str | bytes) -> None:
        if "press" in str(message):
            self.presses += 1  # on the instance: each page counts its own
            self.write_message(f"Saved, press {self.presses}.")


async def main() -> None:
    Application([("/", Page), ("/socket", Socket)]).listen(int(sys.argv[1]), "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
