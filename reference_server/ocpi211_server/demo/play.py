"""A CPO, a hub and an eMSP on this machine, and two charges: `python -m ocpi211_server.demo`.

Three servers as processes of their own, on free ports of loopback, each with a database of its own. What they are made
to do here, an operator does with the command line or a back office with `BackOffice`. At the end stands the question
that `authorization_id` was invented for: which CDRs are to be paid?
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from rich.text import Text

from ocpi211.models import Allowed, CommandResponseType, SessionPatch, SessionStatus, Status
from ocpi211_runtime.answers import Role
from ocpi211_runtime.errors import OcpiError
from ocpi211_server.cli.options import console
from ocpi211_server.cli.traffic import reconciled
from ocpi211_server.database import Work, sql
from ocpi211_server.demo.actor import Actor, until
from ocpi211_server.demo.data import cdr, locations, session, tokens
from ocpi211_server.moments import now
from ocpi211_server.operating.logs import configure
from ocpi211_server.operating.message_search import find as find_messages
from ocpi211_server.operating.messages import Message
from ocpi211_server.operating.telling import tell
from ocpi211_server.reconciling import reconcile
from ocpi211_server.registration.invitations import Invitations

__all__ = ["Demonstration", "abridged", "main"]

_MANY = {"locations", "tokens"}
_SHOWN = 2


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
        pages = -(-25 // self.hub.server.site.profile.max_limit["locations"])
        await until(lambda: self._noted("in", "GET", "locations", pages), "the hub has noted what it was asked for")
        asked = await self._count("in", "GET", "locations")
        self.expect(f"the eMSP asked the hub for {asked} pages of Locations", asked == pages)

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
        console.print("  the eMSP is killed")
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
        evse = await self.emsp.first_evse(location)
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
        await until(lambda: self._noted("out", "POST", "cdrs", 4), "the hub has noted the last CDR")
        for line in abridged(await find_messages(self.hub.server.site.database, limit=1000), own=self.hub.party):
            console.print(line)
        _chapter("Which CDRs are to be paid?")
        charges = await reconcile(self.emsp.server.site.database, self.emsp.party)
        console.print(reconciled(charges), soft_wrap=False)
        verdicts = sorted(charge.verdict for charge in charges)
        self.expect(
            "one billed twice, one billed, one given, one invoice on nothing",
            verdicts == ["billed", "duplicate", "given", "unmatched"],
        )
        await until(self._all_delivered, "everything is delivered")
        self.expect("nothing is left to be delivered", await self._all_delivered())

    async def _join(self, actor: Actor, role: Role, meets: Role) -> None:
        """A partner that is `role` meets the hub's other interface."""
        at_hub, own = self.hub.server.site, actor.server.site
        invitations = Invitations(at_hub.partners, at_hub.egress)
        token = await invitations.invite(role, *actor.party.split("*"), origins=[actor.settings.base_url])
        partner = await Invitations(own.partners, own.egress).know(meets, *self.hub.party.split("*"), hub=True)
        url = f"{self.hub.settings.base_url}/{meets}/versions"
        partner = await actor.server.registrar.register(partner, url, token)
        self.expect(f"{actor.party} is registered with {partner.party}", partner.state == "registered")

    async def _pull(self, actor: Actor, role: Role, module: str, expected: int) -> None:
        partner = await actor.partner(role)
        await actor.server.pulls.pull(partner, module)
        have = await actor.count(module)
        self.expect(f"{actor.party} has {have} {module} from {partner.party}", have == expected)

    async def _has(self, actor: Actor, module: str, count: int) -> bool:
        return await actor.count(module) >= count

    async def _count(self, direction: str, verb: str, module: str) -> int:
        """Successful exchanges of the hub with the eMSP."""
        found = await find_messages(self.hub.server.site.database, party=self.emsp.party, module=module, limit=1000)
        return sum((each.direction, each.verb, each.status_code) == (direction, verb, 1000) for each in found)

    async def _noted(self, direction: str, verb: str, module: str, least: int) -> bool:
        return await self._count(direction, verb, module) >= least

    async def _result(self, kind: str) -> bool:
        rows = await self.emsp.server.site.database.read("SELECT result FROM command WHERE kind = $1", kind)
        return bool(rows) and rows[0][0] == CommandResponseType.ACCEPTED

    async def _all_delivered(self) -> bool:
        left = [await actor.server.site.database.read("SELECT 1 FROM delivery") for actor in (self.cpo, self.hub)]
        return not any(left)


def abridged(messages: Iterable[Message], *, own: str) -> Iterator[Text]:
    """The lines of the messages; of many Locations or Tokens that go the same way the first two, and how many more."""

    def kind(message: Message) -> str:
        way = (message.party, own) if message.direction == "in" else (own, message.party)
        return f"{message.verb} {message.module} {' → '.join(way)}" if message.module in _MANY else ""

    ordered = sorted(messages, key=lambda message: (message.made, message.seq))
    kinds = [kind(message) if message.verb == "PUT" else "" for message in ordered]
    places = [kinds[: place + 1].count(name) if name else 0 for place, name in enumerate(kinds)]
    shown = [place for place, number in enumerate(places) if number <= _SHOWN]
    total = Counter(kinds)
    for place, line in zip(shown, tell((ordered[place] for place in shown), own=own), strict=True):
        yield line
        if places[place] == _SHOWN and total[kinds[place]] > _SHOWN:
            yield Text(f"    … and {total[kinds[place]] - _SHOWN} more {kinds[place]}", style="dim")


@asynccontextmanager
async def _actors(profile: str) -> AsyncIterator[tuple[Actor, Actor, Actor]]:
    with tempfile.TemporaryDirectory(prefix="ocpi211-demo-") as folder:
        cpo, hub, emsp = (Actor(role, profile, Path(folder)) for role in ("cpo", "hub", "emsp"))
        try:
            await asyncio.gather(cpo.up(), hub.up(), emsp.up())
            yield cpo, hub, emsp
        finally:
            await asyncio.gather(cpo.close(), hub.close(), emsp.close())


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
    configure(level="ERROR")
    try:
        return asyncio.run(_run(profile))
    except (OcpiError, OSError, RuntimeError, ValueError) as error:
        console.print(f"\n{error}", style="red", markup=False)
        return 1
