"""Commands of an operator, in this process, on the database of a server that runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import StringIO
from typing import Any
from unittest.mock import patch

import structlog
from typer.testing import CliRunner, Result

import ocpi211_server.__main__  # noqa: F401  (all commands)
from ocpi211_server.cli.options import app
from ocpi211_server.serving.kept_settings import keep
from tests.server.stage import QUICK, Actor, Stage, staged

__all__ = ["command", "invoke", "refuses", "says", "stage"]


def invoke(*words: str, stdin: str | None = None, **variables: str) -> Result:
    """A command, which leaves the logging of the tests alone."""
    variables = {"OCPI211_SECRET_KEY": str(QUICK["secret_key"]), **variables}
    with patch("ocpi211_server.operating.logs.configure"):
        return CliRunner().invoke(app, [*words], input=stdin, env=variables)


async def command(actor: Actor, *words: str, stdin: str | None = None, **variables: str) -> Result:
    """A command, which knows no more of the server than its database."""
    words += ("--database", actor.server.settings.database)
    return await asyncio.to_thread(invoke, *words, stdin=stdin, **variables)


async def says(actor: Actor, *words: str, stdin: str | None = None) -> str:
    """What a command prints that can be done."""
    result = await command(actor, *words, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result.stdout


async def refuses(actor: Actor, *words: str, status: int = 1, **variables: str) -> str:
    """What a command says that cannot be done: lines without a traceback."""
    result = await command(actor, *words, **variables)
    assert result.exit_code == status, result.output
    assert all(line.startswith("ocpi211-server: ") for line in result.stderr.splitlines()), result.stderr
    return result.stderr


@asynccontextmanager
async def stage(new_database: Callable[[], str], *roles: str, **given: Any) -> AsyncIterator[Stage]:
    """Servers as `run` would have started them; what they log goes nowhere."""
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(StringIO()))
    try:
        async with staged(new_database, *roles, **given) as playing:
            for each in playing.actors.values():
                await keep(each.server.site.database, each.server.settings)
            yield playing
    finally:
        structlog.reset_defaults()
