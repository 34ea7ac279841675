"""Commands: harmless ones that must be refused, and real ones with their results (mod_commands.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from ocpi211_check.bench import Inconclusive
from ocpi211_check.rules.reading import objects
from ocpi211_check.samples import token
from ocpi211_check.scenario import scenario

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.counterpart import Counterpart
    from ocpi211_check.evidence import Exchange

__all__ = ["commands_for_nothing", "result_of", "results_of_commands", "start_and_stop", "told_by"]

_RESULTS = ("ACCEPTED", "REJECTED", "NOT_SUPPORTED", "TIMEOUT", "UNKNOWN_SESSION")


def result_of(answer: Exchange) -> str | None:
    """The result in the answer to a command, where it is one."""
    found = answer.data.get("result") if answer.ok and isinstance(answer.data, dict) else None
    return found if found in _RESULTS else None


@scenario(
    "commands for nothing",
    "CMD-CPO-04",
    "CMD-CPO-05",
    "CMD-CPO-06",
    "CMD-CPO-07",
    roles=("cpo",),
    safety="own",
    module="commands",
)
async def commands_for_nothing(bench: Bench) -> None:
    """At a Location and for a Session that do not exist; without a required field; a command nobody knows."""
    if bench.counterpart is None:
        raise Inconclusive("needs the tool's own server: a target may refuse a response_url it does not know")
    card = token(bench.own("card"), bench.clock.tick(), bench.settings.party)
    nowhere = {"location_id": bench.own("nowhere"), "evse_uid": bench.own("nowhere")}
    bodies: dict[str, dict[str, Any]] = {
        "start_session": {"token": card, **nowhere},
        "unlock_connector": {**nowhere, "connector_id": "1"},
        "reserve_now": {"token": card, **nowhere, "expiry_date": bench.clock.tick(), "reservation_id": 1},
    }
    for name, body in bodies.items():
        url = bench.counterpart.result_url(name.upper())
        answer = await bench.call(f"commands.{name}", body={"response_url": url, **body}, odd=True)
        result = result_of(answer)
        if result == "NOT_SUPPORTED":
            continue  # of what it does not do, it need not know the place
        never = answer.refused or (result is not None and result != "ACCEPTED")
        known = answer.code == 2003
        bench.that(never and known, "CMD-CPO-04", f"{name} at an unknown Location: {answer.told}, {result}", answer)
    stop = {"response_url": bench.counterpart.result_url("STOP_SESSION"), "session_id": bench.own("no-session")}
    answer = await bench.call("commands.stop_session", body=stop, odd=True)
    result = result_of(answer)
    bench.that(result == "UNKNOWN_SESSION", "CMD-CPO-05", f"an unknown Session: {answer.told}, {result}", answer)
    answer = await bench.call("commands.stop_session", body={"response_url": stop["response_url"]}, odd=True)
    bench.that(answer.refused, "CMD-CPO-06", f"STOP_SESSION without session_id: {answer.told}", answer)
    url = bench.endpoints["commands"].rstrip("/") + "/DANCE"
    answer = await bench.call("commands.stop_session", url=url, body=stop, odd=True)
    fine = answer.status == 404 or result_of(answer) == "NOT_SUPPORTED" or answer.refused
    bench.that(fine, "CMD-CPO-07", f"an unknown command: {answer.told}", answer)


def _place(bench: Bench) -> tuple[str, str]:
    """Where to start a session: as told, else the first EVSE that is free."""
    if bench.settings.location:
        location_id, _, evse_uid = bench.settings.location.partition("/")
        return location_id, evse_uid
    for found in bench.lists.get("locations", []):
        for _, evse in objects(found.get("evses")):
            if evse.get("status") == "AVAILABLE":
                return str(found.get("id")), str(evse.get("uid"))
    raise Inconclusive("no EVSE is AVAILABLE: name one with --location")


@scenario(
    "start and stop",
    "CMD-CPO-01",
    "CMD-CPO-02",
    "CMD-CPO-03",
    "CMD-CPO-12",
    "GIR-CMD-01",
    "TF-HTTP-04",
    "CRED-POST-12",
    roles=("cpo",),
    safety="command",
    module="commands",
)
async def start_and_stop(bench: Bench) -> None:
    """START_SESSION at a free EVSE, its result, then STOP_SESSION of what began."""
    counterpart = bench.counterpart
    if counterpart is None:
        raise Inconclusive("needs the tool's own server")
    location_id, evse_uid = _place(bench)
    card = {**token(bench.own("card"), bench.clock.tick(), bench.settings.party), "valid": True, "whitelist": "ALWAYS"}
    if bench.offers("tokens"):
        at = (bench.settings.country_code, bench.settings.party_id, str(card["uid"]))
        await bench.call("tokens.put_token", *at, body=card)
    started = {"token": card, "location_id": location_id, "authorization_id": bench.own("remote")}
    _judge_support(bench, await _started_and_stopped(bench, counterpart, {**started, "evse_uid": evse_uid}))
    if bench.settings.profile == "gireve-1.2.2":
        bench.skip("CMD-CPO-12", "the hub always names the EVSE")
        return
    (free, _), *_ = await _started_and_stopped(bench, counterpart, started)
    bench.that(free.ok, "CMD-CPO-12", f"START_SESSION without evse_uid: {free.told}", free)


async def _started_and_stopped(
    bench: Bench, counterpart: Counterpart, started: dict[str, Any]
) -> list[tuple[Exchange, str | None]]:
    """START_SESSION, and STOP_SESSION of the Session that it began, if there is one: never of another."""
    before = len(counterpart.received)
    results = [await _command(bench, counterpart, "start_session", started)]
    if results[0][1] == "ACCEPTED":
        session_id = await _session(bench, counterpart, before, started)
        if session_id:
            results.append(await _command(bench, counterpart, "stop_session", {"session_id": session_id}))
    return results


def _judge_support(bench: Bench, results: list[tuple[Exchange, str | None]]) -> None:
    told = ", ".join(f"{answer.told} {result}" for answer, result in results)
    if any(answer.refused or result == "NOT_SUPPORTED" for answer, result in results):
        bench.that(False, "GIR-CMD-01", told, *(answer for answer, _ in results))  # noqa: FBT003  (a verdict)
    elif [result for _, result in results] == ["ACCEPTED", "ACCEPTED"]:
        bench.that(True, "GIR-CMD-01", told)  # noqa: FBT003  (a verdict)
    elif results[0][1] == "ACCEPTED" and len(results) == 1:
        bench.open("GIR-CMD-01", "START_SESSION was accepted, and no Session of its Token came: see whether it runs")
    else:
        bench.open("GIR-CMD-01", f"START_SESSION and STOP_SESSION: {told}")


async def _session(bench: Bench, counterpart: Counterpart, before: int, started: dict[str, Any]) -> str:
    """The id of the Session the command began: pushed to us since then, or listed; empty where there is none."""
    known = {path for _, path in counterpart.received[:before]}

    def ours(session: object) -> bool:
        return isinstance(session, dict) and (
            session.get("auth_id") == started["token"]["auth_id"]
            or session.get("authorization_id") == started["authorization_id"]
        )

    def began(call: Exchange, path: tuple[str, ...]) -> bool:
        put = call.method == "PUT" and path[0] == "sessions" and len(path) == 4 and path not in known
        return put and ours(_parsed(call.request_body))

    pushed = await counterpart.wait_for(began, bench.settings.call_back)
    if pushed is not None:
        return next(path[-1] for call, path in counterpart.received if call is pushed)
    if not bench.offers("sessions"):
        return ""
    old = {str(entry.get("id")) for entry in bench.lists.get("sessions", [])}
    listed = await bench.call("sessions.list_sessions", query={"date_from": started["token"]["last_updated"]})
    found = [entry for _, entry in objects(listed.data) if ours(entry) and str(entry.get("id")) not in old]
    return str(found[-1].get("id")) if found else ""


async def _command(
    bench: Bench, counterpart: Counterpart, name: str, body: dict[str, Any]
) -> tuple[Exchange, str | None]:
    """Sends one, waits for its result, and judges both."""
    url = counterpart.result_url(name.upper())
    answer = await bench.call(f"commands.{name}", body={"response_url": url, **body})
    result = result_of(answer)
    bench.that(answer.refused or result is not None, "CMD-CPO-01", f"{name}: {answer.told}, {answer.data!r}", answer)
    secret = url.rpartition("/")[2]

    def is_ours(_: Exchange, path: tuple[str, ...]) -> bool:
        return path[0] == "results" and path[-1] == secret

    wait = bench.settings.call_back if result == "ACCEPTED" else bench.settings.quiet
    called = await counterpart.wait_for(is_ours, wait)
    if result != "ACCEPTED":
        text = f"{name} was answered {result or answer.told}, and yet a result came"
        bench.that(called is None, "CMD-CPO-02", text, *([called] if called else []), answer)
        return answer, result
    bench.that(called is not None, "CMD-CPO-02", f"no result of {name} within {wait:g} s", answer)
    if called is not None:
        await counterpart.wait_for(lambda *_: False, bench.settings.quiet)  # whether a second one follows
        times = sum(is_ours(*entry) for entry in counterpart.received)
        bench.that(times == 1, "CMD-CPO-02", f"the result of {name} came {times} times", called)
        told = told_by(called)
        right = called.method == "POST" and called.url == url and told in _RESULTS
        bench.that(right, "CMD-CPO-03", f"{called.method} {called.url} with {told!r} for a result", called)
    return answer, result


def told_by(called: Exchange) -> object:
    """The bare result in the body of a call-back."""
    body = _parsed(called.request_body)
    return body.get("result") if isinstance(body, dict) else None


def _parsed(body: bytes | None) -> Any:  # noqa: ANN401  (whatever came)
    try:
        return from_json(body or b"")
    except ValueError:
        return None


@scenario("results of commands", "CMD-EMSP-01", roles=("emsp",), safety="own", module="commands")
async def results_of_commands(bench: Bench) -> None:
    """Results nobody waits for: whether they are let in or refused, the server stays upright."""
    for result in _RESULTS:
        answer = await bench.call(
            "commands.post_result", "STOP_SESSION", bench.own("result"), body={"result": result}, odd=True
        )
        if answer.refused:
            bench.open("CMD-EMSP-01", "needs a command of the target: it refuses results it does not wait for")
        else:
            bench.that(answer.ok, "CMD-EMSP-01", f"{result} is answered {answer.told}", answer)
