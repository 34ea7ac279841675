"""What a handler is given, and what it may return (transport_and_format.md).

No web framework in here: handlers, and the tests of whoever writes them, need nothing else.
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Literal, Self
from urllib.parse import quote

from pydantic import BaseModel
from typing_extensions import TypeVar

from ocpi211_runtime.dispatch import read_query
from ocpi211_runtime.errors import InvalidParameters, Problem
from ocpi211_runtime.operation import Operation

__all__ = ["Authenticate", "Caller", "Created", "Incoming", "PageResult", "Role"]

Role = Literal["cpo", "emsp"]
T_co = TypeVar("T_co", covariant=True)

# RFC 3986 reserved, and the percent sign: a Location that is a URL already stays as it is, and no line break survives.
_url_characters = "%:/?#[]@!$&'()*+,;="


@dataclass(eq=False)
class Incoming:
    """A request as it came in. Headers and body stay out of its `repr`: they hold tokens."""

    method: str = "GET"
    path: tuple[str, ...] = ()
    """The segments behind the mount, decoded: `("cpo", "2.1.1", "tokens", "FR", "ABC", "04/AB")`."""
    query_string: bytes = b""
    raw_headers: Sequence[tuple[bytes, bytes]] = field(default=(), repr=False)
    client: str = ""
    """Address of the other end of the connection, mostly that of a proxy."""
    operation: Operation[Any] = field(
        default=Operation(id="", role="cpo", module="", endpoint="", name="", verb="GET", path=""), repr=False
    )
    """What is asked for: a temporary token, for example, is good for versions and credentials only."""
    body: bytes = field(default=b"", repr=False)
    """As received, for who stores or forwards it unchanged. Empty while the caller is not authenticated."""
    headers: Mapping[bytes, bytes] = field(init=False, repr=False)
    """By name in lower case, the values of a repeated one joined by commas (RFC 9110, 5.3)."""

    def __post_init__(self) -> None:
        self.headers = dict(self.raw_headers)
        # ASGI servers lower the names. Where the one is found that every caller sends, and none is repeated, nobody has
        # to look at each, which costs 0.4 µs.
        if b"authorization" not in self.headers or len(self.headers) < len(self.raw_headers):
            self.headers = _by_name(self.raw_headers)

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The query parameters, decoded, in their order. A `+` is a plus. InvalidParameters if that fails."""
        try:
            return read_query(self.query_string)
        except ValueError as error:
            problem = Problem("query", "encoding", str(error), repr(self.query_string.decode("latin-1"))[:100])
            raise InvalidParameters(problems=(problem,)) from None

    def header(self, name: str) -> str | None:
        """The value of a header, those of a repeated one joined by commas; None where it is missing."""
        found = self.headers.get(name.lower().encode("latin-1"))
        return None if found is None else found.decode("latin-1")


def _by_name(headers: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    return {name: b", ".join(given) for name, given in values.items()}


@dataclass(frozen=True)
class Caller:
    """Who asks: the party that the token belongs to (transport_and_format.md, Security and authentication).

    Derive from it to carry more, for example the account, or to say what a hub may write.
    """

    role: Role
    """The caller's own role: it reads `/cpo/…` as an eMSP."""
    country_code: str
    party_id: str
    request: Incoming = field(default_factory=Incoming, kw_only=True, repr=False, compare=False)
    """What this caller asks now. Set by the routes, so `authenticate` need not give it, and may cache callers."""

    def may_write_for(self, country_code: str, party_id: str) -> bool:
        """Whether the caller may read and write the objects that this party owns. By default: its own alone.

        A hub speaks for the parties behind it: override this. False is answered as if the object did not exist.
        """
        return (country_code, party_id) == (self.country_code, self.party_id)

    def asking(self, request: Incoming) -> Self:
        """This caller, with this request."""
        if self.request is request:
            return self
        caller = copy.copy(self)
        object.__setattr__(caller, "request", request)
        return caller


Authenticate = Callable[[str, Incoming], Awaitable[Caller | None]]
"""From the token to the party it belongs to; None if it belongs to nobody (HTTP 401). The body is not read yet."""


@dataclass(frozen=True)  # with slots, PageResult[Token](...) is a TypeError before Python 3.12
class PageResult(Generic[T_co]):
    """One page of a list, oldest objects first (transport_and_format.md, Paginated Response)."""

    items: Sequence[T_co | bytes] | bytes
    """Objects, or the JSON of objects, or that of them all, an array; JSON is passed on as it is.

    How many an array holds is not looked up, so that `limit` and `next` have to be given with it.
    """
    total: int
    """How many objects match the filters and are visible to this caller, whatever `offset` and `limit`."""
    limit: int | None = None
    """How many objects a page may hold at most; if left out, the `limit` that the handler was given."""
    next: Mapping[str, str] | None = None
    """Query parameters of the next page, such as a cursor, in place of the offset; `{}`: this is the last page.

    If left out, the next page begins behind the last of `items`, until `total` is reached. An offset is kept only if
    it is among these parameters; the filters of the request always are.
    """


@dataclass(frozen=True, slots=True)
class Created:
    """The object is new: HTTP 201 (200 where the settings say so)."""

    location: str | None = None
    """Where the caller finds it from now on, sent as given; eMSPs must send it for a CDR."""
    data: BaseModel | bytes | None = None
    """What operations answer that answer more than success, such as POST credentials."""

    @property
    def location_header(self) -> bytes | None:
        """The location as it may stand in a header."""
        return None if self.location is None else quote(self.location, safe=_url_characters).encode("ascii")
