"""The command line: `ocpi211-server run`, and what an operator does beside it.

Every command takes the settings of the server. What a server was last started with is kept in its database, so the
other commands need to be told no more than which database that is.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import typer

from ocpi211_server import serve
from ocpi211_server.cli import partners, traffic
from ocpi211_server.cli.options import app, with_settings
from ocpi211_server.logs import configure
from ocpi211_server.settings import Settings

__all__ = ["main"]

_SUBJECTS = (partners, traffic)  # imported for their commands


@with_settings(starts=True)
async def run(settings: Settings) -> None:
    """Serve, until it is stopped."""
    if status := await serve.run(settings):
        raise typer.Exit(status)


@app.command("work", hidden=True)
def work(public: int, ready: int, folder: Path) -> None:
    """Serve as one of several workers; the parent gives the settings on standard input."""
    settings = Settings.model_validate_json(sys.stdin.buffer.read())
    configure(settings.log_format, settings.log_level)
    asyncio.run(serve.work(settings, public, ready, folder))


def main() -> None:
    """The entry point."""
    app()


if __name__ == "__main__":
    main()
