"""From what a handler returns or raises to the answer: status, headers, envelope.

transport_and_format.md, Response format; status_codes.md. The data is serialised once, here, or not at all where the
handler gave bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote

from ocpi211_runtime.answers import Created, Incoming, PageResult
from ocpi211_runtime.envelope import EMPTY, SUCCESS, to_wire, write_envelope, write_refusal
from ocpi211_runtime.errors import Refusal
from ocpi211_runtime.operation import Operation, encode_segment
from ocpi211_runtime.pages import write_link

__all__ = ["Reply", "refusal_reply", "result_reply"]

_control = re.compile(r"[\x00-\x1f\x7f]")
_header_name = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
_ours = {"content-length", "content-type", "transfer-encoding"}
_plain = re.compile(r"[A-Za-z0-9_.~:-]*")  # of a query: nothing to escape, which `quote` takes 1 µs to find out
_PARTICULAR: tuple[type[Any], ...] = (Created, PageResult)

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Reply:
    """An answer, whole but for the headers that every answer has."""

    status: int
    headers: Headers
    body: bytes
    status_code: int = SUCCESS
    """That of the envelope, for who would have to find it in the body."""


def refusal_reply(refusal: Refusal) -> Reply:
    """The envelope of a refusal, with its headers."""
    headers = [_header(name, value) for name, value in refusal.headers.items()]
    if refusal.http_status == 401:
        headers.append((b"www-authenticate", b"Token"))  # RFC 9110 asks for it
    return Reply(refusal.http_status, headers, write_refusal(refusal), refusal.status_code)


def result_reply(
    result: object, request: Incoming, named: Mapping[str, Any], *, public_url: str, created_status: int = 201
) -> Reply:
    """The envelope of a success. TypeError for what the operation cannot answer: a fault of the handler."""
    operation = request.operation
    if operation.paginated and isinstance(result, PageResult):
        page = cast("PageResult[object]", result)
        if isinstance(page.items, bytes) and None in (page.limit, page.next):
            raise TypeError(f"{operation.id} cannot answer with an array in bytes without its limit and next")
        written = to_wire(page.items if isinstance(page.items, bytes) else list(page.items))
        return Reply(200, _page_headers(page, request, named, public_url), write_envelope(written))
    if operation.created and isinstance(result, Created):
        location = result.location_header
        headers = [] if location is None else [(b"location", location)]
        return Reply(created_status, headers, write_envelope(_data(result.data, operation)))
    data = result if isinstance(result, bytes) and not operation.paginated else _data(result, operation)
    return Reply(200, [], write_envelope(data))


def _data(result: object, operation: Operation[Any]) -> bytes:
    if result is None and operation.result is None:
        return EMPTY
    if result is None or operation.paginated or isinstance(result, _PARTICULAR):
        raise TypeError(f"{operation.id} cannot answer with a {type(result).__name__}")
    return to_wire(result)


def _page_headers(page: PageResult[object], request: Incoming, named: Mapping[str, Any], public_url: str) -> Headers:
    limit = page.limit or named.get("limit")
    # Without any limit the page is as long as it is; X-Limit is at least 1.
    headers = [(b"x-total-count", b"%d" % page.total), (b"x-limit", b"%d" % (limit or max(len(page.items), 1)))]
    if following := _following(page, limit, named.get("offset") or 0):
        url = f"{_url(public_url, request.path)}?{_query(request, following)}"
        headers.append((b"link", write_link(url).encode("ascii")))
    return headers


@lru_cache(maxsize=64)
def _url(public_url: str, path: tuple[str, ...]) -> str:
    """Of a list, of which there are few."""
    return "/".join((public_url, *map(encode_segment, path)))


def _following(page: PageResult[object], limit: int | None, offset: int) -> dict[str, str]:
    """The query parameters that are particular to the next page; empty on the last one."""
    following = dict(page.next) if page.next is not None else {}
    end = offset + len(page.items)
    if page.next is None and page.items and end < page.total:
        following["offset"] = str(end)
    if following and limit is not None:
        following.setdefault("limit", str(limit))
    return following


def _query(request: Incoming, following: Mapping[str, str]) -> str:
    replaced = {"offset", "limit", *following}
    filters = [(name, value) for name, value in request.query if name not in replaced]
    return "&".join([f"{_escape(name)}={_escape(value)}" for name, value in (*filters, *following.items())])


def _escape(text: str) -> str:
    # A colon may stand in a query, and DateTimes are easier to read with it.
    return text if _plain.fullmatch(text) else quote(text, safe=":")


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    # Whatever a handler puts into a header of its refusal: it ends no line and breaks no answer.
    name = name.lower()
    if not _header_name.fullmatch(name) or name in _ours:
        raise ValueError(f"{name!r} is no header of a refusal")
    return name.encode("ascii"), _control.sub(" ", value).encode("latin-1", "replace")
