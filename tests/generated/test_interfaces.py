"""What each interface of the text offers, takes and answers, asked of the generated routes over the wire."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import pytest

from ocpi211.client import CpoSessions, EmspClient
from ocpi211.models import (
    EVSE,
    AuthorizationInfo,
    CommandResponse,
    CommandResponseType,
    Connector,
    EVSEPatch,
    Location,
)
from ocpi211.operations import OPERATIONS
from ocpi211.routes import Caller, PageResult, Refusal
from ocpi211_runtime.exchange import Request, Response
from tests.generated.described import smallest
from tests.generated.interface import Interface, recorder
from tests.generated.recorded import PUBLIC_URL, TOKEN
from tests.runtime import served

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")

ENDPOINTS = [
    pytest.param("cpo", "cdrs", [""], "GET", marks=pytest.mark.requirement("CDR-CPO-03")),
    pytest.param("emsp", "cdrs", ["/1"], "GET", marks=pytest.mark.requirement("CDR-EMSP-03")),
    pytest.param("emsp", "cdrs", [""], "POST", marks=pytest.mark.requirement("CDR-EMSP-03")),
    pytest.param("cpo", "commands", ["/START_SESSION"], "POST", marks=pytest.mark.requirement("CMD-CPO-08")),
    pytest.param(
        "emsp", "commands", ["/START_SESSION", "/START_SESSION/1"], "POST", marks=pytest.mark.requirement("CMD-EMSP-04")
    ),
    pytest.param("cpo", "credentials", [""], "GET POST PUT DELETE", marks=pytest.mark.requirement("CRED-IF-02")),
    pytest.param("emsp", "credentials", [""], "GET POST PUT DELETE", marks=pytest.mark.requirement("CRED-IF-02")),
    pytest.param("cpo", "locations", ["", "/1", "/1/2", "/1/2/3"], "GET", marks=pytest.mark.requirement("LOC-CPO-06")),
    pytest.param(
        "emsp",
        "locations",
        ["/FR/EXA/1", "/FR/EXA/1/2", "/FR/EXA/1/2/3"],
        "GET PUT PATCH",
        marks=pytest.mark.requirement("LOC-EMSP-07"),
    ),
    pytest.param("cpo", "sessions", [""], "GET", marks=pytest.mark.requirement("SES-CPO-04")),
    pytest.param("emsp", "sessions", ["/FR/EXA/1"], "GET PUT PATCH", marks=pytest.mark.requirement("SES-EMSP-03")),
    pytest.param("cpo", "tariffs", [""], "GET", marks=pytest.mark.requirement("TAR-CPO-02")),
    pytest.param(
        "emsp", "tariffs", ["/FR/EXA/1"], "GET PUT PATCH DELETE", marks=pytest.mark.requirement("TAR-EMSP-03")
    ),
    pytest.param("cpo", "tokens", ["/FR/EXA/1"], "GET PUT PATCH", marks=pytest.mark.requirement("TOK-CPO-03")),
    pytest.param("emsp", "tokens", [""], "GET", marks=pytest.mark.requirement("TOK-EMSP-04")),
    pytest.param("emsp", "tokens", ["/1/authorize"], "POST", marks=pytest.mark.requirement("TOK-EMSP-04")),
]


@pytest.mark.parametrize(("role", "module", "suffixes", "offered"), ENDPOINTS)
def test_an_interface_offers_its_methods_and_no_other(
    role: str, module: str, suffixes: Sequence[str], offered: str
) -> None:
    interface = Interface(role, module)
    for suffix in suffixes:
        for verb in VERBS:
            answer = interface.ask(verb, suffix)
            if verb in offered.split():
                assert answer.status != 405, (verb, suffix)
            else:
                assert answer.codes == (405, 2000), (verb, suffix)
                assert sorted(answer.headers["allow"].split(", ")) == sorted(offered.split()), (verb, suffix)


class TestLocations:
    @pytest.mark.requirement("LOC-CPO-05")
    @pytest.mark.parametrize(
        ("suffix", "method", "kind"),
        [("/L", "get_location", Location), ("/L/E", "get_evse", EVSE), ("/L/E/C", "get_connector", Connector)],
    )
    def test_as_many_segments_as_levels(self, suffix: str, method: str, kind: type[Any]) -> None:
        stored = kind.model_validate(smallest(kind.__name__))
        interface = Interface("cpo", "locations", **{method: stored})
        answer = interface.ask("GET", suffix)
        assert answer.envelope["data"] == smallest(kind.__name__)
        assert [name for name, _ in interface.calls] == [method]

    @pytest.mark.requirement("LOC-CPO-08")
    @pytest.mark.parametrize("query", ["", "?date_from=2026-01-01T00:00:00Z", "?date_to=2026-01-01T00:00:00Z"])
    def test_either_date_may_be_left_out(self, query: str) -> None:
        interface = Interface("cpo", "locations", list_locations=PageResult([], total=0, limit=50))
        assert interface.ask("GET", query).codes == (200, 1000)
        given = interface.calls[0][1]
        assert [given["date_from"] is not None, given["date_to"] is not None] == ["from" in query, "_to" in query]

    @pytest.mark.requirement("LOC-EMSP-03")
    def test_an_incomplete_evse_is_refused(self) -> None:
        interface = Interface("emsp", "locations")
        answer = interface.ask("PUT", "/FR/EXA/L/E", {"uid": "E", "status": "AVAILABLE"})
        assert answer.codes == (200, 2001)
        assert answer.problems == [("/connectors", "missing"), ("/last_updated", "missing")]
        assert interface.calls == []

    @pytest.mark.requirement("LOC-EMSP-08")
    def test_the_url_decides_what_the_body_is(self) -> None:
        interface = Interface("emsp", "locations")
        evse, connector = smallest("EVSE") | {"uid": "E"}, smallest("Connector") | {"id": "C"}
        assert interface.ask("PUT", "/FR/EXA/L/E", evse).codes == (200, 1000)
        assert interface.ask("PUT", "/FR/EXA/L/E/C", connector).codes == (200, 1000)
        assert interface.ask("PATCH", "/FR/EXA/L/E", {"status": "REMOVED"}).codes == (200, 1000)
        assert interface.ask("PUT", "/FR/EXA/L", evse).codes == (200, 2001)
        assert [
            type(given[name]) for (_, given), name in zip(interface.calls, ("evse", "connector", "patch"), strict=True)
        ] == [
            EVSE,
            Connector,
            EVSEPatch,
        ]

    @pytest.mark.requirement("LOC-EMSP-09")
    @pytest.mark.parametrize("verb", ["PUT", "PATCH"])
    @pytest.mark.parametrize(
        ("suffix", "kind", "key"), [("/L", "Location", "id"), ("/L/E", "EVSE", "uid"), ("/L/E/C", "Connector", "id")]
    )
    def test_the_last_id_is_the_bodys(self, verb: str, suffix: str, kind: str, key: str) -> None:
        interface = Interface("emsp", "locations")
        own = suffix[-1]
        whole = smallest(kind) if verb == "PUT" else {}
        assert interface.ask(verb, f"/FR/EXA{suffix}", whole | {key: own}).codes == (200, 1000)
        answer = interface.ask(verb, f"/FR/EXA{suffix}", whole | {key: "X"})
        assert answer.codes == (200, 2001)
        assert [pointer for pointer, _ in answer.problems] == [f"/{key}"]
        assert len(interface.calls) == 1


class TestSessions:
    @pytest.mark.requirement("SES-CPO-03")
    def test_a_list_without_date_from_is_refused(self) -> None:
        interface = Interface("cpo", "sessions", list_sessions=PageResult([], total=0, limit=50))
        answer = interface.ask("GET")
        assert answer.codes == (200, 2001)
        assert answer.problems == [("query/date_from", "missing")]
        assert interface.ask("GET", "?date_from=2026-01-01T00:00:00Z").codes == (200, 1000)

    @pytest.mark.requirement("SES-PULL-01")
    def test_a_client_cannot_leave_it_out(self) -> None:
        parameter = inspect.signature(CpoSessions.list_sessions).parameters["date_from"]
        assert parameter.default is inspect.Parameter.empty


class TestCommands:
    @pytest.mark.requirement("CMD-CPO-01")
    def test_the_answer_is_an_object_with_the_result(self) -> None:
        accepted = CommandResponse(result=CommandResponseType.ACCEPTED)
        interface = Interface("cpo", "commands", stop_session=accepted)
        answer = interface.ask("POST", "/STOP_SESSION", smallest("StopSession"))
        assert (answer.codes, answer.envelope["data"]) == ((200, 1000), {"result": "ACCEPTED"})

    @pytest.mark.requirement("CMD-CPO-06")
    @pytest.mark.parametrize(
        ("command", "kind"),
        [
            ("RESERVE_NOW", "ReserveNow"),
            ("START_SESSION", "StartSession"),
            ("STOP_SESSION", "StopSession"),
            ("UNLOCK_CONNECTOR", "UnlockConnector"),
        ],
    )
    def test_each_command_has_its_body(self, command: str, kind: str) -> None:
        interface = Interface("cpo", "commands")
        whole = smallest(kind)
        for name in whole:
            answer = interface.ask("POST", f"/{command}", {key: value for key, value in whole.items() if key != name})
            assert answer.codes == (200, 2001)
            assert answer.problems == [(f"/{name}", "missing")]
        assert interface.calls == []

    @pytest.mark.requirement("CMD-CPO-07")
    @pytest.mark.parametrize("command", ["CANCEL_RESERVATION", "start_session", "%2F", "..", "A" * 300])
    def test_an_unknown_command_is_not_found(self, command: str) -> None:
        assert Interface("cpo", "commands").ask("POST", f"/{command}", {}).codes == (404, 2000)

    @pytest.mark.requirement("CMD-EMSP-01")
    @pytest.mark.parametrize("result", list(CommandResponseType))
    def test_every_result_is_taken(self, result: CommandResponseType) -> None:
        interface = Interface("emsp", "commands")
        answer = interface.ask("POST", "/START_SESSION/4711", {"result": result})
        assert (answer.codes, answer.envelope["data"]) == ((200, 1000), {})
        assert interface.calls[0][1]["command_response"] == CommandResponse(result=result)

    @pytest.mark.requirement("CMD-CPO-03")
    def test_a_result_goes_to_the_url_as_it_was_given(self) -> None:
        url = f"{PUBLIC_URL}/results;v=1/a%2Fb/?key=x%20y&empty="

        class Recorder:
            sent: Request

            def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:
                self.sent = request
                return Response(200, [], b'{"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"}')

            def close(self) -> None: ...

        transport = Recorder()
        emsp = EmspClient(token=TOKEN, endpoints={"commands": f"{PUBLIC_URL}/emsp/2.1.1/commands"}, transport=transport)
        emsp.commands.post_result(url, CommandResponse(result=CommandResponseType.TIMEOUT))
        assert (transport.sent.method, transport.sent.url) == ("POST", url)
        assert transport.sent.body == b'{"result":"TIMEOUT"}'
        assert transport.sent.headers["Authorization"] == f"Token {TOKEN}"


class TestCredentials:
    @pytest.mark.requirement("CRED-POST-08")
    @pytest.mark.parametrize("operation", ["post_credentials", "put_credentials"])
    @pytest.mark.parametrize("role", ["cpo", "emsp"])
    def test_the_answer_is_credentials(self, role: str, operation: str) -> None:
        row = OPERATIONS[f"{role}.credentials.{operation}"]
        ours = row.result_adapter.validate_python(smallest("Credentials") | {"token": "ours"})
        interface = Interface(role, "credentials", **{operation: ours})
        answer = interface.ask(row.verb, body=smallest("Credentials"))
        assert (answer.codes, answer.envelope["data"]["token"]) == ((200, 1000), "ours")

    @pytest.mark.requirement("CRED-NEG-01")
    @pytest.mark.parametrize("verb", ["POST", "PUT"])
    def test_invalid_credentials_never_reach_the_handler(self, verb: str) -> None:
        interface = Interface("emsp", "credentials")
        answer = interface.ask(verb, body=smallest("Credentials") | {"token": "white space", "url": None})
        assert answer.codes == (200, 2001)
        assert {pointer for pointer, _ in answer.problems} == {"/token", "/url"}
        assert b"white space" not in answer.body
        assert interface.calls == []


class TestTokens:
    @pytest.mark.requirement("TOK-AUTH-08")
    def test_a_driver_who_may_not_charge_is_no_error(self) -> None:
        blocked = AuthorizationInfo.model_validate({"allowed": "BLOCKED"})
        answer = Interface("emsp", "tokens", authorize_token=blocked).ask("POST", "/1/authorize")
        assert (answer.codes, answer.envelope["data"]) == ((200, 1000), {"allowed": "BLOCKED"})

    @pytest.mark.requirement("GIR-TOK-05")
    @pytest.mark.parametrize(("query", "kind"), [("", "RFID"), ("?type=OTHER", "OTHER"), ("?tokenType=OTHER", "OTHER")])
    def test_one_token_by_its_uid(self, query: str, kind: str) -> None:
        interface = Interface("emsp", "tokens", get_token=Refusal("unknown"))
        assert interface.ask("GET", f"/0A1B2C3D{query}").codes == (200, 2000)
        assert interface.calls == [("get_token", {"token_uid": "0A1B2C3D", "type": kind})]

    @pytest.mark.requirement("GIR-HDR-01")
    def test_hub_headers_are_ignored_where_they_mean_nothing(self) -> None:
        headers = [("ocpi-to-country-code", "far too long"), ("ocpi-from-party-id", "XYZ")]
        interface = Interface("cpo", "tokens")
        token = smallest("Token") | {"uid": "1"}
        assert interface.ask("PUT", "/FR/EXA/1", token, headers=headers).codes == (200, 1000)

    @pytest.mark.requirement("GIR-OWN-01")
    def test_a_hub_is_let_in_with_the_owners_of_the_objects(self) -> None:
        class Hub(Caller):
            def may_write_for(self, country_code: str, party_id: str) -> bool:
                return (country_code, party_id) in {("FR", "EMP"), ("DE", "EMP")}

        async def hub(token: str, request: object) -> Caller:  # noqa: ARG001
            return Hub("emsp", "FR", "107")

        interface = Interface("cpo", "tokens")
        interface.app = served.serve(recorder("cpo", "tokens", interface.calls, {}), authenticate=hub)
        token = smallest("Token") | {"uid": "1"}
        assert interface.ask("PUT", "/DE/EMP/1", token).codes == (200, 1000)
        assert interface.ask("PUT", "/FR/107/1", token).codes == (404, 2000)
        assert [given["country_code"] for _, given in interface.calls] == ["DE"]
