"""The same objects read and written by this package and by its peers on PyPI, as multiples of orjson, in turn.

Each peer in an environment of its own, with the versions of pydantic it asks for. Reading is from
bytes to the peer's classes, writing from there to JSON, as its documentation has it. Where a peer cannot read valid
2.1.1 it gets the nearest that it can, and the last column says what was changed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import payloads
from benchmarks.report import Row, section, table

__all__ = ["PEERS", "TITLE", "Peer", "installed", "named", "report", "without_our_paths"]

TITLE = "Peers"
ROUNDS = 5
_READER = Path(__file__).parent / "peer_reader.py"
_ROOT = Path(__file__).parents[1]
_WHOSE = {"country_code": "FR", "party_id": "EXA"}
_CONNECTOR = {"connector_standard": "IEC_62196_T2", "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"}
_PLUG = {"evse_uid": "1", "evse_id": "1", "connector_id": "1"} | _CONNECTOR
_TIMES = {"location": 100, "cdr": 100, "tokens": 5}
_SHOWN = {"location": "Location, 10 EVSEs", "cdr": "CDR, 30 periods", "tokens": "1,000 Tokens"}

Object = dict[str, Any]


@dataclass(frozen=True)
class Peer:
    """A package, and what has to be done to a valid object before it reads it."""

    package: str
    version: str
    changes: Mapping[str, tuple[Callable[[Object], Object], str]]


def _unchanged(value: Object) -> Object:
    return value


def _renamed(cdr: Object) -> Object:
    return {name: value for name, value in cdr.items() if name != "stop_date_time"} | {
        "end_date_time": cdr["stop_date_time"]
    }


def _plugged(cdr: Object) -> Object:
    return cdr | {"location": cdr["location"] | _PLUG}


def _location_221(location: Object) -> Object:
    evses = [
        evse
        | {
            "connectors": [
                one | {"max_voltage": one["voltage"], "max_amperage": one["amperage"]} for one in evse["connectors"]
            ]
        }
        for evse in location["evses"]
    ]
    return location | _WHOSE | {"publish": True, "evses": evses}


def _cdr_221(cdr: Object) -> Object:
    place = {name: cdr["location"][name] for name in ("id", "name", "address", "city", "country", "coordinates")}
    token = _WHOSE | {"uid": "1", "type": "RFID", "contract_id": cdr["auth_id"]}
    return (
        _renamed(cdr)
        | _WHOSE
        | {
            "cdr_token": token,
            "cdr_location": place | {"postal_code": "25000"} | _PLUG,
            "tariffs": [tariff | _WHOSE for tariff in cdr["tariffs"]],
            "total_cost": {"excl_vat": cdr["total_cost"], "incl_vat": cdr["total_cost"]},
        }
    )


def _token_221(token: Object) -> Object:
    return token | _WHOSE | {"contract_id": token["auth_id"]}


_AS_221 = "knows 2.2.1 only: its members added"
PEERS: Mapping[str, Peer | None] = {
    "orjson": None,
    "ours": None,
    "extrawest": Peer("extrawest-ocpi", "2025.7.16", {"cdr": (_renamed, "`stop_date_time` renamed as in 2.2")}),
    "py_ocpi": Peer(
        "py-ocpi",
        "0.3.1",
        {"location": (_location_221, _AS_221), "cdr": (_cdr_221, _AS_221), "tokens": (_token_221, _AS_221)},
    ),
    "ocpplab": Peer("ocpplab-ocpi-211-sdk", "0.0.10", {"cdr": (_plugged, "wants the EVSE in the Location as in 2.2")}),
    "ocpi_types": Peer("ocpi-types", "0.3.0", {}),
}


def _objects(peer: Peer | None) -> Iterator[tuple[str, Object]]:
    given = {"location": payloads.location(10, 2), "cdr": payloads.cdr(30)}
    change = {name: each[0] for name, each in (peer.changes if peer else {}).items()}
    for name, value in given.items():
        yield name, change[name](value) if name in change else value
    every = change.get("tokens", _unchanged)
    yield "tokens", payloads.page([every(payloads.token(number)) for number in range(1000)])


def installed(peer: Peer, *beside: str) -> str:
    """The interpreter of its environment, made when it is wanted first; `beside` is what it needs besides."""
    home = _ROOT / ".nox" / "peers" / "-".join([peer.package, peer.version, *beside])
    python = str(home / ("Scripts" if os.name == "nt" else "bin") / "python")
    if not home.exists():
        venv.create(home, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        try:
            subprocess.run([*command, f"{peer.package}=={peer.version}", *beside], check=True, capture_output=True)
        except BaseException:
            shutil.rmtree(home)
            raise
    return python


def without_our_paths() -> dict[str, str]:
    """The environment of a peer's process: it has nothing but what it asked for."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@contextmanager
def _running(name: str, folder: Path) -> Iterator[Callable[[str], float | str]]:
    """A process of the peer, asked line by line."""
    peer = PEERS[name]
    python = sys.executable if peer is None else installed(peer)
    home = folder / name
    home.mkdir()
    for what, value in _objects(peer):
        (home / f"{what}.json").write_bytes(payloads.encoded(value))
    # Ours is where this process has it.
    environment = without_our_paths()
    if peer is None:
        environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), *filter(None, sys.path)])
    with subprocess.Popen(
        [python, "-P", str(_READER), name],
        cwd=home,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101, PT018  (they were asked for)

        def ask(line: str) -> float | str:
            stdin.write(f"{line}\n")
            stdin.flush()
            answer = stdout.readline().strip()
            try:
                return float(answer)
            except ValueError:
                return answer

        yield ask
        stdin.close()


def report() -> str:
    """Every peer, in turn with orjson."""
    rows: list[Row] = []
    failed: list[str] = []
    with TemporaryDirectory(prefix="ocpi211-peers-") as folder, ExitStack() as stack:
        asks: dict[str, Callable[[str], float | str]] = {}
        for name in PEERS:
            try:
                asks[name] = stack.enter_context(_running(name, Path(folder)))
            except subprocess.CalledProcessError:
                failed.append(f"{named(name)} cannot be installed here.")
        for what in _TIMES:
            for action in ("read", "write"):
                for name, values in _ratios(asks, what, action).items():
                    title = f"{action} {_SHOWN[what]}: {named(name)}"
                    if isinstance(values, str):
                        failed.append(f"{title}: {values}")
                    else:
                        rows.append(Row(title, values, note=_note(name, what)))
    return section(__doc__, table("object", "of orjson", rows), *(f"- {line}" for line in failed))


def _ratios(asks: Mapping[str, Callable[[str], float | str]], what: str, action: str) -> dict[str, list[float] | str]:
    """Of each, in turn, as multiples of orjson; or what it said."""
    found: dict[str, list[float] | str] = {}
    for round_ in range(ROUNDS + 1):
        took = {name: ask(f"{what} {action} {_TIMES[what]}") for name, ask in asks.items()}
        base = took.pop("orjson")
        for name, value in took.items():
            ratios = found.setdefault(name, [])
            if isinstance(value, str) or isinstance(base, str):
                found[name] = str(value)
            elif round_ and isinstance(ratios, list):  # the first round warms up
                ratios.append(value / base)
    return found


def named(name: str) -> str:
    """As it is shown: the package and its version, ours in bold."""
    peer = PEERS[name]
    return "**ocpi211**" if peer is None else f"{peer.package} {peer.version}"


def _note(name: str, what: str) -> str:
    peer = PEERS[name]
    return peer.changes[what][1] if peer is not None and what in peer.changes else ""
