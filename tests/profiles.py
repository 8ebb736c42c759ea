"""How many examples a property test draws: few while editing, more in the gate, most at night.

``HYPOTHESIS_PROFILE`` chooses: ``dev`` (``make fast``), ``ci`` (``make test``, the default) or
``nightly`` (``make test-long``).
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = {"dev": 10, "ci": 30, "nightly": 500}
"""Examples of a property test that does not choose its own number, by profile."""

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")


def register_profiles() -> None:
    """Register the profiles and load the one that was chosen."""
    for name, count in EXAMPLES.items():
        # How quickly examples are drawn depends on the machine, not on the rules.
        settings.register_profile(
            name,
            max_examples=count,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        )
    settings.load_profile(PROFILE)


def scaled(count: int) -> int:
    """Return the examples for a test that wants ``count`` in ``ci``; at least 5."""
    return max(5, count * EXAMPLES[PROFILE] // EXAMPLES["ci"])
