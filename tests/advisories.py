"""Asks the advisory sources about the locked packages; run it as ``python -m tests.advisories``.

Where no source can be reached that is said, and is no failure: a database that was not asked
says nothing about known vulnerabilities. Exit code 1: a locked package has an advisory.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROBE_TIMEOUT_S = 6
"""Seconds in which a source must answer about one package."""

AUDIT_TIMEOUT_S = 300
"""Seconds for all packages, once the source has answered."""

_ROOT = Path(__file__).parents[1]
_PIP_AUDIT = (
    *(sys.executable, "-m", "pip_audit", "--strict", "--format", "json", "--progress-spinner"),
    *("off", "--disable-pip", "--no-deps", "--timeout", "3", "--requirement"),
)
_NPM_AUDIT = ("npm", "audit", "--json", "--package-lock-only", "--fetch-retries=0")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one source said."""

    was_asked: bool
    """False: no source could be reached, or none knows these packages."""
    found: tuple[str, ...] = ()
    """Each package with an advisory, and its names."""


def audit_python(run: Callable[..., str] | None = None) -> Outcome:
    """Return what is known about the locked Python packages, those for development included."""
    run = run or _run
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "one.txt"
        probe.write_text("click==8.1.7\n")
        if not _read_dependencies(run([*_PIP_AUDIT, str(probe)], PROBE_TIMEOUT_S)):
            return Outcome(was_asked=False)
    lock = _ROOT / "requirements-dev.txt"
    said = _read_dependencies(run([*_PIP_AUDIT, str(lock)], AUDIT_TIMEOUT_S))
    found = (
        f"{each['name']} {each['version']}: {', '.join(vuln['id'] for vuln in each['vulns'])}"
        for each in said
        if each.get("vulns")
    )
    return Outcome(bool(said), tuple(found))


def audit_frontend(run: Callable[..., str] | None = None) -> Outcome:
    """Return what is known about the locked packages of the frontend."""
    run = run or _run
    if shutil.which("npm") is None:
        return Outcome(was_asked=False)
    said = _read_json(run([*_NPM_AUDIT, "--fetch-timeout=4000"], PROBE_TIMEOUT_S * 2))
    known = said.get("vulnerabilities")
    if not isinstance(known, dict):
        return Outcome(was_asked=False)
    return Outcome(
        was_asked=True,
        found=tuple(f"{name}: {each['severity']}" for name, each in sorted(known.items())),
    )


def _read_dependencies(text: str) -> list[dict[str, Any]]:
    """Return the packages that a source knows; a package that was skipped is none of them."""
    found = _read_json(text).get("dependencies", [])
    return [each for each in found if "vulns" in each]


def _read_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _run(command: list[str], seconds: float) -> str:
    """Return what a command prints; blank if it takes too long or is not there."""
    try:
        ended = subprocess.run(
            command, cwd=_ROOT / "frontend", capture_output=True, text=True, timeout=seconds,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return ended.stdout


def main() -> int:
    """Print what each source said, and return the exit code."""
    code = 0
    for name, audit in (("Python", audit_python), ("frontend", audit_frontend)):
        outcome = audit()
        if not outcome.was_asked:
            print(f"Advisories ({name}): NOT CHECKED, no source can be reached from here.")
        elif outcome.found:
            print(f"Advisories ({name}):", *outcome.found, sep="\n  ")
            code = 1
        else:
            print(f"Advisories ({name}): none known about the locked packages.")
    return code


if __name__ == "__main__":
    sys.exit(main())
