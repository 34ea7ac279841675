"""In what the hubs and partners of OCPI 2.1.1 differ, as named settings, and the three sets of them that have a name.

Where the official text is open, `plain-2.1.1` follows it to the letter; `gireve-1.1.4` is GIREVE's hub as its early
guide describes it, `gireve-1.2.2` as the latest does. A setting can be changed one by one, in the table `[profile]` of
the configuration.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from ocpi211.models import CommandType, WhitelistType
from ocpi211_server.findings import DEMANDS

__all__ = ["PROFILES", "Profile", "Role"]

Role = Literal["cpo", "emsp", "hub"]

_MODULES: Final = frozenset({"locations", "sessions", "cdrs", "tariffs", "tokens", "commands"})
_LONGEST_WINDOW: Final = 31 * 24 * 3600
_GIREVE_CAPS: Final = {"locations": 20, "sessions": 20, "cdrs": 20, "tariffs": 100, "tokens": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a server behaves where partners differ."""

    name: str
    modules: frozenset[str] = _MODULES
    """What is offered, besides versions and credentials."""
    max_limit: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(_GIREVE_CAPS, 100) | {"tokens": 1000})
    """The most objects on a page, a module; a larger `limit` is cut down to it."""
    created_status: int = 201
    """HTTP status of a PUT or POST that made something."""
    allow_downgrades: bool = False
    """Whether a PUT with an older `last_updated` than the stored one is applied. It is answered 1000 either way."""
    push: Literal["none", "fifo"] = "none"
    """What becomes of a push that failed: the text forgets it, GIREVE demands a queue."""
    put_credentials: bool = True
    """Whether a registration can be changed by PUT."""
    rejoin_window: int = 0
    """Seconds after DELETE credentials in which the old token is good for a new POST."""
    rotate_by_put: bool = True
    """Hub: whether `rotate` changes a registration by PUT, or by DELETE and a new POST."""

    one_evse: bool = False
    """Hub: authorize has to name exactly one EVSE; none is 2002, more are 2001."""
    short_circuit: frozenset[str] = frozenset()
    """Whitelists for which a hub answers an authorisation by itself."""
    unknown_token: Literal[404, 2000, 2001] = 404
    """Hub: what authorize of an unknown Token, or of one not for the caller, is answered: HTTP, or OCPI's code."""
    make_authorization_id: bool = False
    """Hub: the CPO gets an `authorization_id` also where the eMSP gave none."""
    rfid_any_case: bool = False
    """Whether the uid of an RFID Token that is asked about is found whatever the case of its digits."""
    token_by_uid: bool = False
    """Whether eMSPs and the hub offer `GET tokens/{uid}`."""
    single_party_filters: bool = False
    """Hub: whether `ocpi-to-country-code` and `ocpi-to-party-id` filter its lists; they are ignored otherwise."""
    signed_data: bool = True
    """Hub: whether the `signed_data` of a CDR is passed on."""

    commands: frozenset[str] = frozenset(CommandType)
    """Commands that are looked at; others are answered NOT_SUPPORTED."""
    evse_uid_required: bool = False
    """Hub: START_SESSION without an `evse_uid` is refused with 2001."""

    cdr_location: bool = True
    """Hub: whether POST cdrs answers a Location header with the URL of the CDR."""
    unknown_cdr: Literal[404, 3001] = 404
    """Hub: what GET of an unknown CDR answers: HTTP 404, or HTTP 200 with 3001."""

    translate_locations: bool = False
    """Hub: eMSPs see ids of Locations, EVSEs and Connectors of the hub's own."""
    translate_sessions: bool = False
    """Hub: eMSPs see ids of Sessions of the hub's own."""
    name_by_party: bool = False
    """Hub: `operator.name` and `issuer` are replaced by the party's id, `FR*ABC`."""
    remark_prefixes: bool = False
    """Hub: the remark of a CDR tells `[*]` that the hub worked out the cost, `[?]` that it means nothing."""
    static_by_push: bool = True
    """Hub: whether a pushed Location is stored whole, or EVSE.status and tariff_id alone; the rest comes by pull."""
    hub_pushes: frozenset[str] = _MODULES - {"commands"}
    """Hub: the modules whose changes are pushed; the others are there to be pulled."""
    location_as_evses: bool = False
    """Hub: a changed Location goes to eMSPs as a PUT of each of its EVSEs."""
    status_in_delta: bool = True
    """Hub: whether a change of an EVSE's status alone counts as a change for `date_from`."""
    removed_in_full: bool = True
    """Hub: whether a list without `date_from` holds EVSEs that are REMOVED."""
    left_out_is_removed: bool = False
    """Hub: whether an EVSE that its Location no longer names is kept, and told as REMOVED."""
    paginated_only: bool = False
    """Hub: a pulled list without paging headers is ignored."""
    completed_is_final: bool = False
    """Hub: a Session that is COMPLETED stays as it is; what comes later is answered 1000 and not applied."""
    mandatory: frozenset[str] = frozenset()
    """Hub: what its guide demands beyond the text; the absence is a finding in the log, never an error."""

    def played_by(self, role: Role) -> Profile:
        """This profile as that role has it: what GIREVE's hub does is not what it expects of its partners."""
        return self if role == "hub" else replace(self, **{name: getattr(_PLAIN, name) for name in _OF_HUBS})

    def having(self, changes: Mapping[str, object]) -> Profile:
        """This profile with some settings changed. ValueError names one that does not exist or has a wrong value."""
        unknown = sorted(changes.keys() - self.__dataclass_fields__.keys() | (changes.keys() & {"name"}))
        if unknown:
            raise ValueError(f"there is no profile setting {', '.join(unknown)}")
        fitted = {name: _fitted(name, getattr(self, name), value) for name, value in changes.items()}
        return replace(self, **fitted)  # type: ignore[arg-type]  # each was fitted to the field it replaces


def _fitted(name: str, current: object, value: object) -> object:
    """A value from a configuration file, where sets are lists. ValueError if it is of another kind."""
    if isinstance(current, frozenset) and isinstance(value, list):
        if _members[name].issuperset(value):
            return frozenset(value)
    elif isinstance(current, Mapping) and isinstance(value, Mapping):
        limits = {**current, **value}
        if all(isinstance(limit, int) and limit >= 1 for limit in limits.values()) and limits.keys() == current.keys():
            return limits
    elif type(value) is type(current) and value in _choices.get(name, (value,)):
        return value
    raise ValueError(f"profile setting {name}: {value!r} is not possible")


_choices: Final[Mapping[str, Container[object]]] = {
    "push": ("none", "fifo"),
    "rejoin_window": range(_LONGEST_WINDOW + 1),
    "unknown_cdr": (404, 3001),
    "unknown_token": (404, 2000, 2001),
    "created_status": (200, 201),
}
_members: Final[Mapping[str, frozenset[str]]] = {
    "modules": _MODULES,
    "hub_pushes": _MODULES - {"commands"},
    "commands": frozenset(CommandType),
    "short_circuit": frozenset(WhitelistType),
    "mandatory": DEMANDS,
}

_OF_HUBS: Final = (
    "rotate_by_put",
    "one_evse",
    "unknown_token",
    "single_party_filters",
    "evse_uid_required",
    "cdr_location",
    "unknown_cdr",
    "static_by_push",
    "status_in_delta",
    "removed_in_full",
    "left_out_is_removed",
    "paginated_only",
    "completed_is_final",
)
"""Settings that would change what others do; those that only a hub ever looks at are not among them."""

_PLAIN: Final = Profile(name="plain-2.1.1")
_SEED: Final = Profile(
    name="gireve-1.1.4",
    modules=frozenset({"locations", "sessions", "cdrs", "tokens", "commands"}),
    max_limit=_GIREVE_CAPS,
    created_status=200,
    push="fifo",
    rejoin_window=24 * 3600,
    rotate_by_put=False,
    one_evse=True,
    short_circuit=frozenset({"ALWAYS"}),
    unknown_token=2000,
    make_authorization_id=True,
    signed_data=False,
    commands=frozenset({"START_SESSION", "STOP_SESSION"}),
    cdr_location=False,
    unknown_cdr=3001,
    translate_locations=True,
    translate_sessions=True,
    name_by_party=True,
    remark_prefixes=True,
    static_by_push=False,
    hub_pushes=frozenset({"locations", "sessions", "cdrs"}),
    location_as_evses=True,
    status_in_delta=False,
    removed_in_full=False,
    left_out_is_removed=True,
    paginated_only=True,
    completed_is_final=True,
    mandatory=frozenset({"evse_id", "authorization_id"}),
)

PROFILES: Final[Mapping[str, Profile]] = {
    profile.name: profile
    for profile in (
        _PLAIN,
        _SEED,
        replace(
            _SEED,
            name="gireve-1.2.2",
            modules=_SEED.modules | {"tariffs"},
            rfid_any_case=True,
            token_by_uid=True,
            single_party_filters=True,
            signed_data=True,
            evse_uid_required=True,
            mandatory=_SEED.mandatory | {"uid", "owner.name", "operator.name", "tariff_id", "capabilities"},
        ),
    )
}
"""The profiles that have a name."""
