"""Partners: invite and register them, see how they stand, and end it; and who of them may roam with whom."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ocpi211_server.cli.options import app, columns, console, opened, party, with_settings
from ocpi211_server.database import Work, sql
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.settings import Settings

if TYPE_CHECKING:
    from ocpi211_server.app import Server
    from ocpi211_server.registration.invitations import Invitations
    from ocpi211_server.registration.partners import Partner

__all__: list[str] = []

PartnerRole = Annotated[Literal["cpo", "emsp"], typer.Argument(help="What the partner is.")]
Party = Annotated[str, typer.Argument(help="The partner, FR*ABC.")]
agreements = typer.Typer(help="Roaming agreements of a hub.", no_args_is_help=True)
app.add_typer(agreements, name="agreements")


def _invitations(server: Server) -> Invitations:
    from ocpi211_server.registration.invitations import Invitations

    return Invitations(server.site.partners, server.site.egress)


def _other(settings: Settings, role: Literal["cpo", "emsp"]) -> str:
    """Our interface that a partner of this role meets. ValueError if we have none."""
    if role == settings.role:
        raise ValueError(f"this server is {settings.role}, and has nothing to say to another {role}")
    return "emsp" if role == "cpo" else "cpo"


async def _known(server: Server, role: Literal["cpo", "emsp"], name: str) -> Partner:
    partner = await server.site.partners.by_party(role, "*".join(party(name)))
    if partner is None:
        raise ValueError(f"there is no partner {name} that is {role}")
    return partner


@with_settings()
async def invite(
    settings: Settings,
    role: PartnerRole,
    name: Party,
    *,
    origin: Annotated[list[str] | None, typer.Option(help="Where its URLs may lead, https://ocpi.example.com.")] = None,
    trust_first: Annotated[bool, typer.Option(help="Approve the origin of the first URL it names.")] = False,
    hub: Annotated[bool | None, typer.Option(help="It speaks for the parties behind it.")] = None,
    days: Annotated[float, typer.Option(min=0.001, max=3650, help="How long it is good.")] = 7,
) -> None:
    """Make a Token A for a partner: printed once, here; only its digest is kept."""
    own = _other(settings, role)
    async with opened(settings) as server:
        token = await _invitations(server).invite(
            role, *party(name), hub=hub, origins=origin or (), trust_first=trust_first, days=days
        )
        console.print(f"versions  {settings.base_url}/{own}/versions", highlight=False)
        console.print(f"token     {token}", highlight=False, markup=False)


@with_settings()
async def register(
    settings: Settings,
    role: PartnerRole,
    name: Party,
    url: Annotated[str, typer.Argument(help="Where the partner lists its versions.")],
    *,
    token: Annotated[str, typer.Option(help="The Token A it gave us; - reads it from standard input.")] = "-",  # noqa: S107  (a dash is no secret)
    hub: Annotated[bool | None, typer.Option(help="It speaks for the parties behind it.")] = None,
) -> None:
    """Register with a partner that has invited us. The server must be running: the partner calls it back."""
    _other(settings, role)
    token = sys.stdin.readline().strip() if token == "-" else token  # noqa: S105  (a dash is no secret)
    async with opened(settings) as server:
        partner = await _invitations(server).know(role, *party(name), hub=hub)
        partner = await server.registrar.register(partner, url, token)
        console.print(f"registered with {partner.party} ({partner.name}): {', '.join(sorted(partner.endpoints))}")


@with_settings()
async def partners(settings: Settings) -> None:
    """List the partners, and how they stand."""
    async with opened(settings) as server:
        table = columns("party", "role", "state", "name", "modules", "may lead to", "since")
        invited = await _invitations(server).open()
        for partner in await server.site.partners.all():
            table.add_row(
                partner.party,
                partner.role + (" (hub)" if partner.hub else ""),
                _standing(partner, invited.get(partner.id)),
                partner.name,
                " ".join(sorted(partner.endpoints)),
                " ".join(partner.origins) or "its first URL",
                _moment(partner.updated),
            )
        console.print(table, soft_wrap=False)


def _standing(partner: Partner, expires: int | None) -> str:
    """The state, and how long an invitation is good."""
    if expires is None:
        return partner.state
    until = f"until {_moment(expires)}" if expires > now() else "expired"
    return f"invited, {until}" if partner.state == "invited" else f"{partner.state}; invited, {until}"


def _moment(microseconds: int) -> str:
    return f"{datetime.fromtimestamp(microseconds / MICROSECONDS, UTC):%Y-%m-%d %H:%M:%SZ}"


@with_settings()
async def approve(
    settings: Settings, role: PartnerRole, name: Party, url: Annotated[str, typer.Argument(help="A URL there.")]
) -> None:
    """Let the URLs of a partner lead to one more origin."""
    async with opened(settings) as server:
        partner = await _invitations(server).approve(await _known(server, role, name), url)
        console.print(f"{partner.party} may lead to {', '.join(partner.origins)}")


@with_settings()
async def suspend(settings: Settings, role: PartnerRole, name: Party) -> None:
    """Answer a partner 401 and call it no more; what is to be delivered to it waits."""
    async with opened(settings) as server:
        _told(await _invitations(server).suspend(await _known(server, role, name)))


@with_settings()
async def resume(settings: Settings, role: PartnerRole, name: Party) -> None:
    """Go on with a partner that was suspended."""
    async with opened(settings) as server:
        _told(await _invitations(server).resume(await _known(server, role, name)))


@with_settings()
async def revoke(settings: Settings, role: PartnerRole, name: Party) -> None:
    """End everything with a partner at once, without telling it."""
    async with opened(settings) as server:
        _told(await _invitations(server).revoke(await _known(server, role, name)))


@with_settings()
async def rotate(
    settings: Settings,
    role: PartnerRole,
    name: Party,
    *,
    put: Annotated[
        bool | None, typer.Option("--put/--post", help="By PUT, or by DELETE and POST; else as the profile has it.")
    ] = None,
) -> None:
    """Change the tokens of both sides. The server must be running: the partner calls it back."""
    async with opened(settings) as server:
        _told(await server.registrar.rotate(await _known(server, role, name), put=put))


@with_settings()
async def unregister(settings: Settings, role: PartnerRole, name: Party) -> None:
    """End the registration on both sides."""
    async with opened(settings) as server:
        _told(await server.registrar.unregister(await _known(server, role, name)))


@with_settings()
async def refresh(settings: Settings, role: PartnerRole, name: Party) -> None:
    """Read the partner's endpoints anew."""
    async with opened(settings) as server:
        _told(await server.registrar.refresh(await _known(server, role, name)))


def _told(partner: Partner) -> None:
    console.print(f"{partner.role} {partner.party} is {partner.state}")


@with_settings("list", group=agreements)
async def list_agreements(settings: Settings) -> None:
    """Who roams with whom."""
    async with opened(settings) as server:
        if settings.agreements == "all":
            console.print("everybody roams with everybody")
        table = columns("CPO", "eMSP", "price per kWh")
        for row in await server.site.database.read("SELECT cpo, emsp, price FROM agreement ORDER BY cpo, emsp"):
            table.add_row(row[0], row[1], row[2] or "the CPO's")
        console.print(table, soft_wrap=False)


@with_settings("add", group=agreements)
async def add_agreement(
    settings: Settings,
    cpo: Annotated[str, typer.Argument(help="FR*CPO")],
    emsp: Annotated[str, typer.Argument(help="FR*EMP")],
    *,
    price: Annotated[str | None, typer.Option(help="Per kWh, for CDRs that come without a cost.")] = None,
) -> None:
    """Let a CPO and an eMSP roam."""
    if price is not None and not price.replace(".", "", 1).isdecimal():
        raise ValueError(f"{price!r} is no price: 0.35")
    async with opened(settings) as server:
        await server.site.database.write(_agreed, "*".join(party(cpo)), "*".join(party(emsp)), price, now())


@with_settings("remove", group=agreements)
async def remove_agreement(
    settings: Settings,
    cpo: Annotated[str, typer.Argument(help="FR*CPO")],
    emsp: Annotated[str, typer.Argument(help="FR*EMP")],
) -> None:
    """Let them roam no more; what they have exchanged stays."""
    async with opened(settings) as server:
        await server.site.database.write(_parted, "*".join(party(cpo)), "*".join(party(emsp)))


def _agreed(cpo: str, emsp: str, price: str | None, at: int) -> Work[None]:
    yield sql(
        "INSERT INTO agreement (cpo, emsp, price, made) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (cpo, emsp) DO UPDATE SET price = excluded.price",
        cpo,
        emsp,
        price,
        at,
    )


def _parted(cpo: str, emsp: str) -> Work[None]:
    if not (yield sql("DELETE FROM agreement WHERE cpo = $1 AND emsp = $2 RETURNING cpo", cpo, emsp)):
        raise ValueError(f"{cpo} and {emsp} have no agreement")
