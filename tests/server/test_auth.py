"""From a token to the partner, at the price of one read."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from ocpi211 import operations
from ocpi211.routes import Caller, Incoming
from ocpi211_runtime.operation import Operation
from ocpi211_server import moments
from ocpi211_server.database import Database, Work, open_database, sql
from ocpi211_server.registration import auth as module
from ocpi211_server.registration.auth import Authenticator, ServerCaller
from ocpi211_server.registration.handshakes import end, offer, resume, suspend
from ocpi211_server.registration.identity import RegistrationRules
from ocpi211_server.registration.partners import Partners
from ocpi211_server.registration.vault import digest
from tests.server.network import Network
from tests.server.parties import Party, started
from tests.server.stranger import Stranger
from tests.server.test_partners import registered

NewDatabase = Callable[[], str]

VERSIONS = operations.EMSP_VERSIONS_LIST_VERSIONS
CREDENTIALS = operations.EMSP_CREDENTIALS_GET_CREDENTIALS
MODULE = operations.EMSP_CDRS_POST_CDR


class Counted:
    """A database that says how often it was asked."""

    def __init__(self, database: Database) -> None:
        self.name, self.apart, self.changes = database.name, database.apart, database.changes
        self.reads: list[str] = []
        self.writes = 0
        self._database = database

    async def read(self, text: str, *values: object) -> Any:
        self.reads.append(text)
        return await self._database.read(text, *values)

    read_much = read

    async def write(self, work: Callable[..., Work[Any]], *args: Any, **kwargs: Any) -> Any:
        self.writes += 1
        return await self._database.write(work, *args, **kwargs)

    write_each = write_much = write

    async def close(self) -> None:
        await self._database.close()


async def ask(hub: Party, token: str, operation: Operation[Any]) -> ServerCaller | None:
    return await Authenticator(hub.partners)(token, Incoming(operation=operation))


async def kinds(hub: Party) -> list[str]:
    return [row["kind"] for row in await hub.database.read("SELECT kind FROM credential ORDER BY seq")]


async def offered(hub: Party) -> str:
    """A token that the hub has sent to its partner, without having heard what became of it."""
    partner = await hub.partner("cpo", "FR*ABC")
    await hub.database.write(offer, partner.id, digest("offered"), 1)
    return "offered"


@pytest.mark.requirement("CRED-TOK-02")
def test_an_invitation_opens_versions_details_and_credentials_and_nothing_else(new_database: NewDatabase) -> None:
    async def play() -> None:
        async with started(new_database, "hub") as (hub,):
            token = await hub.invitations.invite("cpo", "FR", "ABC", trust_first=True)
            for operation in (VERSIONS, operations.EMSP_VERSIONS_GET_VERSION_DETAILS, CREDENTIALS):
                assert await ask(hub, token, operation) is not None
            assert await ask(hub, token, MODULE) is None
            assert (await hub.ask("GET", "/emsp/tokens", token)).status == 404
            assert (await hub.ask("GET", "/emsp/2.1.1/tokens", token)).status == 401
            assert (await hub.ask("GET", "/emsp/versions", token)).status == 200

    asyncio.run(play())


def test_a_caller_is_its_partner_in_its_own_role(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            caller = await ask(hub, await registered(hub, Stranger(network)), MODULE)
            assert caller is not None
            assert (caller.role, caller.country_code, caller.party_id) == ("cpo", "FR", "ABC")
            assert ServerCaller.of(caller).partner == await hub.partner("cpo", "FR*ABC")
            assert caller.may_write_for("FR", "ABC")
            assert not caller.may_write_for("FR", "XYZ")

    asyncio.run(play())


def test_a_hub_writes_for_the_parties_behind_it(new_database: NewDatabase) -> None:
    async def play() -> None:
        async with started(new_database, "emsp") as (emsp,):
            token = await emsp.invitations.invite("cpo", "FR", "107", hub=True, trust_first=True)
            caller = await ask(emsp, token, VERSIONS)
            assert caller is not None
            assert caller.may_write_for("DE", "XYZ")

    asyncio.run(play())


def test_only_callers_of_this_server_are_taken() -> None:
    with pytest.raises(TypeError, match="not authenticated by this server"):
        ServerCaller.of(Caller("cpo", "FR", "ABC"))


def test_the_leg_of_the_other_role_is_closed(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            token = await registered(hub, Stranger(network))
            assert (await hub.ask("GET", "/emsp/versions", token)).status == 200
            assert (await hub.ask("GET", "/cpo/versions", token)).status == 401
            assert (await hub.ask("GET", "/cpo/2.1.1/locations", token)).status == 401

    asyncio.run(play())


@pytest.mark.parametrize("token", ["unknown", "x" * 64])
def test_an_unknown_token_belongs_to_nobody(new_database: NewDatabase, token: str) -> None:
    async def play() -> None:
        async with started(new_database, "hub") as (hub,):
            assert await ask(hub, token, VERSIONS) is None

    asyncio.run(play())


def test_who_is_suspended_or_revoked_is_not_known(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            token = await registered(hub, Stranger(network))
            partner = await hub.invitations.suspend(await hub.partner("cpo", "FR*ABC"))
            assert await ask(hub, token, VERSIONS) is None
            await hub.invitations.resume(partner)
            assert await ask(hub, token, MODULE) is not None
            await hub.invitations.revoke(partner)
            assert await ask(hub, token, VERSIONS) is None

    asyncio.run(play())


def test_a_token_in_use_is_over_as_soon_as_another_process_ends_it(new_database: NewDatabase) -> None:
    async def play() -> None:
        network, url = Network(), new_database()
        async with started(lambda: url, "hub", network=network) as (hub,), AsyncExitStack() as stack:
            token = await registered(hub, Stranger(network))
            partner = await hub.partner("cpo", "FR*ABC")
            assert [await ask(hub, token, MODULE) is not None for _ in range(3)] == [True] * 3
            other = await open_database(url)
            stack.push_async_callback(other.close)
            await other.write(suspend, partner.id, 1)
            assert await ask(hub, token, MODULE) is None
            await other.write(resume, partner.id, 1)
            assert [await ask(hub, token, MODULE) is not None for _ in range(2)] == [True] * 2
            await other.write(offer, partner.id, digest("later"), 1)
            assert [await ask(hub, token, MODULE) is not None for _ in range(2)] == [True] * 2
            elsewhere = Authenticator(Partners(other, hub.partners.vault))
            later = await elsewhere("later", Incoming(operation=MODULE))
            assert later is not None
            assert await ask(hub, token, VERSIONS) is None
            assert [await ask(hub, "later", MODULE) is not None for _ in range(2)] == [True] * 2
            await other.write(end, partner.id, shown=later.seq, window=60, now=moments.now())
            assert await ask(hub, "later", MODULE) is None
            assert await ask(hub, "later", VERSIONS) is not None
            await other.write(suspend, partner.id, 1)
            assert await ask(hub, "later", VERSIONS) is None

    asyncio.run(play())


def test_a_token_of_who_has_left_registers_until_the_window_is_over(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        network, rules = Network(), RegistrationRules(rejoin_window=60)
        async with started(new_database, "hub", network=network, rules=rules) as (hub,):
            token = await registered(hub, Stranger(network))
            await hub.ask("DELETE", "/emsp/2.1.1/credentials", token)
            assert await ask(hub, token, MODULE) is None
            caller = await ask(hub, token, CREDENTIALS)
            assert caller is not None
            assert caller.kind == "leaving"
            later = moments.now() + 61_000_000
            monkeypatch.setattr(module, "now", lambda: later)
            assert await ask(hub, token, CREDENTIALS) is None

    asyncio.run(play())


def test_the_first_use_of_a_token_ends_those_before_it_and_costs_nothing_afterwards(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            token = await registered(hub, Stranger(network))
            assert await kinds(hub) == ["invitation", "active"]
            counted = Counted(hub.database)
            authenticate = Authenticator(Partners(counted, hub.partners.vault))
            for writes in (1, 1, 1):
                assert await authenticate(token, Incoming(operation=MODULE)) is not None
                assert counted.writes == writes
            assert await kinds(hub) == ["active"]
            assert len(counted.reads) <= 1 + 3  # the partner, and whose the token is
            asked = len(counted.reads)
            assert await authenticate(token, Incoming(operation=MODULE)) is not None
            # Nothing, where it can be told that nothing has changed.
            assert len(counted.reads) == asked + (hub.database.changes() is None)

    asyncio.run(play())


def test_a_token_that_is_known_well_is_not_good_for_longer_than_its_partner(new_database: NewDatabase) -> None:
    def now_is(state: str) -> Work[None]:
        yield sql("UPDATE partner SET state = $1", state)

    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            token = await registered(hub, Stranger(network))
            authenticate = Authenticator(Partners(hub.database, hub.partners.vault))
            assert await authenticate(token, Incoming(operation=MODULE)) is not None
            for write in (hub.database.write, hub.database.write_each, hub.database.write_much):
                for state, good in (("registered", True), ("suspended", False), ("registered", True)):
                    await write(now_is, state)
                    for _ in range(3):
                        assert (await authenticate(token, Incoming(operation=MODULE)) is not None) is good

    asyncio.run(play())


def test_reading_our_documents_with_an_offered_token_proves_nothing(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            await registered(hub, Stranger(network))
            token = await offered(hub)
            assert await ask(hub, token, VERSIONS) is not None
            assert await ask(hub, token, CREDENTIALS) is not None
            assert await kinds(hub) == ["invitation", "active", "offered"]

    asyncio.run(play())


def test_any_other_use_of_an_offered_token_shows_that_it_was_taken_over(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            former = await registered(hub, Stranger(network))
            token = await offered(hub)
            assert await ask(hub, token, MODULE) is not None
            assert await kinds(hub) == ["active"]
            assert await ask(hub, former, VERSIONS) is None

    asyncio.run(play())


def test_using_an_older_token_leaves_a_later_one_good(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            former = await registered(hub, Stranger(network))
            token = await offered(hub)
            assert await ask(hub, former, MODULE) is not None
            assert await kinds(hub) == ["active", "offered"]
            assert await ask(hub, token, MODULE) is not None

    asyncio.run(play())


def test_a_token_that_ends_while_it_is_looked_at_is_not_taken(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            token = await registered(hub, Stranger(network))

            class Slow(Partners):
                async def by_token(self, token: str) -> Any:
                    shown = await super().by_token(token)
                    await hub.invitations.revoke(await hub.partner("cpo", "FR*ABC"))
                    return shown

            slow = Authenticator(Slow(hub.database, hub.partners.vault))
            assert await slow(token, Incoming(operation=MODULE)) is None

    asyncio.run(play())
