"""Versions, version details, and what the endpoints promise (version_information_endpoint.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ocpi211.models.versions import ModuleID
from ocpi211_check.rules.reading import objects
from ocpi211_check.scenario import scenario
from ocpi211_check.settings import is_loopback
from ocpi211_runtime.urls import checked

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = [
    "endpoints_are_served",
    "list_and_details",
    "modules_go_together",
    "nothing_of_the_other_role",
    "only_https",
]

_MODULES = {member.value for member in ModuleID}
_CUSTOM = re.compile(r"[A-Z]{2}[A-Z0-9]{3}", re.IGNORECASE)
_AT_ENDPOINT = {
    "cpo": ("locations", "sessions", "cdrs", "tariffs"),
    "emsp": ("cdrs", "tokens"),
}
_WRITTEN = {"cpo": ("tokens",), "emsp": ("locations", "sessions", "tariffs", "cdrs")}
_READ = {
    "tokens": "get_token",
    "locations": "get_location",
    "sessions": "get_session",
    "tariffs": "get_tariff",
    "cdrs": "get_cdr",
}
_NOBODY = {404, 501}


def _absolute(url: object) -> bool:
    try:
        return bool(checked(str(url)))
    except ValueError:
        return False


def _entries(value: object) -> list[Mapping[str, Any]]:
    return [entry for _, entry in objects(value)]


@scenario(
    "versions and details",
    "VER-LIST-01",
    "VER-LIST-02",
    "VER-LIST-03",
    "VER-DET-01",
    "VER-DET-02",
    "VER-DET-03",
    "VER-CUST-02",
    "VER-URL-01",
)
async def list_and_details(bench: Bench) -> None:
    """What is listed, and how."""
    versions = await bench.call("versions.list_versions")
    listed = _entries(versions.data)
    bench.that(versions.ok and bool(listed), "VER-LIST-01", f"{versions.told}, {len(listed)} versions", versions)
    names = [entry.get("version") for entry in listed]
    bench.that("2.1.1" in names, "VER-LIST-02", f"the versions listed are {names!r}", versions)
    bad = [entry.get("url") for entry in listed if not _absolute(entry.get("url"))]
    bench.that(not bad, "VER-LIST-03", f"not absolute: {bad!r}", versions)
    details = await bench.call("versions.get_version_details")
    version = details.data.get("version") if isinstance(details.data, dict) else None
    endpoints = _entries(details.data.get("endpoints")) if isinstance(details.data, dict) else []
    told = f"version {version!r} with {len(endpoints)} endpoints"
    bench.that(details.ok and version == "2.1.1" and bool(endpoints), "VER-DET-01", told, details)
    _endpoints(bench, endpoints, details)


def _endpoints(bench: Bench, endpoints: list[Mapping[str, Any]], details: Exchange) -> None:
    names = [str(entry.get("identifier")) for entry in endpoints]
    bench.that("credentials" in names, "VER-DET-02", f"listed are {', '.join(names)}", details)
    custom = [name for name in names if name.lower() not in _MODULES]
    known = [name for name in names if name not in custom]
    proper = len(set(names)) == len(names) and all(name == name.lower() for name in known)
    bad = [entry.get("url") for entry in endpoints if not _absolute(entry.get("url"))]
    bench.that(proper and not bad, "VER-DET-03", f"identifiers {names}, not absolute: {bad!r}", details)
    if not custom:
        bench.skip("VER-CUST-02", "no custom module is listed")
    else:
        odd = [name for name in custom if not _CUSTOM.match(name)]
        bench.that(not odd, "VER-CUST-02", f"{odd} begin with no country_code and party_id", details)
    urls = [bench.details_url, *(str(entry.get("url")) for entry in endpoints)]
    without = [url for url in urls if "2.1.1" not in url]
    bench.that(not without, "VER-URL-01", f"without 2.1.1: {without}", details)


@scenario("endpoints are served", "VER-DET-03", "VER-DET-04", "TF-PULL-01")
async def endpoints_are_served(bench: Bench) -> None:
    """Each list that is advertised answers."""
    for module in _AT_ENDPOINT[bench.target]:
        if not bench.offers(module):
            continue
        name = "post_cdr" if (bench.target, module) == ("emsp", "cdrs") else f"list_{module}"
        query = {"date_from": "2000-01-01T00:00:00Z", "limit": "1"} if name != "post_cdr" else None
        # A GET where only POST is offered says 405, which is fine: 404 would say that nobody is there.
        answer = await bench.call(f"{module}.{name}", verb="GET", query=query, odd=name == "post_cdr")
        if answer.status == 404 and name == "post_cdr":  # some say 404 to a verb they have no use for
            answer = await bench.call(f"{module}.{name}", body={}, odd=True)
        bench.that(answer.status != 404, "VER-DET-03", f"{module} is advertised, and not there", answer)
        if name != "post_cdr":
            bench.that(answer.ok, "TF-PULL-01", f"the list of {module} is answered {answer.told}", answer)
            there = answer.status not in _NOBODY and answer.status != 405
            bench.that(there, "VER-DET-04", f"{module} is listed, and not implemented: {answer.told}", answer)


@scenario("nothing of the other role", "VER-URL-04")
async def nothing_of_the_other_role(bench: Bench) -> None:
    """What the other role lists is not listed here: at the endpoints where partners write, there is no list."""
    for module in _WRITTEN[bench.target]:
        if bench.offers(module):
            answer = await bench.call(f"{module}.{_READ[module]}", url=bench.endpoints[module], verb="GET", odd=True)
            served = answer.ok and isinstance(answer.data, list)
            bench.that(not served, "VER-URL-04", f"{module} is a list, as the other role has it", answer)


@scenario("only https", "TF-HTTP-01", "GIR-SEC-01")
async def only_https(bench: Bench) -> None:
    """Every URL the target publishes."""
    for url in (bench.settings.versions_url, bench.details_url, *bench.endpoints.values()):
        secure = urlsplit(url).scheme == "https"
        for id_ in ("TF-HTTP-01", "GIR-SEC-01"):
            if not secure and is_loopback(url):
                bench.open(id_, "the target is on loopback, without https")
            else:
                bench.that(secure, id_, f"{url} is not https")


@scenario("modules that need each other", "LOC-DEP-01", "CMD-DEP-01", "GIR-LOC-06", "GIR-CDR-04", "GIR-TOK-06")
async def modules_go_together(bench: Bench) -> None:
    """Modules that are offered together, or that the hub demands."""
    offered = sorted(bench.endpoints)
    told = f"offered are {', '.join(offered)}"
    details = await bench.call("versions.get_version_details")
    if bench.target == "cpo":
        bench.that(bench.offers("locations"), "GIR-LOC-06", told, details)
        if bench.offers("commands"):
            both = bench.offers("locations") and bench.offers("sessions")
            bench.that(both, "CMD-DEP-01", told, details)
    else:
        bench.that(bench.offers("tokens"), "GIR-TOK-06", told, details)
        if bench.settings.profile == "gireve-1.1.4":
            bench.skip("LOC-DEP-01", "this edition of the hub has no tariffs")
        elif bench.offers("locations"):
            bench.that(bench.offers("tariffs"), "LOC-DEP-01", told, details)
    bench.that(bench.offers("cdrs"), "GIR-CDR-04", told, details)
