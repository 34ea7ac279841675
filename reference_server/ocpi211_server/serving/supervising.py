"""The parent of several workers, which share one socket: it serves nothing itself.

A worker that ends is replaced. On SIGHUP all are, one by one, by processes that run the code of now: the socket stays
open, a new worker answers before an old one stops taking connections, and what is under way is finished.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ocpi211_server.serving.listening import on_signals
from ocpi211_server.settings import Settings, write_settings

__all__ = ["READY", "Supervisor"]

_log = logging.getLogger("ocpi211.serve")

READY = b"ready\n"
"""What a worker says when it takes connections."""

_SECONDS_TO_START = 60
_SECONDS_TO_END = 20  # behind the last request: deliveries under way, the message log
_SECONDS_BETWEEN_LOOKS = 0.2


@dataclass(slots=True, eq=False)
class _Worker:
    process: asyncio.subprocess.Process
    channel: asyncio.StreamWriter
    """Closed, also by the end of this process, it tells the worker to stop."""
    ready: bool = False


class Supervisor:
    """Starts workers, and sees to it that there are enough of them."""

    def __init__(self, settings: Settings, public: socket.socket, folder: Path) -> None:
        self._settings = settings
        self._public = public
        self._folder = folder
        self._workers: list[_Worker] = []
        self._stopping = asyncio.Event()
        self._renewing = False
        self._woken = asyncio.Event()

    def complaint(self) -> str:
        """Why no request would be answered; empty if one would be."""
        if self._stopping.is_set():
            return "it is being stopped"
        serving = any(worker.ready and worker.process.returncode is None for worker in self._workers)
        return "" if serving else "no worker runs"

    async def run(self) -> int:
        """Serve until a signal says otherwise; gives the exit status."""
        on_signals(self._stop, "SIGTERM")
        on_signals(self._interrupted, "SIGINT")
        on_signals(self._renew, "SIGHUP")
        try:
            if not all(await asyncio.gather(*(self._start() for _ in range(self._settings.workers)))):
                return 1
            _log.info(
                "%s (%s) at %s: %d workers",
                self._settings.role,
                self._settings.profile_name,
                self._settings.base_url,
                self._settings.workers,
            )
            await self._watch()
            _log.info("stopping")
            return 0
        finally:
            self._public.close()  # who comes now is refused, and does not wait for an answer in vain
            await self._end(self._workers)

    def _stop(self) -> None:
        self._stopping.set()
        self._woken.set()

    def _interrupted(self) -> None:
        if self._stopping.is_set():
            _kill(self._workers)
        self._stop()

    def _renew(self) -> None:
        self._renewing = True
        self._woken.set()

    async def _watch(self) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_SECONDS_BETWEEN_LOOKS):
                    await self._woken.wait()
            self._woken.clear()
            if self._renewing:
                self._renewing = False
                await self._replace_all()
            for worker in [worker for worker in self._workers if worker.process.returncode is not None]:
                _log.error("worker %d ended with %d", worker.process.pid, worker.process.returncode)
                self._workers.remove(worker)
                worker.channel.close()
            if len(self._workers) < self._settings.workers and not self._stopping.is_set() and not await self._start():
                await asyncio.sleep(1)  # what keeps it from starting may pass

    async def _replace_all(self) -> None:
        for old in list(self._workers):
            if self._stopping.is_set():
                return
            if not await self._start():
                _log.error("the new worker did not start: the others stay as they are")
                return
            self._workers.remove(old)
            await self._end([old])
        _log.info("all workers are new")

    async def _start(self) -> bool:
        """A worker more; False if it does not come up."""
        ours, theirs = socket.socketpair()
        descriptors = (self._public.fileno(), theirs.fileno())
        with theirs:
            command = (sys.executable, "-m", "ocpi211_server", "work", *map(str, descriptors), str(self._folder))
            process = await asyncio.create_subprocess_exec(*command, pass_fds=descriptors)
        reader, channel = await asyncio.open_connection(sock=ours)
        worker = _Worker(process, channel)
        self._workers.append(worker)
        # Not among its arguments or variables, which others on this machine may read: one is the secret key.
        channel.write(write_settings(self._settings) + b"\n")
        try:
            async with asyncio.timeout(_SECONDS_TO_START):
                ready = await reader.readline()
        except (TimeoutError, ConnectionError):
            ready = b""
        worker.ready = ready == READY
        if not worker.ready:
            _log.error("worker %d did not come up", process.pid)
            self._workers.remove(worker)
            await self._end([worker])
        return worker.ready

    async def _end(self, workers: Collection[_Worker]) -> None:
        """Have workers finish what is under way, and end; those that do not are killed."""
        for worker in workers:
            with suppress(ProcessLookupError):
                worker.process.terminate()
        try:
            async with asyncio.timeout(self._settings.graceful_timeout + _SECONDS_TO_END):
                await asyncio.gather(*(worker.process.wait() for worker in workers))
        except TimeoutError:
            _kill(workers)
            await asyncio.gather(*(worker.process.wait() for worker in workers))
        for worker in workers:
            worker.channel.close()


def _kill(workers: Collection[_Worker]) -> None:
    for worker in workers:
        with suppress(ProcessLookupError):
            worker.process.kill()
