"""Whom a Session and a CDR go to, exactly one eMSP; and who sees Locations, Tokens and Tariffs: GIREVE's hub."""

from typing import Any

import pytest

from ocpi211_server.registration.invitations import Invitations
from ocpi211_server.unaddressed import readdress
from tests.server.far_side import Far, World, far_side, played
from tests.server.samples import cdr, location, session, stamp, tariff, token

EMSPS = ("FR*EMP", "DE*EM2")


def told(world: World, module: str) -> list[str]:
    """The eMSPs that were sent something of this module."""
    return [far.party for far in world.parties.values() if far.role == "emsp" and far.briefs(module)]


async def listed(far: Far, module: str) -> list[str]:
    """What the hub lists for a partner."""
    return [thing["id"] for thing in await far.did("GET", f"/{module}?date_from=2020-01-01T00:00:00Z")]


async def authorised(world: World, *, id: str = "given-by-EMP", cpo: str = "FR*CPO", **changes: Any) -> None:  # noqa: A002
    """FR*EMP allows its card at a CPO."""
    emsp = world["FR*EMP"]
    await emsp.put("tokens", token(**changes))
    await world.locate(location(party=cpo), cpo=cpo)
    emsp.says("POST /tokens/.*", {"allowed": "ALLOWED", "authorization_id": id})
    await world[cpo].did("POST", "/tokens/04A1B2C3/authorize", {"location_id": "LOC1", "evse_uids": ["E1"]})


@played("FR*CPO", *EMSPS)
async def test_it_goes_to_whoever_gave_the_authorisation_whatever_the_contract_says(world: World) -> None:
    await authorised(world)
    await world["DE*EM2"].put("tokens", token("FF", "DE*EM2"))
    wrong = {"authorization_id": "given-by-EMP", "auth_id": "DE-EM2-C00000001"}
    await world["FR*CPO"].put("sessions", session(**wrong))
    await world["FR*CPO"].did("POST", "/cdrs", cdr(**wrong))
    await world.quiet()
    assert (told(world, "sessions"), told(world, "cdrs")) == (["FR*EMP"], ["FR*EMP"])
    for module in ("sessions", "cdrs"):
        assert await listed(world["DE*EM2"], module) == []
        assert len(await listed(world["FR*EMP"], module)) == 1


@played("FR*CPO", "ES*CP2", *EMSPS, profile="plain-2.1.1")
async def test_an_authorisation_that_another_cpo_was_given_leads_nowhere(world: World) -> None:
    await authorised(world)
    await world["DE*EM2"].put("tokens", token("FF", "DE*EM2"))
    stolen = session(party="ES*CP2", authorization_id="given-by-EMP", auth_id="DE-EM2-C00000001")
    await world["ES*CP2"].put("sessions", stolen)
    await world.quiet()
    assert told(world, "sessions") == ["DE*EM2"]


@played("FR*CPO", *EMSPS)
async def test_without_an_authorisation_it_goes_to_whose_token_it_was(world: World) -> None:
    await world["DE*EM2"].put("tokens", token("FF", "DE*EM2", auth_id="FR-EMP-looks-like-another"))
    await world["FR*CPO"].put("sessions", session(auth_id="FR-EMP-looks-like-another", authorization_id="unheard-of"))
    await world.quiet()
    assert told(world, "sessions") == ["DE*EM2"]


@played("FR*CPO", *EMSPS)
async def test_without_a_token_it_goes_to_whom_the_contract_names(world: World) -> None:
    for contract in ("DE-EM2-C7", "DE*EM2*C7", "deem2c7"):
        await world["FR*CPO"].did("POST", "/cdrs", cdr(contract, auth_id=contract))
    await world.quiet()
    assert len(world["DE*EM2"].of("POST", "cdrs")) == 3
    assert told(world, "cdrs") == ["DE*EM2"]


@played("FR*CPO", *EMSPS)
async def test_of_two_emsps_with_the_same_contract_the_one_that_it_names_is_told(world: World) -> None:
    for party, uid in (("DE*EM2", "02"), ("FR*EMP", "01")):
        await world[party].put("tokens", token(uid, party, auth_id="DE-EM2-C7"))
    await world["FR*CPO"].put("sessions", session(auth_id="DE-EM2-C7"))
    await world.quiet()
    assert told(world, "sessions") == ["DE*EM2"]


@played("FR*CPO", *EMSPS)
async def test_of_two_emsps_with_the_same_contract_that_names_neither_none_is_told(world: World) -> None:
    for party, uid in (("DE*EM2", "02"), ("FR*EMP", "01")):
        await world[party].put("tokens", token(uid, party, auth_id="C7"))
    await world["FR*CPO"].put("sessions", session(auth_id="C7"))
    await world["FR*CPO"].did("POST", "/cdrs", cdr(auth_id="C7"))
    await world.quiet()
    assert (told(world, "sessions"), told(world, "cdrs")) == ([], [])
    assert [await listed(world[party], "cdrs") for party in EMSPS] == [[], []]


@played("FR*CPO", *EMSPS, roam=[("FR*CPO", "DE*EM2")])
async def test_of_two_emsps_with_the_same_contract_the_one_with_an_agreement_is_told(world: World) -> None:
    for party, uid in (("DE*EM2", "02"), ("FR*EMP", "01")):
        await world[party].put("tokens", token(uid, party, auth_id="C7"))
    await world["FR*CPO"].put("sessions", session(auth_id="C7"))
    await world.quiet()
    assert told(world, "sessions") == ["DE*EM2"]


@played("FR*CPO", *EMSPS, roam=[])
async def test_without_an_agreement_nobody_is_told_and_nothing_is_lost(world: World) -> None:
    await world["FR*EMP"].put("tokens", token())
    await world["FR*CPO"].put("sessions", session())
    await world["FR*CPO"].did("POST", "/cdrs", cdr())
    await world.quiet()
    assert (told(world, "sessions"), told(world, "cdrs")) == ([], [])
    assert (await world.hub.count("sessions"), await world.hub.count("cdrs")) == (1, 1)
    kept = await world["FR*CPO"].did("GET", f"/sessions/{world['FR*CPO'].path}/S1")
    assert kept["id"] == "S1"


@pytest.mark.parametrize("late", ["agreement", "token"])
@played("FR*CPO", "FR*EMP", roam=[])
async def test_what_came_before_its_agreement_or_token_is_sent_when_that_is_there(world: World, late: str) -> None:
    cpo, emsp = world["FR*CPO"], world["FR*EMP"]
    await (emsp.put("tokens", token(auth_id="C7")) if late == "agreement" else world.agree("FR*CPO", "FR*EMP"))
    await cpo.put("sessions", session(auth_id="C7"))
    await cpo.did("POST", "/cdrs", cdr(auth_id="C7"))
    assert await readdress(world.hub.server.site) == 0
    await (world.agree("FR*CPO", "FR*EMP") if late == "agreement" else emsp.put("tokens", token(auth_id="C7")))
    assert await readdress(world.hub.server.site) == 2
    await world.quiet()
    assert sorted(heard.verb for heard in emsp.heard) == ["POST", "PUT"]
    # Who pulls what has changed is told as well, though the objects are older than its last pull.
    assert len(await emsp.did("GET", f"/cdrs?date_from={stamp(-30)}")) == 1
    assert await readdress(world.hub.server.site) == 0


@played("FR*CPO", *EMSPS)
async def test_a_session_stays_with_the_emsp_that_was_told_of_it(world: World) -> None:
    for party, uid in (("FR*EMP", "01"), ("DE*EM2", "02")):
        await world[party].put("tokens", token(uid, party))
    cpo = world["FR*CPO"]
    await cpo.put("sessions", session())
    await cpo.put("sessions", session(auth_id="DE-EM2-C00000001", kwh=3, last_updated=stamp()))
    await cpo.did("PATCH", f"/sessions/{cpo.path}/S1", {"auth_id": "DE-EM2-C00000001"})
    await world.quiet()
    assert told(world, "sessions") == ["FR*EMP"]
    assert await listed(world["DE*EM2"], "sessions") == []


@played("FR*CPO", *EMSPS)
@pytest.mark.requirement("GIR-OWN-01")
async def test_the_owner_stands_in_the_urls_that_the_hub_uses(world: World) -> None:
    await world["FR*EMP"].put("tokens", token())
    await world["FR*CPO"].put("sessions", session())
    await world.quiet()
    (heard,) = world["FR*EMP"].of("PUT", "sessions")
    assert heard.path.startswith("/sessions/FR/CPO/")
    assert heard.headers["authorization"] == "Token FR*EMP-gave-this-token"


@played("FR*CPO", *EMSPS, profile="gireve-1.2.2", roam=[("FR*CPO", "FR*EMP")])
async def test_an_agreement_decides_who_sees_locations_tariffs_and_tokens(world: World) -> None:
    cpo = world["FR*CPO"]
    await world.locate(location())
    await cpo.put("tariffs", tariff())
    for party, uid in (("FR*EMP", "01"), ("DE*EM2", "02")):
        await world[party].put("tokens", token(uid, party))
    await world.quiet()
    assert told(world, "locations") == ["FR*EMP"]
    assert [len(await listed(world[party], "locations")) for party in EMSPS] == [1, 0]
    assert [len(await listed(world[party], "tariffs")) for party in EMSPS] == [1, 0]
    assert [card["uid"] for card in await cpo.did("GET", "/tokens")] == ["01"]
    (shown,) = await listed(world["FR*EMP"], "locations")
    assert (await world["DE*EM2"].call("GET", f"/locations/{shown}")).status == 404
    assert (await cpo.call("GET", "/tokens/02")).code == 2000


@played("FR*CPO", "FR*EMP", roam=[], agreements="all")
async def test_everybody_may_roam_with_everybody(world: World) -> None:
    await world["FR*EMP"].put("tokens", token())
    await world.locate(location())
    await world["FR*CPO"].put("sessions", session())
    await world.quiet()
    assert len(await world["FR*EMP"].did("GET", "/locations")) == 1
    assert told(world, "sessions") == ["FR*EMP"]


@played(profile="gireve-1.1.4", insecure_dev=False, public_url="https://hub.example/ocpi")
async def test_partners_are_met_by_https_only(world: World) -> None:
    site = world.hub.server.site
    invitations = Invitations(site.partners, site.egress)
    for url in ("http://partner.example", "http://127.0.0.1:8000", "https://127.0.0.1", "https://10.0.0.1"):
        with pytest.raises(ValueError, match=r"https|public host"):
            await invitations.invite("cpo", "FR", "CPO", origins=[url])
    token = await invitations.invite("cpo", "FR", "CPO", origins=["https://partner.example"])
    own = {"country_code": "FR", "party_id": "CPO", "business_details": {"name": "A CPO"}}
    offered = {"token": "offered", "url": "http://partner.example/versions", **own}
    base = f"http://127.0.0.1:{site.settings.port}/ocpi"
    reply = await world.hub.call("POST", f"{base}/emsp/2.1.1/credentials", offered, token=token)
    assert reply.code in (2001, 3001)
    assert await world.sql("SELECT versions_url FROM partner") == [("",)]


@played("FR*CPO", "FR*EMP")
async def test_each_leg_is_closed_to_the_other(world: World) -> None:
    for far, foreign in ((world["FR*CPO"], "cpo"), (world["FR*EMP"], "emsp")):
        for path in ("versions", "2.1.1", "2.1.1/tokens"):
            reply = await world.hub.call("GET", f"/{foreign}/{path}", token=far.token)
            assert reply.status == 401, path


@played("FR*CPO")
async def test_a_party_that_is_cpo_and_emsp_is_two_partners(world: World) -> None:
    async with far_side(world.hub, "emsp", "FR*CPO") as as_emsp:
        assert as_emsp.token != world["FR*CPO"].token
        assert await as_emsp.did("GET", "/locations") == []
        assert await world["FR*CPO"].did("GET", "/tokens") == []
        assert (await world.hub.call("GET", "/cpo/versions", token=world["FR*CPO"].token)).status == 401


@pytest.mark.parametrize(
    ("profile", "tariffs"), [("plain-2.1.1", True), ("gireve-1.1.4", False), ("gireve-1.2.2", True)]
)
def test_the_early_edition_has_no_tariffs(new_database: object, profile: str, *, tariffs: bool) -> None:
    @played("FR*CPO", "FR*EMP", profile=profile)
    async def story(world: World) -> None:
        for far in (world["FR*CPO"], world["FR*EMP"]):
            leg = "emsp" if far.role == "cpo" else "cpo"
            details = (await world.hub.call("GET", f"/{leg}/2.1.1", token=far.token)).data
            offered = {endpoint["identifier"] for endpoint in details["endpoints"]}
            assert offered - {"tariffs"} == {"credentials", "locations", "sessions", "cdrs", "tokens", "commands"}
            assert ("tariffs" in offered) == tariffs
        reply = await world["FR*CPO"].call("PUT", "/tariffs/FR/CPO/T1", tariff())
        assert (reply.status in (200, 201)) == tariffs

    story(new_database)


HEADERS = {"ocpi_to_country_code": "fr", "ocpi_to_party_id": "CP2"}


@played("FR*CPO", "FR*CP2", "FR*EMP", "FR*EM2")
@pytest.mark.requirement("GIR-HDR-01")
async def test_the_early_edition_ignores_the_ocpi_headers(world: World) -> None:
    for cpo in ("FR*CPO", "FR*CP2"):
        await world.locate(location(cpo, party=cpo), cpo=cpo)
    for emsp in ("FR*EMP", "FR*EM2"):
        await world[emsp].put("tokens", token(emsp[3:], emsp))
    for headers in (HEADERS, {"ocpi_to_country_code": "no country", "ocpi_from_party_id": "\xe9"}):
        assert len(await world["FR*EMP"].did("GET", "/locations", **headers)) == 2
        assert len(await world["FR*CPO"].did("GET", "/tokens", **headers)) == 2


@played("FR*CPO", "FR*CP2", "FR*EMP", "FR*EM2", profile="gireve-1.2.2")
async def test_the_latest_edition_lists_the_objects_of_one_party(world: World) -> None:
    for cpo in ("FR*CPO", "FR*CP2"):
        await world.locate(location(cpo, party=cpo), cpo=cpo)
    for emsp in ("FR*EMP", "FR*EM2"):
        await world[emsp].put("tokens", token(emsp[3:], emsp))
    (seen,) = await world["FR*EMP"].did("GET", "/locations", **HEADERS)
    assert seen["operator"]["name"] == "FR*CP2"
    wanted = {"ocpi_to_country_code": "FR", "ocpi_to_party_id": "EM2"}
    assert [card["uid"] for card in await world["FR*CPO"].did("GET", "/tokens", **wanted)] == ["EM2"]
    assert await world["FR*CPO"].did("GET", "/tokens", ocpi_to_country_code="DE", ocpi_to_party_id="EM2") == []
    # Half of a party is none, and neither are those whom the other has no agreement with.
    assert len(await world["FR*CPO"].did("GET", "/tokens", ocpi_to_party_id="EM2")) == 2
    await world["FR*CPO"].put("sessions", session())
    assert len(await world["FR*EMP"].did("GET", "/sessions?date_from=2020-01-01T00:00:00Z", **HEADERS)) == 1


@pytest.mark.requirement("GIR-TOK-04", "GIR-TOK-05")
@played("FR*CPO", "FR*EMP", profile="gireve-1.2.2")
async def test_one_token_by_its_uid(world: World) -> None:
    await world["FR*EMP"].put("tokens", token())
    await world["FR*EMP"].put("tokens", token("APP1", type="OTHER"))
    cpo = world["FR*CPO"]
    assert (await cpo.did("GET", "/tokens/04A1B2C3"))["issuer"] == "FR*EMP"
    assert (await cpo.call("GET", "/tokens/APP1")).code == 2000
    for parameter in ("type", "tokenType"):
        assert (await cpo.did("GET", f"/tokens/APP1?{parameter}=OTHER"))["uid"] == "APP1"
    assert (await cpo.did("GET", "/tokens/04a1b2c3"))["uid"] == "04A1B2C3"
    assert (await cpo.call("GET", "/tokens/app1?type=OTHER")).code == 2000
    unknown = await cpo.call("GET", "/tokens/nobody")
    assert (unknown.status, unknown.code) == (200, 2000)


@played("FR*CPO", "FR*EMP")
async def test_the_early_edition_does_not_offer_a_token_by_its_uid(world: World) -> None:
    await world["FR*EMP"].put("tokens", token())
    assert (await world["FR*CPO"].call("GET", "/tokens/04A1B2C3")).status == 404
