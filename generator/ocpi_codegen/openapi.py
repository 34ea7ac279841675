"""The bundled OpenAPI documents, one a role, for schemathesis, Redoc, Swagger UI and whoever validates JSON.

The source says "optional" once, by leaving a property out of `required`; a validator needs to hear that null is fine
too. The source names the object that a PATCH changes; a validator needs the partial object. Both are written out here.
`openapi_reading` adds what people and tools look for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ocpi_codegen.openapi_reading import annotate, head, tell_refusals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocpi_codegen.read import Bundle

Node = Any  # JSON
ROLES = {"cpo": ("cpo",), "emsp": ("emsp",), "hub": ("cpo", "emsp")}
SCHEMAS = "#/components/schemas/"
OWN_KEYS = ("x-ocpi-modules", "x-ocpi-status-codes")


def role_documents(bundle: Bundle, examples: Mapping[str, Node]) -> dict[str, str]:
    """`openapi/cpo.json`, `openapi/emsp.json` and `openapi/hub.json` as text, with an example of these schemas."""
    document = _plain(bundle.document)
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        _write_out_null(schema)
    for name in _patched(document):
        schemas[f"{name}Patch"] = _partial(name, schemas[name])
    tell_refusals(document)
    annotate(document, examples)
    return {f"openapi/{role}.json": _text(_of_roles(document, role)) for role in ROLES}


def _of_roles(document: Node, role: str) -> Node:
    prefixes = tuple(f"/{one}/" for one in ROLES[role])
    paths = {path: item for path, item in document["paths"].items() if path.startswith(prefixes)}
    reachable = _reachable(paths, document["components"])
    components = {
        kind: {name: one for name, one in members.items() if kind == "securitySchemes" or (kind, name) in reachable}
        for kind, members in document["components"].items()
    }
    own = {key: document[key] for key in OWN_KEYS if key in document}
    return {
        "openapi": document["openapi"],
        **head(document, role, paths),
        **own,
        "paths": paths,
        "components": components,
    }


def _patched(document: Node) -> list[str]:
    """Points the body of every PATCH to the partial object and names the objects that need one."""
    names: dict[str, None] = {}
    for item in document["paths"].values():
        body = item.get("patch", {}).get("requestBody", {})
        if body.get("x-ocpi-merge-patch"):
            reference = body["content"]["application/json"]["schema"]
            names[reference["$ref"].rsplit("/", 1)[1]] = None
            reference["$ref"] += "Patch"
    return list(names)


def _partial(name: str, schema: Node) -> Node:
    about = f"Part of a {name}: absent fields stay as they are, null unsets an optional one."
    # A copy of its own: what is told of an object's properties later is told of these as well.
    kept = {key: _plain(value) for key, value in schema.items() if key not in ("required", "not")}
    return kept | {"description": about, "x-ocpi-patch-of": name}


def _write_out_null(schema: Node) -> None:
    if "properties" not in schema:
        return
    required = set(schema.get("required", ()))
    schema["properties"] = {
        key: one if key in required else _nullable(one) for key, one in schema["properties"].items()
    }


def _nullable(schema: Node) -> Node:
    about = {key: schema[key] for key in ("description", "default", "x-ocpi-origin") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in about}
    return {"anyOf": [rest, {"type": "null"}], **about}


def _reachable(root: Node, components: Node) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    waiting = [root]
    while waiting:
        for reference in _references(waiting.pop()):
            _, _, kind, name = reference.split("/")
            if (kind, name) not in found:
                found.add((kind, name))
                waiting.append(components[kind][name])
    return found


def _references(node: Node) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _plain(node: Node) -> Node:
    """A copy in plain dicts and lists, which this module may change."""
    if isinstance(node, dict):
        # Only a reference to a schema may have keys beside it.
        bare = not node.get("$ref", SCHEMAS).startswith(SCHEMAS)
        return {key: _plain(value) for key, value in node.items() if key == "$ref" or not bare}
    return [_plain(value) for value in node] if isinstance(node, list) else node


def _text(document: Node) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
