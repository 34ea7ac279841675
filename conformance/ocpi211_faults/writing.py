"""Faults of PUT and PATCH, of whose objects they are, and of bodies that are wrong or spelt otherwise."""

import json
from dataclasses import replace
from typing import Any, Final

from ocpi211_check.catalogue import Role
from ocpi211_faults.fault import Fault, Forward, Json, Spoil, answer, envelope, with_envelope
from ocpi211_faults.making import When, accepting, body, recoded, refusing, reply, to
from ocpi211_runtime.exchange import Request, Response

__all__ = ["WRITING"]

GIREVE: Final = "gireve-1.2.2"
TOKEN = "/tokens/"  # noqa: S105  (the path of the module)
PUT, PATCH = to("PUT", having=TOKEN), to("PATCH", having=TOKEN)


def _parsed(request: Request) -> Any:
    try:
        return json.loads(request.body or b"null")
    except ValueError:
        return None


def _having(when: When, test: Any) -> When:
    """Requests whose body passes a test."""

    def fits(request: Request) -> bool:
        found = _parsed(request)
        return when(request) and isinstance(found, dict) and bool(test(found))

    return fits


def _bad_json(request: Request) -> bool:
    return request.body is not None and bool(request.body) and _parsed(request) is None


def _nan(request: Request) -> bool:
    return b"NaN" in (request.body or b"")


def _status(when: When, status: int) -> Spoil:
    return reply(
        when, lambda _, came: with_envelope(came, envelope(came), status=status) if came.status < 300 else came
    )


class Remembering:
    """A target that keeps its own copy of what was PUT."""

    def __init__(self, change: Any) -> None:
        self.before: dict[str, Json] = {}
        self.change = change

    async def __call__(self, request: Request, forward: Forward) -> Response:
        found = _parsed(request)
        if request.method == "PUT" and TOKEN in request.url and isinstance(found, dict):
            before = self.before.get(request.url)
            if before is not None:
                request = replace(request, body=json.dumps(self.change(before, found)).encode())
            came = await forward(request)
            if came.status < 300:
                self.before[request.url] = found
            return came
        return await forward(request)


def _kept(before: Json, found: Json) -> Json:
    return {**before, **found}


def _always_new(_: Json, found: Json) -> Json:
    return {**found, "last_updated": "2090-01-01T00:00:00Z"} if found["last_updated"].startswith("2001") else found


def _renamed(before: Json, found: Json) -> Json:
    return {**found, "issuer": found["issuer"] + "!"} if found == before else found


async def _creates(request: Request, forward: Forward) -> Response:
    """A PATCH of what is not there makes something."""
    came = await forward(request)
    return answer({}) if PATCH(request) and came.status == 404 else came


async def _everywhere(request: Request, forward: Forward) -> Response:
    """Whose object it is plays no part."""
    return await forward(replace(request, url=request.url.replace("/ZZ/ZZZ/", "/FR/TST/")))


async def _caseless(request: Request, forward: Forward) -> Response:
    came = await forward(request)
    if came.status == 404 and request.method == "GET" and TOKEN in request.url:
        head, _, last = request.url.rpartition("/")
        return await forward(replace(request, url=f"{head}/{last.upper()}"))
    return came


def _dropped(*names: str) -> Any:
    return lambda found: {name: value for name, value in found.items() if name not in names}


def _twisted(found: Json) -> Json:
    return {**found, "issuer": "somebody else"}


def _is_patch_of(name: str) -> When:
    return _having(PATCH, lambda found: name in found)


WRITES = (
    Fault("a valid Token is refused", ("ST-1XXX-01", "TOK-CPO-01"), refusing(_having(PUT, lambda f: "type" in f))),
    Fault("200 for what is new", ("ST-201-01",), _status(PUT, 200)),
    Fault("201 for everything", ("ST-201-02", "GIR-HTTP-02"), _status(PUT, 201), profile=GIREVE),
    Fault("another issuer", ("TOK-CPO-01",), body(PUT, _twisted)),
    Fault("what is left out stays", ("TF-PUT-01",), Remembering(_kept)),
    Fault("a repeated PUT changes", ("TF-PUT-02",), Remembering(_renamed)),
    Fault("an older PUT is applied", ("TF-PUT-04",), Remembering(_always_new)),
    Fault("unknown fields are dropped", ("TF-EXT-01",), body(PUT, _dropped("ocpi_check_extra"))),
    Fault("no charset", ("TF-HTTP-05",), refusing(lambda r: "charset" in r.headers.get("Content-Type", ""))),
    Fault("paths are decoded first", ("TF-URL-01",), refusing(lambda r: "%2F" in r.url, status=404)),
    Fault("any size will do", ("TF-HTTP-06",), recoded(lambda r: len(r.body or b"") > 1 << 20, 200, 2001)),
    Fault("a PATCH changes more", ("TF-PATCH-01", "TOK-CPO-02"), body(PATCH, _twisted)),
    Fault("a PATCH creates", ("TF-PATCH-02",), _creates),
    Fault(
        "a PATCH keeps its date", ("TF-PATCH-03",), body(PATCH, lambda f: {"last_updated": "2024-01-01T00:00:00Z", **f})
    ),
    Fault(
        "null unsets nothing", ("TF-PATCH-05",), body(PATCH, lambda f: {k: v for k, v in f.items() if v is not None})
    ),
    Fault(
        "a PATCH may unset a required field",
        ("TF-PATCH-06",),
        accepting(_having(PATCH, lambda f: f.get("issuer", 1) is None)),
    ),
    Fault("another id will do", ("TF-PATCH-07",), accepting(_is_patch_of("uid"))),
    Fault(
        "an invalid PATCH will do",
        ("TF-PATCH-10",),
        accepting(_having(PATCH, lambda f: f.get("last_updated") == "never")),
    ),
    Fault("whose it is, is all one", ("TF-OWN-01", "TF-OWN-02"), _everywhere),
    Fault("mismatched ids will do", ("TF-OWN-03",), recoded(PUT, 200, 2000)),
    Fault("POST will do", ("TF-OWN-04", "TOK-CPO-03"), accepting(to("POST", having=TOKEN))),
    Fault("case is all one", ("TY-STR-01",), _caseless),
    Fault(
        "a nested object is merged",
        ("TF-PATCH-04",),
        body(to("PATCH", having="/tariffs/"), _dropped("energy_mix")),
        roles=("emsp",),
    ),
)

BODIES = (
    Fault("200 for what is no JSON", ("ST-400-01",), recoded(_bad_json, 200, 2001)),
    Fault("NaN is a number", ("ST-400-01",), accepting(_nan)),
    Fault("no body will do", ("ST-400-02",), accepting(lambda r: r.method == "PUT" and not r.body)),
    Fault(
        "a Token without issuer will do",
        ("TF-PUT-03", "ST-2XXX-01"),
        accepting(_having(PUT, lambda f: "type" in f and "issuer" not in f)),
    ),
    Fault("2000 for a missing field", ("ST-2001-01", "ST-2001-03"), recoded(PUT, 200, 2000)),
    Fault("400 for a missing field", ("ST-200-01",), recoded(PUT, 400, 2001)),
    Fault("null for a required field", ("TY-CARD-03",), accepting(_having(PUT, lambda f: f.get("issuer", 1) is None))),
    Fault(
        "month 13", ("TY-DT-07",), accepting(_having(PUT, lambda f: str(f.get("last_updated")).startswith("2024-13")))
    ),
    Fault("NUL in a string", ("TY-STR-04",), accepting(_having(PUT, lambda f: "\x00" in str(f.get("issuer"))))),
    Fault("a long string", ("TY-STR-06",), accepting(_having(PUT, lambda f: len(str(f.get("issuer"))) > 64))),
    Fault(
        "an empty list of elements",
        ("TY-CARD-04",),
        accepting(_having(to("PUT", having="/tariffs/"), lambda f: f.get("elements") == [])),
        roles=("emsp",),
    ),
    Fault(
        "null is refused",
        ("TY-CARD-01", "GIR-NULL-01"),
        refusing(_having(PUT, lambda f: None in f.values())),
        profile=GIREVE,
    ),
    Fault(
        "an empty list is refused",
        ("TY-CARD-02",),
        refusing(_having(to("PUT", having="/locations/"), lambda f: f.get("facilities") == [])),
        roles=("emsp",),
    ),
    Fault(
        "a moment needs its Z", ("TY-DT-03",), refusing(_having(PUT, lambda f: "Z" not in f.get("last_updated", "Z+")))
    ),
    Fault("no fractions", ("TY-DT-06",), refusing(_having(PUT, lambda f: "." in str(f.get("last_updated"))))),
    Fault("only ASCII", ("TY-STR-05",), refusing(_having(PUT, lambda f: not str(f.get("issuer")).isascii()))),
    Fault(
        "numbers are numbers",
        ("TY-NUM-03",),
        refusing(_having(to("PUT", having="/sessions/"), lambda f: isinstance(f.get("kwh"), str))),
        roles=("emsp",),
    ),
    Fault(
        "no empty strings",
        ("TY-STR-07",),
        refusing(_having(to("PUT", having="/tariffs/"), lambda f: f.get("tariff_alt_url") == "")),
        roles=("emsp",),
    ),
)


def _not_offered() -> tuple[Fault, ...]:
    places: tuple[tuple[str, Role, str, str], ...] = (
        ("LOC-CPO-06", "cpo", "PUT", "/locations"),
        ("SES-CPO-04", "cpo", "DELETE", "/sessions"),
        ("CDR-CPO-03", "cpo", "POST", "/cdrs"),
        ("TAR-CPO-02", "cpo", "PATCH", "/tariffs"),
        ("CMD-CPO-08", "cpo", "DELETE", "/commands"),
        ("TOK-EMSP-04", "emsp", "PUT", "/tokens"),
        ("CMD-EMSP-04", "emsp", "PUT", "/commands"),
        ("LOC-EMSP-07", "emsp", "DELETE", "/locations/"),
        ("SES-EMSP-03", "emsp", "DELETE", "/sessions/"),
        ("CDR-EMSP-03", "emsp", "DELETE", "/cdrs/"),
    )
    return tuple(
        Fault(f"{verb} of {place}", (id_,), accepting(to(verb, having=place)), roles=(role,))
        for id_, role, verb, place in places
    )


WRITING = (*WRITES, *BODIES, *_not_offered())
