"""A partner registers with us: what it is answered, and what is written."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ocpi211_runtime.errors import Timeout
from ocpi211_server.registration.identity import RegistrationRules
from tests.server.network import Network, enveloped
from tests.server.parties import Answer, Party, dumped, started
from tests.server.stranger import MODULES, OFFERED, Stranger

NewDatabase = Callable[[], str]
CREDENTIALS = "/emsp/2.1.1/credentials"


async def invited(hub: Party, stranger: Stranger) -> str:
    return await hub.invitations.invite("cpo", "FR", "ABC", origins=[stranger.url])


async def send(hub: Party, verb: str, token: str, body: object = None) -> Answer:
    return await hub.ask(verb, CREDENTIALS, token, body)


async def sent(hub: Party) -> str:
    """The token that the hub sends to the stranger."""
    return hub.partners.peer(await hub.partner("cpo", "FR*ABC")).token


def played(
    new_database: NewDatabase, play: Callable[[Party, Stranger], Any], rules: RegistrationRules | None = None
) -> None:
    """Between a hub and a stranger that is a CPO."""

    async def run() -> None:
        network = Network()
        async with started(new_database, "hub", network=network, rules=rules) as (hub,):
            await play(hub, Stranger(network))

    asyncio.run(run())


@pytest.mark.requirement("CRED-OBJ-03", "CRED-POST-01", "CRED-POST-02", "CRED-POST-08")
def test_who_was_invited_is_called_back_and_given_a_token(new_database: NewDatabase) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        token = await invited(hub, stranger)
        answer = await send(hub, "POST", token, stranger.credentials())
        assert (answer.status, answer.code) == (201, 1000)
        assert len(answer.token) == 64
        assert answer.token not in (token, OFFERED)
        assert answer.data["url"] == "https://hub.example/ocpi/emsp/versions"
        assert (answer.data["country_code"], answer.data["party_id"]) == ("FR", "107")
        assert answer.data["business_details"] == {"name": "Test hub"}
        asked = [(each.request.url, each.request.secret) for each in stranger.network.exchanges]
        assert asked == [(stranger.versions_url, OFFERED), (stranger.details_url, OFFERED)]
        partner = await hub.partner("cpo", "FR*ABC")
        assert partner.state == "registered"
        assert (partner.versions_url, partner.details_url) == (stranger.versions_url, stranger.details_url)
        assert partner.endpoints == {module: f"{stranger.details_url}/{module}" for module in MODULES}

    played(new_database, play)


Change = Callable[[Stranger], object]


def _set(**attributes: Any) -> Change:
    return lambda stranger: vars(stranger).update(attributes)


def _answer(path: str, answer: bytes | tuple[int, bytes]) -> Change:
    return lambda stranger: stranger.answers.update({path: answer})


UNUSABLE: dict[str, tuple[Change, int, str]] = {
    "unreachable": (lambda it: it.network.lose("request", "versions"), 3001, "no answer"),
    "slow": (lambda it: it.network.lose("answer", "version_details", error=Timeout), 3001, "no answer in time"),
    "does not know the token": (_answer("/versions", (401, enveloped(None, 2000))), 3001, "HTTP 401"),
    "repeats the token": (_answer("/versions", (401, f"no such token: {OFFERED}".encode())), 3001, "HTTP 401"),
    "not JSON": (_answer("/versions", b"<html>"), 3001, "not JSON"),
    "no envelope": (_answer("/2.1.1", b'{"version": "2.1.1"}'), 3001, "envelope"),
    "redirects": (_answer("/versions", (302, b"")), 3001, "redirects are not followed"),
    "endless": (_answer("/versions", enveloped("x" * 300_000)), 3001, "longer than"),
    "another version": (_set(version="2.2.1"), 3002, "does not offer version 2.1.1, but 2.2.1"),
    "no credentials": (_set(endpoints={"cdrs": "https://partner.example/cdrs"}), 3003, "credentials, locations"),
    "a module is missing": (_set(endpoints={"credentials": "https://partner.example/c"}), 3003, "missing: locations"),
    "http": (_set(versions_url="http://partner.example/versions"), 3001, "begins with https"),
    "private": (_set(versions_url="https://10.0.0.7/versions"), 3001, "no public host"),
    "mapped": (_set(versions_url="https://[::ffff:127.0.0.1]/versions"), 3001, "no public host"),
    "loopback": (_set(versions_url="https://localhost/versions"), 3001, "no public host"),
    "credentials in the URL": (_set(versions_url="https://a:b@partner.example/versions"), 3001, "no credentials"),
    "foreign": (_set(versions_url="https://foreign.example/versions"), 3001, "not among the approved origins"),
    "another port": (_set(versions_url="https://partner.example:8443/v"), 3001, "not among the approved origins"),
    "foreign details": (_set(details_url="https://foreign.example/2.1.1"), 3001, "not among the approved origins"),
    "http details": (_set(details_url="http://partner.example/2.1.1"), 3001, "not among the approved origins"),
    "foreign endpoint": (
        _set(endpoints={"credentials": "https://partner.example/c", "locations": "https://foreign.example/l"}),
        3001,
        "not among the approved origins",
    ),
}


@pytest.mark.requirement("CRED-POST-04", "CRED-POST-05", "CRED-POST-06", "CRED-POST-09")
@pytest.mark.parametrize("fault", UNUSABLE)
def test_nothing_is_written_of_a_partner_that_cannot_be_called(new_database: NewDatabase, fault: str) -> None:
    change, code, said = UNUSABLE[fault]

    async def play(hub: Party, stranger: Stranger) -> None:
        change(stranger)
        stranger.serve(location="https://partner.example/elsewhere")
        token = await invited(hub, stranger)
        before = await dumped(hub.database)
        answer = await send(hub, "POST", token, stranger.credentials(url=stranger.versions_url))
        assert (answer.status, answer.code) == (200, code)
        assert said in answer.message
        assert answer.data["problems"][0]["pointer"] == "/url"
        assert OFFERED not in answer.response.body.decode()
        assert await dumped(hub.database) == before
        hosts = {each.request.url.split("/")[2] for each in stranger.network.exchanges}
        assert hosts <= {"partner.example"}

    played(new_database, play, RegistrationRules(required={"cpo": frozenset({"locations"})}))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"party_id": "XYZ"}, "/party_id"), ({"country_code": "DE"}, "/country_code"), ({"party_id": "abc"}, "/party_id")],
)
def test_another_party_than_the_one_invited_is_refused(
    new_database: NewDatabase, changes: dict[str, str], pointer: str
) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        token = await invited(hub, stranger)
        before = await dumped(hub.database)
        answer = await send(hub, "POST", token, stranger.credentials(**changes))
        assert (answer.code, answer.data["problems"][0]["pointer"]) == (2001, pointer)
        assert await dumped(hub.database) == before
        assert stranger.network.exchanges == []

    played(new_database, play)


@pytest.mark.requirement("CRED-NEG-01")
@pytest.mark.parametrize("token", ["", "two words", "x" * 65, "clé"])
def test_a_token_that_is_none_is_refused_by_its_model(new_database: NewDatabase, token: str) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        invitation = await invited(hub, stranger)
        before = await dumped(hub.database)
        body = {**stranger.credentials().model_dump(mode="json"), "token": token}
        answer = await send(hub, "POST", invitation, body)
        assert answer.code == 2001
        assert await dumped(hub.database) == before

    played(new_database, play)


def test_a_token_of_ours_is_no_token_to_offer(new_database: NewDatabase) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        token = await invited(hub, stranger)
        answer = await send(hub, "POST", token, stranger.credentials(token))
        assert (answer.code, answer.data["problems"][0]["pointer"]) == (2001, "/token")

    played(new_database, play)


@pytest.mark.requirement("CRED-POST-03", "CRED-PUT-03", "CRED-DEL-01")
def test_who_is_registered_may_not_post_and_who_is_not_may_not_put_or_delete(new_database: NewDatabase) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        invitation = await invited(hub, stranger)
        for verb in ("PUT", "DELETE"):
            answer = await send(hub, verb, invitation, stranger.credentials() if verb == "PUT" else None)
            assert answer.status == 405
            assert answer.response.header("allow") is not None
        token = (await send(hub, "POST", invitation, stranger.credentials())).token
        assert (await send(hub, "POST", token, stranger.credentials("another"))).status == 405
        assert (await send(hub, "PATCH", token, stranger.credentials("another"))).status == 405

    played(new_database, play)


def test_where_put_is_not_for_partners_it_is_not_allowed(new_database: NewDatabase) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        token = (await send(hub, "POST", await invited(hub, stranger), stranger.credentials())).token
        assert (await send(hub, "PUT", token, stranger.credentials("another"))).status == 405

    played(new_database, play, RegistrationRules(put=False))


@pytest.mark.requirement("CRED-GET-01")
def test_credentials_are_shown_with_the_token_that_asks(new_database: NewDatabase) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        invitation = await invited(hub, stranger)
        assert (await send(hub, "GET", invitation)).token == invitation
        given = await send(hub, "POST", invitation, stranger.credentials())
        assert (await send(hub, "GET", given.token)).data == given.data

    played(new_database, play)


@pytest.mark.requirement("CRED-POST-07", "CRED-POST-10")
def test_an_invitation_registers_until_the_token_given_for_it_is_used(new_database: NewDatabase) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        invitation = await invited(hub, stranger)
        await send(hub, "POST", invitation, stranger.credentials("first"))
        second = (await send(hub, "POST", invitation, stranger.credentials("second"))).token
        assert await sent(hub) == "second"
        assert (await send(hub, "GET", second)).status == 200
        assert (await send(hub, "POST", invitation, stranger.credentials("third"))).status == 401

    played(new_database, play)


@pytest.mark.requirement("CRED-PUT-01", "CRED-PUT-02", "CRED-PUT-04", "CRED-PUT-05")
def test_a_put_gives_a_token_and_takes_the_endpoints_that_are_there_now(new_database: NewDatabase) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        token = (await send(hub, "POST", await invited(hub, stranger), stranger.credentials())).token
        stranger.endpoints["locations"] = "https://partner.example/moved"
        stranger.endpoints["cdrs"] = "https://partner.example/cdrs"
        stranger.serve()
        before = len(stranger.network.exchanges)
        answer = await send(hub, "PUT", token, stranger.credentials("another", url=stranger.versions_url))
        assert (answer.status, answer.code) == (200, 1000)
        asked = [(each.request.url, each.request.secret) for each in stranger.network.exchanges[before:]]
        assert asked == [(stranger.versions_url, "another"), (stranger.details_url, "another")]
        partner = await hub.partner("cpo", "FR*ABC")
        assert partner.endpoints == stranger.endpoints
        assert await sent(hub) == "another"
        again = await send(hub, "PUT", token, stranger.credentials("third"))
        assert (await send(hub, "GET", again.token)).status == 200
        assert [(await send(hub, "GET", each)).status for each in (token, answer.token)] == [401, 401]

    played(new_database, play)


def test_a_put_that_fails_leaves_everything_as_it_was(new_database: NewDatabase) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        token = (await send(hub, "POST", await invited(hub, stranger), stranger.credentials())).token
        await send(hub, "GET", token)
        before = await dumped(hub.database)
        stranger.network.lose("answer", "version_details")
        assert (await send(hub, "PUT", token, stranger.credentials("another"))).code == 3001
        assert await dumped(hub.database) == before

    played(new_database, play)


def test_a_partner_that_asks_again_and_again_does_not_fill_the_table(new_database: NewDatabase) -> None:
    async def play(hub: Party, stranger: Stranger) -> None:
        token = (await send(hub, "POST", await invited(hub, stranger), stranger.credentials())).token
        given = [await send(hub, "PUT", token, stranger.credentials(f"number-{number}")) for number in range(20)]
        assert len(await hub.database.read("SELECT seq FROM credential")) < 12
        assert [(await send(hub, "GET", each)).status for each in (token, given[-1].token)] == [200, 200]

    played(new_database, play)
