"""The server as processes: one, or on PostgreSQL several behind one socket, with the operators' port beside them.

The parent of several workers serves nothing but that port. It starts a worker anew that ends, and on SIGHUP changes
all of them one by one: the socket stays open, a new worker answers before an old one stops taking connections, and
what is under way is finished.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import uvicorn

from ocpi211_server.admin import admin_app
from ocpi211_server.app import Server, open_server
from ocpi211_server.delivery import backlog
from ocpi211_server.kept_settings import keep
from ocpi211_server.metrics import Metrics, read_published, scrape
from ocpi211_server.moments import now
from ocpi211_server.settings import Settings, write_settings

__all__ = ["listen", "run", "work"]

_log = logging.getLogger("ocpi211.serve")

_LOOPBACK = "127.0.0.1"
_READY = b"ready"
_SECONDS_TO_START = 60
_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. OSError if it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except BaseException:
        listening.close()
        raise
    listening.set_inheritable(True)
    return listening


async def run(settings: Settings) -> int:
    """Serve until a signal says otherwise; gives the exit status. OSError if a port is taken."""
    with listen(settings.host, settings.port) as public:
        settings = settings.model_copy(update={"port": public.getsockname()[1]})
        if settings.workers == 1:
            await _serve(settings, public)
            return 0
        return await _Supervisor(settings, public).run()


async def work(settings: Settings, descriptor: int, ready: int, folder: Path) -> None:
    """Serve as one of several workers, on the socket that the parent holds."""
    with socket.socket(fileno=descriptor) as public:
        await _serve(settings, public, ready=ready, folder=folder)


async def _hand_over(settings: Settings, worker: asyncio.subprocess.Process) -> None:
    if worker.stdin is not None:
        worker.stdin.write(write_settings(settings))
        with suppress(ConnectionError):
            await worker.stdin.drain()
        worker.stdin.close()


async def _serve(
    settings: Settings, public: socket.socket, *, ready: int | None = None, folder: Path | None = None
) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_server(settings))
        await keep(server.site.database, settings)
        await stack.enter_async_context(server.running())
        if folder is not None:
            await stack.enter_async_context(_beside(server.metrics.publish(folder, str(os.getpid()))))
        elif settings.admin_port is not None:
            await stack.enter_async_context(_admin(settings, server, lambda: server.metrics))
        if ready is not None:
            os.write(ready, _READY)
            os.close(ready)
        else:
            _log.info("%s (%s) at %s", settings.role, settings.profile_name, settings.base_url)
        await _uvicorn(server.asgi, settings).serve([public])


def _uvicorn(app: Any, settings: Settings) -> uvicorn.Server:  # noqa: ANN401  (ASGI has a name in every library)
    return uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=max(1, int(settings.graceful_timeout)),
        )
    )


@asynccontextmanager
async def _admin(settings: Settings, server: Server, counted: Callable[[], Metrics]) -> AsyncIterator[None]:
    """Health and metrics, on loopback."""

    async def page() -> bytes:
        build = {"version": version("ocpi211"), "role": settings.role, "profile": settings.profile_name}
        return await scrape(counted(), lambda: backlog(server.site.database, now()), build)

    with listen(_LOOPBACK, settings.admin_port or 0) as private:
        _log.info("health and metrics at http://%s:%s/metrics", *private.getsockname()[:2])
        admin = _Quiet(_uvicorn(admin_app(server.ready, page), settings).config)
        serving = asyncio.create_task(admin.serve([private]))
        try:
            yield
        finally:
            admin.should_exit = True
            await serving


class _Quiet(uvicorn.Server):
    """A second server in one process: signals are for the first."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def _beside(coroutine: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(coroutine)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Supervisor:
    """The parent of workers."""

    def __init__(self, settings: Settings, public: socket.socket) -> None:
        self._settings = settings
        self._public = public
        self._workers: list[asyncio.subprocess.Process] = []
        self._stopping = asyncio.Event()
        self._renewing = asyncio.Lock()

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        renewals: set[asyncio.Task[None]] = set()

        def renew() -> None:
            task = asyncio.create_task(self._renew())
            renewals.add(task)
            task.add_done_callback(renewals.discard)

        loop.add_signal_handler(signal.SIGHUP, renew)
        with tempfile.TemporaryDirectory(prefix="ocpi211-metrics-") as folder:
            async with AsyncExitStack() as stack:
                server = await stack.enter_async_context(open_server(self._settings))
                if self._settings.admin_port is not None:
                    await stack.enter_async_context(
                        _admin(self._settings, server, lambda: read_published(Path(folder)))
                    )
                self._folder = Path(folder)
                try:
                    return await self._watch()
                finally:
                    await self._stop(self._workers)

    async def _watch(self) -> int:
        settings = self._settings
        for _ in range(settings.workers):
            if not await self._start():
                return 1
        _log.info(
            "%s (%s) at %s: %s workers", settings.role, settings.profile_name, settings.base_url, settings.workers
        )
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 0.5)
            async with self._renewing:
                ended = [worker for worker in self._workers if worker.returncode is not None]
                for worker in ended:
                    _log.error("worker %s ended with %s; starting another", worker.pid, worker.returncode)
                    self._workers.remove(worker)
                    if not self._stopping.is_set():
                        await self._start()
        return 0

    async def _renew(self) -> None:
        """Each worker is replaced by one with the settings and the code of now."""
        async with self._renewing:
            for old in list(self._workers):
                if not await self._start():
                    _log.error("the new worker did not start: the others stay as they are")
                    return
                self._workers.remove(old)
                await self._stop([old])
            _log.info("all workers are new")

    async def _start(self) -> bool:
        """A worker more; False if it does not come up."""
        reading, writing = os.pipe()
        os.set_inheritable(writing, True)  # noqa: FBT003  (it takes no name)
        public = self._public.fileno()
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ocpi211_server",
            "work",
            str(public),
            str(writing),
            str(self._folder),
            stdin=asyncio.subprocess.PIPE,
            pass_fds=(public, writing),
        )
        os.close(writing)
        # Not in its arguments or environment, which other users of the machine may read: it holds the secret key.
        await _hand_over(self._settings, worker)
        self._workers.append(worker)
        try:
            async with asyncio.timeout(_SECONDS_TO_START):
                said = await asyncio.to_thread(os.read, reading, len(_READY))
        except TimeoutError:
            said = b""
        finally:
            os.close(reading)
        if said != _READY:
            self._workers.remove(worker)
            await self._stop([worker])
            _log.error("a worker did not come up")
        return said == _READY

    async def _stop(self, workers: Sequence[asyncio.subprocess.Process]) -> None:
        """Have workers finish what is under way, and end; those that do not are killed."""
        for worker in workers:
            with suppress(ProcessLookupError):
                worker.terminate()
        try:
            async with asyncio.timeout(self._settings.graceful_timeout + 5):
                await asyncio.gather(*(worker.wait() for worker in workers))
        except TimeoutError:
            for worker in workers:
                with suppress(ProcessLookupError):
                    worker.kill()
            await asyncio.gather(*(worker.wait() for worker in workers))
