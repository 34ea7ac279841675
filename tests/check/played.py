"""Plays at the reference server what a person plays at a target while the check listens."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from ocpi211.models import CDR, Location, Session, Status, Tariff, Token, TokenPatch, TokenType
from ocpi211_check import samples
from ocpi211_check.bench import Bench
from ocpi211_check.scenarios.rehearsal import odd_uid
from ocpi211_runtime.errors import NotOffered, PeerError
from ocpi211_server.backoffice import BackOffice
from ocpi211_server.delivery import backlog
from ocpi211_server.moments import now
from ocpi211_server.registration.invitations import Invitations
from tests.check.targets import Target

__all__ = ["play"]

NOW = "2026-01-02T03:04:05Z"


async def play(bench: Bench, found: Target) -> None:
    """Every use case of the role, once the check listens; then it need not listen any longer."""
    await bench.begun.wait()
    try:
        await (_as_cpo if found.role == "cpo" else _as_emsp)(bench, found)
    finally:
        bench.over.set()
    await bench.inviting.wait()
    await _register(bench, found)


async def _register(bench: Bench, found: Target) -> None:
    """With the check, once more where it offered too little."""
    invitations = Invitations(found.server.site.partners, found.server.site.egress)
    party = bench.settings.party
    partner = await invitations.know("emsp" if found.role == "cpo" else "cpo", party[:2], party[3:])
    url = f"{bench.settings.listen_url}/versions"
    try:
        await found.server.registrar.register(partner, url, bench.settings.invitation)
    except NotOffered:
        await found.server.registrar.register(partner, url, bench.settings.invitation)


def _came(bench: Bench, verb: str, module: str, times: int = 1, *, failed: bool = False) -> Callable[[], bool]:
    """That the target has sent this, and was not answered 503; `failed`: whatever it was answered."""
    assert bench.counterpart is not None
    received = bench.counterpart.received

    def came() -> bool:
        calls = [call for call, path in received if call.method == verb and path[0] == module]
        return sum(failed or call.status != 503 for call in calls) >= times

    return came


async def _pull(found: Target, module: str, party: str, *, full: bool = True) -> None:
    server = found.server
    partner = await server.site.partners.by_party("emsp" if found.role == "cpo" else "cpo", party)
    assert partner is not None
    await server.pulls.pull(partner, module, full=full)


async def _as_cpo(bench: Bench, found: Target) -> None:
    office = BackOffice(found.server.site)
    again, name = bench.settings.gireve, f"PLAYED{bench.settings.seed}"
    await _pull(found, "tokens", bench.settings.party)
    info = await office.ask(bench.own("pulled-0"), "LOC1", "LOC1-E1")
    with suppress(PeerError):  # where it goes astray, nobody answers
        await office.ask(odd_uid(bench), "LOC1", "LOC1-E1", TokenType.OTHER)
    made = samples.session(name, NOW, bench.settings.party)
    charged = {**made, "auth_method": "AUTH_REQUEST", "authorization_id": info.authorization_id}
    for status in ("PENDING", "ACTIVE", "COMPLETED"):
        await office.publish("sessions", [Session.model_validate({**charged, "status": status})])
    bill = {**samples.cdr(name, NOW, bench.settings.party), "auth_method": "AUTH_REQUEST"}
    await office.publish("cdrs", [CDR.model_validate({**bill, "authorization_id": info.authorization_id})])
    await office.publish("locations", [Location.model_validate(samples.location(name, NOW, "FR*CPO"))])
    await office.set_status(name, f"{name}-E1", Status.CHARGING)
    await office.set_status(name, f"{name}-E2", Status.REMOVED)
    tariff = samples.tariff(name, NOW)
    for currency in ("CHF", "EUR") if "tariffs" in found.server.site.profile.modules else ():
        await office.publish("tariffs", [Tariff.model_validate({**tariff, "currency": currency})])
    await _pull(found, "tokens", bench.settings.party, full=False)
    # Where nothing is sent again, the first of a kind never comes.
    await _shown(bench, found, ("PUT", "sessions", 3), ("PATCH", "locations", 2), ("POST", "cdrs", 1), failed=not again)
    await _shown(bench, found, ("PUT", "locations", 4 if again else 3), failed=True)


async def _as_emsp(bench: Bench, found: Target) -> None:
    office = BackOffice(found.server.site)
    await _pull(found, "locations", bench.settings.party)
    await _pull(found, "sessions", bench.settings.party)
    place = bench.own("pulled-0")
    for _ in range(2):
        await office.start("04A1B200", place, f"{place}-E1")
    made = {**samples.token("0401020304AABB", NOW, "FR*EMP"), "type": "RFID"}
    number = bench.settings.seed % 10000
    first, second = f"0401020304{number:04}", f"0401020305{number:04}"
    for uid in (first, second):
        await office.publish("tokens", [Token.model_validate({**made, "uid": uid, "valid": True})])
    await office.amend("tokens", first, TokenPatch(valid=False))
    await office.publish("tokens", [Token.model_validate({**made, "uid": f"PLAYED/{number} +", "type": "OTHER"})])
    await _pull(found, "locations", bench.settings.party, full=False)
    again = bench.settings.gireve
    await _shown(bench, found, ("POST", "commands", 2), ("PUT", "tokens", 3 if again else 4), failed=not again)


async def _shown(bench: Bench, found: Target, *wanted: tuple[str, str, int], failed: bool = False) -> None:
    """What has to come comes; what is not pushed at all, while nothing waits to be sent, is left to the verdicts."""
    came = [_came(bench, *each, failed=failed) for each in wanted]
    database = found.server.site.database
    async with asyncio.timeout(8):
        while not all(each() for each in came):
            if not any(waiting for _, waiting, _, _ in await backlog(database, now())):
                await asyncio.sleep(bench.settings.call_back)  # what must not come either, does not
                return
            await asyncio.sleep(0.01)
