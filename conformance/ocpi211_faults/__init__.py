"""Fault switches: each makes a correct target break at least one requirement, in a checkout only.

No wheel has this package, and nothing shipped imports it. A test puts a fault between the check and a target;
`ocpi211-server run --fault` around a server.
"""

from ocpi211_faults.fault import Fault, Faulty
from ocpi211_faults.switch import Switch, choose
from ocpi211_faults.table import FAULTS

__all__ = ["FAULTS", "Fault", "Faulty", "Switch", "choose"]
