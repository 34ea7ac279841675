"""From the bundled, validated OpenAPI document to the frozen form of `ir`.

The only module besides the front (`load` … `validate`) that knows OpenAPI. It meets a document that is known to be
right, so it checks nothing again; what it decides is naming.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ocpi_codegen.grammar import VERBS
from ocpi_codegen.ir import EnumClass, Field, Module, ObjectClass, Operation, Parameter, Scalar, Spec, Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocpi_codegen.read import Bundle

Schema = dict[str, Any]
ENVELOPE = "Envelope"  # the runtime's, not a model
PYTHON_TYPES = {"DateTime": "datetime", "Number": "Decimal"}


def lower(bundle: Bundle, package: str) -> Spec:
    """The whole spec, in the order of its documents."""
    return _Lowering(bundle).spec(package)


class _Lowering:
    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.document: Mapping[str, Any] = bundle.document
        self.schemas: Mapping[str, Schema] = self.document["components"]["schemas"]
        self.scalars: dict[str, Scalar] = {}

    def spec(self, package: str) -> Spec:
        patched = set(self._merge_patch_bodies())
        modules = tuple(self._module(name, patched) for name in self.bundle.module_order)
        codes = tuple((int(code), meaning) for code, meaning in self.document["x-ocpi-status-codes"].items())
        scalars = tuple(self.scalars[name] for name in sorted(self.scalars))
        return Spec(package, modules, scalars, codes, tuple(self.bundle.overlays))

    def _merge_patch_bodies(self) -> Iterator[str]:
        for _, _, operation in self._operations():
            body = self.bundle.resolve(operation.get("requestBody", {}))
            if body.get("x-ocpi-merge-patch"):
                yield _name(body["content"]["application/json"]["schema"]["$ref"])

    def _operations(self) -> Iterator[tuple[str, str, Schema]]:
        for path, item in self.document["paths"].items():
            for verb in VERBS:
                if verb in item:
                    yield path, verb, item[verb]

    # Classes

    def _module(self, name: str, patched: set[str]) -> Module:
        about = self.document["x-ocpi-modules"][name]
        own = {key: schema for key, schema in self.schemas.items() if schema["x-ocpi-module"] == name}
        objects: list[ObjectClass] = []
        for key, schema in own.items():
            if "properties" in schema and key != ENVELOPE:
                objects.append(made := self._object(key, schema))
                if key in patched:
                    objects.append(_patch_of(made))
        enums = tuple(_enum(key, schema) for key, schema in own.items() if "enum" in schema)
        operations = tuple(
            self._operation(path, verb, operation)
            for path, verb, operation in self._operations()
            if operation["operationId"].split(".")[1] == name
        )
        return Module(name, about["title"], about["description"], tuple(objects), enums, operations)

    def _object(self, name: str, schema: Schema) -> ObjectClass:
        required = set(schema.get("required", ()))
        fields = tuple(
            self._field(name, key, prop, required=key in required) for key, prop in schema["properties"].items()
        )
        return ObjectClass(
            name,
            schema["x-ocpi-module"],
            schema["description"],
            schema["x-ocpi-section"],
            fields,
            exclusive=tuple((pair[0], pair[1]) for pair in schema.get("x-ocpi-exclusive", ())),
            origin=schema.get("x-ocpi-origin", ""),
        )

    def _field(self, owner: str, name: str, schema: Schema, *, required: bool) -> Field:
        made = self._type(schema, (owner, name), blank=not required)
        origin = schema.get("x-ocpi-origin", "")
        return Field(name, made, required, schema["description"], schema.get("default"), origin)

    # Types

    def _type(self, schema: Schema, site: tuple[str, str], *, blank: bool = False) -> Type:
        """The type of a schema. `site` names it if it needs a name; `blank` says that "" may stand for absence."""
        if schema.get("type") == "array":
            item = self._type(schema["items"], site)
            return Type("list", item=item, min_items=schema.get("minItems", 0))
        if schema.get("type") == "integer":
            return self._integer(schema)
        if schema.get("type") == "boolean":
            self.scalars.setdefault("Boolean", Scalar("Boolean", "Boolean", "bool"))
            return Type("boolean", "Boolean", "scalars")
        name = _name(schema["$ref"])
        target = self.schemas[name]
        if "properties" in target:
            return Type("class", name, target["x-ocpi-module"])
        if "enum" in target:
            return Type("enum", name, target["x-ocpi-module"])
        return self._scalar(schema, site, blank=blank)

    def _integer(self, schema: Schema) -> Type:
        low, high = schema.get("minimum"), schema.get("maximum")
        name = "Integer" + (f"From{low}" if high is None else f"{low or 0}To{high}") * (
            low is not None or high is not None
        )
        self.scalars.setdefault(name, Scalar(name, "Integer", "int", minimum=low, maximum=high))
        return Type("integer", name, "scalars", minimum=low, maximum=high)

    def _scalar(self, schema: Schema, site: tuple[str, str], *, blank: bool) -> Type:
        """A string type, a DateTime or a Number: everything the runtime has a marker for."""
        chain = [schema]
        while "$ref" in chain[-1]:
            chain.append(self.schemas[_name(chain[-1]["$ref"])])
        root = chain[-1]
        runtime = root["x-ocpi-scalar"]
        if runtime in PYTHON_TYPES:
            made = Scalar(runtime, runtime, PYTHON_TYPES[runtime], section=root["x-ocpi-section"])
            return self._named(made, site)
        limits: Schema = {}
        for link in reversed(chain):
            limits |= {key: link[key] for key in ("minLength", "maxLength") if key in link}
            if "pattern" in link and link is not root:
                limits["pattern"] = link["pattern"]
        minimum, pattern = limits.get("minLength", 0), limits.get("pattern")
        made = Scalar(
            _scalar_name(_name(schema["$ref"]), chain, limits, site[1]),
            runtime,
            "str",
            minimum,
            limits.get("maxLength"),
            pattern,
            section=root["x-ocpi-section"],
        )
        # "" passes by itself where nothing but a length and the plain alphabet is asked for.
        if blank and (minimum or pattern or runtime == "URL"):
            made = replace(made, name=f"Optional{made.name}", blank=True)
        return self._named(made, site)

    def _named(self, made: Scalar, site: tuple[str, str]) -> Type:
        if self._taken(made):
            made = replace(made, name=site[0] + made.name)
        self.scalars[made.name] = made
        return Type("scalar", made.name, "scalars")

    def _taken(self, made: Scalar) -> bool:
        schema = self.schemas.get(made.name, {})
        is_class = "properties" in schema or "enum" in schema
        return is_class or self.scalars.get(made.name, made) != made

    # Operations

    def _operation(self, path: str, verb: str, schema: Schema) -> Operation:
        role, module, name = schema["operationId"].split(".")
        item = self.document["paths"][path]
        declared = [self.bundle.resolve(one) for one in (*item.get("parameters", ()), *schema.get("parameters", ()))]
        parameters = tuple(self._parameter(module, one) for one in declared)
        body = self.bundle.resolve(schema.get("requestBody", {}))
        merge_patch = bool(body.get("x-ocpi-merge-patch"))
        body_type, body_name = self._body(body, merge_patch=merge_patch)
        responses = {code: self.bundle.resolve(one) for code, one in schema["responses"].items()}
        success = [responses[code] for code in ("200", "201") if code in responses]
        paginated = bool(schema.get("x-ocpi-paginated"))
        return Operation(
            id=schema["operationId"],
            role="cpo" if role == "cpo" else "emsp",
            module=module,
            name=name,
            verb=verb.upper(),
            path=path,
            suffix=_suffix(path, module),
            summary=schema["summary"],
            section=schema["x-ocpi-section"],
            parameters=_in_order(parameters, path),
            body=body_type,
            body_name=body_name,
            body_required=bool(body.get("required")),
            merge_patch=merge_patch,
            result=self._result(success[0], module, paginated=paginated),
            paginated=paginated,
            created="201" in responses,
            opaque_url=bool(schema.get("x-ocpi-opaque-url")),
            owner=tuple(schema.get("x-ocpi-owner", ())),
            key=tuple(schema.get("x-ocpi-key", {}).items()),
            refusals=tuple(schema.get("x-ocpi-refusals", ())),
            response_headers=tuple(dict.fromkeys(name for one in success for name in one.get("headers", {}))),
            origin=schema.get("x-ocpi-origin", ""),
        )

    def _parameter(self, module: str, schema: Schema) -> Parameter:
        return Parameter(
            name=schema["name"],
            python=re.sub(r"\W", "_", schema["name"]).lower(),
            place=schema["in"],
            type=self._type(schema["schema"], (module.capitalize(), schema["name"])),
            required=bool(schema.get("required")),
            description=schema["description"],
            default=schema["schema"].get("default"),
            aliases=tuple(schema.get("x-ocpi-aliases", ())),
            origin=schema.get("x-ocpi-origin", ""),
        )

    def _body(self, body: Schema, *, merge_patch: bool) -> tuple[Type | None, str]:
        if not body:
            return None, ""
        made = self._type(body["content"]["application/json"]["schema"], ("", ""))
        if merge_patch:
            return replace(made, name=f"{made.name}Patch"), "patch"
        return made, snake_case(made.name)

    def _result(self, response: Schema, module: str, *, paginated: bool) -> Type | None:
        schema = response["content"]["application/json"]["schema"]
        if "allOf" not in schema:
            return None
        made = self._type(schema["allOf"][1]["properties"]["data"], (module.capitalize(), "Data"))
        return made.item if paginated else made


def snake_case(name: str) -> str:
    """`StartSession` → `start_session`, `EVSE` → `evse`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def pascal_case(name: str) -> str:
    """`period_begin` → `PeriodBegin`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[\W_]+", name))


def _name(ref: str) -> str:
    return ref.rsplit("/", 1)[1]


def _scalar_name(first: str, chain: list[Schema], limits: Schema, site: str) -> str:
    """`String36`, `String1To36`, the name of a named scalar, or that of the property for one with a pattern."""
    if len(chain) > 2 and not {"minLength", "maxLength", "pattern"} & chain[0].keys():
        return first
    if "pattern" in limits:
        return pascal_case(site)
    low, high = limits.get("minLength", 0), limits.get("maxLength")
    if chain[0].keys().isdisjoint({"minLength", "maxLength"}) or high is None:
        return first
    return f"{first}{low}To{high}" if low else f"{first}{high}"


def _suffix(path: str, module: str) -> tuple[str, ...]:
    segments = path.strip("/").split("/")
    # /cpo/versions and /cpo/2.1.1 are themselves the endpoints; the others stand behind /{role}/2.1.1/{module}.
    return () if module == "versions" else tuple(segments[3:])


def _in_order(parameters: tuple[Parameter, ...], path: str) -> tuple[Parameter, ...]:
    """Path parameters in the order of the path, then the others as declared."""
    places = {name: index for index, name in enumerate(re.findall(r"{(\w+)}", path))}
    return tuple(sorted(parameters, key=lambda one: places.get(one.name, len(places))))


def _patch_of(made: ObjectClass) -> ObjectClass:
    description = f"Part of a {made.name}, to change what it gives: absent fields stay, a null unsets an optional one."
    return replace(made, name=f"{made.name}Patch", description=description, exclusive=(), patch_of=made.name)


def _enum(name: str, schema: Schema) -> EnumClass:
    origins = schema.get("x-ocpi-value-origins", {})
    values = tuple(
        (value, f"{origins[value]}: {meaning}" if value in origins else meaning)
        for value, meaning in ((value, schema["x-ocpi-values"][value]) for value in schema["enum"])
    )
    section, origin = schema["x-ocpi-section"], schema.get("x-ocpi-origin", "")
    return EnumClass(name, schema["x-ocpi-module"], schema["description"], section, values, origin)
