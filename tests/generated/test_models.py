"""`ocpi211.models`: the text's classes, which lose nothing on the way from and to the wire."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import from_json, to_json

from ocpi211 import strategies
from ocpi211.models import CDR, EVSE, Location, Session, Status, Tariff, Token, to_wire
from tests.generated.described import ENUMS, MODELS, OBJECTS, PATCHES, drawing, in_ascii, parsed, smallest

OF_THE_TEXT = """
    AdditionalGeoLocation AuthorizationInfo BusinessDetails CDR CdrDimension ChargingPeriod CommandResponse Connector
    Credentials DisplayText Endpoint EnergyMix EnergySource EnvironmentalImpact EVSE ExceptionalPeriod GeoLocation
    Hours Image Location LocationReferences PriceComponent RegularHours ReserveNow Session StartSession StatusSchedule
    StopSession Tariff TariffElement TariffRestrictions Token UnlockConnector Version VersionDetails
""".split()  # noqa: SIM905 -- one a line would be 35 lines
ENUMS_OF_THE_TEXT = """
    Allowed AuthMethod Capability CdrDimensionType CommandResponseType CommandType ConnectorFormat ConnectorType
    DayOfWeek EnergySourceCategory EnvironmentalImpactCategory Facility ImageCategory LocationType ModuleID
    ParkingRestriction PowerType SessionStatus Status TariffDimensionType TokenType VersionNumber WhitelistType
""".split()  # noqa: SIM905 -- as above
OF_GIREVE = {"PriceRound", "SignedData", "SignedValue", "TariffTimeRestriction"}
PATCHED = {"ConnectorPatch", "EVSEPatch", "LocationPatch", "SessionPatch", "TariffPatch", "TokenPatch"}


class TestNames:
    def test_the_35_classes_of_the_text_have_its_names(self) -> None:
        assert len(OF_THE_TEXT) == 35
        assert set(OBJECTS) == set(OF_THE_TEXT) | OF_GIREVE
        assert set(PATCHES) == PATCHED

    def test_the_enums_of_the_text_have_its_names(self) -> None:
        assert set(ENUMS) == {*ENUMS_OF_THE_TEXT, "RoundGranularity", "RoundRule"}

    @pytest.mark.requirement("TY-NAME-01")
    @pytest.mark.parametrize("name", MODELS)
    def test_fields_are_lower_case_with_underscores(self, name: str) -> None:
        assert all(re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", field) for field in MODELS[name].model_fields)

    @pytest.mark.parametrize("name", sorted(OF_GIREVE))
    def test_what_gireve_adds_says_so(self, name: str) -> None:
        assert str(MODELS[name].__doc__).startswith("GIREVE:")


@pytest.mark.parametrize("name", MODELS)
class TestRoundTrip:
    @given(data=st.data())
    def test_parsing_what_was_serialised_gives_the_same_object(self, data: st.DataObject, name: str) -> None:
        drawn = data.draw(drawing(name))
        assert MODELS[name].model_validate_json(to_json(parsed(drawn))) == drawn

    @pytest.mark.requirement("TY-MODE-01")
    @given(data=st.data())
    def test_strictly_too_within_ascii(self, data: st.DataObject, name: str) -> None:
        sent = in_ascii(parsed(data.draw(drawing(name))))
        strict = MODELS[name].model_validate_json(to_json(sent), strict=True)
        assert strict == MODELS[name].model_validate_json(to_json(sent))
        assert parsed(strict) == sent

    @pytest.mark.requirement("TF-EXT-01")
    @given(data=st.data())
    def test_fields_the_text_does_not_know_are_given_back(self, data: st.DataObject, name: str) -> None:
        unknown = {"acme_id": "é", "acme": {"n": 1.5, "list": [None, {}], "deep": [{"a": True}]}}
        sent = parsed(data.draw(drawing(name))) | unknown
        read = MODELS[name].model_validate_json(to_json(sent))
        assert parsed(read) == sent
        assert read.model_extra == unknown


@pytest.mark.parametrize("name", OBJECTS)
class TestWritten:
    @pytest.mark.requirement("TY-OUT-01")
    @given(data=st.data())
    def test_nothing_is_written_as_null(self, data: st.DataObject, name: str) -> None:
        assert b"null" not in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", to_wire(data.draw(drawing(name))))

    @pytest.mark.requirement("TY-OUT-01", "TY-CARD-01")
    def test_absent_and_null_are_the_same_and_leave_as_absent(self, name: str) -> None:
        optional = [field for field, about in MODELS[name].model_fields.items() if not about.is_required()]
        absent = MODELS[name].model_validate(smallest(name))
        null = MODELS[name].model_validate_json(to_json(smallest(name) | dict.fromkeys(optional)))
        assert null == absent
        assert parsed(null) == smallest(name)


class TestValues:
    @pytest.mark.requirement("TY-NUM-01", "TY-NUM-04")
    @given(strategies.cdrs())
    def test_decimals_leave_as_json_numbers(self, cdr: CDR) -> None:
        sent = json.loads(to_wire(cdr), parse_float=Decimal, parse_int=Decimal)
        assert isinstance(cdr.total_cost, Decimal)
        for field in ("total_cost", "total_energy", "total_time"):
            assert sent[field] == getattr(cdr, field)
        volumes = [dimension["volume"] for period in sent["charging_periods"] for dimension in period["dimensions"]]
        assert volumes == [dimension.volume for period in cdr.charging_periods for dimension in period.dimensions]

    @pytest.mark.requirement("TY-NUM-02")
    def test_a_number_computed_here_is_rounded_to_four_decimals(self) -> None:
        dimension = MODELS["CdrDimension"].model_validate({"type": "TIME", "volume": Decimal(1) / 3})
        assert to_wire(dimension) == b'{"type":"TIME","volume":0.3333}'

    @pytest.mark.requirement("TY-NUM-04")
    @pytest.mark.parametrize(
        "number", ["0.1", "15.342", "1e3", "0", "-2.5", "123456.7891", "0.123456789", "99999999999999"]
    )
    def test_a_number_of_a_peer_keeps_its_value(self, number: str) -> None:
        sent = f'{{"type":"TIME","volume":{number}}}'.encode()
        written = to_wire(MODELS["CdrDimension"].model_validate_json(sent))
        assert json.loads(written, parse_float=Decimal, parse_int=Decimal)["volume"] == Decimal(number)

    @pytest.mark.requirement("TY-DT-01", "TY-DT-05")
    @given(strategies.tokens())
    def test_a_datetime_leaves_in_whole_seconds_with_z(self, token: Token) -> None:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", parsed(token)["last_updated"])

    @pytest.mark.requirement("TY-CI-03")
    @given(strategies.cdrs(id=st.text("aAbB", min_size=1)))
    def test_a_ci_string_is_given_back_in_its_case(self, cdr: CDR) -> None:
        assert CDR.model_validate_json(to_wire(cdr)).id == parsed(cdr)["id"] == cdr.id

    @pytest.mark.requirement("SES-OBJ-03")
    def test_a_total_cost_of_0_is_not_an_absent_one(self) -> None:
        free = Session.model_validate(smallest("Session") | {"total_cost": 0})
        unknown = Session.model_validate(smallest("Session"))
        assert (free.total_cost, unknown.total_cost) == (Decimal(0), None)
        assert free != unknown
        assert parsed(free)["total_cost"] == 0
        assert "total_cost" not in parsed(unknown)

    @pytest.mark.requirement("TY-STR-01")
    def test_ids_that_differ_in_case_are_two(self) -> None:
        one, other = (Token.model_validate(smallest("Token") | {"uid": uid}) for uid in ("a1", "A1"))
        assert one != other

    @pytest.mark.requirement("GIR-LOC-08")
    def test_an_evse_id_need_not_be_of_emi3s_form(self) -> None:
        assert EVSE.model_validate_json(to_json(smallest("EVSE") | {"evse_id": "-42-"}), strict=True).evse_id == "-42-"


@pytest.mark.parametrize("name", ENUMS)
class TestEnums:
    @pytest.mark.requirement("TY-ENUM-01")
    def test_an_unknown_value_is_kept_and_known_as_such(self, name: str) -> None:
        unknown = ENUMS[name]("X_VENDOR")
        assert not unknown.known
        assert unknown == "X_VENDOR"
        assert all(member.known for member in ENUMS[name])

    @pytest.mark.requirement("TY-STR-01")
    def test_another_case_is_another_value(self, name: str) -> None:
        for member in ENUMS[name]:
            changed = member.value.swapcase()
            assert changed == member.value or not ENUMS[name](changed).known


class TestUse:
    @pytest.mark.requirement("TY-ENUM-01")
    @given(strategies.evses(status=strategies.statuses(unknown=True)))
    def test_an_unknown_status_travels(self, evse: EVSE) -> None:
        assert EVSE.model_validate_json(to_wire(evse)).status == evse.status == parsed(evse)["status"]

    @given(strategies.locations())
    def test_assignments_are_validated(self, location: Location) -> None:
        location.city = "Lyon"
        with pytest.raises(ValidationError):
            location.city = "x" * 46

    def test_an_object_is_built_with_keywords(self) -> None:
        evse = EVSE.model_validate(smallest("EVSE") | {"status": Status.CHARGING})
        assert evse.status is Status.CHARGING

    @given(strategies.tariffs())
    def test_a_copy_is_equal_and_apart(self, tariff: Tariff) -> None:
        copied = tariff.model_copy(deep=True)
        assert copied == tariff
        assert copied.elements is not tariff.elements

    @given(strategies.credentials())
    def test_a_token_is_not_in_a_repr(self, credentials: object) -> None:
        assert "token=" not in repr(credentials)

    @given(st.lists(strategies.tokens(), max_size=3))
    def test_a_list_is_written_as_one(self, tokens: list[Token]) -> None:
        assert from_json(to_wire(tokens)) == [parsed(token) for token in tokens]
