# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

# ruff: noqa: A002 -- an argument is named as the parameter of OCPI is
"""OCPI 2.1.1 Tokens: what a client calls, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocpi211 import operations as _operations
from ocpi211.models.tokens import TokenType
from ocpi211_runtime.async_client import AsyncModuleClient
from ocpi211_runtime.client import ModuleClient

if TYPE_CHECKING:
    from datetime import datetime

    from ocpi211.models.tokens import AuthorizationInfo, LocationReferences, Token, TokenPatch
    from ocpi211_runtime.exchange import CallOptions, Receipt
    from ocpi211_runtime.pages import AsyncPager, Pager

__all__ = [
    "AsyncCpoTokens",
    "AsyncEmspTokens",
    "CpoTokens",
    "EmspTokens",
]


class CpoTokens(ModuleClient):
    """OCPI 2.1.1 Tokens, as the CPO serves them.

    The eMSP's Tokens, pushed to or pulled by the CPO, and the question whether one may charge now.
    """

    def get_token(
        self,
        country_code: str,
        party_id: str,
        token_uid: str,
        *,
        options: CallOptions | None = None,
    ) -> Token:
        """The Token as the CPO has it.

        `GET /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}`. Section: mod_tokens.md#211-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            token_uid: Uid of the Token.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.CPO_TOKENS_GET_TOKEN,
            {"country_code": country_code, "party_id": party_id, "token_uid": token_uid},
            options=options,
        )

    def put_token(
        self,
        country_code: str,
        party_id: str,
        token_uid: str,
        token: Token,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Token, new or in place of the one the CPO has.

        `PUT /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}`. Section: mod_tokens.md#212-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            token_uid: Uid of the Token.
            token: the Token.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.CPO_TOKENS_PUT_TOKEN,
            {"country_code": country_code, "party_id": party_id, "token_uid": token_uid},
            token,
            options=options,
        )

    def patch_token(
        self,
        country_code: str,
        party_id: str,
        token_uid: str,
        patch: TokenPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given, leave the others.

        `PATCH /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}`. Section: mod_tokens.md#212-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            token_uid: Uid of the Token.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._send(
            _operations.CPO_TOKENS_PATCH_TOKEN,
            {"country_code": country_code, "party_id": party_id, "token_uid": token_uid},
            patch,
            options=options,
        )


class AsyncCpoTokens(AsyncModuleClient):
    """OCPI 2.1.1 Tokens, as the CPO serves them.

    The eMSP's Tokens, pushed to or pulled by the CPO, and the question whether one may charge now.
    """

    async def get_token(
        self,
        country_code: str,
        party_id: str,
        token_uid: str,
        *,
        options: CallOptions | None = None,
    ) -> Token:
        """The Token as the CPO has it.

        `GET /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}`. Section: mod_tokens.md#211-get-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            token_uid: Uid of the Token.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.CPO_TOKENS_GET_TOKEN,
            {"country_code": country_code, "party_id": party_id, "token_uid": token_uid},
            options=options,
        )

    async def put_token(
        self,
        country_code: str,
        party_id: str,
        token_uid: str,
        token: Token,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Store this Token, new or in place of the one the CPO has.

        `PUT /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}`. Section: mod_tokens.md#212-put-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            token_uid: Uid of the Token.
            token: the Token.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.CPO_TOKENS_PUT_TOKEN,
            {"country_code": country_code, "party_id": party_id, "token_uid": token_uid},
            token,
            options=options,
        )

    async def patch_token(
        self,
        country_code: str,
        party_id: str,
        token_uid: str,
        patch: TokenPatch,
        *,
        options: CallOptions | None = None,
    ) -> Receipt:
        """Change the fields given, leave the others.

        `PATCH /cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}`. Section: mod_tokens.md#212-patch-method

        Args:
            country_code: Country code of the party that owns the object, ISO 3166-1 alpha-2.
            party_id: Id of the party that owns the object, as in ISO 15118.
            token_uid: Uid of the Token.
            patch: what to change; what it leaves out stays.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._send(
            _operations.CPO_TOKENS_PATCH_TOKEN,
            {"country_code": country_code, "party_id": party_id, "token_uid": token_uid},
            patch,
            options=options,
        )


class EmspTokens(ModuleClient):
    """OCPI 2.1.1 Tokens, as the eMSP serves them.

    The eMSP's Tokens, pushed to or pulled by the CPO, and the question whether one may charge now.
    """

    def list_tokens(
        self,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        ocpi_to_country_code: str | None = None,
        ocpi_to_party_id: str | None = None,
        options: CallOptions | None = None,
    ) -> Pager[Token]:
        """The eMSP's Tokens, page by page.

        `GET /emsp/2.1.1/tokens`. Section: mod_tokens.md#221-get-method

        Args:
            date_from: Only objects last updated at this moment or later.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.
            ocpi_to_country_code: GIREVE: Country code of the one eMSP whose Tokens are asked for; without it all
                eMSPs' are.
            ocpi_to_party_id: GIREVE: Id of the one eMSP whose Tokens are asked for.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: a Link leads where the token must not go; nothing was sent.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.EMSP_TOKENS_LIST_TOKENS,
            {
                "date_from": date_from,
                "date_to": date_to,
                "offset": offset,
                "limit": limit,
                "ocpi_to_country_code": ocpi_to_country_code,
                "ocpi_to_party_id": ocpi_to_party_id,
            },
            options=options,
        )

    def authorize_token(
        self,
        token_uid: str,
        location_references: LocationReferences | None = None,
        *,
        type: TokenType = TokenType.RFID,
        options: CallOptions | None = None,
    ) -> AuthorizationInfo:
        """May this Token charge, here and now?

        `POST /emsp/2.1.1/tokens/{token_uid}/authorize`. Section: mod_tokens.md#222-post-method

        Args:
            token_uid: Uid of the Token.
            location_references: the LocationReferences.
            type: Type of the Token. Some peers write `token_type`; servers accept both.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 2002: Too little information, for
                example to authorise a Token.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_TOKENS_AUTHORIZE_TOKEN,
            {"token_uid": token_uid, "type": type},
            location_references,
            options=options,
        )

    def get_token(
        self,
        token_uid: str,
        *,
        type: TokenType = TokenType.RFID,
        options: CallOptions | None = None,
    ) -> Token:
        """GIREVE: One Token by its uid; refused with 2000 if it is unknown or not for the caller.

        `GET /emsp/2.1.1/tokens/{token_uid}`. Section:
        gireve:cpo_tokens.md#pull-tokens-by-uid-retrieve-a-unique-token

        Args:
            token_uid: Uid of the Token.
            type: Type of the Token. The guide's example writes `tokenType`; servers accept both.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2000: The client did something wrong.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._fetch(
            _operations.EMSP_TOKENS_GET_TOKEN,
            {"token_uid": token_uid, "type": type},
            options=options,
        )


class AsyncEmspTokens(AsyncModuleClient):
    """OCPI 2.1.1 Tokens, as the eMSP serves them.

    The eMSP's Tokens, pushed to or pulled by the CPO, and the question whether one may charge now.
    """

    def list_tokens(
        self,
        *,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        ocpi_to_country_code: str | None = None,
        ocpi_to_party_id: str | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPager[Token]:
        """The eMSP's Tokens, page by page.

        `GET /emsp/2.1.1/tokens`. Section: mod_tokens.md#221-get-method

        Args:
            date_from: Only objects last updated at this moment or later.
            date_to: Only objects last updated before this moment.
            offset: Index of the first object of the page; 0 if left out.
            limit: At most this many objects on the page. The server may return fewer.
            ocpi_to_country_code: GIREVE: Country code of the one eMSP whose Tokens are asked for; without it all
                eMSPs' are.
            ocpi_to_party_id: GIREVE: Id of the one eMSP whose Tokens are asked for.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            ForeignUrl: a Link leads where the token must not go; nothing was sent.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return self._list(
            _operations.EMSP_TOKENS_LIST_TOKENS,
            {
                "date_from": date_from,
                "date_to": date_to,
                "offset": offset,
                "limit": limit,
                "ocpi_to_country_code": ocpi_to_country_code,
                "ocpi_to_party_id": ocpi_to_party_id,
            },
            options=options,
        )

    async def authorize_token(
        self,
        token_uid: str,
        location_references: LocationReferences | None = None,
        *,
        type: TokenType = TokenType.RFID,
        options: CallOptions | None = None,
    ) -> AuthorizationInfo:
        """May this Token charge, here and now?

        `POST /emsp/2.1.1/tokens/{token_uid}/authorize`. Section: mod_tokens.md#222-post-method

        Args:
            token_uid: Uid of the Token.
            location_references: the LocationReferences.
            type: Type of the Token. Some peers write `token_type`; servers accept both.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2001: Parameters are invalid or missing. 2002: Too little information, for
                example to authorise a Token.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_TOKENS_AUTHORIZE_TOKEN,
            {"token_uid": token_uid, "type": type},
            location_references,
            options=options,
        )

    async def get_token(
        self,
        token_uid: str,
        *,
        type: TokenType = TokenType.RFID,
        options: CallOptions | None = None,
    ) -> Token:
        """GIREVE: One Token by its uid; refused with 2000 if it is unknown or not for the caller.

        `GET /emsp/2.1.1/tokens/{token_uid}`. Section:
        gireve:cpo_tokens.md#pull-tokens-by-uid-retrieve-a-unique-token

        Args:
            token_uid: Uid of the Token.
            type: Type of the Token. The guide's example writes `tokenType`; servers accept both.
            options: what differs in this call.

        Raises:
            PeerRefusal: the peer says no; PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it.
                Its `status_code` may be 2000: The client did something wrong.
            MalformedAnswer: the answer is no envelope, or its data breaks the schema.
            Unreachable: there is no answer; Timeout is a kind of it.
            NotOffered: the peer publishes no tokens.
            ValueError: an argument breaks its type; nothing was sent.
        """
        return await self._fetch(
            _operations.EMSP_TOKENS_GET_TOKEN,
            {"token_uid": token_uid, "type": type},
            options=options,
        )
