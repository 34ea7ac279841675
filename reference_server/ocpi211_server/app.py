"""The parts put together: one server of a role, on one database, as an ASGI application and the work beside it."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from ocpi211.operations import OPERATIONS
from ocpi211.routes import Handler, RouteSettings
from ocpi211.routes import app as routes_app
from ocpi211_runtime.errors import NotOffered
from ocpi211_server.commanding import Commanding
from ocpi211_server.correlation import Matter, matter
from ocpi211_server.database import open_database
from ocpi211_server.decisions import Decides, Decisions
from ocpi211_server.delivery import Deliveries, Delivery, DeliverySettings
from ocpi211_server.egress import Egress, Policy
from ocpi211_server.handlers.cdrs import KeptCdrs, PublishedCdrs
from ocpi211_server.handlers.commands import Results, TakenCommands
from ocpi211_server.handlers.credentials import CredentialsForCpos, CredentialsForEmsps
from ocpi211_server.handlers.locations import KeptLocations, PublishedLocations
from ocpi211_server.handlers.sessions import KeptSessions, PublishedSessions
from ocpi211_server.handlers.tariffs import KeptTariffs, PublishedTariffs
from ocpi211_server.handlers.tokens import KeptTokens, PublishedTokens, TokensByUid
from ocpi211_server.hub import Relay
from ocpi211_server.moments import MICROSECONDS, now
from ocpi211_server.objects.audience import Audience
from ocpi211_server.objects.distribution import Distribution
from ocpi211_server.objects.views import HubView, PlainView
from ocpi211_server.operating.exchanges import Calls as CallsNoted
from ocpi211_server.operating.exchanges import Exchanges
from ocpi211_server.operating.messages import Keeping, MessageLog
from ocpi211_server.operating.metrics import Metrics
from ocpi211_server.operating.notes import Notes
from ocpi211_server.profiles import Profile
from ocpi211_server.pulls import Pulls
from ocpi211_server.registration.auth import Authenticator
from ocpi211_server.registration.calls import Calls
from ocpi211_server.registration.identity import Identity, RegistrationRules
from ocpi211_server.registration.partners import Partners
from ocpi211_server.registration.receiving import Registration
from ocpi211_server.registration.sending import Registrar
from ocpi211_server.secret_key import open_vault
from ocpi211_server.settings import Settings, SettingsError
from ocpi211_server.site import Site

__all__ = ["Server", "decide", "open_server"]

_log = logging.getLogger(__name__)

_SECONDS_TO_END: Final = 15
# They mean something to the latest edition of GIREVE's guide alone. For everybody else they are not there, whatever
# stands in them (integration_guidelines.md, IOP HTTP headers).
_OF_PARTIES: Final = frozenset({"ocpi-to-country-code", "ocpi-to-party-id"})

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

_NEEDED: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    # What a partner must offer, by our role and its own: without it nothing of what we do with it would work.
    "cpo": {"emsp": frozenset()},
    "emsp": {"cpo": frozenset()},
    "hub": {"cpo": frozenset({"locations"}), "emsp": frozenset({"tokens"})},
}


class Server:
    """A worker of a server. `asgi` answers while the worker is `running`."""

    def __init__(
        self,
        settings: Settings,
        partners: Partners,
        egress: Egress,
        notes: Notes,
        decisions: Decides,
        worker: str,
    ) -> None:
        profile, database = settings.profile.played_by(settings.role), partners.database
        self.settings = settings
        self.notes = notes
        self.messages = notes.messages
        self.metrics = notes.metrics
        self.worker = worker
        audience = Audience(settings.role, settings.party, everybody=settings.agreements == "all")
        view = HubView(profile) if settings.role == "hub" else PlainView()
        calls = Calls(partners, egress, timeout=settings.call_timeout)
        self.site = Site(
            settings=settings,
            profile=profile,
            database=database,
            egress=egress,
            partners=partners,
            calls=calls,
            deliveries=Deliveries(database, _sender(partners, calls), name=worker, settings=_patience(settings)),
            audience=audience,
            view=view,
            distribution=Distribution(settings.role, profile, audience, view),
            decisions=decisions,
        )
        if isinstance(decisions, Relay):
            decisions.site = self.site
        self.commanding = Commanding(self.site)
        self.pulls = Pulls(self.site, worker)
        self.registrar = Registrar(partners, egress, self.identity, self.rules)
        self.asgi: App = Exchanges(
            routes_app(
                *self._handlers(),
                authenticate=Authenticator(partners),
                public_url=settings.base_url,
                settings=_routes(settings, profile),
            ),
            notes,
        )

    @property
    def identity(self) -> Identity:
        """Our own party, as partners are told."""
        return Identity(
            public_url=self.settings.base_url,
            country_code=self.settings.country_code,
            party_id=self.settings.own_party_id,
            name=self.settings.name,
        )

    @property
    def rules(self) -> RegistrationRules:
        """On what terms we register."""
        profile = self.settings.profile
        return RegistrationRules(
            put=profile.put_credentials,
            rejoin_window=profile.rejoin_window,
            rotate_by_put=self.site.profile.rotate_by_put,
            required=_NEEDED[self.settings.role],  # type: ignore[arg-type]  # roles are strings there
            document_timeout=self.settings.call_timeout,
        )

    def _handlers(self) -> list[Handler]:
        """What is offered, by role and profile."""
        site, modules = self.site, self.site.profile.modules
        tokens = TokensByUid if site.profile.token_by_uid else PublishedTokens
        registration = Registration(site.partners, site.egress, self.identity, self.rules)
        as_cpo: dict[str, Handler] = {
            "locations": PublishedLocations(site),
            "sessions": PublishedSessions(site),
            "cdrs": PublishedCdrs(site),
            "tariffs": PublishedTariffs(site),
            "tokens": KeptTokens(site),
            "commands": TakenCommands(self.commanding),
        }
        as_emsp: dict[str, Handler] = {
            "locations": KeptLocations(site),
            "sessions": KeptSessions(site),
            "cdrs": KeptCdrs(site),
            "tariffs": KeptTariffs(site),
            "tokens": tokens(site),
            "commands": Results(self.commanding),
        }
        offered: list[Handler] = []
        if site.role in ("cpo", "hub"):
            offered += [CredentialsForEmsps(registration), *(as_cpo[name] for name in sorted(modules))]
        if site.role in ("emsp", "hub"):
            offered += [CredentialsForCpos(registration), *(as_emsp[name] for name in sorted(modules))]
        return offered

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The work beside the answers: deliveries, pulls, time-outs of commands, the message log."""
        work = (self.site.deliveries.run, self.pulls.run, self._expire, self.messages.run)
        tasks = [asyncio.create_task(_again_and_again(each)) for each in work]
        try:
            yield
        finally:
            await self.commanding.close()
            await _ended(tasks)

    async def ready(self) -> Mapping[str, str]:
        """What is needed to serve, and what is wrong with it: nothing is an empty text."""
        await self.site.database.read("SELECT MAX(number) FROM edition")
        return {"database": ""}

    async def _expire(self) -> None:
        while True:
            await self.commanding.expire()
            await asyncio.sleep(0.5)


@asynccontextmanager
async def open_server(settings: Settings, *, decisions: Decides | None = None) -> AsyncIterator[Server]:
    """A worker with its database and its way out, closed at the end. Not yet `running`.

    DatabaseError or SettingsError says what keeps it from starting.
    """
    async with AsyncExitStack() as stack:
        decisions = decisions or decide(settings)
        database = await open_database(
            settings.database, synchronous=settings.synchronous, connections=settings.connections
        )
        stack.push_async_callback(database.close)
        partners = Partners(database, await open_vault(settings, database))
        metrics = Metrics()
        keeping = Keeping(mode=settings.message_log, seconds=settings.message_days * 24 * 3600)
        notes = Notes(MessageLog(database, keeping, on_drop=metrics.drop), metrics)
        stack.push_async_callback(notes.flush)
        egress = Egress(Policy(settings.insecure_dev, settings.allowed_networks), observe=[CallsNoted(notes)])
        stack.push_async_callback(egress.aclose)
        worker = f"{socket.gethostname()}:{os.getpid()}:{now() // MICROSECONDS}"
        yield Server(settings, partners, egress, notes, decisions, worker)


def decide(settings: Settings) -> Decides:
    """The decisions that the settings name; a hub's are those of the other side. SettingsError for none.

    The module is also looked for in the current folder.
    """
    if settings.role == "hub":
        return Relay()
    if settings.decisions is None:
        return Decisions()
    module, _, name = settings.decisions.partition(":")
    if not {"", str(Path.cwd())} & {*sys.path}:
        sys.path.append("")
    try:
        found = getattr(importlib.import_module(module), name)()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise SettingsError(f"decisions: {settings.decisions} cannot be used: {reason}") from error
    if not all(callable(getattr(found, method, None)) for method in ("authorize", "begin", "outcome")):
        raise SettingsError(f"decisions: {settings.decisions} does not decide: derive it from Decisions")
    return found  # type: ignore[no-any-return]  # it has the methods


async def _again_and_again(work: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Work that does not end. What breaks it off, such as a database that is away, does not end it for good."""
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001  (whatever it was)
            _log.exception("%s broke off", work.__qualname__)
        await asyncio.sleep(1)


async def _ended(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel them, once more where a first time was lost in an error."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=_SECONDS_TO_END)


def _sender(partners: Partners, calls: Calls) -> Callable[[Delivery], Awaitable[object]]:
    async def send(delivery: Delivery) -> object:
        partner = await partners.by_id(delivery.partner)
        if partner is None:
            raise NotOffered("there is no such partner")
        matter.set(Matter(delivery.correlation_id or ""))
        operation = OPERATIONS[delivery.operation]
        return await calls.send(partner, operation, delivery.arguments, delivery.body or None, url=delivery.url)

    return send


def _routes(settings: Settings, profile: Profile) -> RouteSettings:
    return RouteSettings(
        strict=settings.strict,
        max_body=settings.max_body,
        max_values=max(65_536, settings.max_body // 16),
        created_status=profile.created_status,
        ignored_headers=() if profile.single_party_filters else _OF_PARTIES,
    )


def _patience(settings: Settings) -> DeliverySettings:
    return DeliverySettings(
        first_delay=settings.first_delay,
        longest_delay=settings.longest_delay,
        most_attempts=settings.most_attempts,
        longest_send=settings.call_timeout + 5,
        worker_stale=settings.worker_stale,
    )
