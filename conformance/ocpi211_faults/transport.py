"""Faults of the envelope, of authorisation, of URLs and methods, of versions and credentials."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from ocpi211_faults.fault import Fault, Forward, answer, envelope, with_envelope, with_headers
from ocpi211_faults.making import accepting, instead, later, members, recoded, refusing, reply, sent, to, unknown
from ocpi211_runtime.exchange import Request, Response

__all__ = ["TRANSPORT"]

LOCATIONS = to("GET", about="locations.list_locations")
CREDENTIALS = to("GET", about="credentials.get_credentials")
VERSIONS = to("GET", about="versions.list_versions")
DETAILS = to("GET", about="versions.get_version_details")
PUT = to("PUT", having="/tokens/")
GIREVE: Final = "gireve-1.2.2"


def _told(request: Request, came: Response) -> Response:
    return with_envelope(came, {**envelope(came), "status_message": f"hello {request.secret}"})


def _forbidden(_: Request, came: Response) -> Response:
    return with_envelope(came, envelope(came), status=403) if came.status == 401 else came


def _first_token(request: Request) -> Request:
    headers = {name: value for name, value in request.headers.items() if name != "authorization"}
    return replace(request, headers=headers)


def _decoded(request: Request) -> Request:
    try:
        token = base64.b64decode(request.secret, validate=True).decode()
    except ValueError:
        return request
    return replace(request, headers={**request.headers, "Authorization": f"Token {token}"})


async def _redirects(request: Request, forward: Forward) -> Response:
    path = request.url.partition("?")[0]
    if path.endswith("/"):
        return Response(307, [("location", path.rstrip("/"))], b"")
    return await forward(request)


def _url_of_the_details(request: Request, came: Response) -> Response:
    found = envelope(came)
    if found["status_code"] != 1000:
        return came
    return with_envelope(came, {**found, "data": {**found["data"], "url": request.url.removesuffix("/credentials")}})


def _details(change: Callable[[list[Any]], Any]) -> Any:
    return members(DETAILS, lambda e: change(e["data"]["endpoints"]))


def _has_routing_headers(request: Request) -> bool:
    return any(name.lower() == "ocpi-to-party-id" for name in request.headers)


CRASH = Response(500, [("content-type", "text/plain")], b"Traceback (most recent call last): sqlite3.Error")

TRANSPORT = (
    Fault(
        "answers are text",
        ("TF-ENV-01",),
        reply(CREDENTIALS, lambda _, came: with_headers(came, "content-type", content_type="text/plain")),
    ),
    Fault("status_code is a string", ("TF-ENV-02",), unknown(lambda e: e.update(status_code="2000"))),
    Fault("no timestamp", ("TF-ENV-03",), members(DETAILS, lambda e: e.pop("timestamp"))),
    Fault("one object in a list", ("TF-ENV-04",), members(CREDENTIALS, lambda e: e.update(data=[e["data"]]))),
    Fault("a success without data", ("TF-ENV-05",), members(CREDENTIALS, lambda e: e.pop("data"))),
    Fault("an error that says success", ("TF-ENV-06",), unknown(lambda e: e.update(status_code=1000))),
    Fault("another word for success", ("TF-ENV-07",), members(DETAILS, lambda e: e.update(status_message="OK"))),
    Fault("a write answers null", ("TF-ENV-08",), members(PUT, lambda e: e.update(data=None))),
    Fault("a code of its own", ("ST-CODE-01",), unknown(lambda e: e.update(status_code=2999))),
    Fault("it crashes", ("ST-5XX-01", "ST-5XX-02"), instead(LOCATIONS, CRASH)),
    Fault("the token in a message", ("TF-AUTH-08",), reply(DETAILS, _told)),
    Fault("403 for 401", ("TF-AUTH-01",), reply(to(), _forbidden)),
    Fault("one good token of two", ("TF-AUTH-05",), sent(lambda r: "authorization" in r.headers, _first_token)),
    Fault("Base64 is decoded", ("TF-AUTH-06",), sent(lambda r: bool(r.secret), _decoded)),
    Fault("a redirect for a slash", ("TF-HTTP-02",), _redirects),
    Fault("404 for a verb", ("TF-METH-01",), instead(to("POST", ending="/versions"), answer({}, 404, 2000))),
    Fault("broken escapes are taken", ("TF-URL-03",), accepting(to(ending="%ff"))),
    Fault("200 for what is not there", ("ST-404-01",), recoded(to("GET", having="OCPI-CHECK"), 200, 2000)),
    Fault(
        "an http URL",
        ("TF-HTTP-01", "GIR-SEC-01"),
        _details(lambda found: found.append({"identifier": "x", "url": "http://target.example/2.1.1/x"})),
        profile=GIREVE,
    ),
    Fault("odd headers", ("GIR-HDR-01",), refusing(_has_routing_headers), profile=GIREVE),
    Fault("no version listed", ("VER-LIST-01",), later(VERSIONS, members(VERSIONS, lambda e: e.update(data=[])))),
    Fault("v2.1.1", ("VER-LIST-02",), members(VERSIONS, lambda e: e["data"][0].update(version="v2.1.1"))),
    Fault(
        "a relative URL of a version", ("VER-LIST-03",), members(VERSIONS, lambda e: e["data"][0].update(url="2.1.1"))
    ),
    Fault("another version's details", ("VER-DET-01",), members(DETAILS, lambda e: e["data"].update(version="2.2"))),
    Fault(
        "no credentials",
        ("VER-DET-02",),
        _details(lambda found: found.__setitem__(slice(None), [e for e in found if e["identifier"] != "credentials"])),
    ),
    Fault("an identifier in capitals", ("VER-DET-03",), _details(lambda found: found[0].update(identifier="CDRS"))),
    Fault(
        "a custom module of nobody",
        ("VER-CUST-02",),
        _details(lambda found: found.append({"identifier": "x1", "url": "https://target.example/2.1.1/x"})),
    ),
    Fault(
        "a URL without its version",
        ("VER-URL-01",),
        _details(lambda found: found.append({"identifier": "zzzzz", "url": "https://target.example/x"})),
    ),
    Fault("a list that refuses", ("TF-PULL-01",), refusing(LOCATIONS)),
    Fault(
        "commands without sessions",
        ("CMD-DEP-01",),
        _details(lambda found: found.__setitem__(slice(None), [e for e in found if e["identifier"] != "sessions"])),
    ),
    Fault(
        "locations without tariffs",
        ("LOC-DEP-01",),
        _details(lambda found: found.__setitem__(slice(None), [e for e in found if e["identifier"] != "tariffs"])),
        roles=("emsp",),
    ),
    Fault(
        "no locations, no cdrs",
        ("GIR-LOC-06", "GIR-CDR-04"),
        _details(
            lambda found: found.__setitem__(
                slice(None), [e for e in found if e["identifier"] not in {"locations", "cdrs"}]
            )
        ),
        profile=GIREVE,
    ),
    Fault(
        "no tokens",
        ("GIR-TOK-06",),
        _details(lambda found: found.__setitem__(slice(None), [e for e in found if e["identifier"] != "tokens"])),
        roles=("emsp",),
        profile=GIREVE,
    ),
    Fault(
        "another token in the Credentials",
        ("CRED-GET-01",),
        members(CREDENTIALS, lambda e: e["data"].update(token="x" * 20)),
    ),
    Fault("no name", ("CRED-OBJ-01",), members(CREDENTIALS, lambda e: e["data"].pop("business_details"))),
    Fault("a long party_id", ("CRED-OBJ-02",), members(CREDENTIALS, lambda e: e["data"].update(party_id="X"))),
    Fault(
        "the url of the details",
        ("CRED-OBJ-03",),
        reply(CREDENTIALS, _url_of_the_details),
    ),
)
