"""Several workers on one PostgreSQL: they share the load, one that dies is replaced, and all can be, under load."""

import asyncio
import os
import signal
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from ocpi211.models import Token
from ocpi211_server.database import open_database
from ocpi211_server.serving.supervising import Supervisor
from ocpi211_server.settings import Settings
from tests.server.callers import load
from tests.server.processes import Process, children, gone, guests, started
from tests.server.samples import token as card
from tests.server.stage import actor, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes through /proc")

CPO = ("cpo", "FR", "CPO")


async def stored(database: str) -> set[tuple[str, str]]:
    """Module and id of each object."""
    opened = await open_database(database)
    try:
        return {(row[0], row[1]) for row in await opened.read("SELECT module, id FROM object")}
    finally:
        await opened.close()


async def other_children(process: Process, *those: int) -> list[int]:
    """Two workers, none of which is one of those."""

    async def two_others() -> bool:
        found = children(process.pid)
        return len(found) == 2 and not {*those} & {*found}

    await until(two_others, "two workers", 60)
    return children(process.pid)


def test_a_rolling_restart_under_load_fails_and_loses_no_request(postgres_url: str) -> None:
    async def play() -> None:
        (token,) = await guests(postgres_url, "emsp", CPO)
        async with started(role="emsp", database=postgres_url, workers=2) as process:
            first = children(process.pid)
            async with load(process.url, token) as loading:
                await loading.more(100)
                process.signal(signal.SIGHUP)
                await process.says("all workers are new")
                await loading.more(100)
            assert not {*first} & {*children(process.pid)}
            process.signal(signal.SIGTERM)
            assert await process.ended() == 0
            assert not process.said("[error")
        assert await stored(postgres_url) == loading.sent

    asyncio.run(play())


def test_a_worker_that_is_killed_is_replaced(postgres_url: str) -> None:
    async def play() -> None:
        (token,) = await guests(postgres_url, "emsp", CPO)
        async with started(role="emsp", database=postgres_url, workers=2) as process, aiohttp.ClientSession() as http:
            first, second = children(process.pid)
            os.kill(first, signal.SIGKILL)
            await process.says(f"worker {first} ended with -9")
            assert second in await other_children(process, first)
            async with load(process.url, token):
                await until(lambda: both_counted(second), "both answer requests")
            async with http.get(f"{process.admin}/readyz") as answer:
                assert (await answer.json())["ready"]
            async with http.get(f"{process.admin}/metrics") as answer:
                assert 'ocpi211_requests_total{operation="emsp.cdrs.post_cdr",' in await answer.text()

    asyncio.run(play())


async def both_counted(worker: int) -> bool:
    """Whether two workers have told the parent of requests: each has a file beside the other's."""
    folder = Path(f"/proc/{worker}/cmdline").read_text("utf-8").split("\0")[-2]  # noqa: ASYNC240  (no file on a disk)
    return sum(name.endswith(".json") for name in os.listdir(folder)) == 2  # noqa: PTH208  (as above)


def test_workers_end_with_their_parent_whatever_ends_it(postgres_url: str) -> None:
    async def play() -> None:
        async with started(role="emsp", database=postgres_url, workers=2) as process:
            workers = children(process.pid)
            os.kill(process.pid, signal.SIGKILL)
            for worker in workers:
                await gone(worker)

    asyncio.run(play())


OFFICE = """\
from ocpi211_server.decisions import Decisions


class MyDecisions(Decisions):
    async def authorize(self, question):
        info = await super().authorize(question)
        return info.model_copy(update={{"authorization_id": "{name}"}})
"""


def test_a_rolling_restart_brings_the_code_of_now_and_keeps_what_runs_if_that_is_broken(
    postgres_url: str, tmp_path: Path
) -> None:
    office = tmp_path / "my_office.py"
    office.write_text(OFFICE.format(name="first"), "ascii")

    async def play() -> None:
        (token,) = await guests(postgres_url, "emsp", CPO)
        await publish_a_card(postgres_url)
        decisions = "my_office:MyDecisions"
        async with (
            started(folder=tmp_path, role="emsp", database=postgres_url, workers=2, decisions=decisions) as process,
            aiohttp.ClientSession(headers={"Authorization": f"Token {token}"}) as http,
        ):
            url = f"{process.url}/emsp/2.1.1/tokens/04A1B2C3/authorize"

            async def answered() -> str:
                async with http.post(url) as answer:
                    return str((await answer.json())["data"]["authorization_id"])

            assert {await answered() for _ in range(5)} == {"first"}
            office.write_text("class MyDecisions(", "ascii")
            process.signal(signal.SIGHUP)
            await process.says("the others stay as they are")
            assert process.said("decisions: my_office:MyDecisions cannot be used: SyntaxError")
            assert {await answered() for _ in range(5)} == {"first"}
            office.write_text(OFFICE.format(name="second"), "ascii")
            process.signal(signal.SIGHUP)
            await process.says("all workers are new")
            assert {await answered() for _ in range(5)} == {"second"}

    asyncio.run(play())


async def publish_a_card(database: str) -> None:
    async with actor(database, "emsp") as emsp:
        await emsp.office.publish("tokens", [Token.model_validate(card())])


def test_workers_that_cannot_start_are_told_once(postgres_url: str, tmp_path: Path) -> None:
    async def play() -> None:
        given = {"role": "emsp", "database": postgres_url, "workers": 2, "decisions": "my_office:MyDecisions"}
        async with started(serves=False, folder=tmp_path, environment=None, **given) as process:
            assert await process.ended() == 2
            (line,) = (line for line in process.lines if line.startswith("ocpi211-server: "))
            assert "decisions: my_office:MyDecisions cannot be used: ModuleNotFoundError" in line
            assert not process.said("Traceback")

    asyncio.run(play())


def test_it_is_not_ready_before_a_worker_is(tmp_path: Path) -> None:
    async def play() -> None:
        with socket.socket() as public:
            supervisor = Supervisor(Settings(role="cpo", insecure_dev=True), public, tmp_path)
            starting: Any = SimpleNamespace(process=SimpleNamespace(returncode=None), ready=False)
            supervisor._workers.append(starting)  # noqa: SLF001  (a process would be ready within a moment)
            assert supervisor.complaint() == "no worker runs"
            starting.ready = True
            assert supervisor.complaint() == ""
            starting.process.returncode = 1
            assert supervisor.complaint() == "no worker runs"

    asyncio.run(play())
