"""Calls to partners: the generated operations, the partner's own URLs and token, and the one way out.

An operation is a row of `ocpi211.operations`; requests are made and answers read by the runtime, as the generated
clients have it, so that every error of theirs is the same here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Protocol, TypeVar

from ocpi211_runtime.exchange import AsyncTransport, Call, CallOptions, Receipt, Response, build_call
from ocpi211_runtime.operation import Operation
from ocpi211_runtime.pages import Arrived
from ocpi211_runtime.peer import Peer
from ocpi211_runtime.reading import next_page, read_answer, read_page, read_receipt
from ocpi211_server.correlation import called_party
from ocpi211_server.registration.partners import Partner, Partners

__all__ = ["Calls", "Gateway"]

R = TypeVar("R")


class Gateway(Protocol):
    """The way out of this server: `egress.Egress`, or a network of applications in a test."""

    def towards(self, approved_origins: Collection[str], /) -> AsyncTransport:
        """A transport to these origins and no other; it is not for the caller to close."""
        ...

    def check(self, url: str, /) -> None:
        """ValueError, with a reason the peer may see, for a URL that would not be called."""
        ...


class Calls:
    """Calls in the name of this server.

    All raise what the clients raise (PeerError), and NotOffered for a partner that is not registered.
    """

    def __init__(self, partners: Partners, gateway: Gateway, *, timeout: float = 10) -> None:
        self._partners = partners
        self._gateway = gateway
        self._timeout = timeout

    async def send(
        self,
        partner: Partner,
        operation: Operation,
        values: Mapping[str, object],
        body: object = None,
        *,
        url: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  (it is the transport's to keep)
    ) -> Receipt:
        """A write that has no result."""
        call, response = await self._carry(partner, self._maker(operation, values, body, url, timeout))
        return read_receipt(call.request, response)

    async def fetch(
        self,
        partner: Partner,
        operation: Operation[R],
        values: Mapping[str, object],
        body: object = None,
        *,
        url: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  (it is the transport's to keep)
    ) -> R:
        """The data that the partner answers with."""
        call, response = await self._carry(partner, self._maker(operation, values, body, url, timeout))
        return read_answer(operation, call.request, response)

    async def page(
        self, partner: Partner, operation: Operation[R], values: Mapping[str, object], *, url: str | None = None
    ) -> Arrived[R]:
        """A page of a list, not read yet: the first, or the one at the `url` that the page before gave."""
        call, response = await self._carry(partner, self._maker(operation, values, None, url, None))
        request = call.request
        read = partial(read_page, operation, request, response)
        return Arrived(read, request.url, next_page(request, response), response.body)

    def _maker(
        self, operation: Operation, values: Mapping[str, object], body: object, url: str | None, timeout: float | None
    ) -> Callable[[Peer], Call]:
        options = CallOptions(timeout=self._timeout if timeout is None else timeout)
        return lambda peer: build_call(peer, operation, values, body, url=url, options=options)

    async def _carry(self, partner: Partner, make: Callable[[Peer], Call]) -> tuple[Call, Response]:
        call, response = await self._once(partner, make)
        if response.status != 401:
            return call, response
        # The token may have been changed since the partner was read; who answers 401 has done nothing yet.
        current = await self._partners.by_id(partner.id)
        if current is None or current.state != "registered" or current.secret in (None, partner.secret):
            return call, response
        return await self._once(current, make)

    async def _once(self, partner: Partner, make: Callable[[Peer], Call]) -> tuple[Call, Response]:
        call = make(self._partners.peer(partner))
        transport = self._gateway.towards(partner.origins)
        called_party.set(partner.party)
        return call, await transport.send(call.request, timeout=call.timeout, max_bytes=call.max_bytes)
