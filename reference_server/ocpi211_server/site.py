"""What the handlers of one server share."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ocpi211_runtime.scalars import write_date_time
from ocpi211_server.database import Database, Work
from ocpi211_server.objects.audience import PRIVATE, Audience
from ocpi211_server.objects.store import Thing
from ocpi211_server.objects.views import View
from ocpi211_server.profiles import Profile, Role
from ocpi211_server.settings import Settings

if TYPE_CHECKING:
    from ocpi211_server.decisions import Decides
    from ocpi211_server.delivery import Deliveries
    from ocpi211_server.egress import Egress
    from ocpi211_server.objects.distribution import Distribution
    from ocpi211_server.registration.calls import Calls
    from ocpi211_server.registration.partners import Partners

__all__ = ["Site"]

_log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Site:
    """A server's parts, put together by `app`."""

    settings: Settings
    profile: Profile
    database: Database
    egress: Egress
    partners: Partners
    calls: Calls
    deliveries: Deliveries
    audience: Audience
    view: View
    distribution: Distribution
    decisions: Decides

    @property
    def role(self) -> Role:
        """What the server plays."""
        return self.settings.role

    @property
    def party(self) -> str:
        """The server's own party, `FR*ABC`."""
        return self.settings.party

    def stamp(self) -> str:
        """This moment, as a DateTime of OCPI."""
        return write_date_time(datetime.now(UTC))

    def addressed(self, thing: Thing) -> Work[Thing]:
        """A Session or CDR with the eMSP it is for, where we pass such on; without one where none may see it."""
        if thing.module not in PRIVATE or self.role == "emsp" or thing.recipient is not None:
            return thing
        recipient = yield from self.audience.recipient_of(thing)
        if recipient is None:
            _log.warning("%s %s of %s: for no eMSP that is known, so it is kept", thing.module, thing.id, thing.owner)
        return thing._replace(recipient=recipient)
