"""Both databases: every test of the server that stores something runs on SQLite and on PostgreSQL.

`OCPI211_TEST_POSTGRES` is the URL of a running server whose user may create databases; without it one is started.
"""

import asyncio
import itertools
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.server.postgres import execute, running

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a PostgreSQL server, stopped when the tests are over."""
    if given := os.environ.get("OCPI211_TEST_POSTGRES"):
        yield given
        return
    with running() as url:
        yield url


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty PostgreSQL database."""
    make: Callable[[], str] = request.getfixturevalue("new_postgres")
    return make()


@pytest.fixture
def new_postgres(postgres: str) -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases, which are dropped with the test."""
    names: list[str] = []

    def make() -> str:
        names.append(f"ocpi211_test_{os.getpid()}_{next(_numbers)}")
        asyncio.run(execute(postgres, f"CREATE DATABASE {names[-1]}"))
        return urlunsplit(urlsplit(postgres)._replace(path=f"/{names[-1]}"))

    yield make
    for name in names:
        asyncio.run(execute(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a database file that is not there yet."""
    return f"sqlite:///{tmp_path / 'server.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database, of each kind in turn."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes empty databases, of each kind in turn."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / f'server-{next(_numbers)}.db'}"
    make: Callable[[], str] = request.getfixturevalue("new_postgres")
    return lambda: _in_a_thread(make)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def lasting_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Makes empty databases, of each kind in turn, for a server that all tests of a module share."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("databases")
        yield lambda: f"sqlite:///{folder / f'server-{next(_numbers)}.db'}"
        return
    url: str = request.getfixturevalue("postgres")
    names: list[str] = []

    def make() -> str:
        names.append(f"ocpi211_test_{os.getpid()}_{next(_numbers)}")
        asyncio.run(execute(url, f"CREATE DATABASE {names[-1]}"))
        return urlunsplit(urlsplit(url)._replace(path=f"/{names[-1]}"))

    yield lambda: _in_a_thread(make)
    for name in names:
        asyncio.run(execute(url, f"DROP DATABASE {name} WITH (FORCE)"))


def _in_a_thread(make: Callable[[], str]) -> str:
    """From within a running loop as well."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(make).result()
