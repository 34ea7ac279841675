"""The one door through which every request of the server leaves (transport_and_format.md).

A hub is mostly a client, and most URLs it calls were handed to it. So whatever is called: https to public addresses
only, names looked up once and their addresses checked, redirects never followed, no proxy, `netrc` or cookie taken
from anywhere, and both the time of the whole call and the size of its answer bounded.
"""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import ssl
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Protocol

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from ocpi211_runtime.errors import ForeignUrl, MalformedAnswer, PeerError, Timeout, Unreachable
from ocpi211_runtime.exchange import AsyncTransport, Request, Response
from ocpi211_runtime.problems import hide
from ocpi211_runtime.urls import origin
from ocpi211_server.correlation import fresh_id, matter
from ocpi211_server.egress.answer_body import ACCEPTED, AnswerBody, UnusableBody
from ocpi211_server.egress.resolver import DeniedAddress, GuardedResolver, SystemResolver
from ocpi211_server.egress.url_policy import Policy

__all__ = ["Egress", "Limits", "Observer", "Policy"]

_log = logging.getLogger(__name__)

_LONGEST_IN_ONE_PIECE = 1_000_000  # aiohttp hands out larger ones piece by piece


class Observer(Protocol):
    """Is told of every exchange: the message log, the metrics."""

    def exchanged(self, request: Request, outcome: Response | PeerError, seconds: float) -> None:
        """One is over. The request is as it was sent, ids included; ForeignUrl says that nothing was. Not to raise."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes on at once, and how long what was found is kept. ValueError for a DNS answer kept over 60 s.

    Twice what deliveries take at most, of one partner and of all: whoever is slow to take them delays no authorisation.
    """

    connections_per_origin: int = 16
    connections: int = 400
    keep_alive: float = 4.0
    """Seconds an idle connection is kept: less than the 5 s of most servers, or a POST meets one just closed."""
    dns_ttl: int = 30
    """Seconds an answer of the resolver is used again."""

    def __post_init__(self) -> None:
        if not 0 <= self.dns_ttl <= 60:
            raise ValueError("dns_ttl is 0 to 60 seconds")
        if self.connections_per_origin < 1 or self.connections < 1 or self.keep_alive <= 0:
            raise ValueError("connections and keep_alive are positive")


class Egress:
    """An `AsyncTransport` to wherever the policy lets us; `towards` narrows it to the origins of one partner.

    Make one a process and close it. `tls` is for certificates of one's own, `resolver` for tests.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        limits: Limits | None = None,
        observe: Sequence[Observer] = (),
        tls: ssl.SSLContext | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.policy = policy
        self._limits = limits or Limits()
        self._observers = tuple(observe)
        self._tls = tls
        self._resolver = resolver or SystemResolver()
        self._opened: aiohttp.ClientSession | None = None
        self._closed = False

    def towards(self, approved_origins: Collection[str]) -> AsyncTransport:
        """A transport to these origins alone, on the same connections; closing it closes nothing.

        ForeignUrl for any other when it is used; ValueError now for an approved origin that is no URL.
        """
        return _Towards(self, frozenset(origin(url) for url in approved_origins))

    def check(self, url: str) -> None:
        """ValueError, with a reason the peer may see, for a URL that would not be called. Nothing is looked up."""
        self.policy.check(url)

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109 - a Transport
        """Send the request and read the whole answer, whatever its status.

        Raises:
            ForeignUrl: the policy forbids the URL or an address of its host; nothing was sent. Its text may name an
                address inside our network: for the log, not for the peer.
            Timeout, Unreachable: no whole answer; the peer may have acted.
            MalformedAnswer: the answer is too long, or packed in a way we cannot undo.

        """
        return await self.carry(request, None, timeout, max_bytes)

    async def carry(
        self, request: Request, approved: Collection[str] | None, seconds: float, max_bytes: int
    ) -> Response:
        """As `send`, to the approved origins; None approves all."""
        request = replace(request, headers=_traced(request.headers))
        began = time.monotonic()
        try:
            outcome = self._refuse(request, approved) or await self._outcome(request, seconds, max_bytes)
        except asyncio.CancelledError:
            gone = Unreachable("given up before the answer came", operation=request.operation, url=request.url)
            self._tell(request, gone, time.monotonic() - began)
            raise
        self._tell(request, outcome, time.monotonic() - began)
        if isinstance(outcome, PeerError):
            # Outside of any `except`: aiohttp's errors show the headers, and so the token, in their repr.
            raise outcome
        return outcome

    async def aclose(self) -> None:
        """Let go of all connections; whoever still waits for an answer gets Unreachable."""
        self._closed = True
        if self._opened is not None:
            await self._opened.close()
        await self._resolver.close()

    def _refuse(self, request: Request, approved: Collection[str] | None) -> ForeignUrl | None:
        known = sorted(approved or ())
        try:
            self.policy.check(request.url)
            found = origin(request.url)
        except ValueError as error:
            return ForeignUrl(str(error), approved=known, operation=request.operation, url=request.url)
        if approved is None or found in approved:
            return None
        message = f"{found} is not among the approved origins {', '.join(known)}"
        return ForeignUrl(message, approved=known, operation=request.operation, url=request.url)

    async def _outcome(self, request: Request, seconds: float, max_bytes: int) -> Response | PeerError:
        operation, url = request.operation, request.url
        late = "no answer in time"
        try:
            async with asyncio.timeout(seconds):
                answer = await self._begin(request)
                late = "the answer was not complete in time"
                try:
                    body = AnswerBody(answer.headers.get("Content-Encoding"), max_bytes)
                    while chunk := await answer.content.readany():
                        body.add(chunk)
                    return Response(answer.status, _headers(answer), body.read())
                except UnusableBody as error:
                    return MalformedAnswer(str(error), http_status=answer.status, operation=operation, url=url)
                finally:
                    answer.close()
        except TimeoutError as error:
            return Timeout(f"{late} ({type(error).__name__})", operation=operation, url=url)
        except (aiohttp.ClientError, OSError) as error:
            cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
            if isinstance(cause, DeniedAddress):
                return ForeignUrl(str(cause), operation=operation, url=url)
            text = hide(f"no answer: {type(error).__name__} {error}", request.secret)
            return Unreachable(text, operation=operation, url=url)

    async def _begin(self, request: Request) -> aiohttp.ClientResponse:
        data = request.body
        large = data is not None and len(data) > _LONGEST_IN_ONE_PIECE
        return await self._session().request(
            request.method,
            URL(request.url, encoded=True),  # else it would be quoted anew; only a bare `?` at its end gets lost
            headers=request.headers,
            data=io.BytesIO(data) if large and data is not None else data,
            allow_redirects=False,
        )

    def _session(self) -> aiohttp.ClientSession:
        """The pool, made with the first request because it belongs to the loop that runs then."""
        if self._closed:
            raise aiohttp.ClientConnectionError("this server is stopping")
        if self._opened is None:
            connector = aiohttp.TCPConnector(
                resolver=GuardedResolver(self.policy, self._resolver),
                ttl_dns_cache=self._limits.dns_ttl,
                limit=self._limits.connections,
                limit_per_host=self._limits.connections_per_origin,
                keepalive_timeout=self._limits.keep_alive,
                ssl=self._tls or True,
                socket_factory=self._socket,
            )
            self._opened = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=_NoCookies(),
                headers={"User-Agent": "ocpi211-server", "Accept-Encoding": ACCEPTED},
                skip_auto_headers=("Accept", "Content-Type"),
                auto_decompress=False,
                trust_env=False,
                timeout=aiohttp.ClientTimeout(),  # `_outcome` bounds the whole; aiohttp rounds up to seconds
            )
        return self._opened

    def _socket(self, found: aiohttp.AddrInfoType) -> socket.socket:
        """A socket to connect to this address, judged once more: whatever way it came, none is connected unseen."""
        family, kind, protocol, _, where = found
        if reason := self.policy.out_of_reach(ip_address(where[0])):
            raise DeniedAddress(f"{where[0]}: {reason}")
        return socket.socket(family, kind, protocol)

    def _tell(self, request: Request, outcome: Response | PeerError, seconds: float) -> None:
        for observer in self._observers:
            try:
                observer.exchanged(request, outcome, seconds)
            except Exception:  # noqa: BLE001 - an answer that came is not lost because nobody could write it down
                _log.exception("an observer failed")


class _Towards:
    """The egress, to some origins."""

    def __init__(self, egress: Egress, approved: frozenset[str]) -> None:
        self._egress = egress
        self._approved = approved

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109 - a Transport
        """Send the request and read the whole answer, whatever its status."""
        return await self._egress.carry(request, self._approved, timeout, max_bytes)

    async def aclose(self) -> None:
        """Nothing: the connections are the egress's."""


class _NoCookies(aiohttp.DummyCookieJar):
    """Does not even read them: what a peer sends would only fill our log with complaints."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Leave them."""


def _traced(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with both ids, each made up where nobody gave one."""
    names = {name.lower() for name in headers}
    traced = dict(headers)
    if "x-request-id" not in names:
        traced["X-Request-ID"] = fresh_id()
    if "x-correlation-id" not in names:
        traced["X-Correlation-ID"] = matter.get().correlation_id or fresh_id()
    return traced


def _headers(answer: aiohttp.ClientResponse) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.raw_headers]
