"""The scripted scenarios, in the order in which they run: what only reads first, what ends the registration last.

Each says what it needs of the target, how far it goes, and which requirements it can tell of. A module of scenarios
is named after its noun.
"""

from typing import Final

from ocpi211_check.received import CALLS
from ocpi211_check.rules.coverage import BY_OBJECT
from ocpi211_check.scenario import Scenario
from ocpi211_check.scenarios import (
    afterwards,
    authorization,
    behind_hubs,
    call_backs,
    cdrs,
    commands,
    credentials,
    invited,
    kept,
    leaving,
    locations,
    registration,
    rehearsal,
    requests,
    reservations,
    sessions,
    tariffs,
    tokens,
    versions,
)
from ocpi211_check.scenarios.bodies import body_scenarios
from ocpi211_check.scenarios.lists import list_scenarios
from ocpi211_check.scenarios.objects import object_scenarios

__all__ = ["PASSIVE", "SCENARIOS"]

SCENARIOS: Final[tuple[Scenario, ...]] = (
    versions.list_and_details,
    versions.only_https,
    registration.before_the_registration,
    call_backs.failing_call_backs,
    registration.registered,
    call_backs.handed_urls,
    credentials.as_they_stand,
    versions.endpoints_are_served,
    versions.modules_go_together,
    versions.nothing_of_the_other_role,
    authorization.only_with_the_token,
    *list_scenarios(),
    locations.at_three_levels,
    sessions.needs_a_date,
    sessions.over_is_over,
    cdrs.pulled_twice,
    cdrs.whose_they_are,
    tariffs.every_tariff_is_there,
    tokens.tokens_are_unique,
    tokens.whether_one_may_charge,
    tokens.one_by_uid,
    behind_hubs.one_evse_at_the_hub,
    requests.methods_that_are_not_offered,
    requests.odd_urls,
    requests.unknown_things,
    requests.headers_of_later_versions,
    *object_scenarios(),
    *body_scenarios(),
    locations.levels_written,
    locations.an_unknown_evse,
    locations.coordinates_of_other_precision,
    kept.defaults,
    kept.numbers_and_absence,
    kept.a_cdr_to_the_byte,
    kept.two_tokens_of_one_uid,
    kept.one_mode,
    behind_hubs.for_another_party,
    sessions.the_periods_of_a_session,
    sessions.a_session_as_the_hub_plays_it,
    cdrs.posted,
    cdrs.a_cdr_by_itself,
    tariffs.deleted,
    tariffs.a_tariff_of_the_hub,
    tokens.at_a_location,
    commands.commands_for_nothing,
    commands.results_of_commands,
    commands.start_and_stop,
    reservations.where_nothing_can_be_reserved,
    reservations.replaced,
    rehearsal.rehearsed,
    afterwards.what_is_new,
    afterwards.pulled_from_the_beginning,
    afterwards.whose_token,
    locations.read_again,
    leaving.rotated,
    leaving.unregistered,
    invited.invited,
)
"""All of them."""

PASSIVE: Final[tuple[str, ...]] = (
    "TF-ENV-01",
    "TF-ENV-02",
    "TF-ENV-03",
    "TF-ENV-04",
    "TF-ENV-05",
    "TF-ENV-06",
    "TF-ENV-07",
    "TF-ENV-08",
    "TF-PAGE-01",
    "TF-PAGE-02",
    "TF-PAGE-05",
    "TF-PAGE-10",
    "TF-AUTH-08",
    "ST-CODE-01",
    "ST-5XX-01",
    "ST-5XX-02",
    "GIR-TIME-01",
    *BY_OBJECT,
    *CALLS,
)
"""What is seen on every exchange, whatever it was for."""
