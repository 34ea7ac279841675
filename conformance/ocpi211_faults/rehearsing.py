"""Faults of what a target does by itself: pulls, pushes, questions, commands, and what it sends again."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from ocpi211_faults.fault import Fault, Forward, answer, with_headers
from ocpi211_faults.making import When, body, instead, refusing, reply, sent, to
from ocpi211_runtime.exchange import Request, Response

__all__ = ["REHEARSING"]

GIREVE: Final = "gireve-1.2.2"
CPO: Any = {"side": "calls", "settings": {"handshake": True, "rehearse": 12.0}}
EMSP: Any = {**CPO, "roles": ("emsp",)}
PUT = to("PUT")


def _in(module: str, *verbs: str) -> When:
    return lambda request: f"/{module}" in request.url and request.method in verbs


def _put(**fields: object) -> Callable[[Any], Any]:
    return lambda found: {**found, **fields} if isinstance(found, dict) else found


def _as(verb: str) -> Callable[[Request], Request]:
    return lambda request: replace(request, method=verb)


def _above(request: Request) -> Request:
    """At the Location, in place of its EVSE."""
    return replace(request, url=request.url.rpartition("/")[0])


def _whole(request: Request) -> Request:
    found = {"id": "x", "type": "OTHER", "address": "x", "city": "x", "postal_code": "x", "country": "FRA"}
    place = {**found, "coordinates": {"latitude": "1.000000", "longitude": "1.000000"}}
    return replace(_above(request), body=json.dumps(place).encode())


def _undated(request: Request) -> Request:
    return replace(request, url=request.url.partition("?")[0])


def _pages(request: Request) -> bool:
    return request.method == "GET" and ("/tokens?" in request.url or request.url.partition("?")[0].endswith("/tokens/"))


async def _twice(request: Request, forward: Forward) -> Response:
    """Each page is fetched twice."""
    if _pages(request):
        await forward(request)
    return await forward(request)


async def _at_once(request: Request, forward: Forward) -> Response:
    """A push that failed is sent again behind everybody's back."""
    came = await forward(request)
    return await forward(request) if came.status == 503 else came


async def _overtaking(request: Request, forward: Forward) -> Response:
    """Another push goes before the one that failed."""
    came = await forward(request)
    if came.status == 503:
        await forward(replace(request, url=request.url + "-other"))
    return came


async def _forgetting(request: Request, forward: Forward) -> Response:
    """A push that failed is taken for delivered."""
    came = await forward(request)
    return answer({}) if came.status == 503 else came


def _completed_first(found: Any) -> Any:
    turned = {"PENDING": "COMPLETED", "COMPLETED": "PENDING"}
    return {**found, "status": turned.get(found["status"], found["status"])} if "status" in found else found


def _nowhere(found: Any) -> Any:
    return {name: value for name, value in found.items() if name != "evse_uid"}


REHEARSING = (
    Fault(
        "one page is enough",
        ("TF-PAGE-12", "GIR-PAGE-01"),
        reply(_pages, lambda _, came: with_headers(came, "link")),
        profile=GIREVE,
        **CPO,
    ),
    Fault("every page twice", ("TF-PAGE-18",), _twice, **CPO),
    Fault(
        "one broken object costs the rest",
        ("TF-GET-01",),
        instead(lambda r: _pages(r) and "offset=2" in r.url, answer({}, 503, 3000)),
        **CPO,
    ),
    Fault("Sessions without a date", ("SES-PULL-01",), sent(_in("sessions", "GET"), _undated), **EMSP),
    Fault("Locations by POST", ("LOC-PUSH-01",), sent(_in("locations", "PUT"), _as("POST")), **CPO),
    Fault("Sessions by POST", ("SES-PUSH-01",), sent(_in("sessions", "PUT"), _as("POST")), **CPO),
    Fault("Tariffs by POST", ("TAR-PUSH-01",), sent(_in("tariffs", "PUT"), _as("POST")), **CPO),
    Fault("CDRs by PUT", ("CDR-PUSH-01",), sent(_in("cdrs", "POST"), _as("PUT")), **CPO),
    Fault("Tokens by POST", ("TOK-PUSH-01",), sent(_in("tokens", "PUT"), _as("POST")), **EMSP),
    Fault("a PATCH of everything", ("TF-PATCH-09",), sent(_in("locations", "PATCH"), _whole), **CPO),
    Fault(
        "no owner in the path",
        ("TF-OWN-06",),
        sent(PUT, lambda r: replace(r, url=r.url.replace("/FR/CPO/", "/"))),
        **CPO,
    ),
    Fault(
        "another owner",
        ("TF-OWN-07",),
        sent(PUT, lambda r: replace(r, url=r.url.replace("/FR/CPO/", "/FR/XXX/"))),
        **CPO,
    ),
    Fault("a status of a Location", ("GIR-LOC-05",), sent(_in("locations", "PATCH"), _above), profile=GIREVE, **CPO),
    Fault("no Session", ("GIR-SES-01",), instead(_in("sessions", "PUT"), answer({})), profile=GIREVE, **CPO),
    Fault(
        "no authorization_id in Sessions",
        ("GIR-AUTH-03",),
        body(_in("sessions", "PUT"), _put(authorization_id=None)),
        profile=GIREVE,
        **CPO,
    ),
    Fault("a CDR of its own", ("GIR-CDR-02",), body(_in("cdrs", "POST"), _put(id="OTHER")), profile=GIREVE, **CPO),
    Fault("over before it begins", ("SES-OBJ-04",), body(_in("sessions", "PUT"), _completed_first), **CPO),
    Fault(
        "two EVSEs asked for",
        ("GIR-TOK-02",),
        body(to("POST", ending="/authorize"), _put(evse_uids=["A", "B"])),
        profile=GIREVE,
        **CPO,
    ),
    Fault(
        "pushes forgotten", ("GIR-SAF-01", "GIR-SAF-02", "GIR-SAF-03", "GIR-SAF-04"), _forgetting, profile=GIREVE, **CPO
    ),
    Fault("pushes overtaken", ("GIR-SAF-05",), _overtaking, profile=GIREVE, **CPO),
    Fault("pushes repeated", ("TF-OFF-01", "TF-OFF-03"), _at_once, **CPO),
    Fault(
        "results are refused",
        ("CMD-EMSP-01",),
        refusing(to("POST", about="post_result")),
        roles=("emsp",),
        settings={"handshake": True, "rehearse": 12.0},
    ),
    Fault(
        "one response_url for all",
        ("CMD-EMSP-02",),
        body(_in("commands", "POST"), lambda f: {**f, "response_url": f["response_url"].rpartition("/")[0] + "/1"}),
        **EMSP,
    ),
    Fault("START_SESSION anywhere", ("GIR-CMD-02",), body(_in("commands", "POST"), _nowhere), profile=GIREVE, **EMSP),
)
