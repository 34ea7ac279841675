"""Faults of a target as the client of others: what it takes for a success, how it pulls, what it makes of failures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from ocpi211_faults.fault import Fault, Forward, Json, answer, envelope, with_envelope, with_headers
from ocpi211_faults.making import When, body, in_turn, instead, members, objects, reply, sent, to
from ocpi211_runtime.exchange import Request, Response

__all__ = ["AS_CLIENT"]

GIREVE: Final = "gireve-1.2.2"
CALLS: Any = {"side": "calls", "settings": {"handshake": True}}
CPO: Any = {"side": "calls", "settings": {"handshake": True, "rehearse": 12.0}}
EMSP: Any = {**CPO, "roles": ("emsp",)}
VERSIONS, DETAILS = to("GET", ending="/versions"), to("GET", ending="/2.1.1")
CDR = to("POST", ending="/cdrs")
ASKING = to("POST", ending="/authorize")


def _pages(request: Request) -> bool:
    return request.method == "GET" and request.url.partition("?")[0].rstrip("/").endswith("/tokens")


def _in(module: str, *verbs: str) -> When:
    return lambda request: f"/{module}/" in request.url and request.method in verbs


def _taking(code: int) -> Any:
    """Documents with this status_code are used as if they were a success."""

    def give(_: Request, came: Response) -> Response:
        if came.status != 200 or not came.body.startswith(b"{") or envelope(came)["status_code"] != code:
            return came
        return with_envelope(came, {**envelope(came), "status_code": 1000})

    return reply(lambda r: VERSIONS(r) or DETAILS(r), give)


def _without_why(_: Request, came: Response) -> Response:
    found = envelope(came)
    return came if came.status >= 400 or found["status_code"] != 3001 else _said(came, found, status_message="")


def _said(came: Response, found: Json, **members: object) -> Response:
    return with_envelope(came, {**found, **members})


class Straying:
    """Goes wherever versions once led, although another origin is meant."""

    def __init__(self) -> None:
        self.elsewhere = ""

    async def __call__(self, request: Request, forward: Forward) -> Response:
        came = await forward(request)
        if VERSIONS(request) and came.status == 200 and came.body.startswith(b"{"):
            found = envelope(came)
            leading = [entry["url"] for entry in found["data"]] if isinstance(found["data"], list) else []
            here = request.url.removesuffix("/versions")
            self.elsewhere = next((url for url in leading if not url.startswith(here)), self.elsewhere)
            if self.elsewhere and found["status_code"] == 1999:
                bare = {name: value for name, value in request.headers.items() if name.lower() != "host"}
                await forward(replace(request, url=self.elsewhere, headers=bare))
        return came


class Staying:
    """Uses the endpoints of the first registration for ever."""

    def __init__(self) -> None:
        self.first = self.latest = ""

    async def __call__(self, request: Request, forward: Forward) -> Response:
        if VERSIONS(request):
            self.latest = request.url.removesuffix("/versions")
            self.first = self.first or self.latest
        elif not request.url.endswith("/2.1.1"):
            request = replace(request, url=request.url.replace(self.latest, self.first))
        return await forward(request)


def _only_the_example(_: Request, came: Response) -> Response:
    link = came.header("link") or ""
    return came if link.endswith('>; rel="next"') and link.count("<") == 1 else with_headers(came, "link")


class Startled:
    """Gives a crawl up when the list grows."""

    def __init__(self) -> None:
        self.total = 0

    async def __call__(self, request: Request, forward: Forward) -> Response:
        came = await forward(request)
        if not _pages(request):
            return came
        before, self.total = self.total, int(came.header("x-total-count") or 0)
        return with_headers(came, "link") if 0 < before < self.total else came


def _undated(request: Request) -> Request:
    base, _, query = request.url.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name != "date_from"]
    return replace(request, url=f"{base}?{urlencode(kept)}" if kept else base)


def _forgotten(_: Request, came: Response) -> Response:
    return answer({}) if came.status == 404 else came


def _again(when: Callable[[Request, Response], bool]) -> Any:
    """A push that was accepted in this way is sent once more."""

    async def spoil(request: Request, forward: Forward) -> Response:
        came = await forward(request)
        return await forward(request) if came.status < 300 and when(request, came) else came

    return spoil


async def _guessing(request: Request, forward: Forward) -> Response:
    """A CDR is read where it is thought to be."""
    came = await forward(request)
    if CDR(request):
        id_ = json.loads(request.body or b"{}").get("id")
        await forward(replace(request, method="GET", url=f"{request.url}/{id_}", body=None))
    return came


async def _never_by_heart(request: Request, forward: Forward) -> Response:
    """All Tokens are pulled whenever one is asked about."""
    if ASKING(request):
        url = request.url.partition("/tokens/")[0] + "/tokens/"
        await forward(replace(request, method="GET", url=url, body=None))
    return await forward(request)


def _deleting(request: Request) -> Request:
    found = json.loads(request.body or b"{}")
    gone = found.get("status") == "REMOVED" or found.get("valid") is False
    return replace(request, method="DELETE", body=None) if gone else request


def _known(found: Json) -> None:
    if found.get("type") == "OCPI_CHECK":
        found["type"] = "OTHER"


def _without_tariffs(found: Json) -> None:
    endpoints = found["data"]["endpoints"]
    endpoints[:] = [entry for entry in endpoints if entry["identifier"] != "tariffs"]


def _neither_pushed_nor_pulled() -> Any:
    """The target takes no Tokens, and does not get at them either."""

    def without(found: Json) -> None:
        endpoints = found["data"]["endpoints"]
        if not any(entry["identifier"] == "OCPICHK_custom" for entry in endpoints):  # those are the check's
            endpoints[:] = [entry for entry in endpoints if entry["identifier"] != "tokens"]

    return in_turn(members(DETAILS, without), instead(_pages, answer({}, 503, 3000)))


class Uncritical:
    """Registers with whoever invites it, whatever that one offers."""

    def __init__(self) -> None:
        self.invited = False

    async def __call__(self, request: Request, forward: Forward) -> Response:
        self.invited = self.invited or request.url.partition("://")[2].partition("/")[2] == "versions"
        came = await forward(request)
        if not self.invited or not DETAILS(request):
            return came
        found = envelope(came)
        base = request.url.removesuffix("/2.1.1")
        known = {entry["identifier"] for entry in found["data"]["endpoints"]}
        missing = [name for name in ("locations", "tokens") if name not in known]
        found["data"]["endpoints"] += [{"identifier": name, "url": f"{base}/{name}"} for name in missing]
        return with_envelope(came, found)


def _half_a_filter(request: Request) -> Request:
    return replace(request, headers={**request.headers, "ocpi-to-country-code": "FR"})


HANDSHAKE = (
    Fault("HTTP 200 is enough", ("ST-2XXX-02",), _taking(2001), **CALLS),
    Fault("an unknown code is a success", ("ST-CODE-02",), _taking(2999), **CALLS),
    Fault(
        "a failure without a word",
        ("TF-ENV-10",),
        reply(to("POST", ending="/credentials"), _without_why),
        settings={"handshake": True},
    ),
    Fault("answers are read to their end", ("TF-HTTP-07",), reply(VERSIONS, lambda _, came: came), **CALLS),
    Fault("it goes where it is told", ("TF-URL-04",), Straying(), **CALLS),
    Fault(
        "nobody may register",
        ("GIR-REG-01",),
        instead(to("POST", ending="/credentials"), answer({}, 405, 2000)),
        profile=GIREVE,
        settings={"handshake": True},
    ),
    Fault("the first endpoints for ever", ("CRED-PUT-05",), Staying(), **CPO),
)

PULLS = (
    Fault("one form of Link", ("TF-PAGE-17",), reply(_pages, _only_the_example), **CPO),
    Fault("a list that grows is given up", ("TF-PAGE-19",), Startled(), **CPO),
    Fault(
        "a list that shrinks goes unnoticed",
        ("TF-PAGE-20",),
        reply(_pages, lambda _, came: with_headers(came, x_total_count="9")),
        **CPO,
    ),
    Fault("always from the beginning", ("TF-OFF-02",), sent(_pages, _undated), **CPO),
    Fault("Tokens pulled for each question", ("TOK-PULL-02",), _never_by_heart, **CPO),
    Fault(
        "what is pulled again is not kept",
        ("TOK-PULL-01",),
        members(lambda r: _pages(r) and "date_from=" in r.url, lambda e: e.update(data=[])),
        **CPO,
    ),
    Fault("an unknown value is replaced", ("TY-ENUM-01",), objects(_pages, _known), **CPO),
    Fault("neither pushed nor pulled", ("TF-PULL-03",), _neither_pushed_nor_pulled(), **{**CPO, "side": "both"}),
    Fault("half a party to filter by", ("GIR-HDR-02",), sent(_pages, _half_a_filter), profile=GIREVE, **CPO),
)

PUSHES = (
    Fault("a PATCH that failed is forgotten", ("TF-PATCH-08",), reply(to("PATCH"), _forgotten), **CPO),
    Fault(
        "ids as they are",
        ("TF-URL-02",),
        sent(ASKING, lambda r: replace(r, url=r.url.replace("%2F", "/"))),
        **CPO,
    ),
    Fault("a CDR where it is thought to be", ("CDR-URL-01",), _guessing, **CPO),
    Fault(
        "no Location, no CDR",
        ("GIR-CDR-08",),
        _again(lambda request, came: CDR(request) and came.header("location") is None),
        profile=GIREVE,
        **CPO,
    ),
    Fault(
        "200 is no 201",
        ("GIR-HTTP-01",),
        _again(lambda request, _: _in("sessions", "PUT")(request)),
        profile=GIREVE,
        **CPO,
    ),
    Fault(
        "no data, no success",
        ("TF-ENV-09",),
        _again(lambda _, came: "data" not in envelope(came)),
        profile=GIREVE,
        **CPO,
    ),
    Fault("CDRs at leisure", ("GIR-CDR-01",), instead(CDR, answer({})), profile=GIREVE, **CPO),
    Fault("an EVSE deleted", ("LOC-PUSH-02",), sent(_in("locations", "PATCH"), _deleting), **CPO),
    Fault("a Token deleted", ("TOK-PUSH-02",), sent(_in("tokens", "PATCH"), _deleting), **EMSP),
    Fault(
        "Tariffs without a list",
        ("GIR-TAR-01",),
        members(DETAILS, _without_tariffs),
        profile=GIREVE,
        settings={"handshake": True, "rehearse": 12.0},
    ),
    Fault(
        "a Token of nobody",
        ("GIR-CMD-04",),
        body(to("POST", having="/commands/"), lambda found: {**found, "token": {**found["token"], "uid": "NOBODYS"}}),
        profile=GIREVE,
        **EMSP,
    ),
)

INVITED: Any = {**CPO, "settings": {**CPO["settings"], "invitation": "an-invitation-made-up-for-a-test"}}

REGISTERS = (
    Fault(
        "it offers a token that opens nothing",
        ("CRED-SYM-01",),
        body(to("POST", ending="/credentials"), lambda found: {**found, "token": "x" * 40}),
        **INVITED,
    ),
    Fault("it registers with anybody", ("CRED-POST-11",), Uncritical(), **INVITED),
)

AS_CLIENT = (*REGISTERS, *HANDSHAKE, *PULLS, *PUSHES)
