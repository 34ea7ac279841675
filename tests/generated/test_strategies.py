"""`ocpi211.strategies`: a strategy a class, whose objects are valid, complete, and cheap to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from ocpi211 import strategies
from ocpi211.models import CDR, Hours, Location, Session, Status, TokenPatch
from ocpi211_runtime.patch import MISSING
from ocpi211_runtime.recipes import wire
from tests.generated.described import (
    ENUMS,
    FUNCTIONS,
    MODELS,
    PATCHES,
    drawing,
    drawn_by,
    parsed,
    schema_problems,
    validator,
)

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from ocpi211_runtime.enums import OpenEnum
    from ocpi211_runtime.model import OcpiModel


class TestNames:
    def test_every_class_has_one_strategy(self) -> None:
        assert set(FUNCTIONS) == set(MODELS) | set(ENUMS)
        assert len(FUNCTIONS) == len(strategies.__all__)

    @pytest.mark.parametrize(
        ("name", "function"),
        [
            ("Location", "locations"),
            ("EVSE", "evses"),
            ("CDR", "cdrs"),
            ("BusinessDetails", "business_details"),
            ("CdrDimension", "cdr_dimensions"),
            ("Credentials", "credentials"),
            ("DayOfWeek", "days_of_week"),
            ("EnergyMix", "energy_mixes"),
            ("Facility", "facilities"),
            ("GeoLocation", "geo_locations"),
            ("Hours", "hours"),
            ("ModuleID", "module_ids"),
            ("Status", "statuses"),
            ("UnlockConnector", "unlock_connectors"),
            ("EVSEPatch", "evse_patches"),
            ("LocationPatch", "location_patches"),
        ],
    )
    def test_a_strategy_is_the_plural_of_its_class(self, name: str, function: str) -> None:
        assert drawn_by(function) == name


@pytest.mark.parametrize("name", MODELS)
class TestObjects:
    @given(data=st.data())
    def test_are_valid_by_the_json_schema(self, data: st.DataObject, name: str) -> None:
        assert schema_problems(validator(name), parsed(data.draw(drawing(name)))) == set()

    def test_have_every_field_in_some_draw_and_lack_every_optional_one_in_another(self, name: str) -> None:
        given_fields: list[set[str]] = []

        @settings(max_examples=50, derandomize=True, database=None)
        @given(drawing(name))
        def look(drawn: OcpiModel) -> None:
            given_fields.append(drawn.model_fields_set)

        look()
        fields = MODELS[name].model_fields
        assert set.union(*given_fields) == set(fields)
        assert set.intersection(*given_fields) == {field for field, about in fields.items() if about.is_required()}


class TestKeywords:
    @given(strategies.locations(id=st.just("LOC1"), evses=st.none(), name=st.just("Gent Zuid")))
    def test_a_keyword_replaces_the_strategy_of_a_field(self, location: Location) -> None:
        assert (location.id, location.evses, location.name) == ("LOC1", None, "Gent Zuid")

    @given(strategies.locations(evses=st.lists(strategies.evses(status=st.just(Status.CHARGING)), min_size=1)))
    def test_keywords_nest(self, location: Location) -> None:
        assert {evse.status for evse in location.evses or ()} == {Status.CHARGING}

    @given(wire(strategies.tokens(uid=st.just("1"))))
    def test_objects_can_be_had_as_json(self, token: dict[str, object]) -> None:
        assert token["uid"] == "1"


class TestSense:
    """What no schema says, and everyone expects of a valid object."""

    @given(strategies.locations())
    def test_evses_and_connectors_have_ids_of_their_own(self, location: Location) -> None:
        evses = location.evses or []
        assert len({evse.uid for evse in evses}) == len(evses)
        for evse in evses:
            assert len({connector.id for connector in evse.connectors}) == len(evse.connectors)

    @given(strategies.hours())
    def test_what_is_always_open_has_no_regular_hours(self, hours: Hours) -> None:
        assert not (hours.twentyfourseven and hours.regular_hours)
        for period in hours.regular_hours or ():
            assert period.period_begin < period.period_end
        for exception in (*(hours.exceptional_openings or ()), *(hours.exceptional_closings or ())):
            assert exception.period_begin < exception.period_end

    @given(strategies.sessions(), strategies.cdrs())
    def test_what_ends_has_begun(self, session: Session, cdr: CDR) -> None:
        assert session.end_datetime is None or session.start_datetime < session.end_datetime
        assert cdr.start_date_time < cdr.stop_date_time


class TestPatches:
    @pytest.mark.parametrize("name", PATCHES)
    @given(data=st.data())
    def test_null_is_drawn_for_optional_fields_only(self, data: st.DataObject, name: str) -> None:
        base = MODELS[name.removesuffix("Patch")].model_fields
        patch = data.draw(drawing(name))
        nulls = {field for field in patch.model_fields_set if getattr(patch, field) is None}
        assert not any(base[field].is_required() for field in nulls)

    @pytest.mark.parametrize("value", [None, MISSING])
    def test_null_and_absence_are_both_drawn(self, value: object) -> None:
        assert find(strategies.token_patches(), lambda patch: patch.visual_number is value) == (
            TokenPatch(visual_number=None) if value is None else TokenPatch()
        )


@pytest.mark.parametrize("name", ENUMS)
class TestEnums:
    def test_members_are_all_drawn_and_unknown_ones_on_demand(self, name: str) -> None:
        seen: set[OpenEnum] = set()

        @settings(max_examples=300, derandomize=True, database=None)
        @given(drawn=getattr(strategies, FUNCTIONS[name])(unknown=True))
        def look(drawn: OpenEnum) -> None:
            seen.add(drawn)

        look()
        assert seen > set(ENUMS[name])
        assert {member for member in seen if not member.known} == seen - set(ENUMS[name])

    @given(data=st.data())
    def test_only_known_ones_by_default(self, data: st.DataObject, name: str) -> None:
        assert data.draw(getattr(strategies, FUNCTIONS[name])()).known


class TestCost:
    """Counted, not timed: a machine under load draws as many as an idle one."""

    @pytest.mark.parametrize("name", ["Location", "Session", "CDR", "Tariff", "LocationPatch"])
    def test_what_is_begun_is_finished(self, name: str) -> None:
        begun: list[str] = []
        finished: list[str] = []

        @st.composite
        def counted(draw: DrawFn) -> OcpiModel:
            begun.append(name)
            drawn = draw(drawing(name))
            finished.append(name)
            return drawn

        # All health checks but the one of the clock: too much data, too many draws thrown away.
        @settings(max_examples=200, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
        @given(counted())
        def look(_: OcpiModel) -> None:
            pass

        look()
        assert len(finished) >= 200
        assert len(begun) <= 1.5 * len(finished)

    def test_a_counterexample_shrinks_to_what_matters(self) -> None:
        found = find(strategies.credentials(), lambda drawn: drawn.business_details.logo is not None)
        assert found.business_details.model_fields_set == {"name", "logo"}
        assert found.business_details.logo
        assert found.business_details.logo.model_fields_set == {"url", "category", "type"}
