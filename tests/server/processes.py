"""`ocpi211-server run` as a process of its own, for tests of what no single event loop shows: signals and crashes."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from ocpi211_server.database import Work, open_database, sql
from ocpi211_server.registration.vault import Vault
from ocpi211_server.serving.given_settings import flag_of
from tests.server.stage import QUICK, actor

__all__ = ["SECRET", "Process", "children", "gone", "guests", "sealed", "started"]

_at = re.compile(r"at (http://\S+?)(?:/metrics|: \d+ workers)? ")
SECRET = str(QUICK["secret_key"])


class Process:
    """A server that runs; `lines` is what it has logged so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self.url = ""
        self.admin = ""
        self._reading = asyncio.create_task(self._read())
        self._news = asyncio.Condition()

    @property
    def pid(self) -> int:
        return self.process.pid

    async def says(self, text: str, *, behind: int = 0) -> None:
        """Wait until a line of the log, behind so many others, holds this."""
        async with asyncio.timeout(60), self._news:
            await self._news.wait_for(lambda: self.said(text, behind=behind) or self._reading.done())
        assert self.said(text, behind=behind), self.lines

    def said(self, text: str, *, behind: int = 0) -> bool:
        return any(text in line for line in self.lines[behind:])

    async def ended(self) -> int:
        """Wait for its end; gives the exit status."""
        await asyncio.wait([self._reading], timeout=60)
        assert self._reading.done(), "it does not end"
        return await self.process.wait()

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    async def _read(self) -> None:
        stream = self.process.stderr
        assert stream is not None
        async for raw in stream:
            line = raw.decode()
            self.lines.append(line)
            if found := _at.search(line):
                if "health and metrics" in line:
                    self.admin = found[1]
                else:
                    self.url = found[1]
            async with self._news:
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()


@asynccontextmanager
async def started(
    *options: str,
    serves: bool = True,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    **settings: Any,
) -> AsyncIterator[Process]:
    """A server with these settings, on a free port unless they name one; killed at the end if it still runs."""
    given = {**QUICK, "port": 0, "admin_port": 0, **settings}
    del given["secret_key"]
    flags = [flag_of(name) if value is True else f"{flag_of(name)}={value}" for name, value in given.items()]
    own = {name: value for name, value in os.environ.items() if not name.startswith("OCPI211_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ocpi211_server", "run", *flags, *options),
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env={**own, "OCPI211_SECRET_KEY": SECRET, **(environment or {})},
        start_new_session=True,
    )
    running = Process(process)
    try:
        if serves:
            await running.says(f"{settings['role']} (")
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await running.ended()


def children(pid: int) -> list[int]:
    """The processes that this one has started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(child) for child in listed.split()]


async def gone(pid: int, seconds: float = 60) -> None:
    """Wait until there is no such process."""
    async with asyncio.timeout(seconds):
        while _there(pid):  # noqa: ASYNC110  (nobody tells)
            await asyncio.sleep(0.02)


def _there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # before the file was opened, or before it was read
        return False


async def sealed(database: str) -> None:
    """Have a database hold a token that the key of the tests has encrypted."""
    opened = await open_database(database)
    try:
        await opened.write(_sealed, Vault(SECRET).seal("a token"))
    finally:
        await opened.close()


def _sealed(secret: bytes) -> Work[None]:
    yield sql(
        "INSERT INTO partner (role, country_code, party_id, state, secret, updated)"
        " VALUES ('emsp', 'DE', 'OLD', 'registered', $1, 0)",
        secret,
    )


async def guests(database: str, role: str, *partners: tuple[Any, str, str], **settings: Any) -> list[str]:
    """Tokens of partners of a server that does not run yet."""
    async with actor(database, role, **settings) as prepared:
        return [await prepared.guest(*partner) for partner in partners]
