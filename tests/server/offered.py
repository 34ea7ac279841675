"""Every write that a server offers, each with a body that is good: what a hostile one is made from."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ocpi211_server.demo.data import cdr, locations, session, tokens
from tests.server.live import looked_at
from tests.server.stage import Actor, Reply, actor

__all__ = ["GUEST", "ROLES", "Offered", "Visit", "plain", "visit", "writes"]

GUEST = ("DE", "TST")
ROLES = ("cpo", "emsp", "hub")
OWNER = "/".join(GUEST)
RESULTS = "http://127.0.0.1:9/results/1"
TARIFF = {
    "id": "T1",
    "currency": "EUR",
    "elements": [{"price_components": [{"type": "ENERGY", "price": 0.3, "step_size": 1}]}],
    "last_updated": "2024-05-02T10:00:00Z",
}


@dataclass(frozen=True)
class Offered:
    """A write, as the guest may send it."""

    verb: str
    path: str
    body: Mapping[str, Any]
    key: str = ""
    """The member of the body that the path repeats."""

    def at(self, id_: str) -> str:
        """The path with another id at its end."""
        return self.path.rpartition("/")[0] + "/" + id_


def plain(model: BaseModel) -> dict[str, Any]:
    """The object as parsed JSON."""
    return model.model_dump(mode="json", exclude_none=True)


PLACE, CHARGE, TOKEN = plain(locations(1)[0]), plain(session(1, "DE-TST-C1", None)), plain(tokens()[0])
EVSE = PLACE["evses"][0]
CONNECTOR = EVSE["connectors"][0]
INVOICE = plain(cdr("C1", "DE-TST-C1", None, "11", "4.40"))
ORDER = {"response_url": RESULTS, "location_id": PLACE["id"], "evse_uid": EVSE["uid"]}

AT_EMSP = (
    Offered("PUT", f"/emsp/2.1.1/locations/{OWNER}/{PLACE['id']}", PLACE, "id"),
    Offered("PUT", f"/emsp/2.1.1/locations/{OWNER}/{PLACE['id']}/{EVSE['uid']}", EVSE, "uid"),
    Offered("PUT", f"/emsp/2.1.1/locations/{OWNER}/{PLACE['id']}/{EVSE['uid']}/1", CONNECTOR, "id"),
    Offered("PATCH", f"/emsp/2.1.1/locations/{OWNER}/{PLACE['id']}", {"id": PLACE["id"], "name": "New"}, "id"),
    Offered("PATCH", f"/emsp/2.1.1/locations/{OWNER}/{PLACE['id']}/{EVSE['uid']}", {"status": "CHARGING"}, "uid"),
    Offered("PATCH", f"/emsp/2.1.1/locations/{OWNER}/{PLACE['id']}/{EVSE['uid']}/1", {"amperage": 16}, "id"),
    Offered("PUT", f"/emsp/2.1.1/sessions/{OWNER}/{CHARGE['id']}", CHARGE, "id"),
    Offered("PATCH", f"/emsp/2.1.1/sessions/{OWNER}/{CHARGE['id']}", {"kwh": 1}, "id"),
    Offered("PUT", f"/emsp/2.1.1/tariffs/{OWNER}/T1", TARIFF, "id"),
    Offered("PATCH", f"/emsp/2.1.1/tariffs/{OWNER}/T1", {"currency": "CHF"}, "id"),
    Offered("POST", "/emsp/2.1.1/cdrs", INVOICE),
)
AT_CPO = (
    Offered("PUT", f"/cpo/2.1.1/tokens/{OWNER}/{TOKEN['uid']}", TOKEN, "uid"),
    Offered("PATCH", f"/cpo/2.1.1/tokens/{OWNER}/{TOKEN['uid']}", {"valid": False}, "uid"),
)
ASKED_OF_CPO = (
    Offered("POST", "/cpo/2.1.1/commands/START_SESSION", {**ORDER, "token": TOKEN}),
    Offered("POST", "/cpo/2.1.1/commands/STOP_SESSION", {"response_url": RESULTS, "session_id": CHARGE["id"]}),
    Offered(
        "POST",
        "/cpo/2.1.1/commands/RESERVE_NOW",
        {**ORDER, "token": TOKEN, "expiry_date": "2030-01-01T00:00:00Z", "reservation_id": 1},
    ),
    Offered("POST", "/cpo/2.1.1/commands/UNLOCK_CONNECTOR", {**ORDER, "connector_id": "1"}),
)


def writes(role: str) -> tuple[Offered, ...]:
    """What the guest may write at a server of this role, in an order in which all of it works."""
    return {"cpo": AT_CPO, "emsp": AT_EMSP, "hub": AT_EMSP + AT_CPO}[role]


@dataclass
class Visit:
    """The guest at a server."""

    server: Actor
    tokens: Mapping[str, str]

    async def send(self, verb: str, path: str, body: object = None, **headers: str) -> Reply:
        """A request with the token of the guest; the answer has been looked at."""
        token = self.tokens["emsp" if path.startswith("/cpo") else "cpo"]
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.server.call(verb, path, body, token=token, headers=given)
        return looked_at(answer.status, answer.headers, answer.body)

    async def fill(self) -> None:
        """Write everything once."""
        for each in writes(self.server.server.settings.role):
            answer = await self.send(each.verb, each.path, each.body)
            assert answer.code == 1000, (each, answer.body)

    async def stored(self) -> list[tuple[Any, ...]]:
        """Everything that is stored, to be compared."""
        text = "SELECT module, owner, id, last_updated, body, shown FROM object ORDER BY seq"
        database = self.server.server.site.database
        aside = await database.read("SELECT module, owner, id, body FROM kept_aside ORDER BY seq")
        return [tuple(row) for row in (*await database.read(text), *aside)]


async def visit(database: str, role: str, scene: Callable[[Visit], Awaitable[None]], **settings: Any) -> None:
    """A scene with a server that a guest of each role visits, and that goes on serving after it."""
    async with actor(database, role, **settings) as server:
        meets: dict[str, tuple[Any, ...]] = {"cpo": ("emsp",), "emsp": ("cpo",), "hub": ("emsp", "cpo")}
        guest = Visit(server, {each: await server.guest(each, *GUEST) for each in meets[role]})
        await scene(guest)
        for interface in ("cpo", "emsp") if role == "hub" else (role,):
            assert (await guest.send("GET", f"/{interface}/versions")).code == 1000
