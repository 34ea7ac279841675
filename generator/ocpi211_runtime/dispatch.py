"""From the path of a request to what is offered there. Knows neither HTTP framework nor handlers.

Paths are split before they are decoded. Frameworks do it the other way round, and an id with a slash in it (`%2F`)
then reaches another operation, or none. An id may hold anything its type allows: `/`, `*`, `?`, `#`, `%`, dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote, unquote_to_bytes

from ocpi211_runtime.operation import decode_segment

__all__ = ["Table", "first_segment", "read_query", "read_segments"]

T = TypeVar("T")

# What a server may have decoded, and a client left as it is: everything a path may hold (RFC 3986, pchar and slash).
_path_characters = "/:@!$&'()*+,;="
_plain = re.compile(r"[A-Za-z0-9/._~*-]*")  # most paths, which need no decoding
_LONGEST_QUERY = 8192
_HEXADECIMAL = frozenset(b"0123456789abcdefABCDEF")


def read_segments(scope: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The decoded segments of an ASGI scope's path behind its mount; None if it is no proper path.

    One trailing slash is ignored. A server without `raw_path` has decoded too early: there, `%2F` ends a segment.
    """
    raw = scope.get("raw_path") or quote(scope["path"], safe=_path_characters).encode("ascii")
    mounted = _behind_mount(raw.partition(b"?")[0], scope["path"], scope.get("root_path", "").rstrip("/"))
    if mounted is None:
        return None
    try:
        return _decoded(mounted)
    except ValueError:
        return None


def first_segment(scope: Mapping[str, Any]) -> str:
    """The first segment behind the mount, as the server decoded it."""
    path, mount = scope["path"], scope.get("root_path", "").rstrip("/")
    inner: str = path[len(mount) :] if path.startswith(mount + "/") else path
    return inner[1:].partition("/")[0]


def _decoded(raw: bytes) -> tuple[str, ...] | None:
    text = raw.decode("ascii").removesuffix("/")
    if not text:
        return ()
    first, *segments = text.split("/")
    if first or "" in segments:
        return None
    if _plain.fullmatch(text):
        return tuple(segments)
    return tuple(decode_segment(segment) for segment in segments)


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
    pairs = (part.partition(b"=") for part in raw.split(b"&") if part)
    return tuple((_decode_query(name), _decode_query(value)) for name, _, value in pairs)


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


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: dict[str, _Node[T]] = field(default_factory=dict[str, "_Node[T]"])
    parameter: _Node[T] | None = None
    place: T | None = None


class Table(Generic[T]):
    """Places by path: a tree with a level a segment, as deep as the longest path, however long a request's is."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def setdefault(self, path: Iterable[str], place: T) -> T:
        """Puts a place at the segments of a path, of which `{x}` stands for any; gives what is there then."""
        node = self._root
        for segment in path:
            if not segment.startswith("{"):
                node = node.literals.setdefault(segment, _Node())
                continue
            node.parameter = node.parameter or _Node()
            node = node.parameter
        node.place = place if node.place is None else node.place
        return node.place

    def find(self, segments: Sequence[str]) -> tuple[T, tuple[str, ...]] | None:
        """The place at this path, and the values of its parameters."""
        return _find(self._root, segments, ())


def _find(node: _Node[T], segments: Sequence[str], values: tuple[str, ...]) -> tuple[T, tuple[str, ...]] | None:
    for depth, segment in enumerate(segments):
        literal = node.literals.get(segment)
        # Literals go first, but an id may be spelt like one: then both ways are tried.
        if literal is not None and node.parameter is not None:
            found = _find(literal, segments[depth + 1 :], values)
            if found is not None:
                return found
        if literal is not None and node.parameter is None:
            node = literal
        elif node.parameter is not None:
            node, values = node.parameter, (*values, segment)
        else:
            return None
    return None if node.place is None else (node.place, values)
