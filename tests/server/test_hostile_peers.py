"""Partners whose answers are hostile: too long, too slow, without end, or nothing that anybody could read."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from ocpi211_server import pulls
from ocpi211_server.demo.data import locations, session, tokens
from tests.server.network import enveloped
from tests.server.scripted_partner import PARTY, Page, listed, scripted, strange_partner
from tests.server.stage import Actor, actor, agreed, until
from tests.server.stub_peer import StubPeer, drips, reply, says, says_nothing

NESTED = b"[" * 100_000
ANSWERS: Mapping[str, Page] = {
    "nothing": reply(b""),
    "HTML": reply(b"<html>not here</html>", 200, "Content-Type: text/html"),
    "no JSON": reply(b"{'data': None}"),
    "half of it": reply(b'{"data":'),
    "no object": reply(b"[1, 2, 3]"),
    "no envelope": reply(b"{}"),
    "a status that is none": reply(b'{"status_code": "good", "data": []}'),
    "a status beyond all bounds": reply(b'{"status_code": 1' + b"0" * 100 + b', "data": []}'),
    "data of another kind": listed("text"),
    "nulls": listed(None),
    "no number": reply(b'{"status_code": 1000, "data": NaN, "timestamp": NaN}'),
    "deep nesting": reply(b'{"status_code": 1000, "data": ' + NESTED),
    "no UTF-8": reply(b'{"status_code": 1000, "data": "\xff\xfe"}'),
    "half a surrogate": reply(rb'{"status_code": 1000, "data": [{"version": "\ud800", "url": "\ud800"}]}'),
    "a refusal": reply(enveloped({}, 2001)),
    "its own failure": reply(b"oh", 500),
    "an answer that is not allowed": reply(enveloped([]), 204),
    "401": reply(enveloped({}, 2000), 401),
    "more than it has": says(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{}", then_close=True),
    "no HTTP": says(b"SSH-2.0-OpenSSH_9.6\r\n", then_close=True),
    "no packing that anybody knows": reply(b"\x00" * 50, 200, "Content-Encoding: br"),
    "a packing that is none": reply(b"\x00" * 50, 200, "Content-Encoding: gzip"),
    "a bomb": reply(gzip.compress(b" " * 100_000_000, 1), 200, "Content-Encoding: gzip"),
    "headers without end": drips(b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n"),
    "a body without end": drips(b"HTTP/1.1 200 OK\r\n\r\n", b" " * 10_000),
    "a drop at a time": drips(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
    "silence": says_nothing,
}
HASTE = {"call_timeout": 0.3, "authorize_timeout": 0.3}


def play(database: str, role: str, scene: Callable[[Actor], Awaitable[None]], **settings: Any) -> None:
    async def run() -> None:
        async with actor(database, role, **{**HASTE, **settings}) as server:
            await scene(server)

    asyncio.run(run())


@pytest.mark.parametrize("document", ["/versions", "/emsp/2.1.1"])
def test_whatever_a_partner_publishes_it_is_refused_and_not_registered(sqlite_url: str, document: str) -> None:
    async def scene(server: Actor) -> None:
        async with strange_partner(server, "emsp") as evil:
            name = ""
            for name, page in ANSWERS.items():
                evil.pages[document] = page
                answer = await evil.post(server)
                assert (answer.status, answer.code // 1000) == (200, 3), (name, answer.envelope)
                partner = await server.server.site.partners.by_party("emsp", "*".join(PARTY))
                assert partner is not None, name
                assert (partner.state, partner.secret) == ("invited", None), name
            evil.publish()
            assert (await evil.post(server)).code == 1000

    play(sqlite_url, "cpo", scene)


def test_an_unknown_version_and_missing_endpoints_have_codes_of_their_own(sqlite_url: str) -> None:
    async def scene(server: Actor) -> None:
        async with strange_partner(server, "emsp") as evil:
            evil.publish(version="2.2.1")
            assert (await evil.post(server)).code == 3002
            evil.publish(modules=("tokens",))
            assert (await evil.post(server)).code == 3003
            evil.pages["/versions"] = listed([])
            assert (await evil.post(server)).code == 3002

    play(sqlite_url, "cpo", scene)


def test_others_are_served_while_a_partner_keeps_us_waiting(sqlite_url: str) -> None:
    async def scene(server: Actor) -> None:
        other = await server.guest("emsp")
        async with strange_partner(server, "emsp") as evil:
            evil.pages["/versions"] = says_nothing
            waiting = [asyncio.create_task(evil.post(server)) for _ in range(20)]
            await evil.peer.asked.wait()
            assert (await server.call("GET", "/cpo/versions", token=other)).code == 1000
            assert not any(task.done() for task in waiting)
            assert {answer.code for answer in await asyncio.gather(*waiting)} == {3001}

    play(sqlite_url, "cpo", scene, call_timeout=2)


def test_a_pull_survives_every_answer(sqlite_url: str) -> None:
    async def scene(server: Actor) -> None:
        async with scripted(server, "cpo") as evil:
            partner = await server.partner("cpo")
            name = ""
            for name, page in ANSWERS.items():
                evil.pages["/cpo/2.1.1/locations"] = page
                pulled = await server.server.pulls.pull(partner, "locations")
                assert pulled.outcome != "done" or pulled.objects == 0, name
            assert await server.count("locations") == 0
            good = [each.model_dump(mode="json", exclude_none=True) for each in locations(1)]
            evil.pages["/cpo/2.1.1/locations"] = listed([{"id": "half"}, *good, None, [], {"evses": "x"}])
            pulled = await server.server.pulls.pull(partner, "locations")
            assert (pulled.outcome, pulled.objects, pulled.rejected) == ("done", 1, 4)

    play(sqlite_url, "emsp", scene)


@pytest.mark.parametrize("way", ["itself", "to and fro", "on and on"])
def test_pages_without_end_are_broken_off(sqlite_url: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulls, "MAX_PAGES", 25)

    async def scene(server: Actor) -> None:
        async with scripted(server, "cpo") as evil:

            async def page(peer: StubPeer, writer: asyncio.StreamWriter) -> None:
                number = {"itself": 0, "to and fro": len(peer.seen) % 2, "on and on": len(peer.seen)}[way]
                link = f"Link: <{evil.url}/cpo/2.1.1/locations?offset={number}>"
                writer.write(listed([], f'{link}; rel="next"'))

            evil.pages["/cpo/2.1.1/locations"] = page
            pulled = await server.server.pulls.pull(await server.partner("cpo"), "locations")
            assert pulled.outcome == "broken off: the pages do not end"
            assert len([each for each in evil.seen if "/locations" in each.path]) <= 25

    play(sqlite_url, "emsp", scene)


def test_an_authorisation_is_answered_whatever_the_provider_says(sqlite_url: str) -> None:
    async def scene(server: Actor) -> None:
        guest = await server.guest("cpo", "FR", "CPO")
        await server.server.site.database.write(agreed, "FR*CPO", "*".join(PARTY))
        async with scripted(server, "emsp") as evil:
            token = tokens()[0].model_dump(mode="json", exclude_none=True) | {"whitelist": "NEVER"}
            path = f"/cpo/2.1.1/tokens/{'/'.join(PARTY)}/{token['uid']}"
            assert (await server.call("PUT", path, token, token=evil.token)).code == 1000
            ask = f"/emsp/2.1.1/tokens/{token['uid']}/authorize"
            for name, page in {**ANSWERS, "yes and no": listed({"allowed": "PERHAPS"})}.items():
                evil.pages[f"/emsp/2.1.1/tokens/{token['uid']}/authorize"] = page
                answer = await server.call("POST", ask, token=guest)
                assert (answer.status, answer.code) == (200, 1000), name
                assert answer.data["allowed"] in ("NOT_ALLOWED", "PERHAPS"), name

    play(sqlite_url, "hub", scene)


def test_a_command_is_answered_whatever_the_operator_says(sqlite_url: str) -> None:
    async def scene(server: Actor) -> None:
        guest = await server.guest("emsp", "FR", "EMP")
        await server.server.site.database.write(agreed, "*".join(PARTY), "FR*EMP")
        async with scripted(server, "cpo") as evil:
            place = locations(1)[0].model_dump(mode="json", exclude_none=True)
            path = f"/emsp/2.1.1/locations/{'/'.join(PARTY)}/{place['id']}"
            assert (await server.call("PUT", path, place, token=evil.token)).code == 1000
            order = {
                "response_url": "http://127.0.0.1:9/x",
                "token": tokens()[0].model_dump(mode="json", exclude_none=True),
                "location_id": place["id"],
                "evse_uid": place["evses"][0]["uid"],
            }
            name = ""
            for name, page in ANSWERS.items():
                evil.pages["/cpo/2.1.1/commands/START_SESSION"] = page
                answer = await server.call("POST", "/cpo/2.1.1/commands/START_SESSION", order, token=guest)
                assert (answer.status, answer.code) == (200, 1000), name
                assert answer.data["result"] in ("REJECTED", "TIMEOUT"), name

    play(sqlite_url, "hub", scene)


def test_a_delivery_is_not_lost_to_an_answer_that_nobody_can_read(sqlite_url: str) -> None:
    async def scene(server: Actor) -> None:
        async with scripted(server, "emsp") as evil:
            path = "/emsp/2.1.1/sessions/FR/CPO/S0001"
            name = ""
            for name, page in ANSWERS.items():
                evil.pages[path] = page
                before = len(evil.seen)
                contract = f"{'-'.join(PARTY)}-C1"
                await server.office.publish("sessions", [session(1, contract, name[:36])])

                async def tried(asked: int = before) -> bool:
                    return len(evil.seen) > asked

                await until(tried, f"a delivery that is answered with {name}")
            evil.pages[path] = reply(enveloped({}))

            async def kept() -> bool:
                bodies = [json.loads(each.body) for each in evil.seen if each.path == path]
                return bool(bodies[-1]["authorization_id"] == name[:36])

            await until(kept, "the delivery of the last state")

    play(sqlite_url, "cpo", scene, profile="gireve-1.2.2", most_attempts=1000)
