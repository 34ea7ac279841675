"""The command line: `run`, `lint`, `locations`, `undo`, `requirements`.

Exit code 0: nothing failed; 1: a requirement failed; 2: there was nothing to judge.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ocpi211_check.badge import write_badge
from ocpi211_check.catalogue import Profile, Role, catalogue
from ocpi211_check.launch import dry_run, launch
from ocpi211_check.launch import undo as put_back
from ocpi211_check.lint import lint_files, print_faults
from ocpi211_check.report_html import write_html
from ocpi211_check.report_json import write_json
from ocpi211_check.report_junit import write_junit
from ocpi211_check.settings import CannotRun, Settings, is_loopback
from ocpi211_check.table import Bar, print_report

__all__ = ["main"]

_REMOTE_RATE = 5.0
_CANNOT = 2

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
_console = Console()
_errors = Console(stderr=True)

_Token = Annotated[str, typer.Option(envvar="OCPI_TOKEN", help="The token the target gave you; better in OCPI_TOKEN.")]
_RoleOption = Annotated[Role, typer.Option(help="What the target is.")]
_ProfileOption = Annotated[Profile, typer.Option(help="Whose rules hold.")]
_Party = Annotated[str, typer.Option(help="The test party the token belongs to, as FR*TST; needed to write.")]
_Write = Annotated[
    bool | None,
    typer.Option("--write/--read-only", help="Write objects of the test party; the default only on this machine."),
]
_Handshake = Annotated[bool, typer.Option("--handshake", help="Register, rotate, unregister; the token invites.")]
_Commands = Annotated[bool, typer.Option("--commands", help="Send START_SESSION, STOP_SESSION and RESERVE_NOW.")]
_Listen = Annotated[str, typer.Option(help="Host and port of the tool's own server.")]
_ListenUrl = Annotated[str, typer.Option(help="How the target reaches that server.")]
_Rehearse = Annotated[float, typer.Option(help="Seconds to listen for what the target does by itself.")]
_Fuzz = Annotated[float, typer.Option(help="Seconds of drawn requests.")]
_Coverage = Annotated[bool | None, typer.Option("--coverage/--no-coverage", help="The fuzzer's coverage phase.")]
_Seed = Annotated[int | None, typer.Option(help="Same seed, same names, same drawn requests.")]
_Rate = Annotated[float | None, typer.Option(help="Requests a second; 0 for no limit.")]
_Budget = Annotated[float, typer.Option(help="Seconds after which nothing more is sent.")]
_Hub = Annotated[bool, typer.Option("--hub", help="The target is a hub, seen from the side of --role.")]
_Invitation = Annotated[
    str,
    typer.Option(
        envvar="OCPI_INVITATION",
        show_envvar=False,
        help="A token of your making, for the target to register with at the end.",
    ),
]
_SpeaksFor = Annotated[str, typer.Option(help="Another test party, where the token is that of a hub.")]
_Ca = Annotated[str, typer.Option(help="A file of certificates to trust as well, in PEM.")]
_Location = Annotated[str, typer.Option(help="Where to start a session, as LOCATION_ID/EVSE_UID.")]
_Journal = Annotated[Path, typer.Option(help="Where the tokens of a handshake are kept while it lasts.")]
_Dry = Annotated[bool, typer.Option("--dry-run", help="List what would be sent, and send nothing.")]
_All = Annotated[bool, typer.Option("--all", help="Show what passed and what was skipped as well.")]
_Json = Annotated[Path | None, typer.Option("--json", help="Write the report as JSON.")]
_Junit = Annotated[Path | None, typer.Option("--junit", help="Write the report as JUnit XML.")]
_Html = Annotated[Path | None, typer.Option("--html", help="Write the report as one HTML page.")]
_Badge = Annotated[Path | None, typer.Option("--badge", help="Write a badge, as SVG.")]
_Files = Annotated[list[Path], typer.Argument(help="JSON, JSON Lines or HAR.")]


def _refuse(error: Exception) -> typer.Exit:
    _errors.print(f"[red]cannot run:[/] {error}", highlight=False)
    return typer.Exit(_CANNOT)


@app.command()
def run(
    versions_url: Annotated[str, typer.Argument(help="The versions endpoint of the target.")],
    *,
    role: _RoleOption,
    token: _Token,
    profile: _ProfileOption = "plain-2.1.1",
    party: _Party = "",
    write: _Write = None,
    handshake: _Handshake = False,
    commands: _Commands = False,
    listen: _Listen = "127.0.0.1:0",
    listen_url: _ListenUrl = "",
    rehearse: _Rehearse = 0.0,
    invitation: _Invitation = "",
    fuzz: _Fuzz = 0.0,
    coverage: _Coverage = None,
    seed: _Seed = None,
    rate: _Rate = None,
    budget: _Budget = 600.0,
    location: _Location = "",
    hub: _Hub = False,
    speaks_for: _SpeaksFor = "",
    ca: _Ca = "",
    journal: _Journal = Path("ocpi211-check.journal"),
    dry: _Dry = False,
    everything: _All = False,
    json: _Json = None,
    junit: _Junit = None,
    html: _Html = None,
    badge: _Badge = None,
) -> None:
    """Check a deployment, and report by requirement."""
    given = dict(locals())  # before any other name is
    wanted = {name: given.pop(name) for name in ("json", "junit", "html", "badge")}
    journal, everything, dry = given.pop("journal"), given.pop("everything"), given.pop("dry")
    listen = given.pop("listen")
    settings = _settings(**given)
    if dry:
        _print_dry_run(settings)
    else:
        _run(settings, listen, journal, wanted, everything=everything)


def _settings(**given: Any) -> Settings:  # noqa: ANN401  (the options of `run`)
    """The settings of a run: careful with a target that is not on this machine, unless told otherwise."""
    url = given["versions_url"]
    here = is_loopback(url)
    careful = {
        "write": here and bool(given["party"]),
        "coverage": here,
        "rate": 0.0 if here else _REMOTE_RATE,
        "seed": Settings.new_seed(),
    }
    given |= {name: value for name, value in careful.items() if given[name] is None}
    if not given["listen_url"] and here and (given["handshake"] or given["commands"] or given["rehearse"]):
        given["listen_url"] = "http://127.0.0.1"
    try:
        return Settings(**given)
    except ValueError as error:
        raise _refuse(error) from None


def _print_dry_run(settings: Settings) -> None:
    lines = dry_run(settings)
    for line in lines:
        _console.print(line, markup=False, highlight=False, soft_wrap=True)
    _console.print(f"{len(lines)} requests to an imagined target; how many a real one gets depends on what it holds")


def _run(settings: Settings, listen: str, journal: Path, wanted: dict[str, Path | None], *, everything: bool) -> None:
    writers = {"json": write_json, "junit": write_junit, "html": write_html, "badge": write_badge}
    if settings.handshake and journal.exists():
        undoing = f"ocpi211-check undo {journal} --role {settings.role}"
        raise _refuse(CannotRun(f"{journal} is left of a run that was interrupted: {undoing}"))
    try:
        with Bar(_errors) as bar:
            report = asyncio.run(launch(settings, listen=listen, journal=journal, progress=bar))
    except (CannotRun, ValueError) as error:
        raise _refuse(error) from None
    except KeyboardInterrupt:
        left = settings.handshake and journal.exists()
        registration = f"the registration is not ended: ocpi211-check undo {journal} --role {settings.role}"
        raise _refuse(CannotRun(f"interrupted; {registration if left else 'nothing was judged'}")) from None
    print_report(report, _console, everything=everything)
    for name, path in wanted.items():
        if path is not None:
            path.write_text(writers[name](report), encoding="utf-8")
    raise typer.Exit(report.exit_code)


@app.command()
def lint(files: _Files, role: _RoleOption = "cpo", profile: _ProfileOption = "plain-2.1.1") -> None:
    """Judge recorded payloads (JSON, JSON Lines, HAR) by the same rules, without a network."""
    try:
        faults = lint_files(files, role, profile)
    except CannotRun as error:
        raise _refuse(error) from None
    raise typer.Exit(print_faults(faults, _console))


@app.command()
def locations(
    source: Annotated[str, typer.Argument(help="A file, or a URL that is fetched once.")],
    profile: _ProfileOption = "plain-2.1.1",
    party: Annotated[str, typer.Option(help="The operator whose Locations they are, as FR*ABC.")] = "",
    token: Annotated[str, typer.Option(envvar="OCPI_TOKEN", help="Sent with the URL, if given.")] = "",
) -> None:
    """A gate for a CPO's Locations before they are published: nothing that fails gets through."""
    from ocpi211_check.gate import judge_locations  # noqa: PLC0415  (loads the HTTP client)

    try:
        faults = judge_locations(source, profile, party, token)
    except (CannotRun, ValueError) as error:
        raise _refuse(error) from None
    raise typer.Exit(print_faults(faults, _console))


@app.command()
def undo(
    journal: Annotated[Path, typer.Argument(help="The journal of the run that was interrupted.")],
    role: _RoleOption = "cpo",
    ca: _Ca = "",
) -> None:
    """End the registration that an interrupted handshake left behind."""
    try:
        done = asyncio.run(put_back(journal, role, ca))
    except CannotRun as error:
        raise _refuse(error) from None
    _console.print(done)


@app.command()
def requirements(role: _RoleOption = "cpo", profile: _ProfileOption = "plain-2.1.1") -> None:
    """List the requirements that a party of this role has to meet."""
    for row in catalogue().concerning(role, profile):
        _console.print(f"[bold]{row.id}[/] [dim]{row.level}, {row.section}[/]\n  {row.sentence}", highlight=False)


def main() -> None:
    """The entry point `ocpi211-check`."""
    app()


if __name__ == "__main__":
    main()
