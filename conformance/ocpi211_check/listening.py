"""The counterpart on a socket: it listens before anybody is told of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn

from ocpi211_check.settings import CannotRun

__all__ = ["bind", "listening"]


class _Server(uvicorn.Server):
    """Leaves the signals to the run, which has a registration to put back."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def bind(host: str, port: int) -> socket.socket:
    """A socket to listen on; port 0 takes a free one. CannotRun if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise CannotRun(f"cannot listen on {host}:{port}: {error.strerror}") from None
    return taken


@asynccontextmanager
async def listening(application: Any, taken: socket.socket) -> AsyncGenerator[None]:  # noqa: ANN401  (any ASGI)
    """Serves the application on the socket, which it closes in the end."""
    config = uvicorn.Config(application, lifespan="off", log_level="critical", access_log=False, ws="none")
    server = _Server(config)
    task = asyncio.create_task(server.serve([taken]))
    try:
        while not server.started:
            if task.done():
                raise CannotRun("the tool's own server did not start")
            await asyncio.sleep(0.005)
        yield
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task
        taken.close()
