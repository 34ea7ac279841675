"""Lists in pages (transport_and_format.md, Pagination), at a CPO, an eMSP and a hub."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from pydantic import BaseModel

from ocpi211.models import Location, Tariff, Token
from ocpi211_runtime.answers import Role
from ocpi211_runtime.pages import parse_next
from ocpi211_server.database import Work, sql
from tests.server.live import Live, live
from tests.server.made_up import body_of, kept_at, published
from tests.server.stage import agreed

PUBLIC = "https://roaming.example/ocpi"
LISTS = [("cpo", "locations"), ("cpo", "tariffs"), ("emsp", "tokens"), ("hub", "locations"), ("hub", "tokens")]
FORMS: dict[str, type[BaseModel]] = {"locations": Location, "tariffs": Tariff, "tokens": Token}
ROLES: tuple[Role, ...] = ("cpo", "emsp")
COUNT = 23
CAP = 7


def stamp(number: int) -> str:
    return f"2024-05-02T10:00:{number:02}Z"


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, lasting_database: Callable[[], str]) -> Iterator[Live]:
    """With objects 0 to 22, changed in the opposite order of their creation, and some that are not for the guest."""
    limits = dict.fromkeys(("locations", "tariffs", "tokens", "sessions", "cdrs"), CAP)
    with live(lasting_database, request.param, public_url=PUBLIC, profile_changes={"max_limit": limits}) as one:
        if request.param == "hub":
            for role in ROLES:
                one.actor.tokens[role] = one.do(one.actor.guest(role, "DE", "HUB", hub=True))
            database = one.actor.server.site.database
            for cpo, emsp in (("DE*AAA", "FR*EXA"), ("DE*BBB", "FR*EXA"), ("FR*EXA", "DE*AAA"), ("DE*CCC", "FR*XYZ")):
                one.do(database.write(agreed, cpo, emsp))
        for module in FORMS:
            if (request.param, module) in LISTS:
                for number in range(COUNT):
                    write(one, module, number)
        yield one


def write(server: Live, module: str, number: int, moment: int | None = None, *, name: str | None = None) -> None:
    """An object that the guest may see; a hub gets another with it that the guest may not."""
    body = body_of(module, name or f"X{number}", last_updated=stamp(40 - number if moment is None else moment))
    if server.actor.server.settings.role != "hub":
        server.do(server.actor.office.publish(module, [FORMS[module].model_validate(body)]))
        return
    owners = ["AAA", "CCC"] if module == "tokens" or number % 2 else ["BBB", "CCC"]
    for owner in owners:
        path = kept_at(module, name or f"X{number}", owner=("DE", owner))
        token = server.actor.tokens["emsp" if module == "tokens" else "cpo"]
        answer = server.send("PUT", path, json.dumps(body).encode(), {"Authorization": f"Token {token}"})
        assert answer.status in (200, 201)


each = pytest.mark.parametrize(("server", "module"), LISTS, indirect=["server"], scope="module")


def crawl(server: Live, first: str, then: Callable[[], None] = lambda: None) -> list[Any]:
    """The answers from this URL on, as far as `Link` leads; `then` happens after each."""
    answers = [server.send("GET", first)]
    while following := link(answers[-1]):
        then()
        assert len(answers) < 100
        answers.append(server.send("GET", following))
    return answers


def link(answer: Any) -> str | None:
    """The next page, without the public URL."""
    header = answer.headers.get("link")
    if header is None:
        return None
    url = parse_next([header])
    assert url is not None
    assert url.startswith(PUBLIC + "/")
    return url.removeprefix(PUBLIC)


def ids(answers: list[Any]) -> list[str]:
    return [one.get("uid", one.get("id")) for answer in answers for one in answer.data]


def query_of(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))


def filtered(*, least: int = 0, below: int = 99) -> list[str]:
    return [f"X{number}" for number in range(COUNT) if least <= 40 - number < below]


@each
class TestPages:
    @pytest.mark.requirement("TF-PAGE-02", "TF-PAGE-04", "TF-PAGE-07", "TF-GET-03")
    @pytest.mark.parametrize("limit", [None, 1, 5, 1000])
    def test_following_the_link_gives_every_object_once_oldest_first(
        self, server: Live, module: str, limit: int | None
    ) -> None:
        query = {} if limit is None else {"limit": str(limit)}
        answers = crawl(server, published(module, **query))
        effective = min(limit or CAP, CAP)
        assert ids(answers) == filtered()
        assert [len(answer.data) for answer in answers[:-1]] == [effective] * (len(answers) - 1)
        assert {answer.headers["x-limit"] for answer in answers} == {str(effective)}
        assert {answer.headers["x-total-count"] for answer in answers} == {str(COUNT)}
        assert ids(crawl(server, published(module, **query))) == ids(answers)

    @pytest.mark.requirement("TF-PAGE-08", "TF-PAGE-09")
    @pytest.mark.parametrize("offset", [0, 5, 16, 22, 23, 24, 2**53])
    def test_an_offset_given_by_hand_skips_so_many(self, server: Live, module: str, offset: int) -> None:
        answer = server.send("GET", published(module, offset=str(offset), limit="7"))
        assert ids([answer]) == filtered()[offset : offset + 7]
        assert answer.headers["x-total-count"] == str(COUNT)
        assert (link(answer) is not None) == (offset + 7 < COUNT)

    @pytest.mark.requirement("TF-DATE-01", "LOC-CPO-02", "TAR-CPO-03", "TOK-EMSP-02")
    @pytest.mark.parametrize(("least", "below"), [(25, 99), (0, 30), (20, 31), (30, 30), (41, 99), (18, 41)])
    def test_dates_leave_what_was_updated_from_the_first_on_and_before_the_second(
        self, server: Live, module: str, least: int, below: int
    ) -> None:
        if server.actor.server.settings.role == "hub":
            least, below = 0, 99  # there the moment of receipt counts
        query = {"date_from": stamp(least) if least < 60 else "2099-01-01T00:00:00Z"}
        query["date_to"] = stamp(below) if below < 60 else "2099-01-01T00:00:00Z"
        answers = crawl(server, published(module, limit="3", **query))
        assert ids(answers) == filtered(least=least, below=below)
        assert {answer.headers["x-total-count"] for answer in answers} == {str(len(ids(answers)))}

    def test_the_link_keeps_the_filters_as_they_were_given(self, server: Live, module: str) -> None:
        given = {"date_from": "2024-05-02T00:00:00+01:00", "date_to": "2099-05-02T12:00:00.5", "odd": "ä&=#%/ "}
        following = link(server.send("GET", published(module, limit="3", **given)))
        assert following is not None
        asked = query_of(following)
        assert {name: asked.get(name) for name in given} == given
        assert (asked["limit"], asked["offset"]) == ("3", "3")

    def test_what_is_made_or_changed_during_a_crawl_loses_nothing(self, server: Live, module: str) -> None:
        made = iter(range(100, 200))

        def meanwhile() -> None:
            number = next(made)
            write(server, module, number % COUNT, 41)  # changed: at a hub it is among the latest then
            if number < 103:
                write(server, module, number, 45, name=f"Y{module}{number}")

        found = ids(crawl(server, published(module, limit="3", date_from=stamp(0)), meanwhile))
        assert found[:COUNT] == filtered()
        assert len(found) == len(set(found)) == COUNT + 3
        for number in range(COUNT):  # as it was, for whoever comes next
            assert f"X{number}" in found
        _forget(server, module)

    @pytest.mark.parametrize(
        "cursor",
        [
            "",
            ".",
            "1",
            "1.2",
            "x.1.1",
            "-1.1.1",
            "1.1.1.1",
            f"1.{10**40}.1",
            f"{10**18}.1.1",
            "\u0661.\u0661.\u0661",
            "1.1.1\0",
            "1' OR 1=1 --",
            "1e3.1.1",
            " 1.1.1",
        ],
    )
    def test_a_cursor_that_was_not_given_out_is_refused(self, server: Live, module: str, cursor: str) -> None:
        answer = server.send("GET", published(module, limit="3", after=cursor))
        assert (answer.status, answer.code) == (200, 2001)

    def test_a_cursor_of_one_list_is_harmless_in_another(self, server: Live, module: str) -> None:
        for cursor in ("1.5.3", "999999999999999999.5.3", "0.0.3", "0.999999999999999999.3"):
            answer = server.send("GET", published(module, limit="3", offset="3", after=cursor))
            assert answer.code == 1000
            assert set(ids([answer])) <= set(filtered())

    def test_an_offset_that_was_lowered_in_a_link_is_what_counts(self, server: Live, module: str) -> None:
        following = link(server.send("GET", published(module, limit="5")))
        assert following is not None
        asked = query_of(following) | {"offset": "4"}
        answer = server.send("GET", f"{urlsplit(following).path}?{urlencode(asked)}")
        assert ids([answer]) == filtered()[4:9]

    @pytest.mark.parametrize(
        "query",
        [
            {"limit": "0"},
            {"limit": "-1"},
            {"limit": "x"},
            {"offset": "-1"},
            {"offset": "1.5"},
            {"offset": "9" * 30},
            {"date_from": "yesterday"},
            {"date_to": "2024-13-01T00:00:00Z"},
        ],
    )
    def test_what_is_no_page_is_refused(self, server: Live, module: str, query: dict[str, str]) -> None:
        answer = server.send("GET", published(module, **query))
        assert (answer.status, answer.code) == (200, 2001)

    def test_an_empty_list_is_a_page(self, server: Live, module: str) -> None:
        answer = server.send("GET", published(module, date_from="2099-01-01T00:00:00Z"))
        assert (answer.status, answer.code, answer.data) == (200, 1000, [])
        assert (answer.headers["x-total-count"], link(answer)) == ("0", None)


def _forget(server: Live, module: str) -> None:
    """Put things back as the other tests find them."""

    def restored() -> Work[None]:
        yield sql("DELETE FROM object WHERE module = $1 AND id LIKE 'Y%'", module)

    server.do(server.actor.server.site.database.write(restored))
    if server.actor.server.settings.role != "hub":
        server.do(server.actor.server.site.database.write(_reset, module))


def _reset(module: str) -> Work[None]:
    for number in range(COUNT):
        yield sql(
            "UPDATE object SET changed = changed - last_updated + CAST($2 AS BIGINT), last_updated = $2"
            " WHERE module = $1 AND id = $3",
            module,
            1714644000 + 40 - number,
            f"X{number}",
        )
