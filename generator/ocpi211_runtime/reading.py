"""Answers read, without any input or output (transport_and_format.md, Response format; status_codes.md).

The HTTP status and the envelope must both speak of success; then the data is validated in one pass over the body.
Only what is no success is looked at twice, to say why.
"""

from __future__ import annotations

import gc
import re
import time
from contextlib import contextmanager, suppress
from dataclasses import astuple
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from ocpi211_runtime.envelope import SUCCESS, envelope_adapter, read_problems, read_status
from ocpi211_runtime.errors import (
    MalformedAnswer,
    PeerMethodNotAllowed,
    PeerNotFound,
    PeerRefusal,
    PeerUnauthorized,
)
from ocpi211_runtime.exchange import Receipt
from ocpi211_runtime.pages import Page, page_adapter, parse_next, read_count, sort_out
from ocpi211_runtime.problems import Problem, excerpt, hide, problems_of
from ocpi211_runtime.urls import resolve

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from ocpi211_runtime.errors import PeerError
    from ocpi211_runtime.exchange import Request, Response
    from ocpi211_runtime.operation import Operation
    from ocpi211_runtime.printable import JsonReader

__all__ = ["next_page", "read_answer", "read_envelope", "read_page", "read_receipt"]

R = TypeVar("R")


def read_answer(operation: Operation[R], request: Request, response: Response, *, strict: bool = False) -> R:
    """The data of a success. Raises PeerRefusal or MalformedAnswer for anything else."""
    item: Any = operation.result
    data: R = read_envelope(envelope_adapter(item), request, response, strict=strict).data
    return data


def read_receipt(request: Request, response: Response, *, strict: bool = False) -> Receipt:
    """The receipt of a write that has no result; what stands in its data is not looked at."""
    read_envelope(envelope_adapter(None), request, response, strict=strict)
    location = response.header("location")
    if location:
        with suppress(ValueError):  # a Location that is no URL is for the caller to see
            location = resolve(location, request.url)
    return Receipt(response.status, response.status == HTTPStatus.CREATED, location or None)


def read_page(operation: Operation[R], request: Request, response: Response, *, strict: bool = False) -> Page[R]:
    """One page of a list: the good objects, a report of the others, and where the next page is."""
    item: Any = operation.result
    with _collector_paused():
        found = read_envelope(page_adapter(item), request, response, strict=strict)
    items, rejected = sort_out(found.data, item, strict=strict, secret=request.secret)
    try:
        next_url = _next_url(request, response)
    except ValueError as error:
        raise _malformed(f"no next page in Link: {error}", request, response) from None
    return Page(
        items,
        rejected,
        read_count(response.header("x-total-count")),
        read_count(response.header("x-limit")),
        request.url,
        next_url,
    )


@contextmanager
def _collector_paused() -> Generator[None]:
    """No garbage collection while a page is read: all that is made is kept, so there is nothing to find.

    Pulling and keeping 200 pages of 1,000 Tokens took 0.6 of the time it takes with the collector on. It stays off
    where the application has switched it off; threads that overlap end with it on.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def next_page(request: Request, response: Response) -> str | None:
    """Where the next page is, before this one is read; None also where `read_page` will say what is wrong."""
    with suppress(ValueError):
        return _next_url(request, response)
    return None


def _next_url(request: Request, response: Response) -> str | None:
    link = parse_next(response.all("link"))
    return None if link is None else resolve(link, request.url)


def read_envelope(adapter: JsonReader[Any], request: Request, response: Response, *, strict: bool = False) -> Any:  # noqa: ANN401  (what the adapter gives)
    """The envelope of a success, validated in one pass over the body; an exception says why there is none."""
    problems: tuple[Problem, ...] = ()
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        try:
            envelope = adapter.validate_json(response.body, strict=strict or None)
        except ValidationError as error:
            problems = problems_of(error, secret=request.secret)
        else:
            problems = _strict_problems(envelope, response) if strict else ()
            if not problems:
                return envelope
    raise _failure(request, response, problems, strict=strict)


def _strict_problems(envelope: Any, response: Response) -> tuple[Problem, ...]:  # noqa: ANN401  (of any data)
    """What the text demands of an answer beside the types of its members."""
    problems: list[Problem] = []
    if envelope.timestamp is None:
        problems.append(Problem("/timestamp", "missing", "Field required"))
    media_type = (response.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        problems.append(Problem("", "media_type", "Content-Type should be application/json", media_type[:100]))
    return tuple(problems)


_refusals: Mapping[int, type[PeerRefusal]] = {
    HTTPStatus.UNAUTHORIZED: PeerUnauthorized,
    HTTPStatus.NOT_FOUND: PeerNotFound,
    HTTPStatus.METHOD_NOT_ALLOWED: PeerMethodNotAllowed,
}


def _failure(request: Request, response: Response, problems: Sequence[Problem], *, strict: bool) -> PeerError:
    """Why an answer is no success: the second look, which a success never takes."""
    status = response.status
    code, message, data = read_status(response.body, strict=strict)
    refused = code is not None and not SUCCESS <= code < 2 * SUCCESS
    if status >= HTTPStatus.BAD_REQUEST or (refused and status < HTTPStatus.MULTIPLE_CHOICES):
        return _refusals.get(status, PeerRefusal)(
            hide(message, request.secret),
            http_status=status,
            status_code=code,
            data=data,
            problems=_told(data, request.secret),
            body=excerpt(response.body, request.secret) if code is None else "",
            retry_after=_retry_after(response),
            operation=request.operation,
            url=request.url,
        )
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        return _malformed("redirects are not followed", request, response)
    if problems and problems[0].rule == "json_invalid":
        return _malformed("it is not JSON", request, response, problems)
    return _malformed(
        "it has no valid envelope" if code is None else "it breaks the schema", request, response, problems
    )


_LONGEST_WAIT = 86_400.0
_LONGEST_DATE = 50
_delta_seconds = re.compile(r"\d+", re.ASCII)


def _retry_after(response: Response) -> float | None:
    """How many seconds the peer asks us to wait (RFC 9110, 10.2.3), at most a day; None for what says nothing."""
    asked = (response.header("retry-after") or "").strip()
    if _delta_seconds.fullmatch(asked):
        # Digits beyond this are more than a day, and int() refuses thousands of them.
        return min(float(int(asked[:20])), _LONGEST_WAIT)
    until = _http_date(asked)
    if until is None:
        return None
    sent = _http_date(response.header("date") or "")  # by the peer's clock, which may not be ours
    return min(max(until - (time.time() if sent is None else sent), 0.0), _LONGEST_WAIT)


def _http_date(text: str) -> float | None:
    with suppress(ValueError, OverflowError):
        found = parsedate_to_datetime(text[:_LONGEST_DATE])
        return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).timestamp()
    return None


def _told(data: object, secret: str) -> tuple[Problem, ...]:
    return tuple(Problem(*(hide(part, secret) for part in astuple(problem))) for problem in read_problems(data))


def _malformed(reason: str, request: Request, response: Response, problems: Sequence[Problem] = ()) -> MalformedAnswer:
    return MalformedAnswer(
        reason,
        problems=problems,
        http_status=response.status,
        body=excerpt(response.body, request.secret),
        operation=request.operation,
        url=request.url,
    )
