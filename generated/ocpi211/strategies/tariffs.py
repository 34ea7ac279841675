# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: A002 -- a keyword is named as the field of OCPI is
"""Hypothesis strategies for the classes of OCPI 2.1.1 Tariffs.

What they draw is valid. A keyword replaces the strategy of that field; the other optional fields are absent half of
the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211.models.tariffs import (
    DayOfWeek,
    PriceComponent,
    PriceRound,
    RoundGranularity,
    RoundRule,
    Tariff,
    TariffDimensionType,
    TariffElement,
    TariffPatch,
    TariffRestrictions,
    TariffTimeRestriction,
)
from ocpi211.strategies.common import display_texts
from ocpi211.strategies.locations import energy_mixes
from ocpi211_runtime import drawing
from ocpi211_runtime.recipes import Recipe

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from hypothesis.strategies import SearchStrategy

    from ocpi211.models.common import DisplayText
    from ocpi211.models.locations import EnergyMix

__all__ = [
    "days_of_week",
    "price_components",
    "price_rounds",
    "round_granularities",
    "round_rules",
    "tariff_dimension_types",
    "tariff_elements",
    "tariff_patches",
    "tariff_restrictions",
    "tariff_time_restrictions",
    "tariffs",
]


_tariffs = Recipe(
    Tariff,
    required=lambda: {
        "id": drawing.identifiers(min_length=1, max_length=36),
        "currency": drawing.currencies(),
        "elements": drawing.lists(tariff_elements(), min_size=1),
        "last_updated": drawing.date_times(),
    },
    optional=lambda: {
        "tariff_alt_text": drawing.lists(display_texts()),
        "tariff_alt_url": drawing.urls(max_length=255),
        "energy_mix": energy_mixes(),
        "country_code": drawing.country_codes(),
        "party_id": drawing.identifiers(max_length=3),
        "restriction": tariff_time_restrictions(),
        "restrictions": tariff_time_restrictions(),
    },
)


def tariffs(
    *,
    id: SearchStrategy[str] | None = None,
    currency: SearchStrategy[str] | None = None,
    elements: SearchStrategy[list[TariffElement]] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
    tariff_alt_text: SearchStrategy[list[DisplayText] | None] | None = None,
    tariff_alt_url: SearchStrategy[str | None] | None = None,
    energy_mix: SearchStrategy[EnergyMix | None] | None = None,
    country_code: SearchStrategy[str | None] | None = None,
    party_id: SearchStrategy[str | None] | None = None,
    restriction: SearchStrategy[TariffTimeRestriction | None] | None = None,
    restrictions: SearchStrategy[TariffTimeRestriction | None] | None = None,
) -> SearchStrategy[Tariff]:
    """Valid objects of the class Tariff.

    Section: mod_tariffs.md#31-tariff-object
    """
    return _tariffs.strategy(
        id=id,
        currency=currency,
        elements=elements,
        last_updated=last_updated,
        tariff_alt_text=tariff_alt_text,
        tariff_alt_url=tariff_alt_url,
        energy_mix=energy_mix,
        country_code=country_code,
        party_id=party_id,
        restriction=restriction,
        restrictions=restrictions,
    )


_tariff_patches = Recipe(
    TariffPatch,
    optional=lambda: {
        "id": drawing.identifiers(min_length=1, max_length=36),
        "currency": drawing.currencies(),
        "tariff_alt_text": drawing.optional(drawing.lists(display_texts())),
        "tariff_alt_url": drawing.optional(drawing.urls(max_length=255)),
        "elements": drawing.lists(tariff_elements(), min_size=1),
        "energy_mix": drawing.optional(energy_mixes()),
        "last_updated": drawing.date_times(),
        "country_code": drawing.optional(drawing.country_codes()),
        "party_id": drawing.optional(drawing.identifiers(max_length=3)),
        "restriction": drawing.optional(tariff_time_restrictions()),
        "restrictions": drawing.optional(tariff_time_restrictions()),
    },
)


def tariff_patches(
    *,
    id: SearchStrategy[str] | None = None,
    currency: SearchStrategy[str] | None = None,
    tariff_alt_text: SearchStrategy[list[DisplayText] | None] | None = None,
    tariff_alt_url: SearchStrategy[str | None] | None = None,
    elements: SearchStrategy[list[TariffElement]] | None = None,
    energy_mix: SearchStrategy[EnergyMix | None] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
    country_code: SearchStrategy[str | None] | None = None,
    party_id: SearchStrategy[str | None] | None = None,
    restriction: SearchStrategy[TariffTimeRestriction | None] | None = None,
    restrictions: SearchStrategy[TariffTimeRestriction | None] | None = None,
) -> SearchStrategy[TariffPatch]:
    """Valid objects of the class TariffPatch.

    Section: mod_tariffs.md#31-tariff-object
    """
    return _tariff_patches.strategy(
        id=id,
        currency=currency,
        tariff_alt_text=tariff_alt_text,
        tariff_alt_url=tariff_alt_url,
        elements=elements,
        energy_mix=energy_mix,
        last_updated=last_updated,
        country_code=country_code,
        party_id=party_id,
        restriction=restriction,
        restrictions=restrictions,
    )


_price_components = Recipe(
    PriceComponent,
    required=lambda: {
        "type": tariff_dimension_types(),
        "price": drawing.numbers(),
        "step_size": drawing.integers(),
    },
    optional=lambda: {
        "price_round": price_rounds(),
        "step_round": price_rounds(),
        "exact_price_component": drawing.booleans(),
    },
)


def price_components(
    *,
    type: SearchStrategy[TariffDimensionType] | None = None,
    price: SearchStrategy[Decimal] | None = None,
    step_size: SearchStrategy[int] | None = None,
    price_round: SearchStrategy[PriceRound | None] | None = None,
    step_round: SearchStrategy[PriceRound | None] | None = None,
    exact_price_component: SearchStrategy[bool | None] | None = None,
) -> SearchStrategy[PriceComponent]:
    """Valid objects of the class PriceComponent.

    Section: mod_tariffs.md#42-pricecomponent-class
    """
    return _price_components.strategy(
        type=type,
        price=price,
        step_size=step_size,
        price_round=price_round,
        step_round=step_round,
        exact_price_component=exact_price_component,
    )


_tariff_elements = Recipe(
    TariffElement,
    required=lambda: {
        "price_components": drawing.lists(price_components(), min_size=1),
    },
    optional=lambda: {
        "restrictions": tariff_restrictions(),
    },
)


def tariff_elements(
    *,
    price_components: SearchStrategy[list[PriceComponent]] | None = None,
    restrictions: SearchStrategy[TariffRestrictions | None] | None = None,
) -> SearchStrategy[TariffElement]:
    """Valid objects of the class TariffElement.

    Section: mod_tariffs.md#43-tariffelement-class
    """
    return _tariff_elements.strategy(price_components=price_components, restrictions=restrictions)


_tariff_restrictions = Recipe(
    TariffRestrictions,
    optional=lambda: {
        "start_time": drawing.times(),
        "end_time": drawing.times(),
        "start_date": drawing.dates(),
        "end_date": drawing.dates(),
        "min_kwh": drawing.numbers(),
        "max_kwh": drawing.numbers(),
        "min_power": drawing.numbers(),
        "max_power": drawing.numbers(),
        "min_duration": drawing.integers(),
        "max_duration": drawing.integers(),
        "day_of_week": drawing.lists(days_of_week(), unique_by="value"),
    },
    ordered=(
        ("start_date", "end_date"),
        ("min_kwh", "max_kwh"),
        ("min_power", "max_power"),
        ("min_duration", "max_duration"),
    ),
)


def tariff_restrictions(
    *,
    start_time: SearchStrategy[str | None] | None = None,
    end_time: SearchStrategy[str | None] | None = None,
    start_date: SearchStrategy[str | None] | None = None,
    end_date: SearchStrategy[str | None] | None = None,
    min_kwh: SearchStrategy[Decimal | None] | None = None,
    max_kwh: SearchStrategy[Decimal | None] | None = None,
    min_power: SearchStrategy[Decimal | None] | None = None,
    max_power: SearchStrategy[Decimal | None] | None = None,
    min_duration: SearchStrategy[int | None] | None = None,
    max_duration: SearchStrategy[int | None] | None = None,
    day_of_week: SearchStrategy[list[DayOfWeek] | None] | None = None,
) -> SearchStrategy[TariffRestrictions]:
    """Valid objects of the class TariffRestrictions.

    Section: mod_tariffs.md#45-tariffrestrictions-class
    """
    return _tariff_restrictions.strategy(
        start_time=start_time,
        end_time=end_time,
        start_date=start_date,
        end_date=end_date,
        min_kwh=min_kwh,
        max_kwh=max_kwh,
        min_power=min_power,
        max_power=max_power,
        min_duration=min_duration,
        max_duration=max_duration,
        day_of_week=day_of_week,
    )


_tariff_time_restrictions = Recipe(
    TariffTimeRestriction,
    optional=lambda: {
        "start_time": drawing.times(),
        "end_time": drawing.times(),
        "start_time_2": drawing.times(),
        "end_time_2": drawing.times(),
        "day_of_week": drawing.lists(days_of_week(), unique_by="value"),
    },
)


def tariff_time_restrictions(
    *,
    start_time: SearchStrategy[str | None] | None = None,
    end_time: SearchStrategy[str | None] | None = None,
    start_time_2: SearchStrategy[str | None] | None = None,
    end_time_2: SearchStrategy[str | None] | None = None,
    day_of_week: SearchStrategy[list[DayOfWeek] | None] | None = None,
) -> SearchStrategy[TariffTimeRestriction]:
    """GIREVE: valid objects of the class TariffTimeRestriction.

    Section: gireve:emsp_tariffs.md#c-tariffsrestriction-optional
    """
    return _tariff_time_restrictions.strategy(
        start_time=start_time,
        end_time=end_time,
        start_time_2=start_time_2,
        end_time_2=end_time_2,
        day_of_week=day_of_week,
    )


_price_rounds = Recipe(
    PriceRound,
    required=lambda: {
        "round_granularity": round_granularities(),
        "round_rule": round_rules(),
    },
)


def price_rounds(
    *,
    round_granularity: SearchStrategy[RoundGranularity] | None = None,
    round_rule: SearchStrategy[RoundRule] | None = None,
) -> SearchStrategy[PriceRound]:
    """GIREVE: valid objects of the class PriceRound.

    Section: gireve:emsp_tariffs.md#d-pricecomponentprice_round-mandatory
    """
    return _price_rounds.strategy(round_granularity=round_granularity, round_rule=round_rule)


def days_of_week(*, unknown: bool = False) -> SearchStrategy[DayOfWeek]:
    """Members of DayOfWeek; with `unknown`, values as well that it does not list.

    Section: mod_tariffs.md#41-dayofweek-enum
    """
    return drawing.enum_members(DayOfWeek, unknown=unknown)


def tariff_dimension_types(*, unknown: bool = False) -> SearchStrategy[TariffDimensionType]:
    """Members of TariffDimensionType; with `unknown`, values as well that it does not list.

    Section: mod_tariffs.md#44-tariffdimensiontype-enum
    """
    return drawing.enum_members(TariffDimensionType, unknown=unknown)


def round_granularities(*, unknown: bool = False) -> SearchStrategy[RoundGranularity]:
    """GIREVE: members of RoundGranularity; with `unknown`, values as well that it does not list.

    Section: gireve:emsp_tariffs.md#d-pricecomponentprice_round-mandatory
    """
    return drawing.enum_members(RoundGranularity, unknown=unknown)


def round_rules(*, unknown: bool = False) -> SearchStrategy[RoundRule]:
    """GIREVE: members of RoundRule; with `unknown`, values as well that it does not list.

    Section: gireve:emsp_tariffs.md#d-pricecomponentprice_round-mandatory
    """
    return drawing.enum_members(RoundRule, unknown=unknown)
