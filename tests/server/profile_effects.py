"""What a partner sees of each setting of a profile: two values of it, and what is seen with either."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from ocpi211_server.database import Work, sql
from ocpi211_server.profiles import PROFILES
from tests.server.far_side import Far, World
from tests.server.samples import cdr, evse, location, session, stamp, tariff, token
from tests.server.stage import actor

__all__ = ["ROWS", "Row"]

SINCE = "date_from=2020-01-01T00:00:00Z"
SIGNED = {"encoding_method": "OCMF", "signed_values": [{"nature": "Start", "plain_data": "p", "signed_data": "s"}]}
HERE = {"location_id": "LOC1", "evse_uids": ["E1"]}


class Row(NamedTuple):
    """Two values of a setting, and what is seen with each of them."""

    seen: Callable[[World], Awaitable[object]]
    expected: tuple[tuple[Any, object], tuple[Any, object]]


async def with_all(world: World) -> None:
    """A Location and a Token are there."""
    await world["FR*CPO"].put("locations", location())
    await world["FR*EMP"].put("tokens", token())
    await world.quiet()


async def tariff_taken(world: World) -> object:
    return (await world["FR*CPO"].call("PUT", "/tariffs/FR/CPO/T1", tariff())).status


async def page_of_locations(world: World) -> object:
    return (await world["FR*EMP"].call("GET", "/locations")).headers["X-Limit"]


async def status_of_new(world: World) -> object:
    return (await world["FR*CPO"].call("PUT", "/locations/FR/CPO/LOC1", location())).status


async def older_put(world: World) -> object:
    await with_all(world)
    await world["FR*CPO"].put("locations", location(name="older", last_updated=stamp(-3600)))
    return (await world["FR*EMP"].did("GET", "/locations"))[0]["name"]


async def policy_of_a_cpo(world: World) -> object:
    settings = world.hub.server.settings
    database = f"{settings.database}.cpo"
    async with actor(database, "cpo", profile_changes=settings.profile_changes) as cpo:
        return cpo.server.site.distribution.policy


def credentials(far: Far) -> dict[str, Any]:
    """Of a partner that will not answer to them."""
    own = {"country_code": far.party[:2], "party_id": far.party[3:], "business_details": {"name": "A CPO"}}
    return {"token": "offered", "url": f"{far.url}/versions", **own}


async def put_of_credentials(world: World) -> object:
    return (await world["FR*CPO"].call("PUT", "/credentials", credentials(world["FR*CPO"]))).status


async def post_after_delete(world: World) -> object:
    await world["FR*CPO"].did("DELETE", "/credentials")
    return (await world["FR*CPO"].call("POST", "/credentials", credentials(world["FR*CPO"]))).status


async def rotated(world: World) -> object:
    cpo, registrar = world["FR*CPO"], world.hub.server.registrar
    listed = [{"identifier": name, "url": f"{cpo.url}/{name}"} for name in ("credentials", "locations")]
    cpo.says("GET /versions", [{"version": "2.1.1", "url": f"{cpo.url}/details"}])
    cpo.says("GET /details", {"version": "2.1.1", "endpoints": listed})
    cpo.says("(POST|PUT) /credentials", credentials(cpo))
    await registrar.register(await cpo.partner(), f"{cpo.url}/versions", "given-by-the-CPO")
    cpo.heard.clear()
    await registrar.rotate(await cpo.partner())
    return [heard.verb for heard in cpo.heard if heard.path == "/credentials"]


async def authorised_without_a_place(world: World) -> object:
    await with_all(world)
    world["FR*EMP"].says("POST /tokens/.*", {"allowed": "ALLOWED"})
    return (await world["FR*CPO"].call("POST", "/tokens/04A1B2C3/authorize")).code


async def asked_for_always(world: World) -> object:
    await world["FR*EMP"].put("tokens", token(whitelist="ALWAYS"))
    world["FR*EMP"].says("POST /tokens/.*", {"allowed": "EXPIRED"})
    return (await world["FR*CPO"].did("POST", "/tokens/04A1B2C3/authorize"))["allowed"]


async def unknown_token(world: World) -> object:
    reply = await world["FR*CPO"].call("POST", "/tokens/nobody/authorize")
    return reply.status, reply.code


async def made_id(world: World) -> object:
    await with_all(world)
    world["FR*EMP"].says("POST /tokens/.*", {"allowed": "ALLOWED"})
    return "authorization_id" in await world["FR*CPO"].did("POST", "/tokens/04A1B2C3/authorize", HERE)


async def token_in_lower_case(world: World) -> object:
    await with_all(world)
    world["FR*EMP"].says("POST /tokens/04A1B2C3/.*", {"allowed": "ALLOWED"})
    return (await world["FR*CPO"].call("POST", "/tokens/04a1b2c3/authorize", HERE)).code


async def token_by_uid(world: World) -> object:
    await with_all(world)
    return (await world["FR*CPO"].call("GET", "/tokens/04A1B2C3")).status


async def tokens_of_another(world: World) -> object:
    await with_all(world)
    return len(await world["FR*CPO"].did("GET", "/tokens", ocpi_to_country_code="FR", ocpi_to_party_id="XXX"))


async def passed_on(world: World, **changes: Any) -> dict[str, Any]:
    """The CDR that the eMSP is sent."""
    await world["FR*CPO"].did("POST", "/cdrs", cdr(**changes))
    await world.quiet()
    body: dict[str, Any] = world["FR*EMP"].of("POST", "cdrs")[0].body
    return body


async def signed_data(world: World) -> object:
    return "signed_data" in await passed_on(world, signed_data=SIGNED)


async def started(world: World, **changes: Any) -> tuple[int, object]:
    """What START_SESSION is answered."""
    await with_all(world)
    world["FR*CPO"].says("POST /commands/.*", {"result": "ACCEPTED"})
    (seen,) = await world["FR*EMP"].did("GET", "/locations")
    order = {"response_url": f"{world['FR*EMP'].url}/r", "token": token(), "location_id": seen["id"], **changes}
    reply = await world["FR*EMP"].call("POST", "/commands/START_SESSION", order)
    return reply.code, reply.data.get("result")


async def location_of_a_cdr(world: World) -> object:
    return "Location" in (await world["FR*CPO"].call("POST", "/cdrs", cdr())).headers


async def unknown_cdr(world: World) -> object:
    reply = await world["FR*CPO"].call("GET", "/cdrs/nothing")
    return reply.status, reply.code


async def own_id_of_a_location(world: World) -> object:
    await with_all(world)
    return (await world["FR*EMP"].did("GET", "/locations"))[0]["id"] == "LOC1"


async def own_id_of_a_session(world: World) -> object:
    await with_all(world)
    await world["FR*CPO"].put("sessions", session())
    return (await world["FR*EMP"].did("GET", f"/sessions?{SINCE}"))[0]["id"] == "S1"


async def names(world: World) -> object:
    await with_all(world)
    seen = (await world["FR*EMP"].did("GET", "/locations"))[0]
    return seen["operator"]["name"], (await world["FR*CPO"].did("GET", "/tokens"))[0]["issuer"]


async def remark(world: World) -> object:
    return (await passed_on(world, total_cost=0)).get("remark")


async def pushed_location(world: World) -> object:
    await with_all(world)
    return len(await world["FR*EMP"].did("GET", "/locations"))


async def pushed_token(world: World) -> object:
    await with_all(world)
    return world["FR*CPO"].briefs("tokens")


async def renamed(world: World) -> object:
    await with_all(world)
    await world["FR*CPO"].put("locations", location(name="renamed", last_updated=stamp()))
    await world.quiet()
    return world["FR*EMP"].briefs("locations")[1:]


def _older() -> Work[None]:
    yield sql("UPDATE object SET changed = changed - 3600")


async def status_in_a_delta(world: World) -> object:
    await with_all(world)
    await world.hub.server.site.database.write(_older)
    await world["FR*CPO"].did("PATCH", "/locations/FR/CPO/LOC1/E1", {"status": "CHARGING", "last_updated": stamp()})
    return len(await world["FR*EMP"].did("GET", f"/locations?date_from={stamp(-60)}"))


async def removed_in_full(world: World) -> object:
    await world["FR*CPO"].put("locations", location(evses=[evse("E1"), evse("E2", status="REMOVED")]))
    return len((await world["FR*EMP"].did("GET", "/locations"))[0]["evses"])


async def left_out(world: World) -> object:
    for evses in ([evse("E1"), evse("E2")], [evse("E1")]):
        await world["FR*CPO"].put("locations", location(evses=evses))
    return [each["status"] for each in (await world["FR*EMP"].did("GET", "/locations"))[0]["evses"]]


async def unpaged_pull(world: World) -> object:
    world["FR*CPO"].says("GET /locations", [location()])
    await world.pull("FR*CPO", "locations")
    return await world.hub.count("locations")


async def later_than_completed(world: World) -> object:
    await world["FR*CPO"].put("sessions", session(status="COMPLETED"))
    await world.quiet()  # what follows while it waits would be sent in its place
    await world["FR*CPO"].put("sessions", session(status="COMPLETED", kwh=99, last_updated=stamp()))
    await world["FR*CPO"].did("PATCH", "/sessions/FR/CPO/S1", {"currency": "CHF", "last_updated": stamp(1)})
    await world.quiet()
    (seen,) = await world["FR*EMP"].did("GET", f"/sessions?{SINCE}")
    return seen["kwh"], seen["currency"], len(world["FR*EMP"].briefs("sessions")) > 1


async def findings(world: World) -> object:
    records: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("ocpi211_server.objects.views")
    logger.addHandler(handler)
    try:
        await world["FR*CPO"].put("locations", location(evses=[evse(evse_id="DE*XXX*E1"), evse("E2", evse_id=None)]))
    finally:
        logger.removeHandler(handler)
    return records


LACKS = "finding: locations LOC1 of FR*CPO lacks /evses/0/evse_id, /evses/1/evse_id"
ALL = PROFILES["plain-2.1.1"]
EVSES = ["PUT /locations/FR/CPO/LOC1/E1"]

ROWS: dict[str, Row] = {
    "modules": Row(tariff_taken, ((ALL.modules, 201), (ALL.modules - {"tariffs"}, 404))),
    "max_limit": Row(page_of_locations, ((ALL.max_limit, "100"), ({"locations": 3}, "3"))),
    "created_status": Row(status_of_new, ((201, 201), (200, 200))),
    "allow_downgrades": Row(older_put, ((False, "A place"), (True, "older"))),
    "push": Row(policy_of_a_cpo, (("none", "once"), ("fifo", "fifo"))),
    "put_credentials": Row(put_of_credentials, ((True, 200), (False, 405))),
    "rotate_by_put": Row(rotated, ((True, ["PUT"]), (False, ["DELETE", "POST"]))),
    "rejoin_window": Row(post_after_delete, ((0, 401), (60, 200))),
    "one_evse": Row(authorised_without_a_place, ((False, 1000), (True, 2002))),
    "short_circuit": Row(asked_for_always, (([], "EXPIRED"), (["ALWAYS"], "ALLOWED"))),
    "unknown_token": Row(unknown_token, ((404, (404, 2000)), (2001, (200, 2001)))),
    "make_authorization_id": Row(made_id, ((False, False), (True, True))),
    "rfid_any_case": Row(token_in_lower_case, ((False, 2000), (True, 1000))),
    "token_by_uid": Row(token_by_uid, ((False, 404), (True, 200))),
    "single_party_filters": Row(tokens_of_another, ((False, 1), (True, 0))),
    "signed_data": Row(signed_data, ((True, True), (False, False))),
    "commands": Row(started, ((ALL.commands, (1000, "ACCEPTED")), (["STOP_SESSION"], (1000, "NOT_SUPPORTED")))),
    "evse_uid_required": Row(started, ((False, (1000, "ACCEPTED")), (True, (2001, None)))),
    "cdr_location": Row(location_of_a_cdr, ((True, True), (False, False))),
    "unknown_cdr": Row(unknown_cdr, ((404, (404, 2000)), (3001, (200, 3001)))),
    "translate_locations": Row(own_id_of_a_location, ((False, True), (True, False))),
    "translate_sessions": Row(own_id_of_a_session, ((False, True), (True, False))),
    "name_by_party": Row(names, ((False, ("Exemple Recharge", "Exemple Mobilité")), (True, ("FR*CPO", "FR*EMP")))),
    "remark_prefixes": Row(remark, ((False, None), (True, "[?]"))),
    "static_by_push": Row(pushed_location, ((True, 1), (False, 0))),
    "hub_pushes": Row(pushed_token, ((["tokens"], ["PUT /tokens/FR/EMP/04A1B2C3"]), (["locations"], []))),
    "location_as_evses": Row(renamed, ((False, ["PUT /locations/FR/CPO/LOC1"]), (True, EVSES))),
    "status_in_delta": Row(status_in_a_delta, ((True, 1), (False, 0))),
    "removed_in_full": Row(removed_in_full, ((True, 2), (False, 1))),
    "left_out_is_removed": Row(left_out, ((False, ["AVAILABLE"]), (True, ["AVAILABLE", "REMOVED"]))),
    "paginated_only": Row(unpaged_pull, ((False, 1), (True, 0))),
    "completed_is_final": Row(later_than_completed, ((False, (99, "CHF", True)), (True, (1.5, "EUR", False)))),
    "mandatory": Row(findings, (([], []), (["evse_id"], [LACKS]))),
}
