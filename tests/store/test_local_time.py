"""The local time follows the computer's zone while the book is open."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import os
os.environ["TZ"] = "UTC0"
from workbook.store.unlocked import local_time
before = local_time()
os.environ["TZ"] = "XXX-9"
print(round((local_time() - before).total_seconds() / 3600))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no TZ")
def test_the_clock_follows_the_zone_of_the_computer():
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )

    assert ended.stdout == "9\n"
