"""What a request and an object cost, in instructions: nobody makes one dearer without being told."""

import platform

import pytest

from benchmarks.callgrind import missing
from benchmarks.costs import Bounds, Counted, bounds, complaints, dearer, not_held, versions

NO_CALLGRIND = missing()


def held(**costs: float) -> Bounds:
    return Bounds(0.05, versions(), costs)


@pytest.mark.skipif(bool(NO_CALLGRIND), reason=f"instructions cannot be counted: {NO_CALLGRIND}")
def test_nothing_became_dearer() -> None:
    known = bounds()
    if why := not_held(known):
        pytest.skip(why)
    assert dearer(known) == []


def test_what_became_dearer_is_told_by_name() -> None:
    assert complaints({"PUT": 8.8, "authorize": 4.0}, held(PUT=8, authorize=4)) == [
        "PUT: 8.80 in place of 8.00, 10% more"
    ]


def test_within_the_headroom_nobody_complains() -> None:
    assert complaints({"PUT": 8.3, "authorize": 3.0}, held(PUT=8, authorize=4)) == []


def taken(empty: float, **each: float) -> list[Counted]:
    told = [Counted("empty", unit=True, instructions=empty)]
    return [*told, *(Counted(name, unit=False, instructions=took) for name, took in each.items())]


def test_what_is_dearer_only_once_was_chance() -> None:
    counts = iter([taken(1, PUT=8.8, authorize=4), taken(1, PUT=8.1, authorize=4.6)])
    assert dearer(held(PUT=8, authorize=4), lambda: next(counts)) == []


def test_what_is_dearer_each_time_is_told_even_where_the_unit_once_is() -> None:
    counts = iter([taken(1, PUT=8.8), taken(1.1, PUT=8.8), taken(1, PUT=8.9)])
    assert dearer(held(PUT=8), lambda: next(counts)) == ["PUT: 8.80 in place of 8.00, 10% more"]


def test_what_is_new_wants_a_bound_and_what_is_gone_wants_none() -> None:
    assert complaints({"PUT": 8}, held(authorize=4)) == [
        "PUT: has no bound",
        "authorize: is not counted any more",
    ]


def test_who_is_dearer_is_told_what_else_is_not_as_it_was() -> None:
    known = Bounds(0.05, versions() | {"pydantic": "2.0"}, {"PUT": 8})
    assert complaints({"PUT": 9}, known)[1].startswith("(pydantic was 2.0, is ")


def test_another_python_is_not_held_to_the_bounds() -> None:
    assert not_held(Bounds(0.05, {"python": "3.9.1"}, {})).startswith("the bounds are those of Python 3.9")
    assert not_held(Bounds(0.05, {"python": platform.python_version()}, {})) == ""
