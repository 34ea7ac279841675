"""A server to be measured, beside an empty Starlette route in the same process, on the same uvicorn.

    python -m benchmarks.served SETTINGS READERS STUB COUNTING

SETTINGS is JSON. Of a hub, so many eMSPs read along at the URL of a stub. COUNTING is the folder of callgrind, which
counts from the first `/mark` on and ends a stretch with each; it is empty where nothing is counted. Prints the port and
the tokens of its partners, then serves until standard input ends. `/cpu` tells the nanoseconds of CPU that the process
has spent; `/settled` does once what was gathered is written and nothing is left to do.
"""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from benchmarks.callgrind import begin, command, mark
from benchmarks.wire import Target
from ocpi211_server.app import Server, open_server
from ocpi211_server.database import Work, sql
from ocpi211_server.operating.logs import configure
from ocpi211_server.registration.invitations import Invitations
from ocpi211_server.serving.listening import Listener, listen
from ocpi211_server.settings import Settings

__all__ = ["AS_DELIVERED", "CPOS", "application", "introduce", "served", "settings_of"]

AS_DELIVERED = {"message_log": "all", "log_level": "INFO"}
"""What a server does with each request unless it is told not to: a message is kept, and a line written, to a file."""
CPOS = {1: "C01", 10: "C10", 50: "C50", 200: "C99"}
"""Of a hub: by how many eMSPs read along, the CPO whose Locations they get."""

_BUSY = 0.1  # of the time: what waiting and the clock cost, and no more
_MODULES = ("locations", "sessions", "cdrs", "tariffs", "tokens", "commands", "credentials")


async def _empty(_: Request) -> Response:
    """What a request costs that does nothing."""
    return JSONResponse({})


async def _cpu(_: Request) -> Response:
    return JSONResponse(time.process_time_ns())


def _settled(server: Server) -> Callable[[Request], Awaitable[Response]]:
    """Lines and messages are gathered for a while: they are written now, so that no later request pays for them."""

    async def settled(request: Request) -> Response:
        await server.notes.flush()
        quiet, spent = int(request.query_params["ms"]) / 1000, 1.0
        while spent > _BUSY * quiet:
            before = time.process_time()
            await asyncio.sleep(quiet)
            spent = time.process_time() - before
        return await _cpu(request)

    return settled


def _marking(counting: str) -> Callable[[Request], Awaitable[Response]]:
    first = iter([partial(begin, Path(counting))])

    async def marked(_: Request) -> Response:
        next(first, mark)()
        return JSONResponse({})

    return marked


def application(server: Server, counting: str = "") -> Any:  # noqa: ANN401  (ASGI)
    """Some bare routes, and the server."""
    routes = {"/empty": _empty, "/cpu": _cpu, "/settled": _settled(server), "/mark": _marking(counting)}
    bare = Starlette(routes=[Route(path, endpoint) for path, endpoint in routes.items()])

    async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401
        await (server.asgi if scope["path"].startswith("/ocpi/") else bare)(scope, receive, send)

    return app


def settings_of(given: dict[str, Any], port: int) -> Settings:
    """Settings for measuring: no pulls, and lines and messages of each request only where they are asked for."""
    quiet = {"insecure_dev": True, "pull_every": 0, "log_level": "WARNING", "message_log": "off"}
    return Settings.model_validate(quiet | {"secret_key": "made up for measuring", "port": port} | given)


async def introduce(server: Server, readers: int = 0, stub: str = "") -> list[str]:
    """Partners as if they had registered; gives their tokens. A hub meets four CPOs and `readers` eMSPs."""
    role = server.settings.role
    if role != "hub":
        party = ("emsp", "EMP") if role == "cpo" else ("cpo", "CPO")
        tokens = [await _partner(server, *party, "http://127.0.0.1:9")]
    else:
        tokens = [await _partner(server, "cpo", name, stub) for name in CPOS.values()]
        for number in range(readers):
            await _partner(server, "emsp", f"{number:03}", stub)
        await server.site.database.write(_agreed, readers)
    await server.site.database.write(_active)
    return tokens


async def _partner(server: Server, role: Any, party_id: str, url: str) -> str:  # noqa: ANN401  (a literal there)
    partners = server.site.partners
    token = await Invitations(partners, server.site.egress).invite(role, "FR", party_id, origins=[url])
    endpoints = {name: f"{url}/{party_id}/{name}" for name in _MODULES}
    secret = partners.vault.seal("made-up-for-measuring")
    await partners.database.write(_registered, role, party_id, json.dumps(endpoints), secret)
    return token


def _registered(role: str, party_id: str, endpoints: str, secret: bytes) -> Work[None]:
    yield sql(
        "UPDATE partner SET state = 'registered', endpoints = $3, secret = $4 WHERE role = $1 AND party_id = $2",
        role,
        party_id,
        endpoints,
        secret,
    )


def _agreed(readers: int) -> Work[None]:
    for count, name in CPOS.items():
        for number in range(min(count, readers)):
            text = "INSERT INTO agreement (cpo, emsp, made) VALUES ($1, $2, 0)"
            yield sql(text, f"FR*{name}", f"FR*{number:03}")


def _active() -> Work[None]:
    yield sql("UPDATE credential SET kind = 'active'")


async def _serve(given: dict[str, Any], readers: int, stub: str, counting: str) -> None:
    with listen("127.0.0.1", 0) as public, TemporaryFile("w", encoding="utf-8") as lines:
        settings = settings_of(given, public.getsockname()[1])
        configure(settings.log_format, settings.log_level, lines if settings.log_level == "INFO" else sys.stderr)
        # What is done twice a second would be done a hundred times as often, for what is counted.
        async with open_server(settings) as server, nullcontext() if counting else server.running():
            tokens = await introduce(server, readers, stub)
            gc.collect()
            gc.freeze()
            listener = Listener(application(server, counting), settings)
            serving = asyncio.create_task(listener.serve([public]))
            sys.stdout.write(f"{settings.port} {' '.join(tokens)}\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.read)
            listener.hurry()
            await serving


@contextmanager
def served(given: dict[str, Any], readers: int = 0, stub: str = "", *, counting: str = "") -> Iterator[list[Target]]:
    """Such a server in a process of its own, once for each of its partners; under callgrind with a folder for it."""
    arguments = ["-m", "benchmarks.served", json.dumps(given), str(readers), stub, counting]
    program = command(Path(counting), arguments) if counting else [sys.executable, *arguments]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101  (it was asked for)
        port, *tokens = process.stdout.readline().split() or ["0"]
        if not tokens:
            raise RuntimeError("the server did not start")
        try:
            yield [Target(int(port), token, settles=True) for token in tokens]
        finally:
            process.communicate("")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(json.loads(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
