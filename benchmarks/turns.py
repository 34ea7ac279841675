"""Things that take their turns in short slices, since a machine that others share changes its speed within seconds.

A slice is some 50 ms of one thing. Between any two slices stands one of the unit that all are told in, and each is
compared with the two units beside it: what slows the machine for longer than that slows both, and cancels out.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

__all__ = ["SLICE", "Cost", "Slice", "in_turn"]

SLICE = 0.05
"""Seconds that a slice is meant to take."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one request, in seconds, or in units."""

    cpu: float
    clock: float

    def of(self, *units: Cost) -> Cost:
        """As a multiple of the mean of the units."""
        cpu, clock = (sum(unit.cpu for unit in units), sum(unit.clock for unit in units))
        return Cost(self.cpu * len(units) / cpu, self.clock * len(units) / clock)


Slice = Callable[[], Awaitable[Cost]]


async def in_turn(unit: Slice, others: Mapping[str, Slice], rounds: int) -> dict[str, list[Cost]]:
    """By name, slice by slice: what it cost, in units. All are to be warm.

    Their order changes from round to round: none always follows the same one, nor keeps step with other work.
    """
    found: dict[str, list[Cost]] = {name: [] for name in others}
    order, shuffled = [*others], random.Random(1)  # noqa: S311  (no secret)
    before = await unit()
    for _ in range(rounds):
        shuffled.shuffle(order)
        for name in order:
            cost, after = await others[name](), await unit()
            found[name].append(cost.of(before, after))
            before = after
    return found
