"""Tariffs (mod_tariffs.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211_check.bench import Inconclusive
from ocpi211_check.rules.reading import objects
from ocpi211_check.sameness import differences
from ocpi211_check.samples import tariff
from ocpi211_check.scenario import scenario

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench

__all__ = ["a_tariff_of_the_hub", "deleted", "every_tariff_is_there"]


@scenario("the Tariffs of the Connectors", "TAR-LINK-01", roles=("cpo",), module="tariffs")
async def every_tariff_is_there(bench: Bench) -> None:
    """Every tariff_id of a Connector names a Tariff of the list."""
    known = {str(entry.get("id")) for entry in bench.lists.get("tariffs", [])}
    named = {
        str(plug["tariff_id"])
        for place in bench.lists.get("locations", [])
        if not str(place.get("id")).startswith(f"{bench.settings.mark}-")  # a hub lists what the check wrote
        for _, evse in objects(place.get("evses"))
        for _, plug in objects(evse.get("connectors"))
        if plug.get("tariff_id")
    }
    if not named:
        raise Inconclusive("no Connector names a Tariff")
    if "tariffs" in bench.cut:
        raise Inconclusive("the list of tariffs is longer than the check reads")
    missing = sorted(named - known)
    bench.that(not missing, "TAR-LINK-01", f"not in the list of tariffs: {missing[:5]}")


@scenario("a Tariff deleted", "TAR-EMSP-02", "TAR-EMSP-03", roles=("emsp",), safety="own", module="tariffs")
async def deleted(bench: Bench) -> None:
    """DELETE, then GET and DELETE find nothing; POST is not offered, the others are."""
    at, id_ = (bench.settings.country_code, bench.settings.party_id), bench.own("deleted")
    put = bench.need(await bench.call("tariffs.put_tariff", *at, id_, body=tariff(id_, bench.clock.tick())), "PUT")
    read = await bench.call("tariffs.get_tariff", *at, id_)
    patch = {"currency": "CHF", "last_updated": bench.clock.tick()}
    patched = await bench.call("tariffs.patch_tariff", *at, id_, body=patch)
    gone = await bench.call("tariffs.delete_tariff", *at, id_)
    offered = [answer.ok for answer in (put, read, patched, gone)]
    posted = await bench.call("tariffs.get_tariff", *at, id_, verb="POST", body={}, odd=True)
    told = f"PUT, GET, PATCH, DELETE: {offered}, POST: {posted.told}"
    bench.that(all(offered) and posted.refused, "TAR-EMSP-03", told, put, read, patched, gone, posted)
    after = await bench.call("tariffs.get_tariff", *at, id_, odd=True)
    twice = await bench.call("tariffs.delete_tariff", *at, id_, odd=True)
    nothing = gone.ok and not after.ok and not twice.ok
    bench.that(nothing, "TAR-EMSP-02", f"after DELETE: GET {after.told}, DELETE {twice.told}", gone, after, twice)


@scenario(
    "a Tariff as the hub sends it",
    "GIR-TAR-02",
    "GIR-TAR-03",
    roles=("emsp",),
    safety="own",
    module="tariffs",
    gireve=True,
)
async def a_tariff_of_the_hub(bench: Bench) -> None:
    """Whose it is and when it holds; then a price of the session's time, and how it is rounded."""
    at = (bench.settings.country_code, bench.settings.party_id)
    rounded = {"round_granularity": "HUNDRETH", "round_rule": "ROUND_NEAR"}
    priced = {"type": "SESSION_TIME", "price": 1.2, "step_size": 60, "price_round": rounded, "step_round": rounded}
    additions: dict[str, dict[str, object]] = {
        "GIR-TAR-02": {
            "country_code": at[0],
            "party_id": at[1],
            "restriction": {"start_time": "07:00", "end_time": "19:30", "day_of_week": ["MONDAY"]},
        },
        "GIR-TAR-03": {"elements": [{"price_components": [{**priced, "exact_price_component": True}]}]},
    }
    for id_row, fields in additions.items():
        id_ = bench.own(id_row)
        sent = {**tariff(id_, bench.clock.tick()), **fields}
        answer = await bench.call("tariffs.put_tariff", *at, id_, body=sent)
        came = await bench.call("tariffs.get_tariff", *at, id_)
        other = differences(sent, came.data)[:3] if answer.ok and came.ok else [came.told]
        bench.that(not other, id_row, f"with {', '.join(fields)}: {answer.told}, then GET: {other}", answer, came)
