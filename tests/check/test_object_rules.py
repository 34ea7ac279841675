"""Rules about one object, where they begin and where they end."""

from typing import Any

import pytest

from ocpi211.models import CDR, Location
from ocpi211_check import samples
from ocpi211_check.rules import judge

NOW = "2024-05-06T09:00:00Z"


def faults(value: dict[str, Any], model: Any, id_: str) -> list[str] | None:
    """None where the rule was not put to the test."""
    return dict(judge(value, model)).get(id_)


def tariff(*components: tuple[str, float]) -> dict[str, Any]:
    made = [{"type": kind, "price": price, "step_size": 1} for kind, price in components]
    return {**samples.tariff("T", NOW), "elements": [{"price_components": [component]} for component in made]}


def cdr(*components: tuple[str, float], **fields: object) -> dict[str, Any]:
    made = {**samples.cdr("C", NOW, "FR*TST"), "remark": "", **fields}
    return {**made, "tariffs": [tariff(*components)]} if components else made


def image(category: str, width: object, height: object) -> dict[str, Any]:
    return {
        "url": "https://example.com/a.png",
        "category": category,
        "type": "png",
        "width": width,
        "height": height,
    }


@pytest.mark.parametrize(
    ("made", "wrong"),
    [
        (cdr(("ENERGY", 0.2), total_cost=0), True),
        (cdr(("ENERGY", 0.2), ("FLAT", 0), total_cost=0), False),
        (cdr(("ENERGY", 0.2), total_cost=1.5), None),
        (cdr(total_cost=0), None),
        (cdr(("ENERGY", 0.2), total_cost=0, remark="[?] from the hub"), None),
    ],
)
def test_a_free_charge_names_a_free_tariff(made: dict[str, Any], wrong: object) -> None:
    found = faults(made, CDR, "CDR-OBJ-06")
    assert (None if found is None else bool(found)) == wrong


@pytest.mark.parametrize(
    ("made", "wrong"),
    [
        (cdr(("TIME", 1), total_cost=1), True),
        (cdr(("TIME", 0), total_cost=1), None),
        (cdr(("TIME", 1), total_cost=1, total_parking_time=1.0), None),
        (cdr(("PARKING_TIME", 1), total_cost=1), None),
        (cdr(("PARKING_TIME", 1), total_cost=1, total_parking_time=0.5), True),
        (cdr(("ENERGY", 1), total_cost=1), False),
    ],
)
def test_what_has_a_price_has_a_dimension_if_it_was_used(made: dict[str, Any], wrong: object) -> None:
    found = faults(made, CDR, "CDR-PUSH-02")
    assert (None if found is None else bool(found)) == wrong


@pytest.mark.parametrize(
    ("picture", "wrong"),
    [
        (image("LOCATION", 800, 600), False),
        (image("ENTRANCE", 600, 800), False),
        (image("CHARGER", 799, 600), True),
        (image("OWNER", 512, 512), False),
        (image("OPERATOR", 512, 511), True),
        (image("LOCATION", 0, 0), None),
        (image("LOCATION", 640, None), None),
    ],
)
def test_pictures_are_large_enough(picture: dict[str, Any], wrong: object) -> None:
    place = {**samples.location("L", NOW, "FR*TST"), "images": [picture]}
    found = faults(place, Location, "LOC-IMG-02")
    assert (None if found is None else bool(found)) == wrong


def test_a_logo_is_a_picture_too() -> None:
    owner = {"name": "OCPI-CHECK", "logo": image("OWNER", 64, 64)}
    found = faults({**samples.location("L", NOW, "FR*TST"), "owner": owner}, Location, "LOC-IMG-02")
    assert found == ["/owner/logo: 64 by 64 pixels, at least 512 by 512"]
