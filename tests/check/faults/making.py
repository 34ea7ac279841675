"""Ways to make a fault."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ocpi211_runtime.exchange import Request, Response
from tests.check.faults.fault import Forward, Json, Spoil, answer, envelope, with_envelope

When = Callable[[Request], bool]


def to(*verbs: str, having: str = "", ending: str = "", about: str = "") -> When:
    """Requests of these verbs, with a part of the URL's path, an end of it, or a purpose."""

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
        return made if when(request) else await forward(request)

    return spoil


def members(when: When, change: Callable[[Json], Any]) -> Spoil:
    """Other members in the envelope; `change` works on them in place."""

    def give(_: Request, came: Response) -> Response:
        found = envelope(came)
        change(found)
        return with_envelope(came, found)

    return reply(when, give)


def objects(when: When, change: Callable[[Json], Any]) -> Spoil:
    """Something else in every object of a success."""

    def each(found: Json) -> None:
        data = found.get("data")
        for item in data if isinstance(data, list) else [data]:
            if isinstance(item, dict) and found["status_code"] == 1000:
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
        return answer({}, status) if came.status >= 400 or envelope(came)["status_code"] != 1000 else came

    return reply(when, give)


def refusing(when: When, status: int = 200, code: int = 2001) -> Spoil:
    """What should be accepted is refused."""
    return instead(when, answer({}, status, code))


def recoded(when: When, status: int, code: int) -> Spoil:
    """A refusal with other codes."""

    def give(_: Request, came: Response) -> Response:
        refused = came.status >= 400 or envelope(came)["status_code"] != 1000
        return answer({}, status, code) if refused else came

    return reply(when, give)


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
