"""What a back office decides: may this Token charge, can this EVSE start? The place to put your own answers.

Derive from `Decisions`, override what you decide, and name the class in the setting `decisions`
(`my_office:MyDecisions`), or hand an instance to `app`. A hub decides nothing itself: it asks the other side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

from ocpi211.models import (
    EVSE,
    Allowed,
    AuthorizationInfo,
    Capability,
    CommandResponseType,
    CommandType,
    Connector,
    LocationReferences,
    ReserveNow,
    StartSession,
    Status,
    StopSession,
    Token,
    UnlockConnector,
)
from ocpi211_server.correlation import unforeseen_id
from ocpi211_server.objects.store import Thing

if TYPE_CHECKING:
    from ocpi211_server.registration.partners import Partner

__all__ = ["Command", "Decides", "Decisions", "Order", "Question"]

_NEEDED: Final[Mapping[CommandType, Capability]] = {
    CommandType.RESERVE_NOW: Capability.RESERVABLE,
    CommandType.UNLOCK_CONNECTOR: Capability.UNLOCK_CAPABLE,
}

Order = StartSession | StopSession | ReserveNow | UnlockConnector


@dataclass(frozen=True)
class Question:
    """May this Token charge?"""

    stored: Thing
    """The Token as it is stored, with the eMSP that owns it."""
    valid: bool
    """Whether the Token is valid: what the plain rules look at."""
    asked_by: Partner
    references: LocationReferences | None
    """What the caller named, in the ids of the caller."""
    location: Thing | None
    """The Location it named, where we know it."""
    evse: EVSE | None = None
    """The one EVSE it named, where we know it."""

    @cached_property
    def token(self) -> Token:
        """The Token with all it tells, read when it is first asked for."""
        return Token.model_validate_json(self.stored.body)


@dataclass(frozen=True, slots=True)
class Command:
    """A command to be carried out."""

    uid: str
    """Of this command, for the result that comes later."""
    kind: CommandType
    order: Order
    asked_by: Partner
    location: Thing | None = None
    """The Location it names, for all but STOP_SESSION."""
    evse: EVSE | None = None
    """The EVSE it names, if it does."""
    connector: Connector | None = None
    """The Connector to unlock."""
    session: Thing | None = None
    """The Session to stop."""


class Decides(Protocol):
    """Whoever answers authorisations and commands."""

    async def authorize(self, question: Question) -> AuthorizationInfo:
        """Whether the Token may charge. A refusal is an answer as well: `allowed` says why."""
        ...

    async def begin(self, command: Command) -> CommandResponseType:
        """What the sender of a command is told at once: ACCEPTED if it can be passed on to the Charge Point."""
        ...

    async def outcome(self, command: Command) -> CommandResponseType | None:
        """What the Charge Point made of an accepted command; None: that will be told to `Commanding.resolve`."""
        ...


class Decisions:
    """A back office with plain rules: valid Tokens charge, available EVSEs start.

    Every method may be overridden by itself.
    """

    async def authorize(self, question: Question) -> AuthorizationInfo:
        """By `may_charge`, with an `authorization_id` of our own."""
        return AuthorizationInfo(
            allowed=await self.may_charge(question),
            location=question.references,
            authorization_id=unforeseen_id(),  # not to be foretold: who knows one can bill what it allowed
        )

    async def may_charge(self, question: Question) -> Allowed:
        """ALLOWED for a Token that is valid."""
        return Allowed.ALLOWED if question.valid else Allowed.BLOCKED

    async def begin(self, command: Command) -> CommandResponseType:
        """By the method for this kind of command; NOT_SUPPORTED where the EVSE's capabilities leave it out."""
        accepted = {
            CommandType.START_SESSION: self.can_start,
            CommandType.STOP_SESSION: self.can_stop,
            CommandType.RESERVE_NOW: self.can_reserve,
            CommandType.UNLOCK_CONNECTOR: self.can_unlock,
        }[command.kind]
        if await accepted(command):
            return CommandResponseType.ACCEPTED
        needed = _NEEDED.get(command.kind)
        lacking = needed and command.evse is not None and needed not in (command.evse.capabilities or ())
        return CommandResponseType.NOT_SUPPORTED if lacking else CommandResponseType.REJECTED

    async def can_start(self, command: Command) -> bool:
        """Whether the EVSE is free, or reserved."""
        return command.evse is None or command.evse.status in (Status.AVAILABLE, Status.RESERVED)

    async def can_stop(self, command: Command) -> bool:  # noqa: ARG002  (for those who override it)
        """A Session that is known can be stopped."""
        return True

    async def can_reserve(self, command: Command) -> bool:
        """Whether the EVSE says it can be reserved."""
        return command.evse is None or Capability.RESERVABLE in (command.evse.capabilities or ())

    async def can_unlock(self, command: Command) -> bool:
        """Whether the EVSE says it can unlock."""
        return command.evse is not None and Capability.UNLOCK_CAPABLE in (command.evse.capabilities or ())

    async def outcome(self, command: Command) -> CommandResponseType | None:  # noqa: ARG002  (for those who override it)
        """The Charge Point does as it is told."""
        return CommandResponseType.ACCEPTED
