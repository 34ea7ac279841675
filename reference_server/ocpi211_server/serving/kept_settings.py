"""What the server was last started with, kept in its database, so that the other commands need not be told again."""

from __future__ import annotations

import json
from typing import Any

from ocpi211_server.database import Database, Work, sql
from ocpi211_server.settings import Settings

__all__ = ["keep", "kept"]

_SECRET = {"database", "secret_key", "former_secret_key"}
_OF_THE_PROCESS = {"workers", "host", "admin_port", "decisions", "log_format", "log_level"}


async def keep(database: Database, settings: Settings) -> None:
    """Keep the settings, the secret ones excepted."""
    await database.write(
        _keeping, settings.model_dump(mode="json", exclude=_SECRET | _OF_THE_PROCESS, exclude_defaults=True)
    )


async def kept(database: Database) -> dict[str, Any]:
    """What was kept; nothing if the server has never run on this database."""
    return {row[0]: json.loads(row[1]) for row in await database.read("SELECT name, value FROM kept_setting")}


def _keeping(settings: dict[str, Any]) -> Work[None]:
    yield sql("DELETE FROM kept_setting")
    for name, value in settings.items():
        yield sql("INSERT INTO kept_setting (name, value) VALUES ($1, $2)", name, json.dumps(value))
