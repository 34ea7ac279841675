"""What a deployment sets: on the command line, in `OCPI211_*` variables, in a TOML file; the first of these wins.

A setting that is unknown, missing or impossible is told by its name and where it came from, before anything starts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import to_json

from ocpi211_runtime.problems import pointer
from ocpi211_runtime.urls import checked
from ocpi211_server.profiles import PROFILES, Profile, Role

__all__ = ["Settings", "SettingsError", "database_url", "read_settings", "write_settings"]

PREFIX = "OCPI211_"


class SettingsError(ValueError):
    """Settings that cannot be used: what is wrong with each."""


def _public(url: str) -> str:
    return checked(url.rstrip("/"))


def _profile_name(name: str) -> str:
    if name not in PROFILES:
        raise ValueError(f"there is no profile {name!r}, but {', '.join(PROFILES)}")
    return name


class Settings(BaseModel):
    """Everything a server needs to know before it starts."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    role: Role
    """What the server plays."""
    profile_name: Annotated[str, AfterValidator(_profile_name)] = "plain-2.1.1"
    """The named set of profile settings to start from; on the command line `--profile`."""
    profile_changes: dict[str, Any] = {}
    """Single settings of the profile, changed; in TOML the table `[profile]`."""
    country_code: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "FR"
    """Of the server's own party, ISO 3166-1 alpha-2."""
    party_id: Annotated[str, Field(pattern="^[A-Z0-9]{3}$")] = ""
    """Of the server's own party; if left out CPO, EMP or, for a hub, 107."""
    name: Annotated[str, Field(min_length=1, max_length=100)] = "OCPI reference server"
    """Name of the server's own party, in its Credentials."""
    database: str = "sqlite:///ocpi211.db"
    """`sqlite:///FILE` or `postgresql://USER@HOST/NAME`."""
    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    """SQLite: FULL outlasts a power cut, NORMAL a crash of the server."""
    connections: Annotated[int, Field(ge=1, le=100)] = 10
    """PostgreSQL: the most connections of one worker."""
    public_url: Annotated[str, AfterValidator(_public)] = ""
    """How partners reach the server, `https://ocpi.example.com/ocpi`; if left out, http on `host` and `port`."""
    host: str = "127.0.0.1"
    """Where the server listens; partners reach it through a proxy that speaks https."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8211
    """0: any free port."""
    admin_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Health and metrics, on loopback only; 0: any free port; if left out, none."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes that serve; more than one needs PostgreSQL."""
    secret_key: SecretStr | None = None
    """Encrypts the tokens that are sent to partners; if left out, a file beside the SQLite database holds it.

    No option of the command line: give it as `OCPI211_SECRET_KEY` or in the file."""
    strict: bool = False
    """Read requests as the text has it, to the letter."""
    max_body: Annotated[int, Field(ge=1024, le=1 << 30)] = 4 * 1024 * 1024
    """The most bytes of a request."""
    insecure_dev: bool = False
    """Accept http and loopback addresses of partners. For a laptop only."""
    allowed_networks: tuple[str, ...] = ()
    """Private networks that partners may live in, `10.1.0.0/16`."""
    agreements: Literal["listed", "all"] = "listed"
    """Hub: who roams with whom, as `agreements` on the command line lists it, or everybody with everybody."""
    call_timeout: Annotated[float, Field(gt=0, le=300)] = 10
    """Seconds a partner has for an answer."""
    authorize_timeout: Annotated[float, Field(gt=0, le=300)] = 4
    """Hub: seconds the eMSP has for the answer to an authorisation."""
    decisions: Annotated[str, Field(pattern=r"^[\w.]+:\w+$")] | None = None
    """The class that decides, `my_office:MyDecisions`; if left out, plain rules do."""
    command_timeout: Annotated[float, Field(gt=0, le=3600)] = 30
    """Seconds after which a command without a result ends in TIMEOUT."""
    pull_every: Annotated[float, Field(ge=0)] = 24 * 3600
    """Seconds between two pulls of what a partner offers; 0: on demand only."""
    first_delay: Annotated[float, Field(gt=0)] = 1
    """Seconds before a delivery that failed is tried again, for the first time; then longer and longer."""
    longest_delay: Annotated[float, Field(gt=0)] = 300
    """Seconds between two tries of a delivery at most."""
    most_attempts: Annotated[int, Field(ge=1)] = 20
    """Refusals after which a delivery is parked, to be looked at by a person; a partner that is silent has longer."""
    worker_stale: Annotated[float, Field(gt=0)] = 10
    """Seconds without a sign of life after which the work of a worker is taken over."""
    message_log: Literal["all", "writes", "off"] = "all"
    """Which exchanges are kept for `messages`."""
    message_days: Annotated[float, Field(gt=0)] = 30
    """Days that exchanges are kept."""
    log_format: Literal["console", "json"] = "console"
    """For people, or a JSON object a line."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """What is logged, and everything graver."""
    graceful_timeout: Annotated[float, Field(gt=0)] = 30
    """Seconds that requests under way have to end when the server is stopped."""

    @property
    def profile(self) -> Profile:
        """The profile, with the changes made to it."""
        return PROFILES[self.profile_name].having(self.profile_changes)

    @property
    def party(self) -> str:
        """The server's own party, `FR*ABC`."""
        return f"{self.country_code}*{self.own_party_id}"

    @property
    def own_party_id(self) -> str:
        """The server's own party id."""
        return self.party_id or {"cpo": "CPO", "emsp": "EMP", "hub": "107"}[self.role]

    @property
    def base_url(self) -> str:
        """How partners reach the server."""
        return self.public_url or f"http://{self.host}:{self.port}/ocpi"

    def check(self) -> None:
        """ValueError for settings that are possible each by itself, but not together."""
        _ = self.profile
        if self.workers > 1 and not self.database.startswith("postgres"):
            raise ValueError("workers: more than one needs PostgreSQL; a SQLite file has one writer")
        if not self.public_url and not self.insecure_dev:
            raise ValueError("public_url: required, unless insecure_dev is set")
        if not self.insecure_dev and not self.public_url.startswith("https://"):
            raise ValueError("public_url: partners are reached by https; http is for insecure_dev")
        if self.secret_key is None and not self.database.startswith("sqlite"):
            raise ValueError("secret_key: required with PostgreSQL")


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
    merged: dict[str, object] = {}
    sources: dict[str, str] = {}
    for source, found in (
        ("what the server was started with", kept or {}),
        (str(file), _from_file(file) if file else {}),
        ("the environment", _from_environment(environment)),
        ("the command line", given),
    ):
        merged.update(found)
        sources.update(dict.fromkeys(found, source))
    try:
        settings = Settings.model_validate(merged)
        settings.check()
    except ValidationError as error:
        raise SettingsError(_told(error, sources)) from None
    except ValueError as error:
        raise SettingsError(str(error)) from None
    return settings


def database_url(given: Mapping[str, object], environment: Mapping[str, str], file: Path | None) -> str:
    """The database alone, for who looks into it for the other settings."""
    found = {**(_from_file(file) if file else {}), **_from_environment(environment), **given}
    return str(found.get("database", Settings.model_fields["database"].default))


def write_settings(settings: Settings) -> bytes:
    """All settings, the secret ones too, for a process that reads them with `Settings.model_validate_json`."""
    secret = settings.secret_key
    plain = settings.model_dump(mode="json")
    return to_json({**plain, "secret_key": secret and secret.get_secret_value()})


def _from_file(file: Path) -> dict[str, object]:
    try:
        found: dict[str, object] = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(f"{file}: {error}") from None
    # A profile is a name, or a table of changes which may hold the name as well.
    profile = found.pop("profile", None)
    if isinstance(profile, dict):
        changes = dict(profile)
        if "name" in changes:
            found["profile_name"] = changes.pop("name")
        found["profile_changes"] = changes
    elif profile is not None:
        found["profile_name"] = profile
    return found


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for variable, value in environment.items():
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX) or name in _not_settings:
            continue
        if name == "profile":
            found["profile_name"] = value
        elif name == "allowed_networks":
            found[name] = [part.strip() for part in value.split(",") if part.strip()]
        else:
            found[name] = value
    return found


_not_settings = {"config", "test_postgres", "profile_changes"}


def _told(error: ValidationError, sources: Mapping[str, str]) -> str:
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        name = str(problem["loc"][0]) if problem["loc"] else ""
        shown = {"profile_name": "profile"}.get(name, pointer(problem["loc"]).strip("/").replace("/", "."))
        where = f" (from {sources[name]})" if name in sources else ""
        what = {"missing": "required", "extra_forbidden": "there is no such setting"}.get(
            problem["type"], problem["msg"]
        )
        lines.append(f"{shown}: {what}{where}")
    return "\n".join(lines)
