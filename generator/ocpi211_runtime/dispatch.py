"""From the path of a request to what is offered there. Knows neither HTTP framework nor handlers.

Paths are split before they are decoded. Frameworks do it the other way round, and an id with a slash in it (`%2F`)
then reaches another operation, or none. An id may hold anything its type allows: `/`, `*`, `?`, `#`, `%`, dots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any, Generic, TypeVar
from urllib.parse import quote, unquote_to_bytes

from ocpi211_runtime.operation import decode_segment

__all__ = ["Table", "first_segment", "read_query", "read_segments"]

T = TypeVar("T")

# What a server may have decoded, and a client left as it is: everything a path may hold (RFC 3986, pchar and slash).
_path_characters = "/:@!$&'()*+,;="
# Of what most paths consist: they need no decoding.
_plain = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._~*-"
_LONGEST_QUERY = 8192
_HEXADECIMAL = frozenset(b"0123456789abcdefABCDEF")


def read_segments(scope: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The decoded segments of an ASGI scope's path behind its mount; None if it is no proper path.

    One trailing slash is ignored. A server without `raw_path` has decoded too early: there, `%2F` ends a segment.
    """
    raw = scope.get("raw_path") or quote(scope["path"], safe=_path_characters).encode("ascii")
    if b"?" in raw:
        raw = raw.partition(b"?")[0]
    if mount := scope.get("root_path"):
        raw = _behind_mount(raw, scope["path"], mount.rstrip("/"))
    try:
        return None if raw is None else _decoded(raw)
    except ValueError:
        return None


def first_segment(scope: Mapping[str, Any]) -> str:
    """The first segment behind the mount, as the server decoded it."""
    path, mount = scope["path"], scope.get("root_path", "").rstrip("/")
    inner: str = path[len(mount) :] if path.startswith(mount + "/") else path
    return inner[1:].partition("/")[0]


def _decoded(raw: bytes) -> tuple[str, ...] | None:
    text = raw.decode("ascii")
    if text in ("", "/"):
        return ()
    if text[0] != "/" or "//" in text:
        return None
    segments = text.strip("/").split("/")
    return tuple(map(decode_segment, segments) if raw.translate(None, _plain) else segments)


def _behind_mount(raw: bytes, path: str, mount: str) -> bytes | None:
    """The raw path without the prefix that is mounted here, be it encoded as it may."""
    if not mount or not (path == mount or path.startswith(mount + "/")):
        return raw
    # A mount is no longer than its number of segments: cut there, then look whether it was the mount that was cut.
    parts = raw.split(b"/", mount.count("/") + 1)
    depth = mount.count("/") + 1
    if unquote_to_bytes(b"/".join(parts[:depth])) != mount.encode():
        return None
    return b"/" + parts[depth] if len(parts) > depth else b""


def read_query(raw: bytes) -> tuple[tuple[str, str], ...]:
    """Names and values of a query string, decoded strictly and in order. ValueError says what is wrong.

    A plus is a plus, not a blank: this is a URL, not a form, and `+02:00` is the end of a DateTime.
    """
    if len(raw) > _LONGEST_QUERY:
        raise ValueError(f"the query is longer than {_LONGEST_QUERY} bytes")
    pairs = [part.partition(b"=") for part in raw.split(b"&") if part]
    return tuple([(_decode_query(name), _decode_query(value)) for name, _, value in pairs])


def _decode_query(raw: bytes) -> str:
    if b"%" not in raw and raw.isascii():
        return raw.decode("ascii")
    for escape in raw.split(b"%")[1:]:
        if len(escape) < 2 or not _HEXADECIMAL.issuperset(escape[:2]):
            raise ValueError("a percent sign is not followed by two hexadecimal digits")
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("the query is not UTF-8") from None


class _Shape(Generic[T]):
    """The places whose paths have parameters at the same positions, by the segments between these."""

    def __init__(self, parameters: tuple[bool, ...]) -> None:
        self.parameters = parameters
        self.literals = _those([at for at, parameter in enumerate(parameters) if not parameter])
        self.values = _those([at for at, parameter in enumerate(parameters) if parameter])
        self.places: dict[tuple[str, ...], T] = {}


def _those(positions: Sequence[int]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """What takes these out of a tuple. Neighbours are a slice, without which one alone would be no tuple."""
    first, behind = (positions[0], positions[-1] + 1) if positions else (0, 0)
    return itemgetter(slice(first, behind)) if behind - first == len(positions) else itemgetter(*positions)


class Table(Generic[T]):
    """Places by path. Of each length there are few shapes: one look-up each, however many places have it."""

    def __init__(self) -> None:
        self._shapes: dict[int, list[_Shape[T]]] = {}

    def setdefault(self, path: Iterable[str], place: T) -> T:
        """Puts a place at the segments of a path, of which `{x}` stands for any; gives what is there then."""
        segments = tuple(path)
        parameters = tuple(segment.startswith("{") for segment in segments)
        shapes = self._shapes.setdefault(len(segments), [])
        shape = next((known for known in shapes if known.parameters == parameters), None)
        if shape is None:
            shape = _Shape[T](parameters)
            # An id may be spelt like a literal, which goes first; the further in front, the more.
            shapes.append(shape)
            shapes.sort(key=attrgetter("parameters"))
        return shape.places.setdefault(shape.literals(segments), place)

    def find(self, segments: Sequence[str]) -> tuple[T, tuple[str, ...]] | None:
        """The place at this path, and the values of its parameters."""
        path = tuple(segments)
        for shape in self._shapes.get(len(path), ()):
            place = shape.places.get(shape.literals(path))
            if place is not None:
                return place, shape.values(path)
        return None
