"""What a deployment sets, and what of it goes together. How it is read, and from where: `given_settings`."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic_core import to_json

from ocpi211_runtime.urls import checked
from ocpi211_server.profiles import PROFILES, Profile, Role

__all__ = ["Settings", "SettingsError", "checked_database", "write_settings"]


class SettingsError(ValueError):
    """Settings that cannot be used: what is wrong with each."""


def checked_database(url: str) -> str:
    """The URL of a database. ValueError, which does not repeat the URL, if it is none: it may hold a password."""
    scheme = urlsplit(url).scheme
    if url.startswith("sqlite:///") or scheme in ("postgresql", "postgres"):
        return url
    raise ValueError("a database is sqlite:///FILE or postgresql://USER@HOST/NAME")


def _public(url: str) -> str:
    if "?" in url:
        raise ValueError("paths are put behind it, so it has no query")
    return checked(url.rstrip("/"))


def _network(text: str) -> str:
    return str(ip_network(text))


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
    name: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,100}$")] = "OCPI reference server"
    """Name of the server's own party, in its Credentials."""
    database: Annotated[str, AfterValidator(checked_database)] = "sqlite:///ocpi211.db"
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
    former_secret_key: SecretStr | None = None
    """The key of before, while tokens that it encrypted are about; `rotate` encrypts those of a partner anew.

    No option of the command line either."""
    strict: bool = False
    """Read requests as the text has it, to the letter."""
    max_body: Annotated[int, Field(ge=1024, le=1 << 30)] = 1024 * 1024
    """The most bytes of a request."""
    insecure_dev: bool = False
    """Accept http and loopback addresses of partners. For a laptop only."""
    allowed_networks: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
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
    worker_stale: Annotated[float, Field(gt=0)] = 30
    """Seconds without a sign of life after which the work of a worker is taken over."""
    message_log: Literal["all", "writes", "off"] = "all"
    """Which exchanges are kept for `messages`."""
    message_days: Annotated[float, Field(gt=0)] = 30
    """Days that exchanges are kept."""
    log_format: Literal["console", "json"] = "console"
    """For people, or a JSON object a line."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """What is logged, and everything graver."""
    keep_alive: Annotated[int, Field(ge=1, le=3600)] = 5
    """Seconds that a connection may idle. A proxy in front gives it up sooner, or it writes to one that is closed."""
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
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}/ocpi"

    def clashes(self) -> Iterator[tuple[str, str]]:
        """What is possible by itself, but not together: the setting to be changed, and why."""
        if self.workers > 1 and self.database.startswith("sqlite"):
            yield "workers", "more than one needs PostgreSQL; a SQLite file has one writer"
        if not self.public_url and not self.insecure_dev:
            yield "public_url", "required, unless insecure_dev is set"
        elif not self.insecure_dev and not self.public_url.startswith("https://"):
            yield "public_url", "partners are reached by https; http is for insecure_dev"
        elif not self.public_url and self.host in ("0.0.0.0", "::"):  # noqa: S104  (it is looked for, not bound)
            yield "public_url", f"required where host is {self.host}, which is no address to be reached at"
        if self.secret_key is None and not self.database.startswith("sqlite"):
            yield "secret_key", "required with PostgreSQL"
        if self.decisions is not None and self.role == "hub":
            yield "decisions", "a hub decides nothing itself"
        if self.longest_delay < self.first_delay:
            yield "longest_delay", "shorter than first_delay"


def write_settings(settings: Settings) -> bytes:
    """All settings, the secret ones too, for a process that reads them with `Settings.model_validate_json`."""
    plain = settings.model_dump(mode="json", exclude_defaults=True)
    keys = {name: value.get_secret_value() for name, value in settings if isinstance(value, SecretStr)}
    return to_json(plain | keys)
