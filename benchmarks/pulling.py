"""A client pulls all Tokens of a peer on loopback: whether its memory stays flat, and where its CPU goes.

Each pull is a process of its own. Parsing and validating is what `read_page` takes; the rest is HTTP and the crawl.
With 20 ms of latency a page, the pager, which asks for the next page before it reads this one, stands against the
same calls made one after the other; whoever pulls works 10 ms on each page, as one who stores it would.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import patch

from benchmarks.report import Row, section, table
from benchmarks.stub import ON_PAGE, stub
from ocpi211.client import AsyncEmspClient
from ocpi211.models import Token
from ocpi211.operations import EMSP_TOKENS_LIST_TOKENS
from ocpi211_runtime import async_client
from ocpi211_runtime.exchange import AsyncTransport, page_calls
from ocpi211_runtime.pages import Page
from ocpi211_runtime.reading import read_page
from ocpi211_runtime.transport import AsyncHttpTransport
from ocpi211_server.egress import Egress, Policy

TITLE = "Client: pulling Tokens"
MANY, FEW, ROUNDS = 1000, 50, 3
LATENCY, WORK = 0.02, 0.01

_spent = 0.0
_read = 0.0
"""When the latest page had been read."""


def _timed(*given: Any, **named: Any) -> Page[Token]:  # noqa: ANN401  (as read_page)
    global _read, _spent  # noqa: PLW0603  (one pull a process)
    began = time.thread_time()
    try:
        return read_page(*given, **named)
    finally:
        _read = time.thread_time()
        _spent += _read - began


async def _one_by_one(client: AsyncEmspClient) -> AsyncIterator[Page[Token]]:
    calls, url = page_calls(client.peer, EMSP_TOKENS_LIST_TOKENS, {}, None), None
    while True:
        call = calls(url)
        page = _timed(EMSP_TOKENS_LIST_TOKENS, call.request, await client.send(call))
        yield page
        if (url := page.next_url) is None:
            return


async def _pull(port: int, transport: AsyncTransport, *, ahead: bool, works: bool) -> dict[str, float]:
    base = f"http://127.0.0.1:{port}"
    endpoints = {"tokens": f"{base}/tokens"}
    count, began, early = 0, time.monotonic(), 0
    async with AsyncEmspClient(token="made-up", endpoints=endpoints, transport=transport) as client:  # noqa: S106
        cpu = time.process_time()
        pages = client.tokens.list_tokens().pages() if ahead else _one_by_one(client)
        async for page in pages:
            count += len(page.items)
            while works and time.thread_time() - _read < WORK:
                pass
            if count == 10 * ON_PAGE:
                early = _peak()
        cpu = time.process_time() - cpu
    await transport.aclose()
    return {
        "count": count,
        "seconds": time.monotonic() - began,
        "share": 100 * _spent / cpu,
        "grown": (_peak() - early) / 1024,
    }


def _peak() -> int:
    """The most memory this process ever had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _child(port: int, kind: str, how: str) -> None:
    egress = Egress(Policy(insecure_dev=True))
    made: AsyncTransport = AsyncHttpTransport() if kind == "httpx2" else egress.towards([f"http://127.0.0.1:{port}"])

    async def pull() -> dict[str, float]:
        try:
            return await _pull(port, made, ahead=how != "one by one", works=how != "fast")
        finally:
            await egress.aclose()

    with patch.object(async_client, "read_page", _timed):
        figures = asyncio.run(pull())
    sys.stdout.write(json.dumps(figures))


def _measured(port: int, kind: str, how: str) -> dict[str, float]:
    arguments = [sys.executable, "-m", "benchmarks.pulling", str(port), kind, how]
    answer = subprocess.run(arguments, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


def report() -> str:
    """Both transports, without latency and with it."""
    kinds = ("httpx2", "egress of the server (aiohttp)")
    shares: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
    waits: dict[str, list[float]] = {kind: [] for kind in kinds}
    with stub(MANY) as fast, stub(FEW, LATENCY) as slow:
        for _ in range(ROUNDS):
            for kind in kinds:
                shares[kind].append(_measured(fast, kind, "fast"))
                ahead, after = (_measured(slow, kind, how)["seconds"] for how in ("ahead", "one by one"))
                waits[kind].append(ahead / after)
    rows = [
        Row(f"CPU in parsing and validating, %; {kind}", [f["share"] for f in each], 60, at_least=True)
        for kind, each in shares.items()
    ]
    rows += [
        Row(f"memory above that after 10 pages, MB; {kind}", [f["grown"] for f in each], 20)
        for kind, each in shares.items()
    ]
    rows += [
        Row(f"time with the next page asked for ahead, of one by one; {kind}", each) for kind, each in waits.items()
    ]
    return section(__doc__, table(f"{MANY * ON_PAGE:,} Tokens", "", rows))


if __name__ == "__main__":
    _child(int(sys.argv[1]), sys.argv[2], sys.argv[3])
