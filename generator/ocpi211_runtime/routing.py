"""Served with starlette: the handlers of one or both roles as routes of an application, or as one of their own.

This module alone imports the framework; `serving` does the work, on plain ASGI.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from ocpi211_runtime.answers import Authenticate
from ocpi211_runtime.dispatch import first_segment
from ocpi211_runtime.handlers import Handler
from ocpi211_runtime.serving import RouteSettings, Service

__all__ = ["app", "routes"]

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]


def routes(
    *handlers: Handler, authenticate: Authenticate, public_url: str, settings: RouteSettings | None = None
) -> list[BaseRoute]:
    """The routes of what the handlers override, for an application that serves more than OCPI.

    `Starlette(routes=[Mount("/ocpi", routes=routes(..., public_url="https://ocpi.example.com/ocpi"))])`. They take
    every path below the roles of the handlers (`/cpo`, `/emsp`), unknown ones too; others are left to the
    application. `public_url` is how callers reach the place these routes are mounted at. Versions and version details
    are answered from what is offered, unless a handler overrides them.

    ValueError if two handlers offer the same operation, or the URL is not absolute.
    """
    service = Service(handlers, authenticate=authenticate, public_url=public_url, settings=settings or RouteSettings())
    return [_Roles(service)]


def app(
    *handlers: Handler,
    authenticate: Authenticate,
    public_url: str,
    settings: RouteSettings | None = None,
    lifespan: Lifespan | None = None,
) -> ASGIApp:
    """An ASGI application of its own, to run or to mount: every answer is an envelope, whatever the path.

    As `routes`; `lifespan` is what starlette calls so.
    """
    service = Service(handlers, authenticate=authenticate, public_url=public_url, settings=settings or RouteSettings())
    others = Router(redirect_slashes=False, lifespan=lifespan)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await (service if scope["type"] == "http" else others)(scope, receive, send)

    return application


class _Roles(BaseRoute):
    """Everything below the roles of a service, also what it does not offer: it is to be refused in an envelope."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and first_segment(scope) in self.service.roles:
            return Match.FULL, {"endpoint": self.service}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.service(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        raise NoMatchFound(name, path_params)
