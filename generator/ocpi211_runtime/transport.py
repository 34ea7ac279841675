"""The transports over HTTP; the only module that knows the HTTP library.

Redirects are never followed and proxies of the environment never trusted, because either would carry the token to a
place nobody approved. Give it a client of your own for proxies, certificates or limits: it stays yours to close.
"""

from __future__ import annotations

import ssl
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ocpi211_runtime.errors import MalformedAnswer, Timeout, Unreachable
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.problems import hide

if TYPE_CHECKING:
    from collections.abc import Generator

try:
    import anyio
    import httpx2
except ImportError as missing:
    raise ImportError(
        "calling a peer over HTTP needs httpx2: install 'ocpi211[client]', or give the client a transport of your own"
    ) from missing

__all__ = ["AsyncHttpTransport", "HttpTransport"]

_GRACE = 0.05
"""Seconds by which the bound of a whole call comes after those of its parts, because they say what was waited for."""


class HttpTransport:
    """A `Transport` on an `httpx2.Client`.

    The library bounds each wait on the connection, not their sum: a peer that drips its headers can outlast `timeout`.
    """

    def __init__(self, client: httpx2.Client | None = None) -> None:
        self._owned = client is None
        self._client = httpx2.Client(trust_env=False) if client is None else client

    def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:
        """Send the request and read the whole answer."""
        body = _Body(request, timeout, max_bytes)
        with _translated(request):
            sent = self._client.build_request(
                request.method, request.url, headers=request.headers, content=request.body, timeout=timeout
            )
            response = self._client.send(sent, stream=True, auth=None, follow_redirects=False)
            try:
                for chunk in response.iter_bytes():
                    body.add(chunk)
            finally:
                response.close()
        return Response(response.status_code, response.headers.multi_items(), body.read())

    def close(self) -> None:
        """Let go of all connections, unless the client was given."""
        if self._owned:
            self._client.close()


class AsyncHttpTransport:
    """An `AsyncTransport` on an `httpx2.AsyncClient`; without one of your own, it trusts whom `trust` does."""

    def __init__(self, client: httpx2.AsyncClient | None = None, *, trust: ssl.SSLContext | None = None) -> None:
        self._owned = client is None
        self._client = httpx2.AsyncClient(trust_env=False, verify=trust or True) if client is None else client

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
        """Send the request and read the whole answer."""
        body = _Body(request, timeout, max_bytes)
        with _translated(request), anyio.fail_after(timeout + _GRACE):
            sent = self._client.build_request(
                request.method, request.url, headers=request.headers, content=request.body, timeout=timeout
            )
            response = await self._client.send(sent, stream=True, auth=None, follow_redirects=False)
            try:
                async for chunk in response.aiter_bytes():
                    body.add(chunk)
            finally:
                await response.aclose()
        return Response(response.status_code, response.headers.multi_items(), body.read())

    async def aclose(self) -> None:
        """Let go of all connections, unless the client was given."""
        if self._owned:
            await self._client.aclose()


class _Body:
    """What has come of a body, within bounds: a peer that drips a byte at a time is late as well."""

    def __init__(self, request: Request, timeout: float, max_bytes: int) -> None:
        self._request = request
        self._deadline = time.monotonic() + timeout
        self._max_bytes = max_bytes
        self._chunks: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > self._max_bytes:
            reason = f"it is longer than {self._max_bytes} bytes"
            raise MalformedAnswer(reason, operation=self._request.operation, url=self._request.url)
        if time.monotonic() > self._deadline:
            late = "the answer was not complete in time"
            raise Timeout(late, operation=self._request.operation, url=self._request.url)

    def read(self) -> bytes:
        return b"".join(self._chunks)


@contextmanager
def _translated(request: Request) -> Generator[None]:
    """Errors of the HTTP library as ours."""
    operation, url = request.operation, request.url
    try:
        yield
    except (httpx2.TimeoutException, TimeoutError) as error:
        raise Timeout(f"no answer in time ({type(error).__name__})", operation=operation, url=url) from error
    except httpx2.DecodingError as error:
        raise MalformedAnswer(f"its content encoding is broken ({error})", operation=operation, url=url) from error
    except (httpx2.RequestError, httpx2.InvalidURL) as error:
        text = hide(f"no answer: {type(error).__name__} {error}", request.secret)
        raise Unreachable(text, operation=operation, url=url) from error
