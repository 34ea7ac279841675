"""The same requests to this server and to servers on the peers' packages, on the same uvicorn.

Each is measured beside an empty Starlette route of its own process, whose cost is the unit; so a slower Starlette
makes nobody look better. Ours is on SQLite, synchronous NORMAL, keeps every message and writes a line about each
request; a peer's package leaves storage to its user, so its objects are in memory, in a dict, and it writes no lines
and keeps no messages. The other peers are models or clients only.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import payloads, serving
from benchmarks.databases import databases
from benchmarks.peer_server import TOKEN
from benchmarks.peers import PEERS, Object, installed, named, without_our_paths
from benchmarks.report import Row, section, table
from benchmarks.served import AS_DELIVERED, served
from benchmarks.wire import Target, run

__all__ = ["TITLE", "report"]

TITLE = "Peers as servers"
_SERVER: Final = Path(__file__).parent / "peer_server.py"
_LIKE_OURS: Final = ("uvicorn", "uvloop", "httptools")
_SERVED: Final[Mapping[str, str]] = {"extrawest": "2.1.1", "py_ocpi": "2.2.1"}
"""Peers that serve, and the OCPI they speak."""
_ROUNDS: Final = 7
_AT_MOST: Final = {"page": 3}
"""Of a peer's slowest requests, which take a second, no more in a turn."""
_ROLES: Final = ("cpo", "emsp")
_TWICE: Final = {
    "GET one Location, 2 EVSEs",
    "PUT Location, 2 EVSEs",
    "PATCH of an EVSE's status, one of 2",
}


def _cases(role: str) -> list[serving.Case]:
    """What is asked of every server: the rows of the table that a peer can be asked as well."""
    return [case for case in serving.CASES if case.role == role and case.name not in _TWICE]


def _changing(name: str, what: str) -> Callable[[Object], Object]:
    """What makes an object of 2.1.1 one of this peer's."""
    changes = PEERS[name].changes if PEERS[name] else {}  # type: ignore[union-attr]  # mypy forgets
    return changes[what][0] if what in changes else lambda value: value


def _as_asked(name: str, case: serving.Case) -> serving.Case:
    """The same request, as this peer's paths and classes have it."""
    change = _changing(name, "location")

    def request(number: int) -> tuple[str, str, bytes]:
        verb, path, body = case.request(number)
        path = path.replace("2.1.1", _SERVED[name]).replace("?", "/?")
        return verb, path, payloads.encoded(change(json.loads(body))) if verb == "PUT" else body

    return replace(case, request=request, requests=_AT_MOST.get(case.name.partition(" ")[0], serving.WARM))


@contextmanager
def _peer(name: str) -> Iterator[Target]:
    """A server of the peer, with the objects of `serving` in memory."""
    peer = PEERS[name]
    assert peer is not None  # noqa: S101  (orjson and we do not stand in the table of those who serve)
    python = installed(peer, *(f"{package}=={version(package)}" for package in _LIKE_OURS))
    location, token = _changing(name, "location"), _changing(name, "tokens")
    small, large = payloads.location(2, 2), payloads.location(10, 2)
    with TemporaryDirectory(prefix="ocpi211-peer-") as folder:
        stored = {
            "locations": [location(small | {"id": f"S{number}"}) for number in range(1000)]
            + [location(large | {"id": f"L{number}"}) for number in range(1000)],
            "tokens": [token(payloads.token(number)) for number in range(10_000)],
        }
        for module, objects in stored.items():
            (Path(folder) / f"{module}.json").write_bytes(payloads.encoded(objects))
        with subprocess.Popen(
            [python, "-P", str(_SERVER), _SERVED[name]],
            cwd=folder,
            env=without_our_paths(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None  # noqa: S101  (it was asked for)
            port = process.stdout.readline()
            if not port:
                raise RuntimeError(f"{peer.package} did not start")
            try:
                yield Target(int(port), TOKEN)
            finally:
                process.communicate("")


def report() -> str:
    """Ours and each peer's, a request a row."""
    found: dict[str, list[tuple[str, list[float]]]] = {}
    with databases() as make:
        for role in _ROLES:
            database = make("sqlite")
            with served({"role": role, "database": database, "synchronous": "NORMAL"} | AS_DELIVERED) as (target,):
                serving.store(database, role)
                _measured(found, "ours", target, _cases(role))
    failed: list[str] = []
    for name in _SERVED:
        cases = [_as_asked(name, case) for role in _ROLES for case in _cases(role)]
        try:
            with _peer(name) as target:
                _measured(found, name, target, cases)
        except subprocess.CalledProcessError:
            failed.append(f"{named(name)} cannot be installed here.")
    rows = [Row(f"{case}: {named(name)}", ratios) for case, each in found.items() for name, ratios in each]
    return section(__doc__, table("CPU of a request", "empty requests", rows), *(f"- {line}" for line in failed))


def _measured(
    found: dict[str, list[tuple[str, list[float]]]], name: str, target: Target, cases: list[serving.Case]
) -> None:
    costs = run(serving.measure(target, cases, _ROUNDS))
    for case in cases:
        found.setdefault(case.name, []).append((name, serving.ratios(costs, case.name)))
