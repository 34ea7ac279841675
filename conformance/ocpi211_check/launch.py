"""A run put together: the way out, the tool's own server, the journal; and the registration ended whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ocpi211_check.bench import Bench
from ocpi211_check.counterpart import Counterpart
from ocpi211_check.discovery import discover
from ocpi211_check.evidence import Secrets
from ocpi211_check.journal import Journal, forget, put_back, read_tokens
from ocpi211_check.listening import bind, listening
from ocpi211_check.pretence import Pretence
from ocpi211_check.received import Listener
from ocpi211_check.runner import Progress, Run, Silent
from ocpi211_check.settings import CannotRun, Settings, is_loopback
from ocpi211_check.verdicts import Ledger
from ocpi211_check.wire import Wire
from ocpi211_runtime.transport import AsyncHttpTransport

if TYPE_CHECKING:
    from ocpi211_check.report import Report
    from ocpi211_runtime.exchange import AsyncTransport

__all__ = ["dry_run", "launch", "open_bench", "undo"]


@asynccontextmanager
async def open_bench(
    settings: Settings, transport: AsyncTransport, *, listen: str = "", journal: Path | None = None
) -> AsyncIterator[Bench]:
    """A bench on this transport; with `listen`, host and port, the tool's own server on it."""
    wire = Wire(transport, settings, Secrets(settings.token))
    bench = Bench(settings, wire, Ledger(), None, settings.token, journal=Journal(journal, settings.versions_url))
    async with AsyncExitStack() as stack:
        if settings.listen_url:
            host, _, port = listen.rpartition(":")
            counterpart = Counterpart(settings.listen_url, wire)
            counterpart.observers.append(Listener(bench, counterpart))
            taken = bind(host.strip("[]") or "127.0.0.1", int(port or 0))
            if is_loopback(settings.listen_url):
                # A second origin, to see whether the target lets itself be led there.
                second = bind("127.0.0.1", 0)
                counterpart.elsewhere = f"http://127.0.0.1:{second.getsockname()[1]}"
                await stack.enter_async_context(listening(counterpart, second))
                if urlsplit(settings.listen_url).port is None:
                    counterpart.base_url = f"http://127.0.0.1:{taken.getsockname()[1]}"
            await stack.enter_async_context(listening(counterpart, taken))
            bench.counterpart = counterpart
        try:
            yield bench
        finally:
            if bench.registered:
                await _end(bench)


async def _end(bench: Bench) -> None:
    """The registration ended out of turn: an interrupted run leaves none behind, if the target can be reached."""
    bench.wire.extend(30.0)
    with suppress(Exception):
        answer = await bench.call("credentials.delete_credentials")
        bench.registered = not answer.ok
    bench.journal.close(done=not bench.registered)


async def launch(
    settings: Settings, *, listen: str = "", journal: Path | None = None, progress: Progress | None = None
) -> Report:
    """One run over the network. CannotRun where there is nothing to judge."""
    transport = AsyncHttpTransport()
    try:
        kept = journal if settings.handshake else None
        async with open_bench(settings, transport, listen=listen, journal=kept) as bench:
            run = Run(bench, progress or Silent())
            if settings.fuzz:
                from ocpi211_check.fuzzing import fuzz  # noqa: PLC0415  (schemathesis takes a second to load)

                run.fuzz = fuzz
            return await run.go()
    finally:
        await transport.aclose()


def dry_run(settings: Settings) -> list[str]:
    """What a run would send, without any of it: what an imagined target answers, and what is asked of it."""

    async def play() -> list[str]:
        pretence = Pretence(settings)
        wire = Wire(pretence, settings, Secrets(settings.token))
        bench = Bench(settings, wire, Ledger(), None, settings.token)
        if settings.listen_url:
            bench.counterpart = Counterpart(settings.listen_url, wire)
        await Run(bench).go()
        return [wire.secrets.hide(line) for line in pretence.sent]

    return asyncio.run(play())


async def undo(path: Path, role: str) -> bool:
    """Ends the registration that an interrupted run left behind. Whether that worked."""
    try:
        versions_url, tokens = read_tokens(path)
    except (OSError, ValueError) as error:
        raise CannotRun(f"{path}: {error}") from None
    transport = AsyncHttpTransport()
    try:
        for token in tokens:
            settings = Settings(versions_url=versions_url, token=token, role="cpo" if role == "cpo" else "emsp")
            async with open_bench(settings, transport) as bench:
                with suppress(CannotRun):
                    await discover(bench)
                    if await put_back(bench, [token]):
                        forget(path)
                        return True
        return False
    finally:
        await transport.aclose()
