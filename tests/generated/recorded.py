"""A generated client, the generated routes of one operation, a handler that records; nothing in between but ASGI."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any

from ocpi211 import routes
from ocpi211.client import AsyncCpoClient, AsyncEmspClient, CpoClient, EmspClient
from ocpi211.routes import Caller
from ocpi211_runtime.asgi import AsgiTransport, BlockingAsgiTransport
from ocpi211_runtime.errors import Refusal
from ocpi211_runtime.handlers import Handler
from ocpi211_runtime.operation import Operation

PUBLIC_URL = "https://ocpi.example.com/ocpi"
TOKEN = "the-token-of-the-caller"  # noqa: S105 - opens nothing
OWNER = ("FR", "EXA")


@dataclass
class Recording:
    """What the handler was given, and what it shall answer."""

    answer: object = None
    refusal: Refusal | None = None
    calls: list[dict[str, object]] = field(default_factory=list)


def handler(row: Operation[Any], recording: Recording) -> Handler:
    """The generated skeleton of the operation with just that operation overridden."""
    base = getattr(routes, f"{row.role.capitalize()}{row.module.capitalize()}")
    signature = inspect.signature(getattr(base, row.name))

    async def method(self: Handler, caller: Caller, *given: object, **named: object) -> object:
        bound = signature.bind(self, caller, *given, **named)
        bound.apply_defaults()
        arguments = dict(bound.arguments)
        del arguments["self"], arguments["caller"]
        recording.calls.append(arguments)
        if recording.refusal:
            raise recording.refusal
        return recording.answer

    made: Handler = type("Recorder", (base,), {row.name: method})()
    return made


async def authenticate(token: str, request: object) -> Caller | None:
    operation: Operation[Any] = request.operation  # type: ignore[attr-defined]
    return Caller("emsp" if operation.role == "cpo" else "cpo", *OWNER) if token == TOKEN else None


def served(row: Operation[Any], recording: Recording) -> Any:
    return routes.app(handler(row, recording), authenticate=authenticate, public_url=PUBLIC_URL)


def published(row: Operation[Any]) -> dict[str, Any]:
    """What discovery would find."""
    base = f"{PUBLIC_URL}/{row.role}"
    module = {row.module: f"{base}/2.1.1/{row.module}"}
    return {"endpoints": module, "versions_url": f"{base}/versions", "details_url": f"{base}/2.1.1"}


def call(row: Operation[Any], recording: Recording, arguments: dict[str, object], token: str = TOKEN) -> object:
    """Through the sync client, lists as all their pages."""
    peer = {"cpo": CpoClient, "emsp": EmspClient}[row.role]
    transport = BlockingAsgiTransport(served(row, recording))
    try:
        with peer(token=token, transport=transport, **published(row)) as made:
            answer = getattr(getattr(made, row.module), row.name)(**_called_with(row, made, arguments))
            return list(answer) if row.paginated else answer
    finally:
        transport.close()


async def call_async(row: Operation[Any], recording: Recording, arguments: dict[str, object]) -> object:
    """Through the async client, lists as all their pages."""
    peer = {"cpo": AsyncCpoClient, "emsp": AsyncEmspClient}[row.role]
    transport = AsgiTransport(served(row, recording))
    async with peer(token=TOKEN, transport=transport, **published(row)) as made:
        answer = getattr(getattr(made, row.module), row.name)(**_called_with(row, made, arguments))
        return [item async for item in answer] if row.paginated else await answer


def _called_with(row: Operation[Any], made: Any, arguments: dict[str, object]) -> dict[str, object]:
    """An operation whose URL the peer hands out is called with that URL, not with its parts."""
    if not row.opaque_url:
        return arguments
    in_path = {one.python: arguments[one.python] for one in row.path_parameters}
    url = getattr(getattr(made, row.module), f"{row.name}_url")(**in_path)
    return {"url": url, **{name: value for name, value in arguments.items() if name not in in_path}}
