"""URLs, methods, what is not there, and parameters that are wrong (transport_and_format.md, status_codes.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ocpi211_check.scenario import scenario

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench

__all__ = ["headers_of_later_versions", "methods_that_are_not_offered", "odd_urls", "unknown_things"]

# operation at whose place it is tried → (verbs that are not offered there, the requirement)
_NOT_OFFERED: Mapping[str, Mapping[str, tuple[tuple[str, ...], str]]] = {
    "cpo": {
        "locations.list_locations": (("POST", "PUT", "PATCH", "DELETE"), "LOC-CPO-06"),
        "sessions.list_sessions": (("POST", "PUT", "PATCH", "DELETE"), "SES-CPO-04"),
        "cdrs.list_cdrs": (("POST", "PUT", "PATCH", "DELETE"), "CDR-CPO-03"),
        "tariffs.list_tariffs": (("POST", "PUT", "PATCH", "DELETE"), "TAR-CPO-02"),
        "commands.stop_session": (("GET", "PUT", "PATCH", "DELETE"), "CMD-CPO-08"),
    },
    "emsp": {
        "tokens.list_tokens": (("PUT", "PATCH", "DELETE"), "TOK-EMSP-04"),
        "commands.post_result": (("GET", "PUT", "PATCH", "DELETE"), "CMD-EMSP-04"),
    },
}


def _path(bench: Bench, place: str) -> tuple[str, ...]:
    """Where nothing is: should a verb be offered after all, it finds nothing to change."""
    nothing = bench.own("nothing")
    return ("STOP_SESSION", nothing) if place == "commands.post_result" else ()


def _body(verb: str) -> object:
    return None if verb in {"GET", "DELETE"} else {}


@scenario(
    "methods that are not offered",
    "TF-METH-01",
    *(id_ for places in _NOT_OFFERED.values() for _, id_ in places.values()),
)
async def methods_that_are_not_offered(bench: Bench) -> None:
    """Each is refused, with 405 and the methods that are offered."""
    answer = await bench.call("versions.list_versions", verb="POST", body={}, odd=True)
    ok = answer.status == 405 and "GET" in (answer.header("allow") or "")
    allow = answer.header("allow")
    bench.that(ok, "TF-METH-01", f"POST at the versions is answered {answer.told}, Allow {allow!r}", answer)
    for place, (verbs, id_) in _NOT_OFFERED[bench.target].items():
        module = place.partition(".")[0]
        if not bench.offers(module):
            bench.skip(id_, f"the target offers no {module}")
            continue
        for verb in verbs:
            answer = await bench.call(place, *_path(bench, place), verb=verb, body=_body(verb), odd=True)
            bench.that(answer.refused, id_, f"{verb} is answered {answer.told}", answer)
            if answer.status == 405:
                listed = answer.header("allow") is not None
                bench.that(listed, "TF-METH-01", f"405 to {verb} at {place} without Allow", answer)


@scenario("odd URLs", "TF-HTTP-02", "TF-URL-03")
async def odd_urls(bench: Bench) -> None:
    """A slash at the end, a broken escape."""
    lists = ("locations", "tariffs") if bench.target == "cpo" else ("tokens",)
    for module in lists:
        if not bench.offers(module):
            continue
        name = f"{module}.list_{module}"
        plain = await bench.call(name, query={"limit": "1"})
        base = bench.endpoints[module].partition("?")[0]
        other = base.rstrip("/") + ("" if base.endswith("/") else "/")
        slash = await bench.call(name, url=f"{other}?limit=1")
        same = plain.ok == slash.ok and not 300 <= slash.status < 400
        bench.that(same, "TF-HTTP-02", f"{other} is answered {slash.told}, {base} {plain.told}", plain, slash)
    place, url = _object(bench)
    if url:
        answer = await bench.call(place, url=f"{url.rstrip('/')}/%ff", odd=True)
        bench.that(400 <= answer.status < 500, "TF-URL-03", f"bytes that are not UTF-8: {answer.told}", answer)


def _object(bench: Bench) -> tuple[str, str]:
    """(an operation that reads one object, the URL that an unknown id is put behind)."""
    party = (bench.settings.country_code or "ZZ", bench.settings.party_id or "ZZZ")
    if bench.target == "cpo":
        if bench.offers("locations"):
            return "locations.get_location", bench.endpoints["locations"]
        name, suffix = "tokens.get_token", bench.endpoints.get("tokens", "")
    else:
        name = "tariffs.get_tariff" if bench.offers("tariffs") else "locations.get_location"
        suffix = bench.endpoints.get(name.partition(".")[0], "")
    return name, f"{suffix.rstrip('/')}/{party[0]}/{party[1]}" if suffix else ""


@scenario("what is not there", "ST-404-01")
async def unknown_things(bench: Bench) -> None:
    """An unknown object, an unknown path."""
    place, url = _object(bench)
    if url:
        answer = await bench.call(place, url=f"{url.rstrip('/')}/{bench.own('unknown')}", odd=True)
        bench.that(answer.status == 404, "ST-404-01", f"an unknown object is answered {answer.told}", answer)
    nowhere = f"{bench.details_url.rstrip('/')}/{bench.own('nowhere').lower()}"
    answer = await bench.call("versions.get_version_details", url=nowhere, odd=True)
    bench.that(answer.status == 404, "ST-404-01", f"an unknown path is answered {answer.told}", answer)


@scenario("headers of later versions", "GIR-HDR-01", gireve=True)
async def headers_of_later_versions(bench: Bench) -> None:
    """ocpi-to-* and ocpi-from-* change nothing where they have no meaning."""
    headers = {
        "ocpi-to-country-code": "FR",
        "ocpi-to-party-id": "107",
        "ocpi-from-country-code": "FR",
        "ocpi-from-party-id": "107",
    }
    plain = await bench.call("versions.get_version_details")
    other = await bench.call("versions.get_version_details", headers=headers)
    same = other.ok and plain.data == other.data
    bench.that(same, "GIR-HDR-01", f"with ocpi-to-* headers the answer is {other.told}, or another one", plain, other)
