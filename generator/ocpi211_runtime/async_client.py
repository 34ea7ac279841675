"""What the generated async clients stand on: a peer, a transport, and one call after the other.

Requests are made in `exchange` and answers read in `reading`; what differs from `client` is `send` alone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, Unpack

from ocpi211_runtime.discovery import VERSION, discover
from ocpi211_runtime.exchange import build_call, page_calls
from ocpi211_runtime.pages import Arrived, AsyncPager
from ocpi211_runtime.peer import Peer, Reached, Settings
from ocpi211_runtime.reading import next_page, read_answer, read_page, read_receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator, Mapping
    from types import TracebackType

    from ocpi211_runtime.exchange import AsyncTransport, Call, CallOptions, Receipt, Response
    from ocpi211_runtime.operation import Operation

__all__ = ["AsyncModuleClient", "AsyncPeerClient", "Discovery"]

R = TypeVar("R")
C = TypeVar("C", bound="AsyncPeerClient")


class AsyncPeerClient(Reached):
    """A client of one peer. An async context manager; closes the transport it made, not one it was given."""

    def __init__(
        self,
        *,
        token: str,
        endpoints: Mapping[str, str] | None = None,
        versions_url: str = "",
        details_url: str = "",
        transport: AsyncTransport | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        """Without discovery: `endpoints` is module → URL. ValueError for a token or URL that is none."""
        self.peer = Peer(token, dict(endpoints or {}), versions_url, details_url, **settings)
        self._transport = _async_http() if transport is None else transport
        self._owned = transport is None

    @classmethod
    def discover(
        cls,
        versions_url: str,
        token: str,
        *,
        version: str = VERSION,
        transport: AsyncTransport | None = None,
        **settings: Unpack[Settings],
    ) -> Discovery[Self]:
        """The client of the peer whose versions are listed at this URL: `async with` it, or `await` it and close it.

        Raises:
            NotOffered: the peer lacks this version; `offered` is what it has.
            ForeignUrl: it publishes a URL outside the origin of `versions_url` and `approved_origins`.
            PeerRefusal, MalformedAnswer, Unreachable: as every call.

        """

        async def connect() -> Self:
            client = cls(token=token, versions_url=versions_url, transport=transport, **settings)
            try:
                await client._find(version)
            except BaseException:
                await client.aclose()
                raise
            return client

        return Discovery(connect)

    async def send(self, call: Call) -> Response:
        """The answer to a call, not looked at yet."""
        return await self._transport.send(call.request, timeout=call.timeout, max_bytes=call.max_bytes)

    async def aclose(self) -> None:
        """Let go of the connections, if they are ours."""
        if self._owned:
            await self._transport.aclose()

    async def _find(self, version: str) -> None:
        steps = discover(self.peer, version)
        try:
            call = next(steps)
            while True:
                call = steps.send(await self.send(call))
        except StopIteration as found:
            self.peer = found.value

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


class Discovery(Generic[C]):
    """A client about to be: `async with AsyncCpoClient.discover(…) as cpo`, or `cpo = await …`."""

    def __init__(self, connect: Callable[[], Coroutine[Any, Any, C]]) -> None:
        self._connect = connect
        self._client: C | None = None

    def __await__(self) -> Generator[Any, Any, C]:
        return self._connect().__await__()

    async def __aenter__(self) -> C:
        self._client = await self._connect()
        return self._client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.aclose()


class AsyncModuleClient:
    """The operations of one module of a peer."""

    def __init__(self, client: AsyncPeerClient) -> None:
        self._client = client

    async def _fetch(
        self,
        operation: Operation[R],
        values: Mapping[str, object],
        body: object = None,
        *,
        url: str | None = None,
        options: CallOptions | None = None,
    ) -> R:
        call = build_call(self._client.peer, operation, values, body, url=url, options=options)
        return read_answer(operation, call.request, await self._client.send(call), strict=call.strict)

    async def _send(
        self,
        operation: Operation,
        values: Mapping[str, object],
        body: object = None,
        *,
        url: str | None = None,
        options: CallOptions | None = None,
    ) -> Receipt:
        call = build_call(self._client.peer, operation, values, body, url=url, options=options)
        return read_receipt(call.request, await self._client.send(call), strict=call.strict)

    def _list(
        self, operation: Operation[R], values: Mapping[str, object], *, options: CallOptions | None = None
    ) -> AsyncPager[R]:
        client, calls = self._client, page_calls(self._client.peer, operation, values, options)

        async def fetch(url: str | None) -> Arrived[R]:
            call = calls(url)
            request, response = call.request, await client.send(call)
            following = next_page(request, response)
            read = partial(read_page, operation, request, response, strict=call.strict)
            return Arrived(read, request.url, following)

        return AsyncPager(fetch, operation=operation.id, max_pages=client.peer.max_pages)

    def _url(self, operation: Operation, values: Mapping[str, object]) -> str:
        return self._client.peer.place(operation, values)


# Imported when a client makes its own transport: whoever brings one needs no httpx2.
def _async_http() -> AsyncTransport:
    from ocpi211_runtime.transport import AsyncHttpTransport  # noqa: PLC0415

    return AsyncHttpTransport()
