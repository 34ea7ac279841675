"""A server to be measured: the CPO or eMSP beside an empty Starlette route, in one process, on one uvicorn.

    python -m benchmarks.served ROLE DATABASE OBJECTS SYNCHRONOUS

Prints its port and the tokens of a partner, then serves until standard input ends. `/cpu` tells the CPU time spent.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from benchmarks import payloads
from ocpi211.models import Location, Token
from ocpi211_runtime.envelope import to_wire
from ocpi211_server.app import Server, open_server
from ocpi211_server.database import Work, sql
from ocpi211_server.described import described
from ocpi211_server.invitations import Invitations
from ocpi211_server.logs import configure
from ocpi211_server.moments import seconds
from ocpi211_server.serve import listen
from ocpi211_server.settings import Settings
from ocpi211_server.store import save

OWN = {"cpo": "FR*CPO", "emsp": "FR*EMP"}
PARTNER = {"cpo": ("emsp", "FR", "EMP"), "emsp": ("cpo", "FR", "CPO")}
_AT_ONCE = 2000


async def empty(_: Request) -> Response:
    """What a request costs that does nothing."""
    return JSONResponse({})


async def cpu(_: Request) -> Response:
    """Nanoseconds of CPU that this process has spent."""
    return JSONResponse(time.process_time_ns())


def application(server: Server) -> Any:  # noqa: ANN401  (ASGI)
    """Two bare routes, and the server."""
    bare = Starlette(routes=[Route("/empty", empty), Route("/cpu", cpu)])

    async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401
        await (server.asgi if scope["path"].startswith("/ocpi/") else bare)(scope, receive, send)

    return app


async def fill(server: Server, count: int) -> None:
    """Locations of a CPO, Tokens of an eMSP."""
    role = server.settings.role
    module = "locations" if role == "cpo" else "tokens"
    for first in range(0, count, _AT_ONCE):
        await server.site.database.write(_filling, server, module, range(first, min(first + _AT_ONCE, count)))
    if server.site.database.name == "sqlite":
        await server.site.database.write(_analysed)


def _filling(server: Server, module: str, numbers: range) -> Work[None]:
    for number in numbers:
        given = payloads.location(2, 2) | {"id": f"L{number}"} if module == "locations" else payloads.token(number)
        model: Any = (Location if module == "locations" else Token).model_validate_json(payloads.encoded(given))
        id_ = model.id if module == "locations" else model.uid
        owner = OWN[server.settings.role]
        yield from save(described(module, owner, id_, model, to_wire(model), None, seconds(model.last_updated)))


def _analysed() -> Work[None]:
    yield sql("ANALYZE")


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(role: str, database: str, count: int, synchronous: str) -> None:
    """Serve until standard input ends."""
    configure(level="WARNING")
    with listen("127.0.0.1", 0) as public:
        settings = Settings.model_validate(
            {
                "role": role,
                "database": database,
                "synchronous": synchronous,
                "insecure_dev": True,
                "secret_key": "made up for measuring",
                "port": public.getsockname()[1],
                "pull_every": 0,
                "log_level": "WARNING",
                "message_log": "off",
            }
        )
        async with open_server(settings) as server, server.running():
            await fill(server, count)
            invitations = Invitations(server.site.partners, server.site.egress)
            token = await invitations.invite(*PARTNER[role], origins=["http://127.0.0.1:9"])  # type: ignore[arg-type]
            await server.site.database.write(_active)
            gc.collect()
            gc.freeze()
            running = _Quiet(uvicorn.Config(application(server), lifespan="off", log_config=None, access_log=False))
            serving = asyncio.create_task(running.serve([public]))
            sys.stdout.write(f"{settings.port} {token}\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.read)
            running.should_exit = True
            await serving


def _active() -> Work[None]:
    yield sql("UPDATE partner SET state = 'registered'")
    yield sql("UPDATE credential SET kind = 'active'")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
