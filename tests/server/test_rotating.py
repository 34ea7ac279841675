"""A registration that is changed by DELETE and a new POST, as GIREVE's hub does it (credentials.md; GIREVE's guide)."""

import asyncio
from typing import Literal

import pytest

from ocpi211_runtime.errors import PeerUnauthorized, Unreachable
from ocpi211_server.registration.identity import RegistrationRules
from tests.server.network import Leg, Network
from tests.server.parties import started
from tests.server.test_registering import NewDatabase, join, works


@pytest.mark.parametrize("lost", ["", "request", "answer"])
def test_a_registration_is_changed_by_leaving_and_coming_back_as_gireve_does(
    new_database: NewDatabase, lost: Leg | Literal[""]
) -> None:
    """Whatever is lost, it can be tried again within the partner's window, and nobody is locked out."""

    async def play() -> None:
        network, rules = Network(), RegistrationRules(rotate_by_put=False, rejoin_window=60)
        async with started(new_database, "cpo", "emsp", network=network, rules=rules) as (cpo, emsp):
            partner = await join(cpo, emsp, "cpo", "emsp")
            assert await works(cpo, emsp, "cpo", "emsp")
            network.exchanges.clear()
            if lost:
                network.lose(lost, "post_credentials")
                with pytest.raises(Unreachable):
                    await cpo.registrar.rotate(partner)
            changed = await cpo.registrar.rotate(partner)
            assert (changed.state, changed.secret == partner.secret) == ("registered", False)
            writes = [name.rpartition(".")[2] for name in network.asked("cpo") if name.endswith("_credentials")]
            assert writes == ["delete_credentials", "post_credentials"] * (2 if lost else 1)
            assert await works(cpo, emsp, "cpo", "emsp")
            await cpo.registrar.rotate(changed, put=True)
            assert network.asked("cpo")[-1] == "emsp.credentials.put_credentials"

    asyncio.run(play())


def test_who_cannot_come_back_is_told_and_may_be_invited_anew(new_database: NewDatabase) -> None:
    async def play() -> None:
        async with started(new_database, "cpo", "emsp") as (cpo, emsp):
            partner = await join(cpo, emsp, "cpo", "emsp")
            for _ in range(2):
                with pytest.raises(PeerUnauthorized):
                    await cpo.registrar.rotate(partner, put=False)
            await join(cpo, emsp, "cpo", "emsp")
            assert await works(cpo, emsp, "cpo", "emsp")

    asyncio.run(play())
