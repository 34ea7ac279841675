"""Parties that can register with each other: a database, the registration, and one list each to call."""

import json
from collections.abc import AsyncIterator, Callable, Sized
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

from ocpi211 import operations
from ocpi211.models.credentials import Credentials
from ocpi211.routes import Caller, CpoLocations, EmspTokens, PageResult, app
from ocpi211_runtime.answers import Role
from ocpi211_runtime.asgi import AsgiTransport
from ocpi211_runtime.exchange import Request, Response
from ocpi211_server.database import Database, open_database
from ocpi211_server.handlers.credentials import CredentialsForCpos, CredentialsForEmsps
from ocpi211_server.registration.auth import Authenticator
from ocpi211_server.registration.calls import Calls
from ocpi211_server.registration.identity import Identity, RegistrationRules
from ocpi211_server.registration.invitations import Invitations
from ocpi211_server.registration.partners import Partner, Partners
from ocpi211_server.registration.receiving import Registration
from ocpi211_server.registration.sending import Registrar
from ocpi211_server.registration.vault import Vault
from tests.server.network import Network

__all__ = ["Answer", "Listing", "Party", "Site", "Tokens", "dumped", "party", "quick", "started"]

KEY = Vault.new_key()  # made once: each party has a vault of its own, and a passphrase would cost its time
Side = Literal["cpo", "emsp", "hub"]


class Site(CpoLocations):
    """A CPO without Locations."""

    async def list_locations(self, caller: Caller, **_: Any) -> PageResult[Any]:
        return PageResult([], total=0)


class Tokens(EmspTokens):
    """An eMSP without Tokens."""

    async def list_tokens(self, caller: Caller, **_: Any) -> PageResult[Any]:
        return PageResult([], total=0)


Listing = {"cpo": operations.CPO_LOCATIONS_LIST_LOCATIONS, "emsp": operations.EMSP_TOKENS_LIST_TOKENS}


class Answer:
    """An answer, taken apart."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.response = response
        self.envelope: dict[str, Any] = json.loads(response.body)
        self.code: int = self.envelope["status_code"]
        self.message: str = self.envelope["status_message"]
        self.data: Any = self.envelope.get("data")

    @property
    def token(self) -> str:
        """Of the Credentials that were answered."""
        token: str = self.data["token"]
        return token


@dataclass
class Party:
    """One side, as its operators and its partners have it."""

    role: Side
    url: str
    identity: Identity
    database: Database
    partners: Partners
    calls: Calls
    registrar: Registrar
    invitations: Invitations
    app: Any

    @property
    def name(self) -> str:
        """As eMI3 writes it."""
        return f"{self.identity.country_code}*{self.identity.party_id}"

    def versions_url(self, interface: Role) -> str:
        """Where the versions of one of its interfaces are listed."""
        return f"{self.url}/ocpi/{interface}/versions"

    async def partner(self, role: Role, name: str) -> Partner:
        """What it knows of a partner."""
        found = await self.partners.by_party(role, name)
        assert found is not None
        return found

    async def count(self, partner: Partner) -> int:
        """What the list of a partner tells, which takes a token that works."""
        return len((await self.calls.page(partner, Listing[partner.role], {})).read().items)

    async def ask(self, method: str, path: str, token: str, body: Credentials | object = None) -> Answer:
        """A request as the wire has it, of a partner that is no party of ours."""
        content = body.model_dump_json().encode() if isinstance(body, Credentials) else json.dumps(body).encode()
        headers = {"Authorization": f"Token {token}"}
        request = Request(method, f"{self.url}/ocpi{path}", headers, None if body is None else content)
        return Answer(await AsgiTransport(self.app).send(request, timeout=30, max_bytes=1 << 20))


def party(network: Network, role: Side, database: Database, rules: RegistrationRules | None = None) -> Party:
    """A party at `https://<role>.example`, called FR*CPO, FR*EMP or FR*107."""
    url = f"https://{role}.example"
    gateway, rules = network.gateway(role), rules or RegistrationRules()
    name = {"cpo": "CPO", "emsp": "EMP", "hub": "107"}[role]
    identity = Identity(public_url=f"{url}/ocpi", country_code="FR", party_id=name, name=f"Test {role}")
    partners = Partners(database, Vault(KEY))
    registration = Registration(partners, gateway, identity, rules)
    handlers = {
        "cpo": [CredentialsForEmsps(registration), Site()],
        "emsp": [CredentialsForCpos(registration), Tokens()],
    }
    served = handlers["cpo"] + handlers["emsp"] if role == "hub" else handlers[role]
    application = app(*served, authenticate=Authenticator(partners), public_url=identity.public_url)
    network.host(url, application)
    return Party(
        role=role,
        url=url,
        identity=identity,
        database=database,
        partners=partners,
        calls=Calls(partners, gateway),
        registrar=Registrar(partners, gateway, identity, rules),
        invitations=Invitations(partners, gateway),
        app=application,
    )


@asynccontextmanager
async def started(
    new_database: Callable[[], str],
    *roles: Side,
    network: Network | None = None,
    rules: RegistrationRules | None = None,
) -> AsyncIterator[list[Party]]:
    """Parties of these roles, each with a database of its own, which is closed in the end."""
    network, databases = network or Network(), list[Database]()
    try:
        for _ in roles:
            databases.append(await open_database(quick(new_database()), synchronous="NORMAL"))
        yield [party(network, role, database, rules) for role, database in zip(roles, databases, strict=True)]
    finally:
        for database in databases:
            await database.close()


def quick(url: str) -> str:
    """The database at this URL, as it is opened where no machine loses its power: no write waits for a disk."""
    if url.startswith("sqlite"):
        return url
    return f"{url}{'&' if '?' in url else '?'}synchronous_commit=off"


async def dumped(database: Database) -> str:
    """Everything the database knows of partners and their tokens, for a look at what is in there."""
    rows = [*await database.read("SELECT * FROM partner ORDER BY id")]
    rows += await database.read("SELECT * FROM credential ORDER BY seq")
    return repr([[row[at] for at in range(len(cast("Sized", row)))] for row in rows])
