"""A server behind the middleware, a call past the observer, and what was noted of either."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from ocpi211.models import CDR, AuthorizationInfo, Credentials, Session, SessionPatch
from ocpi211.routes import (
    Caller,
    CpoCommands,
    CpoSessions,
    Created,
    EmspCdrs,
    EmspCredentials,
    EmspSessions,
    EmspTokens,
    Incoming,
    PageResult,
    app,
)
from ocpi211_runtime.asgi import AsgiTransport
from ocpi211_runtime.errors import PeerError
from ocpi211_runtime.exchange import Request, Response
from ocpi211_server.correlation import called_party, note_caller
from ocpi211_server.operating.exchanges import Calls, Exchanges
from ocpi211_server.operating.messages import Keeping, Message, MessageLog
from ocpi211_server.operating.metrics import Metrics
from ocpi211_server.operating.notes import Notes

TOKEN = "zq7-0123456789-WvU"  # noqa: S105  (made up)
OTHER = "an-offered-token-0123456789"
URL = "https://hub.example.com/ocpi"
SESSION = {
    "id": "S1",
    "start_datetime": "2024-05-02T10:00:00Z",
    "kwh": 1.5,
    "auth_id": "FR-EXA-C00012345",
    "authorization_id": "A1",
    "auth_method": "AUTH_REQUEST",
    "location": {
        "id": "LOC1",
        "type": "ON_STREET",
        "address": "1 rue des Lilas",
        "city": "Lyon",
        "postal_code": "69003",
        "country": "FRA",
        "coordinates": {"latitude": "45.760000", "longitude": "4.840000"},
        "last_updated": "2024-05-02T10:00:00Z",
    },
    "currency": "EUR",
    "status": "ACTIVE",
    "last_updated": "2024-05-02T10:00:00Z",
}
START = {
    "response_url": "https://emsp.example.com/result/1",
    "token": {
        "uid": "04E2AC5A",
        "type": "RFID",
        "auth_id": "FR-EXA-C00012345",
        "issuer": "Exemple",
        "valid": True,
        "whitelist": "NEVER",
        "last_updated": "2024-05-02T10:00:00Z",
    },
    "authorization_id": "A7",
    "location_id": "LOC1",
    "evse_uid": "E1",
}
CREDENTIALS = {
    "token": OTHER,
    "url": "https://cpo.example.com/cpo/versions",
    "business_details": {"name": "Exemple"},
    "party_id": "CPO",
    "country_code": "FR",
}


PUSH = Request(
    "PUT",
    "https://emsp.example.com/api/sessions/FR/CPO/S%2F1",
    {"Authorization": f"Token {TOKEN}", "X-Request-ID": "r-1", "X-Correlation-ID": "c-1"},
    json.dumps(SESSION).encode(),
    "emsp.sessions.put_session",
)
START_SESSION = ("POST", "/cpo/2.1.1/commands/START_SESSION", START)


class Gathered(MessageLog):
    """Keeps what is recorded, stores nothing."""

    def __init__(self, keeping: Keeping | None = None) -> None:
        super().__init__(None, keeping)  # type: ignore[arg-type]  # there is no database
        self.messages: list[Message] = []

    def record(self, message: Message) -> None:
        self.messages.append(message)


class Sessions(EmspSessions):
    async def get_session(self, caller: Caller, country_code: str, party_id: str, session_id: str) -> bytes:
        return json.dumps(SESSION).encode()

    async def put_session(
        self, caller: Caller, country_code: str, party_id: str, session_id: str, session: Session
    ) -> None:
        if session.kwh > 1000:
            raise RuntimeError("broken")

    async def patch_session(
        self, caller: Caller, country_code: str, party_id: str, session_id: str, patch: SessionPatch
    ) -> None:
        return None


class OurSessions(CpoSessions):
    async def list_sessions(self, caller: Caller, **filters: Any) -> PageResult[Session]:
        return PageResult([json.dumps(SESSION).encode()] * 50, total=50)


class Cdrs(EmspCdrs):
    async def post_cdr(self, caller: Caller, cdr: CDR) -> Created:
        return Created(f"{URL}/emsp/2.1.1/cdrs/1")


class Tokens(EmspTokens):
    async def authorize_token(self, caller: Caller, token_uid: str, *arguments: Any, **named: Any) -> AuthorizationInfo:
        return AuthorizationInfo.model_validate({"allowed": "ALLOWED", "authorization_id": "A9"})


class Commands(CpoCommands):
    async def start_session(self, caller: Caller, start_session: Any) -> bytes:
        return b'{"result":"ACCEPTED"}'

    async def stop_session(self, caller: Caller, stop_session: Any) -> bytes:
        return b'{"result":"ACCEPTED"}'


class Registration(EmspCredentials):
    async def post_credentials(self, caller: Caller, credentials: Credentials) -> Credentials:
        return credentials


async def authenticate(token: str, _: Incoming) -> Caller | None:
    if token != TOKEN:
        return None
    note_caller("FR*CPO")
    return Caller("cpo", "FR", "CPO")


ROUTES = app(
    Sessions(),
    OurSessions(),
    Cdrs(),
    Tokens(),
    Commands(),
    Registration(),
    authenticate=authenticate,
    public_url=URL,
)


@dataclass
class Noted:
    """What came back, and what was noted."""

    answer: Response
    messages: list[Message] = field(default_factory=list[Message])
    metrics: Metrics = field(default_factory=Metrics)
    lines: list[Any] = field(default_factory=list[Any])

    @property
    def message(self) -> Message:
        """The one message."""
        (message,) = self.messages
        return message


@contextmanager
def captured() -> Iterator[list[Any]]:
    """The lines of the log that are written meanwhile."""
    capture = structlog.testing.LogCapture()
    structlog.configure(processors=[capture])
    try:
        yield capture.entries
    finally:
        structlog.reset_defaults()


def ask(
    method: str,
    path: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    *,
    keeping: Keeping | None = None,
    application: Any = ROUTES,
) -> Noted:
    """Ask through the middleware; a body that is not bytes becomes JSON."""
    log = Gathered(keeping)
    found = Noted(Response(0), log.messages)
    content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    request = Request(method, URL + path, {"Authorization": f"Token {TOKEN}", **(headers or {})}, content)
    with captured() as found.lines:
        notes = Notes(log, found.metrics)
        network = AsgiTransport(Exchanges(application, notes), raise_exceptions=False)
        found.answer = asyncio.run(network.send(request, timeout=30, max_bytes=10_000_000))
        notes.work_off()
    return found


def noted(*arguments: Any, **named: Any) -> Message:
    """The message of a request."""
    return ask(*arguments, **named).message


def call(request: Request, outcome: Response | PeerError) -> Noted:
    """Have a call noted."""
    log = Gathered()
    found = Noted(outcome if isinstance(outcome, Response) else Response(0), log.messages)
    before = called_party.set("DE*EMP")

    async def exchanged() -> None:
        notes = Notes(log, found.metrics)
        Calls(notes).exchanged(request, outcome, 0.25)
        notes.work_off()

    with captured() as found.lines:
        asyncio.run(exchanged())
    called_party.reset(before)
    return found
