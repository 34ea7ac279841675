"""The objects a partner may write at a target, and where a rule about any of them finds its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from ocpi211.models import Location, Session, Tariff, Token
from ocpi211_check import samples
from ocpi211_check.bench import Inconclusive

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.catalogue import Role
    from ocpi211_check.evidence import Exchange

__all__ = ["KINDS", "Kind", "Stand", "pushed_and_kept"]

Object = dict[str, Any]


def pushed_and_kept(bench: Bench, module: str) -> None:
    """Inconclusive where what is pushed is not kept: GIREVE's hub takes all of a Location but its status by pulling."""
    if bench.settings.hub and bench.settings.gireve and module == "locations":
        raise Inconclusive("the hub takes Locations by pulling them, and keeps of a push no more than a status")


@dataclass(frozen=True, slots=True)
class Kind:
    """One class of client-owned objects, at the role that receives it."""

    role: Role
    module: str
    noun: str
    """In the names of its operations."""
    model: type[BaseModel]
    make: Callable[[Bench, str], Object]
    round_trip: str
    """The requirement that says that what was PUT is given back."""
    optional: str
    """An optional field with a value in the sample."""
    required: str
    text: str
    enum: str
    change: Mapping[str, object]
    """A PATCH of one field."""
    identity: str = "id"
    many: str = ""
    """An optional list with entries in the sample."""
    nested: tuple[str, object] | None = None
    """A nested object, or a list, and another value for it."""
    number: str = ""
    at_least_one: str = ""


KINDS: Final = (
    Kind(
        "emsp",
        "locations",
        "location",
        Location,
        lambda bench, id_: samples.location(id_, bench.clock.tick(), bench.settings.party),
        "LOC-EMSP-01",
        optional="time_zone",
        required="city",
        text="address",
        enum="type",
        change={"name": "OCPI-CHECK renamed"},
        many="facilities",
        nested=("coordinates", {"latitude": "0.000001", "longitude": "-0.200000"}),
    ),
    Kind(
        "emsp",
        "sessions",
        "session",
        Session,
        lambda bench, id_: samples.session(id_, bench.clock.tick(), bench.settings.party),
        "SES-EMSP-01",
        optional="meter_id",
        required="auth_id",
        text="meter_id",
        enum="status",
        change={"kwh": 8.5},
        many="charging_periods",
        nested=("charging_periods", []),
        number="kwh",
    ),
    Kind(
        "emsp",
        "tariffs",
        "tariff",
        Tariff,
        lambda bench, id_: samples.tariff(id_, bench.clock.tick()),
        "TAR-EMSP-01",
        optional="tariff_alt_url",
        required="currency",
        text="",
        enum="",
        change={"tariff_alt_url": "https://example.com/ocpi-check/other"},
        many="tariff_alt_text",
        nested=("energy_mix", {"is_green_energy": False}),
        at_least_one="elements",
    ),
    Kind(
        "cpo",
        "tokens",
        "token",
        Token,
        lambda bench, uid: samples.token(uid, bench.clock.tick(), bench.settings.party),
        "TOK-CPO-01",
        optional="visual_number",
        required="issuer",
        text="issuer",
        enum="whitelist",
        change={"valid": True},
        identity="uid",
    ),
)


@dataclass(slots=True)
class Stand:
    """The objects of one kind at the target, as the test party reaches them."""

    bench: Bench
    kind: Kind
    owner: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.owner = (self.bench.settings.country_code, self.bench.settings.party_id)

    def name(self, what: str) -> str:
        """A name of the test party for an object of this kind."""
        return self.bench.own(f"{self.kind.module}/{what}")

    def make(self, id_: str) -> Object:
        """An object that is valid."""
        return self.kind.make(self.bench, id_)

    async def put(self, id_: str, body: object, **more: Any) -> Exchange:  # noqa: ANN401  (as `Bench.call`)
        """Store it."""
        return await self._call("put", id_, body=body, **more)

    async def patch(self, id_: str, body: object, **more: Any) -> Exchange:  # noqa: ANN401  (as `Bench.call`)
        """Change it."""
        return await self._call("patch", id_, body=body, **more)

    async def get(self, id_: str, **more: Any) -> Exchange:  # noqa: ANN401  (as `Bench.call`)
        """Read it back."""
        return await self._call("get", id_, **more)

    async def _call(self, action: str, id_: str, *, owner: tuple[str, str] = ("", ""), **more: Any) -> Exchange:  # noqa: ANN401  (as above)
        at = owner if owner[0] else self.owner
        return await self.bench.call(f"{self.kind.module}.{action}_{self.kind.noun}", *at, id_, **more)
