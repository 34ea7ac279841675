"""A target that is only imagined, for a dry run: it answers as a good one would, and writes down what it was asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from ocpi211_check import samples
from ocpi211_runtime.envelope import write_envelope
from ocpi211_runtime.exchange import Request, Response

if TYPE_CHECKING:
    from ocpi211_check.settings import Settings

__all__ = ["Pretence"]

_NOW: Final = "2024-05-06T07:08:09Z"
_OK: Final = (200, 1000)


class Pretence:
    """An `AsyncTransport` without a network."""

    def __init__(self, settings: Settings) -> None:
        self.sent: list[str] = []
        """Each request as a line; the URLs behind the versions are made up."""
        self._settings = settings
        self._base = settings.versions_url.rstrip("/").removesuffix("/versions") + "/2.1.1"
        self._objects: dict[str, Any] = {}
        self._tokens = 0
        self._registered = not settings.handshake

    async def send(self, request: Request, *, timeout: float, max_bytes: int) -> Response:  # noqa: ARG002, ASYNC109
        """An answer, and a line more."""
        size = f"  {len(request.body)} bytes" if request.body else ""
        self.sent.append(f"{request.method:6} {request.url}{size}  ({request.operation})")
        (status, code), data, headers = self._answer(request)
        content = write_envelope(json.dumps(data).encode(), code, "Success" if code == 1000 else "refused")
        return Response(status, [("content-type", "application/json"), *headers], content)

    async def aclose(self) -> None:
        """Nothing to let go of."""

    def _answer(self, request: Request) -> tuple[tuple[int, int], Any, list[tuple[str, str]]]:
        path = unquote(urlsplit(request.url).path)
        if request.url.startswith(self._settings.versions_url):
            return _OK, [{"version": "2.1.1", "url": self._base}], []
        if request.url.partition("?")[0].rstrip("/") == self._base:
            modules = ("credentials", "locations", "sessions", "cdrs", "tariffs", "tokens", "commands")
            listed = [{"identifier": module, "url": f"{self._base}/{module}"} for module in modules]
            return _OK, {"version": "2.1.1", "endpoints": listed}, []
        module, *rest = path.removeprefix(urlsplit(self._base).path).strip("/").split("/")
        if module == "credentials":
            return self._credentials(request)
        if not rest and request.method == "GET":
            return self._list(module, request)
        return self._object(path, request)

    def _credentials(self, request: Request) -> tuple[tuple[int, int], Any, list[tuple[str, str]]]:
        expected = {"POST": not self._registered, "PUT": self._registered, "DELETE": self._registered}
        if not expected.get(request.method, request.method == "GET"):
            return (405, 2000), {}, [("allow", "GET, POST, PUT, DELETE")]
        body = json.loads(request.body or b"{}")
        if request.method in {"POST", "PUT"} and not {"token", "url"} <= body.keys():
            return (200, 2001), {}, []
        self._registered = request.method != "DELETE"
        self._tokens += 1
        token = request.secret if request.method == "GET" else f"issued-{self._tokens}"
        told = {"token": token, "url": self._settings.versions_url, "party_id": "XXX", "country_code": "XX"}
        return _OK, {**told, "business_details": {"name": "imagined"}}, []

    def _list(self, module: str, request: Request) -> tuple[tuple[int, int], Any, list[tuple[str, str]]]:
        query = parse_qs(urlsplit(request.url).query)
        make = {
            "locations": lambda id_: samples.location(id_, _NOW, "XX*XXX"),
            "sessions": lambda id_: samples.session(id_, _NOW, "XX*XXX"),
            "cdrs": lambda id_: samples.cdr(id_, _NOW, "XX*XXX"),
            "tariffs": lambda id_: samples.tariff(id_, _NOW),
            "tokens": lambda id_: {**samples.token(id_, _NOW, "XX*XXX"), "type": "RFID", "valid": True},
        }.get(module)
        if make is None:
            return (404, 2000), {}, []
        given = query.get("offset", ["0"])[0]
        offset = int(given) if given.isdigit() else 0
        items = [make(f"IMAGINED{number}") for number in range(2)]
        headers = [("x-total-count", "2"), ("x-limit", "1")]
        if offset == 0:
            headers.append(("link", f'<{self._base}/{module}?offset=1&limit=1>; rel="next"'))
        return _OK, items[offset : offset + 1], headers

    def _object(self, path: str, request: Request) -> tuple[tuple[int, int], Any, list[tuple[str, str]]]:
        if request.method == "GET":
            return (_OK, self._objects[path], []) if path in self._objects else ((404, 2000), {}, [])
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            return (400, 2001), {}, []
        if path.endswith("/authorize"):
            return _OK, {"allowed": "ALLOWED"}, []
        if "/commands/" in path:
            return _OK, {"result": "REJECTED"}, []
        if request.method == "DELETE":
            self._objects.pop(path, None)
        elif request.method == "PATCH":
            self._objects[path] = {**self._objects.get(path, {}), **body}
        else:
            self._objects[path] = body
        return _OK, {}, [("location", request.url + "/posted")] if request.method == "POST" else []
