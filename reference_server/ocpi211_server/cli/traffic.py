"""What goes to and fro: objects of our own, authorisations, commands, pulls, deliveries, and the log of it all."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import TypeAdapter, ValidationError
from rich.table import Table

from ocpi211.models import Status, TokenType
from ocpi211_runtime.problems import problems_of
from ocpi211_server.app import Server
from ocpi211_server.backoffice import BackOffice
from ocpi211_server.cli.options import app, console, opened, party, with_settings
from ocpi211_server.delivery import drop, list_deliveries, retry, retry_all
from ocpi211_server.messages import find as find_messages
from ocpi211_server.messages import show
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.objects import FORMS
from ocpi211_server.partners import Partner
from ocpi211_server.reconciling import Charge, counted, reconcile
from ocpi211_server.settings import Settings
from ocpi211_server.telling import tell

__all__: list[str] = []

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
    text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    form: Any = FORMS[module]
    try:
        given = TypeAdapter(list[form] | form).validate_json(text)
    except ValidationError:
        given = _judged(form, text)
    async with opened(settings) as server:
        changed = await BackOffice(server.site).publish(module, given if isinstance(given, list) else [given])
        console.print(f"{changed} {module} stored")


async def _registered(server: Server, name: str) -> Partner:
    """The partner of this party; where it is one in both roles, the one that is a CPO."""
    for role in ("cpo", "emsp"):
        partner = await server.site.partners.by_party(role, "*".join(party(name)))
        if partner is not None:
            return partner
    raise ValueError(f"there is no partner {name}")


def _judged(form: Any, text: bytes) -> Any:  # noqa: ANN401  (a model's class)
    """Why a file cannot be published: told for the form that it comes closest to."""
    several = text.lstrip()[:1] == b"["
    try:
        return TypeAdapter(list[form] if several else form).validate_json(text)
    except ValidationError as error:
        told = "; ".join(f"{problem.pointer}: {problem.reason}" for problem in problems_of(error)[:10])
        raise ValueError(f"nothing was stored: {told}") from None


@with_settings()
async def status(settings: Settings, location_id: str, evse_uid: str, value: str) -> None:
    """Say what an EVSE of ours is doing now: AVAILABLE, CHARGING and so on."""
    async with opened(settings) as server:
        await BackOffice(server.site).set_status(location_id, evse_uid, Status(value))


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
    async with opened(settings) as server:
        info = await BackOffice(server.site).ask(token_uid, location_id, evse_uid, TokenType(type))
        console.print_json(info.model_dump_json(exclude_none=True))


@with_settings()
async def start(settings: Settings, token_uid: str, location_id: str, evse_uid: str) -> None:
    """Send START_SESSION, as an eMSP, for a Token of ours."""
    async with opened(settings) as server:
        answer, authorization_id = await BackOffice(server.site).start(token_uid, location_id, evse_uid)
        console.print_json(json.dumps({"result": answer, "authorization_id": authorization_id}))


@with_settings()
async def stop(settings: Settings, session_id: str) -> None:
    """Send STOP_SESSION, as an eMSP."""
    async with opened(settings) as server:
        console.print_json(json.dumps({"result": await BackOffice(server.site).stop(session_id)}))


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
    async with opened(settings) as server:
        table = Table("seq", "to", "what", "state", "attempts", "age", "reason", box=None)
        wanted = None if partner is None else (await _registered(server, partner)).id
        state = "parked" if parked else None
        for row in await list_deliveries(server.site.database, now(), partner=wanted, state=state, most=1000):
            age = f"{(now() - row.made) / MICROSECONDS:.0f} s"
            table.add_row(str(row.seq), row.party, row.about, row.state, str(row.attempts), age, row.reason)
        console.print(table)


@with_settings("retry", group=deliveries)
async def retry_(
    settings: Settings,
    seq: Annotated[int | None, typer.Argument(help="One delivery.")] = None,
    *,
    partner: Annotated[str | None, typer.Option(help="All of one partner, FR*ABC.")] = None,
) -> None:
    """Try again at once, also what was parked."""
    async with opened(settings) as server:
        if (seq is None) == (partner is None):
            raise ValueError("name one delivery, or one partner")
        if partner is not None:
            count = await server.site.database.write(retry_all, (await _registered(server, partner)).id, now())
        else:
            count = int(await server.site.database.write(retry, seq or 0, now()))
        console.print(f"{count} to be tried again")


@with_settings("drop", group=deliveries)
async def drop_(settings: Settings, seq: Annotated[int, typer.Argument(help="One delivery.")]) -> None:
    """Give a delivery up. It is lost."""
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
    correlation_id: Annotated[str | None, typer.Option(help="Of one matter.")] = None,
    minutes: Annotated[float | None, typer.Option(help="No older than this.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many, the latest.")] = 100,
) -> None:
    """Who said what to whom: the exchanges with partners, both ways."""
    async with opened(settings) as server:
        database = server.site.database
        if seq is not None:
            found = await show(database, seq)
            if found is None:
                raise ValueError(f"there is no exchange {seq}")
            for part in (*tell([found], own=settings.party), *_bodies(found.request, found.answer)):
                console.print(part, markup=False, highlight=False)
            return
        listed = await find_messages(
            database,
            party=with_,
            module=module,
            object_id=object_,
            authorization_id=authorization_id,
            correlation_id=correlation_id,
            since=None if minutes is None else int((time.time() - minutes * 60) * MICROSECONDS),
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
    async with opened(settings) as server:
        charges = await reconcile(server.site.database, settings.party)
    if as_json:
        print(json.dumps([_row(charge) for charge in charges], default=str))
    else:
        console.print(reconciled(charges))


def _row(charge: Charge) -> dict[str, object]:
    return {name: getattr(charge, name) for name in Charge.__slots__} | {"verdict": charge.verdict}


def reconciled(charges: list[Charge]) -> Table:
    """The charges as a table for a person."""
    table = Table("authorization_id", "how", "allowed", "Token", "Sessions", "CDRs", "kWh", "cost", "verdict", box=None)
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
