"""Prints the contract table, the status codes, and the clients of every module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocpi_codegen.client_methods import Interfaces
from ocpi_codegen.render import ROLES, by_module, default, endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

    from ocpi_codegen.client_methods import Interface
    from ocpi_codegen.ir import Module, Operation, Spec

# Names for the codes of the text; an overlay's own get their number.
CODE_NAMES = {
    1000: "SUCCESS",
    2000: "CLIENT_ERROR",
    2001: "INVALID_PARAMETERS",
    2002: "NOT_ENOUGH_INFORMATION",
    2003: "UNKNOWN_LOCATION",
    3000: "SERVER_ERROR",
    3001: "CANNOT_USE_CLIENT_API",
    3002: "UNSUPPORTED_VERSION",
    3003: "MISSING_ENDPOINTS",
}

# What a caller needs besides the clients, by module of the runtime.
AGAIN = {
    "errors": (
        "ForeignUrl",
        "MalformedAnswer",
        "NotOffered",
        "OcpiError",
        "PeerError",
        "PeerMethodNotAllowed",
        "PeerNotFound",
        "PeerRefusal",
        "PeerUnauthorized",
        "Timeout",
        "Unreachable",
    ),
    "exchange": ("AsyncTransport", "CallOptions", "Receipt", "Request", "Response", "Transport"),
    "pages": ("AsyncPager", "Page", "Pager", "Rejected"),
    "problems": ("Problem",),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An operation in `operations.py`."""

    operation: Operation
    endpoint: str

    @property
    def annotation(self) -> str:
        """`Operation[Token]`; bare without a result."""
        result = self.operation.result
        return f"Operation[{result.annotation}]" if result else "Operation"


@dataclass(frozen=True, slots=True)
class Code:
    """An OCPI status code."""

    name: str
    number: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Peer:
    """The client of one role: all its interfaces."""

    name: str  # CpoClient
    label: str  # CPO
    interfaces: tuple[Interface, ...]


def render(spec: Spec, environment: Environment) -> dict[str, str]:
    """Path → text of `operations.py`, `status_codes.py` and everything in `client/`."""
    printer = Interfaces(spec)
    operations = [operation for module in spec.modules for operation in module.operations]
    table = {
        "rows": tuple(Row(operation, endpoint(operation)) for operation in operations),
        "offered": sorted([*(operation.constant for operation in operations), "OPERATIONS"]),
        "imports": tuple(by_module(_names(operations))),
    }
    codes = tuple(Code(CODE_NAMES.get(code, f"CODE_{code}"), code, meaning) for code, meaning in spec.status_codes)
    rooms = {module.name: printer.of(module) for module in spec.modules if module.operations}
    texts = {
        "operations.py": environment.get_template("operations.py.jinja").render(spec=spec, **table),
        "status_codes.py": environment.get_template("status_codes.py.jinja").render(spec=spec, codes=codes),
        "client/__init__.py": environment.get_template("client_package.py.jinja").render(
            spec=spec, **_package_view(rooms)
        ),
    }
    template = environment.get_template("client_module.py.jinja")
    for module in spec.modules:
        if module.operations:
            view = _module_view(module, rooms[module.name])
            texts[f"client/{module.name}.py"] = template.render(spec=spec, module=module, **view)
    return texts


def _names(operations: list[Operation]) -> Iterator[tuple[str, str]]:
    for operation in operations:
        types = [operation.body, operation.result, *(parameter.type for parameter in operation.parameters)]
        for made in types:
            yield from made.names if made else ()


def _module_view(module: Module, interfaces: tuple[Interface, ...]) -> dict[str, object]:
    """Enums that are a default are needed when the module is imported, all other types by type checkers alone."""
    parameters = [one for operation in module.operations for one in operation.parameters]
    early = {(one.type.module, one.type.name) for one in parameters if "." in default(one)}
    named = {pair for pair in _names(list(module.operations)) if pair[0] != "scalars"}
    return {
        "interfaces": interfaces,
        "offered": sorted(name for one in interfaces for name in (one.name, f"Async{one.name}")),
        "early": tuple(by_module(early)),
        "imports": tuple(by_module(named - early)),
    }


def _package_view(rooms: dict[str, tuple[Interface, ...]]) -> dict[str, object]:
    peers = tuple(_peers(rooms))
    names = [one.name for interfaces in rooms.values() for one in interfaces] + [peer.name for peer in peers]
    own = [name for interface in names for name in (interface, f"Async{interface}")]
    return {
        "rooms": rooms,
        "peers": peers,
        "again": tuple(AGAIN.items()),
        "offered": sorted([*own, *(name for names in AGAIN.values() for name in names)]),
    }


def _peers(rooms: dict[str, tuple[Interface, ...]]) -> Iterator[Peer]:
    for role, (prefix, label) in ROLES.items():
        served = tuple(one for room in rooms.values() for one in room if one.role == role)
        if served:
            yield Peer(f"{prefix}Client", label, served)
