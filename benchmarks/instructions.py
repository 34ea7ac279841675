"""The requests of `serving` by the instructions they take, in those of an empty request to the same server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.callgrind import counts, missing
from benchmarks.served import served
from benchmarks.wire import EMPTY, Target, run

if TYPE_CHECKING:
    from benchmarks.serving import Case

__all__ = ["instructions"]

_WARM, _TIMES, _CONNECTIONS = 64, 40, 8
_QUIET = 100  # ms; everything takes thirty times as long


def instructions(
    settings: dict[str, str], empty: Case, prepare: Callable[[dict[str, str], Target], Sequence[Case]]
) -> dict[str, float]:
    """By name of the cases; nothing where they cannot be counted."""
    if missing():
        return {}
    with TemporaryDirectory(prefix="ocpi211-callgrind-") as folder:
        with served(settings, counting=folder) as (target,):
            cases = [empty, *prepare(settings, target)]
            run(_ask(target, cases))
        nothing, unit, *found = counts(Path(folder))
    return {case.name: (each - nothing) / (unit - nothing) for case, each in zip(cases[1:], found, strict=True)}


async def _ask(target: Target, cases: Sequence[Case]) -> None:
    """A stretch for what the connections and the clock take themselves, then one for each case."""
    for case in cases:
        await target.cost(case.encoded(target.token, _WARM), _CONNECTIONS, quiet=_QUIET)
    await target.mark()
    for requests in ([EMPTY], *(case.encoded(target.token, _TIMES) for case in cases)):
        await target.cost(requests, _CONNECTIONS, quiet=_QUIET)
        await target.mark()
