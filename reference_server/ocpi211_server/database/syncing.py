"""Waiting for the disk in a thread: what SQLite calls synchronous=FULL, once for all who wait.

A transaction in SQLite's log outlasts a crash of the process; it outlasts a power cut once the log has been
synchronised. SQLite would do that within COMMIT, and hold up the loop. What is written later is good only if all
before it in the log is, so whatever a transaction has read is as durable as itself. Who only reads may see what a
power cut undoes in the same moment: whoever wrote it has no answer yet.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import threading
from collections.abc import Callable
from contextlib import suppress

__all__ = ["Disk"]

_log = logging.getLogger(__name__)

_synchronise = getattr(os, "fdatasync", os.fsync)  # the one that SQLite takes

Told = Callable[[OSError | None], None]


class Disk:
    """The disk under a file. It is asked for one thing at a time."""

    def __init__(self, path: str, loop: asyncio.AbstractEventLoop) -> None:
        self._file = os.open(path, os.O_RDWR)
        self._loop = loop
        # An executor would cost twice as much as this, 8 µs.
        self._asked: queue.SimpleQueue[Told | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="sqlite-disk", daemon=True)
        self._thread.start()

    def sync(self, done: Told) -> None:
        """Have `done` called on the loop when all that was written until now is on the disk, or may not be."""
        self._asked.put(done)

    def _run(self) -> None:
        # A system may forget what it failed to write, and call the next time a success. Nothing behind such a gap in
        # the log can be read again, so nothing more is promised until the database is opened anew.
        error: OSError | None = None
        while (done := self._asked.get()) is not None:
            try:
                if error is None:
                    _synchronise(self._file)
            except OSError as failed:
                error = failed
                _log.critical("the disk may have lost what was written last, so nothing is until a restart: %s", failed)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(done, error)

    def close(self) -> None:
        """End the thread and let go of the file. Blocks."""
        self._asked.put(None)
        self._thread.join()
        os.close(self._file)
