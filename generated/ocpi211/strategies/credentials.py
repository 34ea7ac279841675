# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""Hypothesis strategies for the classes of OCPI 2.1.1 Credentials.

What they draw is valid. A keyword replaces the strategy of that field; the other optional fields are absent half of
the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211.models.credentials import Credentials
from ocpi211.strategies.locations import business_details
from ocpi211_runtime import drawing
from ocpi211_runtime.recipes import Recipe

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from ocpi211.models.locations import BusinessDetails

__all__ = [
    "credentials",
]


_credentials = Recipe(
    Credentials,
    required=lambda: {
        "token": drawing.secrets(min_length=1, max_length=64),
        "url": drawing.urls(max_length=255),
        "business_details": business_details(),
        "party_id": drawing.identifiers(min_length=1, max_length=3),
        "country_code": drawing.country_codes(),
    },
)


def credentials(
    *,
    token: SearchStrategy[str] | None = None,
    url: SearchStrategy[str] | None = None,
    business_details: SearchStrategy[BusinessDetails] | None = None,
    party_id: SearchStrategy[str] | None = None,
    country_code: SearchStrategy[str] | None = None,
) -> SearchStrategy[Credentials]:
    """Valid objects of the class Credentials.

    Section: credentials.md#21-credentials-object
    """
    return _credentials.strategy(
        token=token, url=url, business_details=business_details, party_id=party_id, country_code=country_code
    )
