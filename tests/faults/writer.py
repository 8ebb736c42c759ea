"""A page in a process of its own: unlocks, writes, and acknowledges each save on its output.

``python writer.py <folder> <passphrase> save <seat's topic count>`` saves without an end,
``count <times>`` adds one to a shared number, that many times.
"""

import os
import sys
from pathlib import Path

from sqlalchemy import text

from workbook.domain.evening import IntentionAnswers
from workbook.store import answers, vault


def save(lane):
    number = 0
    while True:
        kept = answers.read(lane, IntentionAnswers)
        version = kept.version if kept else 0
        words = f"{number} " + "x" * (number * 397 % 9000)
        answers.write(lane, IntentionAnswers(expects=words), edited=version)
        number += 1
        os.write(1, f"{version + 1}\n".encode())


def count(lane, times):
    for _ in range(times):
        with lane.writer.begin() as db:
            seen = db.execute(text("SELECT value FROM meta WHERE name = 'count'")).scalar()
            new = {"value": str(int(seen) + 1)}
            db.execute(text("UPDATE meta SET value = :value WHERE name = 'count'"), new)
    os.write(1, b"done\n")


if __name__ == "__main__":
    lane = vault.unlock(Path(sys.argv[1]), sys.argv[2])
    os.write(1, b"ready\n")
    if sys.argv[3] == "save":
        save(lane)
    else:
        count(lane, int(sys.argv[4]))
