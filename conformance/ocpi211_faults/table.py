"""All faults."""

from ocpi211_faults.as_client import AS_CLIENT
from ocpi211_faults.contents import CONTENTS
from ocpi211_faults.fault import Fault
from ocpi211_faults.keeping import KEEPING
from ocpi211_faults.lists import LISTS
from ocpi211_faults.modules import MODULES
from ocpi211_faults.registering import REGISTERING
from ocpi211_faults.rehearsing import REHEARSING
from ocpi211_faults.transport import TRANSPORT
from ocpi211_faults.writing import WRITING

__all__ = ["FAULTS"]

FAULTS: tuple[Fault, ...] = (
    *TRANSPORT,
    *LISTS,
    *CONTENTS,
    *WRITING,
    *MODULES,
    *REGISTERING,
    *REHEARSING,
    *KEEPING,
    *AS_CLIENT,
)
