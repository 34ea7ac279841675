"""Partners that send without pause, for tests of what becomes of their requests when processes come and go."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from urllib.parse import urlsplit

import aiohttp

from tests.server.samples import cdr, session

_PACE = 0.03

__all__ = ["Caller", "Load", "load"]


class Caller:
    """A partner that keeps its connection, written by hand: no library repeats anything behind our back."""

    def __init__(self, url: str, token: str, trusting: ssl.SSLContext | None = None) -> None:
        where = urlsplit(url)
        self._host, self._port, self._trusting = where.hostname, where.port, trusting
        self._head = f"Host: localhost\r\nAuthorization: Token {token}\r\nContent-Type: application/json\r\n"
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port, ssl=self._trusting)

    def write(self, text: str) -> None:
        self._writer.write(text.encode())

    def close(self) -> None:
        self._writer.close()

    def put(self, number: int) -> tuple[str, str]:
        """Head and body of a PUT of a Session."""
        body = json.dumps(session(id=f"S{number}"))
        path = f"/ocpi/emsp/2.1.1/sessions/FR/CPO/S{number}"
        return f"PUT {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n", body

    async def answer(self) -> tuple[int, dict[str, str]]:
        """Status and headers of the next answer."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        await self._reader.readexactly(int(headers["content-length"]))
        return int(head[0].split()[1]), headers

    async def closed(self) -> bool:
        return await self._reader.read() == b""


class Load:
    """Requests without pause, over connections that are kept and over new ones; `sent` are the ids of what was sent."""

    def __init__(self, url: str, token: str, trusting: ssl.SSLContext | None = None) -> None:
        self._url = url
        self._token = token
        self._trusting = trusting
        self._numbers = count(1)
        self._over = False
        self.sent: set[tuple[str, str]] = set()

    async def more(self, requests: int) -> None:
        """Wait until so many more have been answered."""
        enough = len(self.sent) + requests
        while len(self.sent) < enough:  # noqa: ASYNC110  (nobody tells)
            await asyncio.sleep(0.01)

    def end(self) -> None:
        self._over = True

    async def by_hand(self) -> None:
        """PUT over a connection that is kept until the other side says that it will close it."""
        caller = Caller(self._url, self._token, self._trusting)
        await caller.connect()
        try:
            while not self._over:
                number = next(self._numbers)
                caller.write("".join(caller.put(number)))
                status, headers = await caller.answer()
                assert status == 201, (status, number, headers)
                self.sent.add(("sessions", f"S{number}"))
                if headers.get("connection") == "close":
                    caller.close()
                    await caller.connect()
                await asyncio.sleep(_PACE)
        finally:
            caller.close()

    async def by_aiohttp(self, *, kept: bool) -> None:
        """POST, which no client sends twice, over connections of a pool, or over a new one each time."""
        connector = aiohttp.TCPConnector(force_close=not kept, ssl=self._trusting or False)
        headers = {"Authorization": f"Token {self._token}"}
        async with aiohttp.ClientSession(connector=connector, headers=headers) as http:
            while not self._over:
                id_ = f"C{next(self._numbers)}"
                async with http.post(f"{self._url}/emsp/2.1.1/cdrs", json=cdr(id=id_)) as answer:
                    said = (answer.status, (await answer.json())["status_code"])
                    assert said == (201, 1000), (said, id_, answer.headers)
                self.sent.add(("cdrs", id_.lower()))
                await asyncio.sleep(_PACE)


@asynccontextmanager
async def load(url: str, token: str, trusting: ssl.SSLContext | None = None) -> AsyncIterator[Load]:
    """Senders of each kind, until the end of the context: then, if one request has failed, that is raised."""
    loading = Load(url, token, trusting)
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(loading.by_hand())
            group.create_task(loading.by_aiohttp(kept=True))
            group.create_task(loading.by_aiohttp(kept=False))
        yield loading
        loading.end()
