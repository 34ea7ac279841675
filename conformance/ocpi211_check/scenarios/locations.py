"""Locations of a CPO read one by one; EVSEs and Connectors of the test party written one by one (mod_locations.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocpi211_check.bench import Inconclusive
from ocpi211_check.rules.reading import moment, objects
from ocpi211_check.sameness import differences, without
from ocpi211_check.samples import connector, evse, location
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.kinds import pushed_and_kept
from ocpi211_check.scenarios.lists import LISTS, crawl

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench

__all__ = ["an_unknown_evse", "at_three_levels", "coordinates_of_other_precision", "levels_written", "read_again"]

_DATED = frozenset({"last_updated"})


@scenario("one Location at three levels", "LOC-CPO-04", "LOC-CPO-05", "LOC-CPO-07", roles=("cpo",), module="locations")
async def at_three_levels(bench: Bench) -> None:
    """The Location, its EVSE and its Connector, each by its own URL."""
    listed = bench.lists.get("locations", [])
    if not listed:
        raise Inconclusive("the list of locations is empty")
    for found in listed[:20]:
        evses = [entry for _, entry in objects(found.get("evses"))]
        gone = bool(evses) and all(entry.get("status") == "REMOVED" for entry in evses)
        bench.that(not gone, "LOC-CPO-07", f"{found.get('id')} is listed, and all its EVSEs are removed")
    chosen = next((entry for entry in listed if list(objects(entry.get("evses")))), listed[0])
    id_ = str(chosen.get("id"))
    whole = await bench.call("locations.get_location", id_)
    if whole.ok and moment(whole.data.get("last_updated")) != moment(chosen.get("last_updated")):
        bench.open("LOC-CPO-04", "the Location changed between list and GET")
    else:
        other = differences(chosen, whole.data) if whole.ok else [whole.told]
        bench.that(not other, "LOC-CPO-04", f"GET of {id_} differs from the list: {other[:3]}", whole)
    bench.that(whole.ok, "LOC-CPO-05", f"GET of {id_}: {whole.told}", whole)
    for _, part in list(objects(chosen.get("evses")))[:1]:
        uid = str(part.get("uid"))
        one = await bench.call("locations.get_evse", id_, uid)
        right = one.ok and one.data.get("uid") == uid
        bench.that(right, "LOC-CPO-05", f"GET of EVSE {uid}: {one.told}", one)
        for _, plug in list(objects(part.get("connectors")))[:1]:
            name = str(plug.get("id"))
            smallest = await bench.call("locations.get_connector", id_, uid, name)
            right = smallest.ok and smallest.data.get("id") == name
            bench.that(right, "LOC-CPO-05", f"GET of Connector {name}: {smallest.told}", smallest)


@scenario(
    "EVSEs and Connectors written",
    "LOC-EMSP-02",
    "LOC-EMSP-03",
    "LOC-EMSP-04",
    "LOC-EMSP-05",
    "LOC-EMSP-06",
    "LOC-EMSP-08",
    "LOC-EMSP-09",
    "GIR-LOC-08",
    roles=("emsp",),
    safety="own",
    module="locations",
)
async def levels_written(bench: Bench) -> None:
    """An EVSE added, one changed, a Connector changed, one removed; each leaves the others alone."""
    pushed_and_kept(bench, "locations")
    at, id_ = (bench.settings.country_code, bench.settings.party_id), bench.own("levels")
    party = bench.settings.party
    stored = location(id_, bench.clock.tick(), party)
    bench.need(await bench.call("locations.put_location", *at, id_, body=stored), "the Location of the test party")
    first, second = (str(entry["uid"]) for entry in stored["evses"])

    added = evse(f"{id_}-E3", bench.clock.tick(), party)
    answer = await bench.call("locations.put_evse", *at, id_, added["uid"], body=added)
    after = await _whole(bench, id_)
    there = answer.ok and added["uid"] in after
    bench.that(there, "LOC-EMSP-02", f"PUT of a new EVSE: {answer.told}, the Location has {list(after)}", answer)
    whole_fits = answer.ok and there and not differences(added, after[added["uid"]], _DATED)

    odd = await bench.call("locations.put_evse", *at, id_, bench.own("half"), body={"uid": bench.own("half")}, odd=True)
    bench.that(odd.refused, "LOC-EMSP-03", f"an EVSE without required fields: {odd.told}", odd)
    wrong = await bench.call("locations.put_evse", *at, id_, bench.own("other"), body=added, odd=True)
    bench.that(wrong.code == 2001, "LOC-EMSP-09", f"an EVSE with another uid than the URL: {wrong.told}", wrong)

    before = await _whole(bench, id_)
    patch = {"status": "BLOCKED", "last_updated": bench.clock.tick()}
    answer = await bench.call("locations.patch_evse", *at, id_, first, body=patch)
    after = await _whole(bench, id_)
    other = differences(before.get(second), after.get(second)) + differences(
        {**before.get(first, {}), "status": "BLOCKED"}, after.get(first), _DATED
    )
    bench.that(answer.ok and not other, "LOC-EMSP-04", f"PATCH of an EVSE: {answer.told}, {other[:3]}", answer)
    bench.that(answer.ok and whole_fits, "LOC-EMSP-08", f"EVSE by PUT or PATCH: {answer.told}", answer)
    await _connector(bench, at, id_, first)
    await _removed(bench, at, id_, added)


async def _connector(bench: Bench, at: tuple[str, str], id_: str, uid: str) -> None:
    before = await _whole(bench, id_)
    patch = {"tariff_id": "OCPI-CHECK-OTHER", "last_updated": bench.clock.tick()}
    answer = await bench.call("locations.patch_connector", *at, id_, uid, "1", body=patch)
    after = await _whole(bench, id_)
    plugs = {str(plug.get("id")): plug for _, plug in objects(after.get(uid, {}).get("connectors"))}
    were = {str(plug.get("id")): plug for _, plug in objects(before.get(uid, {}).get("connectors"))}
    other = differences({**were.get("1", {}), **patch}, plugs.get("1"), _DATED)
    other += differences(were.get("2"), plugs.get("2"))
    other += [text for name in before if name != uid for text in differences(before[name], after.get(name))]
    bench.that(answer.ok and not other, "LOC-EMSP-05", f"PATCH of a Connector: {answer.told}, {other[:3]}", answer)
    third = connector("3", bench.clock.tick())
    answer = await bench.call("locations.put_connector", *at, id_, uid, "3", body=third)
    bench.that(answer.ok, "LOC-EMSP-08", f"PUT of a Connector: {answer.told}", answer)


async def _removed(bench: Bench, at: tuple[str, str], id_: str, added: dict[str, Any]) -> None:
    patch = {"status": "REMOVED", "last_updated": bench.clock.tick()}
    answer = await bench.call("locations.patch_evse", *at, id_, added["uid"], body=patch)
    bench.that(answer.ok, "LOC-EMSP-06", f"PATCH of the status to REMOVED: {answer.told}", answer)
    named = {**evse(f"{id_}-E4", bench.clock.tick(), bench.settings.party), "evse_id": "not-emi3/4"}
    answer = await bench.call("locations.put_evse", *at, id_, named["uid"], body=named)
    bench.that(answer.ok, "GIR-LOC-08", f"an evse_id that is not of eMI3's form: {answer.told}", answer)


async def _whole(bench: Bench, id_: str) -> dict[str, dict[str, Any]]:
    """The EVSEs of a Location as the target has it, by uid."""
    answer = await bench.call("locations.get_location", bench.settings.country_code, bench.settings.party_id, id_)
    bench.need(answer, f"GET of the Location {id_}")
    return {str(entry.get("uid")): dict(entry) for _, entry in objects(answer.data.get("evses"))}


@scenario(
    "the status of an unknown EVSE",
    "GIR-LOC-07",
    "TF-PATCH-02",
    roles=("emsp",),
    safety="own",
    module="locations",
)
async def an_unknown_evse(bench: Bench) -> None:
    """A status of an EVSE that was never sent: 404, and still there is none."""
    pushed_and_kept(bench, "locations")
    at = (bench.settings.country_code, bench.settings.party_id, bench.own("never"))
    patch = {"status": "BLOCKED", "last_updated": bench.clock.tick()}
    unknown = await bench.call("locations.patch_evse", *at, "NEVER", body=patch, odd=True)
    known_id = bench.own("known")
    known = without(location(known_id, bench.clock.tick(), bench.settings.party), "name")
    stored = await bench.call("locations.put_location", *at[:2], known_id, body=known)
    uid = str(known["evses"][0]["uid"])
    good = await bench.call("locations.patch_evse", *at[:2], known_id, uid, body=patch)
    right = unknown.status == 404 and stored.ok and good.ok
    bench.that(right, "GIR-LOC-07", f"unknown: {unknown.told}, known: {good.told}", unknown, good)
    bench.that(unknown.status == 404, "TF-PATCH-02", f"PATCH of an unknown EVSE: {unknown.told}", unknown)


@scenario("coordinates of other precision", "LOC-OBJ-14", roles=("emsp",), safety="own", module="locations")
async def coordinates_of_other_precision(bench: Bench) -> None:
    """Five decimals and seven, in place of six: taken, and kept as they are."""
    pushed_and_kept(bench, "locations")
    at, id_ = (bench.settings.country_code, bench.settings.party_id), bench.own("precise")
    sent = location(id_, bench.clock.tick(), bench.settings.party)
    sent["coordinates"] = {"latitude": "0.00001", "longitude": "-0.1234567"}
    answer = await bench.call("locations.put_location", *at, id_, body=sent, odd=True)
    came = await bench.call("locations.get_location", *at, id_, odd=True)
    kept = came.data.get("coordinates") if answer.ok and came.ok else came.told
    text = f"coordinates {sent['coordinates']}: {answer.told}, kept {kept}"
    bench.that(kept == sent["coordinates"], "LOC-OBJ-14", text, answer, came)


@scenario("Locations read again", "LOC-OBJ-09", roles=("cpo",), module="locations")
async def read_again(bench: Bench) -> None:
    """What has the same evse_id as when the run began has the same uid, in a Location of the same id."""
    before = _named(bench.lists.get("locations", []))
    found, pages = await crawl(bench, LISTS[0], {})
    after = _named([item for item in found if isinstance(item, dict)])
    both = before.keys() & after.keys()
    if not both:
        raise Inconclusive("no EVSE has an evse_id to know it by")
    for name in sorted(both):
        text = f"{name} was {'/'.join(before[name])}, and is {'/'.join(after[name])}"
        bench.that(before[name] == after[name], "LOC-OBJ-09", text, *pages[:1])


def _named(places: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """evse_id → (id of the Location, uid); one that is given twice tells nothing."""
    found: dict[str, list[tuple[str, str]]] = {}
    for place in places:
        for _, entry in objects(place.get("evses")):
            if entry.get("evse_id") and entry.get("status") != "REMOVED":
                found.setdefault(str(entry["evse_id"]), []).append((str(place.get("id")), str(entry.get("uid"))))
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}
