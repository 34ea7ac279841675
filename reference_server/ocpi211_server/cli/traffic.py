"""What is exchanged: objects of our own, authorisations, commands, pulls, deliveries, and the log of it all."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError

from ocpi211_runtime.problems import Problem, problems_of
from ocpi211_server.cli.options import app, columns, console, opened, party, with_settings
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from ocpi211_runtime.enums import OpenEnum
    from ocpi211_server.app import Server
    from ocpi211_server.backoffice import BackOffice
    from ocpi211_server.reconciling import Charge
    from ocpi211_server.registration.partners import Partner

__all__: list[str] = []

E = TypeVar("E", bound="OpenEnum")
Module = Literal["locations", "sessions", "cdrs", "tariffs", "tokens"]
deliveries = typer.Typer(help="What waits to be sent to partners.", no_args_is_help=True)
app.add_typer(deliveries, name="deliveries")


@with_settings()
async def publish(
    settings: Settings,
    module: Annotated[Module, typer.Argument(help="Of our own: a CPO has all but tokens, an eMSP has those.")],
    file: Annotated[Path, typer.Argument(help="JSON, an object or a list of them; - reads standard input.")],
) -> None:
    """Store objects of our own; a running server sends them to the partners they concern."""
    objects = _read(module, sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
    async with opened(settings) as server:
        console.print(f"{await _office(server).publish(module, objects)} {module} stored")


def _listed(values: type[E], given: str) -> E:
    """The value, if the text lists it; ValueError names those it does."""
    found = values(given.upper())
    if not found.known:
        raise ValueError(f"{given} is none of {', '.join(values)}")
    return found


async def _registered(server: Server, name: str) -> Partner:
    """The partner of this party; where it is one in both roles, the one that is a CPO."""
    for role in ("cpo", "emsp"):
        partner = await server.site.partners.by_party(role, "*".join(party(name)))
        if partner is not None:
            return partner
    raise ValueError(f"there is no partner {name}")


def _office(server: Server) -> BackOffice:
    from ocpi211_server.backoffice import BackOffice

    return BackOffice(server.site)


def _read(module: str, text: bytes) -> Sequence[Any]:
    """An object of the module, or a list of them. ValueError says where it is none.

    What is kept in the objects of partners is refused in ours: values that no enum of the text lists.
    """
    from ocpi211_server.objects.keeping import FORMS

    form: Any = FORMS[module]
    several = text.lstrip()[:1] == b"["
    wanted: Any = list[form] if several else form  # pyright: ignore[reportInvalidTypeForm]  # known at run time only
    adapter: TypeAdapter[Any] = TypeAdapter(wanted)
    problems = _problems(adapter, text) or [
        problem for problem in _problems(adapter, text, strict=True) if problem.rule == "literal_error"
    ]
    if problems:
        told = [f"{problem.pointer or 'the file'}: {problem.reason}" for problem in problems[:10]]
        raise ValueError("\n".join(["nothing was stored", *told]))
    found = adapter.validate_json(text)
    return found if several else [found]


def _problems(adapter: TypeAdapter[Any], text: bytes, *, strict: bool = False) -> Sequence[Problem]:
    try:
        adapter.validate_json(text, strict=strict)
    except ValidationError as error:
        return problems_of(error)
    return ()


@with_settings()
async def status(settings: Settings, location_id: str, evse_uid: str, value: str) -> None:
    """Say what an EVSE of ours is doing now: AVAILABLE, CHARGING and so on."""
    from ocpi211.models import Status

    async with opened(settings) as server:
        await _office(server).set_status(location_id, evse_uid, _listed(Status, value))


@with_settings()
async def ask(
    settings: Settings,
    token_uid: str,
    location_id: str,
    evse_uid: str,
    *,
    type: Annotated[str, typer.Option(help="RFID or OTHER.")] = "RFID",
) -> None:
    """Ask, as a CPO, whether a Token may charge at an EVSE of ours."""
    from ocpi211.models import TokenType

    async with opened(settings) as server:
        info = await _office(server).ask(token_uid, location_id, evse_uid, _listed(TokenType, type))
        console.print_json(info.model_dump_json(exclude_none=True))


@with_settings()
async def start(settings: Settings, token_uid: str, location_id: str, evse_uid: str) -> None:
    """Send START_SESSION, as an eMSP, for a Token of ours."""
    async with opened(settings) as server:
        answer, authorization_id = await _office(server).start(token_uid, location_id, evse_uid)
        console.print_json(json.dumps({"result": answer, "authorization_id": authorization_id}))


@with_settings()
async def stop(settings: Settings, session_id: str) -> None:
    """Send STOP_SESSION, as an eMSP."""
    async with opened(settings) as server:
        console.print_json(json.dumps({"result": await _office(server).stop(session_id)}))


@with_settings()
async def pull(
    settings: Settings,
    module: Module,
    *,
    partner: Annotated[str | None, typer.Option(help="One partner, FR*ABC; all if left out.")] = None,
    full: Annotated[bool, typer.Option(help="Everything, not only what has changed.")] = False,
) -> None:
    """Pull what partners publish, now."""
    role = "emsp" if module == "tokens" else "cpo"
    wanted = None if partner is None else "*".join(party(partner))
    async with opened(settings) as server:
        for found in await server.site.partners.all():
            if found.role == role and found.state == "registered" and wanted in (None, found.party):
                pulled = await server.pulls.pull(found, module, full=full)
                console.print(f"{found.party}: {pulled.objects} {module}, {pulled.rejected} rejected, {pulled.outcome}")


@with_settings("list", group=deliveries)
async def list_(
    settings: Settings,
    *,
    partner: Annotated[str | None, typer.Option(help="One partner, FR*ABC.")] = None,
    parked: Annotated[bool, typer.Option(help="Only those that wait for a person.")] = False,
) -> None:
    """What waits, and why."""
    from ocpi211_server.delivery import list_deliveries

    async with opened(settings) as server:
        table = columns("seq", "to", "what", "state", "attempts", "age", "reason")
        wanted = None if partner is None else (await _registered(server, partner)).id
        state = "parked" if parked else None
        for row in await list_deliveries(server.site.database, now(), partner=wanted, state=state, most=1000):
            age = f"{(now() - row.made) / MICROSECONDS:.0f} s"
            table.add_row(str(row.seq), row.party, row.about, row.state, str(row.attempts), age, row.reason)
        console.print(table, soft_wrap=False)


@with_settings("retry", group=deliveries)
async def retry_(
    settings: Settings,
    seq: Annotated[int | None, typer.Argument(help="One delivery.")] = None,
    *,
    partner: Annotated[str | None, typer.Option(help="All of one partner, FR*ABC.")] = None,
) -> None:
    """Try again at once, also what was parked."""
    from ocpi211_server.retrying import retry_again

    async with opened(settings) as server:
        if (seq is None) == (partner is None):
            raise ValueError("name one delivery, or one partner")
        one = None if partner is None else (await _registered(server, partner)).id
        count = await server.site.database.write_much(retry_again, server.site, now(), partner=one, seq=seq)
        console.print(f"{count} to be tried again")


@with_settings("drop", group=deliveries)
async def drop_(settings: Settings, seq: Annotated[int, typer.Argument(help="One delivery.")]) -> None:
    """Give a delivery up. It is lost."""
    from ocpi211_server.delivery import drop

    async with opened(settings) as server:
        if not await server.site.database.write(drop, seq):
            raise ValueError(f"there is no delivery {seq}, or it is being sent")


@with_settings()
async def messages(
    settings: Settings,
    seq: Annotated[int | None, typer.Argument(help="One exchange, whole.")] = None,
    *,
    with_: Annotated[str | None, typer.Option("--party", help="The other side, FR*ABC.")] = None,
    module: Annotated[str | None, typer.Option(help="locations, sessions, …")] = None,
    object_: Annotated[str | None, typer.Option("--object", help="Id of an object.")] = None,
    authorization_id: Annotated[str | None, typer.Option(help="Of an authorisation.")] = None,
    related: Annotated[bool, typer.Option("--related", help="And what has the same correlation as these.")] = False,
    correlation_id: Annotated[str | None, typer.Option(help="Of one matter.")] = None,
    minutes: Annotated[float | None, typer.Option(help="No older than this.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many, the latest.")] = 100,
) -> None:
    """Who said what to whom: the exchanges with partners, both ways."""
    from ocpi211_server.operating.message_search import find, show
    from ocpi211_server.operating.telling import tell

    async with opened(settings) as server:
        database = server.site.database
        if seq is not None:
            found = await show(database, seq)
            if found is None:
                raise ValueError(f"there is no exchange {seq}")
            for part in (*tell([found], own=settings.party), *_bodies(found.request, found.answer)):
                console.print(part, markup=False, highlight=False)
            return
        listed = await find(
            database,
            party=with_,
            module=module,
            object_id=object_,
            authorization_id=authorization_id,
            correlation_id=correlation_id,
            since=None if minutes is None else int((time.time() - minutes * 60) * MICROSECONDS),
            related=related,
            limit=limit,
        )
        for line in tell(listed, own=settings.party):
            console.print(line)


def _bodies(*bodies: bytes) -> list[str]:
    return [body.decode("utf-8", "replace") or "(no body)" for body in bodies]


@with_settings("reconcile")
async def reconcile_(
    settings: Settings, *, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Which CDRs to pay: authorisations, Sessions and CDRs by authorization_id."""
    from ocpi211_server.reconciling import reconcile

    async with opened(settings) as server:
        charges = await reconcile(server.site.database, settings.party)
    if as_json:
        print(json.dumps([_row(charge) for charge in charges], default=str))
    else:
        console.print(reconciled(charges), soft_wrap=False)


def _row(charge: Charge) -> dict[str, object]:
    fields: dict[str, object] = {name: getattr(charge, name) for name in charge.__slots__}
    return fields | {"verdict": charge.verdict}


def reconciled(charges: list[Charge]) -> Table:
    """The charges as a table for a person."""
    from ocpi211_server.reconciling import counted

    table = columns("authorization_id", "how", "allowed", "Token", "Sessions", "CDRs", "kWh", "cost", "verdict")
    for charge in charges:
        how = {True: "remote", False: "local", None: ""}[charge.remote]
        table.add_row(
            charge.authorization_id or "(none)",
            how,
            charge.allowed,
            charge.token,
            " ".join(charge.sessions),
            " ".join([*charge.cdrs, *(f"{id_}!" for id_ in charge.kept_aside)]),
            str(charge.energy) if charge.cdrs else "",
            f"{charge.cost} {charge.currency}" if charge.cdrs else "",
            charge.verdict,
        )
    table.caption = ", ".join(f"{count} {verdict}" for verdict, count in counted(charges)) or "nothing yet"
    return table
