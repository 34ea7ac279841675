"""Where settings come from: command line, `OCPI211_*` variables, a TOML file, the database; the first of these wins.

One that is unknown, missing or impossible is told by its name and where it came from, before anything starts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError

from ocpi211_runtime.problems import pointer
from ocpi211_server.profiles import PROFILES, Profile
from ocpi211_server.settings import Settings, SettingsError, checked_database

__all__ = ["database_url", "flag_of", "read_settings"]

_PREFIX: Final = "OCPI211_"
_NO_SETTINGS: Final = {"OCPI211_CONFIG", "OCPI211_TEST_POSTGRES"}
_SHOWN: Final = {"profile_name": "profile"}
_CHANGED: Final = "profile."
_NAMES: Final = {_SHOWN.get(name, name) for name in Settings.model_fields} - {"profile_changes"}
_CHANGES: Final = {_CHANGED + name for name in Profile.__dataclass_fields__} - {"profile.name"}


class _Given(NamedTuple):
    name: str
    """As people write it: `profile` is the name of one, `profile.push` a setting of it."""
    value: object
    source: str


def flag_of(name: str) -> str:
    """The option of the command line for a setting."""
    return f"--{_SHOWN.get(name, name).replace('_', '-')}"


def read_settings(
    given: Mapping[str, object],
    environment: Mapping[str, str],
    file: Path | None = None,
    *,
    kept: Mapping[str, object] | None = None,
) -> Settings:
    """The settings of the command line, the environment and a TOML file, and last of all those kept in the database.

    SettingsError tells all that is wrong.
    """
    found: dict[str, _Given] = {}
    for each in _all(given, environment, file, kept or {}):
        found[each.name] = each
    wrong = [*_unknown(found)]
    try:
        settings = Settings.model_validate(_as_fields(found))
    except ValidationError as error:
        raise SettingsError("\n".join([*wrong, *_told(error, found)])) from None
    wrong += _not_in(PROFILES[settings.profile_name], found)
    wrong += [_line(name, reason, found) for name, reason in settings.clashes()]
    if wrong:
        raise SettingsError("\n".join(wrong))
    return settings


def database_url(given: Mapping[str, object], environment: Mapping[str, str], file: Path | None) -> str:
    """The database alone, for who looks into it for the other settings. SettingsError if it is none."""
    found = {each.name: each for each in _all(given, environment, file, {}) if each.name == "database"}
    if "database" not in found:
        return str(Settings.model_fields["database"].default)
    try:
        return checked_database(str(found["database"].value))
    except ValueError as error:
        raise SettingsError(_line("database", str(error), found)) from None


def _all(
    given: Mapping[str, object], environment: Mapping[str, str], file: Path | None, kept: Mapping[str, object]
) -> Iterator[_Given]:
    """What was given, and what overrides it behind it."""
    # An edition of before may have kept settings that are gone.
    known = {name: value for name, value in kept.items() if name in Settings.model_fields}
    yield from _named(known, lambda _: "what the server was started with")
    if file is not None:
        yield from _from_file(file)
    yield from _from_environment(environment)
    yield from _named(given, lambda name: "--set" if name.startswith(_CHANGED) else flag_of(name))


def _named(fields: Mapping[str, object], source: Callable[[str], str]) -> Iterator[_Given]:
    for field, value in fields.items():
        if field == "profile_changes" and isinstance(value, Mapping):
            for change, changed in value.items():
                yield _Given(_CHANGED + change, changed, source(_CHANGED + change))
        else:
            name = _SHOWN.get(field, field)
            yield _Given(name, value, source(name))


def _from_file(file: Path) -> Iterator[_Given]:
    try:
        read = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(f"{file}: {error}") from None
    # A profile is a name, or a table of changes which may hold the name as well.
    profile = read.pop("profile", {})
    table = profile if isinstance(profile, dict) else {"name": profile}
    for name, value in read.items():
        yield _Given(name, value, str(file))
    for name, value in table.items():
        yield _Given("profile" if name == "name" else _CHANGED + name, value, str(file))


def _from_environment(environment: Mapping[str, str]) -> Iterator[_Given]:
    for variable, value in environment.items():
        if not variable.startswith(_PREFIX) or variable in _NO_SETTINGS:
            continue
        name = variable.removeprefix(_PREFIX).lower()
        several = [part.strip() for part in value.split(",") if part.strip()]
        yield _Given(name, several if name == "allowed_networks" else value, variable)


def _as_fields(found: Mapping[str, _Given]) -> dict[str, object]:
    fields: dict[str, object] = {name: each.value for name, each in found.items() if name in _NAMES}
    if "profile" in fields:
        fields["profile_name"] = fields.pop("profile")
    fields["profile_changes"] = {
        name.removeprefix(_CHANGED): each.value for name, each in found.items() if name in _CHANGES
    }
    return fields


def _unknown(found: Mapping[str, _Given]) -> Iterator[str]:
    for name in (name for name in found if name not in _NAMES | _CHANGES):
        near = get_close_matches(name, _CHANGES if name.startswith(_CHANGED) else _NAMES, n=1)
        yield _line(name, "there is no such setting" + "".join(f"; is {other} meant?" for other in near), found)


def _not_in(profile: Profile, found: Mapping[str, _Given]) -> Iterator[str]:
    for name in (name for name in found if name in _CHANGES):
        change = name.removeprefix(_CHANGED)
        try:
            profile.having({change: found[name].value})
        except (ValueError, TypeError) as error:  # a list of what no set holds
            yield _line(name, str(error).removeprefix(f"profile setting {change}: "), found)


def _told(error: ValidationError, found: Mapping[str, _Given]) -> Iterator[str]:
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        path = pointer(problem["loc"]).strip("/").split("/")
        name = _SHOWN.get(path[0], path[0])
        reason = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "missing":
            reason = f"required: {flag_of(name)}, {_PREFIX}{name.upper()}, or {name} in the file of --config"
        yield _line(name, reason, found, at="".join(f".{step}" for step in path[1:]))


def _line(name: str, reason: str, found: Mapping[str, _Given], at: str = "") -> str:
    source = f" (from {found[name].source})" if name in found else ""
    return f"{name}{at}: {reason}{source}"
