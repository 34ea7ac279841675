"""The one door out: what it does not let through, and what it looks up."""

from __future__ import annotations

import asyncio
import socket
import ssl

import pytest
from aiohttp.abc import ResolveResult

from ocpi211_runtime.errors import ForeignUrl, Timeout, Unreachable
from ocpi211_runtime.exchange import Request
from ocpi211_server.egress import Egress, Limits, Policy
from ocpi211_server.egress.resolver import SystemResolver
from tests.server.stub_peer import StubPeer, certificate, reply, says
from tests.server.through_egress import DEV, NAME, TOKEN, Zone, get, meet, meet_by_name, opened, send


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(NAME, tmp_path_factory.mktemp("certificate"))


# --- approved origins


def test_a_view_reaches_its_origins_and_no_other() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        towards = egress.towards([f"{peer.url}/ocpi/versions", "https://api.example.com:443/"])
        assert (await towards.send(get(peer), timeout=5, max_bytes=10)).status == 200
        await towards.aclose()
        assert (await towards.send(get(peer), timeout=5, max_bytes=10)).status == 200
        for other in (f"http://localhost:{peer.port}/", "http://127.0.0.1:1/", "https://api.example.com:8443/"):
            with pytest.raises(ForeignUrl, match="not among the approved origins") as caught:
                await towards.send(Request("GET", other, operation="op"), timeout=5, max_bytes=10)
            assert caught.value.approved == tuple(sorted([peer.url, "https://api.example.com"]))
            assert (caught.value.operation, caught.value.url) == ("op", other)

    assert len(meet(scenario)) == 2


def test_a_view_of_nothing_reaches_nothing() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        with pytest.raises(ForeignUrl):
            await egress.towards([]).send(get(peer), timeout=5, max_bytes=10)

    assert meet(scenario) == []


def test_an_approved_origin_does_not_undo_the_policy() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        with pytest.raises(ForeignUrl, match="https://"):
            await egress.towards([peer.url]).send(get(peer), timeout=5, max_bytes=10)

    assert meet(scenario, policy=Policy()) == []


@pytest.mark.parametrize("approved", ["", "api.example.com", "ftp://api.example.com", "https://me@api.example.com"])
def test_an_approved_origin_that_is_none_is_told_at_once(approved: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        Egress(Policy()).towards([approved])


# --- the policy


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{}/",
        "https://127.0.0.1:{}/",
        "https://localhost:{}/",
        "https://2130706433:{}/",
        "https://0x7f.1:{}/",
        "https://[::ffff:127.0.0.1]:{}/",
        "https://0.0.0.0:{}/",
        "https://me:word@127.0.0.1:{}/",
        "ftp://127.0.0.1:{}/",
    ],
)
def test_what_the_policy_forbids_is_not_even_connected(url: str) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        target = url.format(peer.port)
        with pytest.raises(ValueError, match=r"\S"):
            egress.check(target)
        with pytest.raises(ForeignUrl):
            await send(egress, Request("GET", target))
        assert peer.connections == 0

    meet(scenario, policy=Policy())


def test_the_address_of_a_socket_is_looked_at_whatever_way_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Policy, "check", lambda *_: None)

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        with pytest.raises(ForeignUrl, match="loopback"):
            await send(egress, get(peer))
        assert peer.connections == 0

    meet(scenario, policy=Policy())


def test_localhost_is_looked_up_by_the_system_in_development() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        assert (await send(egress, Request("GET", f"http://localhost:{peer.port}/x"))).status == 200

    meet(scenario)


def test_localhost_must_be_this_machine() -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        with pytest.raises(ForeignUrl, match=r"leads to 8\.8\.8\.8: the address is not on this machine"):
            await send(egress, Request("GET", f"http://localhost:{peer.port}/x"))

    assert meet(scenario, resolver=Zone(["127.0.0.1", "8.8.8.8"])) == []


def test_development_does_not_let_a_name_lead_to_this_machine(certified: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        with pytest.raises(ForeignUrl, match="loopback"):
            await send(egress, Request("GET", f"https://{NAME}:{peer.port}/"))
        assert peer.connections == 0

    meet_by_name(scenario, certified, Zone(["127.0.0.1"]), policy=DEV)


# --- looking up


@pytest.mark.parametrize(
    "answer",
    [
        ["10.0.0.1"],
        ["127.0.0.1", "10.0.0.1"],
        ["8.8.8.8", "127.0.0.1", "::1"],
        ["127.0.0.1", "fe80::1%1"],
        ["::ffff:169.254.169.254"],
        ["64:ff9b::a00:1"],
    ],
)
def test_a_name_is_refused_if_one_of_its_addresses_is(
    answer: list[str], certified: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        egress.check(f"https://{NAME}:{peer.port}/")
        with pytest.raises(ForeignUrl, match=f"{NAME} leads to") as caught:
            await send(egress, Request("GET", f"https://{NAME}:{peer.port}/", operation="op"))
        assert caught.value.operation == "op"
        assert peer.connections == 0

    meet_by_name(scenario, certified, Zone(answer))


def test_the_connection_goes_to_the_address_that_was_checked(
    certified: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    zone = Zone(["127.0.0.1"], ["10.0.0.1"])

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        request = Request("GET", f"https://{NAME}:{peer.port}/")
        peer.answer = says(reply(b"", 200, "Connection: close"))
        await send(egress, request)
        assert zone.asked == [NAME]
        with pytest.raises(ForeignUrl, match=r"10\.0\.0\.1"):
            await send(egress, request)
        assert zone.asked == [NAME, NAME]
        assert peer.connections == 1

    meet_by_name(scenario, certified, zone, limits=Limits(dns_ttl=0))


def test_an_answer_of_the_resolver_is_used_again_for_a_while(
    certified: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    zone = Zone(["127.0.0.1"], ["10.0.0.1"])

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        peer.answer = says(reply(b"", 200, "Connection: close"))
        for _ in range(2):
            await send(egress, Request("GET", f"https://{NAME}:{peer.port}/"))
        assert (zone.asked, peer.connections) == ([NAME], 2)

    meet_by_name(scenario, certified, zone)


def test_a_name_without_an_address_is_unreachable(certified: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        with pytest.raises(Unreachable, match=f"{NAME} has no address"):
            await send(egress, Request("GET", f"https://{NAME}:{peer.port}/"))

    meet_by_name(scenario, certified, Zone([]))


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    async def play() -> None:
        async with opened(Policy()) as egress:
            with pytest.raises(Unreachable, match="ClientConnectorDNSError"):
                await send(egress, Request("GET", "https://nowhere.invalid/"))

    asyncio.run(play())


def test_a_slow_look_up_is_a_timeout() -> None:
    class Stuck(Zone):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
        ) -> list[ResolveResult]:
            await asyncio.Event().wait()
            return []

    async def play() -> None:
        async with opened(Policy(), resolver=Stuck()) as egress:
            with pytest.raises(Timeout):
                await send(egress, Request("GET", f"https://{NAME}/"), seconds=0.05)

    asyncio.run(play())


def test_the_system_is_asked_for_every_address() -> None:
    async def play() -> list[ResolveResult]:
        resolver = SystemResolver()
        try:
            return await resolver.resolve("localhost", 80)
        finally:
            await resolver.close()

    found = asyncio.run(play())
    assert {one["host"] for one in found} <= {"127.0.0.1", "::1"}
    assert {(one["hostname"], one["port"]) for one in found} == {("localhost", 80)}


# --- TLS


def test_the_name_in_the_certificate_is_the_one_in_the_url(certified: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        assert (await send(egress, Request("GET", f"https://{NAME}:{peer.port}/"))).body == b"hello"
        assert peer.seen[0].headers["host"] == [f"{NAME}:{peer.port}"]
        for host in ("other.example.com", "127.0.0.1"):
            with pytest.raises(Unreachable, match="Certificate"):
                await send(egress, Request("GET", f"https://{host}:{peer.port}/", {"Authorization": f"Token {TOKEN}"}))
        assert len(peer.seen) == 1

    meet_by_name(scenario, certified, Zone(["127.0.0.1"]))


def test_a_certificate_nobody_vouches_for_is_not_accepted(certified: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def scenario(peer: StubPeer, egress: Egress) -> None:
        with pytest.raises(Unreachable, match="Certificate"):
            await send(egress, Request("GET", f"https://{NAME}:{peer.port}/"))
        assert peer.seen == []

    meet_by_name(scenario, (certified[0], ssl.create_default_context()), Zone(["127.0.0.1"]))


def test_no_tls_is_unreachable() -> None:
    def speak_first(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 This is no TLS\r\n\r\n")
        writer.close()

    async def play() -> None:
        server = await asyncio.start_server(speak_first, "127.0.0.1", 0)
        async with server, opened() as egress:
            with pytest.raises(Unreachable, match="SSL"):
                await send(egress, Request("GET", f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"))

    asyncio.run(play())
