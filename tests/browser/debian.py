"""Installs packages of Debian for the browser tests, where this machine has such packages."""

from __future__ import annotations

import os
import shutil
import subprocess

PATIENCE = 300
"""Seconds that one way of installing may take."""


def install_packages(*packages: str) -> bool:
    """Whether ``packages`` are installed now; only root, or sudo without a password, can."""
    if not shutil.which("apt-get"):
        return False
    sudo = []
    if os.getuid() != 0:
        if not shutil.which("sudo"):
            return False
        sudo = ["sudo", "--non-interactive"]  # a password prompt would wait for ever
    install = [*sudo, "apt-get", "install", "--yes", *packages]
    return run_quietly(*install) or (
        run_quietly(*sudo, "apt-get", "update") and run_quietly(*install)
    )


def run_quietly(*command: str) -> bool:
    """Whether ``command`` worked in time; its own words help nobody here."""
    try:
        ended = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
