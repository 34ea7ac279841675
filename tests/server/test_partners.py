"""Partners as the database has them, and calls to them."""

import asyncio
from collections.abc import Callable

import pytest

from ocpi211 import operations
from ocpi211_runtime.errors import NotOffered, PeerUnauthorized
from ocpi211_server.registration.vault import digest
from tests.server.network import Network, answering, enveloped
from tests.server.parties import Listing, Party, started
from tests.server.stranger import OFFERED, Stranger

NewDatabase = Callable[[], str]


async def registered(hub: Party, stranger: Stranger) -> str:
    """The token that the stranger, a CPO, is given by the hub."""
    invitation = await hub.invitations.invite("cpo", "FR", "ABC", origins=[stranger.url])
    answer = await hub.ask("POST", "/emsp/2.1.1/credentials", invitation, stranger.credentials())
    assert answer.code == 1000, answer.envelope
    return answer.token


def test_operators_see_state_party_role_origins_endpoints_and_the_last_change(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            await hub.invitations.invite("emsp", "DE", "XYZ", trust_first=True)
            invited = await hub.partners.all()
            await registered(hub, stranger)
            other, partner = await hub.partners.all()
            assert (other.party, other.role, other.state, other.origins) == ("DE*XYZ", "emsp", "invited", ())
            assert (partner.party, partner.role, partner.state) == ("FR*ABC", "cpo", "registered")
            assert partner.name == "A stranger"
            assert partner.origins == ("https://partner.example",)
            assert partner.endpoints == stranger.endpoints
            assert partner.updated > invited[0].updated
            assert await hub.partners.by_id(partner.id) == partner
            assert await hub.partners.by_party("cpo", "FR*ABC") == partner
            assert await hub.partners.by_party("emsp", "FR*ABC") is None

    asyncio.run(play())


def test_a_token_leads_to_its_partner_in_one_read(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            token = await registered(hub, Stranger(network))
            shown = await hub.partners.by_token(token)
            assert shown is not None
            assert (shown.partner.party, shown.kind, shown.older) == ("FR*ABC", "active", True)
            assert await hub.partners.by_token(OFFERED) is None

    asyncio.run(play())


def test_a_partner_is_called_with_its_own_token_at_its_own_url(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            await registered(hub, stranger)
            stranger.answers["/2.1.1/locations"] = enveloped([])
            stranger.answers["/2.1.1/tokens/FR/EMP/04AB"] = enveloped({})
            stranger.serve()
            partner = await hub.partner("cpo", "FR*ABC")
            assert await hub.count(partner) == 0
            values = {"country_code": "FR", "party_id": "EMP", "token_uid": "04AB"}
            receipt = await hub.calls.send(partner, operations.CPO_TOKENS_PATCH_TOKEN, values, b'{"valid": false}')
            assert receipt.http_status == 200
            called = network.exchanges[-2:]
            assert [each.request.url.partition("?")[0] for each in called] == [
                "https://partner.example/2.1.1/locations",
                "https://partner.example/2.1.1/tokens/FR/EMP/04AB",
            ]
            assert {each.request.secret for each in called} == {OFFERED}

    asyncio.run(play())


def test_nobody_is_called_who_is_not_registered(new_database: NewDatabase) -> None:
    async def play() -> None:
        async with started(new_database, "hub") as (hub,):
            partner = await hub.invitations.know("cpo", "FR", "ABC")
            with pytest.raises(NotOffered, match=r"cpo FR\*ABC is unregistered"):
                await hub.count(partner)

    asyncio.run(play())


def test_a_call_that_met_a_change_of_tokens_is_made_once_more(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "cpo", "emsp", network=network) as (cpo, emsp):
            token = await cpo.invitations.invite("emsp", "FR", "EMP", origins=[emsp.url])
            known = await emsp.invitations.know("cpo", "FR", "CPO")
            before = await emsp.registrar.register(known, cpo.versions_url("cpo"), token)
            after = await emsp.registrar.rotate(before)
            assert await emsp.count(after) == 0
            assert await emsp.count(before) == 0
            assert network.asked("emsp")[-3:] == [Listing["cpo"].id] * 3

    asyncio.run(play())


def test_a_partner_that_does_not_know_us_any_more_is_asked_only_once(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            await registered(hub, stranger)
            network.host(stranger.url, answering({"/2.1.1/locations": (401, enveloped(None, 2000))}))
            asked = len(network.exchanges)
            with pytest.raises(PeerUnauthorized):
                await hub.count(await hub.partner("cpo", "FR*ABC"))
            assert len(network.exchanges) == asked + 1

    asyncio.run(play())


def test_a_token_is_opened_again_only_when_the_partner_has_changed(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            await registered(hub, Stranger(network))
            first = hub.partners.peer(await hub.partner("cpo", "FR*ABC"))
            assert hub.partners.peer(await hub.partner("cpo", "FR*ABC")) is first
            await hub.invitations.approve(await hub.partner("cpo", "FR*ABC"), "https://other.example")
            assert hub.partners.peer(await hub.partner("cpo", "FR*ABC")) is not first

    asyncio.run(play())


def test_a_digest_is_all_that_is_known_of_a_token_issued(new_database: NewDatabase) -> None:
    async def play() -> None:
        async with started(new_database, "hub") as (hub,):
            token = await hub.invitations.invite("cpo", "FR", "ABC", trust_first=True)
            rows = await hub.database.read("SELECT digest, kind FROM credential")
            assert [(row["digest"], row["kind"]) for row in rows] == [(digest(token), "invitation")]

    asyncio.run(play())
