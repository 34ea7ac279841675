"""Ways to make a fault: what is sent, what is answered, and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from ocpi211_faults.fault import Forward, Json, Spoil, answer, envelope, with_envelope
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.scalars import write_date_time

__all__ = [
    "When",
    "accepting",
    "after",
    "body",
    "in_turn",
    "instead",
    "later",
    "members",
    "objects",
    "recoded",
    "refusing",
    "reply",
    "sent",
    "to",
    "unknown",
]

When = Callable[[Request], bool]
_TIME: Final = "timestamp"


def to(*verbs: str, having: str = "", ending: str = "", about: str = "") -> When:
    """Requests of these verbs, with a part of the URL, an end of its path, or an operation, `list_tokens`."""

    def fits(request: Request) -> bool:
        path = request.url.partition("?")[0]
        return (
            (not verbs or request.method in verbs)
            and having in request.url
            and path.endswith(ending)
            and about in request.operation
        )

    return fits


def reply(when: When, give: Callable[[Request, Response], Response]) -> Spoil:
    """Another answer to some requests; the target has served them all the same."""

    async def spoil(request: Request, forward: Forward) -> Response:
        came = await forward(request)
        return give(request, came) if when(request) else came

    return spoil


def instead(when: When, made: Response) -> Spoil:
    """An answer in place of the target's, which never hears of the request."""

    async def spoil(request: Request, forward: Forward) -> Response:
        return _of_now(made) if when(request) else await forward(request)

    return spoil


def _of_now(made: Response) -> Response:
    """The answer, which may have been made long ago, with the time of this moment: that is not what is wrong."""
    try:
        found = envelope(made)
    except (ValueError, TypeError):
        return made
    return with_envelope(made, {**found, _TIME: write_date_time(datetime.now(UTC))}) if _TIME in found else made


def members(when: When, change: Callable[[Json], Any]) -> Spoil:
    """Other members in the envelope of a success; `change` works on them in place."""

    def give(_: Request, came: Response) -> Response:
        return _changed(came, change) if _succeeded(came) else came

    return reply(when, give)


def unknown(change: Callable[[Json], Any]) -> Spoil:
    """Other members in the envelope that says there is no such object."""

    def give(_: Request, came: Response) -> Response:
        return _changed(came, change) if came.status == 404 else came

    return reply(to("GET", having="OCPI-CHECK"), give)


def _succeeded(came: Response) -> bool:
    return came.status < 400 and envelope(came)["status_code"] == 1000


def _changed(came: Response, change: Callable[[Json], Any]) -> Response:
    found = envelope(came)
    change(found)
    return with_envelope(came, found)


def objects(when: When, change: Callable[[Json], Any]) -> Spoil:
    """Something else in every object of a success."""

    def each(found: Json) -> None:
        data = found.get("data")
        for item in data if isinstance(data, list) else [data]:
            if isinstance(item, dict):
                change(item)

    return members(when, each)


def sent(when: When, change: Callable[[Request], Request]) -> Spoil:
    """The target hears another request."""

    async def spoil(request: Request, forward: Forward) -> Response:
        return await forward(change(request) if when(request) else request)

    return spoil


def body(when: When, change: Callable[[Any], Any]) -> Spoil:
    """The target hears another body: `change` gives it, from the JSON that was sent."""

    def other(request: Request) -> Request:
        try:
            found = json.loads(request.body or b"")
        except ValueError:
            return request
        return replace(request, body=json.dumps(change(found)).encode())

    return sent(when, other)


def accepting(when: When, status: int = 200) -> Spoil:
    """What should be refused is accepted, and nothing done about it."""

    def give(_: Request, came: Response) -> Response:
        return came if _succeeded(came) else answer({}, status)

    return reply(when, give)


def refusing(when: When, status: int = 200, code: int = 2001) -> Spoil:
    """What should be accepted is refused."""
    return instead(when, answer({}, status, code))


def recoded(when: When, status: int, code: int) -> Spoil:
    """A refusal with other codes."""

    def give(_: Request, came: Response) -> Response:
        return came if _succeeded(came) else answer({}, status, code)

    return reply(when, give)


def after(when: When, spoil: Spoil) -> Spoil:
    """The fault shows only once the target has accepted such a request."""
    seen = False

    async def spoiled(request: Request, forward: Forward) -> Response:
        nonlocal seen
        if seen:
            return await spoil(request, forward)
        came = await forward(request)
        seen = when(request) and _succeeded(came)
        return came

    return spoiled


def later(when: When, spoil: Spoil, first: int = 1) -> Spoil:
    """The fault shows only after so many such requests."""
    seen = 0

    async def spoiled(request: Request, forward: Forward) -> Response:
        nonlocal seen
        if when(request):
            seen += 1
            if seen > first:
                return await spoil(request, forward)
        return await forward(request)

    return spoiled


def in_turn(*answers: Spoil) -> Spoil:
    """All of these faults at once."""

    async def spoiled(request: Request, forward: Forward) -> Response:
        inner = forward
        for spoil in answers:
            inner = _around(spoil, inner)
        return await inner(request)

    return spoiled


def _around(spoil: Spoil, forward: Forward) -> Forward:
    async def through(request: Request) -> Response:
        return await spoil(request, forward)

    return through
