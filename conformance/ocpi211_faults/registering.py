"""Faults of the handshake, in what is answered and in what is called."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from ocpi211_faults.fault import Fault, Forward, Json, answer, envelope, with_envelope
from ocpi211_faults.making import When, accepting, after, instead, later, objects, recoded, reply, sent, to
from ocpi211_runtime.exchange import Request, Response

__all__ = ["REGISTERING"]

GIREVE: Final = "gireve-1.2.2"
POST = to("POST", ending="/credentials")
PUT = to("PUT", ending="/credentials")
DELETE = to("DELETE", ending="/credentials")
ANY = to()


def _halved(request: Request) -> bool:
    """A POST of Credentials with something left out."""
    return POST(request) and not {"token", "url"} <= _offer(request).keys()


class Forgiving:
    """Tokens that were good for one thing are let in elsewhere, or for ever."""

    def __init__(self, once: When, then: When = ANY) -> None:
        self.once = once
        self.then = then
        self.tokens: set[str] = set()

    async def __call__(self, request: Request, forward: Forward) -> Response:
        came = await forward(request)
        if came.status == 401 and request.secret in self.tokens and self.then(request):
            return answer([])
        if self.once(request) and came.status < 300 and envelope(came)["status_code"] == 1000:
            self.tokens.add(request.secret)
        return came


def _offer(request: Request) -> Json:
    try:
        found = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _offered(request: Request) -> str:
    return str(_offer(request).get("token"))


def _given_back(request: Request, came: Response) -> Response:
    """The token that was offered comes back for a new one."""
    found = envelope(came)
    if found["status_code"] != 1000:
        return came
    return with_envelope(came, {**found, "data": {**found["data"], "token": _offered(request)}})


def _again(_: Request, came: Response) -> Response:
    """A registered party registers once more."""
    return answer({}, 200) if came.status == 405 else came


def _with_header(value: Callable[[Request], str]) -> Any:
    return sent(to(), lambda r: replace(r, headers={**_without_authorization(r), "Authorization": value(r)}))


def _without_authorization(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name.lower() != "authorization"}


def _token(request: Request) -> str:
    given = next((value for name, value in request.headers.items() if name.lower() == "authorization"), "")
    return given.removeprefix("Token ")


async def _follows(request: Request, forward: Forward) -> Response:
    """A redirect is followed."""
    came = await forward(request)
    where = came.header("location")
    return await forward(replace(request, url=where)) if came.status == 302 and where else came


async def _led_away(request: Request, forward: Forward) -> Response:
    """The URLs that are listed are called, wherever they lead."""
    came = await forward(request)
    if request.url.endswith("/versions") and came.status == 200 and came.body.startswith(b"{"):
        bare = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        await forward(replace(request, url=envelope(came)["data"][-1]["url"], headers=bare))
    return came


def _trapped(request: Request) -> Request:
    """The latest version, known or not."""
    return replace(request, url=request.url.replace("/2.1.1", "/trap"))


HANDSHAKE: Any = {"settings": {"handshake": True}}
CALLS: Any = {"settings": {"handshake": True}, "side": "calls"}

REGISTERING = (
    Fault("PUT of nobody", ("CRED-PUT-03",), recoded(PUT, 200, 2000), **HANDSHAKE),
    Fault("DELETE of nobody", ("CRED-DEL-01",), recoded(DELETE, 200, 2000), **HANDSHAKE),
    Fault("PATCH will do", ("CRED-IF-02",), accepting(to("PATCH", ending="/credentials")), **HANDSHAKE),
    Fault(
        "no DELETE",
        ("CRED-IF-01",),
        instead(to("PATCH", ending="/credentials"), answer({}, 405, 2000, {"allow": "GET, POST, PUT"})),
        **HANDSHAKE,
    ),
    Fault(
        "half of the Credentials",
        ("CRED-NEG-01",),
        accepting(_halved),
        **HANDSHAKE,
    ),
    Fault(
        "an invitation opens all",
        ("CRED-TOK-02",),
        Forgiving(to("GET", ending="/credentials"), to(about="list_")),
        **HANDSHAKE,
    ),
    Fault(
        "2001 for every failure",
        ("CRED-POST-04", "CRED-POST-06", "CRED-POST-05"),
        recoded(to("POST", "PUT", ending="/credentials"), 200, 2001),
        **HANDSHAKE,
    ),
    Fault(
        "nothing but success",
        ("CRED-POST-09",),
        later(
            to("GET", ending="/credentials"), instead(to("GET", ending="/credentials"), answer({}, 401, 2000)), first=1
        ),
        **HANDSHAKE,
    ),
    Fault("the token comes back", ("CRED-POST-01",), reply(POST, _given_back), **HANDSHAKE),
    Fault("the token comes back by PUT", ("CRED-PUT-01",), reply(PUT, _given_back), **HANDSHAKE),
    Fault(
        "a token with a blank",
        ("TF-AUTH-03",),
        objects(POST, lambda o: o.update(token=o["token"][:20] + " ")),
        **HANDSHAKE,
    ),
    Fault("no url", ("CRED-POST-08",), objects(POST, lambda o: o.pop("url")), **HANDSHAKE),
    Fault("once is enough", ("CRED-POST-10",), after(POST, instead(POST, answer({}, 405, 2000))), **HANDSHAKE),
    Fault("the invitation stays good", ("CRED-POST-07",), Forgiving(POST), **HANDSHAKE),
    Fault("a second POST", ("CRED-POST-03",), reply(POST, _again), **HANDSHAKE),
    Fault("the old token stays good", ("CRED-PUT-04",), Forgiving(PUT), **HANDSHAKE),
    Fault("still there after DELETE", ("CRED-DEL-02",), Forgiving(DELETE), **HANDSHAKE),
    Fault(
        "no way back",
        ("GIR-REG-02",),
        after(DELETE, instead(POST, answer({}, 405, 2000))),
        profile=GIREVE,
        **HANDSHAKE,
    ),
    # What the target calls
    Fault(
        "another token in the call-backs",
        ("TF-AUTH-02", "CRED-POST-02", "CRED-PUT-02"),
        _with_header(lambda _: "Token " + "x" * 20),
        **CALLS,
    ),
    Fault(
        "our token in Base64",
        ("TF-AUTH-04",),
        _with_header(lambda r: "Token " + base64.b64encode(_token(r).encode()).decode()),
        **CALLS,
    ),
    Fault("GET with a body", ("CRED-GET-02",), sent(to("GET"), lambda r: replace(r, body=b"{}")), **CALLS),
    Fault(
        "a path it assumes",
        ("VER-URL-02",),
        sent(to(ending="/2.1.1"), lambda r: replace(r, url="http://127.0.0.1/ocpi/emsp/2.1.1")),
        **CALLS,
    ),
    Fault(
        "an empty segment",
        ("VER-URL-03",),
        sent(to(ending="/versions"), lambda r: replace(r, url=r.url.replace("/versions", "//versions"))),
        **CALLS,
    ),
    Fault("it follows", ("TF-HTTP-03",), _follows, **CALLS),
    Fault("it is led away", ("TF-URL-05",), _led_away, **CALLS),
    Fault(
        "the latest version",
        ("VER-LIST-05", "VER-PICK-01", "VER-CUST-03"),
        sent(to(ending="/2.1.1"), _trapped),
        **CALLS,
    ),
)
