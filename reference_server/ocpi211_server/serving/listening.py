"""A socket, and uvicorn on it, which stops without cutting anybody off.

Who keeps a connection open may send its next request at the moment we stop. So a server that is stopping takes no new
connections, but goes on to answer on those it has, tells each peer to open another one, and waits: for those that are
busy until they have their answer, for those that idle until they have idled as long as any may.
"""

from __future__ import annotations

import asyncio
import random
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import Any

import uvicorn

from ocpi211_server.settings import Settings

__all__ = ["Listener", "free_port", "listen", "on_signals", "served"]

_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. OSError says where, and why it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, or asyncio leaves Nagle on: each answer would wait 40 ms for the ACK of its head.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise OSError(f"{host}:{port} cannot be listened on: {error.strerror}") from None
    return listening


def free_port() -> int:
    """A port of this machine that is free, and stays free while its server is down. OSError if none of many is.

    It is none of those that systems give to whoever asks for any: one of these may be taken before it is listened on.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        with suppress(OSError), listen("127.0.0.1", port):
            return port
    raise OSError("no free port was found between 20000 and 32000")


def on_signals(call: Callable[[], object], *names: str) -> None:
    """Have the running loop call it when one of these signals comes, those that the system has."""
    loop = asyncio.get_running_loop()

    def soon(*_: object) -> None:
        loop.call_soon_threadsafe(call)

    for number in (getattr(signal, name) for name in names if hasattr(signal, name)):
        try:
            loop.add_signal_handler(number, call)
        except NotImplementedError:  # Windows
            signal.signal(number, soon)


class Listener(uvicorn.Server):
    """Uvicorn on a socket of ours. Signals are for whoever runs it; `stop` is what they come to."""

    def __init__(self, app: Any, settings: Settings) -> None:  # noqa: ANN401  (ASGI has a name in every library)
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                ws="none",
                log_config=None,
                log_level="warning",  # its start and its end are told by us
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=settings.keep_alive,
                timeout_graceful_shutdown=1,  # behind our own
            )
        )
        self._patience = settings.graceful_timeout
        self.on_start: Callable[[], object] = lambda: None
        """Called when connections are taken."""

    def stop(self) -> None:
        """Take no new connections, and end when those there are have ended."""
        self.should_exit = True

    def hurry(self) -> None:
        """End at once."""
        self.should_exit = self.force_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: uvicorn would raise them again, and nothing behind it would be put in order."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take connections, and say so."""
        await super().startup(sockets)
        self.on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections; end those there are."""
        waiting = [each for listening in sockets or () for each in self._connected(listening)]
        for server in self.servers:
            server.close()
        await asyncio.gather(*waiting, return_exceptions=True)
        state = self.server_state
        state.default_headers = [*state.default_headers, (b"connection", b"close")]
        for connection in list(state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is not None and not cycle.response_complete:
                connection.shutdown()  # which closes it behind this answer, and would close one that idles at once
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while state.connections and not self.force_exit:  # noqa: ASYNC110  (uvicorn tells nobody)
                    await asyncio.sleep(0.02)
        await super().shutdown(sockets)

    def _connected(self, listening: socket.socket) -> Iterator[asyncio.Task[object]]:
        """Take those who wait to be taken: the system would hang up on them when it closes the socket."""
        loop = asyncio.get_running_loop()
        made: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        new = partial(made, self.config, self.server_state, {})
        listening.setblocking(False)  # noqa: FBT003  (it takes no name)
        with suppress(OSError):  # there are no more
            while True:
                connection, _ = listening.accept()
                yield loop.create_task(loop.connect_accepted_socket(new, connection))


@asynccontextmanager
async def served(app: Any, settings: Settings, listening: socket.socket) -> AsyncIterator[None]:  # noqa: ANN401  (as above)
    """An application beside another, as long as that runs."""
    listener = Listener(app, settings)
    serving = asyncio.create_task(listener.serve([listening]))
    try:
        yield
    finally:
        listener.hurry()
        await serving
