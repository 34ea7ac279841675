"""What becomes of a delivery: the table of answers, and how long to wait (transport_and_format.md; GIREVE's guide).

OCPI asks nobody to keep what could not be sent. GIREVE does: whatever is not answered 2xx is kept and sent again, in
order (`fifo`; q&a.md, Store and Forward mechanism). A hub passes on what is true by now (`latest`). What is of no use
later, such as the result of a command, is sent `once`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import Literal, get_args

from ocpi211_runtime.errors import (
    ForeignUrl,
    MalformedAnswer,
    NotOffered,
    PeerError,
    PeerRefusal,
    Unreachable,
)
from ocpi211_runtime.problems import one_line
from ocpi211_server.moments import MICROSECONDS

__all__ = ["ANSWERS", "POLICIES", "Answer", "DeliverySettings", "Policy", "Verdict", "answer_of", "reason_of"]

Policy = Literal["fifo", "latest", "once"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
"""`fifo`: all, in order. `latest`: what is true by now. `once`: one attempt."""


class Answer(StrEnum):
    """What came of an attempt, as far as it matters for what to do next."""

    ACCEPTED = "accepted"
    """HTTP 2xx and OCPI 1xxx."""
    UNKNOWN_OBJECT = "unknown object"
    """404 or 405 to a PATCH whose whole object we could PUT."""
    NOBODY = "nobody"
    """No answer, or one that says: not now (401, 429, 502, 503, 504). Nothing else gets through to that partner."""
    FAULT = "fault"
    """Theirs: another 5xx, OCPI 3xxx, an answer that is no OCPI."""
    REFUSAL = "refusal"
    """Another 4xx, OCPI 2xxx, no such module: it would be the same the next time."""
    IMPOSSIBLE = "impossible"
    """Ours: it cannot even be written."""


class Verdict(StrEnum):
    """What to do next."""

    DONE = "delivered"
    WHOLE = "whole"
    """Send the whole object in place of the PATCH, at once."""
    AGAIN = "again"
    """Send it again when its lane has waited."""
    PAUSE = "pause"
    """As `AGAIN`, and leave the partner alone: its other lanes wait as well."""
    PARK = "parked"
    """Leave it to a person. Its lane goes on."""


_DONE, _WHOLE, _AGAIN, _PAUSE, _PARK = Verdict

ANSWERS: Mapping[Answer, Mapping[Policy, Verdict]] = MappingProxyType(
    {
        Answer.ACCEPTED: {"fifo": _DONE, "latest": _DONE, "once": _DONE},
        Answer.UNKNOWN_OBJECT: {"fifo": _WHOLE, "latest": _WHOLE, "once": _WHOLE},
        Answer.NOBODY: {"fifo": _PAUSE, "latest": _PAUSE, "once": _PARK},
        Answer.FAULT: {"fifo": _AGAIN, "latest": _AGAIN, "once": _PARK},
        Answer.REFUSAL: {"fifo": _AGAIN, "latest": _PARK, "once": _PARK},
        Answer.IMPOSSIBLE: {"fifo": _PARK, "latest": _PARK, "once": _PARK},
    }
)
"""Answer and policy → verdict. `AGAIN` and `PAUSE` end in `PARK` after the most attempts."""

_NOT_NOW = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,  # a token is being changed, or the partner will say no to everything
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_NO_SUCH_OBJECT = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})


_KINDS: Sequence[tuple[type[BaseException], Answer]] = (
    (Unreachable, Answer.NOBODY),
    (OSError, Answer.NOBODY),  # among them TimeoutError
    (NotOffered, Answer.REFUSAL),
    (ForeignUrl, Answer.REFUSAL),
    (MalformedAnswer, Answer.FAULT),
    (ValueError, Answer.IMPOSSIBLE),
    (TypeError, Answer.IMPOSSIBLE),
)


def answer_of(error: BaseException | None, *, has_whole: bool) -> Answer:
    """What an attempt came to; None: it was accepted. `has_whole`: it was a PATCH, and the whole could be PUT."""
    if error is None:
        return Answer.ACCEPTED
    if isinstance(error, PeerRefusal):
        return _refused(error, has_whole=has_whole)
    return next((answer for kind, answer in _KINDS if isinstance(error, kind)), Answer.FAULT)


def _refused(error: PeerRefusal, *, has_whole: bool) -> Answer:
    status, code = error.http_status, error.status_code
    if status in _NOT_NOW:
        return Answer.NOBODY
    if status in _NO_SUCH_OBJECT and has_whole:
        return Answer.UNKNOWN_OBJECT
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Answer.FAULT
    if status >= HTTPStatus.BAD_REQUEST:
        return Answer.REFUSAL
    return Answer.REFUSAL if code is not None and code // 1000 == 2 else Answer.FAULT


_LONGEST_REASON = 500


def reason_of(error: BaseException) -> str:
    """Why an attempt failed, for a person."""
    if isinstance(error, PeerError):
        return one_line(str(error))[:_LONGEST_REASON]
    if isinstance(error, TimeoutError):
        return "no answer in time"
    # The text of an exception that is nobody's might hold a token.
    return f"{type(error).__name__}, see the log"


@dataclass(frozen=True)
class DeliverySettings:
    """How patient to be, in seconds, and how much to do at once. ValueError for what cannot be."""

    first_delay: float = 1.0
    """Before what failed is tried again for the first time; then twice as long each time."""
    longest_delay: float = 300.0
    """Between two attempts, unless the partner asked for more by `Retry-After`."""
    most_attempts: int = 20
    """Answered attempts after which a delivery is parked."""
    most_unanswered: int = 1000
    """Attempts without an answer after which a delivery is parked: with these delays more than three days."""
    most_at_once: int = 200
    """Deliveries that one worker sends at the same time."""
    most_a_partner: int = 8
    """Of these to one partner, so that one who is slow leaves room for the others."""
    longest_send: float = 60.0
    """An attempt that takes longer has failed, whatever `send` is waiting for."""
    worker_stale: float = 30.0
    """What a worker claimed is free again when it has not been heard of for so long."""
    poll: float = 0.25
    """Between two looks for what other processes left to be sent."""
    grace: float = 10.0
    """For attempts under way when the worker is stopped."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"{name}: {value!r} is not above 0")

    def delay(self, failures: int, chance: float, asked: float | None = None) -> int:
        """Microseconds to wait after so many failures in a row; `chance`, 0 to 1, keeps many from coming at once."""
        longest = min(self.first_delay * 2.0 ** min(failures - 1, 60), self.longest_delay)
        return int(max(longest * (1 + chance) / 2, asked or 0.0) * MICROSECONDS)

    def worn_out(self, attempts: int, unanswered: int) -> bool:
        """Whether a delivery has failed often enough to be parked."""
        return attempts - unanswered >= self.most_attempts or unanswered >= self.most_unanswered
