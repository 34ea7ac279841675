"""What an exchange is about: the operation, the object, the authorisation, the OCPI status of the answer.

Told from path and bodies at a few microseconds each, for the message log. Bodies are only looked into where the table
below says that something stands there, and of them only the named members are decoded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from ocpi211.operations import OPERATIONS
from ocpi211_runtime.answers import Incoming
from ocpi211_runtime.dispatch import Table, read_segments
from ocpi211_runtime.operation import Operation
from ocpi211_runtime.serving import ASKED

__all__ = ["UNKNOWN", "Subject", "asked", "authorization_of", "called", "object_of", "peers_status"]

UNKNOWN = "unknown"
"""The operation of a path at which nothing is served."""
_LONGEST = 100

# Of these the object is not named by the path.
_in_body = {
    "emsp.cdrs.post_cdr": "id",
    "cpo.commands.reserve_now": "location_id",
    "cpo.commands.start_session": "location_id",
    "cpo.commands.stop_session": "session_id",
    "cpo.commands.unlock_connector": "location_id",
}
# An eMSP gives it in its answer or in a command; the CPO repeats it in what it writes (GIREVE).
_authorization_in_request = {
    "cpo.commands.reserve_now",
    "cpo.commands.start_session",
    "cpo.commands.stop_session",
    "emsp.cdrs.post_cdr",
    "emsp.sessions.patch_session",
    "emsp.sessions.put_session",
}
_authorization_in_answer = {"emsp.cdrs.get_cdr", "emsp.sessions.get_session", "emsp.tokens.authorize_token"}


class Subject(NamedTuple):
    """An operation, and the object that the path names, empty where it names none."""

    operation: str
    module: str
    object_id: str


class _Body(msgspec.Struct):
    id: Any = None
    location_id: Any = None
    session_id: Any = None
    authorization_id: Any = None


class _Answer(msgspec.Struct):
    data: _Body


class _Envelope(msgspec.Struct):
    status_code: Any = None


_read_body = msgspec.json.Decoder(_Body).decode
_read_answer = msgspec.json.Decoder(_Answer).decode
_read_envelope = msgspec.json.Decoder(_Envelope).decode


def _position(operation: Operation[Any]) -> int:
    """Where in the path, counted from its end, the object stands; 0 for nowhere."""
    # The path of a command's result ends in an id that the other side made up, behind the name of the command.
    first = 1 if operation.module == "commands" else len(operation.owner)
    named = [f"{{{parameter.name}}}" for parameter in operation.path_parameters][first:]
    return len(operation.suffix) - operation.suffix.index(named[0]) if named else 0


_positions = {operation.id: _position(operation) for operation in OPERATIONS.values()}
_places: Table[dict[str, Operation[Any]]] = Table()
for _operation in OPERATIONS.values():
    _places.setdefault(_operation.path.strip("/").split("/"), {})[_operation.verb] = _operation


def asked(scope: Mapping[str, Any]) -> Subject:
    """What a request asked for: by its ASGI scope once it is answered, where the routes have told, else by its path."""
    told: Incoming | None = scope.get(ASKED)
    if told is not None:
        return _subject(told.operation, told.path)
    segments = read_segments(scope) or ()
    for depth, segment in enumerate(segments):
        found = _places.find(segments[depth:]) if segment in ("cpo", "emsp") else None
        if found:
            served = found[0]
            first = next(iter(served.values()))
            operation = served.get(scope["method"])
            nothing = Subject(f"{first.role}.{first.module}", first.module, "")
            return nothing if operation is None else _subject(operation, segments)
    return Subject(UNKNOWN, "", "")


def called(operation_id: str, url: str) -> Subject:
    """What a call is about, from the name of its operation and its URL, which may be one that the peer made up."""
    operation = OPERATIONS.get(operation_id)
    if operation is None:
        return Subject(operation_id or UNKNOWN, "", "")
    path = url.split("/", 3)[3:]  # behind `https://host/`
    return _subject(operation, read_segments({"path": "", "raw_path": b"/" + path[0].encode()}) or () if path else ())


def _subject(operation: Operation[Any], segments: tuple[str, ...]) -> Subject:
    position = _positions.get(operation.id, 0)
    named = segments[-position] if 0 < position <= len(segments) else ""
    return Subject(operation.id, operation.module, _storable(named))


def object_of(operation: str, request: bytes) -> str:
    """The object that the body of a request names; empty where the path does, or nothing."""
    member = _in_body.get(operation)
    return _text(getattr(_told(request), member)) if member else ""


def authorization_of(operation: str, request: bytes, answer: bytes) -> str:
    """The `authorization_id` of an exchange, empty if there is none."""
    if operation in _authorization_in_request:
        return _text(_told(request).authorization_id)
    if operation in _authorization_in_answer:
        try:
            return _text(_read_answer(answer).data.authorization_id)
        except (ValueError, RecursionError):  # a refusal has no data
            return ""
    return ""


def _told(body: bytes) -> _Body:
    try:
        return _read_body(body)
    except (ValueError, RecursionError):  # no JSON, or no object: the routes say so, not we
        return _Body()


def _text(value: object) -> str:
    return _storable(value) if isinstance(value, str) else ""


def _storable(text: str) -> str:
    """As both databases take it, and no longer than any id of OCPI."""
    return text[:_LONGEST].replace("\0", "\N{REPLACEMENT CHARACTER}")


def peers_status(answer: bytes) -> int:
    """The status code of any envelope, 0 if it is none."""
    try:
        code: object = _read_envelope(answer).status_code
    except (ValueError, RecursionError):
        return 0
    if isinstance(code, str) and len(code) == 4 and code.isascii() and code.isdigit():
        return int(code)
    return code if type(code) is int and 0 < code < 10_000 else 0
