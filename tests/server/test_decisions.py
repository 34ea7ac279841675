"""The place for a back office's own answers: what they are told, and what becomes of what they say."""

from collections.abc import Callable

import pytest

from ocpi211.models import (
    Allowed,
    AuthorizationInfo,
    CommandResponseType,
    DisplayText,
    Location,
    Session,
    Token,
)
from ocpi211_server.decisions import Command, Decisions, Question
from tests.server.far_side import World, played
from tests.server.samples import evse, location, session, token


class Prepaid(Decisions):
    """A provider whose drivers pay beforehand, and a Charge Point that is closed on some days."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.commands: list[Command] = []

    async def may_charge(self, question: Question) -> Allowed:
        self.questions.append(question)
        return Allowed.NO_CREDIT if question.token.uid == "poor" else await super().may_charge(question)

    async def can_start(self, command: Command) -> bool:
        self.commands.append(command)
        return False

    async def can_stop(self, command: Command) -> bool:
        self.commands.append(command)
        return False


class Silent(Decisions):
    """Says as little as can be said."""

    async def authorize(self, question: Question) -> AuthorizationInfo:
        return AuthorizationInfo(allowed=Allowed.ALLOWED, info=DisplayText(language="en", text="go on"))


class Broken(Decisions):
    """Has a fault."""

    async def may_charge(self, question: Question) -> Allowed:
        raise RuntimeError("the ledger is closed")

    async def begin(self, command: Command) -> CommandResponseType:
        raise RuntimeError("the gate is closed")


def test_a_provider_of_ones_own_is_told_who_asks_what_about_where(new_database: Callable[[], str]) -> None:
    office = Prepaid()

    @played("FR*CPO", plays="emsp", profile="plain-2.1.1", decisions=office)
    async def story(world: World) -> None:
        cards = [Token.model_validate(token(uid)) for uid in ("rich", "poor")]
        await world.own.office.publish("tokens", cards)
        cpo = world["FR*CPO"]
        await cpo.put("locations", location())
        here = {"location_id": "LOC1", "evse_uids": ["E1"]}
        answers = [await cpo.did("POST", f"/tokens/{uid}/authorize", here) for uid in ("rich", "poor")]
        assert [answer["allowed"] for answer in answers] == ["ALLOWED", "NO_CREDIT"]
        assert all(answer["authorization_id"] for answer in answers)
        question = office.questions[1]
        assert (question.token.uid, question.stored.owner, question.asked_by.party) == ("poor", "FR*EMP", "FR*CPO")
        assert question.location is not None
        assert question.evse is not None
        assert (question.location.id, question.evse.evse_id) == ("LOC1", "FR*CPO*EE1")
        rows = await world.sql("SELECT allowed FROM authorization_given ORDER BY made")
        assert rows == [("ALLOWED",), ("NO_CREDIT",)]

    story(new_database)


def test_a_charge_point_of_ones_own_decides_what_starts_and_stops(new_database: Callable[[], str]) -> None:
    office = Prepaid()

    @played("FR*EMP", plays="cpo", profile="plain-2.1.1", decisions=office)
    async def story(world: World) -> None:
        emsp = world["FR*EMP"]
        await emsp.put("tokens", token())
        await world.own.office.publish("locations", [Location.model_validate(location(evses=[evse("E1")]))])
        await world.own.office.publish("sessions", [Session.model_validate(session())])
        url = {"response_url": f"{emsp.url}/r"}
        start = {**url, "token": token(), "location_id": "LOC1", "evse_uid": "E1"}
        assert await emsp.did("POST", "/commands/START_SESSION", start) == {"result": "REJECTED"}
        assert await emsp.did("POST", "/commands/STOP_SESSION", {**url, "session_id": "S1"}) == {"result": "REJECTED"}
        first, second = office.commands
        assert first.evse is not None
        assert (first.evse.uid, first.location and first.location.id, first.session) == ("E1", "LOC1", None)
        assert (second.session and second.session.id, second.location) == ("S1", None)

    story(new_database)


def test_an_answer_may_do_without_an_id_and_then_nothing_is_kept(new_database: Callable[[], str]) -> None:
    @played("FR*CPO", plays="emsp", profile="plain-2.1.1", decisions=Silent())
    async def story(world: World) -> None:
        await world.own.office.publish("tokens", [Token.model_validate(token())])
        answer = await world["FR*CPO"].did("POST", "/tokens/04A1B2C3/authorize")
        assert answer == {"allowed": "ALLOWED", "info": {"language": "en", "text": "go on"}}
        assert await world.sql("SELECT emsp FROM authorization_given") == []

    story(new_database)


@pytest.mark.parametrize("plays", ["emsp", "cpo"])
def test_a_fault_in_a_decision_is_our_fault_and_tells_nothing(new_database: Callable[[], str], plays: str) -> None:
    @played("FR*CPO", "FR*EMP", plays=plays, profile="plain-2.1.1", decisions=Broken())
    async def story(world: World) -> None:
        if plays == "emsp":
            await world.own.office.publish("tokens", [Token.model_validate(token())])
            reply = await world["FR*CPO"].call("POST", "/tokens/04A1B2C3/authorize")
        else:
            await world.own.office.publish("locations", [Location.model_validate(location())])
            order = {"response_url": f"{world['FR*EMP'].url}/r", "token": token(), "location_id": "LOC1"}
            reply = await world["FR*EMP"].call("POST", "/commands/START_SESSION", order)
        assert (reply.status, reply.code) == (500, 3000)
        assert b"closed" not in reply.body

    story(new_database)
