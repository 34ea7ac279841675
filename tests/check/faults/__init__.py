"""Fault switches: each makes a correct target break at least one requirement, in a test build only.

A fault stands between the check and the target, in either direction. No server has a switch of its own, so that none
can be left on.
"""

from tests.check.faults.fault import Fault, Faulty
from tests.check.faults.table import FAULTS

__all__ = ["FAULTS", "Fault", "Faulty"]
