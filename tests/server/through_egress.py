"""Calls through the egress to a peer of our making, for the tests of what goes out and what does not."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from ocpi211_runtime.errors import PeerError
from ocpi211_runtime.exchange import AsyncTransport, Request, Response
from ocpi211_server.egress import Egress, Limits, Policy
from tests.server.stub_peer import Answer, Received, StubPeer, stub_peer

DEV = Policy(insecure_dev=True)
HERE = Policy(allowed_networks=("127.0.0.0/8",))
NAME = "peer.example.com"
TOKEN = "hush-hush"  # noqa: S105 - opens nothing


@dataclass
class Diary:
    """An observer that remembers."""

    entries: list[tuple[Request, Response | PeerError, float]] = field(
        default_factory=list[tuple[Request, Response | PeerError, float]]
    )

    def exchanged(self, request: Request, outcome: Response | PeerError, seconds: float) -> None:
        self.entries.append((request, outcome, seconds))


@asynccontextmanager
async def opened(policy: Policy = DEV, **options: Any) -> AsyncIterator[Egress]:
    egress = Egress(policy, **options)
    try:
        yield egress
    finally:
        await egress.aclose()


def meet(
    scenario: Callable[[StubPeer, Egress], Awaitable[None]], answer: Answer | None = None, **options: Any
) -> list[Received]:
    """Play a scenario between a peer and the egress; what the peer was sent."""

    async def play() -> list[Received]:
        async with stub_peer(answer) as peer, opened(**options) as egress:
            await scenario(peer, egress)
            return peer.seen

    return asyncio.run(play())


def get(peer: StubPeer, path: str = "/") -> Request:
    return Request("GET", peer.url + path, {"Authorization": f"Token {TOKEN}"}, operation="op")


async def send(
    transport: AsyncTransport, request: Request, seconds: float = 10, max_bytes: int = 1_000_000
) -> Response:
    return await transport.send(request, timeout=seconds, max_bytes=max_bytes)


def ask(answer: Answer, *, seconds: float = 10, max_bytes: int = 1_000_000, method: str = "GET") -> Response:
    """What comes of one call to a peer that answers so."""
    got: list[Response] = []

    async def scenario(peer: StubPeer, egress: Egress) -> None:
        request = Request(method, peer.url, {"Authorization": f"Token {TOKEN}"}, operation="op")
        got.append(await send(egress, request, seconds, max_bytes))

    meet(scenario, answer)
    return got[0]


class Zone(AbstractResolver):
    """Answers each look-up of a name with the next of its answers, the last for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0) for address in found
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


def meet_by_name(
    scenario: Callable[[StubPeer, Egress], Awaitable[None]],
    certified: tuple[ssl.SSLContext, ssl.SSLContext],
    zone: Zone,
    *,
    policy: Policy = HERE,
    limits: Limits | None = None,
) -> None:
    """As `meet`, over TLS, with names looked up in `zone`."""
    server, client = certified

    async def play() -> None:
        async with stub_peer(tls=server) as peer, opened(policy, tls=client, resolver=zone, limits=limits) as egress:
            await scenario(peer, egress)

    asyncio.run(play())
