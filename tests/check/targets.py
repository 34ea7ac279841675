"""Targets for the check: the reference server in this process, with something in it, and a party invited to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ocpi211.models import CDR, Location, Session, Tariff, Token
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
from ocpi211_runtime.exchange import AsyncTransport
from ocpi211_server.app import Server, open_server
from ocpi211_server.backoffice import BackOffice
from ocpi211_server.invitations import Invitations
from ocpi211_server.settings import Settings as ServerSettings
from tests.check.inprocess import InProcess

PARTY = "FR*TST"
BASE = "https://target.example/ocpi"


@dataclass
class Target:
    """A reference server that runs, and how to get into it."""

    role: Role
    profile: Profile
    server: Server
    transport: AsyncTransport = field(init=False)

    def __post_init__(self) -> None:
        self.transport = InProcess(self.server.asgi)

    @property
    def versions_url(self) -> str:
        return f"{BASE}/{self.role}/versions"

    async def invite(self, party: str = PARTY) -> str:
        """An invitation for the party that the check plays."""
        site = self.server.site
        other: Any = "emsp" if self.role == "cpo" else "cpo"
        return await Invitations(site.partners, site.egress).invite(other, party[:2], party[3:], trust_first=True)


@asynccontextmanager
async def target(role: Role, profile: Profile, database: str) -> AsyncIterator[Target]:
    """A CPO with 25 Locations and what belongs to them, or an eMSP with 25 Tokens."""
    settings = ServerSettings(
        role=role,
        profile_name=profile,
        database=database,
        secret_key="a passphrase for tests",  # type: ignore[arg-type]
        public_url=BASE,
        insecure_dev=True,
        command_timeout=2,
        call_timeout=2,
        pull_every=0,
        message_log="off",
        first_delay=0.05,
    )
    async with open_server(settings) as server, server.running():
        await _fill(server, role, profile)
        yield Target(role, profile, server)


async def _fill(server: Server, role: Role, profile: Profile) -> None:
    office = BackOffice(server.site)
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


def _location(number: int) -> Location:
    made = samples.location(f"LOC{number}", _at(number), "FR*CPO")
    for evse in made["evses"]:
        evse["status"] = "AVAILABLE"
        for plug in evse["connectors"]:
            plug["tariff_id"] = "TARIFF1"
    return Location.model_validate(made)


def _session(number: int) -> Session:
    made = samples.session(f"SES{number}", _at(number), PARTY)
    return Session.model_validate({**made, "status": "COMPLETED"})


def _cdr(number: int) -> CDR:
    return CDR.model_validate(samples.cdr(f"CDR{number}", _at(number), PARTY))


def _tariff(number: int) -> Tariff:
    return Tariff.model_validate(samples.tariff(f"TARIFF{number}", _at(number)))


def _token(number: int) -> Token:
    made = samples.token(f"04A1B2{number:02}", _at(number), "FR*EMP")
    return Token.model_validate({**made, "type": "RFID", "valid": number != 3, "whitelist": "ALLOWED"})


Wrap = Callable[[AsyncTransport], AsyncTransport]


@asynccontextmanager
async def bench_for(
    found: Target, *, wrap: Wrap = lambda transport: transport, journal: Path | None = None, **given: Any
) -> AsyncIterator[Bench]:
    """A bench at the target, with a counterpart on a socket; `given` are settings of the run."""
    token = given.pop("token", "") or await found.invite(given.get("party", PARTY))
    taken = bind("127.0.0.1", 0)
    port = taken.getsockname()[1]
    chosen: dict[str, Any] = {
        "party": PARTY,
        "write": True,
        "handshake": True,
        "commands": True,
        "listen_url": f"http://127.0.0.1:{port}",
        "call_back": 1.5,
        "seed": 7,
        **given,
    }
    settings = Settings(
        versions_url=found.versions_url, token=token, role=found.role, profile=found.profile, **chosen
    )
    wire = Wire(wrap(found.transport), settings, Secrets(token))
    counterpart = Counterpart(settings.listen_url, wire)
    bench = Bench(settings, wire, Ledger(), counterpart, token, journal=Journal(journal, settings.versions_url))
    counterpart.observers.append(Listener(bench, counterpart))
    async with listening(counterpart, taken):
        yield bench


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)
