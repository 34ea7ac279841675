"""Faults of pages and filters."""

import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from ocpi211_check.catalogue import Role
from ocpi211_faults.fault import Fault, Forward, Spoil, envelope, with_envelope, with_headers
from ocpi211_faults.making import When, later, refusing, reply, sent, to
from ocpi211_runtime.exchange import Request, Response

__all__ = ["LISTS"]

GIREVE: Final = "gireve-1.2.2"
LIST = to("GET", about="locations.list_locations")


def _asking(name: str, module: str = "locations") -> When:
    return lambda request: f"list_{module}" in request.operation and f"{name}=" in request.url


def _not_asking(name: str) -> When:
    return lambda request: "list_locations" in request.operation and f"{name}=" not in request.url


def _without(*names: str) -> Any:
    """The request without some parameters."""

    def change(request: Request) -> Request:
        base, _, query = request.url.partition("?")
        kept = [(name, value) for name, value in parse_qsl(query) if name not in names]
        return replace(request, url=f"{base}?{urlencode(kept)}" if kept else base)

    return change


def _ignoring(module: str, *names: str) -> Spoil:
    return sent(to("GET", about=f"list_{module}"), _without(*names))


def _relinked(change: Any) -> Spoil:
    def give(_: Request, came: Response) -> Response:
        link = came.header("link")
        return with_headers(came, "link", link=change(link)) if link else came

    return reply(LIST, give)


def _all_at_once(_: Request, came: Response) -> Response:
    """Twice as many objects as were asked for."""
    found = envelope(came)
    return with_envelope(came, {**found, "data": found["data"] * 2})


async def _lost(request: Request, forward: Forward) -> Response:
    """The object behind the first page is never seen."""
    came = await forward(request)
    if LIST(request) and "offset=5" in request.url:
        found = envelope(came)
        return with_envelope(came, {**found, "data": found["data"][1:]})
    return came


def _shuffled(_: Request, came: Response) -> Response:
    found = envelope(came)
    return with_envelope(came, {**found, "data": found["data"][::-1]})


def _edge(request: Request, came: Response) -> Response:
    """date_from itself is out."""
    found = envelope(came)
    if not isinstance(found["data"], list):
        return came
    wanted = dict(parse_qsl(request.url.partition("?")[2])).get("date_from")
    kept = [item for item in found["data"] if item["last_updated"] != wanted]
    return with_envelope(came, {**found, "data": kept})


def _renamed(came: Response, name: str, value: str) -> Response:
    return with_headers(came, name, **{name.replace("-", "_"): value})


def _counted(_: Request, came: Response) -> Response:
    return _renamed(came, "x-total-count", str(len(envelope(came)["data"])))


def _bare(_: Request, came: Response) -> Response:
    return with_headers(came, "x-total-count", "x-limit", "link")


def _host(request: Request, came: Response) -> Response:
    here = urlsplit(request.url).netloc
    host = next((value for name, value in request.headers.items() if name.lower() == "host"), here)
    link = next((value for name, value in came.headers if name == "link"), "")
    return with_headers(came, "link", link=link.replace(here, host)) if link else came


def _zero(name: str) -> Spoil:
    """A parameter that is no number is passed over."""

    def odd(request: Request) -> bool:
        query = dict(parse_qsl(request.url.partition("?")[2]))
        return "list_" in request.operation and not query.get(name, "1").isdigit()

    return sent(odd, _without(name))


_FILTERED: tuple[tuple[str, str, Role], ...] = (
    ("locations", "LOC-CPO-02", "cpo"),
    ("cdrs", "CDR-CPO-05", "cpo"),
    ("tariffs", "TAR-CPO-03", "cpo"),
    ("tokens", "TOK-EMSP-02", "emsp"),
)

LISTS = (
    Fault("no count", ("TF-PAGE-01",), reply(LIST, lambda _, came: with_headers(came, "x-total-count"))),
    Fault("more than the limit", ("TF-PAGE-02",), reply(_asking("limit"), _all_at_once)),
    Fault("one is lost", ("TF-PAGE-03",), _lost),
    Fault("another order each time", ("TF-PAGE-04",), later(_asking("offset=0&limit"), reply(LIST, _shuffled))),
    Fault("ids come twice", ("TF-PAGE-04",), reply(_asking("offset=0&limit"), _all_at_once)),
    Fault("no Link", ("TF-PAGE-05",), reply(LIST, lambda _, came: with_headers(came, "link"))),
    Fault("Link forgets the filters", ("TF-PAGE-06",), _relinked(lambda link: link.replace("date_to=", "to="))),
    Fault("the count is that of the page", ("TF-PAGE-07",), reply(_asking("offset=1&limit"), _counted)),
    Fault("offset counts pages", ("TF-PAGE-08",), sent(_asking("offset=1&limit"), _without("offset"))),
    Fault("Link is relative", ("TF-PAGE-10",), _relinked(lambda link: re.sub("<https?://[^/]+", "<", link))),
    Fault("a large limit is refused", ("TF-PAGE-11",), refusing(lambda r: "limit=1000000" in r.url)),
    Fault("limit is required", ("TF-PAGE-13",), refusing(_not_asking("limit"))),
    Fault("one page for all", ("TF-PAGE-14", "GIR-PAGE-02"), reply(_not_asking("limit"), _bare), profile=GIREVE),
    Fault("odd limits will do", ("TF-PAGE-15",), _zero("limit")),
    Fault("the Host in Link", ("TF-PAGE-16",), reply(LIST, _host)),
    Fault(
        "a page as large as the list",
        ("GIR-PAGE-03",),
        sent(to("GET", about="list_cdrs"), _without("limit", "offset")),
        profile=GIREVE,
    ),
    Fault("date_from itself is out", ("TF-DATE-01",), reply(_asking("date_from"), _edge)),
    Fault(
        "date_from itself is out, of tokens",
        ("TOK-EMSP-03",),
        reply(_asking("date_from", "tokens"), _edge),
        roles=("emsp",),
    ),
    Fault(
        "dates that are none will do",
        ("TF-DATE-02", "ST-2001-02"),
        sent(lambda r: "=yesterday" in r.url, _without("date_from", "date_to")),
    ),
    Fault(
        "a date needs its Z",
        ("TY-DT-03",),
        refusing(lambda r: "date_from=" in r.url and "Z" not in r.url),
    ),
    Fault(
        "date_to needs date_from", ("LOC-CPO-08",), refusing(lambda r: r.url.endswith("date_to=2000-01-01T00:00:00Z"))
    ),
    *(
        Fault(f"the dates of {module} filter nothing", (id_,), _ignoring(module, "date_from", "date_to"), roles=(role,))
        for module, id_, role in _FILTERED
    ),
    Fault(
        "the dates of sessions filter nothing",
        ("SES-CPO-01",),
        sent(
            to("GET", about="list_sessions"),
            lambda r: replace(r, url=r.url.partition("?")[0] + "?date_from=2000-01-01T00:00:00Z"),
        ),
    ),
    Fault(
        "sessions without a date",
        ("SES-CPO-03",),
        sent(to("GET", ending="/sessions"), lambda r: replace(r, url=r.url + "?date_from=2000-01-01T00:00:00Z")),
    ),
)
