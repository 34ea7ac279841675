"""A party on the released `extrawest-ocpi` as a partner of our CPO and eMSP; docs/interop.md has it as a table."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ocpi211 import operations
from ocpi211.models import Status, Tariff
from ocpi211_runtime.answers import Role
from ocpi211_runtime.errors import MalformedAnswer, NotOffered, PeerNotFound, PeerRefusal
from ocpi211_server.demo.data import cdr, locations, session, tokens
from ocpi211_server.registration.invitations import Invitations
from ocpi211_server.registration.partners import Partner
from tests.server.offered import CHARGE, EVSE, INVOICE, PLACE, TARIFF, TOKEN
from tests.server.stage import Actor, actor, until

Party = Callable[..., Any]
OBJECTS = {"locations": [PLACE, PLACE | {"id": "LOC002"}], "tariffs": [TARIFF], "sessions": [CHARGE], "cdrs": [INVOICE]}
PARTIES = {"cpo": ("FR", "CPO"), "emsp": ("FR", "EMP")}


async def register(server: Actor, role: Role, url: str, token: str) -> Partner:
    """We register with a party of this role."""
    site = server.server.site
    partner = await Invitations(site.partners, site.egress).know(role, *PARTIES[role])
    return await server.server.registrar.register(partner, f"{url}/ocpi/versions", token)


def play(database: str, role: str, scene: Callable[[Actor], Awaitable[None]]) -> None:
    async def run() -> None:
        async with actor(database, role) as server:
            await scene(server)

    asyncio.run(run())


async def told(server: Actor, operation: str) -> tuple[int, int]:
    """(HTTP status, OCPI status) of the answer to a call of ours."""
    database = server.server.site.database
    text = "SELECT http_status, status_code FROM message WHERE direction = 'out' AND operation = $1 ORDER BY seq DESC"

    async def noted() -> bool:
        await server.server.notes.flush()
        return bool(await database.read(text, operation))

    await until(noted, operation)
    row = (await database.read(text, operation))[0]
    return int(row[0]), int(row[1])


@pytest.mark.parametrize("role", ["cpo", "emsp"])
def test_we_register_change_our_tokens_and_leave(sqlite_url: str, extrawest: Party, role: Role) -> None:
    async def scene(server: Actor) -> None:
        with extrawest(role) as (url, token):
            partner = await register(server, role, url, token)
            assert partner.name == "On extrawest-ocpi"
            assert partner.endpoints["locations"] == f"{url}/ocpi/{role}/2.1.1/locations/"
            rotated = await server.server.registrar.rotate(partner)
            assert rotated.state == "registered"
            assert (await server.server.registrar.unregister(rotated)).state == "unregistered"

    play(sqlite_url, "emsp" if role == "cpo" else "cpo", scene)


def test_a_token_that_looks_like_broken_base64_is_none_to_it(sqlite_url: str, extrawest: Party) -> None:
    """For its list of versions it decodes every token, though those of 2.1.1 are sent as they are."""

    async def scene(server: Actor) -> None:
        with extrawest("cpo", token="token-a-of-extrawest") as (url, token):  # noqa: S106  (of a test)
            with pytest.raises(PeerRefusal) as refusal:
                await register(server, "cpo", url, token)
            assert (refusal.value.http_status, refusal.value.status_code) == (200, 3000)

    play(sqlite_url, "emsp", scene)


def test_we_pull_its_lists_as_long_as_they_are_one_page(sqlite_url: str, extrawest: Party) -> None:
    async def scene(server: Actor) -> None:
        pull = server.server.pulls.pull
        with extrawest("cpo", objects=OBJECTS) as (url, token):
            partner = await register(server, "cpo", url, token)
            for module, count in {"locations": 2, "tariffs": 1, "sessions": 1}.items():
                pulled = await pull(partner, module)
                assert (pulled.outcome, pulled.objects) == ("done", count)
            # Its CDR has `end_date_time`, which the text calls `stop_date_time`.
            assert "OCPI 3000" in (await pull(partner, "cdrs")).outcome

    play(sqlite_url, "emsp", scene)


def test_its_link_to_the_next_page_leads_nowhere(sqlite_url: str, extrawest: Party) -> None:
    """Its scheme is https whatever the server speaks, and names of Python stand in its path."""

    async def scene(server: Actor) -> None:
        with extrawest("cpo", objects=OBJECTS, page=1) as (url, token):
            partner = await register(server, "cpo", url, token)
            outcome = (await server.server.pulls.pull(partner, "locations")).outcome
            assert outcome.startswith(f"{url.replace('http:', 'https:')} is not among the approved origins")
            assert "/cpo/VersionNumber.v_2_1_1/ModuleID.locations/" in outcome

    play(sqlite_url, "emsp", scene)


def test_a_single_object_comes_in_a_list(sqlite_url: str, extrawest: Party) -> None:
    async def scene(server: Actor) -> None:
        fetch = server.server.site.calls.fetch
        with extrawest("cpo", objects=OBJECTS) as (url, token):
            partner = await register(server, "cpo", url, token)
            with pytest.raises(MalformedAnswer, match="/data Input should be an object"):
                await fetch(partner, operations.CPO_LOCATIONS_GET_LOCATION, {"location_id": PLACE["id"]})
            with pytest.raises(PeerNotFound):  # without an envelope, but with the right HTTP status
                await fetch(partner, operations.CPO_LOCATIONS_GET_LOCATION, {"location_id": "unknown"})

    play(sqlite_url, "emsp", scene)


def test_its_cpo_takes_tokens_and_offers_no_commands(sqlite_url: str, extrawest: Party) -> None:
    async def scene(server: Actor) -> None:
        with extrawest("cpo", objects=OBJECTS) as (url, token):
            partner = await register(server, "cpo", url, token)
            await server.office.publish("tokens", tokens()[:1])
            assert await told(server, "cpo.tokens.put_token") == (200, 1000)
            await server.server.pulls.pull(partner, "locations")
            with pytest.raises(NotOffered):  # it serves them, and leaves them out of its version details
                await server.office.start(tokens()[0].uid, PLACE["id"], EVSE["uid"])

    play(sqlite_url, "emsp", scene)


def test_its_emsp_takes_what_a_cpo_pushes_but_cdrs(sqlite_url: str, extrawest: Party) -> None:
    async def scene(server: Actor) -> None:
        with extrawest("emsp", objects={"tokens": [TOKEN]}) as (url, token):
            partner = await register(server, "emsp", url, token)
            pulled = await server.server.pulls.pull(partner, "tokens")
            assert (pulled.outcome, pulled.objects) == ("done", 1)
            await server.office.publish("locations", locations(1))
            await server.office.set_status("LOC001", EVSE["uid"], Status.CHARGING)
            await server.office.publish("tariffs", [Tariff.model_validate(TARIFF)])
            await server.office.publish("sessions", [session(1, TOKEN["auth_id"], None)])
            await server.office.publish("cdrs", [cdr("C1", TOKEN["auth_id"], None, "11", "4.40")])
            for name in (
                "locations.put_location",
                "locations.patch_evse",
                "tariffs.put_tariff",
                "sessions.put_session",
            ):
                assert await told(server, f"emsp.{name}") == (200, 1000), name
            assert await told(server, "emsp.cdrs.post_cdr") == (422, 0)  # as above: `end_date_time`, and no envelope

    play(sqlite_url, "cpo", scene)


@pytest.mark.parametrize("missing", ["time_zone", "tariff_id"])
def test_it_demands_of_a_location_what_the_text_leaves_open(sqlite_url: str, extrawest: Party, missing: str) -> None:
    async def scene(server: Actor) -> None:
        with extrawest("emsp") as (url, token):
            await register(server, "emsp", url, token)
            place = locations(1)[0]
            connectors = [each for evse in place.evses or () for each in evse.connectors]
            for each in [place] if missing == "time_zone" else connectors:
                setattr(each, missing, None)
            await server.office.publish("locations", [place])
            assert await told(server, "emsp.locations.put_location") == (422, 0)

    play(sqlite_url, "cpo", scene)


def test_a_wrong_token_is_answered_403_without_an_envelope(sqlite_url: str, extrawest: Party) -> None:
    async def scene(server: Actor) -> None:
        with extrawest("cpo", objects=OBJECTS) as (url, token):
            await register(server, "cpo", url, token)
            place = f"{url}/ocpi/cpo/2.1.1/locations/"
            async with server.session.get(place, headers={"Authorization": "Token wrong"}) as answer:
                assert (answer.status, (await answer.json()).keys()) == (403, {"detail"})

    play(sqlite_url, "emsp", scene)


def test_its_authorisation_comes_in_a_list_too(sqlite_url: str, extrawest: Party) -> None:
    async def scene(server: Actor) -> None:
        with extrawest("emsp", objects={"tokens": [TOKEN]}) as (url, token):
            partner = await register(server, "emsp", url, token)
            await server.server.pulls.pull(partner, "tokens")
            await server.office.publish("locations", locations(1))
            with pytest.raises(MalformedAnswer, match="/data Input should be an object"):
                await server.office.ask(TOKEN["uid"], PLACE["id"], EVSE["uid"])

    play(sqlite_url, "cpo", scene)


def test_its_emsp_is_told_the_result_of_a_command(sqlite_url: str, extrawest: Party) -> None:
    async def scene(server: Actor) -> None:
        with extrawest("emsp") as (url, token):
            await register(server, "emsp", url, token)
            await server.office.publish("locations", locations(1))
            order = {
                "response_url": f"{url}/ocpi/emsp/2.1.1/commands/1234",
                "token": TOKEN,
                "location_id": PLACE["id"],
                "evse_uid": EVSE["uid"],
            }
            again = await server.guest("emsp", *PARTIES["emsp"])  # the token that we gave it is its secret
            answer = await server.call("POST", "/cpo/2.1.1/commands/START_SESSION", order, token=again)
            assert answer.data == {"result": "ACCEPTED"}
            assert await told(server, "emsp.commands.post_result_without_uid") == (200, 1000)

    play(sqlite_url, "cpo", scene)


def test_what_it_pushes_to_us_goes_to_a_url_that_is_none(sqlite_url: str, extrawest: Party) -> None:
    """It writes the party right behind the URL of the module, without a slash between the two."""

    async def scene(server: Actor) -> None:
        with extrawest("cpo", objects=OBJECTS) as (url, token):
            await register(server, "cpo", url, token)
            ours = await server.guest("cpo", *PARTIES["cpo"])
            receiver = {"endpoints_url": f"{server.url}/emsp/2.1.1", "auth_token": ours}
            push = {"module_id": "locations", "object_id": PLACE["id"], "receivers": [receiver]}
            headers = {"Authorization": "Token interopTokenC123"}
            async with server.session.post(f"{url}/push/2.1.1", json=push, headers=headers) as answer:
                (came,) = (await answer.json())["receiver_responses"]
            assert came["status_code"] == 404
            assert await server.count("locations") == 0

    play(sqlite_url, "emsp", scene)
