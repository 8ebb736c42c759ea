"""A copy of the chapters, and a vault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command import (
    CHEAP,
    PEOPLE,
    ROOT,
    WORDS,
)
from workbook.store import vault


@pytest.fixture
def chapters(tmp_path) -> Path:
    return shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")


@pytest.fixture
def folder(tmp_path) -> Path:
    vault.create(tmp_path / "vault", PEOPLE, WORDS, cost=CHEAP)
    return tmp_path / "vault"
