"""What others wrote cannot act on the terminal in which codes and the fingerprint are shown."""

from __future__ import annotations

import subprocess
import sys

import pytest

from workbook.domain.text import escape_controls

ATTACK = "\x1b]0;OWNED\x07\x1b]52;c;b3duZWQ=\x07\x1b[2J\r\nOpen http://127.0.0.1:6/pair#FAKE\x9b2J"
ACTING = ("\x1b", "\x07", "\r", "\n", "\x9b", "\u202e", "\u2066", "\u2028", "\x00", "\ud800")

_LOG = """
import logging, sys
from workbook.serve.terminal import {how}
logging.basicConfig(level=logging.ERROR, format="%(message)s")
{how}()
attack = {attack!r}
log = logging.getLogger({name!r})
log.error("%s happened", attack)
try:
    raise ValueError(attack)
except ValueError:
    log.exception(attack)
print(attack, file=sys.stderr)
"""


@pytest.mark.parametrize("sign", ACTING, ids=ascii)
def test_a_sign_that_acts_is_written_out(sign):
    shown = escape_controls(f"a{sign}b")

    assert sign not in shown
    assert shown.isascii()
    assert (shown[:2], shown[-1]) == ("a\\", "b")


def test_what_only_shows_stays():
    words = "Grüße, 日本語 שלום – “x” \\ 'y'"

    assert escape_controls(words) == words


def _logged(how, name):
    code = _LOG.format(how=how, attack=ATTACK, name=name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stderr


def test_a_log_line_of_the_server_is_one_line_without_a_traceback():
    first, second, *printed = _logged("escape_log_lines", "tornado.application").splitlines()

    assert first == f"{escape_controls(ATTACK)} happened"
    assert second == f"{escape_controls(ATTACK)} (ValueError)"
    assert "Traceback" not in "".join(printed)


def test_a_kernel_writes_only_lines_of_our_own_code():
    assert _logged("keep_kernel_quiet", "traitlets") == ""
    assert len(_logged("keep_kernel_quiet", "workbook").splitlines()) == 2
