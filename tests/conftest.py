"""How hypothesis draws. `HYPOTHESIS_PROFILE=thorough` looks longer; CI draws the same examples every time."""

import os
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings

# On two busy cores a deadline is a matter of luck, and a Location with EVSEs is slow to draw by nature.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("dev", PATIENT, max_examples=25)
settings.register_profile("ci", PATIENT, max_examples=25, derandomize=True, database=None)
settings.register_profile("thorough", PATIENT, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes test at once they share one PostgreSQL, each with databases of its own."""
    variable = "OCPI211_TEST_POSTGRES"
    spreads = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if not spreads or variable in os.environ:
        return
    from tests.server.postgres import running  # noqa: PLC0415  (only where it is started)

    stack = ExitStack()
    config.add_cleanup(stack.close)
    os.environ[variable] = stack.enter_context(running())
    stack.callback(os.environ.pop, variable, None)
