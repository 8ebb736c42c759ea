"""For all tests: a law may take its time, since the machine may be busy."""

from hypothesis import HealthCheck, settings

# How quickly examples are drawn says something about the machine and nothing about the rules.
settings.register_profile("attune", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("attune")
