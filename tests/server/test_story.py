"""A charge from authorisation to invoice, through a hub, over HTTP."""

import asyncio
from collections.abc import Callable

import pytest

from ocpi211.models import Allowed, CommandResponseType, Location
from ocpi211_server.demo.data import cdr, locations, session, tokens
from tests.server.stage import staged, until


@pytest.mark.parametrize("profile", ["plain-2.1.1", "gireve-1.1.4", "gireve-1.2.2"])
def test_a_charge_goes_from_authorisation_to_invoice(new_database: Callable[[], str], profile: str) -> None:
    async def play() -> None:
        async with staged(new_database, "hub", "cpo", "emsp", profile=profile) as stage:
            await stage.cpo.office.publish("locations", locations(2))
            await stage.emsp.office.publish("tokens", tokens())
            await stage.hub.server.pulls.pull(await stage.hub.partner("cpo"), "locations")
            await stage.delivered()
            await stage.hub.server.pulls.pull(await stage.hub.partner("emsp"), "tokens")
            await stage.cpo.server.pulls.pull(await stage.cpo.partner("emsp"), "tokens")
            await stage.emsp.server.pulls.pull(await stage.emsp.partner("cpo"), "locations")
            info = await stage.cpo.office.ask("04A1B2C3", "LOC001", "EVSE001-1")
            assert info.allowed == Allowed.ALLOWED
            contract = tokens()[0].auth_id
            await stage.cpo.office.publish("sessions", [session(1, contract, info.authorization_id)])
            await stage.cpo.office.publish("cdrs", [cdr("S0001", contract, info.authorization_id, "11", "4.40")])
            await stage.delivered()
            assert await stage.emsp.count("sessions") == 1
            assert await stage.emsp.count("cdrs") == 1
            database = stage.emsp.server.site.database
            row = (await database.read("SELECT id, body FROM object WHERE module = 'locations' ORDER BY seq"))[0]
            evses = Location.model_validate_json(row["body"]).evses or []
            answer, _ = await stage.emsp.office.start("APP-0001", row["id"], evses[0].uid)
            assert answer == CommandResponseType.ACCEPTED

            async def told() -> bool:
                return bool(await database.read("SELECT 1 FROM command WHERE result = 'ACCEPTED'"))

            await until(told, "the result of the command")

    asyncio.run(play())
