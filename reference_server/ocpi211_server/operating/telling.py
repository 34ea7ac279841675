"""The message log as a person reads it: who said what to whom, a line an exchange, in the order they began."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from rich.text import Text

from ocpi211_server.moments import MICROSECONDS
from ocpi211_server.operating.messages import Message

__all__ = ["tell"]

_WIDEST = 60


def tell(messages: Iterable[Message], *, own: str) -> list[Text]:
    """Lines with time, from, to, verb, path, status, object and authorisation; `own` is our own party.

    Print them with `soft_wrap=True`, so that a narrow terminal cuts nothing off.
    """
    told = sorted(messages, key=lambda message: (message.made, message.seq))
    rows = [_cells(message, own) for message in told]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [_line(row, widths, message) for row, message in zip(rows, told, strict=True)]


def _cells(message: Message, own: str) -> tuple[str, ...]:
    other = message.party or "?"
    sender, receiver = (other, own) if message.direction == "in" else (own, other)
    when = datetime.fromtimestamp(message.made / MICROSECONDS, UTC)
    about = [message.object_id, f"authorization {message.authorization_id}" if message.authorization_id else ""]
    return (
        str(message.seq) if message.seq else "",
        f"{when:%H:%M:%S}.{when.microsecond // 1000:03}",
        sender,
        "→",
        receiver,
        message.verb,
        _path(message.url),
        _status(message),
        _printable("  ".join(filter(None, about))),
    )


def _path(url: str) -> str:
    """Where it went, from the role on: what stands before is the same for all."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    starts = [at for role in ("/cpo/", "/emsp/") if (at := path.find(role)) >= 0]
    path = _printable(path[min(starts, default=0) :])
    return path if len(path) <= _WIDEST else path[: _WIDEST - 1] + "…"


def _status(message: Message) -> str:
    if not message.http_status:
        return "no answer"
    return f"{message.http_status} {message.status_code or 'no envelope'}"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _line(row: Sequence[str], widths: Sequence[int], message: Message) -> Text:
    good = 200 <= message.http_status < 300 and message.status_code // 1000 == 1
    styles = ("dim", "dim", "bold", "dim", "bold", "", "", "green" if good else "red", "cyan")
    line = Text()
    for cell, width, style in zip(row, widths, styles, strict=True):
        if width:
            line.append(cell.ljust(width), style=style).append(" ")
    line.rstrip()
    return line
