"""What a fault is, and how one is put between the check and a target."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ocpi211_check.catalogue import Profile, Role
from ocpi211_runtime.envelope import write_envelope
from ocpi211_runtime.exchange import AsyncTransport, Request, Response

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
    side: Literal["answers", "calls"] = "answers"
    """Of what the target answers, or of what it sends to the check."""
    settings: Mapping[str, Any] = field(default_factory=dict)


class Faulty:
    """A transport with a fault in it."""

    def __init__(self, transport: AsyncTransport, fault: Fault) -> None:
        self._transport = transport
        self._fault = fault

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
        async def forward(request: Request) -> Response:
            return await self._transport.send(request, timeout=timeout, max_bytes=max_bytes)

        return await self._fault.spoil(request, forward)

    async def aclose(self) -> None:
        await self._transport.aclose()


def answer(data: object, status: int = 200, code: int = 1000, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in OCPI's form."""
    message = "Success" if code == 1000 else "refused"
    content = write_envelope(json.dumps(data).encode(), code, message)
    return Response(status, [("content-type", "application/json"), *(headers or {}).items()], content)


def envelope(response: Response) -> Json:
    """The members of an answer."""
    found = json.loads(response.body)
    assert isinstance(found, dict)
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
