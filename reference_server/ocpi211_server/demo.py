"""A CPO, a hub and an eMSP on this machine, and two charges: `python -m ocpi211_server.demo`.

Three servers as processes of their own, on free ports of loopback, each with a database of its own. What they are made
to do here, an operator does with the command line or a back office with `BackOffice`. At the end stands the question
that `authorization_id` was invented for: which CDRs are to be paid?
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Final

from rich.console import Console

from ocpi211.models import Allowed, CommandResponseType, SessionPatch, SessionStatus, Status
from ocpi211_runtime.answers import Role
from ocpi211_server.app import Server, open_server
from ocpi211_server.backoffice import BackOffice
from ocpi211_server.cli.traffic import reconciled
from ocpi211_server.database import DatabaseError, Work, open_database, sql
from ocpi211_server.demo_data import cdr, locations, session, tokens
from ocpi211_server.invitations import Invitations
from ocpi211_server.kept_settings import kept
from ocpi211_server.messages import find as find_messages
from ocpi211_server.moments import now
from ocpi211_server.reconciling import reconcile
from ocpi211_server.settings import Settings
from ocpi211_server.telling import tell

__all__ = ["main"]

_PARTIES: Final = {"cpo": "FR*CPO", "hub": "FR*107", "emsp": "FR*EMP"}
_PATIENCE: Final = 60.0
console = Console(soft_wrap=True)


class Actor:
    """One of the three: its process, and its database opened here as well."""

    def __init__(self, role: str, profile: str, folder: Path) -> None:
        self.role = role
        self.party = _PARTIES[role]
        self._folder = folder
        self._profile = profile
        self._database = f"sqlite:///{folder / role}.db"
        self._process: asyncio.subprocess.Process | None = None
        self._opened = AsyncExitStack()
        self.server: Server

    @property
    def office(self) -> BackOffice:
        """Its back office."""
        return BackOffice(self.server.site)

    async def up(self) -> None:
        """Start the process, and wait until it serves."""
        known = await self._settings()
        port = str(known.get("port", 0))  # partners know the one it had before
        arguments = ("--role", self.role, "--profile", self._profile, "--database", self._database, "--insecure-dev")
        delays = ("--first-delay", "0.2", "--longest-delay", "1", "--pull-every", "0", "--log-level", "WARNING")
        log = await asyncio.to_thread((self._folder / f"{self.role}.log").open, "ab")
        with log:
            self._process = await asyncio.create_subprocess_exec(
                *(
                    sys.executable,
                    "-m",
                    "ocpi211_server",
                    "run",
                    *arguments,
                    *delays,
                    "--port",
                    port,
                    "--admin-port",
                    "0",
                ),
                stderr=log,
                env={name: value for name, value in os.environ.items() if not name.startswith("OCPI211_")},
            )
        await until(self._serves, f"{self.role} serves")
        if not known:
            settings = Settings.model_validate({**await self._settings(), "database": self._database})
            self.server = await self._opened.enter_async_context(open_server(settings))

    async def down(self) -> None:
        """Stop the process."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGTERM)
            await self._process.wait()
            self._process = None

    async def close(self) -> None:
        """Stop the process, and let go of the database."""
        await self.down()
        await self._opened.aclose()

    async def count(self, module: str, condition: str = "TRUE", *values: object) -> int:
        """How many objects of a module it has."""
        text = f"SELECT COUNT(*) FROM object WHERE module = $1 AND {condition}"  # noqa: S608  (a constant of this module)
        return int((await self.server.site.database.read(text, module, *values))[0][0])

    async def shown(self, module: str) -> list[str]:
        """The ids of the objects it has, oldest first."""
        rows = await self.server.site.database.read("SELECT id FROM object WHERE module = $1 ORDER BY seq", module)
        return [row[0] for row in rows]

    async def _settings(self) -> Mapping[str, object]:
        try:
            database = await open_database(self._database)
        except DatabaseError:
            return {}
        try:
            return await kept(database)
        finally:
            await database.close()

    async def _serves(self) -> bool:
        if self._process is not None and self._process.returncode is not None:
            raise RuntimeError(f"the {self.role} ended: {(self._folder / f'{self.role}.log').read_text()}")
        port = (await self._settings()).get("port")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", int(str(port or 0)))
        except OSError:
            return False
        writer.close()
        return True


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for something that the servers do by themselves. TimeoutError names it."""
    deadline = time.monotonic() + _PATIENCE
    while not await condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain: {what}")
        await asyncio.sleep(0.05)


class Demonstration:
    """The story, chapter by chapter, with what is expected of each."""

    def __init__(self, cpo: Actor, hub: Actor, emsp: Actor) -> None:
        self.cpo = cpo
        self.hub = hub
        self.emsp = emsp
        self.failures: list[str] = []

    async def tell(self) -> None:
        """From the first invitation to the last invoice."""
        await self.register()
        await self.publish()
        first = await self.charge_with_a_card()
        await self.charge_by_app()
        await self.odd_invoices(first)
        await self.conclude()

    def expect(self, what: str, holds: bool) -> None:  # noqa: FBT001  (a sentence and whether it is true)
        """Say whether what was expected happened."""
        console.print(f"  [green]✓[/] {what}" if holds else f"  [red]✗ {what}[/]", highlight=False)
        if not holds:
            self.failures.append(what)

    async def register(self) -> None:
        """Both meet the hub: the CPO its eMSP interface, the eMSP its CPO interface."""
        _chapter("Registration")
        await self._join(self.cpo, "cpo", "emsp")
        await self._join(self.emsp, "emsp", "cpo")
        await self.hub.server.site.database.write(_agreement, self.cpo.party, self.emsp.party, now())

    async def publish(self) -> None:
        """25 Locations from the CPO, three Tokens from the eMSP, each to the other side by way of the hub."""
        _chapter("Locations and Tokens")
        await self.cpo.office.publish("locations", locations(25))
        await self.emsp.office.publish("tokens", tokens())
        await self._pull(self.hub, "cpo", "locations", 25)
        await self._pull(self.hub, "emsp", "tokens", 3)
        await self._pull(self.emsp, "cpo", "locations", 25)
        await self._pull(self.cpo, "emsp", "tokens", 3)
        asked = await find_messages(self.emsp.server.site.database, module="locations", limit=1000)
        pages = [message for message in asked if message.verb == "GET" and message.direction == "out"]
        self.expect("the eMSP followed Link: 25 Locations came on two pages", len(pages) == 2)

    async def charge_with_a_card(self) -> str:
        """A card is shown, the provider is asked; while the car charges, the provider is down for a while."""
        _chapter("A card at the Charge Point, and a provider that goes down")
        info = await self.cpo.office.ask("04A1B2C3", "LOC001", "EVSE001-1")
        self.expect("the eMSP allows it, and names the authorisation", info.allowed == Allowed.ALLOWED)
        name = info.authorization_id or ""
        contract = tokens()[0].auth_id
        await self.cpo.office.set_status("LOC001", "EVSE001-1", Status.CHARGING)
        await self.cpo.office.publish("sessions", [session(1, contract, name)])
        await until(lambda: self._has(self.emsp, "sessions", 1), "the Session is at the eMSP")
        await self.emsp.down()
        console.print("  the eMSP is down")
        await self.cpo.office.amend("sessions", "S0001", SessionPatch(status=SessionStatus.ACTIVE, kwh=Decimal("4.2")))
        await self.cpo.office.amend("sessions", "S0001", SessionPatch(status=SessionStatus.COMPLETED, kwh=Decimal(11)))
        await self.cpo.office.publish("cdrs", [cdr("S0001", contract, name, "11.0", "4.40")])
        await until(lambda: self._has(self.hub, "cdrs", 1), "the CDR is at the hub")
        self.expect("the hub has the CDR, the eMSP not yet", await self.emsp.count("cdrs") == 0)
        await self.emsp.up()
        console.print("  the eMSP is up again")
        await until(lambda: self._has(self.emsp, "cdrs", 1), "the CDR is at the eMSP")
        self.expect("what waited at the hub has arrived, once", await self.emsp.count("cdrs") == 1)
        return name

    async def charge_by_app(self) -> None:
        """The provider starts and stops the charge from afar."""
        _chapter("START_SESSION and STOP_SESSION")
        location = (await self.emsp.shown("locations"))[1]
        evse = await self._evse(location)
        answer, name = await self.emsp.office.start("APP-0001", location, evse)
        self.expect("the CPO accepts START_SESSION, by way of the hub", answer == CommandResponseType.ACCEPTED)
        await until(lambda: self._result("START_SESSION"), "the result of START_SESSION")
        contract = tokens()[2].auth_id
        await self.cpo.office.publish("sessions", [session(2, contract, name, place=2)])
        active = SessionPatch(status=SessionStatus.ACTIVE, kwh=Decimal(1))
        await self.cpo.office.amend("sessions", "S0002", active)
        await until(lambda: self._has(self.emsp, "sessions", 2), "the second Session is at the eMSP")
        stopped = await self.emsp.office.stop((await self.emsp.shown("sessions"))[1])
        self.expect("the CPO accepts STOP_SESSION", stopped == CommandResponseType.ACCEPTED)
        await until(lambda: self._result("STOP_SESSION"), "the result of STOP_SESSION")
        await self.cpo.office.amend("sessions", "S0002", SessionPatch(status=SessionStatus.COMPLETED, kwh=Decimal(7)))
        await self.cpo.office.publish("cdrs", [cdr("S0002", contract, name, "7.0", "2.80", place=2)])
        await until(lambda: self._has(self.emsp, "cdrs", 2), "the second CDR is at the eMSP")

    async def odd_invoices(self, first: str) -> None:
        """One authorisation that nothing comes of, one that is billed twice, one invoice on none."""
        _chapter("Two authorisations, three CDRs")
        info = await self.cpo.office.ask("04D4E5F60718AA", "LOC003", "EVSE003-1")
        self.expect("a third authorisation is given, and not used", info.allowed == Allowed.ALLOWED)
        await self.cpo.office.publish("cdrs", [cdr("S0001-BIS", tokens()[0].auth_id, first, "11.0", "4.40")])
        await self.cpo.office.publish("cdrs", [cdr("S0009", tokens()[1].auth_id, None, "3.5", "1.40", place=3)])
        await until(lambda: self._has(self.emsp, "cdrs", 4), "four CDRs are at the eMSP")

    async def conclude(self) -> None:
        """Who said what to whom, and what is to be paid."""
        _chapter("Who said what to whom, as the hub noted it")
        await until(self._noted, "the hub has noted the last CDR")
        for line in tell(await find_messages(self.hub.server.site.database, limit=1000), own=self.hub.party):
            console.print(line)
        _chapter("Which CDRs are to be paid?")
        charges = await reconcile(self.emsp.server.site.database, self.emsp.party)
        console.print(reconciled(charges))
        verdicts = sorted(charge.verdict for charge in charges)
        self.expect(
            "one billed twice, one billed, one given, one invoice on nothing",
            verdicts == ["billed", "duplicate", "given", "unmatched"],
        )
        waiting = [await actor.server.site.database.read("SELECT 1 FROM delivery") for actor in (self.cpo, self.hub)]
        self.expect("nothing is left to be delivered", not any(waiting))

    async def _join(self, actor: Actor, role: Role, meets: Role) -> None:
        """A partner that is `role` meets the hub's other interface."""
        at_hub, own = self.hub.server.site, actor.server.site
        invitations = Invitations(at_hub.partners, at_hub.egress)
        token = await invitations.invite(role, *_halves(actor), origins=[actor.server.settings.base_url])
        partner = await Invitations(own.partners, own.egress).know(meets, *_halves(self.hub), hub=True)
        url = f"{self.hub.server.settings.base_url}/{meets}/versions"
        partner = await actor.server.registrar.register(partner, url, token)
        self.expect(f"{actor.party} is registered with {partner.party}", partner.state == "registered")

    async def _pull(self, actor: Actor, role: str, module: str, expected: int) -> None:
        partner = next(p for p in await actor.server.site.partners.all() if p.role == role)
        await actor.server.pulls.pull(partner, module)
        have = await actor.count(module)
        self.expect(f"{actor.party} has {have} {module} from {partner.party}", have == expected)

    async def _has(self, actor: Actor, module: str, count: int) -> bool:
        return await actor.count(module) >= count

    async def _result(self, kind: str) -> bool:
        rows = await self.emsp.server.site.database.read("SELECT result FROM command WHERE kind = $1", kind)
        return bool(rows) and rows[0][0] == CommandResponseType.ACCEPTED

    async def _noted(self) -> bool:
        sent = await find_messages(self.hub.server.site.database, module="cdrs", limit=100)
        return sum(message.direction == "out" and message.http_status == 200 for message in sent) >= 4

    async def _evse(self, location_id: str) -> str:
        rows = await self.emsp.server.site.database.read(
            "SELECT body FROM object WHERE module = 'locations' AND id = $1", location_id
        )
        from ocpi211.models import Location  # noqa: PLC0415

        return (Location.model_validate_json(rows[0][0]).evses or [])[0].uid


@asynccontextmanager
async def _actors(profile: str) -> AsyncIterator[tuple[Actor, Actor, Actor]]:
    with tempfile.TemporaryDirectory(prefix="ocpi211-demo-") as folder:
        actors = tuple(Actor(role, profile, Path(folder)) for role in ("cpo", "hub", "emsp"))
        try:
            await asyncio.gather(*(actor.up() for actor in actors))
            yield actors  # type: ignore[misc]  # three of them
        finally:
            await asyncio.gather(*(actor.close() for actor in actors))


def _halves(actor: Actor) -> tuple[str, str]:
    country_code, _, party_id = actor.party.partition("*")
    return country_code, party_id


def _chapter(title: str) -> None:
    console.print(f"\n[bold]{title}[/]")


def _agreement(cpo: str, emsp: str, at: int) -> Work[None]:
    yield sql("INSERT INTO agreement (cpo, emsp, made) VALUES ($1, $2, $3)", cpo, emsp, at)


async def _run(profile: str) -> int:
    console.print(f"A CPO, a hub and an eMSP on this machine, profile {profile}.")
    async with _actors(profile) as actors:
        demonstration = Demonstration(*actors)
        await demonstration.tell()
    failures = demonstration.failures
    console.print(
        f"\n[red]{len(failures)} expectations failed[/]" if failures else "\n[green]Every expectation held.[/]"
    )
    return 1 if failures else 0


def main() -> int:
    """Show it; the exit status is 0 only if every expectation held."""
    profile = sys.argv[1] if len(sys.argv) > 1 else "gireve-1.1.4"
    try:
        return asyncio.run(_run(profile))
    except TimeoutError as error:
        console.print(f"\n[red]{error}[/]")
        return 1


if __name__ == "__main__":
    sys.exit(main())
