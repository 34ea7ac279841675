"""Naming: what the frozen form calls the things of the spec."""

from __future__ import annotations

from functools import cache

import pytest

from ocpi_codegen.__main__ import GIREVE, SPEC
from ocpi_codegen.ir import ObjectClass, Operation, Scalar, Spec
from ocpi_codegen.lower import lower, pascal_case, snake_case
from ocpi_codegen.read import read_spec


@cache
def spec() -> Spec:
    return lower(read_spec(SPEC, [GIREVE]), "ocpi211")


def operation(name: str) -> Operation:
    return next(one for module in spec().modules for one in module.operations if one.id == name)


def object_class(name: str) -> ObjectClass:
    return next(one for module in spec().modules for one in module.objects if one.name == name)


def scalar(name: str) -> Scalar:
    return next(one for one in spec().scalars if one.name == name)


@pytest.mark.parametrize(
    ("name", "snake"),
    [("EVSE", "evse"), ("CDR", "cdr"), ("StartSession", "start_session"), ("CdrDimension", "cdr_dimension")],
)
def test_snake_case(name: str, snake: str) -> None:
    assert snake_case(name) == snake


def test_pascal_case() -> None:
    assert pascal_case("period_begin") == "PeriodBegin"


def test_a_string_is_named_by_its_bounds() -> None:
    fields = {field.name: field.type.name for field in object_class("Token").fields}
    assert fields["auth_id"] == "String36"
    assert fields["uid"] == "String1To36"
    assert fields["issuer"] == "Text64"


def test_a_string_with_a_pattern_is_named_by_its_property() -> None:
    assert {field.type.name for field in object_class("GeoLocation").fields} == {"Latitude", "Longitude"}
    assert scalar("Latitude").max_length == 10


def test_an_optional_string_with_a_pattern_may_be_blank() -> None:
    assert scalar("OptionalStartTime").blank
    assert scalar("OptionalURL").blank
    assert not scalar("URL").blank


def test_a_secret_is_a_secret() -> None:
    assert (
        next(field for field in object_class("Credentials").fields if field.name == "token").type.name == "Secret1To64"
    )


def test_every_scalar_name_is_taken_once() -> None:
    names = [one.name for one in spec().scalars]
    assert len(names) == len(set(names))
    classes = {one.name for module in spec().modules for one in module.objects}
    classes |= {one.name for module in spec().modules for one in module.enums}
    assert classes.isdisjoint(names)


def test_a_patch_has_its_objects_fields() -> None:
    patch, token = object_class("TokenPatch"), object_class("Token")
    assert patch.patch_of == "Token"
    assert patch.fields == token.fields
    assert not object_class("Hours").patch_of


def test_path_parameters_stand_in_the_order_of_the_path() -> None:
    names = [one.python for one in operation("emsp.locations.put_connector").parameters]
    assert names == ["country_code", "party_id", "location_id", "evse_uid", "connector_id"]


def test_an_operation_keeps_what_stands_behind_the_module() -> None:
    assert operation("cpo.versions.list_versions").suffix == ()
    assert operation("cpo.commands.start_session").suffix == ("START_SESSION",)
    assert operation("emsp.tokens.authorize_token").suffix == ("{token_uid}", "authorize")


def test_bodies_and_results() -> None:
    start = operation("cpo.commands.start_session")
    assert (start.body_name, start.result and start.result.name) == ("start_session", "CommandResponse")
    patch = operation("emsp.sessions.patch_session")
    assert (patch.body_name, patch.body and patch.body.name, patch.result) == ("patch", "SessionPatch", None)
    listed = operation("cpo.cdrs.list_cdrs")
    assert (listed.paginated, listed.result and listed.result.name) == (True, "CDR")
    posted = operation("emsp.cdrs.post_cdr")
    assert (posted.created, posted.response_headers) == (True, ("Location",))
    assert operation("emsp.cdrs.get_cdr").opaque_url


def test_what_gireve_adds_is_marked() -> None:
    assert operation("emsp.tokens.get_token").origin == "GIREVE"
    headers = [one for one in operation("emsp.tokens.list_tokens").parameters if one.place == "header"]
    assert [(one.python, one.origin) for one in headers] == [
        ("ocpi_to_country_code", "GIREVE"),
        ("ocpi_to_party_id", "GIREVE"),
    ]
    assert {
        field.origin for field in object_class("CDR").fields if field.name in {"signed_data", "authorization_id"}
    } == {"GIREVE"}
    assert not operation("emsp.tokens.list_tokens").origin
