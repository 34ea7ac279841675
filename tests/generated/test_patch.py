"""`apply_patch` and the laws it obeys, for every class that can be patched."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import to_json

from ocpi211 import strategies
from ocpi211.models import (
    Connector,
    Location,
    LocationPatch,
    Session,
    SessionPatch,
    Tariff,
    TariffPatch,
    Token,
    TokenPatch,
    apply_patch,
    to_wire,
)
from ocpi211_runtime.patch import changes, merge
from ocpi211_runtime.problems import problems_of
from tests.generated.described import MODELS, PATCHES, base_of, drawing, parsed, schema_problems, smallest, validator

if TYPE_CHECKING:
    from ocpi211_runtime.model import OcpiModel

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def required_of(name: str) -> list[str]:
    return [field for field, about in MODELS[base_of(name)].model_fields.items() if about.is_required()]


def optional_of(name: str) -> list[str]:
    return [field for field, about in MODELS[base_of(name)].model_fields.items() if not about.is_required()]


def patch_of(name: str, given: dict[str, object]) -> OcpiModel:
    return PATCHES[name].model_validate(given)


@pytest.mark.parametrize("name", PATCHES)
class TestLaws:
    @given(data=st.data())
    def test_identity(self, data: st.DataObject, name: str) -> None:
        stored = data.draw(drawing(base_of(name)))
        assert apply_patch(stored, PATCHES[name]()) == stored

    @given(data=st.data())
    def test_idempotence(self, data: st.DataObject, name: str) -> None:
        stored, patch = data.draw(drawing(base_of(name))), data.draw(drawing(name))
        once = apply_patch(stored, patch)
        assert apply_patch(once, patch) == once

    @given(data=st.data())
    def test_the_last_one_wins(self, data: st.DataObject, name: str) -> None:
        stored, first, last = data.draw(drawing(base_of(name))), data.draw(drawing(name)), data.draw(drawing(name))
        both = patch_of(name, changes(first) | changes(last))
        assert apply_patch(apply_patch(stored, first), last) == apply_patch(stored, both)

    @given(data=st.data())
    def test_disjoint_fields_commute(self, data: st.DataObject, name: str) -> None:
        stored, given_fields = data.draw(drawing(base_of(name))), changes(data.draw(drawing(name)))
        mine = data.draw(st.sets(st.sampled_from(sorted(given_fields)))) if given_fields else set[str]()
        one = patch_of(name, {field: value for field, value in given_fields.items() if field in mine})
        other = patch_of(name, {field: value for field, value in given_fields.items() if field not in mine})
        assert apply_patch(apply_patch(stored, one), other) == apply_patch(apply_patch(stored, other), one)

    @pytest.mark.requirement("TF-PATCH-01", "TF-PATCH-04")
    @given(data=st.data())
    def test_what_is_given_is_replaced_whole_and_the_rest_stays(self, data: st.DataObject, name: str) -> None:
        stored, patch = data.draw(drawing(base_of(name))), data.draw(drawing(name))
        before, patched = stored.model_copy(deep=True), apply_patch(stored, patch)
        given_fields = changes(patch)
        for field in MODELS[base_of(name)].model_fields:
            assert getattr(patched, field) == given_fields.get(field, getattr(stored, field))
        assert stored == before

    @given(data=st.data())
    def test_objects_and_their_json_are_patched_alike(self, data: st.DataObject, name: str) -> None:
        stored, patch = data.draw(drawing(base_of(name))), data.draw(drawing(name))
        assert merge(parsed(stored), parsed(patch)) == parsed(apply_patch(stored, patch))

    @given(data=st.data())
    def test_what_was_valid_stays_valid(self, data: st.DataObject, name: str) -> None:
        patched = apply_patch(data.draw(drawing(base_of(name))), data.draw(drawing(name)))
        assert schema_problems(validator(base_of(name)), parsed(patched)) == set()
        assert MODELS[base_of(name)].model_validate_json(to_wire(patched)) == patched


@pytest.mark.parametrize("name", PATCHES)
class TestNull:
    @pytest.mark.requirement("TF-PATCH-05")
    @given(data=st.data())
    def test_unsets_an_optional_field(self, data: st.DataObject, name: str) -> None:
        stored, field = data.draw(drawing(base_of(name))), data.draw(st.sampled_from(optional_of(name)))
        patched = apply_patch(stored, PATCHES[name].model_validate_json(to_json({field: None})))
        assert getattr(patched, field) is None
        assert parsed(patched) == {key: value for key, value in parsed(stored).items() if key != field}

    @pytest.mark.requirement("TY-CARD-03")
    def test_is_refused_for_a_required_field(self, name: str) -> None:
        for field in required_of(name):
            with pytest.raises(ValidationError) as refused:
                PATCHES[name].model_validate_json(to_json({field: None}))
            assert [problem.pointer for problem in problems_of(refused.value)] == [f"/{field}"]
            assert schema_problems(validator(name), {field: None})

    def test_is_not_absence(self, name: str) -> None:
        absent, null = PATCHES[name](), PATCHES[name].model_validate(dict.fromkeys(optional_of(name)))
        assert changes(absent) == parsed(absent) == {}
        assert changes(null) == parsed(null) == dict.fromkeys(optional_of(name))
        assert absent != null


@pytest.mark.parametrize("name", PATCHES)
class TestPartial:
    @pytest.mark.requirement("TF-PATCH-09", "TF-PATCH-10")
    @given(data=st.data())
    def test_any_field_may_be_left_out(self, data: st.DataObject, name: str) -> None:
        whole = parsed(data.draw(drawing(base_of(name))))
        field = data.draw(st.sampled_from(sorted(whole)))
        patch = PATCHES[name].model_validate_json(to_json({field: whole[field]}))
        assert set(changes(patch)) == set(parsed(patch)) == {field}
        assert schema_problems(validator(name), {field: whole[field]}) == set()

    @pytest.mark.requirement("TF-PATCH-10")
    def test_a_field_that_is_given_has_to_be_valid(self, name: str) -> None:
        with pytest.raises(ValidationError):
            PATCHES[name].model_validate_json(b'{"last_updated": "yesterday"}')

    @pytest.mark.requirement("TF-EXT-01")
    @given(data=st.data())
    def test_unknown_fields_are_carried(self, data: st.DataObject, name: str) -> None:
        stored = data.draw(drawing(base_of(name))).model_copy(update={"acme_old": 1, "acme": 1})
        patch = PATCHES[name].model_validate_json(b'{"acme": 2, "acme_new": [3]}')
        assert apply_patch(stored, patch).model_extra == {"acme_old": 1, "acme": 2, "acme_new": [3]}

    @pytest.mark.requirement("TF-PATCH-03")
    @given(data=st.data())
    def test_last_updated_is_the_time_of_receipt_unless_given(self, data: st.DataObject, name: str) -> None:
        stored, patch = data.draw(drawing(base_of(name))), data.draw(drawing(name))
        expected = changes(patch).get("last_updated", NOW)
        assert changes(apply_patch(stored, patch, now=NOW))["last_updated"] == expected


class TestSingleFields:
    @pytest.mark.requirement("TOK-CPO-02")
    @given(strategies.tokens())
    def test_a_token_is_made_invalid(self, token: Token) -> None:
        patched = apply_patch(token, TokenPatch(valid=False))
        assert parsed(patched) == parsed(token) | {"valid": False}

    @pytest.mark.requirement("SES-EMSP-02", "TF-PATCH-04")
    @given(strategies.sessions(), strategies.session_patches(charging_periods=st.lists(strategies.charging_periods())))
    def test_charging_periods_replace_the_list(self, session: Session, patch: SessionPatch) -> None:
        assert apply_patch(session, patch).charging_periods == patch.charging_periods

    @pytest.mark.requirement("GIR-SES-03")
    @given(strategies.sessions())
    def test_a_session_is_patched_with_its_id_and_without_last_updated(self, session: Session) -> None:
        patch = SessionPatch.model_validate_json(to_json({"id": session.id, "kwh": 1.5}))
        assert parsed(apply_patch(session, patch)) == parsed(session) | {"kwh": 1.5}

    @given(strategies.locations(), strategies.evses())
    def test_a_nested_object_is_replaced_whole(self, location: Location, evse: object) -> None:
        patched = apply_patch(location, LocationPatch.model_validate({"evses": [evse]}))
        assert patched.evses == [evse]

    @given(strategies.tariffs())
    def test_an_empty_list_where_one_is_needed_is_refused(self, tariff: Tariff) -> None:
        with pytest.raises(ValidationError):
            TariffPatch.model_validate_json(b'{"elements": []}')
        assert tariff.elements

    def test_the_arguments_stay_as_they_are(self) -> None:
        connector = Connector.model_validate(smallest("Connector"))
        patch = PATCHES["ConnectorPatch"].model_validate({"voltage": 400})
        assert apply_patch(connector, patch) is not connector
        assert connector == Connector.model_validate(smallest("Connector"))
        assert changes(patch) == {"voltage": 400}
