"""Nobody is locked out: whichever step a process dies at, or message is lost, somebody can try again and succeed.

Each scenario is played once to count its steps: every write, before and after it is durable, and every message, before
and after it arrived, on both sides. Then it is played once for each of them, with a failure there; then a person tries
again, and in the end both sides must be able to call each other, with one token each and no other that works.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from ocpi211_runtime.answers import Role
from ocpi211_runtime.errors import PeerError, Unreachable
from ocpi211_runtime.exchange import Request
from ocpi211_server.database import Database, Work, open_database, sql
from ocpi211_server.registration.partners import Partner
from ocpi211_server.registration.sending import RegistrationError
from tests.server.network import Crash, Leg, Network
from tests.server.parties import Party, party, quick

FAILED = (Crash, PeerError, RegistrationError)
INTERFACE: dict[Role, Role] = {"cpo": "emsp", "emsp": "cpo"}


@dataclass
class Steps:
    """Counts what happens on both sides, and lets one step fail."""

    fail_at: int = 0
    lose: bool = False
    """Only the message is lost; else the process dies."""
    taken: list[str] = field(default_factory=list)
    dead: str = ""

    def take(self, side: str, what: str, *, message: bool = False) -> None:
        """One step more. What is dead takes none."""
        self.check(side)
        if self.lose and not message:
            return
        self.taken.append(f"{side}: {what}")
        if len(self.taken) != self.fail_at:
            return
        if self.lose:
            raise Unreachable(f"lost: {what}")
        self.dead = side
        raise Crash(self.taken[-1])

    def check(self, side: str) -> None:
        """Whether this side is alive."""
        if self.dead == side:
            raise Crash(f"{side} is dead")

    def hook(self, side: str, leg: Leg, request: Request) -> None:
        """A step of the network."""
        self.take(side, f"{leg} {request.operation}", message=True)


class Mortal:
    """The database of a side that may die before or after a write is durable."""

    def __init__(self, database: Database, side: str) -> None:
        self.name, self.apart, self.changes = database.name, database.apart, database.changes
        self.steps = Steps()
        self._database = database
        self._side = side

    async def read(self, text: str, *values: object) -> Any:
        self.steps.check(self._side)
        return await self._database.read(text, *values)

    read_much = read

    async def write(self, work: Callable[..., Work[Any]], *args: Any, **kwargs: Any) -> Any:
        self.steps.take(self._side, f"before {work.__name__}")
        result = await self._database.write(work, *args, **kwargs)
        self.steps.take(self._side, f"after {work.__name__}")
        return result

    write_each = write_much = write

    async def close(self) -> None:
        await self._database.close()


class Play:
    """Two sides: one starts things, the other one answers."""

    def __init__(self, network: Network, databases: dict[Role, Mortal], starter: Role) -> None:
        self.network = network
        self.databases = databases
        self.steps = Steps()
        self.sides: dict[Role, Party] = {role: party(network, role, mortal) for role, mortal in databases.items()}
        self.starter, self.other = self.sides[starter], self.sides[INTERFACE[starter]]
        self.token = ""
        for role, side in self.sides.items():
            network.host(side.url, self._mortal(role, side.app))

    def _mortal(self, role: str, app: Any) -> Any:
        async def guarded(scope: Any, receive: Any, send: Any) -> None:
            self.steps.check(role)
            await app(scope, receive, send)

        return guarded

    async def begin(self, steps: Steps) -> None:
        """Nobody knows anybody."""
        await self.watch(Steps())
        self.network.exchanges.clear()
        for mortal in self.databases.values():
            await mortal.write(_emptied)
        await self.watch(steps)

    async def watch(self, steps: Steps) -> None:
        """From now on these steps count; whoever was dead is alive."""
        self.steps = steps
        self.network.hooks[:] = [steps.hook]
        for mortal in self.databases.values():
            mortal.steps = steps

    async def knows(self, side: Party, of: Party) -> Partner:
        """What one side knows of the other one."""
        return await side.invitations.know(_role(of), "FR", of.identity.party_id)

    async def invite(self) -> None:
        """The other side makes a token for the starter."""
        self.token = await self._invited(self.other, self.starter)

    async def register(self) -> None:
        """The starter registers with it."""
        known = await self.knows(self.starter, self.other)
        await self.starter.registrar.register(known, self.other.versions_url(_role(self.other)), self.token)

    async def rotate(self) -> None:
        """The starter wants new tokens."""
        await self.starter.registrar.rotate(await self.knows(self.starter, self.other))

    async def unregister(self) -> None:
        """The starter ends it."""
        await self.starter.registrar.unregister(await self.knows(self.starter, self.other))

    async def answered_by_registering(self) -> None:
        """The other side is invited in its turn, and registers."""
        token = await self._invited(self.starter, self.other)
        known = await self.knows(self.other, self.starter)
        await self.other.registrar.register(known, self.starter.versions_url(_role(self.starter)), token)

    async def answered_by_rotating(self) -> None:
        """The other side wants new tokens."""
        await self.other.registrar.rotate(await self.knows(self.other, self.starter))

    async def answered_by_unregistering(self) -> None:
        """The other side ends it as well; then it registers again."""
        await self.other.registrar.unregister(await self.knows(self.other, self.starter))
        await self.answered_by_registering()

    async def _invited(self, host: Party, guest: Party) -> str:
        return await host.invitations.invite(_role(guest), "FR", guest.identity.party_id, origins=[guest.url])

    async def settled(self) -> None:
        """Both can call each other, each with one token, and no other token in the world works."""
        both = [(self.starter, self.other), (self.other, self.starter)]
        for _ in range(2):
            for side, of in both:
                assert await side.count(await self.knows(side, of)) == 0
        tokens = {each.request.secret for each in self.network.exchanges}
        for side, of in both:
            used = side.partners.peer(await self.knows(side, of)).token
            rows = await of.database.read("SELECT kind FROM credential")
            assert [row["kind"] for row in rows] == ["active"]
            for token in tokens:
                answer = await of.ask("GET", f"/{_role(of)}/versions", token)
                assert answer.status == (200 if token == used else 401)

    async def gone(self) -> None:
        """Neither side knows the other one any more."""
        tokens = {each.request.secret for each in self.network.exchanges}
        for side, of in [(self.starter, self.other), (self.other, self.starter)]:
            assert (await self.knows(side, of)).state in ("unregistered", "invited")
            for token in tokens:
                assert (await of.ask("GET", f"/{_role(of)}/versions", token)).status == 401


def _role(side: Party) -> Role:
    assert side.role != "hub"
    return side.role


def _emptied() -> Work[None]:
    yield sql("DELETE FROM credential")
    yield sql("DELETE FROM partner")


@asynccontextmanager
async def playing(urls: tuple[str, str], starter: Role) -> AsyncIterator[Play]:
    databases: dict[Role, Mortal] = {}
    roles: tuple[Role, Role] = ("cpo", "emsp")
    try:
        for role, url in zip(roles, urls, strict=True):
            databases[role] = Mortal(await open_database(quick(url), synchronous="NORMAL"), role)
        yield Play(Network(), databases, starter)
    finally:
        for database in databases.values():
            await database.close()


Act = Callable[[Play], Coroutine[Any, Any, None]]

SCENARIOS: dict[str, tuple[list[Act], list[Act]]] = {
    # what was done before, what is done now
    "register": ([], [Play.invite, Play.register]),
    "rotate": ([Play.invite, Play.register], [Play.rotate]),
    "unregister": ([Play.invite, Play.register], [Play.unregister]),
    "re-register": ([Play.invite, Play.register], [Play.unregister, Play.invite, Play.register]),
    "register once more": ([Play.invite, Play.register], [Play.invite, Play.register]),
}
ANSWERS: dict[str, Act] = {
    "register": Play.answered_by_registering,
    "rotate": Play.answered_by_rotating,
    "unregister": Play.answered_by_unregistering,
    "re-register": Play.answered_by_registering,
    "register once more": Play.answered_by_registering,
}


async def failing_everywhere(play: Play, scenario: str, *, lose: bool, again: Act | None, used: bool) -> int:
    """Play the scenario with a failure at each of its steps; `again` is what is done then, None the same again."""
    steps = await failing_once(play, scenario, Steps(lose=lose), again, used=used)
    for number, what in enumerate(steps.taken, 1):
        try:
            await failing_once(play, scenario, Steps(fail_at=number, lose=lose), again, used=used)
        except BaseException as error:
            tried = "the same again" if again is None else again.__name__
            error.add_note(f"step {number}, {what}, {'was lost' if lose else 'was the last'}; then {tried}")
            raise
    return len(steps.taken)


async def failing_once(play: Play, scenario: str, steps: Steps, again: Act | None, *, used: bool) -> Steps:
    """One play, and how it ends."""
    before, acts = SCENARIOS[scenario]
    await play.begin(Steps())
    for act in before:
        await act(play)
    if before and used:
        await play.settled()
    await play.watch(steps)
    for act in acts:
        try:
            await act(play)
        except FAILED:
            await play.watch(Steps())
            if again is not None:
                break
            await act(play)
    await play.watch(Steps())
    if again is not None and steps.fail_at:
        await again(play)
    elif scenario == "unregister":
        await play.gone()
        await play.invite()
        await play.register()
    await play.settled()
    return steps


@pytest.mark.parametrize("starter", ["cpo", "emsp"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nobody_is_locked_out(new_database: Callable[[], str], scenario: str, starter: Role) -> None:
    async def play_all() -> None:
        async with playing((new_database(), new_database()), starter) as play:
            for again in (None, ANSWERS[scenario]):
                assert await failing_everywhere(play, scenario, lose=False, again=again, used=True) > 5
                assert await failing_everywhere(play, scenario, lose=True, again=again, used=True) >= 2
                if scenario in ("rotate", "unregister"):
                    # As well where nobody had used the tokens yet, so that the invitation is still there.
                    await failing_everywhere(play, scenario, lose=False, again=again, used=False)

    asyncio.run(play_all())
