"""The server as a process that serves, alone or as one of several workers, with the operators' port beside it."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from ocpi211_server.app import Server, open_server
from ocpi211_server.delivery import backlog
from ocpi211_server.moments import now
from ocpi211_server.operating.admin import admin_app
from ocpi211_server.operating.metrics import Metrics, read_published, scrape
from ocpi211_server.serving.fault_switch import Spoils, faults_named
from ocpi211_server.serving.kept_settings import keep
from ocpi211_server.serving.listening import Listener, listen, on_signals, served
from ocpi211_server.serving.supervising import READY, Supervisor
from ocpi211_server.settings import Settings

__all__ = ["listen", "run", "work"]

_log = logging.getLogger("ocpi211.serve")

_LOOPBACK = "127.0.0.1"


async def run(settings: Settings, faults: Sequence[str] = ()) -> int:
    """Serve until a signal says otherwise, with these faults; gives the exit status.

    OSError for a port that is taken, DatabaseError or SettingsError for what else keeps it from starting.
    """
    spoils = faults_named(faults, settings)
    with ExitStack() as stack:
        public = stack.enter_context(listen(settings.host, settings.port))
        settings = settings.model_copy(update={"port": public.getsockname()[1]})
        private = None
        if settings.admin_port is not None:
            private = stack.enter_context(listen(_LOOPBACK, settings.admin_port))
        if settings.workers > 1:
            return await _supervise(settings, public, private)
        await _serve(settings, public, private, spoils)
        return 0


async def work(settings: Settings, public: socket.socket, parent: socket.socket, folder: Path) -> None:
    """Serve as one of several workers, on the socket that the parent holds, until it says so or is gone."""
    loop = asyncio.get_running_loop()
    async with _opened(settings) as (server, listener):
        on_signals(listener.stop, "SIGTERM")
        # The parent hears of these as well, and says what it makes of them.
        on_signals(lambda: None, "SIGINT", "SIGHUP")

        def gone() -> None:
            loop.remove_reader(parent)
            listener.stop()

        loop.add_reader(parent, gone)
        listener.on_start = lambda: parent.sendall(READY)
        publishing = asyncio.create_task(server.metrics.publish(folder, f"{os.getpid()}-{now()}"))
        try:
            await listener.serve([public])
        finally:
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)


async def _serve(
    settings: Settings, public: socket.socket, private: socket.socket | None, spoils: Spoils | None
) -> None:
    """Serve as the only process."""
    async with AsyncExitStack() as stack:
        server, listener = await stack.enter_async_context(_opened(settings, spoils))

        def interrupted() -> None:
            (listener.hurry if listener.should_exit else listener.stop)()

        on_signals(interrupted, "SIGINT")
        on_signals(listener.stop, "SIGTERM", "SIGHUP")
        if private is not None:
            desk = _Desk(server, lambda: server.metrics, lambda: "it is being stopped" if listener.should_exit else "")
            await stack.enter_async_context(desk.open_on(private))
        _log.info("%s (%s) at %s", settings.role, settings.profile_name, settings.base_url)
        await listener.serve([public])
        _log.info("stopped")


async def _supervise(settings: Settings, public: socket.socket, private: socket.socket | None) -> int:
    """Have workers serve."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="ocpi211-metrics-")))
        # What would keep every worker from starting is told once, here.
        server = await stack.enter_async_context(open_server(settings))
        supervisor = Supervisor(settings, public, folder)
        if private is not None:
            desk = _Desk(server, lambda: read_published(folder), supervisor.complaint)
            await stack.enter_async_context(desk.open_on(private))
        return await supervisor.run()


@asynccontextmanager
async def _opened(settings: Settings, spoils: Spoils | None = None) -> AsyncIterator[tuple[Server, Listener]]:
    async with open_server(settings) as server:
        await keep(server.site.database, settings)
        app = server.asgi
        if spoils is not None:
            app = spoils.before(app, settings.base_url)
            spoils.behind(server.site.egress)
        async with server.running():
            # What is alive now stays: the collector need not go through all of the models again and again.
            gc.freeze()
            yield server, Listener(app, settings)


class _Desk:
    """Health and metrics, on loopback."""

    def __init__(self, server: Server, counted: Callable[[], Metrics], complaint: Callable[[], str]) -> None:
        self._server = server
        self._counted = counted
        self._complaint = complaint

    @asynccontextmanager
    async def open_on(self, listening: socket.socket) -> AsyncIterator[None]:
        """Serve them as long as the server runs."""
        async with served(admin_app(self._ready, self._page), self._server.settings, listening):
            _log.info("health and metrics at http://%s:%s/metrics", *listening.getsockname())
            yield

    async def _ready(self) -> Mapping[str, str]:
        return {"serving": self._complaint(), **await self._server.ready()}

    async def _page(self) -> bytes:
        settings, database = self._server.settings, self._server.site.database
        build = {"version": version("ocpi211"), "role": settings.role, "profile": settings.profile_name}
        return await scrape(self._counted(), lambda: backlog(database, now()), build)
