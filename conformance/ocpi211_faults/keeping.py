"""Faults of what is kept, of whose it is, and of what holds from one reading to the next."""

import asyncio
import json
from dataclasses import replace
from typing import Any, Final

from ocpi211_faults.contents import evses, put
from ocpi211_faults.fault import Fault, Forward, answer, envelope, with_envelope
from ocpi211_faults.making import When, body, instead, later, objects, refusing, reply, sent, to
from ocpi211_runtime.exchange import Request, Response

__all__ = ["KEEPING"]

GIREVE: Final = "gireve-1.2.2"
EMSP: Any = {"roles": ("emsp",)}
ALONE: Any = {"side": "calls", "settings": {"handshake": True, "rehearse": 12.0}}
HANDSHAKE: Any = {"settings": {"handshake": True}}
SESSIONS, LOCATIONS = to("PUT", having="/sessions/"), to("PUT", having="/locations/")
TARIFFS, TOKENS = to("PUT", having="/tariffs/"), to("PUT", having="/tokens/")
RESERVE = to("POST", ending="/RESERVE_NOW")
AUTHORIZE = to("POST", ending="/authorize")
CDRS = to("GET", about="list_cdrs")


def _holding(when: When, text: bytes) -> When:
    return lambda request: when(request) and text in (request.body or b"")


def _priced(kind: str) -> list[dict[str, Any]]:
    component = {"type": kind, "price": 1, "step_size": 1}
    elements = [{"price_components": [component]}]
    return [{"id": "T", "currency": "EUR", "elements": elements, "last_updated": "2024-05-06T07:00:00Z"}]


def _newest_first(_: Request, came: Response) -> Response:
    found = envelope(came)
    return with_envelope(came, {**found, "data": found["data"][::-1]}) if isinstance(found.get("data"), list) else came


def _from_now_on(request: Request) -> Request:
    base, _, query = request.url.partition("?")
    return replace(request, url=f"{base}?date_from=2090-01-01T00:00:00Z" + (f"&{query}" if query else ""))


class Once:
    """A reservation_id that is known is refused."""

    def __init__(self) -> None:
        self.known: set[int] = set()

    async def __call__(self, request: Request, forward: Forward) -> Response:
        number = json.loads(request.body or b"{}").get("reservation_id") if RESERVE(request) else None
        if number in self.known:
            return answer({"result": "REJECTED"})
        if number is not None:
            self.known.add(number)
        return await forward(request)


async def _slowly(request: Request, forward: Forward) -> Response:
    await asyncio.sleep(2.1)
    return await forward(request)


def _rounded(found: Any) -> Any:
    return {**found, "total_cost": round(found["total_cost"], 2)} if "total_cost" in found else found


KEEPING = (
    Fault("Sessions and CDRs of others", ("CDR-CPO-04", "TF-GET-03"), objects(CDRS, put(auth_id="DE*XYZ*CARD1"))),
    Fault(
        "newest first",
        ("TF-PAGE-09",),
        reply(to("GET", about="list_sessions"), _newest_first),
        **{**ALONE, "side": "answers"},
    ),
    Fault("no push of Sessions", ("TF-PUSH-01",), instead(to("PUT", having="/sessions"), answer({})), **ALONE),
    Fault("the auth_id of another", ("SES-OBJ-05",), body(SESSIONS, lambda f: {**f, "auth_id": "ANOTHER"}), **ALONE),
    Fault(
        "Tokens from now on", ("GIR-TOK-01",), sent(to("GET", having="/tokens"), _from_now_on), profile=GIREVE, **ALONE
    ),
    Fault("slow answers", ("GIR-TIME-01",), _slowly, profile=GIREVE),
    Fault("a list of the other role", ("VER-URL-04",), instead(to("GET", ending="/tokens"), answer([]))),
    Fault("a module that is only listed", ("VER-DET-04",), refusing(to("GET", ending="/sessions"), status=405)),
    Fault(
        "uids change",
        ("LOC-OBJ-09",),
        later(
            lambda r: r.method == "GET" and r.url.endswith("/locations"), evses(lambda e: e.update(uid=e["uid"] + "X"))
        ),
    ),
    Fault("six decimals", ("LOC-OBJ-14",), refusing(_holding(LOCATIONS, b'"0.00001"')), **EMSP),
    Fault("closed is closed", ("TY-CARD-05",), body(LOCATIONS, lambda f: {"charging_when_closed": False, **f}), **EMSP),
    Fault(
        "small pictures",
        ("LOC-IMG-02",),
        objects(
            to("GET", about="list_locations"),
            put(
                images=[
                    {"url": "https://example.com/a.png", "category": "OWNER", "type": "png", "width": 64, "height": 64}
                ]
            ),
        ),
    ),
    Fault("numbers are rounded", ("TY-NUM-04",), body(SESSIONS, _rounded), **EMSP),
    Fault("no cost is a cost of 0", ("SES-OBJ-03",), body(SESSIONS, lambda f: {"total_cost": 0, **f}), **EMSP),
    Fault("CDRs are written anew", ("CDR-EMSP-06",), body(to("POST", having="/cdrs"), lambda f: f), **EMSP),
    Fault("free without a free Tariff", ("CDR-OBJ-06",), objects(CDRS, put(total_cost=0, tariffs=_priced("ENERGY")))),
    Fault("time without its dimension", ("CDR-PUSH-02",), objects(CDRS, put(total_cost=1, tariffs=_priced("TIME")))),
    Fault(
        "the first of two types", ("TOK-CPO-04",), body(TOKENS, lambda f: {**f, "type": "OTHER"} if "type" in f else f)
    ),
    Fault("half lenient", ("TY-MODE-01",), refusing(_holding(TOKENS, b"OCPI_CHECK"))),
    Fault(
        "REJECTED for what it cannot", ("CMD-CPO-09",), instead(RESERVE, answer({"result": "REJECTED"})), **HANDSHAKE
    ),
    Fault("reserved once and for all", ("CMD-CPO-11",), Once(), **HANDSHAKE),
    Fault("only with the hub's fields", ("GIR-OVER-01",), refusing(TOKENS), profile=GIREVE),
    Fault(
        "a Tariff without its restriction",
        ("GIR-TAR-02",),
        body(TARIFFS, lambda f: {name: value for name, value in f.items() if name != "restriction"}),
        profile=GIREVE,
        **EMSP,
    ),
    Fault("no SESSION_TIME", ("GIR-TAR-03",), refusing(_holding(TARIFFS, b"SESSION_TIME")), profile=GIREVE, **EMSP),
    Fault(
        "a hub has one path",
        ("TF-OWN-05", "GIR-OWN-01"),
        instead(to(having="/FR/OTH/"), answer({}, 404, 2000)),
        profile=GIREVE,
        settings={"handshake": True, "speaks_for": "FR*OTH"},
    ),
    Fault(
        "a hub that needs no EVSE",
        ("GIR-TOK-03",),
        instead(AUTHORIZE, answer({"allowed": "ALLOWED"})),
        profile=GIREVE,
        settings={"handshake": True, "hub": True},
        **EMSP,
    ),
)
