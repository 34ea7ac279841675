"""CDRs: pulled twice, posted twice, never changed (mod_cdrs.md)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ocpi211_check.bench import Inconclusive
from ocpi211_check.sameness import differences
from ocpi211_check.samples import cdr
from ocpi211_check.scenario import scenario
from ocpi211_runtime.urls import origin

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = ["a_cdr_by_itself", "posted", "pulled_twice", "readable", "refused_at_a_cdr", "whose_they_are"]

_CONTRACT = re.compile(r"([A-Z]{2})[*-]([A-Z0-9]{3})[*-].+|([A-Z]{2})([A-Z0-9]{3})C[A-Z0-9]{8,9}", re.IGNORECASE)
"""An auth_id as eMI3 writes it, with separators or without; of others nobody can say whose they are."""


@scenario("CDRs pulled twice", "CDR-CPO-02", "CDR-OBJ-05", roles=("cpo",), module="cdrs")
async def pulled_twice(bench: Bench) -> None:
    """What was sent once never changes, and no id is used twice."""
    listed = bench.lists.get("cdrs", [])
    if not listed:
        raise Inconclusive("the list of cdrs is empty")
    ids = [str(entry.get("id")).casefold() for entry in listed]
    bench.that(len(set(ids)) == len(ids), "CDR-OBJ-05", f"{len(ids) - len(set(ids))} ids come twice")
    again = await bench.call("cdrs.list_cdrs")
    known = {str(entry.get("id")): entry for entry in listed}
    for entry in again.data if isinstance(again.data, list) else []:
        if isinstance(entry, dict) and str(entry.get("id")) in known:
            other = differences(known[str(entry["id"])], entry)
            bench.that(not other, "CDR-CPO-02", f"{entry['id']} changed: {other[:3]}", again)


def readable(bench: Bench, posted_: Exchange, id_: str) -> str:
    """The URL of the CDR, where the token may go; without a Location the hub's way, the id behind the endpoint."""
    located = posted_.header("location")
    if not located:
        return f"{bench.endpoints['cdrs'].rstrip('/')}/{id_}"
    url = urljoin(posted_.url, located)
    if origin(url) == origin(posted_.url):
        return url
    raise Inconclusive("the Location in the answer to POST leads to another origin")


@scenario(
    "a CDR posted",
    "CDR-EMSP-01",
    "CDR-EMSP-02",
    "CDR-EMSP-03",
    "CDR-EMSP-04",
    "CDR-EMSP-05",
    "TY-CI-02",
    "TY-CI-03",
    "ST-201-01",
    "GIR-OVER-01",
    roles=("emsp",),
    safety="own",
    module="cdrs",
)
async def posted(bench: Bench) -> None:
    """Read back, posted again as it is, posted again with other content, its id in another case."""
    sent = cdr(bench.own("cdr"), bench.clock.tick(), bench.settings.party)
    first = bench.need(await bench.call("cdrs.post_cdr", body=sent), "POST of the CDR of the test party")
    located = first.header("location")
    if located or not (bench.settings.hub and bench.settings.gireve):  # GIREVE's hub gives none
        bench.that(bool(located), "CDR-EMSP-01", "no Location in the answer to POST", first)
    if bench.settings.gireve:
        bench.skip("ST-201-01", "the hub answers 200 always")
        bench.that(first.ok, "GIR-OVER-01", f"a CDR without the hub's fields: {first.told}", first)
    else:
        bench.that(first.status == 201, "ST-201-01", f"POST: {first.told}", first)
    url = readable(bench, first, str(sent["id"]))
    came = await bench.call("cdrs.get_cdr", url=url)
    other = differences(sent, came.data) if came.ok else [came.told]
    bench.that(not other, "CDR-EMSP-02", f"GET of {url}: {other[:3]}", first, came)
    bench.that(came.ok and came.data.get("id") == sent["id"], "TY-CI-03", "the id came back otherwise", came)
    again = await bench.call("cdrs.post_cdr", body=sent)
    still = await bench.call("cdrs.get_cdr", url=url)
    same = again.ok and still.ok and not differences(came.data, still.data)
    bench.that(same, "CDR-EMSP-04", f"the same CDR again: {again.told}", again, still)
    await bench.call("cdrs.post_cdr", body={**sent, "total_cost": 99.5})
    still = await bench.call("cdrs.get_cdr", url=url)
    kept = still.ok and still.data.get("total_cost") == sent["total_cost"]
    bench.that(kept, "CDR-EMSP-05", "another CDR with the same id took the place of the first", still)
    other_case = {**sent, "id": str(sent["id"]).lower(), "total_cost": 98.5}
    answer = await bench.call("cdrs.post_cdr", body=other_case)
    where = urljoin(answer.url, answer.header("location") or url)
    found = await bench.call("cdrs.get_cdr", url=where if origin(where) == origin(url) else url)
    known = (found.ok and found.data.get("total_cost") == sent["total_cost"]) or answer.refused
    bench.that(known, "TY-CI-02", f"the id in another case is taken for another CDR: {answer.told}", answer, found)
    await refused_at_a_cdr(bench, url)


async def refused_at_a_cdr(bench: Bench, url: str) -> None:
    """PUT, PATCH and DELETE at the URL of a CDR: refused, and the CDR is as it was."""
    before = await bench.call("cdrs.get_cdr", url=url)
    for verb, body in (("PUT", before.data), ("PATCH", {"total_cost": 99.5}), ("DELETE", None)):
        answer = await bench.call("cdrs.get_cdr", url=url, verb=verb, body=body, odd=True)
        bench.that(answer.refused, "CDR-EMSP-03", f"{verb} of a CDR: {answer.told}", answer)
    after = await bench.call("cdrs.get_cdr", url=url)
    other = differences(before.data, after.data) if after.ok else [after.told]
    bench.that(not other, "CDR-EMSP-03", f"the CDR changed: {other[:3]}", before, after)


@scenario("a CDR without a Session", "GIR-CDR-05", roles=("emsp",), safety="own", module="cdrs", gireve=True)
async def a_cdr_by_itself(bench: Bench) -> None:
    """A CDR that no Session came before, with the hub's fields, as the hub sends it."""
    sent = {
        **cdr(bench.own("alone"), bench.clock.tick(), bench.settings.party),
        "authorization_id": bench.own("auth"),
        "remark": "[?] OCPI-CHECK: a test, not to be paid",
    }
    answer = await bench.call("cdrs.post_cdr", body=sent)
    bench.that(answer.ok, "GIR-CDR-05", f"a CDR with no Session before it: {answer.told}", answer)


@scenario("whose Sessions and CDRs", "CDR-CPO-04", "TF-GET-03", roles=("cpo",), module="cdrs")
async def whose_they_are(bench: Bench) -> None:
    """Those of Tokens of the test party, as far as an auth_id tells, and of no other eMSP."""
    settings = bench.settings
    if not settings.party or settings.speaks_for:
        raise Inconclusive("needs --party, and a token that speaks for no other")
    for module, ids in (("cdrs", ("CDR-CPO-04", "TF-GET-03")), ("sessions", ("TF-GET-03",))):
        charged = [str(entry.get("auth_id")) for entry in bench.lists.get(module, [])]
        told = [(name, found) for name in charged if (found := _CONTRACT.fullmatch(name))]
        others = sorted(
            {name for name, found in told if "*".join(filter(None, found.groups())).upper() != settings.party}
        )
        for id_ in ids if told else ():
            bench.that(not others, id_, f"{module} of others are given as well: {others[:3]}")
