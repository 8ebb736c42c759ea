"""What the page's script alone needs to know of a session, in Python for tests."""

from __future__ import annotations

from workbook.domain.levels import Level
from workbook.domain.session import Phase, Session, SessionScript
from workbook.rules.session import step_level


def current_level(session: Session, script: SessionScript) -> Level:
    """Return the level of the hands now: still in a pause, and never above cap or yes."""
    if session.phase is not Phase.RUNNING or not script.steps:
        return Level.STILL
    return step_level(session, script)
