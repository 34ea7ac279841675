"""One of the three of the demonstration: a server as a process of its own, and its database opened here as well."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final

from ocpi211.models import Location
from ocpi211_runtime.answers import Role
from ocpi211_server.app import Server, open_server
from ocpi211_server.backoffice import BackOffice
from ocpi211_server.registration.partners import Partner
from ocpi211_server.serving.given_settings import flag_of, read_settings
from ocpi211_server.serving.listening import free_port

__all__ = ["Actor", "until"]

_PATIENCE: Final = 60.0


class Actor:
    """A CPO, a hub or an eMSP."""

    def __init__(self, role: str, profile: str, folder: Path) -> None:
        given = {
            "role": role,
            "profile_name": profile,
            "database": f"sqlite:///{folder / role}.db",
            "port": str(free_port()),
            "first_delay": "0.2",
            "longest_delay": "1",
            "pull_every": "0",
            "log_level": "WARNING",
        }
        self.settings = read_settings({**given, "insecure_dev": True}, {})
        self.party = self.settings.party
        self.server: Server
        self._flags = [word for name, value in given.items() for word in (flag_of(name), value)]
        self._log = folder / f"{role}.log"
        self._process: asyncio.subprocess.Process | None = None
        self._opened = AsyncExitStack()

    @property
    def office(self) -> BackOffice:
        """Its back office."""
        return BackOffice(self.server.site)

    async def up(self) -> None:
        """Start the process, and wait until it serves."""
        log = await asyncio.to_thread(self._log.open, "ab")
        with log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "ocpi211_server", "run", "--insecure-dev", *self._flags),
                stderr=log,
                env={name: value for name, value in os.environ.items() if not name.startswith("OCPI211_")},
            )
        await until(self._serves, f"the {self.settings.role} serves")
        if not hasattr(self, "server"):
            self.server = await self._opened.enter_async_context(open_server(self.settings))

    async def down(self) -> None:
        """Kill the process."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            self._process = None

    async def close(self) -> None:
        """Kill the process, and let go of the database."""
        await self.down()
        await self._opened.aclose()

    async def count(self, module: str) -> int:
        """How many objects of a module it has."""
        return len(await self.shown(module))

    async def shown(self, module: str) -> list[str]:
        """The ids of the objects it has, oldest first."""
        rows = await self.server.site.database.read("SELECT id FROM object WHERE module = $1 ORDER BY seq", module)
        return [row[0] for row in rows]

    async def first_evse(self, location_id: str) -> str:
        """The uid of the first EVSE of a Location."""
        text = "SELECT body FROM object WHERE module = 'locations' AND id = $1"
        rows = await self.server.site.database.read(text, location_id)
        return (Location.model_validate_json(rows[0][0]).evses or [])[0].uid

    async def partner(self, role: Role) -> Partner:
        """Its partner of this role."""
        return await self.office.only(role)

    async def _serves(self) -> bool:
        if self._process is not None and self._process.returncode is not None:
            raise RuntimeError(f"the {self.settings.role} ended: {self._log.read_text()}")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.settings.port)
        except OSError:
            return False
        writer.close()
        return True


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for something that the servers do by themselves. TimeoutError names it."""
    deadline = time.monotonic() + _PATIENCE
    while not await condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain: {what}")
        await asyncio.sleep(0.05)
