"""A partner over real HTTP who fails now and then, in every way there is, and notes what it took."""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

__all__ = ["Receiver"]

GOOD = b'{"data":{},"status_code":1000,"status_message":"Success","timestamp":"2024-05-02T10:00:00Z"}'
FAILURES = ["drop", "act and drop", "500", "503", "429", "2001", "act and 500", "half an answer"]
IN_ORDER = {"sessions", "cdrs"}


class Receiver:
    """Several partners in one, each below a number of its own."""

    def __init__(self, seed: int, failing: float) -> None:
        self._chance = random.Random(seed)  # noqa: S311  (it has to be repeatable)
        self._failing = failing
        self._arrived = asyncio.Condition()
        self.requests = 0
        self.failed = 0
        self.url = ""
        self.acted_in_order: dict[tuple[int, str], list[bytes]] = defaultdict(list)
        """Partner and module → what was taken for the first time, in this order."""
        self.cdrs: dict[int, list[dict[str, Any]]] = defaultdict(list)
        """Partner → its CDRs, told apart by their ids."""
        self.latest: dict[tuple[int, str], int] = {}
        """Partner and EVSE → what it was last told."""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        conversations: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            conversations[task] = writer
            with suppress(ConnectionError, asyncio.IncompleteReadError):  # the other side was killed
                await self._converse(reader, writer)
            writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for writer in conversations.values():
                writer.close()
            await asyncio.gather(*conversations)
            await server.wait_closed()

    async def more(self, count: int, within: float = 0.5) -> None:
        """Wait for so many more requests, or until none comes any more."""
        wanted = self.requests + count
        with suppress(TimeoutError):
            async with asyncio.timeout(within), self._arrived:
                await self._arrived.wait_for(lambda: self.requests >= wanted)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            method, path, _ = head[0].split(" ")
            failure = self._fail(path)
            self.failed += bool(failure)
            if not failure or failure.startswith("act"):
                self._act(method, path, body)
            async with self._arrived:
                self.requests += 1
                self._arrived.notify_all()
            answer = self._answer(failure)
            writer.write(answer)
            await writer.drain()
            if "drop" in failure or failure == "half an answer":
                return

    def _fail(self, path: str) -> str:
        if self._chance.random() >= self._failing:
            return ""
        # Of a Location a refusal is for good: it would be parked.
        return self._chance.choice([failure for failure in FAILURES if failure != "2001" or "/locations" not in path])

    @staticmethod
    def _answer(failure: str) -> bytes:
        if "drop" in failure:
            return b""
        status = {"500": 500, "act and 500": 500, "503": 503, "429": 429}.get(failure, 200)
        text = GOOD.replace(b"1000", b"2001") if failure == "2001" else GOOD
        wait = b"Retry-After: 0\r\n" if failure == "429" else b""
        head = b"HTTP/1.1 %d Said\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n"
        answer = head % (status, wait, len(text)) + text
        return answer[:-10] if failure == "half an answer" else answer

    def _act(self, method: str, path: str, body: bytes) -> None:
        _, number, module, *rest = path.split("/")
        partner, data = int(number), json.loads(body)
        if module == "locations":
            for uid in rest[3:] or ["E1", "E2"]:
                self.latest[partner, f"{rest[2]}/{uid}"] = data["value"]
            return
        known = self.acted_in_order[partner, module]
        if body not in known:
            known.append(body)
        if module == "cdrs":
            same = [bill for bill in self.cdrs[partner] if bill["id"] == data["id"]]
            if not same:
                self.cdrs[partner].append(data)
            assert same in ([], [data]), "a CDR was rewritten"
        assert (method == "POST") == (module == "cdrs")
