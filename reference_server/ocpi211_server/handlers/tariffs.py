"""Tariffs: published by a CPO, kept by an eMSP, both by a hub (mod_tariffs.md)."""

from __future__ import annotations

from datetime import datetime

from ocpi211.models import Tariff, TariffPatch
from ocpi211.routes import Caller, CpoTariffs, Created, EmspTariffs, PageResult
from ocpi211_server.objects.keeping import Objects
from ocpi211_server.site import Site

__all__ = ["KeptTariffs", "PublishedTariffs"]


class PublishedTariffs(CpoTariffs):
    """The list of a CPO or hub."""

    def __init__(self, site: Site) -> None:
        self._objects = Objects(site, "tariffs")
        self.max_limit = self._objects.max_limit

    async def list_tariffs(
        self,
        caller: Caller,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> PageResult[Tariff]:
        """A page of what the caller may see."""
        return await self._objects.listed(caller, date_from=date_from, date_to=date_to, offset=offset, limit=limit)


class KeptTariffs(EmspTariffs):
    """What an eMSP or hub is given by CPOs."""

    def __init__(self, site: Site) -> None:
        self._objects = Objects(site, "tariffs")

    async def get_tariff(self, caller: Caller, country_code: str, party_id: str, tariff_id: str) -> bytes:
        """The Tariff, as the CPO gave it."""
        return self._objects.given_back(await self._objects.kept(f"{country_code}*{party_id}", tariff_id))

    async def put_tariff(
        self, caller: Caller, country_code: str, party_id: str, tariff_id: str, tariff: Tariff
    ) -> Created | None:
        """Store a Tariff."""
        return await self._objects.take(caller, f"{country_code}*{party_id}", tariff_id, tariff)

    async def patch_tariff(
        self, caller: Caller, country_code: str, party_id: str, tariff_id: str, patch: TariffPatch
    ) -> None:
        """Change a Tariff."""
        await self._objects.change(caller, f"{country_code}*{party_id}", tariff_id, patch)

    async def delete_tariff(self, caller: Caller, country_code: str, party_id: str, tariff_id: str) -> None:
        """Forget a Tariff."""
        await self._objects.forget(f"{country_code}*{party_id}", tariff_id)
