"""Objects of the test party written and read back: PUT, PATCH, whose they are (transport_and_format.md)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ocpi211_check.bench import Raw
from ocpi211_check.rules.reading import moment
from ocpi211_check.sameness import differences, merged, without
from ocpi211_check.scenario import Play, Scenario, scenario
from ocpi211_check.scenarios.kinds import KINDS, Kind, Stand, pushed_and_kept

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.evidence import Exchange

__all__ = ["bound", "object_scenarios"]

_DATED = frozenset({"last_updated"})
_OTHER_PARTY = ("ZZ", "ZZZ")
_MINUTES = 300  # in seconds: clocks differ
_HUGE = 24 * 1024 * 1024
_NOBODY = {404, 405, 501}
_REFUSED_VERBS = {
    "locations": (("POST", "DELETE"), "LOC-EMSP-07"),
    "sessions": (("POST", "DELETE"), "SES-EMSP-03"),
    "tariffs": (("POST",), "TF-OWN-04"),
    "tokens": (("POST", "DELETE"), "TOK-CPO-03"),
}


def _same(sent: object, came: Exchange, *, dated: bool = True) -> list[str]:
    if not came.ok:
        return [came.told]
    return differences(sent, came.data, frozenset() if dated else _DATED)[:3]


async def _put(stand: Stand) -> None:
    """PUT once, twice, without an optional field, with an older date, with fields nobody knows."""
    bench, id_ = stand.bench, stand.name("put")
    sent = stand.make(id_)
    new = not (await stand.get(id_, odd=True)).ok
    first = await stand.put(id_, sent)
    bench.that(first.ok, "ST-1XXX-01", f"a valid {stand.kind.noun}: {first.told}", first)
    bench.that(first.status not in _NOBODY, "VER-DET-04", f"{stand.kind.module} is listed: {first.told}", first)
    if bench.settings.gireve:
        bench.that(first.ok, "GIR-OVER-01", f"a {stand.kind.noun} without the hub's fields: {first.told}", first)
        bench.that(first.status == 200, "GIR-HTTP-02", f"the first PUT: {first.told}", first)
        bench.skip("ST-201-01", "the hub answers 200 always")
    elif new:
        bench.that(first.status == 201, "ST-201-01", f"the first PUT: {first.told}", first)
    came = await stand.get(id_)
    other = _same(sent, came)
    bench.that(first.ok and not other, stand.kind.round_trip, f"{first.told}, then GET: {other}", first, came)
    again = await stand.put(id_, sent)
    bench.that(again.status == 200, "ST-201-02", f"the second PUT: {again.told}", again)
    still = await stand.get(id_)
    bench.that(again.ok and not _same(sent, still), "TF-PUT-02", f"the same PUT again: {again.told}", again, still)
    less = {**without(sent, stand.kind.optional), "last_updated": bench.clock.tick()}
    answer, came = await stand.put(id_, less), await stand.get(id_)
    left = came.data.get(stand.kind.optional) if came.ok else came.told
    bench.that(answer.ok and left is None, "TF-PUT-01", f"{stand.kind.optional} left out is still {left!r}", came)
    older = {**sent, "last_updated": "2001-02-03T04:05:06Z"}
    answer, came = await stand.put(id_, older), await stand.get(id_)
    kept = answer.code == 1000 and not _same(less, came)
    bench.that(kept, "TF-PUT-04", f"a PUT with an older last_updated: {answer.told}, and it was applied", answer, came)


async def _extras(stand: Stand) -> None:
    """Fields that nobody knows, a charset, an id with odd characters: taken. A huge body: not."""
    bench, id_ = stand.bench, stand.name("extra")
    sent = {**stand.make(id_), "ocpi_check_extra": {"kept": True}}
    answer, came = await stand.put(id_, sent), await stand.get(id_)
    kept = answer.ok and not _same(sent, came)
    bench.that(kept, "TF-EXT-01", f"a field that nobody knows: {answer.told}, kept: {kept}", answer, came)
    content = Raw(json.dumps(stand.make(id_)).encode(), "application/json; charset=UTF-8")
    answer = await stand.put(id_, content)
    bench.that(answer.ok, "TF-HTTP-05", f"a charset in Content-Type: {answer.told}", answer)
    odd = f"{id_}/%*?#.+&"
    sent = stand.make(odd)
    answer, came = await stand.put(odd, sent), await stand.get(odd)
    other = _same(sent, came)
    bench.that(answer.ok and not other, "TF-URL-01", f"PUT of {odd}: {answer.told}, GET: {other}", answer, came)
    huge = Raw(b'{"padding":"' + b" " * _HUGE + b'"}')
    answer = await stand.put(id_, huge, odd=True)
    if answer.status:
        bench.that(answer.status == 413, "TF-HTTP-06", f"a body of {_HUGE >> 20} MB: {answer.told}", answer)
    else:
        bench.open("TF-HTTP-06", f"a body of {_HUGE >> 20} MB: {answer.told}")


async def _patch(stand: Stand) -> None:
    """PATCH one field, a nested one, null; an unknown object, a wrong id, a wrong value."""
    bench, kind, id_ = stand.bench, stand.kind, stand.name("patch")
    stored = stand.make(id_)
    bench.need(await stand.put(id_, stored), f"the {kind.noun} of the test party")
    change = {**kind.change, "last_updated": bench.clock.tick()}
    answer, came = await stand.patch(id_, change), await stand.get(id_)
    bench.that(answer.status == 200, "ST-201-02", f"a PATCH: {answer.told}", answer)
    stored = merged(stored, change)
    other = _same(stored, came)
    for row in ("TF-PATCH-01", *(["TOK-CPO-02"] if kind.noun == "token" else [])):
        bench.that(answer.ok and not other, row, f"PATCH of {list(kind.change)}: {other}", answer, came)
    repeated = {**kind.change, kind.identity: id_, "last_updated": bench.clock.tick()}
    answer = await stand.patch(id_, repeated)
    wrong = await stand.patch(id_, {**kind.change, kind.identity: stand.name("other")}, odd=True)
    told = f"with the id {answer.told}, with another one {wrong.told}"
    bench.that(answer.ok and wrong.code == 2001, "TF-PATCH-07", told, answer, wrong)
    if kind.nested is not None:
        name, value = kind.nested
        change = {name: value, "last_updated": bench.clock.tick()}
        answer, came = await stand.patch(id_, change), await stand.get(id_)
        stored = merged(merged(stored, change), {})
        other = _same(stored, came)
        bench.that(answer.ok and not other, "TF-PATCH-04", f"PATCH of {name}: {other}", answer, came)
    await _nulls(stand, id_, came)


async def _nulls(stand: Stand, id_: str, before: Exchange) -> None:
    bench, kind = stand.bench, stand.kind
    change: dict[str, object] = {kind.optional: None, "last_updated": bench.clock.tick()}
    answer, came = await stand.patch(id_, change), await stand.get(id_)
    gone = answer.ok and came.ok and came.data.get(kind.optional) is None
    bench.that(gone, "TF-PATCH-05", f"null for {kind.optional}: {answer.told}", answer, came)
    answer = await stand.patch(id_, {kind.required: None}, odd=True)
    bench.that(answer.code == 2001, "TF-PATCH-06", f"null for {kind.required}: {answer.told}", answer)
    answer, came = await stand.patch(id_, {"last_updated": "never"}, odd=True), await stand.get(id_)
    other = _same(before.data, came, dated=False) if before.ok else []
    other = [text for text in other if kind.optional not in text]
    bench.that(answer.refused and not other, "TF-PATCH-10", f"an invalid field: {answer.told}, {other}", answer, came)
    undated = await stand.patch(id_, dict(kind.change))
    after = await stand.get(id_)
    dated = moment(after.data.get("last_updated")) if after.ok else None
    now = dated is not None and abs((datetime.now(UTC) - dated).total_seconds()) < _MINUTES
    bench.that(now, "TF-PATCH-03", f"PATCH without last_updated: {undated.told}, dated {dated}", undated, after)
    unknown = stand.name("unknown")
    answer, came = await stand.patch(unknown, dict(kind.change), odd=True), await stand.get(unknown, odd=True)
    nothing = answer.status == 404 and not came.ok
    bench.that(nothing, "TF-PATCH-02", f"an unknown object: {answer.told}, GET {came.told}", answer, came)


async def _ownership(stand: Stand) -> None:
    """Another party's path, another id in the body, another case, verbs that are not offered."""
    bench, kind, id_ = stand.bench, stand.kind, stand.name("Owned")
    sent = stand.make(id_)
    bench.need(await stand.put(id_, sent), f"the {kind.noun} of the test party")
    foreign = await stand.get(id_, owner=_OTHER_PARTY, odd=True)
    text = f"found below {'/'.join(_OTHER_PARTY)} as well: {foreign.told}"
    bench.that(not foreign.ok, "TF-OWN-01", text, foreign)
    bench.that(foreign.status == 404, "TF-OWN-02", f"another party's path: {foreign.told}", foreign)
    other = stand.name("mismatch")
    answer, came = await stand.put(other, sent, odd=True), await stand.get(other, odd=True)
    right = answer.code == 2001 and not came.ok
    bench.that(right, "TF-OWN-03", f"another id in the body: {answer.told}, GET {came.told}", answer, came)
    lower = await stand.get(id_.lower(), odd=True)
    bench.that(not lower.ok, "TY-STR-01", f"{id_.lower()} finds {id_}", lower)
    verbs, id_row = _REFUSED_VERBS[kind.module]
    for verb in verbs:
        answer = await stand.get(id_, verb=verb, body=sent if verb == "POST" else None, odd=True)
        for row in {id_row, "TF-OWN-04"} if verb == "POST" else {id_row}:
            bench.that(answer.refused, row, f"{verb}: {answer.told}", answer)
    still = await stand.get(id_)
    bench.that(not _same(sent, still), id_row, "a verb that is not offered changed the object", still)


def _made(kind: Kind) -> list[Scenario]:
    plays = {
        "put": (
            _put,
            (
                kind.round_trip,
                "ST-1XXX-01",
                "ST-201-01",
                "ST-201-02",
                "TF-PUT-01",
                "TF-PUT-02",
                "TF-PUT-04",
                "VER-DET-04",
            ),
        ),
        "put with more": (_extras, ("TF-EXT-01", "TF-HTTP-05", "TF-URL-01", "TF-HTTP-06")),
        "patched": (_patch, ("ST-201-02", *(f"TF-PATCH-0{number}" for number in range(1, 8)), "TF-PATCH-10")),
        "owned": (_ownership, ("TF-OWN-01", "TF-OWN-02", "TF-OWN-03", "TF-OWN-04", "TY-STR-01")),
    }
    made: list[Scenario] = []
    for what, (play, covers) in plays.items():
        patched = ("TOK-CPO-02",) if kind.noun == "token" else ()
        more = {
            "put": ("GIR-HTTP-02", "GIR-OVER-01"),
            "owned": (_REFUSED_VERBS[kind.module][1],),
            "patched": patched,
        }.get(what, ())
        told = [id_ for id_ in covers if id_ != "TF-PATCH-04" or kind.nested]
        decorate = scenario(f"{kind.noun} {what}", *told, *more, roles=(kind.role,), safety="own", module=kind.module)
        made.append(decorate(bound(play, kind)))
    return made


def bound(play: Callable[[Stand], Awaitable[None]], kind: Kind) -> Play:
    """The play of a scenario: one of objects, for one kind of them."""

    async def run(bench: Bench) -> None:
        pushed_and_kept(bench, kind.module)
        await play(Stand(bench, kind))

    return run


def object_scenarios() -> list[Scenario]:
    """Four for each kind of object."""
    return [made for kind in KINDS for made in _made(kind)]
