"""The models, by datamodel-code-generator, from a schema that is made for it.

What it is given is not the spec but the frozen form, lowered to the shapes it renders best: scalars are imported by
name, an optional field is nullable with the default null, a partial object is written with a missing-value sentinel.
Every option is explicit, the version is pinned: an upgrade shows in the diff of `generated/`, nowhere else.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from datamodel_code_generator import GenerateConfig, InputFileType, generate
from datamodel_code_generator.enums import DataModelType, TargetPydanticVersion
from datamodel_code_generator.format import Formatter, PythonVersion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ocpi_codegen.ir import EnumClass, Field, Module, ObjectClass, Spec, Type

RUNTIME = "ocpi211_runtime"
HEAD = "# models"  # cut off again: the module has a head of its own
WIDTH = 110  # of a docstring, indented within 120 columns


def model_texts(spec: Spec, work: Path, templates: Path) -> dict[str, str]:
    """Noun → imports and classes of its Python module. `work` is a folder for scratch."""
    lowered, out = work / "lowered", work / "models"
    lowered.mkdir(parents=True)
    documents = {module.name: _document(module) for module in spec.modules}
    documents["scalars"] = _scalars(spec)
    for name, document in documents.items():
        (lowered / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    generate(lowered, config=_config(spec, out, templates))
    return {
        module.name: (out / f"{module.name}.py").read_text(encoding="utf-8").removeprefix(HEAD)
        for module in spec.modules
        if module.objects or module.enums
    }


def _config(spec: Spec, out: Path, templates: Path) -> GenerateConfig:
    classes = [one for module in spec.modules for one in module.objects]
    patches: dict[str, str | list[str]] = {one.name: f"{RUNTIME}.model.OcpiPatch" for one in classes if one.patch_of}
    exclusive: dict[str, str | list[str]] = {
        one.name: f"{RUNTIME}.model.ExclusiveModel" for one in classes if one.exclusive
    }
    extra: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for one in classes:
        if one.exclusive:
            extra[one.name]["exclusive"] = repr(one.exclusive)
    return GenerateConfig(
        input_file_type=InputFileType.OpenAPI,
        output=out,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        target_pydantic_version=TargetPydanticVersion.V2_14,
        base_class=f"{RUNTIME}.model.OcpiModel",
        base_class_map=patches | exclusive,
        # The formatter removes them where the templates do not use them.
        additional_imports=["typing.ClassVar", f"{RUNTIME}.enums.OpenEnum"],
        extra_template_data=extra,
        custom_template_dir=templates / "models",
        custom_file_header=HEAD,
        use_annotated=True,
        field_constraints=True,
        use_type_alias_type=True,
        use_exact_imports=True,
        use_schema_description=True,
        use_field_description=True,
        use_attribute_docstrings=True,
        use_missing_sentinel=True,
        use_subclass_enum=True,
        use_specialized_enum=True,
        use_union_operator=True,
        use_standard_collections=True,
        use_double_quotes=True,
        capitalise_enum_members=False,
        keep_enum_member_values=True,
        strict_nullable=True,
        keep_model_order=True,
        no_alias=True,
        disable_future_imports=True,
        disable_timestamp=True,
        allow_remote_refs=False,
        formatters=[Formatter.BUILTIN],
    )


def _document(module: Module) -> dict[str, Any]:
    schemas = {one.name: _object(one, module.name) for one in module.objects}
    schemas |= {one.name: _enum(one) for one in module.enums}
    return _openapi(module.title, schemas)


def _scalars(spec: Spec) -> dict[str, Any]:
    module = f"{spec.package}.models.scalars"
    return _openapi(
        "scalars", {one.name: {"x-python-import": {"module": module, "name": one.name}} for one in spec.scalars}
    )


def _openapi(title: str, schemas: dict[str, Any]) -> dict[str, Any]:
    info = {"title": title, "version": "2.1.1"}
    return {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": schemas}}


def _object(one: ObjectClass, module: str) -> dict[str, Any]:
    required = [field.name for field in one.fields if field.required and not one.patch_of]
    return {
        "type": "object",
        "description": _docstring(one.description, one.section, one.origin),
        "required": required,
        "properties": {field.name: _field(field, module, patch=bool(one.patch_of)) for field in one.fields},
    }


def _field(field: Field, module: str, *, patch: bool) -> dict[str, Any]:
    schema: dict[str, Any] = _type(field.type, module)
    if not field.required:
        schema = {"anyOf": [schema, {"type": "null"}]}
        if not patch:
            schema["default"] = None
    meaning = "" if field.default is None else f" Absent means {json.dumps(field.default)}."
    return schema | {"description": _prefixed(field.description + meaning, field.origin)}


def _type(one: Type, module: str) -> dict[str, Any]:
    if one.item:
        bounds = {"minItems": one.min_items} if one.min_items else {}
        return {"type": "array", "items": _type(one.item, module), **bounds}
    document = "" if one.module == module else f"{one.module}.json"
    return {"$ref": f"{document}#/components/schemas/{one.name}"}


def _enum(one: EnumClass) -> dict[str, Any]:
    return {
        "type": "string",
        "description": _docstring(one.description, one.section, one.origin),
        "enum": _first(one.values),
        "x-enum-varnames": [_member(value) for value in _first(one.values)],
        "x-enum-descriptions": [_prefixed(meaning, "") for _, meaning in one.values],
    }


def _member(value: str) -> str:
    """The value itself where Python allows that: `AVAILABLE`; otherwise close to it: `V2_1_1`."""
    name = re.sub(r"\W", "_", value)
    return f"V{name}" if name[:1].isdigit() else name


def _first(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [name for name, _ in pairs]


def _docstring(description: str, section: str, origin: str) -> str:
    return f"{_prefixed(description, origin)}\n\n    Section: {section}\n    "


def _prefixed(description: str, origin: str) -> str:
    """As it stands in a docstring: wrapped, and indented behind the first line."""
    return "\n    ".join(textwrap.wrap(f"{origin}: {description}" if origin else description, WIDTH))
