"""A few rows of the contract and a transport that answers from memory, for the client side of the runtime."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import MISSING

from ocpi211_runtime import scalars
from ocpi211_runtime.exchange import Request, Response
from ocpi211_runtime.model import OcpiModel, OcpiPatch
from ocpi211_runtime.operation import Operation, Parameter
from ocpi211_runtime.peer import Peer

TOKEN = "s3cret-token"  # noqa: S105  (of no deployment)
HOST = "https://cpo.example"
NOW = "2024-05-01T12:00:00Z"

String36 = Annotated[str, scalars.Identifier(min_length=1, max_length=36)]
Text36 = Annotated[str, scalars.Text(min_length=1, max_length=36)]
DateTime = Annotated[datetime, scalars.DateTime()]
Count = Annotated[int, scalars.Integer(minimum=0)]


class Kind(StrEnum):
    """An enum in a query."""

    RFID = "RFID"
    OTHER = "OTHER"


class Contact(OcpiModel):
    """A nested object."""

    name: str
    website: str | None = None


class Token(OcpiModel):
    """Enough of a Token."""

    uid: String36
    valid: bool
    note: str | None = None
    contact: Contact | None = None
    last_updated: DateTime | None = None


class TokenPatch(OcpiPatch):
    """Part of a Token."""

    uid: String36 | MISSING = MISSING
    valid: bool | MISSING = MISSING
    note: str | MISSING | None = MISSING
    contact: Contact | MISSING | None = MISSING


class Credentials(OcpiModel):
    """Something with a token in it."""

    token: String36
    url: str


OWNER = (
    Parameter("country_code", "country_code", "path", String36, required=True),
    Parameter("party_id", "party_id", "path", String36, required=True),
    Parameter("token_uid", "token_uid", "path", Text36, required=True),
)
PAGING = (
    Parameter("date_from", "date_from", "query", DateTime),
    Parameter("offset", "offset", "query", Count, default=0),
    Parameter("limit", "limit", "query", Count),
    Parameter("type", "type", "query", Kind),
    Parameter("valid", "valid", "query", bool),
    Parameter("ocpi-to-party-id", "ocpi_to_party_id", "header", String36),
)
SUFFIX = ("{country_code}", "{party_id}", "{token_uid}")
PATH = "/cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}"

GET = Operation(
    "cpo.tokens.get_token", "cpo", "tokens", "tokens", "get_token", "GET", PATH, SUFFIX, OWNER, result=Token
)
PUT = Operation(
    "cpo.tokens.put_token",
    "cpo",
    "tokens",
    "tokens",
    "put_token",
    "PUT",
    PATH,
    SUFFIX,
    OWNER,
    body=Token,
    body_name="token",
    body_required=True,
    created=True,
)
PATCH = Operation(
    "cpo.tokens.patch_token",
    "cpo",
    "tokens",
    "tokens",
    "patch_token",
    "PATCH",
    PATH,
    SUFFIX,
    OWNER,
    body=TokenPatch,
    body_name="patch",
    body_required=True,
    merge_patch=True,
)
LIST = Operation(
    "emsp.tokens.list_tokens",
    "emsp",
    "tokens",
    "tokens",
    "list_tokens",
    "GET",
    "/emsp/2.1.1/tokens",
    parameters=PAGING,
    result=Token,
    paginated=True,
)
AUTHORIZE = Operation(
    "emsp.tokens.authorize_token",
    "emsp",
    "tokens",
    "tokens",
    "authorize_token",
    "POST",
    "/emsp/2.1.1/tokens/{token_uid}/authorize",
    ("{token_uid}", "authorize"),
    OWNER[2:],
    body=Contact,
    result=Token,
)
GET_CDR = Operation(
    "emsp.cdrs.get_cdr",
    "emsp",
    "cdrs",
    "cdrs",
    "get_cdr",
    "GET",
    "/emsp/2.1.1/cdrs/{token_uid}",
    ("{token_uid}",),
    OWNER[2:],
    result=Token,
    opaque_url=True,
)
REGISTER = Operation(
    "cpo.credentials.post_credentials",
    "cpo",
    "credentials",
    "credentials",
    "post_credentials",
    "POST",
    "/cpo/2.1.1/credentials",
    body=Credentials,
    body_required=True,
    result=Credentials,
)

WHO: Mapping[str, object] = {"country_code": "FR", "party_id": "ABC", "token_uid": "012345"}
ENDPOINTS = {"tokens": f"{HOST}/ocpi/tokens", "cdrs": f"{HOST}/ocpi/cdrs", "credentials": f"{HOST}/ocpi/credentials"}


def peer(**rest: Any) -> Peer:
    """A peer with the usual endpoints."""
    known = {"token": TOKEN, "versions_url": f"{HOST}/ocpi/versions", "endpoints": ENDPOINTS}
    return Peer(**(known | rest))


def answered(
    data: str | None = "{}", code: int | str = 1000, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer with this JSON text as data."""
    member = f'"data":{data},' if data is not None else ""
    body = f'{{{member}"status_code":{json.dumps(code)},"status_message":"said so","timestamp":"{NOW}"}}'
    named = {"Content-Type": "application/json", **(headers or {})}
    return Response(status, list(named.items()), body.encode())


Answers = Mapping[str, Response] | Callable[[Request], Response] | Response


class Memory:
    """A transport that answers by URL, or in turn, and keeps what it was sent."""

    def __init__(self, answers: Answers) -> None:
        """One answer for all, an answer by URL, or what makes it."""
        self.answers = answers
        self.requests: list[Request] = []
        self.timeouts: list[float] = []
        self.closed = False

    def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:
        """The answer for this URL."""
        self.requests.append(request)
        self.timeouts.append(timeout)
        if isinstance(self.answers, Response):
            return self.answers
        return self.answers[request.url] if isinstance(self.answers, Mapping) else self.answers(request)

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


class AsyncMemory:
    """`Memory`, to be awaited."""

    def __init__(self, answers: Answers) -> None:
        """As `Memory`."""
        self.memory = Memory(answers)

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ASYNC109
        """The answer for this URL."""
        return self.memory.send(request, timeout=timeout, max_bytes=max_bytes)

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.memory.close()
