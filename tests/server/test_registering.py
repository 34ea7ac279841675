"""We register with a partner, and several do at once."""

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

import pytest

from ocpi211_runtime.answers import Role
from ocpi211_runtime.errors import ForeignUrl, NotOffered, OcpiError, PeerMethodNotAllowed, PeerRefusal, Unreachable
from ocpi211_server.registration.identity import RegistrationRules
from ocpi211_server.registration.partners import Partner
from ocpi211_server.registration.sending import RegistrationError
from tests.server.network import Network, enveloped
from tests.server.parties import Party, dumped, started
from tests.server.stranger import Stranger

NewDatabase = Callable[[], str]
ROLES: dict[str, Role] = {"cpo": "cpo", "emsp": "emsp"}


async def invited(host: Party, guest: Party, role: Role) -> str:
    return await host.invitations.invite(role, "FR", guest.identity.party_id, origins=[guest.url])


async def join(guest: Party, host: Party, role: Role, interface: Role) -> Partner:
    """The guest registers at this interface of the host, in this role."""
    token = await invited(host, guest, role)
    known = await guest.invitations.know(interface, "FR", host.identity.party_id)
    return await guest.registrar.register(known, host.versions_url(interface), token)


async def works(one: Party, other: Party, as_one: Role, as_other: Role) -> bool:
    """Whether both can call each other."""
    found = await one.partner(as_other, other.name), await other.partner(as_one, one.name)
    return [await one.count(found[0]), await other.count(found[1])] == [0, 0]


@pytest.mark.requirement("CRED-SYM-01", "CRED-POST-12")
@pytest.mark.parametrize(("guest", "host"), [("cpo", "emsp"), ("emsp", "cpo"), ("cpo", "hub"), ("emsp", "hub")])
def test_either_side_may_start(new_database: NewDatabase, guest: Any, host: Any) -> None:
    async def play() -> None:
        role = ROLES[guest]
        interface: Role = "emsp" if role == "cpo" else "cpo"
        async with started(new_database, guest, host) as (one, other):
            partner = await join(one, other, role, interface)
            assert (partner.state, partner.name) == ("registered", f"Test {host}")
            assert partner.origins == (other.url,)
            assert partner.endpoints["credentials"] == f"{other.url}/ocpi/{interface}/2.1.1/credentials"
            assert await works(one, other, role, interface)

    asyncio.run(play())


@pytest.mark.requirement("CRED-ROLE-01")
def test_one_operation_registers_with_a_hub_in_both_roles(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            interfaces: list[tuple[Role, Role]] = [("cpo", "emsp"), ("emsp", "cpo")]
            tokens = []
            for role, interface in interfaces:
                token = await hub.invitations.invite(role, "FR", "ABC", origins=[stranger.url])
                offered = stranger.credentials(f"of-the-{role}")
                tokens.append((await hub.ask("POST", f"/{interface}/2.1.1/credentials", token, offered)).token)
            partners = [await hub.partner(role, "FR*ABC") for role, _ in interfaces]
            assert [partner.state for partner in partners] == ["registered", "registered"]
            assert [hub.partners.peer(partner).token for partner in partners] == ["of-the-cpo", "of-the-emsp"]
            for own, (_, interface), foreign in zip(tokens, interfaces, reversed(tokens), strict=True):
                assert (await hub.ask("GET", f"/{interface}/versions", own)).status == 200
                assert (await hub.ask("GET", f"/{interface}/versions", foreign)).status == 401

    asyncio.run(play())


@pytest.mark.requirement("CRED-POST-11")
def test_who_lacks_a_module_we_need_is_not_sent_our_credentials(new_database: NewDatabase) -> None:
    async def play() -> None:
        network, rules = Network(), RegistrationRules(required={"emsp": frozenset({"cdrs"})})
        async with started(new_database, "cpo", network=network, rules=rules) as (cpo,):
            Stranger(network)
            known = await cpo.invitations.know("emsp", "FR", "ABC")
            before = await dumped(cpo.database)
            with pytest.raises(NotOffered, match="missing: cdrs"):
                await cpo.registrar.register(known, "https://partner.example/versions", "token")
            assert network.asked() == ["versions", "version_details"]
            assert await dumped(cpo.database) == before

    asyncio.run(play())


@pytest.mark.parametrize("url", ["http://partner.example/versions", "https://192.168.0.1/versions", "versions"])
def test_an_operator_cannot_send_us_where_no_partner_is(new_database: NewDatabase, url: str) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "cpo", network=network) as (cpo,):
            known = await cpo.invitations.know("emsp", "FR", "ABC")
            with pytest.raises((ForeignUrl, ValueError)):
                await cpo.registrar.register(known, url, "token")
            assert network.exchanges == []

    asyncio.run(play())


@pytest.mark.parametrize(
    ("answer", "error", "kept"),
    [
        ((405, enveloped(None, 2000)), PeerMethodNotAllowed, 0),
        ((200, enveloped(None, 3001)), PeerRefusal, 0),
        ((200, enveloped(None, 3000)), PeerRefusal, 1),
        ((502, b"<html>"), PeerRefusal, 1),
        ((200, enveloped({"token": "of-theirs"})), OcpiError, 1),
    ],
)
def test_a_token_offered_stays_good_unless_it_was_surely_refused(
    new_database: NewDatabase, answer: tuple[int, bytes], error: type[Exception], kept: int
) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "cpo", network=network) as (cpo,):
            stranger = Stranger(network)
            stranger.answers["/2.1.1/credentials"] = answer
            stranger.serve()
            known = await cpo.invitations.know("emsp", "FR", "ABC")
            with pytest.raises(error):
                await cpo.registrar.register(known, stranger.versions_url, "token")
            assert len(await cpo.database.read("SELECT seq FROM credential")) == kept
            assert (await cpo.partner("emsp", "FR*ABC")).state == "unregistered"

    asyncio.run(play())


def test_a_partner_that_is_another_one_than_we_thought_is_not_taken(new_database: NewDatabase) -> None:
    async def play() -> None:
        async with started(new_database, "cpo", "emsp") as (cpo, emsp):
            token = await invited(emsp, cpo, "cpo")
            wrong = await cpo.invitations.know("emsp", "FR", "XYZ")
            with pytest.raises(RegistrationError, match=r"says that it is FR\*EMP, not FR\*XYZ"):
                await cpo.registrar.register(wrong, emsp.versions_url("emsp"), token)
            assert (await cpo.partner("emsp", "FR*XYZ")).state == "unregistered"
            assert await cpo.database.read("SELECT seq FROM credential") == []
            right = await cpo.invitations.know("emsp", "FR", "EMP")
            await cpo.registrar.register(right, emsp.versions_url("emsp"), token)
            assert await works(cpo, emsp, "cpo", "emsp")

    asyncio.run(play())


def test_endpoints_are_read_again_by_refresh_and_by_rotate(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "cpo", "emsp", network=network) as (cpo, emsp):
            partner = await join(cpo, emsp, "cpo", "emsp")
            for again in (cpo.registrar.refresh, cpo.registrar.rotate):
                await cpo.database.write(_moved, partner.id)
                assert (await cpo.partner("emsp", "FR*EMP")).endpoints == {}
                assert (await again(partner)).endpoints == partner.endpoints
            assert await works(cpo, emsp, "cpo", "emsp")

    asyncio.run(play())


def _moved(partner: int) -> Any:
    from ocpi211_server.database import sql  # noqa: PLC0415

    yield sql("UPDATE partner SET endpoints = '{}' WHERE id = $1", partner)


@pytest.mark.requirement("CRED-DEL-02")
def test_after_unregistering_neither_token_is_good_and_nobody_calls(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "cpo", "emsp", network=network) as (cpo, emsp):
            partner = await join(cpo, emsp, "cpo", "emsp")
            await works(cpo, emsp, "cpo", "emsp")
            tokens = {each.request.secret for each in network.exchanges}
            ended = await cpo.registrar.unregister(partner)
            assert (ended.state, ended.secret) == ("unregistered", None)
            assert (await emsp.partner("cpo", "FR*CPO")).state == "unregistered"
            for token in tokens:
                assert (await cpo.ask("GET", "/cpo/versions", token)).status == 401
                assert (await emsp.ask("GET", "/emsp/versions", token)).status == 401
            with pytest.raises(RegistrationError, match="not registered"):
                await cpo.registrar.rotate(partner)

    asyncio.run(play())


def test_an_unregistration_that_nobody_heard_is_not_taken_for_one(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "cpo", "emsp", network=network) as (cpo, emsp):
            partner = await join(cpo, emsp, "cpo", "emsp")
            network.lose("request", "delete_credentials")
            with pytest.raises(Unreachable):
                await cpo.registrar.unregister(partner)
            assert await works(cpo, emsp, "cpo", "emsp")

    asyncio.run(play())


def test_who_has_left_may_come_back_with_the_old_token_within_the_window(new_database: NewDatabase) -> None:
    async def play() -> None:
        network, rules = Network(), RegistrationRules(rejoin_window=3600)
        async with started(new_database, "hub", network=network, rules=rules) as (hub,):
            stranger, path = Stranger(network), "/emsp/2.1.1/credentials"
            token = await hub.invitations.invite("cpo", "FR", "ABC", trust_first=True)
            token = (await hub.ask("POST", path, token, stranger.credentials("first"))).token
            answer = await hub.ask("DELETE", path, token)
            assert (answer.status, answer.code, answer.data) == (200, 1000, {})
            assert (await hub.partner("cpo", "FR*ABC")).state == "unregistered"
            assert (await hub.ask("PUT", path, token, stranger.credentials())).status == 405
            assert (await hub.ask("DELETE", path, token)).status == 405
            await hub.ask("POST", path, token, stranger.credentials("second"))
            given = (await hub.ask("POST", path, token, stranger.credentials("third"))).token
            assert (await hub.partner("cpo", "FR*ABC")).state == "registered"
            assert (await hub.ask("GET", path, given)).status == 200
            assert (await hub.ask("POST", path, token, stranger.credentials("fourth"))).status == 401

    asyncio.run(play())


def test_of_two_registrations_at_once_one_stands_and_the_other_may_be_sent_again(new_database: NewDatabase) -> None:
    async def play() -> None:
        network, barrier = Network(), asyncio.Barrier(2)
        async with started(new_database, "hub", network=network) as (hub,):
            stranger, path = Stranger(network), "/emsp/2.1.1/credentials"
            served = network.apps[stranger.url]

            async def together(scope: Any, receive: Any, send: Any) -> None:
                if barrier.n_waiting or scope["path"] == "/versions":
                    await barrier.wait()
                await served(scope, receive, send)

            network.host(stranger.url, together)
            token = await hub.invitations.invite("cpo", "FR", "ABC", trust_first=True)
            both = ["one", "two"]
            answers = await asyncio.gather(*(hub.ask("POST", path, token, stranger.credentials(each)) for each in both))
            assert sorted(answer.code for answer in answers) == [1000, 2000]
            first = next(at for at in (0, 1) if answers[at].code == 1000)
            assert hub.partners.peer(await hub.partner("cpo", "FR*ABC")).token == both[first]
            network.host(stranger.url, served)
            again = await hub.ask("POST", path, token, stranger.credentials("three"))
            assert (await hub.ask("GET", path, again.token)).status == 200
            assert (await hub.ask("GET", path, answers[first].token)).status == 401

    asyncio.run(play())


async def _register(one: Party, other: Party, interface: Role, token: str) -> None:
    known = await one.invitations.know(interface, "FR", other.identity.party_id)
    await one.registrar.register(known, other.versions_url(interface), token)


async def _rotate(one: Party, other: Party, interface: Role) -> None:
    await one.registrar.rotate(await one.partner(interface, other.name))


Acts = Callable[[Party, Party, list[str]], list[Coroutine[Any, Any, Any]]]
AT_ONCE: dict[str, Acts] = {
    "both register": lambda cpo, emsp, tokens: [
        _register(cpo, emsp, "emsp", tokens[0]),
        _register(emsp, cpo, "cpo", tokens[1]),
    ],
    "one registers twice": lambda cpo, emsp, tokens: [_register(cpo, emsp, "emsp", tokens[0]) for _ in range(2)],
    "both rotate": lambda cpo, emsp, _: [_rotate(cpo, emsp, "emsp"), _rotate(emsp, cpo, "cpo")],
    "one rotates twice": lambda cpo, emsp, _: [_rotate(cpo, emsp, "emsp") for _ in range(2)],
    "rotated and used": lambda cpo, emsp, _: [
        _rotate(cpo, emsp, "emsp"),
        *(works(cpo, emsp, "cpo", "emsp") for _ in range(4)),
    ],
    "all": lambda cpo, emsp, _: [
        *(_rotate(cpo, emsp, "emsp") for _ in range(2)),
        *(_rotate(emsp, cpo, "cpo") for _ in range(2)),
        *(works(cpo, emsp, "cpo", "emsp") for _ in range(4)),
    ],
}


@pytest.mark.parametrize("acts", AT_ONCE)
def test_whatever_goes_on_at_once_both_can_call_each_other_afterwards(new_database: NewDatabase, acts: str) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "cpo", "emsp", network=network) as (cpo, emsp):
            for seed in range(12):
                network.jitter = None
                if not acts.endswith(("register", "registers twice")):
                    await join(cpo, emsp, "cpo", "emsp")
                tokens = [await invited(emsp, cpo, "cpo"), await invited(cpo, emsp, "emsp")]
                network.jitter = Random(seed)  # noqa: S311  (of an order, not of a secret)
                await asyncio.gather(*AT_ONCE[acts](cpo, emsp, tokens), return_exceptions=True)
                for _ in range(2):
                    assert await works(cpo, emsp, "cpo", "emsp")

    asyncio.run(play())
