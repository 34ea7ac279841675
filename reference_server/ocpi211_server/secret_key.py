"""The key that the tokens we send are encrypted with: given, or kept in a file beside the SQLite database."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from ocpi211_server.database import Database
from ocpi211_server.registration.vault import Vault, VaultError
from ocpi211_server.settings import Settings, SettingsError

__all__ = ["open_vault"]


async def open_vault(settings: Settings, database: Database) -> Vault:
    """The vault of a deployment. SettingsError for a key that is none, or not the one the database was filled with."""
    sealed = await database.read("SELECT secret FROM partner WHERE secret IS NOT NULL")
    former = settings.former_secret_key
    try:
        key = _given(settings) or _beside(settings.database, new=not sealed)
        vault = Vault(key, *([] if former is None else [former.get_secret_value()]))
        for row in sealed:
            vault.open(row[0])
    except (ValueError, VaultError) as error:
        raise SettingsError(f"secret_key: {error}") from None
    return vault


def _given(settings: Settings) -> str | None:
    return None if settings.secret_key is None else settings.secret_key.get_secret_value()


def _beside(database: str, *, new: bool) -> str:
    """What the file beside a SQLite database holds; made if it is not there."""
    file = Path(database.removeprefix("sqlite:///") + ".key")
    try:
        if new and not file.exists():
            _make(file)
        return file.read_text("ascii").strip()
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from None


def _make(file: Path) -> None:
    """Of several processes that start at once, one makes the file; it appears with its content, or not at all."""
    descriptor, draft = mkstemp(prefix=f"{file.name}.", dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(Vault.new_key())
    with suppress(FileExistsError):
        os.link(draft, file)
    Path(draft).unlink()
