"""What operators decide about partners."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.registration import auth
from ocpi211_server.registration.sending import RegistrationError
from tests.server.network import Network
from tests.server.parties import dumped, started
from tests.server.stranger import Stranger
from tests.server.test_partners import registered

NewDatabase = Callable[[], str]
CREDENTIALS = "/emsp/2.1.1/credentials"


def test_a_new_invitation_takes_the_place_of_the_one_before(new_database: NewDatabase) -> None:
    async def play() -> None:
        async with started(new_database, "hub") as (hub,):
            first = await hub.invitations.invite("cpo", "FR", "ABC", trust_first=True)
            second = await hub.invitations.invite("cpo", "FR", "ABC", trust_first=True)
            assert [(await hub.ask("GET", "/emsp/versions", each)).status for each in (first, second)] == [401, 200]
            assert len(await hub.partners.all()) == 1

    asyncio.run(play())


def test_an_invitation_is_good_for_its_days_and_no_longer(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            token = await hub.invitations.invite("cpo", "FR", "ABC", trust_first=True, days=2)
            partner = await hub.partner("cpo", "FR*ABC")
            (expires,) = (await hub.invitations.open()).values()
            assert 0 <= now() + 2 * 86_400 * MICROSECONDS - expires < 3600 * MICROSECONDS
            monkeypatch.setattr(auth, "now", lambda: expires)
            assert (await hub.ask("GET", "/emsp/versions", token)).status == 401
            assert (await hub.ask("POST", CREDENTIALS, token, stranger.credentials())).status == 401
            monkeypatch.setattr(auth, "now", lambda: expires - 1)
            assert (await hub.ask("POST", CREDENTIALS, token, stranger.credentials())).code == 1000
            assert (await hub.partner("cpo", partner.party)).state == "registered"

    asyncio.run(play())


def test_an_invitation_of_who_is_registered_touches_nothing_before_it_is_used(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            former = await registered(hub, stranger)
            invitation = await hub.invitations.invite("cpo", "FR", "ABC")
            assert (await hub.partner("cpo", "FR*ABC")).state == "registered"
            assert (await hub.ask("GET", CREDENTIALS, former)).status == 200
            given = (await hub.ask("POST", CREDENTIALS, invitation, stranger.credentials("another"))).token
            assert (await hub.ask("GET", CREDENTIALS, former)).status == 200
            assert (await hub.ask("GET", CREDENTIALS, given)).status == 200
            for void in (former, invitation):
                assert (await hub.ask("GET", CREDENTIALS, void)).status == 401

    asyncio.run(play())


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "hub"},
        {"country_code": "fr"},
        {"country_code": "FRA"},
        {"party_id": "A*C"},
        {"party_id": "ABCD"},
        {"origins": []},
        {"origins": ["http://partner.example"]},
        {"origins": ["https://127.0.0.1"]},
        {"origins": ["partner.example"]},
    ],
)
def test_an_invitation_that_nobody_could_use_is_not_made(new_database: NewDatabase, changes: dict[str, Any]) -> None:
    async def play() -> None:
        async with started(new_database, "hub") as (hub,):
            given = {"role": "cpo", "country_code": "FR", "party_id": "ABC", "origins": ["https://partner.example"]}
            with pytest.raises(ValueError, match=r".+"):
                await hub.invitations.invite(**{**given, **changes})
            assert await hub.database.read("SELECT seq FROM credential") == []

    asyncio.run(play())


def test_who_is_trusted_first_is_held_to_the_origin_it_names(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            token = await hub.invitations.invite("cpo", "FR", "ABC", trust_first=True)
            assert (await hub.ask("POST", CREDENTIALS, token, stranger.credentials())).code == 1000
            assert (await hub.partner("cpo", "FR*ABC")).origins == ("https://partner.example",)
            elsewhere = stranger.credentials("another", url="https://elsewhere.example/versions")
            answer = await hub.ask("POST", CREDENTIALS, token, elsewhere)
            assert (answer.code, "not among the approved origins" in answer.message) == (3001, True)

    asyncio.run(play())


def test_an_approved_origin_may_hold_endpoints(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            stranger.endpoints["cdrs"] = "https://cdrs.example/all"
            stranger.serve()
            token = await hub.invitations.invite("cpo", "FR", "ABC", origins=[stranger.url])
            assert (await hub.ask("POST", CREDENTIALS, token, stranger.credentials())).code == 3001
            partner = await hub.invitations.approve(await hub.partner("cpo", "FR*ABC"), "https://cdrs.example:443/")
            assert partner.origins == ("https://partner.example", "https://cdrs.example")
            assert (await hub.ask("POST", CREDENTIALS, token, stranger.credentials())).code == 1000
            assert (await hub.partner("cpo", "FR*ABC")).endpoints["cdrs"] == "https://cdrs.example/all"

    asyncio.run(play())


def test_who_is_suspended_goes_on_where_things_stood(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            invitation = await hub.invitations.invite("emsp", "FR", "ABC", trust_first=True)
            token = await registered(hub, Stranger(network))
            for role, held, state, path in (
                ("cpo", token, "registered", "/emsp/versions"),
                ("emsp", invitation, "invited", "/cpo/versions"),
            ):
                partner = await hub.partner(role, "FR*ABC")  # type: ignore[arg-type]  # of two literals
                partner = await hub.invitations.suspend(partner)
                assert partner.state == "suspended"
                assert (await hub.ask("GET", path, held)).status == 401
                with pytest.raises(RegistrationError, match="resume it first"):
                    await hub.invitations.invite(partner.role, "FR", "ABC")
                with pytest.raises(RegistrationError, match="suspended"):
                    await hub.registrar.register(partner, "https://partner.example/versions", "token")
                assert (await hub.invitations.resume(partner)).state == state
                assert (await hub.ask("GET", path, held)).status == 200

    asyncio.run(play())


def test_who_is_revoked_is_gone_until_it_is_invited_again(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            stale = await hub.invitations.know("cpo", "FR", "ABC")
            token = await registered(hub, stranger)
            gone = await hub.invitations.revoke(stale)
            assert (gone.state, gone.secret) == ("revoked", None)
            assert await hub.database.read("SELECT seq FROM credential") == []
            assert (await hub.invitations.suspend(gone)).state == "revoked"
            assert (await hub.ask("GET", "/emsp/versions", token)).status == 401
            await registered(hub, stranger)
            assert (await hub.partner("cpo", "FR*ABC")).state == "registered"

    asyncio.run(play())


def test_who_is_revoked_while_it_registers_is_not_registered(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            served = network.apps[stranger.url]

            async def revoking(scope: Any, receive: Any, send: Any) -> None:
                await hub.invitations.revoke(await hub.partner("cpo", "FR*ABC"))
                await served(scope, receive, send)

            network.host(stranger.url, revoking)
            token = await hub.invitations.invite("cpo", "FR", "ABC", trust_first=True)
            assert (await hub.ask("POST", CREDENTIALS, token, stranger.credentials())).code == 2000
            assert "revoked" in await dumped(hub.database)

    asyncio.run(play())


def test_to_know_a_partner_again_changes_nothing(new_database: NewDatabase) -> None:
    async def play() -> None:
        async with started(new_database, "hub") as (hub,):
            first = await hub.invitations.know("cpo", "FR", "ABC", hub=True)
            assert first.hub
            assert await hub.invitations.know("cpo", "FR", "ABC") == first
            assert not (await hub.invitations.know("cpo", "FR", "ABC", hub=False)).hub

    asyncio.run(play())
