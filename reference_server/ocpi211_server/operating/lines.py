"""The line of each exchange: as all others, at a tenth of their cost, since its members are always the same.

They come masked, carry their own ids and their own moment, and are written many at a time.
"""

from __future__ import annotations

import json
import logging
import select
from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec
import structlog

from ocpi211_server.operating.logs import as_json, as_text, rendering

__all__ = ["ExchangeLines", "Level", "Line"]

Level = Literal["info", "warning"]

# Workers may share a pipe. Of longer ones, where it is full, another's lines come in between, in the middle of a line.
_STAYS_TOGETHER: int = getattr(select, "PIPE_BUF", 4096)


class Line(msgspec.Struct, gc=False):
    """What is told of an exchange, in this order. Holds no token."""

    operation: str
    verb: str
    url: str
    outcome: str
    status_code: int
    milliseconds: float
    party: str
    request_id: str
    correlation_id: str
    event: Literal["answered", "called"]
    level: Level
    timestamp: str


class ExchangeLines:
    """Writes lines as `logs.configure` has said, and so is to be made after it."""

    def __init__(self) -> None:
        configured = structlog.get_config()
        self._render = rendering(configured["processors"])
        self._write = configured["logger_factory"]().msg
        least = structlog.get_logger().bind().get_effective_level()
        self.told: dict[Level, bool] = {"info": least <= logging.INFO, "warning": least <= logging.WARNING}
        """Whether lines of this level are written."""
        known: dict[object, Callable[[Line], str]] = {as_json: _json, as_text: _text}
        self._text = known.get(self._render[-1], self._rendered)

    def write(self, lines: Iterable[Line]) -> None:
        """Write them, as many at once as stay together."""
        together, size = list[str](), 0
        for text in filter(None, map(self._text, lines)):
            length = 1 + (len(text) if text.isascii() else len(text.encode("utf-8", "replace")))
            if together and size + length > _STAYS_TOGETHER:
                self._write("\n".join(together))
                together, size = [], 0
            together.append(text)
            size += length
        if together:
            self._write("\n".join(together))

    def _rendered(self, line: Line) -> str:
        """For a terminal, and for tests."""
        event: Any = msgspec.structs.asdict(line)
        try:
            for each in self._render:
                event = each(None, line.level, event)
        except structlog.DropEvent:
            return ""
        return str(event)


def _json(line: Line) -> str:
    try:
        return msgspec.json.encode(line).decode("utf-8")
    except UnicodeEncodeError:  # half a surrogate
        return json.dumps(msgspec.structs.asdict(line))


_heads = {
    (level, event): f" [{level:9}] {event:30} operation="
    for level in ("info", "warning")
    for event in ("answered", "called")
}


# What needs no quotes; one look for all that does. `isprintable` alone takes three times as long.
_bare = bytes(range(0x21, 0x7F)).translate(None, b"='\"")


def _text(line: Line) -> str:
    said = f"{line.operation}{line.verb}{line.url}{line.outcome}{line.party}{line.request_id}{line.correlation_id}"
    if said.encode("utf-8", "replace").translate(None, _bare):  # some need quotes
        return as_text(None, line.level, msgspec.structs.asdict(line))
    return (
        f"{line.timestamp}{_heads[line.level, line.event]}{line.operation} verb={line.verb} url={line.url}"
        f" outcome={line.outcome} status_code={line.status_code} milliseconds={line.milliseconds} party={line.party}"
        f" request_id={line.request_id} correlation_id={line.correlation_id}"
    )
