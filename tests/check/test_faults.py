"""Each automated requirement is failed by at least one fault."""

import asyncio
from collections import defaultdict
from pathlib import Path

import pytest

from ocpi211_check.catalogue import Profile, Role, catalogue
from ocpi211_check.scenarios import PASSIVE, SCENARIOS
from ocpi211_faults import FAULTS, Fault
from tests.check.matrix import misses

MOST = 24


def parts() -> list[tuple[Role, Profile, list[Fault]]]:
    """The faults by role and profile, few enough for one server at a time."""
    groups: dict[tuple[Role, Profile], list[Fault]] = defaultdict(list)
    for fault in FAULTS:
        groups[fault.roles[0], fault.profile].append(fault)
    return [
        (role, profile, found[first : first + MOST])
        for (role, profile), found in groups.items()
        for first in range(0, len(found), MOST)
    ]


def test_every_automated_requirement_is_broken_by_a_fault() -> None:
    told = {*PASSIVE, *(id_ for scenario in SCENARIOS for id_ in scenario.covers)}
    assert told - {id_ for fault in FAULTS for id_ in fault.breaks} == set()


def test_a_fault_breaks_what_exists() -> None:
    assert {id_ for fault in FAULTS for id_ in fault.breaks} <= catalogue().keys()


@pytest.mark.parametrize(("role", "profile", "faults"), parts())
def test_each_fault_is_found(role: Role, profile: Profile, faults: list[Fault], tmp_path: Path) -> None:
    assert asyncio.run(misses(faults, role, profile, tmp_path)) == {}
