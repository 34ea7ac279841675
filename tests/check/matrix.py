"""Runs the check against a target with one fault after the other, only as far as the fault goes."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from ocpi211_check.bench import Bench
from ocpi211_check.catalogue import Profile, Role, catalogue
from ocpi211_check.counterpart import Counterpart
from ocpi211_check.evidence import Secrets
from ocpi211_check.listening import bind, listening
from ocpi211_check.received import Listener
from ocpi211_check.runner import Run
from ocpi211_check.scenario import Scenario
from ocpi211_check.scenarios import PASSIVE, SCENARIOS
from ocpi211_check.settings import CannotRun, Settings
from ocpi211_check.verdicts import Ledger
from ocpi211_check.wire import Wire
from ocpi211_runtime.exchange import Request, Response
from tests.check.faults import Fault, Faulty
from tests.check.inprocess import App, InProcess, Message
from tests.check.played import play
from tests.check.targets import PARTY, Target, target

__all__ = ["automated", "misses"]

# What shows in any conversation is looked for in these; the handshake has scenarios of its own.
_ANYWAY = {"versions and details", "credentials as they stand", "what is not there"}
_REGISTRATION = {"before the registration", "call-backs that fail", "registered", "the token changed", "unregistered"}


_LISTS = {"locations", "tokens", "cdrs", "sessions", "tariffs"}


def automated(role: Role, profile: Profile) -> set[str]:
    """The requirements of this role that a scenario, or any exchange, can tell of."""
    told = {id_ for scenario in SCENARIOS if role in scenario.roles for id_ in scenario.covers}
    rows = {row.id for row in catalogue().concerning(role, profile)}
    return (told | set(PASSIVE)) & rows


def _chosen(fault: Fault) -> list[Scenario]:
    telling = [scenario for scenario in SCENARIOS if set(scenario.covers) & set(fault.breaks)]
    modules = {scenario.module for scenario in telling}
    if modules & {"tariffs", "commands"}:
        modules.add("locations")
    if fault.settings.get("handshake"):
        names = _REGISTRATION | {scenario.name for scenario in telling}
        names |= {"the pages of locations"} if modules & {"commands"} else set()
        if fault.settings.get("rehearse"):
            names = {"registered", "unregistered", "credentials as they stand", "the target by itself"}
    else:
        names = {scenario.name for scenario in telling} - _REGISTRATION | _ANYWAY
        if not set(fault.breaks) & {"TF-HTTP-06", "TF-EXT-01", "TF-HTTP-05", "TF-URL-01"}:
            names = {name for name in names if not name.endswith(" put with more")}  # 24 MB each
        names |= {f"the pages of {module}" for module in modules - {""} or _LISTS}
    if set(fault.breaks) & {"TF-ENV-08"}:
        names.add("token put")
    return [scenario for scenario in SCENARIOS if scenario.name in names]


class _Meddled:
    """What the target calls, with a fault in it."""

    def __init__(self, app: App, fault: Fault) -> None:
        self._transport = Faulty(InProcess(app), fault)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        message = await receive()
        raw = scope["raw_path"].decode() + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        request = Request(scope["method"], f"http://{headers['host']}{raw}", headers, message.get("body") or None)
        came: Response = await self._transport.send(request, timeout=5, max_bytes=1 << 20)
        pairs = [(name.encode(), value.encode()) for name, value in came.headers]
        await send({"type": "http.response.start", "status": came.status, "headers": pairs})
        await send({"type": "http.response.body", "body": came.body})


async def misses(faults: Sequence[Fault], role: Role, profile: Profile, database: str) -> dict[str, list[str]]:
    """Name of a fault → the requirements it breaks, and the check did not see that."""
    async with target(role, profile, database) as found:
        token = await _registered(found)
        return {
            fault.name: missed
            for number, fault in enumerate(faults)
            if (missed := await _missed(found, fault, number, token))
        }


async def _registered(found: Target) -> str:
    """A token that opens everything, for faults that have nothing to do with the handshake."""
    ledger = await _run(found, None, [s for s in SCENARIOS if s.name == "registered"], 0, "")
    assert ledger.token
    return ledger.token


async def _missed(found: Target, fault: Fault, number: int, token: str) -> list[str]:
    try:
        bench = await _run(found, fault, _chosen(fault), number + 1, token)
    except CannotRun as error:
        return [*fault.breaks, str(error)]
    rows = catalogue()
    verdicts = {id_: bench.ledger.finding(rows[id_]) for id_ in fault.breaks}
    return [f"{id_}: {v.verdict} {v.reason}" for id_, v in verdicts.items() if v.verdict is not rows[id_].breach]


async def _run(found: Target, fault: Fault | None, scenarios: list[Scenario], number: int, token: str) -> Bench:
    handshake = not token or bool(fault and fault.settings.get("handshake"))
    party = PARTY if not token else f"FR*{number:03}"
    given = await found.invite(party) if handshake else token
    calls = handshake or any(scenario.module == "commands" for scenario in scenarios)
    sockets = [bind("127.0.0.1", 0), bind("127.0.0.1", 0)] if calls else []
    urls = [f"http://127.0.0.1:{taken.getsockname()[1]}" for taken in sockets]
    settings = Settings(
        versions_url=found.versions_url,
        token=given,
        role=found.role,
        profile=found.profile,
        party=party if handshake else PARTY,
        write=True,
        handshake=handshake,
        commands=calls,
        listen_url=urls[0] if urls else "",
        rehearse=fault.settings.get("rehearse", 0.0) if fault else 0.0,
        call_back=3.0,
        seed=number,
    )
    transport = Faulty(found.transport, fault) if fault and fault.side == "answers" else found.transport
    wire = Wire(transport, settings, Secrets(given))
    bench = Bench(settings, wire, Ledger(), None, given)
    async with AsyncExitStack() as stack:
        if calls:
            bench.counterpart = Counterpart(urls[0], wire, elsewhere=urls[1])
            bench.counterpart.observers.append(Listener(bench, bench.counterpart))
            app: Any = _Meddled(bench.counterpart, fault) if fault and fault.side == "calls" else bench.counterpart
            for taken in sockets:
                await stack.enter_async_context(listening(app, taken))
        playing = asyncio.create_task(play(bench, found))
        try:
            await Run(bench, scenarios=scenarios).go()
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
    return bench


def database(folder: Path) -> str:
    """URL of a file that is not there yet."""
    return f"sqlite:///{folder / 'target.db'}"
