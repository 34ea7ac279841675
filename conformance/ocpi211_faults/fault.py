"""What a fault is, and how one is put in front of a target. It knows requests by what is on the wire alone."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from ocpi211.operations import OPERATIONS
from ocpi211_check.catalogue import Profile, Role
from ocpi211_runtime.envelope import write_envelope
from ocpi211_runtime.exchange import AsyncTransport, Request, Response

__all__ = ["Fault", "Faulty", "Forward", "Json", "Spoil", "answer", "envelope", "with_envelope", "with_headers"]

Forward = Callable[[Request], Awaitable[Response]]
Spoil = Callable[[Request, Forward], Awaitable[Response]]
Json = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a target."""

    name: str
    breaks: tuple[str, ...]
    spoil: Spoil
    roles: tuple[Role, ...] = ("cpo", "emsp")
    profile: Profile = "plain-2.1.1"
    side: Literal["answers", "calls", "both"] = "answers"
    """Of what the target answers, of what it calls, or of both."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What the check is told to find it: `handshake`, `rehearse`, `speaks_for`, or that the target is a `hub`."""


class Faulty:
    """A transport with a fault in it.

    The `operation` of a request that the fault sees is told from its verb and path, as at the target.
    """

    def __init__(self, transport: AsyncTransport, fault: Fault) -> None:
        self._transport = transport
        self._fault = fault

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
        """Send the request as the fault would have it."""

        async def forward(request: Request) -> Response:
            return await self._transport.send(request, timeout=timeout, max_bytes=max_bytes)

        path = request.url.partition("?")[0]
        return await self._fault.spoil(replace(request, operation=_operation(request.method, path)), forward)

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()


@cache
def _places() -> list[tuple[str, re.Pattern[str], str]]:
    rows = []
    for row in OPERATIONS.values():
        parts = ("[^/]*" if part.startswith("{") else re.escape(part) for part in row.path.split("/"))
        rows.append((row.verb, re.compile(".*" + "/".join(parts)), row.id))
    return rows


def _operation(verb: str, path: str) -> str:
    """Which operation of our own server this is, as `cpo.tokens.put_token`; empty for none."""
    return next((id_ for known, place, id_ in _places() if known == verb and place.fullmatch(path)), "")


def answer(data: object, status: int = 200, code: int = 1000, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in OCPI's form."""
    message = "Success" if code == 1000 else "refused"
    content = write_envelope(json.dumps(data).encode(), code, message)
    return Response(status, [("content-type", "application/json"), *(headers or {}).items()], content)


def envelope(response: Response) -> Json:
    """The members of an answer."""
    found = json.loads(response.body)
    if not isinstance(found, dict):
        raise TypeError("the answer is no envelope")
    return found


def with_envelope(response: Response, members: Json, *, status: int | None = None) -> Response:
    """The answer with other members."""
    headers = [(name, value) for name, value in response.headers if name.lower() != "content-length"]
    return Response(response.status if status is None else status, headers, json.dumps(members).encode())


def with_headers(response: Response, *gone: str, **more: str) -> Response:
    """The answer without some headers, and with others; `_` stands for a hyphen."""
    added = {name.replace("_", "-"): value for name, value in more.items()}
    unwanted = {*gone, *added}
    kept = [(name, value) for name, value in response.headers if name.lower() not in unwanted]
    return Response(response.status, [*kept, *added.items()], response.body)
