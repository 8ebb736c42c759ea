"""Times how long one frame of the moving hands takes: ``python -m bench.hands [NAME ...]``.

Script time of ``draw`` in Chromium with the processor slowed four times. The browser slows by
pausing, so that one frame may be lucky: the mean of 20 frames in a row is taken, at 60 frames a
second, and of three rounds the shortest, so that other programs do not count. Printed are the
median and the 99th percentile of these; at most 3 ms is wanted.
"""

from __future__ import annotations

import json
import sys
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from bench.strokes import SHOTS, show_page, step_json
from tests.browser.chromium import find

SLOWED = 4
FRAMES = 600
BATCH = 20
ROUNDS = 3
WANTED_MS = 3

DRAW = """
  async ([step, frames, batch, rounds]) => {
    const { svg, draw } = drawn.createHands(step);
    document.body.replaceChildren(svg);
    const times = Array(frames / batch).fill(Infinity);
    for (let round = 0; round < rounds; round += 1) {
      for (let i = 0; i < times.length; i += 1) {
        await new Promise(requestAnimationFrame);
        const from = performance.now();
        for (let j = 0; j < batch; j += 1) draw((i * batch + j) / 60);
        times[i] = Math.min(times[i], (performance.now() - from) / batch);
      }
    }
    return times;
  }
"""


def main() -> int:
    """Print a line for each stroke and place; return 1 if one takes too long."""
    is_slow, names = False, sys.argv[1:]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(find()), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        show_page(page, "light")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        for shot in SHOTS:
            if names and not any(name in shot.name for name in names):
                continue
            times = page.evaluate(DRAW, [json.loads(step_json(shot)), FRAMES, BATCH, ROUNDS])
            last = quantiles(times, n=100)[-1]
            is_slow |= last > WANTED_MS
            print(f"{shot.name:50} {median(times):6.2f} ms {last:6.2f} ms")
        browser.close()
    return int(is_slow)


if __name__ == "__main__":
    raise SystemExit(main())
