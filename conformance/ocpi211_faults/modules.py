"""Faults of single modules: Locations at three levels, CDRs, Tariffs, authorisation, commands."""

import json
from dataclasses import replace
from typing import Any, Final

from ocpi211_faults.fault import Fault, Forward, Json, Spoil, answer, envelope, with_envelope, with_headers
from ocpi211_faults.making import (
    accepting,
    body,
    instead,
    later,
    members,
    objects,
    recoded,
    refusing,
    reply,
    sent,
    to,
)
from ocpi211_runtime.exchange import Request, Response

__all__ = ["MODULES"]

GIREVE: Final = "gireve-1.2.2"
EMSP: Any = {"roles": ("emsp",)}
AUTHORIZE = to("POST", ending="/authorize")
COMMAND = to("POST", having="/commands/")
CDR = to("GET", having="/cdrs/", about="get_cdr")
POST_CDR = to("POST", having="/cdrs")


def _whole_sessions(request: Request) -> bool:
    return "list_sessions" in request.operation and request.url.endswith("date_from=2000-01-01T00:00:00Z")


def _depth(verb: str, depth: int) -> Any:
    """Requests at a Location (0), an EVSE (1) or a Connector (2) of the test party."""

    def fits(request: Request) -> bool:
        _, found, path = request.url.partition("/locations/FR/TST/")
        return request.method == verb and bool(found) and path.count("/") == depth

    return fits


def _allowed(**members_: object) -> Spoil:
    return objects(AUTHORIZE, lambda info: info.update(members_))


async def _typed(request: Request, forward: Forward) -> Response:
    """Without a type the Token is unknown."""
    if AUTHORIZE(request) and "?" not in request.url:
        return answer({}, 404, 2000)
    return await forward(request)


def _one_name(request: Request) -> Response | None:
    return answer({"allowed": "ALLOWED"}) if "token_type=OTHER" in request.url else None


async def _named(request: Request, forward: Forward) -> Response:
    return _one_name(request) or await forward(request)


class Twice:
    """The same CDR again is an error."""

    def __init__(self) -> None:
        self.seen: set[bytes | None] = set()

    async def __call__(self, request: Request, forward: Forward) -> Response:
        if POST_CDR(request) and request.body in self.seen:
            return answer({}, 200, 2001)
        if POST_CDR(request):
            self.seen.add(request.body)
        return await forward(request)


class Replacing:
    """A later CDR takes the place of the first."""

    def __init__(self) -> None:
        self.latest: Json = {}

    async def __call__(self, request: Request, forward: Forward) -> Response:
        came = await forward(request)
        if POST_CDR(request) and request.body:
            self.latest = json.loads(request.body)
        if CDR(request) and came.status == 200:
            return with_envelope(came, {**envelope(came), "data": self.latest})
        return came


async def _case(request: Request, forward: Forward) -> Response:
    """Another case is another CDR, with a URL of its own."""
    if POST_CDR(request) and request.body and b'"id": "ocpi-check' in request.body:
        return answer({}, 201, 1000, {"location": request.url + "/lower"})
    if CDR(request) and request.url.endswith("/lower"):
        return answer({"id": "ocpi-check", "total_cost": 98.5})
    return await forward(request)


async def _part_of_all(request: Request, forward: Forward) -> Response:
    """A PATCH of an EVSE changes the Location."""
    if _depth("PATCH", 1)(request):
        head, _, _ = request.url.rpartition("/")
        patch = json.dumps({"evses": []}).encode()
        await forward(replace(request, url=head, body=patch))
        return answer({})
    return await forward(request)


LOCATIONS = (
    Fault(
        "GET differs from the list",
        ("LOC-CPO-04",),
        objects(to("GET", about="get_location"), lambda o: o.update(city="Lyon")),
    ),
    Fault("no GET of an EVSE", ("LOC-CPO-05",), instead(to("GET", about="get_evse"), answer({}, 404, 2000))),
    Fault(
        "all removed, and listed",
        ("LOC-CPO-07",),
        objects(to("GET", about="list_locations"), lambda o: [evse.update(status="REMOVED") for evse in o["evses"]]),
    ),
    Fault("another address", ("LOC-EMSP-01",), body(_depth("PUT", 0), lambda f: {**f, "address": "elsewhere"}), **EMSP),
    Fault("no new EVSE", ("LOC-EMSP-02",), instead(_depth("PUT", 1), answer({}, 201)), **EMSP),
    Fault("half an EVSE", ("LOC-EMSP-03",), accepting(_depth("PUT", 1)), **EMSP),
    Fault("a PATCH of all EVSEs", ("LOC-EMSP-04",), _part_of_all, **EMSP),
    Fault("no PATCH of a Connector", ("LOC-EMSP-05",), instead(_depth("PATCH", 2), answer({})), **EMSP),
    Fault(
        "REMOVED is refused",
        ("LOC-EMSP-06", "LOC-EMSP-08"),
        refusing(lambda r: (r.method == "PATCH" and b"REMOVED" in (r.body or b"")) or _depth("PUT", 2)(r)),
        **EMSP,
    ),
    Fault("another uid will do", ("LOC-EMSP-09",), recoded(_depth("PUT", 1), 200, 2000), **EMSP),
    Fault("only eMI3", ("GIR-LOC-08",), refusing(lambda r: b"not-emi3" in (r.body or b"")), profile=GIREVE, **EMSP),
    Fault("200 for an unknown EVSE", ("GIR-LOC-07",), recoded(_depth("PATCH", 1), 200, 2003), profile=GIREVE, **EMSP),
)

CHARGES = (
    Fault(
        "another meter",
        ("SES-EMSP-01",),
        body(to("PUT", having="/sessions/"), lambda f: {**f, "meter_id": "M"}),
        **EMSP,
    ),
    Fault(
        "a PATCH of the cost alone",
        ("SES-EMSP-02",),
        body(to("PATCH", having="/sessions/"), lambda f: {k: v for k, v in f.items() if k != "kwh"}),
        **EMSP,
    ),
    Fault("no PENDING", ("GIR-SES-02",), refusing(lambda r: b'"PENDING"' in (r.body or b"")), profile=GIREVE, **EMSP),
    Fault(
        "a PATCH needs its date",
        ("GIR-SES-03",),
        refusing(lambda r: r.method == "PATCH" and b"last_updated" not in (r.body or b"")),
        profile=GIREVE,
        **EMSP,
    ),
    Fault(
        "CDRs change",
        ("CDR-CPO-02",),
        later(lambda r: r.url.endswith("/cdrs"), objects(to(), lambda o: o.update(total_cost=1))),
    ),
    Fault("a CDR comes twice", ("CDR-OBJ-05",), objects(to("GET", about="list_cdrs"), lambda o: o.update(id="CDR1"))),
    Fault("Sessions change", ("SES-OBJ-02",), later(_whole_sessions, objects(to(), lambda o: o.update(kwh=1)))),
    Fault("no Location", ("CDR-EMSP-01",), reply(POST_CDR, lambda _, came: with_headers(came, "location")), **EMSP),
    Fault("another CDR at its URL", ("CDR-EMSP-02",), objects(CDR, lambda o: o.update(total_energy=1)), **EMSP),
    Fault("the same CDR is an error", ("CDR-EMSP-04",), Twice(), **EMSP),
    Fault("the later CDR counts", ("CDR-EMSP-05",), Replacing(), **EMSP),
    Fault("CDRs of another case", ("TY-CI-02",), _case, **EMSP),
    Fault("ids in capitals", ("TY-CI-03",), objects(CDR, lambda o: o.update(id=o["id"].lower())), **EMSP),
    Fault("no CDR by itself", ("GIR-CDR-05",), refusing(lambda r: b"[?]" in (r.body or b"")), profile=GIREVE, **EMSP),
    Fault(
        "another currency",
        ("TAR-EMSP-01",),
        body(to("PUT", having="/tariffs/"), lambda f: {**f, "currency": "CHF"}),
        **EMSP,
    ),
    Fault("DELETE does nothing", ("TAR-EMSP-02",), instead(to("DELETE", having="/tariffs/"), answer({})), **EMSP),
    Fault(
        "no PATCH of a Tariff",
        ("TAR-EMSP-03",),
        instead(to("PATCH", having="/tariffs/"), answer({}, 405, 2000)),
        **EMSP,
    ),
    Fault(
        "a Tariff that is nowhere",
        ("TAR-LINK-01",),
        objects(to("GET", about="list_tariffs"), lambda o: o.update(id="T" + o["id"])),
    ),
)

TOKENS = (
    Fault(
        "Tokens come twice",
        ("TOK-OBJ-01",),
        objects(to("GET", about="list_tokens"), lambda o: o.update(uid="04A1B200")),
        **EMSP,
    ),
    Fault("no AuthorizationInfo", ("TOK-AUTH-01",), objects(AUTHORIZE, lambda o: o.pop("allowed")), **EMSP),
    Fault("a location is needed", ("TOK-AUTH-02",), refusing(lambda r: AUTHORIZE(r) and not r.body, code=2001), **EMSP),
    Fault("a location nobody asked for", ("TOK-AUTH-03",), _allowed(location={"location_id": "X"}), **EMSP),
    Fault(
        "everybody may charge",
        ("TOK-AUTH-04", "TOK-AUTH-08"),
        instead(AUTHORIZE, answer({"allowed": "ALLOWED"})),
        **EMSP,
    ),
    Fault("the type is required", ("TOK-AUTH-05",), _typed, **EMSP),
    Fault("no authorize", ("TOK-AUTH-06",), instead(AUTHORIZE, answer({}, 405, 2000)), **EMSP),
    Fault("one name of the type", ("TOK-AUTH-07",), _named, **EMSP),
    Fault(
        "no authorization_id",
        ("GIR-AUTH-02",),
        objects(AUTHORIZE, lambda o: o.pop("authorization_id", None)),
        profile=GIREVE,
        **EMSP,
    ),
    Fault("404 for one uid", ("GIR-TOK-05",), recoded(to("GET", about="get_token"), 200, 2001), profile=GIREVE, **EMSP),
)

RESULT = to("POST", having="/results/")
HANDSHAKE: Any = {"settings": {"handshake": True}}


def _headers(request: Request, **more: str) -> Request:
    given = {name.replace("_", "-"): value for name, value in more.items()}
    kept = {name: value for name, value in request.headers.items() if name.lower() not in given}
    return replace(request, headers={**kept, **given})


def _as_text(request: Request) -> Request:
    return _headers(request, content_type="text/plain")


def _with_another(request: Request) -> Request:
    return _headers(request, authorization="Token " + "x" * 20)


COMMANDS = (
    Fault("REJECTED anywhere", ("CMD-CPO-04", "CMD-CPO-05"), instead(COMMAND, answer({"result": "REJECTED"}))),
    Fault("no session_id", ("CMD-CPO-06",), accepting(COMMAND)),
    Fault("a crash for a dance", ("CMD-CPO-07",), instead(to(ending="/DANCE"), answer({}, 500, 3000))),
    Fault("a bare word", ("CMD-CPO-01",), members(COMMAND, lambda e: e.update(data="ACCEPTED")), **HANDSHAKE),
    Fault("no result", ("CMD-CPO-02",), instead(RESULT, answer({})), side="calls", **HANDSHAKE),
    Fault("DONE", ("CMD-CPO-03",), body(RESULT, lambda _: {"result": "DONE"}), side="calls", **HANDSHAKE),
    Fault("a result as text", ("TF-HTTP-04",), sent(RESULT, _as_text), side="calls", **HANDSHAKE),
    Fault("a result with another token", ("CRED-POST-12",), sent(RESULT, _with_another), side="calls", **HANDSHAKE),
    Fault(
        "no commands",
        ("GIR-CMD-01",),
        instead(COMMAND, answer({"result": "NOT_SUPPORTED"})),
        profile=GIREVE,
        **HANDSHAKE,
    ),
    Fault(
        "an EVSE is required",
        ("CMD-CPO-12",),
        refusing(lambda r: b'"authorization_id"' in (r.body or b"") and b"evse_uid" not in (r.body or b"")),
        **HANDSHAKE,
    ),
)

MODULES = (*LOCATIONS, *CHARGES, *TOKENS, *COMMANDS)
