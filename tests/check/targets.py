"""Targets for the check: the reference server in this process, with something in it, and a party invited to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pydantic import SecretStr

from ocpi211.models import CDR, CommandResponseType, Location, Session, StartSession, Tariff, Token
from ocpi211_check import samples
from ocpi211_check.bench import Bench
from ocpi211_check.catalogue import Profile, Role
from ocpi211_check.counterpart import Counterpart
from ocpi211_check.evidence import Secrets
from ocpi211_check.journal import Journal
from ocpi211_check.listening import bind, listening
from ocpi211_check.received import Listener
from ocpi211_check.settings import Settings
from ocpi211_check.verdicts import Ledger
from ocpi211_check.wire import Wire
from ocpi211_runtime.asgi import AsgiTransport
from ocpi211_runtime.exchange import AsyncTransport
from ocpi211_runtime.scalars import write_date_time
from ocpi211_server.app import Server, open_server
from ocpi211_server.backoffice import BackOffice
from ocpi211_server.decisions import Command, Decisions
from ocpi211_server.registration.invitations import Invitations
from ocpi211_server.registration.vault import Vault
from ocpi211_server.settings import Settings as ServerSettings

PARTY = "FR*TST"
_KEY = SecretStr(Vault.new_key())  # to derive one from a passphrase takes its time
BASE = "https://target.example/ocpi"


@dataclass
class Target:
    """A reference server that runs, and how to get into it."""

    role: Role
    profile: Profile
    server: Server
    base: str = BASE
    transport: AsyncTransport = field(init=False)

    def __post_init__(self) -> None:
        self.transport = AsgiTransport(self.server.asgi)

    @property
    def versions_url(self) -> str:
        return f"{self.base}/{self.role}/versions"

    async def invite(self, party: str = PARTY, *, hub: bool | None = None) -> str:
        """An invitation for the party that the check plays, or for a hub that it plays."""
        site = self.server.site
        other: Any = "emsp" if self.role == "cpo" else "cpo"
        invitations = Invitations(site.partners, site.egress)
        return await invitations.invite(other, party[:2], party[3:], hub=hub, trust_first=True)


class Charging(Decisions):
    """Charge Points that begin a Session when they are told to."""

    def __init__(self) -> None:
        self.office: BackOffice | None = None

    async def outcome(self, command: Command) -> CommandResponseType | None:
        """ACCEPTED, and the Session of a START_SESSION is published."""
        order = command.order
        if self.office is not None and isinstance(order, StartSession):
            made = samples.session(f"STARTED-{command.uid[:8]}", write_date_time(datetime.now(UTC)), PARTY)
            begun = {"auth_id": order.token.auth_id, "authorization_id": order.authorization_id}
            await self.office.publish("sessions", [Session.model_validate({**made, **begun})])
        return await super().outcome(command)


@asynccontextmanager
async def served(role: Role, profile: Profile, database: str) -> AsyncIterator[Target]:
    """The same on a socket, for who calls it over HTTP."""
    taken = bind("127.0.0.1", 0)
    base = f"http://127.0.0.1:{taken.getsockname()[1]}/ocpi"
    async with target(role, profile, database, base) as found, listening(found.server.asgi, taken):
        yield found


@asynccontextmanager
async def target(
    role: Role, profile: Profile, database: str, base: str = BASE, *, hub: bool = False
) -> AsyncIterator[Target]:
    """A CPO with 25 Locations and what belongs to them, or an eMSP with 25 Tokens; or a hub, seen from one side."""
    settings = ServerSettings(
        role="hub" if hub else role,
        agreements="all",
        profile_name=profile,
        database=database,
        secret_key=_KEY,
        synchronous="NORMAL",
        public_url=base,
        insecure_dev=True,
        command_timeout=2,
        call_timeout=2,
        pull_every=0,
        message_log="off",
        first_delay=0.05,
    )
    charging = Charging()
    async with open_server(settings, decisions=None if hub else charging) as server, server.running():
        if not hub:
            charging.office = BackOffice(server.site)
            await _fill(server, role)
        yield Target(role, profile, server, base)


def needing() -> AbstractContextManager[object]:
    """Servers that need something of their partners: without that, 3003 is never answered."""
    needs: Any = {"emsp": frozenset({"tokens"}), "cpo": frozenset({"locations"})}
    plain: Any = Server.rules.fget  # type: ignore[attr-defined]  # it is a property
    return patch.object(Server, "rules", property(lambda server: replace(plain(server), required=needs)))


async def _fill(server: Server, role: Role) -> None:
    office, site = BackOffice(server.site), server.site
    await Invitations(site.partners, site.egress).know("emsp" if role == "cpo" else "cpo", PARTY[:2], PARTY[3:])
    if role == "emsp":
        await office.publish("tokens", [_token(number) for number in range(25)])
        return
    await office.publish("locations", [_location(number) for number in range(25)])
    await office.publish("sessions", [_session(number) for number in range(3)])
    await office.publish("cdrs", [_cdr(number) for number in range(3)])
    if "tariffs" in server.site.profile.modules:
        await office.publish("tariffs", [_tariff(number) for number in range(3)])


def _at(number: int) -> str:
    return f"2024-05-{number + 1:02}T07:00:00Z"


def _days(first: int) -> list[dict[str, str]]:
    return [{"period_begin": f"2026-05-{first:02}T00:00:00Z", "period_end": f"2026-05-{first + 1:02}T00:00:00Z"}]


_EVERYTHING: dict[str, Any] = {
    "directions": [{"language": "en", "text": "behind the station"}],
    "images": [
        {"url": "https://example.com/a.png", "category": "LOCATION", "type": "png", "width": 800, "height": 600}
    ],
    "energy_mix": {"is_green_energy": True, "energy_sources": [{"source": "WIND", "percentage": 100}]},
    "opening_times": {
        "regular_hours": [{"weekday": 1, "period_begin": "07:00", "period_end": "18:00"}],
        "exceptional_openings": _days(1),
        "exceptional_closings": _days(8),
    },
}
_PRICED = {"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 1}]}
_LIMITED = {
    **_PRICED,
    "restrictions": {"start_time": "07:00", "end_time": "18:00"},
}
_SIGNED = {
    "encoding_method": "OCMF",
    "signed_values": [{"nature": "Start", "plain_data": "x", "signed_data": "x"}],
}


def _location(number: int) -> Location:
    made = samples.location(f"LOC{number}", _at(number), "FR*CPO")
    for evse in made["evses"]:
        evse["status"] = "AVAILABLE"
        for plug in evse["connectors"]:
            plug["tariff_id"] = "TARIFF1"
        if number == 1:
            evse["capabilities"].append("RESERVABLE")
    return Location.model_validate({**made, **(_EVERYTHING if number == 0 else {})})


def _session(number: int) -> Session:
    made = samples.session(f"SES{number}", _at(number), PARTY)
    return Session.model_validate({**made, "status": "COMPLETED"})


def _cdr(number: int) -> CDR:
    made = samples.cdr(f"CDR{number}", _at(number), PARTY)
    free = samples.tariff("FREE", _at(number))
    priced = {**free, "id": "PRICED", "elements": [_PRICED]}
    paid = {"tariffs": [priced], "total_cost": 1.875} if number else {"tariffs": [priced, free]}
    return CDR.model_validate({**made, **paid, "authorization_id": f"A{number}", "signed_data": _SIGNED})


def _tariff(number: int) -> Tariff:
    made = samples.tariff(f"TARIFF{number}", _at(number))
    return Tariff.model_validate({**made, "elements": [_LIMITED, *made["elements"]]})


def _token(number: int) -> Token:
    made = samples.token(f"04A1B2{number:02}", _at(number), "FR*EMP")
    return Token.model_validate({**made, "type": "RFID", "valid": number != 3, "whitelist": "ALLOWED"})


Wrap = Callable[[AsyncTransport], AsyncTransport]


@asynccontextmanager
async def bench_for(
    found: Target, *, wrap: Wrap = lambda transport: transport, journal: Path | None = None, **given: Any
) -> AsyncIterator[Bench]:
    """A bench at the target, with a counterpart on a socket; `given` are settings of the run."""
    hub = True if given.get("speaks_for") else None
    token = given.pop("token", "") or await found.invite(given.get("party", PARTY), hub=hub)
    taken, second = bind("127.0.0.1", 0), bind("127.0.0.1", 0)
    port = taken.getsockname()[1]
    chosen: dict[str, Any] = {
        "party": PARTY,
        "write": True,
        "handshake": True,
        "commands": True,
        "listen_url": f"http://127.0.0.1:{port}",
        "call_back": 4.0,
        "seed": 7,
        **given,
    }
    settings = Settings(versions_url=found.versions_url, token=token, role=found.role, profile=found.profile, **chosen)
    wire = Wire(wrap(found.transport), settings, Secrets(token))
    counterpart = Counterpart(settings.listen_url, wire)
    bench = Bench(settings, wire, Ledger(), counterpart, token, journal=Journal(journal, settings.versions_url))
    counterpart.elsewhere = f"http://127.0.0.1:{second.getsockname()[1]}"
    counterpart.observers.append(Listener(bench, counterpart))
    async with listening(counterpart, taken), listening(counterpart, second):
        yield bench


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)
