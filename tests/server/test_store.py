"""Objects and pages of them in both databases, against a list in memory."""

import asyncio
import dataclasses
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest

from ocpi211_server.database.transactions import Database, Row, Work, sql, sqlite_text
from ocpi211_server.objects import paging
from ocpi211_server.objects.audience import Audience
from ocpi211_server.objects.json_text import items
from ocpi211_server.objects.paging import Filters, Slice, page
from ocpi211_server.objects.store import Outcome, Thing, Visible, delete, find, fits, lock, replace, save
from tests.server.counted import on

FEW, MANY = 1_000_000, -1
"""Whether a list is taken for a short one, which is read through another index than a long one."""
OWNERS = ("FR*CPO", "FR*AAA", "FR*BBB")
HUB = Audience("hub", "FR*107")


def thing(number: int, module: str = "locations", **changes: Any) -> Thing:
    given: dict[str, Any] = {
        "module": module,
        "owner": OWNERS[number % 3],
        "id": f"{module}{number}",
        "body": b'{"n":%d}' % number,
        "last_updated": number,
        "changed": number * 7919 % 100,
        "shown_id": f"shown{number}",
        "recipient": ("FR*EMP", "FR*XYZ")[number % 2] if module == "sessions" else None,
        "gone": number % 3 if module == "locations" else 0,
        **changes,
    }
    return Thing(**given)


THINGS = [thing(number, module) for number in range(60) for module in ("locations", "sessions", "tokens")]


def filled(things: Sequence[Thing]) -> Work[None]:
    for one in things:
        yield from save(one)
    for cpo in OWNERS[:2]:
        yield sql("INSERT INTO agreement (cpo, emsp, made) VALUES ($1, 'FR*EMP', 0)", cpo)


def bodies(part: Slice) -> list[bytes]:
    found = items(b"[%b]" % part.bodies)
    assert len(found) == part.held
    return found


CONDITIONS: dict[str, tuple[str, Visible, Callable[[Thing], bool]]] = {
    "own": ("locations", fits("owner", "FR*CPO"), lambda one: one.owner == "FR*CPO"),
    "everything": ("tokens", Visible(), lambda _: True),
    "agreed": ("locations", HUB.visible("locations", "FR*EMP"), lambda one: one.owner in OWNERS[:2]),
    "agreed, of one": (
        "locations",
        HUB.visible("locations", "FR*EMP") & fits("owner", "FR*AAA"),
        lambda one: one.owner == "FR*AAA",
    ),
    "addressed": ("sessions", HUB.visible("sessions", "FR*EMP"), lambda one: one.recipient == "FR*EMP"),
    "own and addressed": (
        "sessions",
        Audience("cpo", "FR*CPO").visible("sessions", "FR*EMP"),
        lambda one: one.recipient == "FR*EMP" and one.owner == "FR*CPO",
    ),
}


def matching(condition: str, filters: Filters) -> list[bytes]:
    module, _, sees = CONDITIONS[condition]
    return [
        one.body
        for one in THINGS
        if one.module == module
        and sees(one)
        and (filters.date_from is None or one.changed >= filters.date_from)
        and (filters.date_to is None or one.changed < filters.date_to)
        and not (filters.without_gone and one.gone == 2)
    ]


@pytest.mark.parametrize("few", [FEW, MANY], ids=["few", "many"])
def test_a_crawl_gives_what_matches_once_in_the_order_it_was_made(
    database_url: str, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    for name in ("_FEW", "_BRIEF"):
        monkeypatch.setattr(paging, name, few)
    draw = Random(4711)  # noqa: S311  (no secret)

    async def story(database: Database) -> None:
        await database.write(filled, THINGS)
        for condition, (module, visible, _) in CONDITIONS.items():
            for _ in range(6):
                dates = draw.choice([(None, None), (30, None), (None, 60), (20, 70), (99, 1)])
                filters = Filters(dates[0], dates[1], limit=draw.choice([1, 7, 1000]), without_gone=draw.random() < 0.3)
                expected, got = matching(condition, filters), list[bytes]()
                while True:
                    part = await page(database, module, visible, filters)
                    got += bodies(part)
                    assert part.total == len(expected), condition
                    assert part.more == (len(got) < len(expected))
                    if not part.more:
                        break
                    filters = dataclasses.replace(filters, offset=len(got), after=part.last, total=part.total)
                assert got == expected, (condition, filters)

    on(database_url, story, synchronous="NORMAL")


@pytest.mark.parametrize("few", [FEW, MANY], ids=["few", "many"])
def test_an_offset_given_by_hand_skips_so_many(database_url: str, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    for name in ("_FEW", "_BRIEF"):
        monkeypatch.setattr(paging, name, few)

    async def story(database: Database) -> None:
        await database.write(filled, THINGS)
        for offset in (0, 5, 39, 40, 41, 2**63 - 1):
            filters = Filters(date_from=10, offset=offset, limit=10)
            part = await page(database, "locations", CONDITIONS["agreed"][1], filters)
            expected = matching("agreed", filters)
            assert bodies(part) == expected[offset : offset + 10]
            assert part.total == len(expected)

    on(database_url, story, synchronous="NORMAL")


def test_others_are_shown_what_is_shown_where_that_differs(database_url: str) -> None:
    async def story(database: Database) -> None:
        await database.write(filled, [thing(1), thing(3, shown=b"{}")])
        part = await page(database, "locations", Visible(), Filters())
        assert bodies(part) == [thing(1).body, b"{}"]
        assert part.gone
        assert not (await page(database, "locations", fits("owner", thing(3).owner), Filters())).gone

    on(database_url, story, synchronous="NORMAL")


def test_an_object_is_found_as_it_was_saved(database_url: str) -> None:
    one = thing(1, partner=7, authorization_id="A", contract="C", shown=b"{}", recipient="FR*EMP")
    other = one._replace(body=b'{"n":2}', shown=None, recipient=None, changed=5, gone=2, partner=None)

    def changing() -> Work[None]:
        stored = yield from lock("locations", one.owner, one.id)
        yield from save(other, stored)
        yield from save(other, other)  # nothing to do

    async def story(database: Database) -> None:
        await database.write(filled, [one, thing(4)])
        assert await find(database, "locations", fits("id", one.id)) == [one]
        await database.write(changing)
        assert await find(database, "locations", fits("shown_id", one.shown_id)) == [other]
        assert len(await find(database, "locations", Visible())) == 2

    on(database_url, story, synchronous="NORMAL")


def test_what_was_deleted_is_gone_and_nothing_else(database_url: str) -> None:
    async def story(database: Database) -> None:
        await database.write(filled, [thing(1), thing(2), thing(1, "tokens")])
        await database.write(delete, thing(1))
        assert await find(database, "locations", Visible()) == [thing(2)]
        assert await find(database, "tokens", Visible()) == [thing(1, "tokens")]

    on(database_url, story, synchronous="NORMAL")


def test_of_transactions_that_find_nothing_one_makes_it_and_the_others_find_that(database_url: str) -> None:
    def once() -> Work[bool]:
        stored = yield from lock("locations", "FR*CPO", "X")
        yield from save(thing(0, id="X"), stored)
        return stored is None

    async def story(database: Database) -> None:
        made = await asyncio.gather(*(database.write(once) for _ in range(20)))
        assert sorted(made) == [False] * 19 + [True]

    on(database_url, story, synchronous="NORMAL")


class Planned:
    """A SQLite database that tells how it would go about what it is asked."""

    name = "sqlite"

    def __init__(self, database: Any) -> None:
        self._database = database
        self.plans: list[str] = []

    async def read(self, text: str, *values: object) -> Sequence[Row]:
        rows = await self._database.read(f"EXPLAIN QUERY PLAN {sqlite_text(text)}", *values)
        self.plans += [row["detail"] for row in rows]
        result: Sequence[Row] = await self._database.read(text, *values)
        return result

    read_much = read


@pytest.mark.parametrize("few", [FEW, MANY], ids=["few", "many"])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_page_reads_no_object_but_its_own(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, condition: str, few: int
) -> None:
    """Counting, passing by and sorting happen in an index that has all it takes."""
    for name in ("_FEW", "_BRIEF"):
        monkeypatch.setattr(paging, name, few)
    own = re.compile(r"SEARCH object USING (COVERING INDEX \w+ \(module=\?.*\)|INTEGER PRIMARY KEY \(rowid=\?\))")

    async def story(database: Any) -> None:
        await database.write(filled, THINGS)
        planned: Any = Planned(database)
        module, visible, _ = CONDITIONS[condition]
        for dates in ((None, None), (30, None), (20, 70)):
            for after in (None, 20):
                for without_gone in (False, module == "locations"):
                    filters = Filters(dates[0], dates[1], limit=5, after=after, without_gone=without_gone)
                    await page(planned, module, visible, filters)
        about = [plan for plan in planned.plans if " object " in plan]
        assert about
        assert [plan for plan in about if not own.fullmatch(plan)] == []
        if few == MANY:
            assert not [plan for plan in planned.plans if "TEMP B-TREE" in plan]

    on(sqlite_url, story, synchronous="NORMAL")


@pytest.mark.parametrize("module", ["locations", "sessions", "tokens"])
def test_what_is_put_takes_the_place_of_what_is_not_newer(database_url: str, module: str) -> None:
    told = module != "locations"  # nobody's contract
    first = thing(1, module, last_updated=10, changed=0, gone=0, contract="C1" if told else None)
    same, older = (first._replace(body=b'{"n":%d}' % moment, last_updated=moment) for moment in (10, 9))
    newer = first._replace(
        body=b'{"n":11}', last_updated=11, authorization_id="A" if told else None, contract="C2" if told else None
    )

    async def story(database: Database) -> None:
        for given, outcome, downgrade, is_there in (
            (first, Outcome.CREATED, False, first),
            (same, Outcome.UPDATED, False, same),
            (older, Outcome.STALE, False, same),
            (older, Outcome.UPDATED, True, older),
            (newer, Outcome.UPDATED, False, newer),
        ):
            assert await database.write_each(replace, given, downgrade=downgrade) is outcome
            ((body, moment),) = await database.read("SELECT body, last_updated FROM object")
            assert (bytes(body), moment) == (is_there.body, is_there.last_updated)
        kept = await database.write(lock, newer.module, newer.owner, newer.id)
        assert kept is not None
        assert (kept.authorization_id, kept.contract) == (newer.authorization_id, newer.contract)

    on(database_url, story)


def test_of_those_who_change_an_object_at_once_none_is_lost(database_url: str) -> None:
    def raised() -> Work[None]:
        stored = yield from lock("locations", "FR*CPO", "1")
        assert stored is not None
        yield from save(stored._replace(body=b"%d" % (int(stored.body) + 1)), stored, locked=False)

    async def story(database: Database) -> None:
        await database.write(save, thing(0, id="1", body=b"0"))
        await asyncio.gather(*(database.write_each(raised) for _ in range(20)))
        assert [(bytes(body),) for (body,) in await database.read("SELECT body FROM object")] == [(b"20",)]

    on(database_url, story)


def test_of_those_who_put_an_object_at_once_the_newest_stays(database_url: str) -> None:
    async def story(database: Database) -> None:
        puts = [thing(0, id="1", last_updated=moment) for moment in (3, 9, 1, 7, 5, 8, 2, 6)]
        outcomes = await asyncio.gather(
            *(asyncio.create_task(database.write_each(replace, put, downgrade=False)) for put in puts)
        )
        assert outcomes.count(Outcome.CREATED) == 1
        assert [tuple(row) for row in await database.read("SELECT last_updated FROM object")] == [(9,)]

    on(database_url, story)
