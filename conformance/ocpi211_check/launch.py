"""A run put together: the way out, the tool's own server, the journal; and the registration ended whatever happens."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
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
    bench = Bench(settings, wire, Ledger(), None, settings.token)
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
        bench.journal = Journal(journal, settings.versions_url)
        try:
            yield bench
        finally:
            if bench.registered:
                await _end(bench)
            elif _never_registered(bench):
                bench.journal.close(done=True)


def _never_registered(bench: Bench) -> bool:
    """Whether the target has refused all Credentials it was offered, and none is without an answer."""
    sent = [entry for entry in bench.wire.log if entry.direction == "sent" and entry.method in {"POST", "PUT"}]
    offers = [entry for entry in sent if entry.about.endswith(("post_credentials", "put_credentials"))]
    refused = [entry for entry in offers if entry.status and not entry.ok]
    return len(offers) == len(refused) >= bench.journal.offers


async def _end(bench: Bench) -> None:
    """The registration ended out of turn: an interrupted run leaves none behind, if the target can be reached."""
    bench.wire.extend(30.0)
    with suppress(Exception):
        answer = await bench.call("credentials.delete_credentials")
        bench.registered = not answer.ok
    bench.journal.close(done=not bench.registered)


@asynccontextmanager
async def _way_out(ca: str) -> AsyncIterator[AsyncTransport]:
    """To targets that anybody would trust, or that a certificate of this file vouches for.

    CannotRun if it cannot be read.
    """
    trust = ssl.create_default_context() if ca else None
    if trust is not None:
        try:
            trust.load_verify_locations(ca)
        except OSError as error:  # those of TLS among them
            raise CannotRun(f"--ca {ca}: {error.strerror or error}") from None
    transport = AsyncHttpTransport(trust=trust)
    try:
        yield transport
    finally:
        await transport.aclose()


async def launch(
    settings: Settings, *, listen: str = "", journal: Path | None = None, progress: Progress | None = None
) -> Report:
    """One run over the network. CannotRun where there is nothing to judge."""
    kept = journal if settings.handshake else None
    async with (
        _way_out(settings.ca) as transport,
        open_bench(settings, transport, listen=listen, journal=kept) as bench,
    ):
        run = Run(bench, progress or Silent())
        if settings.fuzz:
            from ocpi211_check.fuzzing import fuzz  # noqa: PLC0415  (schemathesis takes a second to load)

            run.fuzz = fuzz
        return await run.go()


def dry_run(settings: Settings) -> list[str]:
    """What a run would send, without any of it: what an imagined target answers, and what is asked of it."""

    async def play() -> list[str]:
        # Nobody calls: there is nothing to wait for.
        hasty = replace(settings, rehearse=min(settings.rehearse, 0.01), call_back=0.1, rate=0.0)
        pretence = Pretence(hasty)
        wire = Wire(pretence, hasty, Secrets(settings.token))
        bench = Bench(hasty, wire, Ledger(), None, settings.token)
        if settings.listen_url:
            bench.counterpart = Counterpart(settings.listen_url, wire)
        await Run(bench).go()
        return [wire.secrets.hide(line) for line in pretence.sent]

    return asyncio.run(play())


async def undo(path: Path, role: str, ca: str = "") -> str:
    """Ends the registration that an interrupted run left behind, and says how. CannotRun if that did not work."""
    try:
        versions_url, tokens = read_tokens(path)
    except (OSError, ValueError) as error:
        raise CannotRun(f"{path}: {error}") from None
    async with _way_out(ca) as transport:
        told: list[str] = []
        for token in tokens:
            settings = Settings(versions_url=versions_url, token=token, role="cpo" if role == "cpo" else "emsp")
            async with open_bench(settings, transport) as bench:
                try:
                    await discover(bench)
                except CannotRun as error:
                    told.append(str(error))
                    continue
                answer = await put_back(bench, token)
            if answer.ok:
                forget(path)
                return "the registration is ended"
            told.append(str(answer.status))
        if "405" in told:  # an invitation, still good
            forget(path)
            return "nothing is registered: there is nothing to put back"
        raise CannotRun(f"none of the {len(tokens)} tokens ends the registration: {told[0] if told else 'none'}")
