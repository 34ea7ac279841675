"""A small spec as `ir` has it, made by hand, and the models that its clients use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ocpi_codegen.ir import Module, Operation, Parameter, Scalar, Spec, Type

STRING36 = Type("scalar", "String36", "scalars")
DATE_TIME = Type("scalar", "DateTime", "scalars")
COUNT = Type("integer", "Count", "scalars")
KIND = Type("enum", "Kind", "tokens")
TOKEN_CLASS = Type("class", "Token", "tokens")
CDR_CLASS = Type("class", "CDR", "cdrs")
UID = Parameter("token_uid", "token_uid", "path", STRING36, required=True, description="Uid of the Token.")
OWNER = Parameter("party_id", "party_id", "path", STRING36, required=True, description='The "owner", as \\n or """.')
PATH = "/cpo/2.1.1/tokens/{party_id}/{token_uid}"


def operation(identity: str, verb: str, path: str, **rest: Any) -> Operation:
    role, module, name = identity.split(".")
    known: dict[str, Any] = {
        "id": identity,
        "role": role,
        "module": module,
        "name": name,
        "verb": verb,
        "path": path,
        "suffix": tuple(path.strip("/").split("/")[3:]),
        "summary": f"What {name} does.",
        "section": "mod_x.md#y",
        "parameters": (),
    }
    return Operation(**(known | rest))


def query(name: str, made: Type, **rest: Any) -> Parameter:
    known: dict[str, Any] = {"place": "query", "required": False, "description": f"About {name}."}
    return Parameter(name=name, python=name.replace("-", "_"), type=made, **(known | rest))


PAGING = (
    query("date_from", DATE_TIME, required=True),
    query("offset", COUNT, default=0),
    query("limit", COUNT),
    query("ocpi-to-party-id", STRING36, place="header", origin="GIREVE"),
)
WRITE = {"parameters": (OWNER, UID), "body_required": True, "created": True, "key": (("token_uid", "uid"),)}
TOKENS = (
    operation("cpo.tokens.get_token", "GET", PATH, parameters=(OWNER, UID), result=TOKEN_CLASS, refusals=(2100,)),
    operation("cpo.tokens.put_token", "PUT", PATH, body=TOKEN_CLASS, body_name="token", **WRITE),
    operation(
        "cpo.tokens.patch_token",
        "PATCH",
        PATH,
        body=replace(TOKEN_CLASS, name="TokenPatch"),
        body_name="patch",
        merge_patch=True,
        **WRITE,
    ),
    operation(
        "emsp.tokens.list_tokens", "GET", "/emsp/2.1.1/tokens", parameters=PAGING, result=TOKEN_CLASS, paginated=True
    ),
    operation(
        "emsp.tokens.authorize_token",
        "POST",
        "/emsp/2.1.1/tokens/{token_uid}/authorize",
        parameters=(UID, query("type", KIND, default="RFID", aliases=("token_type",))),
        body=CDR_CLASS,
        body_name="cdr",
        result=TOKEN_CLASS,
        origin="GIREVE",
    ),
)
CDRS = (
    operation("emsp.cdrs.post_cdr", "POST", "/emsp/2.1.1/cdrs", body=CDR_CLASS, body_name="cdr", body_required=True),
    operation(
        "emsp.cdrs.get_cdr", "GET", "/emsp/2.1.1/cdrs/{token_uid}", parameters=(UID,), result=CDR_CLASS, opaque_url=True
    ),
)
VERSIONS = (
    operation("cpo.versions.list_versions", "GET", "/cpo/versions", result=Type("list", item=CDR_CLASS)),
    operation("cpo.versions.get_version_details", "GET", "/cpo/2.1.1", result=CDR_CLASS),
)
SPEC = Spec(
    "acme_ocpi",
    (
        Module("common", "OCPI 2.1.1, shared", "Nothing to call.", (), (), ()),
        Module("versions", "OCPI 2.1.1 Versions", "What there is.", (), (), VERSIONS),
        Module("tokens", "OCPI 2.1.1 Tokens", "Who may charge.", (), (), TOKENS),
        Module("cdrs", "OCPI 2.1.1 CDRs", "What was charged.", (), (), CDRS),
    ),
    (
        Scalar("String36", "Identifier", "str", 1, 36),
        Scalar("DateTime", "DateTime", "datetime"),
        Scalar("Count", "Integer", "int", minimum=0),
    ),
    ((1000, "Success."), (2001, "Parameters are invalid."), (2100, "Acme's own.")),
    ("GIREVE", "ACME"),
)

MODELS = {
    "scalars": """
from datetime import datetime
from typing import Annotated
from ocpi211_runtime import scalars
String36 = Annotated[str, scalars.Identifier(min_length=1, max_length=36)]
DateTime = Annotated[datetime, scalars.DateTime()]
Count = Annotated[int, scalars.Integer(0)]
""",
    "tokens": """
from pydantic import MISSING
from ocpi211_runtime.enums import OpenEnum
from ocpi211_runtime.model import OcpiModel, OcpiPatch
class Kind(OpenEnum):
    RFID = "RFID"
class Token(OcpiModel):
    uid: str
    note: str | None = None
class TokenPatch(OcpiPatch):
    note: str | MISSING | None = MISSING
""",
    "cdrs": """
from ocpi211_runtime.model import OcpiModel
class CDR(OcpiModel):
    id: str
""",
}
