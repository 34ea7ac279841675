"""Requests to an application in this process, as uvicorn would hand them over: no network, and nothing that waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["Asked"]

Event = dict[str, Any]


class Asked:
    """Some requests, made before anything is counted. A call asks them, one after the other."""

    def __init__(self, app: Any, token: str, requests: Iterable[tuple[str, str, bytes]]) -> None:  # noqa: ANN401  (ASGI)
        self._app = app
        self._requests = [(_scope(token, *request), request[2]) for request in requests]
        self._begun: list[Event] = []

    async def __call__(self) -> None:
        """RuntimeError unless each is answered with a success."""
        self._begun.clear()
        for scope, body in self._requests:
            await self._app({**scope}, _Body(body).receive, self._send)
        statuses = [event["status"] for event in self._begun]
        if len(statuses) != len(self._requests) or {*statuses} - {200, 201}:
            raise RuntimeError(f"{self._requests[0][0]['path']} was answered with {statuses}")

    def header(self, name: bytes) -> bytes:
        """Of the latest answer."""
        return dict(self._begun[-1]["headers"])[name]  # type: ignore[no-any-return]  # ASGI says so

    async def _send(self, event: Event) -> None:
        if event["type"] == "http.response.start":
            self._begun.append(event)


class _Body:
    def __init__(self, body: bytes) -> None:
        self._left: list[Event] = [
            {"type": "http.disconnect"},
            {"type": "http.request", "body": body, "more_body": False},
        ]

    async def receive(self) -> Event:
        return self._left.pop()


def _scope(token: str, verb: str, path: str, body: bytes) -> Event:
    bare, _, query = path.partition("?")
    headers = [(b"host", b"127.0.0.1"), (b"authorization", b"Token " + token.encode())]
    if body:
        headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "scheme": "http",
        "method": verb,
        "root_path": "",
        "path": bare,
        "raw_path": bare.encode(),
        "query_string": query.encode(),
        "headers": headers,
        "state": {},
    }
