"""Every exception of the library, split by whose fault it is (status_codes.md, transport_and_format.md).

* OcpiError
  x Refusal                    ours: a handler says no, and this is what the caller is told
    + BadRequest               HTTP 400, 2001: the body is not JSON
    + InvalidParameters        HTTP 200, 2001
    + NotEnoughInformation     HTTP 200, 2002
    + UnknownLocation          HTTP 200, 2003
    + Unauthorized             HTTP 401, 2000
    + NotFound                 HTTP 404, 2000
    + MethodNotAllowed         HTTP 405, 2000, with `Allow`
    + PayloadTooLarge          HTTP 413, 2000
    + ServerFailure            HTTP 500, 3000
    + CannotUseClientApi       HTTP 200, 3001
    + UnsupportedVersion       HTTP 200, 3002
    + MissingEndpoints         HTTP 200, 3003
  x PeerError                  the peer's, or of the way there
    + PeerRefusal              the peer says no, whatever the HTTP status
      - PeerUnauthorized       HTTP 401
      - PeerNotFound           HTTP 404
      - PeerMethodNotAllowed   HTTP 405
    + MalformedAnswer          the peer answers, but not in OCPI
    + Unreachable              no answer: connection, TLS, protocol
      - Timeout                no answer in time
    + NotOffered               the peer advertises no such version or module
    + ForeignUrl               the peer's URL leaves the approved origins; nothing was sent there

No message and no repr holds a token: what stands under the name `token` is masked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ocpi211_runtime.problems import LONGEST_EXCERPT, Problem, one_line, problems_of

__all__ = [
    "BadRequest",
    "CannotUseClientApi",
    "ForeignUrl",
    "InvalidParameters",
    "MalformedAnswer",
    "MethodNotAllowed",
    "MissingEndpoints",
    "NotEnoughInformation",
    "NotFound",
    "NotOffered",
    "OcpiError",
    "PayloadTooLarge",
    "PeerError",
    "PeerMethodNotAllowed",
    "PeerNotFound",
    "PeerRefusal",
    "PeerUnauthorized",
    "Problem",
    "Refusal",
    "ServerFailure",
    "Timeout",
    "Unauthorized",
    "UnknownLocation",
    "Unreachable",
    "UnsupportedVersion",
    "problems_of",
]


class OcpiError(Exception):
    """Anything this library raises on purpose. Wrong arguments stay `ValueError` and `TypeError`."""


class Refusal(OcpiError):
    """We say no. Raised by a handler; the caller gets the status codes, the message and the problems.

    The message is for the other side's eyes: no internals. `headers` are added to the answer. ValueError for an HTTP
    status that comes without a body, and so without the envelope.
    """

    http_status: int = 200
    status_code: int = 2000
    summary: ClassVar[str] = "The request cannot be served."

    def __init__(
        self,
        message: str = "",
        *,
        status_code: int | None = None,
        http_status: int | None = None,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message or self.summary
        self.problems = tuple(problems)
        self.headers = dict(headers or {})
        if status_code is not None:
            self.status_code = status_code
        if http_status is not None:
            if http_status in (204, 205, 304) or not 200 <= http_status <= 599:
                raise ValueError(f"HTTP {http_status} cannot carry an envelope")
            self.http_status = http_status
        super().__init__(self.message)


class BadRequest(Refusal):
    """The body is not JSON."""

    http_status = 400
    status_code = 2001
    summary = "The body is not JSON."


class InvalidParameters(Refusal):
    """A parameter or the body breaks the rules; `problems` says where."""

    status_code = 2001
    summary = "Parameters are invalid or missing."


class NotEnoughInformation(Refusal):
    """The request is well-formed, but says too little to decide, for example to authorise a Token."""

    status_code = 2002
    summary = "The request holds too little information."


class UnknownLocation(Refusal):
    """The Location, EVSE or Connector of a command or an authorisation is unknown."""

    status_code = 2003
    summary = "The Location is unknown."


class Unauthorized(Refusal):
    """The token is missing, malformed or unknown."""

    http_status = 401
    summary = "The token is missing, malformed or unknown."


class NotFound(Refusal):
    """There is no such object, or not for this caller."""

    http_status = 404
    summary = "There is no such object."


class MethodNotAllowed(Refusal):
    """The method is not offered here; `allow` names those that are."""

    http_status = 405
    summary = "The method is not offered here."

    def __init__(self, message: str = "", *, allow: Sequence[str] = ()) -> None:
        self.allow = tuple(allow)
        super().__init__(message, headers={"Allow": ", ".join(self.allow)})  # RFC 9110 wants it even if empty


class PayloadTooLarge(Refusal):
    """The body is larger than we read."""

    http_status = 413
    summary = "The body is too large."


class ServerFailure(Refusal):
    """Our own fault."""

    http_status = 500
    status_code = 3000
    summary = "The server failed."


class CannotUseClientApi(Refusal):
    """The caller's own interface could not be used, for example while it registers."""

    status_code = 3001
    summary = "The client's interface could not be used."


class UnsupportedVersion(Refusal):
    """The two sides have no version in common."""

    status_code = 3002
    summary = "The version is not supported."


class MissingEndpoints(Refusal):
    """The caller lacks endpoints that we expect of it."""

    status_code = 3003
    summary = "Endpoints are missing."


class PeerError(OcpiError):
    """The peer, or the way there, failed us. `operation` and `url` say in which call."""

    def __init__(self, message: str = "", *, operation: str = "", url: str = "") -> None:
        self.message = one_line(message)
        self.operation = operation
        self.url = url
        super().__init__(self.message)

    def __reduce__(self) -> tuple[object, ...]:  # `__init__` would word the message once more
        return type(self).__new__, (type(self), *self.args), vars(self)

    def __str__(self) -> str:
        where = " ".join(part for part in (self.operation, self.url) if part)
        return f"{self.message} ({where})" if where else self.message


class PeerRefusal(PeerError):
    """The peer says no: its OCPI status code is not 1xxx, or its HTTP status is an error, or both.

    `data` is what the envelope held, `problems` what it told about the request where it speaks our form. Without an
    envelope, `status_code` is None and `body` the beginning of what came instead. `retry_after`: seconds to wait.
    """

    def __init__(
        self,
        status_message: str = "",
        *,
        http_status: int = 200,
        status_code: int | None = None,
        data: object = None,
        problems: Sequence[Problem] = (),
        body: str = "",
        retry_after: float | None = None,
        operation: str = "",
        url: str = "",
    ) -> None:
        self.status_message = status_message
        self.http_status = http_status
        self.status_code = status_code
        self.retry_after = retry_after
        self.data = data
        self.problems = tuple(problems)
        self.body = body[:LONGEST_EXCERPT]
        codes = f"HTTP {http_status}" + (f", OCPI {status_code}" if status_code is not None else "")
        text = f"the peer refused with {codes}" + (f": {status_message}" if status_message else "")
        super().__init__(text, operation=operation, url=url)


class PeerUnauthorized(PeerRefusal):
    """The peer does not know our token (HTTP 401)."""


class PeerNotFound(PeerRefusal):
    """The peer has no such object, or not for us (HTTP 404)."""


class PeerMethodNotAllowed(PeerRefusal):
    """The peer does not offer this method here, or not now (HTTP 405)."""


class MalformedAnswer(PeerError):
    """The peer answered, but not in OCPI: no JSON, no envelope, data that breaks the schema, a redirect."""

    def __init__(
        self,
        reason: str = "",
        *,
        problems: Sequence[Problem] = (),
        http_status: int | None = None,
        body: str = "",
        operation: str = "",
        url: str = "",
    ) -> None:
        self.reason = reason
        self.problems = tuple(problems)
        self.http_status = http_status
        self.body = body[:LONGEST_EXCERPT]
        first = f": {self.problems[0].pointer or '/'} {self.problems[0].reason}" if self.problems else ""
        super().__init__(f"the answer is not OCPI: {reason}{first}", operation=operation, url=url)


class Unreachable(PeerError):
    """There was no answer: no connection, no TLS, no HTTP. The peer may or may not have acted."""


class Timeout(Unreachable):
    """There was no answer in time. The peer may or may not have acted."""


class NotOffered(PeerError):
    """The peer advertises no such version or module; `offered` is what it does."""

    def __init__(
        self, message: str = "", *, wanted: str = "", offered: Sequence[str] = (), operation: str = "", url: str = ""
    ) -> None:
        self.wanted = wanted
        self.offered = tuple(offered)
        super().__init__(message, operation=operation, url=url)


class ForeignUrl(PeerError):
    """A URL of the peer leaves the origins that may see our token; nothing was sent."""

    def __init__(self, message: str = "", *, approved: Sequence[str] = (), operation: str = "", url: str = "") -> None:
        self.approved = tuple(approved)
        super().__init__(message, operation=operation, url=url)
