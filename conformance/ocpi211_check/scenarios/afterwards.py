"""What the target did by itself, held against what its lists say afterwards, and against what it was told.

transport_and_format.md, Pull and Push, Paginated response; mod_sessions.md, Session object; gireve:cpo_tokens.md.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from pydantic_core import from_json

from ocpi211_check.bench import Inconclusive
from ocpi211_check.rules.reading import moment
from ocpi211_check.samples import token
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.lists import LISTS, Listing, crawl

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.counterpart import Counterpart
    from ocpi211_check.evidence import Exchange

__all__ = ["pulled_from_the_beginning", "what_is_new", "whose_token"]

_PUSHED_TO_THE_HUB = {"sessions", "cdrs"}
"""The others it pulls, but for the status of an EVSE."""


def _body(call: Exchange) -> dict[str, Any]:
    try:
        found = from_json(call.request_body or b"null")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _pushes(bench: Bench, module: str) -> list[tuple[Exchange, dict[str, Any]]]:
    """Whole objects of a module that came, however they were answered."""
    received = bench.counterpart.received if bench.counterpart else []
    length = 1 if module == "cdrs" else 4
    calls = [call for call, path in received if path[0] == module and len(path) == length]
    return [(call, _body(call)) for call in calls if call.method in {"PUT", "POST"}]


@scenario("what is new", "TF-PAGE-09", "TF-PUSH-01", safety="handshake", listens=True)
async def what_is_new(bench: Bench) -> None:
    """What was not in a list when the run began stands at its end, and was pushed."""
    grown = False
    for listing in LISTS:
        known = {listing.key(item) for item in bench.lists.get(listing.module, [])}
        if listing.role != bench.target or not bench.offers(listing.module) or listing.module in bench.cut or not known:
            continue
        items, pages = await crawl(bench, listing, listing.query())
        keys = [listing.key(item) for item in items]
        new = [key for key in keys if key not in known]
        if not new:
            continue
        grown = True
        last = all(key not in known for key in keys[keys.index(new[0]) :])
        bench.that(last, "TF-PAGE-09", f"{new[0]} is new, and stands before what is older", *pages[-2:])
        if not bench.settings.gireve or listing.module in _PUSHED_TO_THE_HUB:
            for key in new:
                there = await _pushed(bench, listing, key)
                bench.that(there, "TF-PUSH-01", f"{key} is new in the list of {listing.module}, and was not pushed")
    if not grown:
        raise Inconclusive("nothing new came into a list that held something")


async def _pushed(bench: Bench, listing: Listing, key: str) -> bool:
    """Whether it came by itself, or comes yet."""
    if bench.counterpart is None:
        return False

    def fits(call: Exchange, path: tuple[str, ...]) -> bool:
        return path[0] == listing.module and call.method in {"PUT", "POST"} and listing.key(_body(call)) == key

    return await bench.counterpart.wait_for(fits, bench.settings.call_back) is not None


@scenario(
    "all Tokens at first", "GIR-TOK-01", roles=("cpo",), safety="handshake", module="tokens", gireve=True, listens=True
)
async def pulled_from_the_beginning(bench: Bench) -> None:
    """The first pull leaves none of our Tokens out by its date."""
    counterpart = bench.counterpart
    if counterpart is None:
        raise Inconclusive("needs the tool's own server")
    gets = [call for call, path in counterpart.received if call.method == "GET" and path[0] == "tokens"]
    pulls = [call for call in gets if urlsplit(call.url).path.rstrip("/").endswith("/tokens")]
    if not pulls:
        raise Inconclusive("it pulled no Tokens")
    given = parse_qs(urlsplit(pulls[0].url).query).get("date_from", [""])[0]
    since = moment(given)
    dates = [at for entry in _tokens(counterpart) if (at := moment(entry.get("last_updated")))]
    left = sum(at < since for at in dates) if since else 0
    text = f"its first pull has date_from={given}: {left} Tokens it never pulled are left out"
    bench.that(not left, "GIR-TOK-01", text, pulls[0])


@scenario("whose Token it was", "SES-OBJ-05", roles=("cpo",), safety="handshake")
async def whose_token(bench: Bench) -> None:
    """Sessions and CDRs that name an authorisation of ours: with the auth_id of the Token it was given for."""
    given = _given(bench)
    charged = [entry for module in ("sessions", "cdrs") for entry in _pushes(bench, module)]
    if bench.offers("sessions"):
        sessions = LISTS[1]
        items, pages = await crawl(bench, sessions, sessions.query())
        charged += [(pages[0], item) for item in items if isinstance(item, dict)]
    told = [(call, body) for call, body in charged if body.get("authorization_id") in given]
    if not told:
        raise Inconclusive("no Session and no CDR names an authorization_id of ours")
    for call, body in told:
        wanted = given[body["authorization_id"]]
        text = f"auth_id is {body.get('auth_id')!r}, that of the Token is {' or '.join(sorted(wanted))}"
        bench.that(body.get("auth_id") in wanted, "SES-OBJ-05", text, call)


def _tokens(counterpart: Counterpart) -> list[dict[str, Any]]:
    """What the target may pull."""
    offered = counterpart.lists.get("tokens")
    return offered.items if offered else []


def _given(bench: Bench) -> dict[str, set[str]]:
    """authorization_id → the auth_ids of the Tokens it was given for: by an answer of ours, or with a command."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    card = token(bench.own("card"), bench.clock.tick(), bench.settings.party)
    found[bench.own("remote")].add(str(card["auth_id"]))
    if bench.counterpart is None:
        return dict(found)
    ours = {str(entry.get("uid")): str(entry.get("auth_id")) for entry in _tokens(bench.counterpart)}
    for call, path in bench.counterpart.received:
        if path[0] == "tokens" and path[-1] == "authorize" and path[1] in ours:
            answer = call.data
            name = answer.get("authorization_id") if isinstance(answer, dict) else None
            if isinstance(name, str):
                found[name].add(ours[path[1]])
    return dict(found)
