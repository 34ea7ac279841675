"""What the generated route skeletons are, and which of their operations a handler offers.

A handler offers what it overrides: nothing else is served, nothing else is advertised.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic_core import to_json

from ocpi211_runtime.answers import Caller, Role
from ocpi211_runtime.operation import Operation

__all__ = ["Handler", "NotOverridden", "Offer", "offers", "version_offers"]

VERSION = "2.1.1"
_ENDPOINT_DEPTH = 3  # /cpo/2.1.1/tokens


class NotOverridden(NotImplementedError):
    """An operation that the handler leaves as generated. Reached through `super()`, it answers as not offered."""


class Handler:
    """Base of the generated route skeletons: one class a module and role, one method an operation.

    Derive from the generated class, override what you serve, and hand an instance to `routes` or `app`.
    """

    role: ClassVar[Role]
    module: ClassVar[str]
    operations: ClassVar[Mapping[str, Operation[Any]]]
    """Name of the method → what it serves."""

    max_limit: int | None = None
    """The most objects a page of this module holds; a larger `limit` is cut down before the method sees it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An operation that is served, and the method that serves it."""

    operation: Operation[Any]
    method: Callable[..., Awaitable[object]]
    max_limit: int | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The segments behind the mount, parameters in braces."""
        return tuple(self.operation.path.strip("/").split("/"))

    @property
    def endpoint(self) -> tuple[str, ...]:
        """The segments of the URL that is advertised for the module; those of versions are their own."""
        return self.path[:_ENDPOINT_DEPTH]


def offers(handlers: Iterable[object]) -> Iterator[Offer]:
    """What the handlers override. TypeError for what is none, such as the class in place of an instance of it."""
    for handler in handlers:
        if not isinstance(handler, Handler):
            raise TypeError(f"{handler!r} is no instance of a route skeleton")
        skeletons = [cls for cls in type(handler).__mro__ if "operations" in vars(cls)]
        for skeleton in skeletons:
            for name, operation in vars(skeleton)["operations"].items():
                if getattr(type(handler), name) not in [vars(cls).get(name) for cls in skeletons]:
                    yield Offer(operation, _method(handler, name), handler.max_limit)


def _method(handler: Handler, name: str) -> Callable[..., Awaitable[object]]:
    method: Callable[..., Awaitable[object]] = getattr(handler, name)
    if inspect.ismethod(method) and not inspect.iscoroutinefunction(inspect.unwrap(method)):
        raise TypeError(f"{type(handler).__name__}.{name} must be an async method")
    return method


def version_offers(offered: Iterable[Offer], public_url: str) -> Iterator[Offer]:
    """Versions and version details of each role, made from what is offered (version_information_endpoint.md)."""
    endpoints: dict[Role, dict[str, str]] = {}
    for offer in offered:
        operation = offer.operation
        modules = endpoints.setdefault(operation.role, {})
        if operation.module != "versions":
            modules.setdefault(operation.module, "/".join((public_url, *offer.endpoint)))
    for role, modules in endpoints.items():
        url = f"{public_url}/{role}/{VERSION}"
        listed = [{"identifier": module, "url": endpoint} for module, endpoint in modules.items()]
        details = {"version": VERSION, "endpoints": listed}
        yield _document(role, "versions", "list_versions", "versions", [{"version": VERSION, "url": url}])
        yield _document(role, "version_details", "get_version_details", VERSION, details)


def _document(role: Role, endpoint: str, name: str, segment: str, content: object) -> Offer:
    written = to_json(content)

    async def give(_: Caller) -> bytes:
        return written

    operation = Operation[object](
        id=f"{role}.versions.{name}",
        role=role,
        module="versions",
        endpoint=endpoint,
        name=name,
        verb="GET",
        path=f"/{role}/{segment}",
        result=object,
    )
    return Offer(operation, give)
