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
from ocpi211_faults import Fault, Faulty
from ocpi211_faults.carrying import Through
from ocpi211_runtime.asgi import AsgiTransport
from tests.check.played import play
from tests.check.targets import PARTY, Target, target

__all__ = ["automated", "misses"]

# What shows in any conversation is looked for in these; the handshake has scenarios of its own.
_ANYWAY = {"versions and details", "credentials as they stand", "what is not there"}
_REGISTRATION = {"before the registration", "call-backs that fail", "registered", "the token changed", "unregistered"}
_AT_ONCE = 6
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
            names = {scenario.name for scenario in telling} - _REGISTRATION
            names |= {"registered", "unregistered", "credentials as they stand", "the target by itself"}
            names |= {"the token changed"} if fault.settings.get("invitation") else set()
            names |= {"the pages of sessions"} if "what is new" in names else set()
    elif set(fault.breaks) == {"GIR-TIME-01"}:
        names = set()  # the first few answers will do
    else:
        names = {scenario.name for scenario in telling} - _REGISTRATION | _ANYWAY
        if not set(fault.breaks) & {"TF-HTTP-06", "TF-EXT-01", "TF-HTTP-05", "TF-URL-01"}:
            names = {name for name in names if not name.endswith(" put with more")}  # 24 MB each
        names |= {f"the pages of {module}" for module in modules - {""} or _LISTS}
    if set(fault.breaks) & {"TF-ENV-08"}:
        names.add("token put")
    return [scenario for scenario in SCENARIOS if scenario.name in names]


async def misses(faults: Sequence[Fault], role: Role, profile: Profile, folder: Path) -> dict[str, list[str]]:
    """Name of a fault → the requirements it breaks, and the check did not see that."""
    found: dict[str, list[str]] = {}
    alone = [fault for fault in faults if fault.settings.get("handshake")]
    together = [fault for fault in faults if fault not in alone]
    limit = asyncio.Semaphore(_AT_ONCE)

    async def at_a_target_of_its_own(fault: Fault, number: int) -> None:
        place, hub = database(folder, f"{number}.db"), bool(fault.settings.get("hub"))
        async with limit, target(role, profile, place, hub=hub) as apart:
            found[fault.name] = await _missed(apart, fault, number, "")

    if together:
        async with target(role, profile, database(folder)) as shared:
            token = await _registered(shared)
            for number, fault in enumerate(together):
                found[fault.name] = await _missed(shared, fault, number + 1, token)
    # A handshake is mostly waiting, for what has to come and for what must not.
    await asyncio.gather(*(at_a_target_of_its_own(fault, number) for number, fault in enumerate(alone)))
    return {name: missed for name, missed in found.items() if missed}


async def _registered(found: Target) -> str:
    """A token that opens everything, for faults that have nothing to do with the handshake."""
    bench = await _run(found, None, [s for s in SCENARIOS if s.name == "registered"], 0, "")
    assert bench.token
    return bench.token


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
    told = dict(fault.settings) if fault else {}
    given = await found.invite(hub=True if told.get("speaks_for") else None) if handshake else token
    calls = handshake or any(scenario.module == "commands" for scenario in scenarios)
    sockets = [bind("127.0.0.1", 0), bind("127.0.0.1", 0)] if calls else []
    urls = [f"http://127.0.0.1:{taken.getsockname()[1]}" for taken in sockets]
    settings = Settings(
        versions_url=found.versions_url,
        token=given,
        role=found.role,
        profile=found.profile,
        party=PARTY,
        write=True,
        handshake=handshake,
        commands=calls,
        listen_url=urls[0] if urls else "",
        rehearse=told.get("rehearse", 0.0),
        invitation=told.get("invitation", ""),
        speaks_for=told.get("speaks_for", ""),
        hub=told.get("hub", False),
        call_back=1.0 if told.get("rehearse") else 3.0,
        seed=number,
    )
    transport = Faulty(found.transport, fault) if fault and fault.side != "calls" else found.transport
    wire = Wire(transport, settings, Secrets(given))
    bench = Bench(settings, wire, Ledger(), None, given)
    async with AsyncExitStack() as stack:
        if calls:
            bench.counterpart = Counterpart(urls[0], wire, elsewhere=urls[1])
            bench.counterpart.observers.append(Listener(bench, bench.counterpart))
            app: Any = (
                Through(Faulty(AsgiTransport(bench.counterpart), fault))
                if fault and fault.side != "answers"
                else bench.counterpart
            )
            for taken in sockets:
                await stack.enter_async_context(listening(app, taken))
        playing = asyncio.create_task(play(bench, found))
        try:
            await Run(bench, scenarios=scenarios).go()
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
    return bench


def database(folder: Path, name: str = "target.db") -> str:
    """URL of a file that is not there yet."""
    return f"sqlite:///{folder / name}"
