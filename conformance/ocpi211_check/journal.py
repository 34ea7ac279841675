"""The tokens of a handshake, written down before they are used, so that an interrupted run can be put back.

The file is the user's alone (mode 0600), and is removed when the registration was ended in good order.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = ["Journal", "forget", "put_back", "read_tokens"]


class Journal:
    """A file of JSON Lines; without a path, nothing is kept."""

    def __init__(self, path: Path | None = None, versions_url: str = "") -> None:
        self._path = path
        self.offers = 0
        """How many times Credentials were about to be sent."""
        self._versions_url = versions_url
        if path is not None:
            self.note("began", versions_url=versions_url)

    def note(self, what: str, **fields: str) -> None:
        """One line, on the disk before this returns."""
        self.offers += what in {"post", "put"}
        if self._path is None:
            return
        # Closed, it begins anew with what is noted next.
        began = {} if self._path.exists() else {"versions_url": self._versions_url}
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, **began, **fields}) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def close(self, *, done: bool) -> None:
        """Forget everything if the registration is ended."""
        if self._path is not None and done:
            forget(self._path)


def forget(path: Path) -> None:
    """Removes a journal that is no longer needed."""
    with suppress(FileNotFoundError):
        path.unlink()


def read_tokens(path: Path) -> tuple[str, list[str]]:
    """(the versions URL of the target, its tokens: the latest first). ValueError for a file that is no journal."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    urls = [str(line["versions_url"]) for line in lines if "versions_url" in line]
    if not urls:
        raise ValueError(f"{path.name} is no journal of a handshake")
    return urls[-1], list(_latest_first(line.get("token") for line in lines))


def _latest_first(tokens: Iterator[object]) -> Iterator[str]:
    yield from dict.fromkeys(token for token in reversed(list(tokens)) if isinstance(token, str))


async def put_back(bench: Bench, token: str) -> Exchange:
    """Ends the registration, if this token opens it. How the target answered."""
    bench.token = token
    bench.wire.secrets.add(token)
    return await bench.call("credentials.delete_credentials")
