"""Who this process connects to, and which names it looks up, whatever library does it.

Python tells its audit hooks of every connection, before it is made; so nothing that a server does escapes.
"""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Wiretap", "wiretap"]


@dataclass
class Wiretap:
    """What was heard."""

    own: Collection[int]
    """Ports that belong to the test itself, of which nothing is noted."""
    connected: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    looked_up: list[str] = field(default_factory=list[str])


_listening: list[Wiretap] = []
_hooked: list[bool] = []


@contextmanager
def wiretap(*own: int) -> Iterator[Wiretap]:
    """Listen, as long as this lasts."""
    if not _hooked:  # a hook cannot be taken away, so there is one
        sys.addaudithook(_hear)
        _hooked.append(True)
    heard = Wiretap(own)
    _listening.append(heard)
    try:
        yield heard
    finally:
        _listening.remove(heard)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _listening or not event.startswith("socket."):
        return
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host, port = arguments[1][:2]
        for each in _listening:
            if port not in each.own:
                each.connected.append((str(host), int(port)))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        for each in _listening:
            each.looked_up.append(str(arguments[0]))
