"""Things that are measured in turn."""

import asyncio
from itertools import count

import pytest

from benchmarks.report import Row
from benchmarks.turns import Cost, Slice, in_turn


def on_a_machine(speeds: list[float], trace: list[str]) -> tuple[Slice, Slice, Slice]:
    """Slices of one, three and three units, on a machine that is slower by these factors from slice to slice."""
    number = count()

    def taking(name: str, units: float) -> Slice:
        async def slice_() -> Cost:
            trace.append(name)
            slower = speeds[next(number) % len(speeds)]
            return Cost(units * slower, 2 * units * slower)

        return slice_

    return taking("unit", 1), taking("A", 3), taking("B", 3)


def test_a_unit_stands_between_any_two() -> None:
    trace: list[str] = []
    unit, a, b = on_a_machine([1], trace)
    asyncio.run(in_turn(unit, {"A": a, "B": b}, 2))
    assert trace[::2] == ["unit"] * 5
    assert sorted(trace[1:4:2]) == sorted(trace[5:8:2]) == ["A", "B"]


def test_a_machine_that_slows_down_steadily_changes_no_ratio() -> None:
    unit, a, b = on_a_machine([1 + each / 10 for each in range(41)], [])
    found = asyncio.run(in_turn(unit, {"A": a, "B": b}, 10))
    for costs in found.values():
        assert [cost.cpu for cost in costs] == pytest.approx([3] * 10)
        assert [cost.clock for cost in costs] == pytest.approx([3] * 10)


def test_of_many_values_the_middle_half_is_told_and_of_few_all() -> None:
    assert Row("", [1, 2, 3, 4, 5, 6, 7, 8, 100]).spread == (3, 7)
    assert Row("", [3, 1, 100]).spread == (1, 100)
