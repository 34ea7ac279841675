"""How hypothesis draws. `HYPOTHESIS_PROFILE=thorough` looks longer; CI draws the same examples every time."""

import os

from hypothesis import HealthCheck, settings

# On two busy cores a deadline is a matter of luck, and a Location with EVSEs is slow to draw by nature.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("dev", PATIENT, max_examples=25)
settings.register_profile("ci", PATIENT, max_examples=25, derandomize=True, database=None)
settings.register_profile("thorough", PATIENT, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))
