"""A small contract: rows, and skeletons as the generator writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import MISSING

from ocpi211_runtime import scalars
from ocpi211_runtime.answers import Caller, Created, PageResult, Role
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.handlers import Handler, NotOverridden
from ocpi211_runtime.model import OcpiModel, OcpiPatch
from ocpi211_runtime.operation import Operation, Parameter

String = Annotated[str, scalars.Identifier()]
String2 = Annotated[str, scalars.Identifier(min_length=1, max_length=2)]
String3 = Annotated[str, scalars.Identifier(min_length=1, max_length=3)]
String36 = Annotated[str, scalars.Identifier(min_length=1, max_length=36)]
Text = Annotated[str, scalars.Text(min_length=1)]
CiString36 = Annotated[str, scalars.CiString(max_length=36)]
DateTime = Annotated[datetime, scalars.DateTime()]


class TokenType(OpenEnum):
    OTHER = "OTHER"
    RFID = "RFID"


class Token(OcpiModel):
    uid: String36
    valid: bool
    visual_number: String | None = None


class TokenPatch(OcpiPatch):
    uid: String36 | MISSING = MISSING
    valid: bool | MISSING = MISSING
    visual_number: String | MISSING | None = MISSING


class LocationReferences(OcpiModel):
    location_id: String36


class AuthorizationInfo(OcpiModel):
    allowed: String


class CDR(OcpiModel):
    id: CiString36


class CommandResponse(OcpiModel):
    result: String


OWNER = (
    Parameter("country_code", "country_code", "path", String2, required=True),
    Parameter("party_id", "party_id", "path", String3, required=True),
)
UID = Parameter("token_uid", "token_uid", "path", Text, required=True)
PAGING = (
    Parameter("date_from", "date_from", "query", DateTime),
    Parameter("offset", "offset", "query", Annotated[int, scalars.Integer(0)], default=0),
    Parameter("limit", "limit", "query", Annotated[int, scalars.Integer()]),
)


def row(identity: str, verb: str, path: str, **rest: Any) -> Operation[Any]:
    """A row of the contract, from what is particular to it."""
    role, module, name = identity.split(".")
    owner = ("country_code", "party_id") if "{country_code}" in path else ()
    return Operation(
        id=identity,
        role="cpo" if role == "cpo" else "emsp",
        module=module,
        endpoint=module,
        name=name,
        verb=verb,
        path=path,
        owner=owner,
        **rest,
    )


TOKEN_PATH = "/cpo/2.1.1/tokens/{country_code}/{party_id}/{token_uid}"  # noqa: S105 - a path
ONE = {"parameters": (*OWNER, UID)}
WRITE = {**ONE, "body_required": True, "key": (("token_uid", "uid"),)}


class CpoTokens(Handler):
    role: ClassVar[Role] = "cpo"
    module = "tokens"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "get_token": row("cpo.tokens.get_token", "GET", TOKEN_PATH, result=Token, **ONE),
        "put_token": row("cpo.tokens.put_token", "PUT", TOKEN_PATH, body=Token, created=True, **WRITE),
        "patch_token": row("cpo.tokens.patch_token", "PATCH", TOKEN_PATH, body=TokenPatch, merge_patch=True, **WRITE),
    }

    async def get_token(self, caller: Caller, country_code: str, party_id: str, token_uid: str) -> Token | bytes:
        raise NotOverridden

    async def put_token(
        self, caller: Caller, country_code: str, party_id: str, token_uid: str, token: Token
    ) -> Created | None:
        raise NotOverridden

    async def patch_token(
        self, caller: Caller, country_code: str, party_id: str, token_uid: str, patch: TokenPatch
    ) -> None:
        raise NotOverridden


class EmspTokens(Handler):
    role: ClassVar[Role] = "emsp"
    module = "tokens"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "list_tokens": row(
            "emsp.tokens.list_tokens",
            "GET",
            "/emsp/2.1.1/tokens",
            parameters=(*PAGING, Parameter("ocpi-to-party-id", "ocpi_to_party_id", "header", String3)),
            result=Token,
            paginated=True,
        ),
        "authorize_token": row(
            "emsp.tokens.authorize_token",
            "POST",
            "/emsp/2.1.1/tokens/{token_uid}/authorize",
            parameters=(
                UID,
                Parameter("type", "type", "query", TokenType, default="RFID", aliases=("token_type",)),
            ),
            body=LocationReferences,
            result=AuthorizationInfo,
        ),
    }

    async def list_tokens(
        self,
        caller: Caller,
        *,
        date_from: datetime | None = None,
        offset: int = 0,
        limit: int | None = None,
        ocpi_to_party_id: str | None = None,
    ) -> PageResult[Token]:
        raise NotOverridden

    async def authorize_token(
        self,
        caller: Caller,
        token_uid: str,
        location_references: LocationReferences | None = None,
        *,
        type: TokenType = TokenType.RFID,  # noqa: A002 - the text's name
    ) -> AuthorizationInfo | bytes:
        raise NotOverridden


class EmspCdrs(Handler):
    role: ClassVar[Role] = "emsp"
    module = "cdrs"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "post_cdr": row("emsp.cdrs.post_cdr", "POST", "/emsp/2.1.1/cdrs", body=CDR, body_required=True, created=True),
        "put_cdr": row(
            "emsp.cdrs.put_cdr",
            "PUT",
            "/emsp/2.1.1/cdrs/{cdr_id}",
            parameters=(Parameter("cdr_id", "cdr_id", "path", CiString36, required=True),),
            body=CDR,
            body_required=True,
            key=(("cdr_id", "id"),),
        ),
    }

    async def post_cdr(self, caller: Caller, cdr: CDR) -> Created | None:
        raise NotOverridden

    async def put_cdr(self, caller: Caller, cdr_id: str, cdr: CDR) -> None:
        raise NotOverridden


class EmspCommands(Handler):
    role: ClassVar[Role] = "emsp"
    module = "commands"
    operations: ClassVar[Mapping[str, Operation[Any]]] = {
        "post_result": row(
            "emsp.commands.post_result",
            "POST",
            "/emsp/2.1.1/commands/{command}/{uid}",
            parameters=(
                Parameter("command", "command", "path", String, required=True),
                Parameter("uid", "uid", "path", Text, required=True),
            ),
            body=CommandResponse,
            body_required=True,
            opaque_url=True,
        ),
    }

    async def post_result(self, caller: Caller, command: str, uid: str, command_response: CommandResponse) -> None:
        raise NotOverridden
