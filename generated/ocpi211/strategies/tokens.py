# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: A002 -- a keyword is named as the field of OCPI is
"""Hypothesis strategies for the classes of OCPI 2.1.1 Tokens.

What they draw is valid. A keyword replaces the strategy of that field; the other optional fields are absent half of
the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211.models.tokens import (
    Allowed,
    AuthorizationInfo,
    LocationReferences,
    Token,
    TokenPatch,
    TokenType,
    WhitelistType,
)
from ocpi211.strategies.common import display_texts
from ocpi211_runtime import drawing
from ocpi211_runtime.recipes import Recipe

if TYPE_CHECKING:
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

    from ocpi211.models.common import DisplayText

__all__ = [
    "allowed",
    "authorization_infos",
    "location_references",
    "token_patches",
    "token_types",
    "tokens",
    "whitelist_types",
]


_tokens = Recipe(
    Token,
    required=lambda: {
        "uid": drawing.identifiers(min_length=1, max_length=36),
        "type": token_types(),
        "auth_id": drawing.identifiers(max_length=36),
        "issuer": drawing.texts(max_length=64),
        "valid": drawing.booleans(),
        "whitelist": whitelist_types(),
        "last_updated": drawing.date_times(),
    },
    optional=lambda: {
        "visual_number": drawing.texts(max_length=64),
        "language": drawing.languages(),
    },
)


def tokens(
    *,
    uid: SearchStrategy[str] | None = None,
    type: SearchStrategy[TokenType] | None = None,
    auth_id: SearchStrategy[str] | None = None,
    issuer: SearchStrategy[str] | None = None,
    valid: SearchStrategy[bool] | None = None,
    whitelist: SearchStrategy[WhitelistType] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
    visual_number: SearchStrategy[str | None] | None = None,
    language: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[Token]:
    """Valid objects of the class Token.

    Section: mod_tokens.md#32-token-object
    """
    return _tokens.strategy(
        uid=uid,
        type=type,
        auth_id=auth_id,
        issuer=issuer,
        valid=valid,
        whitelist=whitelist,
        last_updated=last_updated,
        visual_number=visual_number,
        language=language,
    )


_token_patches = Recipe(
    TokenPatch,
    optional=lambda: {
        "uid": drawing.identifiers(min_length=1, max_length=36),
        "type": token_types(),
        "auth_id": drawing.identifiers(max_length=36),
        "visual_number": drawing.optional(drawing.texts(max_length=64)),
        "issuer": drawing.texts(max_length=64),
        "valid": drawing.booleans(),
        "whitelist": whitelist_types(),
        "language": drawing.optional(drawing.languages()),
        "last_updated": drawing.date_times(),
    },
)


def token_patches(
    *,
    uid: SearchStrategy[str] | None = None,
    type: SearchStrategy[TokenType] | None = None,
    auth_id: SearchStrategy[str] | None = None,
    visual_number: SearchStrategy[str | None] | None = None,
    issuer: SearchStrategy[str] | None = None,
    valid: SearchStrategy[bool] | None = None,
    whitelist: SearchStrategy[WhitelistType] | None = None,
    language: SearchStrategy[str | None] | None = None,
    last_updated: SearchStrategy[datetime] | None = None,
) -> SearchStrategy[TokenPatch]:
    """Valid objects of the class TokenPatch.

    Section: mod_tokens.md#32-token-object
    """
    return _token_patches.strategy(
        uid=uid,
        type=type,
        auth_id=auth_id,
        visual_number=visual_number,
        issuer=issuer,
        valid=valid,
        whitelist=whitelist,
        language=language,
        last_updated=last_updated,
    )


_location_references = Recipe(
    LocationReferences,
    required=lambda: {
        "location_id": drawing.identifiers(max_length=39),
    },
    optional=lambda: {
        "evse_uids": drawing.lists(drawing.identifiers(max_length=39)),
        "connector_ids": drawing.lists(drawing.identifiers(max_length=36)),
    },
)


def location_references(
    *,
    location_id: SearchStrategy[str] | None = None,
    evse_uids: SearchStrategy[list[str] | None] | None = None,
    connector_ids: SearchStrategy[list[str] | None] | None = None,
) -> SearchStrategy[LocationReferences]:
    """Valid objects of the class LocationReferences.

    Section: mod_tokens.md#42-locationreferences-class
    """
    return _location_references.strategy(location_id=location_id, evse_uids=evse_uids, connector_ids=connector_ids)


_authorization_infos = Recipe(
    AuthorizationInfo,
    required=lambda: {
        "allowed": allowed(),
    },
    optional=lambda: {
        "location": location_references(),
        "info": display_texts(),
        "authorization_id": drawing.identifiers(min_length=1, max_length=36),
    },
)


def authorization_infos(
    *,
    allowed: SearchStrategy[Allowed] | None = None,
    location: SearchStrategy[LocationReferences | None] | None = None,
    info: SearchStrategy[DisplayText | None] | None = None,
    authorization_id: SearchStrategy[str | None] | None = None,
) -> SearchStrategy[AuthorizationInfo]:
    """Valid objects of the class AuthorizationInfo.

    Section: mod_tokens.md#31-authorizationinfo-object
    """
    return _authorization_infos.strategy(
        allowed=allowed, location=location, info=info, authorization_id=authorization_id
    )


def allowed(*, unknown: bool = False) -> SearchStrategy[Allowed]:
    """Members of Allowed; with `unknown`, values as well that it does not list.

    Section: mod_tokens.md#41-allowed-enum
    """
    return drawing.enum_members(Allowed, unknown=unknown)


def token_types(*, unknown: bool = False) -> SearchStrategy[TokenType]:
    """Members of TokenType; with `unknown`, values as well that it does not list.

    Section: mod_tokens.md#43-tokentype-enum
    """
    return drawing.enum_members(TokenType, unknown=unknown)


def whitelist_types(*, unknown: bool = False) -> SearchStrategy[WhitelistType]:
    """Members of WhitelistType; with `unknown`, values as well that it does not list.

    Section: mod_tokens.md#44-whitelisttype-enum
    """
    return drawing.enum_members(WhitelistType, unknown=unknown)
