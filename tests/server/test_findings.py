"""What GIREVE demands beyond the text: served all the same, and told in the log."""

import json
import logging
from typing import Any

import pytest

from ocpi211_server.findings import DEMANDS, missing
from ocpi211_server.profiles import PROFILES
from tests.server.far_side import World, played
from tests.server.samples import cdr, evse, location, session, token


def lacks(module: str, thing: dict[str, Any], profile: str = "gireve-1.2.2") -> list[str]:
    return [*missing(PROFILES[profile].mandatory, module, "FR*CPO", json.dumps(thing).encode())]


def connected(**changes: Any) -> dict[str, Any]:
    """An EVSE whose Connector is changed."""
    made = evse()
    made["connectors"][0] |= changes
    return made


@pytest.mark.requirement("GIR-LOC-01", "GIR-LOC-02")
@pytest.mark.parametrize("profile", ["gireve-1.1.4", "gireve-1.2.2"])
@pytest.mark.parametrize(
    ("evse_id", "found"),
    [
        ("FR*CPO*E1", []),
        ("fr-cpo-e1*2", []),
        ("FRCPOE1", []),
        ("FR*CPO*1", ["/evses/0/evse_id"]),
        ("FR*CPO*E", ["/evses/0/evse_id"]),
        ("DE*CPO*E1", ["/evses/0/evse_id"]),
        ("FR*CPOX*E1", ["/evses/0/evse_id"]),
        ("", ["/evses/0/evse_id"]),
        (None, ["/evses/0/evse_id"]),
    ],
)
def test_an_evse_id_begins_with_its_operator(profile: str, evse_id: str | None, found: list[str]) -> None:
    assert lacks("locations", location(evses=[evse(evse_id=evse_id)]), profile) == found


@pytest.mark.requirement("GIR-LOC-03", "GIR-LOC-04")
@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"owner": None}, ["/owner/name"]),
        ({"owner": {"name": ""}, "operator": None}, ["/owner/name", "/operator/name"]),
        ({"evses": [evse(capabilities=[])]}, ["/evses/0/capabilities"]),
        ({"evses": [evse(), evse(capabilities=None)]}, ["/evses/1/capabilities"]),
        ({"evses": [connected(tariff_id=None)]}, ["/evses/0/connectors/0/tariff_id"]),
        ({"evses": None}, []),
        ({"evses": [evse(status="REMOVED", evse_id=None, capabilities=None)]}, []),
    ],
)
def test_the_latest_edition_demands_more_of_a_location(changes: dict[str, Any], found: list[str]) -> None:
    assert lacks("locations", location(**changes)) == found
    assert [
        pointer for pointer in lacks("locations", location(**changes), "gireve-1.1.4") if "evse_id" not in pointer
    ] == []


@pytest.mark.parametrize(("given", "found"), [("A-1", []), ("", ["/authorization_id"]), (None, ["/authorization_id"])])
def test_a_session_and_a_cdr_name_their_authorisation(given: str | None, found: list[str]) -> None:
    for module, thing in (("sessions", session(authorization_id=given)), ("cdrs", cdr(authorization_id=given))):
        assert lacks(module, thing) == found
        assert lacks(module, thing, "plain-2.1.1") == []
    assert lacks("tokens", token()) == []


@pytest.mark.requirement("GIR-TOK-04")
@pytest.mark.parametrize(
    ("uid", "kind", "found"),
    [
        ("04A1B2C3", "RFID", []),
        ("04d4e5f60718aa", "RFID", []),
        ("04A1B2C", "RFID", ["/uid"]),
        ("04A1B2C3D4", "RFID", ["/uid"]),
        ("04A1B2CX", "RFID", ["/uid"]),
        ("anything", "OTHER", []),
    ],
)
def test_the_uid_of_a_card_is_8_or_14_digits(uid: str, kind: str, found: list[str]) -> None:
    assert lacks("tokens", token(uid, type=kind)) == found
    assert lacks("tokens", token(uid, type=kind), "gireve-1.1.4") == []


def test_all_that_can_be_demanded_is_demanded_by_the_latest_edition() -> None:
    assert PROFILES["gireve-1.2.2"].mandatory == DEMANDS
    assert PROFILES["plain-2.1.1"].mandatory == set()


@played("FR*CPO", "FR*EMP")
async def test_what_lacks_something_is_served_and_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "ocpi211_server.objects.views"):
        await world.locate(location(evses=[evse(f"E{number}", evse_id=None) for number in range(12)]))
        await world["FR*EMP"].put("tokens", token())
        await world["FR*CPO"].put("sessions", session())
    told = [record.getMessage() for record in caplog.records]
    assert len(await world["FR*EMP"].did("GET", "/locations")) == 1
    assert told[0].startswith("finding: locations LOC1 of FR*CPO lacks /evses/0/evse_id, /evses/1/evse_id,")
    assert told[0].endswith("/evses/9/evse_id, …")
    assert told[1:] == ["finding: sessions S1 of FR*CPO lacks /authorization_id"]
