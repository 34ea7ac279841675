"""What requests are drawn from: the OpenAPI document of a role, made strict, bounded, and bent to a deployment.

Nothing drawn from it touches a registration, sends a command, or leaves the test party: only what is kept here is sent.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from ocpi211_check.bench import OPERATIONS
from ocpi211_runtime.urls import origin

if TYPE_CHECKING:
    from ocpi211_check.catalogue import Role

__all__ = ["SAFE_IDS", "document", "strict_document"]

Json = dict[str, Any]

SAFE_IDS: Final = ("A", "B", "C", "D", "E", "F")
"""Ids as they may stand in any path, and few, so that they meet: odd ones are for a scripted scenario."""

_VERBS: Final = ("get", "put", "post", "patch", "delete")
_LEFT_ALONE: Final = ("credentials", "commands")
# What the pattern of the specification cannot say: that there is no 31st of February.
_MOMENT: Final = "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"
_ASCII: Final = "^[ -~]*$"
_MOST_ITEMS: Final = 3


def strict_document(role: Role) -> Json:
    """The document of a role with what a JSON Schema can hold of the text, and everything bounded."""
    text = (files("ocpi211") / "openapi" / f"{role}.json").read_text(encoding="utf-8")
    found: Json = json.loads(text)
    schemas = found["components"]["schemas"]
    schemas["DateTime"]["pattern"] = _MOMENT
    schemas["Text"]["pattern"] = _ASCII
    # Halves and quarters are the same in every reader; more digits than JSON carries are another matter.
    schemas["Number"] |= {"minimum": 0, "maximum": 100_000, "multipleOf": 0.25}
    schemas["Hours"]["not"] = {
        "properties": {"twentyfourseven": {"const": True}, "regular_hours": {"type": "array", "minItems": 1}},
        "required": ["twentyfourseven", "regular_hours"],
    }
    _bound(schemas)
    return found


def document(
    role: Role, endpoints: Mapping[str, str], party: tuple[str, str], *, write: bool, token: bool = True
) -> tuple[str, Json]:
    """(base URL, the strict document with the paths of a deployment), and only what the run may send.

    Modules at another origin than the first one are left out: a document has one base.
    """
    found = strict_document(role)
    base = origin(next(iter(endpoints.values())))
    paths: Json = {}
    for item in found["paths"].values():
        operations = {verb: item[verb] for verb in _VERBS if verb in item}
        kept = {verb: given for verb, given in operations.items() if _may(given["operationId"], write=write)}
        sample = OPERATIONS.get(str(next(iter(operations.values()))["operationId"]))
        if not kept or sample is None or sample.endpoint not in endpoints:
            continue
        url = endpoints[sample.endpoint]
        if origin(url) == base:
            prefix = urlsplit(url).path.rstrip("/")
            paths["/".join([prefix, *sample.suffix])] = {
                "parameters": [_pinned(parameter, found, party) for parameter in item.get("parameters", [])],
                **{verb: _request(given, found, party) for verb, given in kept.items()},
            }
    found |= {"paths": paths, "servers": [{"url": base}]}
    if not token:
        found.pop("security", None)
    return base, found


def _may(operation_id: str, *, write: bool) -> bool:
    operation = OPERATIONS.get(operation_id)
    if operation is None or operation.module in {*_LEFT_ALONE, "versions"}:
        return False
    if operation.verb == "GET":
        return operation.paginated or not operation.owner  # what was written is read back at once, not by chance
    return write


def _request(given: Json, found: Json, party: tuple[str, str]) -> Json:
    """An operation without its answers: they are judged elsewhere, leniently."""
    kept = {name: value for name, value in given.items() if name in {"operationId", "requestBody", "summary"}}
    parameters = [_pinned(parameter, found, party) for parameter in given.get("parameters", [])]
    # Headers of the hub's choose another party, which is not this run's business.
    parameters = [parameter for parameter in parameters if parameter["in"] != "header"]
    return {**kept, "parameters": parameters, "responses": {"default": {"description": "any"}}}


def _pinned(parameter: Json, found: Json, party: tuple[str, str]) -> Json:
    """A parameter with the test party in its place, and ids that any path takes."""
    if "$ref" in parameter:
        parameter = found["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    given = copy.deepcopy(parameter)
    values = dict(zip(("country_code", "party_id"), party, strict=True))
    if given["in"] == "path":
        value = values.get(given["name"])
        given["schema"] = {"enum": [value]} if value else {"enum": list(SAFE_IDS)}
    return given


def _bound(node: object) -> None:
    """Lists of a few entries: what breaks with four breaks with three."""
    if isinstance(node, dict):
        members = cast("Json", node)
        if members.get("type") == "array":
            members.setdefault("maxItems", max(_MOST_ITEMS, int(members.get("minItems", 0))))
        for value in members.values():
            _bound(value)
    elif isinstance(node, list):
        for value in cast("list[object]", node):
            _bound(value)
