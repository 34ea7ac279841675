"""A server in a thread of its own, for tests that are not asynchronous themselves: hypothesis, schemathesis.

Every answer that `Live.send` brings has been looked at: an envelope, and no failure of the server's own.
"""

import asyncio
import http.client
import json
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ocpi211_runtime.answers import Role
from tests.server.stage import Actor, Reply, actor

__all__ = ["GUEST", "Live", "live", "looked_at"]

T = TypeVar("T")

GUEST = ("FR", "EXA")
"""The party that asks."""
_MEETS: Mapping[str, tuple[Role, ...]] = {"cpo": ("emsp",), "emsp": ("cpo",), "hub": ("emsp", "cpo")}
_timestamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_most = 10.0


class Live:
    """The server, its loop, and a partner of each role that may ask it."""

    def __init__(
        self, actor: Actor, tokens: Mapping[Role, str], loop: asyncio.AbstractEventLoop, stop: asyncio.Event
    ) -> None:
        self.actor = actor
        self.tokens = tokens
        self._loop = loop
        self._stop = stop
        self._connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=_most)

    @property
    def url(self) -> str:
        """How it is reached, whatever its public URL says."""
        return f"http://127.0.0.1:{self.actor.server.settings.port}/ocpi"

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Something in the server's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_most * 3)

    def token(self, path: str) -> str:
        """That of the partner that meets this interface: an eMSP asks `/cpo/…`."""
        return self.tokens["emsp" if path.startswith("/cpo") else "cpo"]

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """A request of the guest, percent-encoded as given."""
        sent = {"Authorization": f"Token {self.token(path)}", "Content-Type": "application/json", **(headers or {})}
        try:
            answer = self._exchange(method, path, body, sent)
        except (ConnectionError, http.client.BadStatusLine):
            # The server may close an idle connection, and does so behind a body it did not read.
            self._connection.close()
            answer = self._exchange(method, path, body, sent)
        try:
            return looked_at(*answer)
        except AssertionError as error:
            raise AssertionError(f"{method} {path} {(body or b'')[:2000]!r}: {error}") from error

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        self._connection.request(method, urlsplit(self.url).path + path, body, dict(headers))
        answer = self._connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()

    def stored(self) -> tuple[int, int, int]:
        """How many objects there are, how many bytes they have, and how many were kept aside."""
        text = "SELECT COUNT(*), COALESCE(SUM(LENGTH(body)), 0), (SELECT COUNT(*) FROM kept_aside) FROM object"
        row = self.do(self.actor.server.site.database.read(text))[0]
        return int(row[0]), int(row[1]), int(row[2])

    def close(self) -> None:
        """Hang up, and have the server end."""
        self._connection.close()
        self._loop.call_soon_threadsafe(self._stop.set)


def looked_at(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """The answer, once it has proved to be an envelope (transport_and_format.md, Response format)."""
    given = {name.lower(): value for name, value in headers.items()}
    assert given["content-type"] == "application/json", (status, given, body[:200])
    envelope = json.loads(body, parse_constant=_no_json)
    assert {"data", "status_code", "status_message", "timestamp"} == envelope.keys(), body[:200]
    assert isinstance(envelope["status_message"], str)
    assert _timestamp.fullmatch(envelope["timestamp"])
    assert status < 500, (status, envelope)
    assert envelope["status_code"] < 3000 or status == 200, (status, envelope)
    assert (envelope["status_code"] == 1000) <= (status in (200, 201)), (status, envelope)
    return Reply(status, given, body, envelope)


def _no_json(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


@contextmanager
def live(new_database: Callable[[], str], role: str, profile: str = "plain-2.1.1", **settings: Any) -> Iterator[Live]:
    """A server of this role, with a guest of each role it answers."""
    started: Future[Live] = Future()
    with ThreadPoolExecutor(1) as pool:
        serving = pool.submit(lambda: asyncio.run(_serve(started, new_database(), role, profile, settings)))
        serving.add_done_callback(lambda _: started.cancel())
        try:
            one = started.result()
        except CancelledError:
            serving.result()
            raise
        try:
            yield one
        finally:
            one.close()
            serving.result()


async def _serve(started: "Future[Live]", database: str, role: str, profile: str, settings: Mapping[str, Any]) -> None:
    stop = asyncio.Event()
    async with actor(database, role, profile, **settings) as one:
        tokens: dict[Role, str] = {each: await one.guest(each, *GUEST) for each in _MEETS[role]}
        started.set_result(Live(one, tokens, asyncio.get_running_loop(), stop))
        await stop.wait()
