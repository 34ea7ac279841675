# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 Tariffs: its objects, classes and enums.

The CPO's Tariffs, pulled by or pushed to the eMSP.
"""

from typing import Annotated

from pydantic import MISSING, Field

from ocpi211.models.scalars import (
    Boolean,
    DateTime,
    Integer,
    Number,
    OptionalEndDate,
    OptionalEndTime,
    OptionalEndTime2,
    OptionalStartDate,
    OptionalStartTime,
    OptionalStartTime2,
    OptionalURL,
    String1To36,
    String2,
    String3,
)
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import OcpiModel, OcpiPatch

from .common import DisplayText
from .locations import EnergyMix


class DayOfWeek(OpenEnum):
    """A day of the week.

    Section: mod_tariffs.md#41-dayofweek-enum
    """

    MONDAY = "MONDAY"
    """Monday."""
    TUESDAY = "TUESDAY"
    """Tuesday."""
    WEDNESDAY = "WEDNESDAY"
    """Wednesday."""
    THURSDAY = "THURSDAY"
    """Thursday."""
    FRIDAY = "FRIDAY"
    """Friday."""
    SATURDAY = "SATURDAY"
    """Saturday."""
    SUNDAY = "SUNDAY"
    """Sunday."""


class RoundGranularity(OpenEnum):
    """GIREVE: To what a value is rounded.

    Section: gireve:emsp_tariffs.md#d-pricecomponentprice_round-mandatory
    """

    UNIT = "UNIT"
    """Whole numbers; all that `step_round` knows."""
    TENTH = "TENTH"
    """One decimal."""
    HUNDRETH = "HUNDRETH"
    """Two decimals. The spelling is the wire's."""
    THOUSANDTH = "THOUSANDTH"
    """Three decimals."""


class RoundRule(OpenEnum):
    """GIREVE: In which direction a value is rounded.

    Section: gireve:emsp_tariffs.md#d-pricecomponentprice_round-mandatory
    """

    ROUND_UP = "ROUND_UP"
    """Up."""
    ROUND_DOWN = "ROUND_DOWN"
    """Down."""
    ROUND_NEAR = "ROUND_NEAR"
    """To the nearest."""


class PriceRound(OcpiModel):
    """GIREVE: To what, and in which direction, a value is rounded.

    Section: gireve:emsp_tariffs.md#d-pricecomponentprice_round-mandatory
    """

    round_granularity: RoundGranularity
    """To what it is rounded."""
    round_rule: RoundRule
    """In which direction."""


class TariffDimensionType(OpenEnum):
    """What a price is paid for.

    Section: mod_tariffs.md#44-tariffdimensiontype-enum
    """

    ENERGY = "ENERGY"
    """Energy, priced per kWh, in steps of 1 Wh."""
    FLAT = "FLAT"
    """A fee for the session, without a unit."""
    PARKING_TIME = "PARKING_TIME"
    """Time connected without charging, priced per hour, in steps of 1 second."""
    TIME = "TIME"
    """Time of charging, priced per hour, in steps of 1 second."""
    SESSION_TIME = "SESSION_TIME"
    """GIREVE: Time of the session, charging or not, priced per hour, in steps of 1 second. So far eMSPs get it from
    the hub, CPOs cannot send it."""


class PriceComponent(OcpiModel):
    """The price of one dimension of charging.

    Section: mod_tariffs.md#42-pricecomponent-class
    """

    type: TariffDimensionType
    """What is paid for."""
    price: Number
    """Price of one unit of the dimension, without VAT."""
    step_size: Integer
    """Billing rounds up to a multiple of this many steps. A step is 1 Wh for `ENERGY` and 1 second for `TIME` and
    `PARKING_TIME`; `FLAT` has none."""
    price_round: PriceRound | None = None
    """GIREVE: How the price of the TariffElement is rounded. Tariffs that the CPO sent over OCPI round to the
    nearest thousandth."""
    step_round: PriceRound | None = None
    """GIREVE: How the number of steps of `step_size` is rounded, always to whole ones. Tariffs that the CPO sent
    over OCPI round up."""
    exact_price_component: Boolean | None = None
    """GIREVE: Whether this is the CPO's price to the letter; false if OCPI 2.1.1 can only approximate it."""


class TariffRestrictions(OcpiModel):
    """When a TariffElement applies. All that are given must be met.

    Section: mod_tariffs.md#45-tariffrestrictions-class
    """

    start_time: OptionalStartTime | None = None
    """From this time of day on, hours and minutes of the 24-hour clock."""
    end_time: OptionalEndTime | None = None
    """Until this time of day, in the same form."""
    start_date: OptionalStartDate | None = None
    """From this day on, as `YYYY-MM-DD`."""
    end_date: OptionalEndDate | None = None
    """Before this day, in the same form."""
    min_kwh: Number | None = None
    """Once this much energy is used, in kWh."""
    max_kwh: Number | None = None
    """Until this much energy is used, in kWh."""
    min_power: Number | None = None
    """At this power or more, in kW."""
    max_power: Number | None = None
    """Up to this power, in kW."""
    min_duration: Integer | None = None
    """Once this long has passed, in seconds."""
    max_duration: Integer | None = None
    """Until this long has passed, in seconds."""
    day_of_week: list[DayOfWeek] | None = None
    """On these days of the week."""


class TariffElement(OcpiModel):
    """Prices that apply together, and when they do.

    Section: mod_tariffs.md#43-tariffelement-class
    """

    price_components: Annotated[list[PriceComponent], Field(min_length=1)]
    """The prices."""
    restrictions: TariffRestrictions | None = None
    """When they apply; absent means always."""


class TariffTimeRestriction(OcpiModel):
    """GIREVE: Up to two slots of the day, and the days of the week, in which a session must start for a Tariff to
    apply.

    Section: gireve:emsp_tariffs.md#c-tariffsrestriction-optional
    """

    start_time: OptionalStartTime | None = None
    """Start of the first slot, hours and minutes of the 24-hour clock."""
    end_time: OptionalEndTime | None = None
    """End of the first slot, in the same form."""
    start_time_2: OptionalStartTime2 | None = None
    """Start of the second slot, in the same form."""
    end_time_2: OptionalEndTime2 | None = None
    """End of the second slot, in the same form."""
    day_of_week: list[DayOfWeek] | None = None
    """The days of the week."""


class Tariff(OcpiModel):
    """What charging costs. Its elements are tried in order and the first whose restrictions are met applies; the
    last one should have no restrictions. For free means `FLAT` at a price of 0.

    Section: mod_tariffs.md#31-tariff-object
    """

    id: String1To36
    """Unique within the CPO's platform, its sub-operators included."""
    currency: String3
    """Currency of the prices, ISO 4217."""
    tariff_alt_text: list[DisplayText] | None = None
    """The Tariff in words, in one or more languages."""
    tariff_alt_url: OptionalURL | None = None
    """A page that explains the Tariff."""
    elements: Annotated[list[TariffElement], Field(min_length=1)]
    """The elements, in the order they are tried."""
    energy_mix: EnergyMix | None = None
    """Where the energy sold under this Tariff comes from."""
    last_updated: DateTime
    """When this Tariff was last changed or created."""
    country_code: String2 | None = None
    """GIREVE: Country code of the CPO the Tariff belongs to, ISO 3166-1 alpha-2."""
    party_id: String3 | None = None
    """GIREVE: Id of the CPO the Tariff belongs to."""
    restriction: TariffTimeRestriction | None = None
    """GIREVE: When a session must start for this Tariff to apply. Such a Tariff goes before one without."""
    restrictions: TariffTimeRestriction | None = None
    """GIREVE: The same as `restriction`; the guide spells it both ways."""


class TariffPatch(OcpiPatch):
    """Part of a Tariff, to change what it gives: absent fields stay, a null unsets an optional one.

    Section: mod_tariffs.md#31-tariff-object
    """

    id: String1To36 | MISSING = MISSING
    """Unique within the CPO's platform, its sub-operators included."""
    currency: String3 | MISSING = MISSING
    """Currency of the prices, ISO 4217."""
    tariff_alt_text: list[DisplayText] | None | MISSING = MISSING
    """The Tariff in words, in one or more languages."""
    tariff_alt_url: OptionalURL | None | MISSING = MISSING
    """A page that explains the Tariff."""
    elements: Annotated[list[TariffElement] | MISSING, Field(min_length=1)] = MISSING
    """The elements, in the order they are tried."""
    energy_mix: EnergyMix | None | MISSING = MISSING
    """Where the energy sold under this Tariff comes from."""
    last_updated: DateTime | MISSING = MISSING
    """When this Tariff was last changed or created."""
    country_code: String2 | None | MISSING = MISSING
    """GIREVE: Country code of the CPO the Tariff belongs to, ISO 3166-1 alpha-2."""
    party_id: String3 | None | MISSING = MISSING
    """GIREVE: Id of the CPO the Tariff belongs to."""
    restriction: TariffTimeRestriction | None | MISSING = MISSING
    """GIREVE: When a session must start for this Tariff to apply. Such a Tariff goes before one without."""
    restrictions: TariffTimeRestriction | None | MISSING = MISSING
    """GIREVE: The same as `restriction`; the guide spells it both ways."""


__all__ = [
    "DayOfWeek",
    "PriceComponent",
    "PriceRound",
    "RoundGranularity",
    "RoundRule",
    "Tariff",
    "TariffDimensionType",
    "TariffElement",
    "TariffPatch",
    "TariffRestrictions",
    "TariffTimeRestriction",
]
