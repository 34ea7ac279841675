"""Plays at the reference server what a person plays at a target while the check listens."""

import asyncio
from collections.abc import Callable

from ocpi211.models import CDR, Location, Session, Status, Tariff, Token
from ocpi211_check import samples
from ocpi211_check.bench import Bench
from ocpi211_server.backoffice import BackOffice
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


async def until(condition: Callable[[], bool], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  (the target tells nobody)
            await asyncio.sleep(0.01)


def _came(bench: Bench, verb: str, module: str, times: int = 1) -> Callable[[], bool]:
    """That the target has sent this, and was not answered 503."""
    assert bench.counterpart is not None
    received = bench.counterpart.received

    def came() -> bool:
        calls = [call for call, path in received if call.method == verb and path[0] == module]
        return sum(call.status != 503 for call in calls) >= times

    return came


async def _pull(found: Target, module: str, party: str) -> None:
    server = found.server
    partner = await server.site.partners.by_party("emsp" if found.role == "cpo" else "cpo", party)
    assert partner is not None
    await server.pulls.pull(partner, module, full=True)


async def _as_cpo(bench: Bench, found: Target) -> None:
    office = BackOffice(found.server.site)
    again, name = bench.settings.gireve, f"PLAYED{bench.settings.seed}"
    await _pull(found, "tokens", bench.settings.party)
    card = bench.own("pulled-0")
    info = await office.ask(card, "LOC1", "LOC1-E1")
    made = samples.session(name, NOW, bench.settings.party)
    charged = {**made, "auth_method": "AUTH_REQUEST", "authorization_id": info.authorization_id}
    for status in ("PENDING", "ACTIVE", "COMPLETED"):
        await office.publish("sessions", [Session.model_validate({**charged, "status": status})])
    bill = {**samples.cdr(name, NOW, bench.settings.party), "auth_method": "AUTH_REQUEST"}
    await office.publish("cdrs", [CDR.model_validate({**bill, "authorization_id": info.authorization_id})])
    await office.publish("locations", [Location.model_validate(samples.location(name, NOW, "FR*CPO"))])
    await office.set_status(name, f"{name}-E1", Status.CHARGING)
    tariff = samples.tariff(name, NOW)
    for currency in ("CHF", "EUR") if bench.offers("tariffs") else ():
        await office.publish("tariffs", [Tariff.model_validate({**tariff, "currency": currency})])
    await _shown(bench, ("PUT", "sessions", 3), ("PATCH", "locations", 1), ("POST", "cdrs", 1) if again else None)


async def _as_emsp(bench: Bench, found: Target) -> None:
    office = BackOffice(found.server.site)
    await _pull(found, "locations", bench.settings.party)
    await _pull(found, "sessions", bench.settings.party)
    place = bench.own("pulled-0")
    for _ in range(2):
        await office.start("04A1B200", place, f"{place}-E1")
    made = {**samples.token("0401020304AABB", NOW, "FR*EMP"), "type": "RFID"}
    for uid in (f"0401020304{bench.settings.seed % 10000:04}", f"0401020305{bench.settings.seed % 10000:04}"):
        await office.publish("tokens", [Token.model_validate({**made, "uid": uid})])
    await _shown(bench, ("POST", "commands", 2), ("PUT", "tokens", 1))


async def _shown(bench: Bench, *wanted: tuple[str, str, int] | None) -> None:
    """What has to come comes; what is not pushed at all is left to the verdicts."""
    for each in wanted:
        if each is not None:
            try:
                await until(_came(bench, *each))
            except TimeoutError:
                return
