"""A network in this process: applications by origin, and messages between them that may be lost.

A `Gateway` as the server's own egress is one, under the same policy: `network.gateway("hub")` is the way out of the
hub. Nothing is looked up and no socket opened, so that any interleaving can be played.
"""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from ocpi211_runtime.asgi import App, AsgiTransport
from ocpi211_runtime.errors import ForeignUrl, PeerError, Unreachable
from ocpi211_runtime.exchange import AsyncTransport, Request, Response
from ocpi211_runtime.urls import origin
from ocpi211_server.egress.url_policy import Policy

__all__ = ["Crash", "Exchange", "Gateway", "Leg", "Network", "answering", "enveloped"]

Leg = Literal["request", "answer"]
Hook = Callable[[str, Leg, Request], None]
"""Is told who calls, and which message is on its way; raises what becomes of it: a PeerError, or a Crash."""


class Crash(BaseException):
    """A process dies. Whoever waits for its answer hears nothing; nothing that catches Exception sees it."""


@dataclass(slots=True)
class Exchange:
    """A request that left, and the answer it was given, whether or not that arrived."""

    side: str
    request: Request
    response: Response | None = None


@dataclass
class Network:
    """Who answers where."""

    policy: Policy = field(default_factory=Policy)
    apps: dict[str, App] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    jitter: Random | None = None
    """Draws how long messages take, so that what goes on at once goes on in another order each time."""

    def host(self, url: str, app: App) -> None:
        """Let the application answer at the origin of this URL."""
        self.apps[origin(url)] = app

    def gateway(self, side: str = "") -> "Gateway":
        """The way out of one side."""
        return Gateway(self, side)

    def lose(self, leg: Leg, operation: str, *, times: int = 1, error: type[PeerError] = Unreachable) -> None:
        """Lose the next messages of operations whose id ends so, on the way there or on the way back."""
        left = [times]

        def hook(_: str, passing: Leg, request: Request) -> None:
            if left[0] and passing == leg and request.operation.endswith(operation):
                left[0] -= 1
                raise error(f"the {leg} is lost", operation=request.operation, url=request.url)

        self.hooks.append(hook)

    def asked(self, side: str = "") -> list[str]:
        """The operations that were asked for, in their order; those of one side if it is given."""
        return [each.request.operation for each in self.exchanges if side in ("", each.side)]

    async def carry(self, side: str, request: Request, seconds: float, max_bytes: int) -> Response:
        """One exchange, as a transport has it."""
        exchange = Exchange(side, request)
        self.exchanges.append(exchange)
        self._pass(side, "request", request)
        await self._travel()
        try:
            app = self.apps[origin(request.url)]
            response = await AsgiTransport(app).send(request, timeout=seconds, max_bytes=max_bytes)
        except (Crash, KeyError):
            self._pass(side, "answer", request)
            raise Unreachable("no answer", operation=request.operation, url=request.url) from None
        exchange.response = response
        await self._travel()
        self._pass(side, "answer", request)
        return response

    async def _travel(self) -> None:
        for _ in range(self.jitter.randrange(6) if self.jitter else 0):
            await asyncio.sleep(self.jitter.choice([0, 0, 0.001]) if self.jitter else 0)

    def _pass(self, side: str, leg: Leg, request: Request) -> None:
        for hook in list(self.hooks):
            hook(side, leg, request)


class Gateway:
    """The network as one side sees it."""

    def __init__(self, network: Network, side: str) -> None:
        self._network = network
        self._side = side

    def towards(self, approved_origins: Collection[str], /) -> AsyncTransport:
        """A transport to these origins."""
        return _Towards(self._network, self._side, frozenset(map(origin, approved_origins)))

    def check(self, url: str, /) -> None:
        """As the policy has it."""
        self._network.policy.check(url)

    async def aclose(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True, slots=True)
class _Towards:
    network: Network
    side: str
    approved: frozenset[str]

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109 - a Transport
        self.network.policy.check(request.url)
        if origin(request.url) not in self.approved:
            raise ForeignUrl("not approved", approved=sorted(self.approved), url=request.url)
        return await self.network.carry(self.side, request, timeout, max_bytes)

    async def aclose(self) -> None:
        pass


def enveloped(data: object, status_code: int = 1000) -> bytes:
    """The body of an answer."""
    return json.dumps(
        {"status_code": status_code, "status_message": "", "timestamp": "2024-05-01T12:00:00Z", "data": data}
    ).encode()


def answering(answers: Mapping[str, bytes | tuple[int, bytes]], headers: Mapping[str, str] | None = None) -> App:
    """An application that answers paths with bodies, as given; any other with 404."""
    given = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        found = answers.get(scope["path"], (404, enveloped(None, 2000)))
        status, body = found if isinstance(found, tuple) else (200, found)
        sent = [(b"content-type", b"application/json"), *given]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})

    return app
