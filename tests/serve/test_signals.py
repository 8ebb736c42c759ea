"""What ends the book in the same way as Ctrl-C."""

import subprocess
import sys

WAITS = """
import signal
from workbook.serve.signals import end_on_signals, end_with_input
end_on_signals()
end_with_input()
try:
    print("waiting", flush=True)
    signal.pause()
except KeyboardInterrupt:
    print("cleaned up", flush=True)
"""


def test_a_closed_input_ends_it_like_ctrl_c_and_not_before():
    with subprocess.Popen(
        [sys.executable, "-c", WAITS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "waiting\n"
        assert process.poll() is None

        try:
            rest, _ = process.communicate(timeout=20)  # closes its input
        finally:
            process.kill()

        assert rest == "cleaned up\n"
        assert process.returncode == 0
