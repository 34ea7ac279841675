# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: A002, ARG002 -- a skeleton has the arguments that OCPI gives it
"""OCPI 2.1.1 Tokens: what a server answers.

A skeleton a role; only what a subclass overrides is served and advertised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ocpi211 import operations
from ocpi211.models.tokens import TokenType
from ocpi211_runtime.handlers import Handler, NotOverridden

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from ocpi211.models.tokens import AuthorizationInfo, LocationReferences, Token, TokenPatch
    from ocpi211_runtime.answers import Caller, Created, PageResult, Role
    from ocpi211_runtime.operation import Operation

__all__ = [
    "CpoTokens",
    "EmspTokens",
]


class CpoTokens(Handler):
    """OCPI 2.1.1 Tokens, as the CPO serves them: override what you offer.

    The eMSP's Tokens, pushed to or pulled by the CPO, and the question whether one may charge now.
    """

    role: ClassVar[Role] = "cpo"
    module: ClassVar[str] = "tokens"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "get_token": operations.CPO_TOKENS_GET_TOKEN,
        "put_token": operations.CPO_TOKENS_PUT_TOKEN,
        "patch_token": operations.CPO_TOKENS_PATCH_TOKEN,
    }

    async def get_token(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        token_uid: str,
    ) -> Token | bytes:
        """The Token as the CPO has it.

        `GET /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}`. Section: mod_tokens.md#211-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            token_uid: Uid of the Token.

        Returns:
            The Token, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
        """
        raise NotOverridden

    async def put_token(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        token_uid: str,
        token: Token,
    ) -> Created | None:
        """Store this Token, new or in place of the one the CPO has.

        `PUT /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}`. Section: mod_tokens.md#212-put-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            token_uid: Uid of the Token.
            token: The Token, valid; its id is that of the URL.

        Returns:
            Created if it was new, else nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def patch_token(
        self,
        caller: Caller,
        country_code: str,
        party_id: str,
        token_uid: str,
        patch: TokenPatch,
    ) -> None:
        """Change the fields given, leave the others.

        `PATCH /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}`. Section: mod_tokens.md#212-patch-method

        Args:
            caller: Who asks; `caller.request` is the request.
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            token_uid: Uid of the Token.
            patch: What to change; what it leaves out stays.

        Returns:
            Nothing.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden


class EmspTokens(Handler):
    """OCPI 2.1.1 Tokens, as the eMSP serves them: override what you offer.

    The eMSP's Tokens, pushed to or pulled by the CPO, and the question whether one may charge now.
    """

    role: ClassVar[Role] = "emsp"
    module: ClassVar[str] = "tokens"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "list_tokens": operations.EMSP_TOKENS_LIST_TOKENS,
        "authorize_token": operations.EMSP_TOKENS_AUTHORIZE_TOKEN,
        "get_token": operations.EMSP_TOKENS_GET_TOKEN,
    }

    async def list_tokens(
        self,
        caller: Caller,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        ocpi_to_country_code: str | None = None,
        ocpi_to_party_id: str | None = None,
    ) -> PageResult[Token]:
        """The eMSP's Tokens, page by page.

        `GET /emsp/2.1.1/tokens`. Section: mod_tokens.md#221-get-method

        Args:
            caller: Who asks; `caller.request` is the request.
            date_from: Only objects last updated at this moment or later.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.
            ocpi_to_country_code: GIREVE: Country code of the one eMSP whose Tokens are asked for; without it all
                eMSPs' are.
            ocpi_to_party_id: GIREVE: Id of the one eMSP whose Tokens are asked for.

        Returns:
            The page, oldest objects first, each as an object or as its JSON.

        Raises:
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
        """
        raise NotOverridden

    async def authorize_token(
        self,
        caller: Caller,
        token_uid: str,
        location_references: LocationReferences | None = None,
        *,
        type: TokenType = TokenType.RFID,
    ) -> AuthorizationInfo | bytes:
        """May this Token charge, here and now?

        `POST /emsp/2.1.1/tokens/{token_uid}/authorize`. Section: mod_tokens.md#222-post-method

        Args:
            caller: Who asks; `caller.request` is the request.
            token_uid: Uid of the Token.
            location_references: The LocationReferences, valid; None if there is none.
            type: Type of the Token. Some peers write `token_type`; servers accept both.

        Returns:
            The AuthorizationInfo, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
            InvalidParameters: Valid each by itself, the arguments do not go together. (2001)
            NotEnoughInformation: Too little information, for example to authorise a Token. (2002)
        """
        raise NotOverridden

    async def get_token(
        self,
        caller: Caller,
        token_uid: str,
        *,
        type: TokenType = TokenType.RFID,
    ) -> Token | bytes:
        """GIREVE: One Token by its uid; refused with 2000 if it is unknown or not for the caller.

        `GET /emsp/2.1.1/tokens/{token_uid}`. Section:
        gireve:cpo_tokens.md#pull-tokens-by-uid-retrieve-a-unique-token

        Args:
            caller: Who asks; `caller.request` is the request.
            token_uid: Uid of the Token.
            type: Type of the Token. The guide's example writes `tokenType`; servers accept both.

        Returns:
            The Token, or its JSON.

        Raises:
            NotFound: There is no such object, or not for this caller.
            Refusal: The client did something wrong. (2000)
        """
        raise NotOverridden
