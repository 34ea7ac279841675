"""Whole servers on free ports of loopback, registered with each other, for tests that play a story over real HTTP.

`async with staged(urls, "hub", "cpo", "emsp") as stage` gives three of them; `stage.cpo`, `stage.hub`, `stage.emsp`
each have a `server`, an `office` and `call` for a raw request as a partner would send it.
"""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from ocpi211_runtime.answers import Role
from ocpi211_server.app import Server, open_server
from ocpi211_server.backoffice import BackOffice
from ocpi211_server.database import Work, sql
from ocpi211_server.decisions import Decides
from ocpi211_server.delivery import backlog
from ocpi211_server.moments import now
from ocpi211_server.registration.invitations import Invitations
from ocpi211_server.registration.partners import Partner
from ocpi211_server.registration.vault import Vault
from ocpi211_server.serving.listening import listen, served
from ocpi211_server.settings import Settings

__all__ = ["Actor", "Reply", "Stage", "actor", "staged", "until"]

PARTIES = {"cpo": ("FR", "CPO"), "emsp": ("FR", "EMP"), "hub": ("FR", "107")}
QUICK = {
    "insecure_dev": True,
    "secret_key": Vault.new_key(),  # to derive one from a passphrase takes its time
    "first_delay": 0.05,
    "longest_delay": 0.2,
    "pull_every": 0,
    "call_timeout": 5,
    "authorize_timeout": 2,
    "command_timeout": 5,
    "synchronous": "NORMAL",
}


@dataclass
class Reply:
    """An answer as a partner sees it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    envelope: dict[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> int:
        code: int = self.envelope["status_code"]
        return code

    @property
    def data(self) -> Any:
        return self.envelope["data"]


@dataclass
class Actor:
    """A server that runs."""

    server: Server
    session: aiohttp.ClientSession
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def office(self) -> BackOffice:
        return BackOffice(self.server.site)

    @property
    def url(self) -> str:
        return self.server.settings.base_url

    @property
    def party(self) -> str:
        return self.server.settings.party

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """A request behind the base URL, percent-encoded as given; bytes are sent as they are, all else as JSON."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Token {token}"
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        data = io.BytesIO(content) if content and len(content) > 1_000_000 else content  # as aiohttp wants it
        url = URL(path if path.startswith("http") else self.url + path, encoded=True)
        async with self.session.request(method, url, data=data, headers=sent, allow_redirects=False) as answer:
            read = await answer.read()
            return Reply(answer.status, answer.headers, read, json.loads(read))

    async def guest(self, role: Role, country_code: str = "DE", party_id: str = "TST", *, hub: bool = False) -> str:
        """A token of a partner that exists only in the test: registered, but with nothing to be called at."""
        invitations = Invitations(self.server.site.partners, self.server.site.egress)
        token = await invitations.invite(role, country_code, party_id, hub=hub, origins=["http://127.0.0.1:9"])
        await self.server.site.database.write(_as_registered, role, country_code, party_id)
        return token

    async def count(self, module: str) -> int:
        text = "SELECT COUNT(*) FROM object WHERE module = $1"
        return int((await self.server.site.database.read(text, module))[0][0])

    async def partner(self, role: Role) -> Partner:
        """The one partner of this role."""
        return await self.office.only(role)


@dataclass
class Stage:
    """Who plays."""

    actors: dict[str, Actor]

    @property
    def cpo(self) -> Actor:
        return self.actors["cpo"]

    @property
    def hub(self) -> Actor:
        return self.actors["hub"]

    @property
    def emsp(self) -> Actor:
        return self.actors["emsp"]

    async def delivered(self) -> None:
        """Wait until nothing waits to be sent any more."""

        async def nothing() -> bool:
            rows = [await backlog(each.server.site.database, now()) for each in self.actors.values()]
            return not any(waiting for party in rows for _, waiting, _, _ in party)

        await until(nothing, "everything is delivered")


async def until(condition: Callable[[], Awaitable[object]], what: str, seconds: float = 20) -> None:
    """Wait for something that happens by itself."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def actor(
    database: str, role: str, profile: str = "plain-2.1.1", *, decisions: Decides | None = None, **settings: Any
) -> AsyncIterator[Actor]:
    """One server."""
    async with AsyncExitStack() as stack:
        public = stack.enter_context(listen("127.0.0.1", 0))
        country_code, party_id = PARTIES[role]
        given = {
            **QUICK,
            "role": role,
            "profile_name": profile,
            "database": database,
            "country_code": country_code,
            "party_id": party_id,
            "port": public.getsockname()[1],
            **settings,
        }
        server = await stack.enter_async_context(open_server(Settings.model_validate(given), decisions=decisions))
        await stack.enter_async_context(server.running())
        await stack.enter_async_context(served(server.asgi, server.settings, public))
        yield Actor(server, await stack.enter_async_context(aiohttp.ClientSession()))


@asynccontextmanager
async def staged(
    new_database: Callable[[], str],
    *roles: str,
    profile: str = "plain-2.1.1",
    register: bool = True,
    agreement: bool = True,
    decisions: Mapping[str, Decides] | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> AsyncIterator[Stage]:
    """Servers of these roles, each with a database of its own; with a hub all are registered with it."""
    async with AsyncExitStack() as stack:
        actors: dict[str, Actor] = {}
        for role in roles:
            given = {**(settings or {}).get(role, {})}
            decides = (decisions or {}).get(role)
            actors[role] = await stack.enter_async_context(
                actor(new_database(), role, profile, decisions=decides, **given)
            )
        stage = Stage(actors)
        if register:
            await _register(stage)
        if agreement and "hub" in actors:
            await stage.hub.server.site.database.write(agreed, "FR*CPO", "FR*EMP")
        yield stage


async def _register(stage: Stage) -> None:
    if "hub" in stage.actors:
        for role in ("cpo", "emsp"):
            if role in stage.actors:
                await join(stage.actors[role], role, stage.hub)
    elif {"cpo", "emsp"} <= stage.actors.keys():
        await join(stage.cpo, "cpo", stage.emsp)


async def join(one: Actor, role: Any, other: Actor) -> None:
    """`one`, whose role is `role`, registers with `other`."""
    meets: Any = "emsp" if role == "cpo" else "cpo"
    site, own = other.server.site, one.server.site
    token = await Invitations(site.partners, site.egress).invite(role, *one.party.split("*"), origins=[one.url])
    hub = other.server.settings.role == "hub"
    partner = await Invitations(own.partners, own.egress).know(meets, *other.party.split("*"), hub=hub)
    await one.server.registrar.register(partner, f"{other.url}/{meets}/versions", token)


def agreed(cpo: str, emsp: str, price: str | None = None) -> Work[None]:
    yield sql("INSERT INTO agreement (cpo, emsp, price, made) VALUES ($1, $2, $3, 0)", cpo, emsp, price)


def _as_registered(role: str, country_code: str, party_id: str) -> Work[None]:
    rows = yield sql(
        "UPDATE partner SET state = 'registered' WHERE role = $1 AND country_code = $2 AND party_id = $3 RETURNING id",
        role,
        country_code,
        party_id,
    )
    yield sql("UPDATE credential SET kind = 'active' WHERE partner = $1", rows[0][0])
