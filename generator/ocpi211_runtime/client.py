"""What the generated sync clients stand on: a peer, a transport, and one call after the other.

Requests are made in `exchange` and answers read in `reading`; what differs from `async_client` is `send` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar, Unpack

from ocpi211_runtime.discovery import VERSION, discover
from ocpi211_runtime.exchange import build_call, page_calls
from ocpi211_runtime.pages import Pager
from ocpi211_runtime.peer import Peer, Reached, Settings
from ocpi211_runtime.reading import read_answer, read_page, read_receipt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from ocpi211_runtime.exchange import Call, CallOptions, Receipt, Response, Transport
    from ocpi211_runtime.operation import Operation
    from ocpi211_runtime.pages import Page

__all__ = ["ModuleClient", "PeerClient"]

R = TypeVar("R")


class PeerClient(Reached):
    """A client of one peer. A context manager; closes the transport it made, not one it was given."""

    def __init__(
        self,
        *,
        token: str,
        endpoints: Mapping[str, str] | None = None,
        versions_url: str = "",
        details_url: str = "",
        transport: Transport | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        """Without discovery: `endpoints` is module → URL. ValueError for a token or URL that is none."""
        self.peer = Peer(token, dict(endpoints or {}), versions_url, details_url, **settings)
        self._transport = _http() if transport is None else transport
        self._owned = transport is None

    @classmethod
    def discover(
        cls,
        versions_url: str,
        token: str,
        *,
        version: str = VERSION,
        transport: Transport | None = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """The client of the peer whose versions are listed at this URL.

        Raises:
            NotOffered: the peer lacks this version; `offered` is what it has.
            ForeignUrl: it publishes a URL outside the origin of `versions_url` and `approved_origins`.
            PeerRefusal, MalformedAnswer, Unreachable: as every call.

        """
        client = cls(token=token, versions_url=versions_url, transport=transport, **settings)
        try:
            client._find(version)
        except BaseException:
            client.close()
            raise
        return client

    def send(self, call: Call) -> Response:
        """The answer to a call, not looked at yet."""
        return self._transport.send(call.request, timeout=call.timeout, max_bytes=call.max_bytes)

    def close(self) -> None:
        """Let go of the connections, if they are ours."""
        if self._owned:
            self._transport.close()

    def _find(self, version: str) -> None:
        steps = discover(self.peer, version)
        try:
            call = next(steps)
            while True:
                call = steps.send(self.send(call))
        except StopIteration as found:
            self.peer = found.value

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class ModuleClient:
    """The operations of one module of a peer."""

    def __init__(self, client: PeerClient) -> None:
        self._client = client

    def _fetch(
        self,
        operation: Operation[R],
        values: Mapping[str, object],
        body: object = None,
        *,
        url: str | None = None,
        options: CallOptions | None = None,
    ) -> R:
        call = build_call(self._client.peer, operation, values, body, url=url, options=options)
        return read_answer(operation, call.request, self._client.send(call), strict=call.strict)

    def _send(
        self,
        operation: Operation,
        values: Mapping[str, object],
        body: object = None,
        *,
        url: str | None = None,
        options: CallOptions | None = None,
    ) -> Receipt:
        call = build_call(self._client.peer, operation, values, body, url=url, options=options)
        return read_receipt(call.request, self._client.send(call), strict=call.strict)

    def _list(
        self, operation: Operation[R], values: Mapping[str, object], *, options: CallOptions | None = None
    ) -> Pager[R]:
        client, calls = self._client, page_calls(self._client.peer, operation, values, options)

        def fetch(url: str | None) -> Page[R]:
            call = calls(url)
            return read_page(operation, call.request, client.send(call), strict=call.strict)

        return Pager(fetch, operation=operation.id, max_pages=client.peer.max_pages)

    def _url(self, operation: Operation, values: Mapping[str, object]) -> str:
        return self._client.peer.place(operation, values)


# Imported when a client makes its own transport: whoever brings one needs no httpx2.
def _http() -> Transport:
    from ocpi211_runtime.transport import HttpTransport  # noqa: PLC0415

    return HttpTransport()
