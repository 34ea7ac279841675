"""`ocpi-to-*` and `ocpi-from-*`: headers that mean something to the latest edition of GIREVE's guide alone.

For everybody else they are not there, whatever stands in them (integration_guidelines.md, IOP HTTP headers).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

__all__ = ["ignoring"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_IGNORED: Final = (b"ocpi-to-", b"ocpi-from-")
_BEGIN: Final = b"ocpi-"


def ignoring(app: App) -> App:
    """The application, blind to these headers."""

    async def blind(scope: Scope, receive: Receive, send: Send) -> None:
        for name, _ in scope.get("headers", ()):
            if name[:5] == _BEGIN and name.startswith(_IGNORED):
                headers = [item for item in scope["headers"] if not item[0].startswith(_IGNORED)]
                scope = {**scope, "headers": headers}
                break
        await app(scope, receive, send)

    return blind
