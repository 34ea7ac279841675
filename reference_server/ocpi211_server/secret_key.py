"""The key that the tokens we send are encrypted with: given, or kept in a file beside the SQLite database."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ocpi211_server.settings import Settings, SettingsError
from ocpi211_server.vault import Vault

__all__ = ["secret_key"]


def secret_key(settings: Settings) -> Vault:
    """The vault of a deployment. SettingsError for a key that is none."""
    if settings.secret_key is not None:
        try:
            return Vault(settings.secret_key.get_secret_value())
        except ValueError as error:
            raise SettingsError(f"secret_key: {error}") from None
    file = Path(settings.database.removeprefix("sqlite:///") + ".key")
    # Of several processes that start at once, one makes the file; it appears with its content, or not at all.
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    if not file.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(Vault.new_key())
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return Vault(file.read_text("ascii").strip())
