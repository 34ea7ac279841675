"""A server in a process of its own, with something to read in it and a partner that may ask.

Hypothesis and schemathesis want the random numbers of their process for themselves, and threads of theirs wait for
answers: a server beside them would disturb both.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocpi211.models import Tariff
from ocpi211_server.demo.data import cdr, locations, session, tokens
from ocpi211_server.operating.logs import configure
from tests.server.offered import GUEST, TARIFF
from tests.server.stage import Actor, actor

__all__ = ["Apart", "apart"]

MANY = 7
"""Objects of each kind: with pages of three, three pages."""


@dataclass(frozen=True)
class Apart:
    """Where it is, and the token of the guest."""

    url: str
    token: str


@contextmanager
def apart(role: str, profile: str = "plain-2.1.1", **settings: Any) -> Iterator[Apart]:
    """A server of this role, until the end of the block. What it logs is shown if it does not end well."""
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w+") as log:
        given = json.dumps({"role": role, "profile": profile, "folder": folder, "settings": settings})
        running = subprocess.Popen(
            [sys.executable, "-m", "tests.server.apart", given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            text=True,
        )
        with running:
            try:
                line = running.stdout.readline() if running.stdout else ""
                if line:
                    yield Apart(**json.loads(line))
            finally:
                if running.stdin:
                    running.stdin.close()
                running.wait(30)
        log.seek(0)
        assert line, log.read()
        assert running.returncode == 0, log.read()


async def _serve(role: str, profile: str, folder: str, settings: Mapping[str, Any]) -> None:
    configure("json", "WARNING")
    async with actor(f"sqlite:///{folder}/server.db", role, profile, **settings) as server:
        token = await server.guest("emsp" if role == "cpo" else "cpo", *GUEST)
        await _fill(server, token)
        sys.stdout.write(json.dumps({"url": server.url, "token": token}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)  # until whoever started us lets go of it


async def _fill(server: Actor, token: str) -> None:
    contract = "-".join((*GUEST, "C1"))
    if server.server.settings.role == "emsp":
        every = [card.model_copy(update={"uid": f"{card.uid}-{number}"}) for number in range(3) for card in tokens()]
        await server.office.publish("tokens", every)
        path = f"/emsp/2.1.1/locations/{'/'.join(GUEST)}/LOC001"
        place = locations(1)[0].model_dump(mode="json", exclude_none=True)
        assert (await server.call("PUT", path, place, token=token)).code == 1000
        return
    await server.office.publish("locations", locations(MANY))
    await server.office.publish("tariffs", [Tariff.model_validate(TARIFF | {"id": f"T{n}"}) for n in range(MANY)])
    await server.office.publish("sessions", [session(number, contract, None) for number in range(MANY)])
    await server.office.publish("cdrs", [cdr(f"C{number}", contract, None, "11", "4.40") for number in range(MANY)])


if __name__ == "__main__":
    asyncio.run(_serve(**json.loads(sys.argv[1])))
