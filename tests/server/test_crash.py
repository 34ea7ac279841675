"""Kill -9 at any moment: whatever a CPO was told the hub has, the eMSP gets in the end, and no CDR twice.

The hub runs as processes of its own, is killed again and again while Sessions and CDRs come in and go out, and is
started again at once. The eMSP is a real one that fails a tenth of the requests, also after it has acted on them.
"""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable, MutableMapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from ocpi211_server.delivery import list_deliveries
from ocpi211_server.moments import now
from ocpi211_server.registration.vault import Vault
from ocpi211_server.serving.given_settings import flag_of
from ocpi211_server.serving.listening import listen, served
from tests.server.processes import gone
from tests.server.samples import cdr, session, stamp
from tests.server.stage import QUICK, Actor, actor, join, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="forks, and looks into /proc")

KEY = Vault.new_key()
Event = MutableMapping[str, Any]


class Faulty:
    """The eMSP, a tenth of the time out of order: it says so, hangs up, or hangs up when it has acted."""

    def __init__(self, app: Callable[..., Any], chance: random.Random) -> None:
        self._app = app
        self._chance = chance
        self.faults = 0

    async def __call__(self, scope: Event, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        fault = self._chance.choice(["busy", "deaf", "cut off"]) if self._chance.random() < 0.1 else ""
        self.faults += bool(fault)
        if not fault:
            await self._app(scope, receive, send)
            return
        if fault == "cut off":
            await self._app(scope, receive, unheard)
        busy = fault == "busy"
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 503 if busy else 200, "headers": headers})
        # Half of the body that was announced, and uvicorn hangs up.
        await send(
            {"type": "http.response.body", "body": b"{}" if fault == "busy" else b"{", "more_body": fault != "busy"}
        )


async def unheard(_: Event) -> None:
    """An answer that nobody gets."""


class Hub:
    """A process of the hub, which is killed and started again."""

    def __init__(self, zygote: asyncio.subprocess.Process, database: str, port: int) -> None:
        settings = {
            **QUICK,
            "role": "hub",
            "database": database,
            "port": port,
            "worker_stale": 1,
            "agreements": "all",
            "message_log": "off",
            "log_level": "ERROR",
        }
        del settings["secret_key"]
        self._command = ["run", *(f"{flag_of(n)}={v}" if v is not True else flag_of(n) for n, v in settings.items())]
        self._zygote = zygote
        self.pid = 0
        self.answers = 0
        self.url = f"http://127.0.0.1:{port}/ocpi"

    async def start(self) -> None:
        stdin, stdout = self._zygote.stdin, self._zygote.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(self._command).encode() + b"\n")
        self.pid = int(await stdout.readline())

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):  # it had no time to make a group of its own
            os.kill(self.pid, signal.SIGKILL)
        await gone(self.pid)


class Cpo:
    """Charges, one after the other; each message is sent until the hub has said that it has it."""

    def __init__(self, hubs: Sequence[Hub], token: str, http: aiohttp.ClientSession, chance: random.Random) -> None:
        self._hubs = hubs
        self._headers = {"Authorization": f"Token {token}"}
        self._http = http
        self._chance = chance
        self.over = False
        self.unanswered = 0
        self.sessions: dict[str, float] = {}
        """Id → kWh, as last acknowledged."""
        self.cdrs: set[str] = set()

    async def charge(self, lane: int) -> None:
        """Charge after charge, until it is over."""
        number = 0
        while not self.over:
            number += 1
            id_ = f"S{lane}-{number}"
            path = f"/emsp/2.1.1/sessions/FR/CPO/{id_}"
            await self._tell("PUT", path, session(id=id_, kwh=0.5, last_updated=stamp(-30)))
            self.sessions[id_] = 0.5
            for kwh, status in ((1.5, "ACTIVE"), (11.5, "COMPLETED")):
                await self._tell("PATCH", path, {"kwh": kwh, "status": status, "last_updated": stamp(-20 + kwh)})
                self.sessions[id_] = kwh
            await self._tell("POST", "/emsp/2.1.1/cdrs", cdr(id=id_))
            self.cdrs.add(id_)

    async def _tell(self, method: str, path: str, message: dict[str, Any]) -> None:
        body = json.dumps(message)
        while True:
            hub = self._chance.choice(self._hubs)
            with suppress(aiohttp.ClientError, OSError, ValueError):
                async with self._http.request(method, hub.url + path, data=body, headers=self._headers) as answer:
                    if (await answer.json())["status_code"] == 1000:
                        hub.answers += 1
                        return
            self.unanswered += 1
            await asyncio.sleep(0.01)


@asynccontextmanager
async def forking() -> AsyncIterator[asyncio.subprocess.Process]:
    """The process that servers are forked from."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("OCPI211_")}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.server.zygote"),
        stdin=pipe,
        stdout=pipe,
        cwd=Path(__file__).parents[2],
        env={**own, "OCPI211_SECRET_KEY": KEY},
    )
    try:
        yield process
    finally:
        process.kill()
        await process.communicate()


@pytest.mark.parametrize(("kind", "processes", "kills"), [("sqlite", 1, 40), ("postgresql", 2, 40)])
def test_what_was_acknowledged_arrives_once_however_often_the_hub_is_killed(
    kind: str, processes: int, kills: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    database: str = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url")

    async def play() -> None:
        chance = random.Random(211)  # noqa: S311  (the same each time)
        async with AsyncExitStack() as stack:
            emsp, faulty, token = await prepared(stack, f"sqlite:///{tmp_path}/emsp.db", database, chance)
            zygote = await stack.enter_async_context(forking())
            ports = []
            for _ in range(processes):
                with listen("127.0.0.1", 0) as free:
                    ports.append(free.getsockname()[1])
            hubs = [Hub(zygote, database, port) for port in ports]
            for hub in hubs:
                await hub.start()
                stack.push_async_callback(hub.kill)
            http = await stack.enter_async_context(aiohttp.ClientSession())
            cpo = Cpo(hubs, token, http, chance)
            async with asyncio.TaskGroup() as group:
                for lane in range(4):
                    group.create_task(cpo.charge(lane))
                for kill in range(kills):
                    hub = hubs[kill % processes]
                    await some_moment(hub, chance)
                    await hub.kill()
                    await hub.start()
                cpo.over = True
            await all_arrived(emsp, database, cpo)
            assert faulty.faults > 0
            assert cpo.unanswered > 0

    asyncio.run(asyncio.wait_for(play(), 180))


async def some_moment(hub: Hub, chance: random.Random) -> None:
    """A while after its start: mostly when it has answered a few times, now and then before it can."""
    if chance.random() < 0.85:
        enough = hub.answers + chance.randint(1, 15)

        async def answered() -> bool:
            return hub.answers >= enough

        await until(answered, "the hub answers")
    await asyncio.sleep(chance.uniform(0, 0.05))


async def prepared(stack: AsyncExitStack, own: str, database: str, chance: random.Random) -> tuple[Actor, Faulty, str]:
    """An eMSP that is registered with the hub and fails now and then, and the token of a CPO."""
    public = stack.enter_context(listen("127.0.0.1", 0))
    url = f"http://127.0.0.1:{public.getsockname()[1]}/ocpi"
    emsp = await stack.enter_async_context(actor(own, "emsp", public_url=url, message_log="off"))
    faulty = Faulty(emsp.server.asgi, chance)
    async with AsyncExitStack() as in_order:
        settings = emsp.server.settings
        hub = await in_order.enter_async_context(actor(database, "hub", agreements="all", secret_key=KEY))
        await in_order.enter_async_context(served(emsp.server.asgi, settings, public.dup()))
        await join(emsp, "emsp", hub)
        token = await hub.guest("cpo", "FR", "CPO")
    await stack.enter_async_context(served(faulty, settings, public))
    return emsp, faulty, token


async def all_arrived(emsp: Actor, database: str, cpo: Cpo) -> None:
    """What the hub had acknowledged is at the eMSP, to the last state; each CDR once."""
    own = emsp.server.site.database

    async def nothing_waits() -> bool:
        async with actor(database, "hub", secret_key=KEY) as hub:
            left = await list_deliveries(hub.server.site.database, now(), most=10_000)
        assert not [entry for entry in left if entry.state == "parked"]
        return not left

    await until(nothing_waits, "everything is delivered", 60)
    rows = await own.read("SELECT id, body FROM object WHERE module = 'sessions'")
    assert {row["id"]: json.loads(row["body"])["kwh"] for row in rows} == cpo.sessions
    rows = await own.read("SELECT body FROM object WHERE module = 'cdrs'")
    assert sorted(json.loads(row["body"])["id"] for row in rows) == sorted(cpo.cdrs)
    assert await own.read("SELECT 1 FROM kept_aside") == []
    assert len(cpo.cdrs) > 20
