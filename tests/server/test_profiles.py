"""Every setting of a profile has an effect that a partner sees: one that has no row in profile_effects.py fails."""

import asyncio
import itertools
import re
from dataclasses import fields
from pathlib import Path

import pytest

from ocpi211_server.profiles import PROFILES, Profile, Role
from tests.server.far_side import hub_between
from tests.server.profile_effects import ROWS


@pytest.mark.parametrize("name", [field.name for field in fields(Profile) if field.name != "name"])
def test_a_setting_has_an_effect(tmp_path: Path, name: str) -> None:
    row = ROWS[name]
    numbers = itertools.count()

    async def seen_with(value: object) -> object:
        changes = {name: [*value] if isinstance(value, frozenset) else value}
        urls = lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"  # noqa: E731
        async with hub_between(urls, "FR*CPO", "FR*EMP", profile="plain-2.1.1", profile_changes=changes) as world:
            return await row.seen(world)

    (one, first), (other, second) = row.expected
    assert first != second
    assert asyncio.run(seen_with(one)) == first
    assert asyncio.run(seen_with(other)) == second


def test_no_row_is_about_a_setting_that_is_gone() -> None:
    assert ROWS.keys() == {field.name for field in fields(Profile)} - {"name"}


def test_what_only_a_hub_does_its_partners_do_not() -> None:
    """A CPO that hides what is REMOVED, or an eMSP that wants one EVSE, would be of no use to GIREVE's hub."""
    hub, plain = PROFILES["gireve-1.2.2"], PROFILES["plain-2.1.1"]
    assert hub.played_by("hub") == hub
    roles: tuple[Role, ...] = ("cpo", "emsp")
    for role in roles:
        partner = hub.played_by(role)
        for setting in ("removed_in_full", "status_in_delta", "static_by_push", "one_evse", "rotate_by_put"):
            assert getattr(partner, setting) == getattr(plain, setting) != getattr(hub, setting)
        assert (partner.push, partner.max_limit, partner.commands) == ("fifo", hub.max_limit, hub.commands)


GIREVE = {
    "created_status": 200,
    "put_credentials": True,
    "rotate_by_put": False,
    "one_evse": True,
    "short_circuit": {"ALWAYS"},
    "unknown_token": 2000,
    "make_authorization_id": True,
    "commands": {"START_SESSION", "STOP_SESSION"},
    "cdr_location": False,
    "unknown_cdr": 3001,
    "translate_locations": True,
    "translate_sessions": True,
    "name_by_party": True,
    "remark_prefixes": True,
    "static_by_push": False,
    "location_as_evses": True,
    "status_in_delta": False,
    "removed_in_full": False,
    "left_out_is_removed": True,
    "paginated_only": True,
    "push": "fifo",
    "completed_is_final": True,
}
LATE = ("token_by_uid", "rfid_any_case", "single_party_filters", "signed_data", "evse_uid_required")


@pytest.mark.parametrize("name", ["gireve-1.1.4", "gireve-1.2.2"])
def test_the_profiles_of_gireve_differ_in_what_its_guide_added(name: str) -> None:
    profile, latest = PROFILES[name], name == "gireve-1.2.2"
    expected = {**GIREVE, **dict.fromkeys(LATE, latest)}
    assert {setting: getattr(profile, setting) for setting in expected} == expected
    assert profile.max_limit == {"locations": 20, "sessions": 20, "cdrs": 20, "tariffs": 100, "tokens": 1000}
    assert profile.rejoin_window > 0
    assert ("tariffs" in profile.modules) == latest
    assert ("tariff_id" in profile.mandatory) == latest
    assert {"tariffs", "tokens"} & profile.hub_pushes == set()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"one_evses": True}, "there is no profile setting one_evses"),
        ({"name": "mine"}, "there is no profile setting name"),
        ({"one_evse": "yes"}, "profile setting one_evse: 'yes' is not possible"),
        ({"one_evse": 1}, "one_evse: 1 is not"),
        ({"unknown_cdr": 405}, "unknown_cdr: 405"),
        ({"push": "latest"}, "push: 'latest'"),
        ({"max_limit": {"locations": 0}}, "max_limit"),
        ({"max_limit": {"credentials": 5}}, "max_limit"),
        ({"rejoin_window": -1}, "rejoin_window: -1"),
        ({"commands": ["START"]}, "commands"),
        ({"modules": ["location"]}, "modules"),
        ({"hub_pushes": ["commands"]}, "hub_pushes"),
        ({"short_circuit": ["SOMETIMES"]}, "short_circuit"),
        ({"mandatory": ["everything"]}, "mandatory"),
    ],
)
def test_a_change_that_cannot_be_is_told_by_its_name(changes: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(named)):
        PROFILES["plain-2.1.1"].having(changes)
