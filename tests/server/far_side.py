"""Partners of a hub that are no servers of ours: they answer what a test wants, and remember what they were sent.

A test that is `played("FR*CPO", "FR*EMP")` is given a hub and a partner each, on both databases: those whose id begins
with C are CPOs, the others eMSPs, and all roam with all. `world["FR*CPO"].put(…)` calls the hub as that partner.
"""

import asyncio
import functools
import inspect
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from ocpi211_runtime.answers import Role
from ocpi211_server.database import Work, sql
from ocpi211_server.delivery import backlog
from ocpi211_server.moments import now
from ocpi211_server.registration.invitations import Invitations
from ocpi211_server.registration.partners import Partner
from tests.server.stage import Actor, Reply, actor, agreed, until

__all__ = ["Far", "Heard", "World", "enveloped", "far_side", "hub_between", "played"]

MODULES = ("locations", "sessions", "cdrs", "tariffs", "tokens", "commands")
Answer = Callable[["Heard"], Any]


@dataclass
class Heard:
    """What a partner was sent."""

    verb: str
    path: str
    """Behind its version, as `/locations/LOC1`."""
    query: dict[str, str]
    headers: dict[str, str]
    body: Any

    @property
    def brief(self) -> str:
        return f"{self.verb} {self.path}"


def enveloped(data: Any = None, code: int = 1000) -> bytes:
    told = {"data": {} if data is None else data, "status_code": code, "timestamp": "2026-01-01T00:00:00Z"}
    return json.dumps(told).encode()


@dataclass
class Far:
    """A partner."""

    role: Role
    party: str
    server: Actor
    token: str = ""
    url: str = ""
    heard: list[Heard] = field(default_factory=list[Heard])
    answers: list[tuple[re.Pattern[str], Answer]] = field(default_factory=list[tuple[re.Pattern[str], Answer]])

    @property
    def path(self) -> str:
        """Where the server keeps this party's objects, behind a module."""
        return self.party.replace("*", "/")

    def says(self, what: str, data: Any = None, *, code: int = 1000, status: int = 200, wait: float = 0) -> None:
        """Answer from now on what matches, `POST /tokens/.*`; the latest such order counts. Bytes are sent as such."""

        async def answer(_: Heard) -> web.Response:
            if wait:
                await asyncio.sleep(wait)
            body = data if isinstance(data, bytes) else enveloped(data, code)
            return web.Response(status=status, body=body, content_type="application/json")

        self.does(what, answer)

    def lists(self, module: str, *things: dict[str, Any], page: int = 100) -> None:
        """Publish a list from now on, so many a page, as the text wants it: with Link, X-Total-Count and X-Limit."""

        async def answer(heard: Heard) -> web.Response:
            at, limit = int(heard.query.get("offset", 0)), min(int(heard.query.get("limit", page)), page)
            headers = {"X-Total-Count": str(len(things)), "X-Limit": str(limit)}
            if at + limit < len(things):
                following = f"{self.url}/{self.role}/2.1.1/{module}?offset={at + limit}&limit={limit}"
                headers["Link"] = f'<{following}>; rel="next"'
            body = enveloped(list(things[at : at + limit]))
            return web.Response(body=body, headers=headers, content_type="application/json")

        self.does(f"GET /{module}", answer)

    def does(self, what: str, answer: Answer) -> None:
        """Answer what matches with what this gives for it."""
        self.answers.insert(0, (re.compile(what), answer))

    async def call(self, verb: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Ask the server, on the leg of this partner; `path` goes on behind the version."""
        leg = "emsp" if self.role == "cpo" else "cpo"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        whole = path if path.startswith("http") else f"/{leg}/2.1.1{path}"
        return await self.server.call(verb, whole, body, token=self.token, headers=sent)

    async def did(self, verb: str, path: str, body: Any = None, **headers: str) -> Any:
        """As `call`, and the server must agree; gives the data."""
        reply = await self.call(verb, path, body, **headers)
        assert (reply.status in (200, 201), reply.code) == (True, 1000), (verb, path, reply.body)
        return reply.data

    async def put(self, module: str, thing: dict[str, Any]) -> Any:
        """Put an object of this party."""
        id_ = thing["uid"] if module == "tokens" else thing["id"]
        return await self.did("PUT", f"/{module}/{self.path}/{id_}", thing)

    def briefs(self, module: str = "") -> list[str]:
        """What was heard, in a word each."""
        return [heard.brief for heard in self.heard if heard.path.startswith(f"/{module}")]

    def of(self, verb: str, module: str) -> list[Heard]:
        """What was heard of this."""
        return [heard for heard in self.heard if heard.verb == verb and heard.path.startswith(f"/{module}")]

    async def partner(self) -> Partner:
        """How the server knows it."""
        partner = await self.server.server.site.partners.by_party(self.role, self.party)
        assert partner is not None
        return partner


@asynccontextmanager
async def far_side(server: Actor, role: Role, party: str, *, hub: bool = False) -> AsyncIterator[Far]:
    """A partner of this server, registered."""
    far = Far(role, party, server)

    async def listen(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        heard = Heard(
            request.method,
            request.path.removeprefix(f"/{role}/2.1.1"),
            dict(request.query),
            {name.lower(): value for name, value in request.headers.items()},
            json.loads(raw) if raw else None,
        )
        far.heard.append(heard)
        for pattern, answer in far.answers:
            if pattern.fullmatch(heard.brief):
                given: web.Response = await answer(heard)
                return given
        return web.Response(body=enveloped(), content_type="application/json")

    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", listen)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        far.url = f"http://{host}:{port}"
        partners = server.server.site.partners
        invitations = Invitations(partners, server.server.site.egress)
        far.token = await invitations.invite(role, *party.split("*"), hub=hub, origins=[far.url])
        endpoints = {module: f"{far.url}/{role}/2.1.1/{module}" for module in MODULES}
        sealed = partners.vault.seal(f"{party}-gave-this-token")
        await partners.database.write(_registered, role, party, json.dumps(endpoints), sealed)
        yield far
    finally:
        await runner.cleanup()


def _registered(role: str, party: str, endpoints: str, sealed: bytes) -> Work[None]:
    country_code, _, party_id = party.partition("*")
    rows = yield sql(
        "UPDATE partner SET state = 'registered', endpoints = $4, secret = $5, updated = updated + 1"
        " WHERE role = $1 AND country_code = $2 AND party_id = $3 RETURNING id",
        role,
        country_code,
        party_id,
        endpoints,
        sealed,
    )
    yield sql("UPDATE credential SET kind = 'active' WHERE partner = $1", rows[0][0])


@dataclass
class World:
    """A hub, and who is around it."""

    hub: Actor
    parties: dict[str, Far]

    @property
    def own(self) -> Actor:
        """The server, where it is no hub."""
        return self.hub

    def __getitem__(self, party: str) -> Far:
        return self.parties[party]

    async def pull(self, party: str, module: str, *, full: bool = False) -> str:
        """The hub pulls; gives how that ended."""
        pulled = await self.hub.server.pulls.pull(await self[party].partner(), module, full=full)
        return pulled.outcome

    async def locate(self, *locations: dict[str, Any], cpo: str = "FR*CPO") -> None:
        """A CPO lists these Locations, and the hub pulls them."""
        self[cpo].lists("locations", *locations)
        assert await self.pull(cpo, "locations") == "done"

    async def sql(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.hub.server.site.database.read(text, *values)]

    async def agree(self, cpo: str, emsp: str, price: str | None = None) -> None:
        await self.hub.server.site.database.write(agreed, cpo, emsp, price)

    async def quiet(self) -> None:
        """Wait until the hub has nothing to send any more."""

        async def nothing() -> bool:
            return not any(waiting for _, waiting, _, _ in await backlog(self.hub.server.site.database, now()))

        await until(nothing, "the hub has sent everything")


@asynccontextmanager
async def hub_between(
    new_database: Callable[[], str],
    *parties: str,
    profile: str = "gireve-1.1.4",
    roam: Iterable[tuple[str, str]] | None = None,
    database: str = "",
    plays: str = "hub",
    **settings: Any,
) -> AsyncIterator[World]:
    """A hub with these partners; `roam` lists the agreements, all with all if left out. It may play another role."""
    # The hub ends first: a partner that ended while it is called would leave a connection that nobody closes.
    async with AsyncExitStack() as stack, actor(database or new_database(), plays, profile, **settings) as hub:
        world = World(hub, {})
        for party in parties:
            role: Role = "cpo" if party[3] == "C" or plays == "emsp" else "emsp"
            world.parties[party] = await stack.enter_async_context(far_side(hub, role, party, hub=party == "FR*107"))
        cpos = [far.party for far in world.parties.values() if far.role == "cpo"]
        emsps = [far.party for far in world.parties.values() if far.role == "emsp"]
        for cpo, emsp in [(cpo, emsp) for cpo in cpos for emsp in emsps] if roam is None else roam:
            await world.agree(cpo, emsp)
        yield world


def played(*parties: str, **given: Any) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., None]]:
    """A test that is a story of a `World`, its first argument; see `hub_between`."""

    def decorate(story: Callable[..., Awaitable[None]]) -> Callable[..., None]:
        @functools.wraps(story)
        def test(new_database: Callable[[], str], **arguments: Any) -> None:
            async def play() -> None:
                async with hub_between(new_database, *parties, **given) as world:
                    await story(world, **arguments)

            asyncio.run(play())

        own = [*inspect.signature(story).parameters.values()][1:]
        first = inspect.Parameter("new_database", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        test.__signature__ = inspect.Signature([first, *own])  # type: ignore[attr-defined]  # for pytest
        return test

    return decorate
