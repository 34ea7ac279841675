# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: A002 -- a keyword is named as the field of OCPI is
"""Hypothesis strategies for the classes of OCPI 2.1.1 CDRs.

What they draw is valid. A keyword replaces the strategy of that field; the other optional fields are absent half of
the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211.models.cdrs import CDR, AuthMethod, CdrDimension, CdrDimensionType, ChargingPeriod, SignedData, SignedValue
from ocpi211.strategies.locations import locations
from ocpi211.strategies.tariffs import tariffs
from ocpi211_runtime import drawing
from ocpi211_runtime.recipes import Recipe

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from hypothesis.strategies import SearchStrategy

    from ocpi211.models.locations import Location
    from ocpi211.models.tariffs import Tariff

__all__ = [
    "auth_methods",
    "cdr_dimension_types",
    "cdr_dimensions",
    "cdrs",
    "charging_periods",
    "signed_data",
    "signed_values",
]


_cdrs = Recipe(
    CDR,
    required=lambda: {
        "id": drawing.ci_strings(min_length=1, max_length=36),
        "start_date_time": drawing.date_times(),
        "stop_date_time": drawing.date_times(),
        "auth_id": drawing.identifiers(max_length=36),
        "auth_method": auth_methods(),
        "location": locations(),
        "currency": drawing.currencies(),
        "charging_periods": drawing.lists(charging_periods(), min_size=1),
        "total_cost": drawing.numbers(),
        "total_energy": drawing.numbers(),
        "total_time": drawing.numbers(),
        "last_updated": drawing.date_times(),
    },
    optional=lambda: {
        "meter_id": drawing.identifiers(max_length=255),
        "tariffs": drawing.lists(tariffs(), unique_by="id"),
        "total_parking_time": drawing.numbers(),
        "remark": drawing.texts(max_length=255),
        "authorization_id": drawing.identifiers(min_length=1, max_length=36),
        "signed_data": signed_data(),
    },
    ordered=(("start_date_time", "stop_date_time"),),
)


def cdrs(
    *,
    id: SearchStrategy[str] | None = None,
    start_date_time: SearchStrategy[datetime] | None = None,
    stop_date_time: SearchStrategy[datetime] | None = None,
    auth_id: SearchStrategy[str] | None = None,
    auth_method: SearchStrategy[AuthMethod] | None = None,
    location: SearchStrategy[Location] | None = None,
    currency: SearchStrategy[str] | None = None,
    charging_periods: SearchStrategy[list[ChargingPeriod]] | None = None,
    total_cost: SearchStrategy[Decimal] | None = None,
    total_energy: SearchStrategy[Decimal] | None = None,
    total_time: SearchStrategy[Decimal] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
    meter_id: SearchStrategy[str | None] | None = None,
    tariffs: SearchStrategy[list[Tariff] | None] | None = None,
    total_parking_time: SearchStrategy[Decimal | None] | None = None,
    remark: SearchStrategy[str | None] | None = None,
    authorization_id: SearchStrategy[str | None] | None = None,
    signed_data: SearchStrategy[SignedData | None] | None = None,
) -> SearchStrategy[CDR]:
    """Valid objects of the class CDR.

    Section: mod_cdrs.md#31-cdr-object
    """
    return _cdrs.strategy(
        id=id,
        start_date_time=start_date_time,
        stop_date_time=stop_date_time,
        auth_id=auth_id,
        auth_method=auth_method,
        location=location,
        currency=currency,
        charging_periods=charging_periods,
        total_cost=total_cost,
        total_energy=total_energy,
        total_time=total_time,
        last_updated=last_updated,
        meter_id=meter_id,
        tariffs=tariffs,
        total_parking_time=total_parking_time,
        remark=remark,
        authorization_id=authorization_id,
        signed_data=signed_data,
    )


_cdr_dimensions = Recipe(
    CdrDimension,
    required=lambda: {
        "type": cdr_dimension_types(),
        "volume": drawing.numbers(),
    },
)


def cdr_dimensions(
    *, type: SearchStrategy[CdrDimensionType] | None = None, volume: SearchStrategy[Decimal] | None = None
) -> SearchStrategy[CdrDimension]:
    """Valid objects of the class CdrDimension.

    Section: mod_cdrs.md#42-cdrdimension-class
    """
    return _cdr_dimensions.strategy(type=type, volume=volume)


_charging_periods = Recipe(
    ChargingPeriod,
    required=lambda: {
        "start_date_time": drawing.date_times(),
        "dimensions": drawing.lists(cdr_dimensions(), min_size=1),
    },
)


def charging_periods(
    *,
    start_date_time: SearchStrategy[datetime] | None = None,
    dimensions: SearchStrategy[list[CdrDimension]] | None = None,
) -> SearchStrategy[ChargingPeriod]:
    """Valid objects of the class ChargingPeriod.

    Section: mod_cdrs.md#44-chargingperiod-class
    """
    return _charging_periods.strategy(start_date_time=start_date_time, dimensions=dimensions)


_signed_data = Recipe(
    SignedData,
    required=lambda: {
        "encoding_method": drawing.ci_strings(max_length=36),
        "signed_values": drawing.lists(signed_values(), min_size=1),
    },
    optional=lambda: {
        "encoding_method_version": drawing.integers(),
        "public_key": drawing.identifiers(max_length=512),
        "url": drawing.identifiers(max_length=512),
    },
)


def signed_data(
    *,
    encoding_method: SearchStrategy[str] | None = None,
    signed_values: SearchStrategy[list[SignedValue]] | None = None,
    encoding_method_version: SearchStrategy[int | None] | None = None,
    public_key: SearchStrategy[str | None] | None = None,
    url: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[SignedData]:
    """GIREVE: valid objects of the class SignedData.

    Section: gireve:cpo_cdrs.md#send-the-signed-data-calibration-law--eichrecht
    """
    return _signed_data.strategy(
        encoding_method=encoding_method,
        signed_values=signed_values,
        encoding_method_version=encoding_method_version,
        public_key=public_key,
        url=url,
    )


_signed_values = Recipe(
    SignedValue,
    required=lambda: {
        "nature": drawing.ci_strings(max_length=32),
        "plain_data": drawing.identifiers(max_length=5000),
        "signed_data": drawing.identifiers(max_length=5000),
    },
)


def signed_values(
    *,
    nature: SearchStrategy[str] | None = None,
    plain_data: SearchStrategy[str] | None = None,
    signed_data: SearchStrategy[str] | None = None,
) -> SearchStrategy[SignedValue]:
    """GIREVE: valid objects of the class SignedValue.

    Section: gireve:cpo_cdrs.md#send-the-signed-data-calibration-law--eichrecht
    """
    return _signed_values.strategy(nature=nature, plain_data=plain_data, signed_data=signed_data)


def auth_methods(*, unknown: bool = False) -> SearchStrategy[AuthMethod]:
    """Members of AuthMethod; with `unknown`, values as well that it does not list.

    Section: mod_cdrs.md#41-authmethod-enum
    """
    return drawing.enum_members(AuthMethod, unknown=unknown)


def cdr_dimension_types(*, unknown: bool = False) -> SearchStrategy[CdrDimensionType]:
    """Members of CdrDimensionType; with `unknown`, values as well that it does not list.

    Section: mod_cdrs.md#43-cdrdimensiontype-enum
    """
    return drawing.enum_members(CdrDimensionType, unknown=unknown)
