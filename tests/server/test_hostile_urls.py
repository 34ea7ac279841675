"""URLs that partners hand out: wherever they lead, nobody is called that was not approved (credentials.md, 2.2)."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ocpi211_runtime.answers import Role
from ocpi211_server.demo.data import locations, session, tokens
from tests.server.network import enveloped
from tests.server.scripted_partner import PARTY, ScriptedPartner, listed, scripted, strange_partner
from tests.server.stage import Actor, actor, until
from tests.server.stub_peer import reply, stub_peer
from tests.server.through_egress import Zone
from tests.server.wiretap import Wiretap, wiretap

PRIVATE = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "0",
    "0.0.0.0",  # noqa: S104  (nothing binds to it)
    "0x7f000001",
    "0x7f.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.1.nip.localhost",
    "localhost",
    "LOCALHOST.",
    "metadata.localhost",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "10.0.0.1",
    "10.1",
    "172.16.0.1",
    "192.168.1.1",
    "192.168.257",
    "169.254.169.254",
    "0xA9FEA9FE",
    "100.100.100.200",
    "168.63.129.16",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "①②⑦.⓪.⓪.①",
    "ⓛocalhost",
    "127。0。0。1",
]
"""Hosts of this machine and of networks that are nobody's business, as they can be spelt."""
ODD = [
    "http://ocpi.example.com/versions",
    "https://user:word@ocpi.example.com/versions",
    "https://ocpi.example.com@127.0.0.1/versions",
    "https://ocpi.example.com\\@127.0.0.1/versions",
    "https://ocpi.example.com:0/versions",
    "https://ocpi.example.com:99999/versions",
    "https://127.0.0.1#@ocpi.example.com/versions",
    "https://127.0.0.1\t/versions",
    "https://ocpi.example.com\r\nHost: 127.0.0.1/versions",
    "https:///versions",
    "//127.0.0.1/versions",
    "/versions",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "unix:/var/run/docker.sock",
    "data:application/json,{}",
]
REDIRECTS = [301, 302, 303, 307, 308]
HOSTILE = [f"https://{host}/versions" for host in PRIVATE] + ODD

Play = Callable[[Actor, Wiretap], Awaitable[None]]


def play(database: str, role: str, scene: Play, **settings: Any) -> Wiretap:
    """A scene with a server of this role; gives who it called."""

    async def run() -> Wiretap:
        async with actor(database, role, **settings) as server:
            with wiretap(server.server.settings.port) as heard:
                await scene(server, heard)
            return heard

    return asyncio.run(run())


def at_loopback(server: Actor) -> str:
    """Where a server can be asked whose public URL is not true."""
    return f"http://127.0.0.1:{server.server.settings.port}/ocpi"


@pytest.mark.parametrize("role", ["cpo", "emsp"])
def test_a_versions_url_leads_to_no_private_place(sqlite_url: str, role: Role) -> None:
    """Not even that of a partner who may name its own first."""
    interface, partner = role, "emsp" if role == "cpo" else "cpo"

    async def scene(server: Actor, heard: Wiretap) -> None:
        async with strange_partner(server, partner, origins=[]) as evil:  # type: ignore[arg-type]  # a role
            for url in HOSTILE:
                path = f"{at_loopback(server)}/{interface}/2.1.1/credentials"
                body = {
                    "token": "x",
                    "url": url,
                    "business_details": {"name": "Evil"},
                    "country_code": PARTY[0],
                    "party_id": PARTY[1],
                }
                answer = await server.call("POST", path, body, token=evil.token)
                assert (answer.status, answer.code) in [(200, 3001), (200, 2001)], url
                assert "169.254" not in str(answer.envelope["status_message"]) or "169.254" in url
            assert (heard.connected, heard.looked_up, evil.seen) == ([], [], [])
            known = await server.server.site.partners.by_party(partner, "*".join(PARTY))  # type: ignore[arg-type]
            assert known is not None
            assert (known.state, known.origins, known.secret) == ("invited", (), None)

    play(sqlite_url, role, scene, insecure_dev=False, public_url="https://ocpi.example.com/ocpi")


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1"])
def test_a_name_that_leads_to_a_private_address_is_not_called(sqlite_url: str, address: str) -> None:
    async def scene(server: Actor, heard: Wiretap) -> None:
        zone = Zone([address])
        vars(server.server.site.egress)["_resolver"] = zone
        async with strange_partner(server, "cpo", origins=["https://ocpi.evil.example"]) as evil:
            answer = await evil.post(server, url="https://ocpi.evil.example/versions")
            assert answer.code == 3001
            assert address not in answer.body.decode()  # what we found there is not for the partner
            assert zone.asked == ["ocpi.evil.example"]
            assert heard.connected == []

    play(sqlite_url, "emsp", scene)


@pytest.mark.parametrize("document", ["/versions", "/cpo/2.1.1"])
def test_a_redirect_of_a_document_is_not_followed(sqlite_url: str, document: str) -> None:
    async def scene(server: Actor, heard: Wiretap) -> None:
        async with stub_peer() as elsewhere, strange_partner(server, "cpo") as evil:
            places = (elsewhere.url, "https://169.254.169.254/latest", f"{evil.url}/again", "//127.0.0.1:1/")
            for status, place in itertools.product(REDIRECTS, places):
                evil.pages[document] = reply(b"", status, f"Location: {place}")
                answer = await evil.post(server)
                assert answer.code == 3001
            assert elsewhere.connections == 0
            assert {port for _, port in heard.connected} == {evil.peer.port}
            assert not [each for each in evil.seen if each.path == "/again"]

    play(sqlite_url, "emsp", scene)


@pytest.mark.parametrize("hop", ["version", "endpoint"])
def test_documents_lead_to_approved_origins_only(sqlite_url: str, hop: str) -> None:
    async def scene(server: Actor, heard: Wiretap) -> None:
        async with stub_peer() as elsewhere, strange_partner(server, "cpo") as evil:
            hosts = [elsewhere.url, evil.url.replace("127.0.0.1", "localhost"), "https://10.0.0.1", "ftp://127.0.0.1"]
            for place in [*hosts, f"http://user@127.0.0.1:{evil.peer.port}"]:
                evil.publish()
                if hop == "version":
                    evil.pages["/versions"] = listed([{"version": "2.1.1", "url": f"{place}/cpo/2.1.1"}])
                else:
                    endpoints = [{"identifier": "credentials", "url": f"{place}/x"}]
                    evil.pages["/cpo/2.1.1"] = listed({"version": "2.1.1", "endpoints": endpoints})
                answer = await evil.post(server)
                assert answer.code == 3001, place
            assert elsewhere.connections == 0
            assert {port for _, port in heard.connected} == {evil.peer.port}

    play(sqlite_url, "emsp", scene)


def commands(url: str) -> dict[str, dict[str, object]]:
    token = tokens()[0].model_dump(mode="json", exclude_none=True)
    place = {"response_url": url, "location_id": "LOC001", "evse_uid": "EVSE001-1"}
    return {
        "START_SESSION": {**place, "token": token},
        "STOP_SESSION": {"response_url": url, "session_id": "S0001"},
        "RESERVE_NOW": {**place, "token": token, "expiry_date": "2030-01-01T00:00:00Z", "reservation_id": 1},
        "UNLOCK_CONNECTOR": {**place, "connector_id": "1"},
    }


async def ready_to_charge(server: Actor) -> None:
    await server.office.publish("locations", locations(1))
    await server.office.publish("sessions", [session(1, f"{'-'.join(PARTY)}-C1", None)])


@pytest.mark.parametrize("kind", ["START_SESSION", "STOP_SESSION", "RESERVE_NOW", "UNLOCK_CONNECTOR"])
def test_a_result_goes_to_no_place_that_was_not_approved(sqlite_url: str, kind: str) -> None:
    async def scene(server: Actor, heard: Wiretap) -> None:
        async with stub_peer() as elsewhere, scripted(server, "emsp") as evil:
            await ready_to_charge(server)
            odd = [f"http://localhost:{evil.peer.port}/", f"http://127.0.0.1:{evil.peer.port}@127.0.0.1:1/"]
            for url in [*HOSTILE, elsewhere.url, *odd]:
                body = commands(url)[kind]
                answer = await server.call("POST", f"/cpo/2.1.1/commands/{kind}", body, token=evil.token)
                assert (answer.status, answer.code) == (200, 2001), url
                assert [each["pointer"] for each in answer.data["problems"]] == ["/response_url"], url
            assert await server.server.site.database.read("SELECT 1 FROM command") == []
            assert await server.server.site.database.read("SELECT 1 FROM delivery WHERE lane LIKE 'commands/%'") == []
            assert elsewhere.connections == 0
            assert {port for _, port in heard.connected} == {evil.peer.port}

    play(sqlite_url, "cpo", scene)


def test_a_redirect_of_a_result_is_not_followed(sqlite_url: str) -> None:
    async def scene(server: Actor, heard: Wiretap) -> None:
        async with stub_peer() as elsewhere, scripted(server, "emsp") as evil:
            await ready_to_charge(server)
            for status in REDIRECTS:
                evil.pages[f"/results/{status}"] = reply(b"", status, f"Location: {elsewhere.url}/stolen")
                order = commands(f"{evil.url}/results/{status}")["START_SESSION"]
                answer = await server.call("POST", "/cpo/2.1.1/commands/START_SESSION", order, token=evil.token)
                assert answer.data == {"result": "ACCEPTED"}
                await told(evil, f"/results/{status}")
            assert elsewhere.connections == 0
            assert {port for _, port in heard.connected} == {evil.peer.port}
            assert (await server.call("GET", "/cpo/versions", token=evil.token)).code == 1000

    play(sqlite_url, "cpo", scene)


@pytest.mark.parametrize("where", ["elsewhere", "private", "file", "another name of it"])
def test_a_link_leads_to_no_other_host(sqlite_url: str, where: str) -> None:
    async def scene(server: Actor, heard: Wiretap) -> None:
        async with stub_peer() as elsewhere, scripted(server, "cpo") as evil:
            place = {
                "elsewhere": f"{elsewhere.url}/cpo/2.1.1/locations?offset=1",
                "private": "https://169.254.169.254/latest",
                "file": "file:///etc/passwd",
                "another name of it": f"http://localhost:{evil.peer.port}/cpo/2.1.1/locations?offset=1",
            }[where]
            page = [each.model_dump(mode="json", exclude_none=True) for each in locations(1)]
            evil.pages["/cpo/2.1.1/locations"] = listed(page, f'Link: <{place}>; rel="next"', "X-Total-Count: 2")
            pulled = await server.server.pulls.pull(await server.partner("cpo"), "locations")
            assert pulled.outcome != "done"
            assert elsewhere.connections == 0
            assert {port for _, port in heard.connected} == {evil.peer.port}

    play(sqlite_url, "emsp", scene)


def test_a_redirect_of_a_page_is_not_followed(sqlite_url: str) -> None:
    async def scene(server: Actor, heard: Wiretap) -> None:
        async with stub_peer() as elsewhere, scripted(server, "cpo") as evil:
            evil.pages["/cpo/2.1.1/locations"] = reply(enveloped([]), 302, f"Location: {elsewhere.url}")
            pulled = await server.server.pulls.pull(await server.partner("cpo"), "locations")
            assert pulled.outcome != "done"
            assert elsewhere.connections == 0
            assert {port for _, port in heard.connected} == {evil.peer.port}

    play(sqlite_url, "emsp", scene)


async def told(evil: ScriptedPartner, path: str) -> None:
    async def asked() -> bool:
        return any(each.path == path for each in evil.seen)

    await until(asked, f"the call of {path}")
