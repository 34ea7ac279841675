"""One process: it starts whole or not at all, says what is wrong in a line, and ends without cutting anybody off."""

import asyncio
import re
import signal
import socket
import sqlite3
import sys
from pathlib import Path

import aiohttp
import pytest
from typer.testing import CliRunner, Result

import ocpi211_server.__main__  # noqa: F401  (all commands)
from ocpi211_server.cli.options import app
from tests.server.callers import Caller
from tests.server.processes import SECRET, Process, guests, sealed, started

RUN = ["run", "--role", "cpo", "--insecure-dev", "--port", "0"]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command in this process leaves the logging of the tests alone."""
    monkeypatch.setattr("ocpi211_server.operating.logs.configure", lambda *_: None)


def refused(*arguments: str, environment: dict[str, str] | None = None) -> Result:
    """A start that fails: with a line for each thing that is wrong, and no traceback."""
    result = CliRunner().invoke(app, [*RUN, *arguments], env=environment)
    assert result.exit_code in (1, 2), result.output
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines
    assert all(line.startswith("ocpi211-server: ") for line in lines), lines
    assert isinstance(result.exception, SystemExit)
    return result


@pytest.mark.parametrize("option", ["--port", "--admin-port"])
def test_a_port_that_is_taken_is_told_and_nothing_is_begun(sqlite_url: str, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = refused("--database", sqlite_url, option, str(port))
    assert result.exit_code == 1
    assert f"127.0.0.1:{port} cannot be listened on: Address already in use" in result.stderr
    assert not Path(sqlite_url.removeprefix("sqlite:///")).exists()


def test_a_host_that_is_none_is_told(sqlite_url: str) -> None:
    result = refused("--database", sqlite_url, "--host", "203.0.113.1", "--public-url", "http://203.0.113.1/ocpi")
    assert "203.0.113.1:0 cannot be listened on: " in result.stderr


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_bytes(b"Dear Sir or Madam, " * 100)
    result = refused("--database", f"sqlite:///{file}")
    assert f"{file} cannot be opened: file is not a database" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.db"]


def test_a_database_of_something_else_is_told(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE partner (name TEXT)")
    other.close()
    assert f"{file} is no database of this server" in refused("--database", f"sqlite:///{file}").stderr


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = refused("--database", f"sqlite:///{tmp_path}/nowhere/server.db")
    assert f"there is no folder for {tmp_path}/nowhere/server.db" in result.stderr


def test_a_postgresql_that_is_not_reached_is_told_without_its_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"postgresql://ocpi:hunter2@127.0.0.1:{port}/ocpi"
    result = refused("--database", url, environment={"OCPI211_SECRET_KEY": SECRET})
    assert "PostgreSQL cannot be reached: " in result.stderr
    assert "hunter2" not in result.stderr


def test_a_database_that_postgresql_does_not_have_is_told(postgres_url: str) -> None:
    url = re.sub(r"/ocpi211_test_\w+", "/nothing_of_the_kind", postgres_url)
    result = refused("--database", url, environment={"OCPI211_SECRET_KEY": SECRET})
    assert "nothing_of_the_kind" in result.stderr


def test_a_secret_key_that_is_not_the_one_of_before_is_told(database_url: str) -> None:
    asyncio.run(sealed(database_url))
    result = refused("--database", database_url, environment={"OCPI211_SECRET_KEY": "hunter2-hunter2-hunter2"})
    assert result.exit_code == 2
    assert "secret_key: a stored token was sealed with another key" in result.stderr
    assert "hunter2" not in result.stderr


def test_a_secret_key_that_is_too_short_is_told(sqlite_url: str) -> None:
    result = refused("--database", sqlite_url, environment={"OCPI211_SECRET_KEY": "hunter2"})
    assert "secret_key: a passphrase has at least 12 characters" in result.stderr


def test_a_key_file_that_is_lost_is_told_and_no_other_made(sqlite_url: str) -> None:
    asyncio.run(sealed(sqlite_url))
    file = Path(sqlite_url.removeprefix("sqlite:///") + ".key")
    assert f"secret_key: {file}: No such file or directory" in refused("--database", sqlite_url).stderr
    assert not file.exists()


def test_it_says_when_it_serves_and_ends_in_order_when_it_is_told_to(sqlite_url: str) -> None:
    async def play() -> None:
        (token,) = await guests(sqlite_url, "cpo", ("emsp", "DE", "TST"))
        async with started(role="cpo", database=sqlite_url) as process, aiohttp.ClientSession() as session:
            authorization = {"Authorization": f"Token {token}"}
            async with session.get(f"{process.url}/cpo/versions", headers=authorization) as answer:
                assert (answer.status, (await answer.json())["status_code"]) == (200, 1000)
            async with session.get(f"{process.admin}/healthz") as answer:
                assert answer.status == 200
            async with session.get(f"{process.admin}/readyz") as answer:
                assert (await answer.json())["checks"] == {"database": "ok", "serving": "ok"}
            async with session.get(f"{process.admin}/metrics") as answer:
                assert 'operation="cpo.versions.list_versions",status="200"' in await answer.text()
            process.signal(signal.SIGTERM)
            assert await process.ended() == 0
            assert process.said("stopped")
            assert not process.said("Traceback")
        # What it had noted is stored, and nobody has to wait until it counts as dead.
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as database:
            assert database.execute("SELECT COUNT(*) FROM message").fetchone() == (1,)
            assert database.execute("SELECT COUNT(*) FROM worker").fetchone() == (0,)
        database.close()

    asyncio.run(play())


def test_who_has_a_connection_is_answered_once_more_when_the_server_stops(sqlite_url: str) -> None:
    async def play() -> None:
        (token,) = await guests(sqlite_url, "emsp", ("cpo", "FR", "CPO"))
        async with started(role="emsp", database=sqlite_url, keep_alive=1) as process:
            busy, idle, fresh, silent = (Caller(process.url, token) for _ in range(4))
            for number, caller in enumerate((busy, idle, fresh, silent)):
                await caller.connect()
                if caller is not fresh:
                    caller.write("".join(caller.put(number)))
                    assert (await caller.answer())[0] == 201
            head, body = busy.put(10)
            busy.write(head + body[:10])
            process.signal(signal.SIGTERM)
            await refuses_others(process)
            idle.write("".join(idle.put(11)))
            fresh.write("".join(fresh.put(12)))
            busy.write(body[10:])
            for caller in (busy, idle, fresh):
                status, headers = await caller.answer()
                assert (status, headers["connection"]) == (201, "close")
                assert await caller.closed()
            assert await silent.closed()
            assert await process.ended() == 0
            for caller in (busy, idle, fresh, silent):
                caller.close()

    asyncio.run(play())


async def refuses_others(process: Process) -> None:
    host, port = process.url.removeprefix("http://").partition("/")[0].split(":")
    while True:
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            return
        writer.close()
        await asyncio.sleep(0.01)


def test_a_second_interrupt_waits_for_nobody(sqlite_url: str) -> None:
    async def play() -> None:
        async with started(role="emsp", database=sqlite_url, keep_alive=3600, graceful_timeout=3600) as process:
            caller = Caller(process.url, "nobody")
            await caller.connect()
            caller.write("".join(caller.put(1)))
            assert (await caller.answer())[0] == 401
            process.signal(signal.SIGINT)
            await refuses_others(process)
            process.signal(signal.SIGINT)
            assert await process.ended() == 0
            caller.close()

    asyncio.run(play())


def test_help_does_not_wait_for_what_only_a_server_needs() -> None:
    script = (
        "import sys; sys.argv = ['ocpi211-server', '--help']\n"
        "from ocpi211_server.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: print(sorted(sys.modules), file=sys.stderr)"
    )

    async def play() -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", script), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        return (await process.communicate())[1].decode()

    loaded = asyncio.run(play())
    assert "'ocpi211_server.cli.traffic'" in loaded
    for module in ("aiohttp", "cryptography", "starlette", "structlog", "uvicorn"):
        assert f"'{module}'" not in loaded
