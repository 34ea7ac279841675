"""All faults."""

from tests.check.faults.contents import CONTENTS
from tests.check.faults.fault import Fault
from tests.check.faults.lists import LISTS
from tests.check.faults.modules import MODULES
from tests.check.faults.registering import REGISTERING
from tests.check.faults.rehearsing import REHEARSING
from tests.check.faults.transport import TRANSPORT
from tests.check.faults.writing import WRITING

__all__ = ["FAULTS"]

FAULTS: tuple[Fault, ...] = (*TRANSPORT, *LISTS, *CONTENTS, *WRITING, *MODULES, *REGISTERING, *REHEARSING)
