"""A partner whose every answer is written by the test: it registers as any other, and then misbehaves.

`async with scripted(actor, "cpo") as partner` is registered; `partner.pages["/cpo/2.1.1/locations"] = reply(…)` says
what it answers from then on.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from ocpi211_runtime.answers import Role
from ocpi211_server.registration.invitations import Invitations
from tests.server.network import enveloped
from tests.server.stage import Actor, Reply
from tests.server.stub_peer import Received, StubPeer, reply, stub_peer

__all__ = ["MODULES", "PARTY", "Page", "ScriptedPartner", "credentials", "listed", "scripted", "strange_partner"]

MODULES = ("credentials", "locations", "sessions", "cdrs", "tariffs", "tokens", "commands")
PARTY = ("DE", "EVL")
SECRET = "made-up-by-the-partner"  # noqa: S105  (of a test)

Page = bytes | Callable[[StubPeer, asyncio.StreamWriter], Awaitable[None]]
"""An answer as it goes over the wire, or what writes one."""


@dataclass
class ScriptedPartner:
    """What it answers, by path without the query, and what it was asked."""

    peer: StubPeer
    role: Role
    token: str = ""
    """Ours, for it to ask with; of the invitation until it has registered."""
    pages: dict[str, Page] = field(default_factory=dict[str, Page])

    @property
    def url(self) -> str:
        return self.peer.url

    @property
    def seen(self) -> list[Received]:
        return self.peer.seen

    def publish(self, modules: tuple[str, ...] = MODULES, version: str = "2.1.1") -> None:
        """Honest documents."""
        details = f"{self.url}/{self.role}/2.1.1"
        endpoints = [{"identifier": module, "url": f"{details}/{module}"} for module in modules]
        self.pages["/versions"] = listed([{"version": version, "url": details}])
        self.pages[f"/{self.role}/2.1.1"] = listed({"version": version, "endpoints": endpoints})

    async def post(self, actor: Actor, **changes: Any) -> Reply:
        """POST our Credentials, some of them changed."""
        interface = "emsp" if self.role == "cpo" else "cpo"
        body = credentials(**{"url": f"{self.url}/versions", **changes})
        return await actor.call("POST", f"/{interface}/2.1.1/credentials", body, token=self.token)

    async def answer(self, peer: StubPeer, writer: asyncio.StreamWriter) -> None:
        """The page of the path last asked for."""
        page = self.pages.get(peer.seen[-1].path.partition("?")[0], reply(enveloped({}, 2000), 404))
        if isinstance(page, bytes):
            writer.write(page)
            await writer.drain()
        else:
            await page(peer, writer)


def listed(data: object, *headers: str) -> bytes:
    """A success with this data."""
    return reply(enveloped(data), 200, "Content-Type: application/json", *headers)


def credentials(url: str, **changes: Any) -> dict[str, Any]:
    """Those of the partner."""
    return {
        "token": SECRET,
        "url": url,
        "business_details": {"name": "Evil Charging"},
        "country_code": PARTY[0],
        "party_id": PARTY[1],
    } | changes


@asynccontextmanager
async def strange_partner(
    actor: Actor, role: Role, *, origins: list[str] | None = None
) -> AsyncIterator[ScriptedPartner]:
    """A partner that was invited and is honest so far, but not yet registered. `origins`: others than its own."""
    pages: list[ScriptedPartner] = []

    async def answer(peer: StubPeer, writer: asyncio.StreamWriter) -> None:
        await pages[0].answer(peer, writer)

    async with stub_peer(answer) as peer:
        partner = ScriptedPartner(peer, role)
        pages.append(partner)
        partner.publish()
        site = actor.server.site
        approved = [peer.url] if origins is None else origins
        partner.token = await Invitations(site.partners, site.egress).invite(
            role, *PARTY, origins=approved, trust_first=not approved
        )
        yield partner


@asynccontextmanager
async def scripted(actor: Actor, role: Role) -> AsyncIterator[ScriptedPartner]:
    """A partner that is registered."""
    async with strange_partner(actor, role) as partner:
        answer = await partner.post(actor)
        assert answer.code == 1000, answer.body
        partner.token = json.loads(answer.body)["data"]["token"]
        yield partner
