"""Commands that take the settings of the server as options, and tell what is wrong in a line instead of a traceback."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
import tomllib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from ocpi211_runtime.errors import OcpiError
from ocpi211_server.database import DatabaseError, open_database
from ocpi211_server.serving.given_settings import database_url, flag_of, read_settings
from ocpi211_server.serving.kept_settings import kept
from ocpi211_server.settings import Settings, SettingsError

if TYPE_CHECKING:
    from ocpi211_server.app import Server

__all__ = ["app", "columns", "console", "opened", "party", "told", "with_settings"]

app = typer.Typer(
    name="ocpi211-server",
    help="OCPI 2.1.1 with GIREVE's extensions: a CPO, an eMSP or a hub, to run and to test against.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
# A terminal folds what is too long for it; a file gets whole lines.
console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 1000)

_NO_OPTION: Final = {"profile_changes", "secret_key", "former_secret_key"}  # who lists processes reads their arguments
_EVERYWHERE: Final = {"database"}
_SETTING: Final = "setting_"  # in front of their names, because commands have a `role` of their own
_TOLD: Final = (DatabaseError, OcpiError, ValueError, OSError)


def with_settings(
    name: str | None = None, *, group: typer.Typer | None = None, starts: bool = False
) -> Callable[[Callable[..., Coroutine[Any, Any, None]]], Callable[..., None]]:
    """Make a command of an async function whose first argument is the Settings.

    `starts`: it does not take over what the server was last started with, and lists all settings in its help.
    """

    def decorate(function: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
        @wraps(function)
        def command(**arguments: Any) -> None:  # noqa: ANN401  (the options of any command)
            own = {key: arguments.pop(key) for key in own_names}
            given = {key.removeprefix(_SETTING): value for key, value in arguments.items()}
            told(lambda: _read_and_call(function, own, given, starts=starts), serves=starts)

        parameters = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        own_names = [parameter.name for parameter in parameters]
        parameters += _options(shown=starts)
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        (group or app).command(name)(command)
        return command

    return decorate


def told(work: Callable[[], Coroutine[Any, Any, object]], *, serves: bool = False) -> None:
    """Run it to its end; what is wrong is told in a line on standard error, and by the exit status.

    What `serves` does so on uvloop, where there is one.
    """
    try:
        with asyncio.Runner(loop_factory=_faster_loop() if serves else None) as runner:
            runner.run(work())
    except _TOLD as error:
        for line in (str(error) or type(error).__name__).splitlines():
            print(f"ocpi211-server: {line}", file=sys.stderr)
        raise typer.Exit(2 if isinstance(error, SettingsError) else 1) from None


def _faster_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows
        return None
    return uvloop.new_event_loop


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Server]:
    """The server of these settings, to work on its database; it serves nothing."""
    from ocpi211_server.app import open_server
    from ocpi211_server.registration.sending import RegistrationError

    try:
        async with open_server(settings) as server:
            yield server
    except RegistrationError as error:
        raise ValueError(str(error)) from None


def columns(*names: str) -> Table:
    """An empty table, in which nothing is cut off; to be printed with `soft_wrap=False`."""
    table = Table(box=None)
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def party(text: str) -> tuple[str, str]:
    """Country code and party id of `FR*ABC`, `FR-ABC` or `FRABC`."""
    plain = text.replace("*", "").replace("-", "").upper()
    if len(plain) != 5:
        raise typer.BadParameter(f"{text!r} is no party: FR*ABC")
    return plain[:2], plain[2:]


async def _read_and_call(
    function: Callable[..., Coroutine[Any, Any, None]],
    own: Mapping[str, Any],
    given: dict[str, Any],
    *,
    starts: bool,
) -> None:
    file, changes = given.pop("config"), _changes(given.pop("changes") or [])
    given = {name: value for name, value in given.items() if value not in (None, [])}
    if changes:
        given["profile_changes"] = changes
    started = {} if starts else await _started(_there(database_url(given, os.environ, file)))
    settings = read_settings(given, os.environ, file, kept=started)
    from ocpi211_server.operating.logs import configure

    configure(settings.log_format, settings.log_level if starts else "WARNING")
    await function(settings, **own)


def _there(url: str) -> str:
    """The database, if it is there: a command that only looks does not make one."""
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite") and not file.exists():
        raise SettingsError(f"database: there is no {file}; name another, or run the server first, which makes it")
    return url


async def _started(url: str) -> Mapping[str, object]:
    """What the server was last started with, on this database."""
    database = await open_database(url)
    try:
        return await kept(database)
    finally:
        await database.close()


def _changes(given: list[str]) -> dict[str, object]:
    """`name=value` as settings of a profile; a value is written as in TOML, or is a plain word."""
    changes: dict[str, object] = {}
    for change in given:
        name, equals, value = change.partition("=")
        if not equals:
            raise SettingsError(f"--set {change}: expected name=value")
        try:
            changes[name] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            changes[name] = value
    return changes


def _options(*, shown: bool) -> list[inspect.Parameter]:
    """An option a setting."""
    config = typer.Option("--config", help="Settings in TOML.", envvar="OCPI211_CONFIG")
    changed = typer.Option("--set", help="A setting of the profile, changed: name=value.", hidden=not shown)
    found = [
        _parameter(_SETTING + "config", Path | None, config),
        _parameter(_SETTING + "changes", list[str] | None, changed),
    ]
    for name, field in Settings.model_fields.items():
        if name in _NO_OPTION:
            continue
        kind: Any = str | None
        flag = flag_of(name)
        if field.annotation is bool:
            kind, flag = bool | None, f"{flag}/--no-{flag[2:]}"
        elif name == "allowed_networks":
            kind = list[str] | None
        hidden = not shown and name not in _EVERYWHERE
        found.append(_parameter(_SETTING + name, kind, typer.Option(flag, hidden=hidden, help=field.description)))
    return found


def _parameter(name: str, kind: Any, option: Any) -> inspect.Parameter:  # noqa: ANN401  (what typer takes)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option])
