"""The exceptions: what they carry, what they say, and what they keep to themselves."""

import inspect
import json
import pickle

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from ocpi211_runtime import errors
from ocpi211_runtime.errors import (
    ForeignUrl,
    MalformedAnswer,
    MethodNotAllowed,
    NotFound,
    OcpiError,
    PeerError,
    PeerNotFound,
    PeerRefusal,
    Problem,
    Refusal,
    ServerFailure,
    Timeout,
    Unreachable,
    problems_of,
)
from ocpi211_runtime.problems import excerpt, pointer

ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, OcpiError)]


class Party(BaseModel):
    token: int
    name: str = ""


def problems(text: bytes | str, prefix: str = "") -> tuple[Problem, ...]:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(list[Party]).validate_json(text)
    return problems_of(caught.value, prefix)


@pytest.mark.parametrize("kind", ALL)
def test_the_tree_at_the_head_of_the_module_names_every_exception(kind: type[OcpiError]) -> None:
    assert f" {kind.__name__} " in f"{errors.__doc__}".replace("\n", " ")


@pytest.mark.parametrize("kind", ALL)
def test_an_exception_survives_the_way_to_another_process(kind: type[OcpiError]) -> None:
    error = kind("why")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  (our own bytes)
    assert (type(again), str(again), vars(again)) == (kind, str(error), vars(error))
    assert repr(again) == repr(error)


@pytest.mark.parametrize("status", [0, 101, 199, 204, 205, 304, 600])
def test_a_refusal_has_a_status_that_carries_its_envelope(status: int) -> None:
    with pytest.raises(ValueError, match=f"HTTP {status} cannot carry an envelope"):
        Refusal(http_status=status)


@pytest.mark.parametrize(("count", "told"), [(100, 100), (101, 100), (10_000, 100), (10_001, 0)])
def test_of_very_many_problems_the_first_are_told(count: int, told: int) -> None:
    found = problems(b"[" + b",".join([b"1"] * count) + b"]", "/data")
    assert [one.pointer for one in found[:told]] == [f"/data/{index}" for index in range(told)]
    rest = [Problem("/data", "too_many", f"{count - told} more problems")]
    assert list(found[told:]) == (rest if count > told else [])


@pytest.mark.parametrize("kind", [kind for kind in ALL if issubclass(kind, Refusal)])
@pytest.mark.requirement("ST-CODE-01")
def test_a_refusal_carries_a_code_of_the_table(kind: type[Refusal]) -> None:
    assert kind().status_code in {2000, 2001, 2002, 2003, 3000, 3001, 3002, 3003}
    assert kind().http_status in {200, 400, 401, 404, 405, 413, 500}
    assert kind().message


def test_a_refusal_is_told_what_differs() -> None:
    problem = Problem("/uid", "missing", "Field required")
    error = NotFound("no such Token", status_code=2003, http_status=200, problems=[problem], headers={"X-Why": "age"})
    assert (error.status_code, error.http_status, error.problems) == (2003, 200, (problem,))
    assert error.headers == {"X-Why": "age"}
    assert (NotFound().status_code, NotFound().http_status) == (2000, 404)


def test_a_refusal_of_the_method_lists_those_that_are_offered() -> None:
    assert MethodNotAllowed(allow=["GET", "PUT"]).headers == {"Allow": "GET, PUT"}


def test_whose_fault_it_is_can_be_asked() -> None:
    assert not issubclass(ServerFailure, PeerError)
    assert issubclass(PeerNotFound, PeerRefusal)
    assert issubclass(Timeout, Unreachable)
    assert issubclass(ForeignUrl, PeerError)


def test_an_error_of_the_peer_says_in_which_call() -> None:
    error = PeerRefusal("no", http_status=200, status_code=2001, operation="cpo.tokens.get_token", url="https://x/t")
    assert str(error) == "the peer refused with HTTP 200, OCPI 2001: no (cpo.tokens.get_token https://x/t)"
    assert str(PeerRefusal(http_status=502)) == "the peer refused with HTTP 502"


def test_a_peer_cannot_write_lines_into_a_log_nor_fill_it() -> None:
    said = "no\r\n2024-05-01 all is well\x1b[2J" + "x" * 100_000
    error = PeerRefusal(said)
    assert error.status_message == said
    assert str(error).isprintable()
    assert max(len(str(error)), len(repr(error))) < 1100


def test_an_excerpt_of_the_answer_is_short() -> None:
    assert len(PeerRefusal(body="x" * 5000).body) == 1000
    assert len(MalformedAnswer("no JSON", body="x" * 5000).body) == 1000
    assert len(excerpt(b"x" * 5000)) == 1000


def test_a_problem_says_where_which_rule_why_and_what_came() -> None:
    (found,) = problems('[{"token": 1}, {"token": 1, "name": 7}]')
    assert found == Problem("/1/name", "string_type", "Input should be a valid string", "7")
    (found,) = problems('[{"name": "x"}]', "/data")
    assert found == Problem("/data/0/token", "missing", "Field required", "")


def test_a_pointer_escapes_what_rfc_6901_escapes() -> None:
    assert pointer(["a/b", "m~n", 0], "/data") == "/data/a~1b/m~0n/0"


def test_what_came_is_cut() -> None:
    (found,) = problems('[{"token": 1, "name": ["%s"]}]' % ("x" * 500))
    assert len(found.received) == 100


@pytest.mark.requirement("TF-AUTH-08")
@pytest.mark.parametrize(
    "text",
    [
        '[{"token": "hush-hush"}]',
        '["{\\"token\\": \\"hush-hush\\"}"]',
        '{"token": "hush-hush"}',
        '[[{"token": "hush-hush"}]]',
        b'[{"token": "hush-hush"',
    ],
)
def test_a_token_in_a_broken_text_stays_hidden(text: bytes | str) -> None:
    assert "hush" not in repr(problems(text))
    body = text if isinstance(text, bytes) else text.encode()
    assert "hush" not in excerpt(body)


@pytest.mark.requirement("TF-AUTH-08")
def test_a_token_that_the_peer_repeats_stays_hidden() -> None:
    assert excerpt(b"who is hush-hush?", "hush-hush") == "who is ***?"


@pytest.mark.requirement("TF-AUTH-08")
@pytest.mark.parametrize("token", ["hush'hush", 'hush"hush', "hush\\hush", "hush'\"\\hush"])
def test_a_token_with_a_quote_in_it_stays_hidden(token: str) -> None:
    member = json.dumps([{"token": token}])
    assert "hush" not in excerpt(member.encode())
    assert "hush" not in repr(problems(member))
    assert "hush" not in repr(problems(json.dumps([[{"token": token}]])))
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Party).validate_json(f"who is {token}?")
    assert "hush" not in repr(problems_of(caught.value, secret=token))
