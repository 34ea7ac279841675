"""The ids by which the messages of one matter are found again, here and at the peers (transport_and_format.md).

`X-Request-ID` names one message, `X-Correlation-ID` all that one event caused. Whoever takes a request in sets
`matter`; `egress` sends its id on.
"""

from __future__ import annotations

import random
import re
import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = [
    "Matter",
    "called_party",
    "fresh_id",
    "matter",
    "note_caller",
    "taken_over",
    "unforeseen_id",
]


@dataclass(slots=True)
class Matter:
    """What is at hand: everything that it causes carries its `correlation_id`."""

    correlation_id: str = ""
    """Empty where nothing has begun it."""
    request_id: str = ""
    """Of the request that is being answered; empty outside of one."""
    party: str = ""
    """`FR*ABC`, who asks; empty until the token has told. See `note_caller`."""


# One variable for three things: to set and reset one takes as long as to make this.
_nothing = Matter()
matter: ContextVar[Matter] = ContextVar("matter", default=_nothing)
"""What is at hand."""
called_party: ContextVar[str] = ContextVar("called_party", default="")
"""`FR*ABC`, whom we call; set by whoever calls, for the message log."""

_plain = re.compile(r"[!-~]{1,128}")  # the routes echo no longer one


def note_caller(party: str) -> None:
    """Who asks is known now."""
    current = matter.get()
    if current is not _nothing:
        current.party = party


def fresh_id() -> str:
    """An id that nobody has used before.

    It begins with the time in milliseconds: ids in the order of time halve what an index of many of them costs.
    """
    return (time.time_ns() // 1_000_000 << 80 | random.getrandbits(80)).to_bytes(16, "big").hex()


def unforeseen_id() -> str:
    """As `fresh_id`, and not to be foretold by who knows others. 2 µs, of UUID 4 it would be 5."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def taken_over(received: str | None) -> str:
    """The id that a peer sent, if it can stand in a header and in a line of a log; else a fresh one."""
    return received if received is not None and _plain.fullmatch(received) else fresh_id()
