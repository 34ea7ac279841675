"""What people and tools look for in the bundled OpenAPI documents, and what follows from the source.

Swagger UI and Redoc sort by tag, show examples and follow links; they, and schemathesis, must know that OCPI refuses
with HTTP 200 as well.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ocpi_codegen.grammar import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Node = Any  # JSON
TITLES = {
    "cpo": "OCPI 2.1.1, the interface a CPO serves",
    "emsp": "OCPI 2.1.1, the interface an eMSP serves",
    "hub": "OCPI 2.1.1, both interfaces, as a hub serves them",
}
ABOUT = """\
Every answer is an envelope: `status_code`, `timestamp`, and `data` where there is any. What counts is `status_code`:
an answer with HTTP 200 may be a refusal.

The paths are descriptive. A party publishes its own through versions and version details; what stands behind the name
of the module is the same everywhere.
"""
OFFICIAL = "https://github.com/ocpi/ocpi/blob/release-2.1.1-bugfixes/"
GUIDE = "https://github.com/CNX-GIREVE/GIREVE_Tech_OCPI_V2.1.1/blob/HEAD/"
SERVER = {
    "url": "{public_url}",
    "description": "Where the routes are mounted.",
    "variables": {"public_url": {"default": "https://ocpi.example.com"}},
}
# No schema of the specification can be called so: schemas are named like classes.
SUCCESS, REFUSAL = "Envelope.Success", "Envelope.Refusal"


def read_examples(folder: Path) -> dict[str, Node]:
    """An example of each schema that has one called `<schema>_full.json` or `<schema>.json`, by the schema's name."""
    examples: dict[str, Node] = {}
    for path in sorted(folder.glob("*/valid/*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        if path.stem.removesuffix("_full").replace("_", "") == read["schema"].lower():
            examples[read["schema"]] = read["value"]
    return examples


def head(document: Node, role: str, paths: Node) -> Node:
    """What stands in a role's document before the paths."""
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in document.get("x-ocpi-status-codes", {}).items())
    info = {
        "title": TITLES[role],
        "version": document["info"]["version"],
        "description": f"{ABOUT}\n| `status_code` | Meaning |\n|---|---|\n{codes}\n",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    used = {tag for item in paths.values() for _, operation in operations(item) for tag in operation["tags"]}
    tags = [
        {"name": name, "description": module["description"]}
        for name, module in document["x-ocpi-modules"].items()
        if name in used
    ]
    return {
        "info": info,
        "externalDocs": {"description": "The official text", "url": f"{OFFICIAL}README.md"},
        "servers": [SERVER],
        # Also of what an overlay adds to a document that has its own.
        "security": [{name: []} for name in document["components"].get("securitySchemes", {})],
        "tags": tags,
    }


def tell_refusals(document: Node) -> None:
    """Tells successes from refusals: HTTP 200 may be either, any other error status is a refusal."""
    components = document["components"]
    shared = components.get("responses", {})
    answers: dict[int, tuple[str, Node]] = {}
    for _, operation in (found for item in document["paths"].values() for found in operations(item)):
        for status, response in operation["responses"].items():
            answer = shared[response["$ref"].rsplit("/", 1)[1]] if "$ref" in response else response
            answers[id(answer)] = status, answer["content"]["application/json"]
    for status, media in answers.values():
        media["schema"] = _told(status, media["schema"])
    components["schemas"] |= _envelopes()
    for header in components.get("headers", {}).values():
        header.pop("required", None)  # those of a page do not come with its refusal


def _told(status: str, schema: Node) -> Node:
    if not status.startswith("2"):
        return reference(REFUSAL)
    success = reference(SUCCESS)
    if "allOf" in schema:
        success = {"allOf": [success, *({"required": ["data"], **part} for part in schema["allOf"][1:])]}
    return {"anyOf": [success, reference(REFUSAL)]} if status == "200" else success


def _envelopes() -> Node:
    problem = {name: {"type": "string"} for name in ("pointer", "rule", "reason", "received")}
    return {
        SUCCESS: {
            "description": "The envelope of a success: 1xxx.",
            "allOf": [reference("Envelope"), {"properties": {"status_code": {"maximum": 1999}}}],
        },
        REFUSAL: {
            "description": "The envelope of a refusal: 2xxx or 3xxx, whatever the HTTP status.",
            "allOf": [
                reference("Envelope"),
                {
                    "properties": {
                        "status_code": {"minimum": 2000},
                        "data": {
                            "description": "Whatever the server tells; routes made with this package tell `problems`.",
                            "properties": {
                                "problems": {"type": "array", "items": {"type": "object", "properties": problem}}
                            },
                        },
                    }
                },
            ],
        },
    }


def annotate(document: Node, examples: Mapping[str, Node]) -> None:
    """Tags, links to the text, whose addition something is, what the values of an enum mean, examples."""
    for item in document["paths"].values():
        for verb, operation in operations(item):
            item[verb] = {"tags": [item["x-ocpi-module"]], **operation, "externalDocs": _link(operation)}
    components = document["components"]
    for name, schema in components["schemas"].items():
        if "x-ocpi-section" in schema:
            schema["externalDocs"] = _link(schema)
        if "x-ocpi-values" in schema:
            schema["description"] += "\n" + "".join(_meanings(schema))
        if name in examples:
            schema["examples"] = [examples[name]]
    for node in _added(document):
        key = "summary" if "summary" in node else "description"
        node[key] = f"{node['x-ocpi-origin']}: {node[key]}"
    for scheme in components.get("securitySchemes", {}).values():
        _write_out_scheme(scheme)


def operations(item: Node) -> Iterator[tuple[str, Node]]:
    """The operations of a path, by verb."""
    return ((verb, item[verb]) for verb in VERBS if verb in item)


def reference(name: str) -> Node:
    """A `$ref` to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _link(node: Node) -> Node:
    section = node["x-ocpi-section"]
    url = GUIDE + section.removeprefix("gireve:") if section.startswith("gireve:") else OFFICIAL + section
    return {"description": section, "url": url}


def _meanings(schema: Node) -> Iterator[str]:
    origins = schema.get("x-ocpi-value-origins", {})
    for value, meaning in schema["x-ocpi-values"].items():
        yield f"\n- `{value}`: {f'{origins[value]}: ' if value in origins else ''}{meaning}"


def _added(node: Node) -> Iterator[Node]:
    if isinstance(node, dict):
        if "x-ocpi-origin" in node and not node.keys().isdisjoint(("summary", "description")):
            yield node
        for value in node.values():
            yield from _added(value)
    elif isinstance(node, list):
        for value in node:
            yield from _added(value)


def _write_out_scheme(scheme: Node) -> None:
    # Swagger UI sends the schemes Basic and Bearer alone; a header it lets one fill in whatever it holds.
    if scheme["type"] == "http":
        about = f"{scheme['description']} Give the whole value, `{scheme.pop('scheme')}` included."
        scheme |= {"type": "apiKey", "in": "header", "name": "Authorization", "description": about}
