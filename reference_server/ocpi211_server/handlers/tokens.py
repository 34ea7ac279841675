"""Tokens: published by an eMSP, kept by a CPO, both by a hub; and whether one may charge (mod_tokens.md)."""

from __future__ import annotations

from datetime import datetime

from ocpi211.models import AuthorizationInfo, LocationReferences, Token, TokenPatch, TokenType
from ocpi211.routes import Caller, CpoTokens, Created, EmspTokens, PageResult, Refusal
from ocpi211_server.authorizing import Authorizing
from ocpi211_server.objects.keeping import Objects
from ocpi211_server.site import Site

__all__ = ["KeptTokens", "PublishedTokens", "TokensByUid"]


class PublishedTokens(EmspTokens):
    """The list of an eMSP or hub, and its answers to CPOs."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._objects = Objects(site, "tokens")
        self._authorizing = Authorizing(site)
        self.max_limit = self._objects.max_limit

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
        """A page of what the caller may see."""
        return await self._objects.listed(
            caller,
            date_from=date_from,
            date_to=date_to,
            offset=offset,
            limit=limit,
            only=(ocpi_to_country_code, ocpi_to_party_id),
        )

    async def authorize_token(
        self,
        caller: Caller,
        token_uid: str,
        location_references: LocationReferences | None = None,
        *,
        type: TokenType = TokenType.RFID,
    ) -> AuthorizationInfo:
        """Whether the Token may charge, here and now."""
        return await self._authorizing.answer(caller, token_uid, type, location_references)


class TokensByUid(PublishedTokens):
    """As above, and one Token by its uid."""

    async def get_token(
        self,
        caller: Caller,
        token_uid: str,
        *,
        type: TokenType = TokenType.RFID,
    ) -> bytes:
        """The Token."""
        found = await self._authorizing.token(caller, token_uid, type)
        if found is None:
            raise Refusal("The Token is unknown.", status_code=2000)
        return found[0].visible


class KeptTokens(CpoTokens):
    """What a CPO or hub is given by eMSPs."""

    def __init__(self, site: Site) -> None:
        self._objects = Objects(site, "tokens")

    async def get_token(self, caller: Caller, country_code: str, party_id: str, token_uid: str) -> bytes:
        """The Token, as the eMSP gave it."""
        return self._objects.given_back(await self._objects.kept(f"{country_code}*{party_id}", token_uid))

    async def put_token(
        self, caller: Caller, country_code: str, party_id: str, token_uid: str, token: Token
    ) -> Created | None:
        """Store a Token."""
        return await self._objects.take(caller, f"{country_code}*{party_id}", token_uid, token)

    async def patch_token(
        self, caller: Caller, country_code: str, party_id: str, token_uid: str, patch: TokenPatch
    ) -> None:
        """Change a Token."""
        await self._objects.change(caller, f"{country_code}*{party_id}", token_uid, patch)
