"""All rules about one object, chosen by its class and by the profile."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from ocpi211.models import CDR, EVSE, AuthorizationInfo, Credentials, Location, Session, Tariff, Token
from ocpi211_check.rules.charging import judge_cdr, judge_session, judge_tariff
from ocpi211_check.rules.gireve import (
    judge_charge_for_hub,
    judge_location_for_hub,
    judge_tariff_for_hub,
    judge_token_for_hub,
)
from ocpi211_check.rules.locations import judge_evse, judge_location
from ocpi211_check.rules.tally import Tally
from ocpi211_check.rules.types import judge_types
from ocpi211_runtime.operation import type_adapter
from ocpi211_runtime.problems import problems_of

if TYPE_CHECKING:
    from ocpi211_check.catalogue import Profile

__all__ = ["VALIDITY", "judge", "judge_party", "validity_faults"]

VALIDITY: Mapping[type[BaseModel], str] = {
    Location: "LOC-CPO-01",
    Session: "SES-CPO-02",
    CDR: "CDR-CPO-01",
    Tariff: "TAR-CPO-01",
    Token: "TOK-EMSP-01",
    Credentials: "CRED-OBJ-01",
}
"""Which requirement says that an object of this class is valid."""


def validity_faults(value: object, model: type[BaseModel]) -> list[str]:
    """What a lenient reader refuses."""
    try:
        type_adapter(model).validate_json(to_json(value, inf_nan_mode="constants"))
    except ValidationError as error:
        return [f"{problem.pointer or '/'}: {problem.reason}" for problem in problems_of(error)[:5]]
    except ValueError:
        return ["/: half a character, which no JSON reader takes"]
    return []


def judge(
    value: object, model: type[BaseModel], profile: Profile = "plain-2.1.1", operator: str = ""
) -> list[tuple[str, list[str]]]:
    """(requirement, what is wrong; empty where it held) for everything that can be told of the object.

    `operator` is the operator id that a CPO's EVSE ids have to begin with, for the hub's profiles.
    """
    try:
        written = to_json(value, inf_nan_mode="constants")
    except ValueError:  # half a character: it cannot be written again
        return _judged(value, model, profile, operator)
    return [(id_, [*faults]) for id_, faults in _known(written, model, profile, operator)]


@lru_cache(maxsize=1024)
def _known(
    written: bytes, model: type[BaseModel], profile: Profile, operator: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The same object comes on many pages, and is judged once."""
    found = _judged(from_json(written), model, profile, operator)
    return tuple((id_, tuple(faults)) for id_, faults in found)


def _judged(value: object, model: type[BaseModel], profile: Profile, operator: str) -> list[tuple[str, list[str]]]:
    tally = Tally()
    judge_types(tally, value, model)
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        _by_class(tally, found, model)
        if profile != "plain-2.1.1":
            _for_hub(tally, found, model, operator)
    results = dict(tally)
    if model in VALIDITY:
        results[VALIDITY[model]] = validity_faults(value, model)
    return list(results.items())


def _by_class(tally: Tally, found: Mapping[str, Any], model: type[BaseModel]) -> None:
    if model is Location:
        judge_location(tally, found)
    elif model is EVSE:
        judge_evse(tally, found)
    elif model is Session:
        judge_session(tally, found)
    elif model is CDR:
        judge_cdr(tally, found)
    elif model is Tariff:
        judge_tariff(tally, found)


def _for_hub(tally: Tally, found: Mapping[str, Any], model: type[BaseModel], operator: str) -> None:
    if model is Location:
        judge_location_for_hub(tally, found, operator)
    elif model is Token:
        judge_token_for_hub(tally, found)
    elif model is Tariff:
        judge_tariff_for_hub(tally, found)
    elif model in {Session, CDR, AuthorizationInfo}:
        judge_charge_for_hub(tally, found)


def judge_party(party_id: object, country_code: object) -> list[str]:
    """What is wrong with the ids of a party (credentials.md, Credentials object)."""
    faults: list[str] = []
    if not (isinstance(party_id, str) and len(party_id) == 3 and party_id.isascii() and party_id.isalnum()):
        faults.append(f"party_id {party_id!r} is not three letters or digits")
    if not (isinstance(country_code, str) and len(country_code) == 2 and country_code.isalpha()):
        faults.append(f"country_code {country_code!r} is not two letters")
    return faults
