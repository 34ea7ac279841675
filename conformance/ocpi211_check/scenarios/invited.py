"""The target registers with the tool: the other direction of the handshake (credentials.md, Registration)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from ocpi211_check.bench import Inconclusive
from ocpi211_check.catalogue import catalogue
from ocpi211_check.reply import Reply
from ocpi211_check.scenario import scenario
from ocpi211_check.scenarios.handshaking import counterpart_of, offer
from ocpi211_check.verdicts import Verdict

if TYPE_CHECKING:
    from ocpi211_check.bench import Bench
    from ocpi211_check.counterpart import Counterpart
    from ocpi211_check.evidence import Exchange

__all__ = ["invited"]


class _Host:
    """Shows a registering target modules from the second look on, and takes its Credentials."""

    def __init__(self, bench: Bench, counterpart: Counterpart) -> None:
        self._bench = bench
        self._counterpart = counterpart
        self._shown = False
        self.bare: Exchange | None = None
        """The version details without modules, as they were read."""
        self.too_early = False
        """The Credentials came when nothing but those details was known."""
        self.given: dict[str, Any] = {}

    def watch(self, call: Exchange, path: tuple[str, ...] | None) -> None:
        """An observer of the counterpart."""
        if path == ("2.1.1",) and self._counterpart.mode == "bare":
            self.bare = call
        elif path == ("versions",) and self.bare is not None:
            self._counterpart.mode = "well"

    def take(self, call: Exchange) -> Reply:
        """POST of Credentials."""
        self.too_early = self._counterpart.mode == "bare"
        try:
            found = from_json(call.request_body or b"null")
        except ValueError:
            found = None
        if not isinstance(found, dict) or not {"token", "url"} <= found.keys():
            return Reply.envelope({}, 200, 2001, "token and url are required")
        self.given = found
        self._bench.wire.secrets.add(str(found["token"]))
        return Reply.envelope(offer(self._bench))


@scenario(
    "registered by the target",
    "CRED-SYM-01",
    "GIR-REG-01",
    "CRED-POST-11",
    safety="handshake",
    module="credentials",
    last=True,
    listens=True,
)
async def invited(bench: Bench) -> None:
    """Waits for the target to register: with a party that offers nothing first, then with one that offers all."""
    counterpart, invitation = counterpart_of(bench), bench.settings.invitation
    if not invitation:
        for id_ in ("CRED-SYM-01", "CRED-POST-11"):
            bench.skip(id_, "needs --invitation")
        return
    if bench.registered:
        raise Inconclusive("the registration from before could not be ended")
    bench.wire.secrets.add(invitation)
    counterpart.move()
    counterpart.credentials, counterpart.agreed = {**offer(bench), "token": invitation}, invitation
    host, before = _Host(bench, counterpart), len(bench.wire.log)
    counterpart.observers.append(host.watch)
    counterpart.mode, counterpart.registering = "bare", host.take
    bench.inviting.set()

    def posted(call: Exchange, path: tuple[str, ...]) -> bool:
        return call.number > before and path == ("credentials",) and call.method == "POST" and bool(host.given)

    try:
        call = await counterpart.wait_for(posted, bench.settings.rehearse)
    finally:
        counterpart.mode, counterpart.registering = "well", None
        counterpart.observers.remove(host.watch)
    _judge_need(bench, host, call)
    if call is None:
        raise Inconclusive("it did not begin a registration while the check was listening")
    await _judge_registration(bench, host, call)


def _judge_need(bench: Bench, host: _Host, call: Exchange | None) -> None:
    """Whether it registers with a party that lacks what it needs."""
    needs = bench.ledger.finding(catalogue()["CRED-POST-05"]).verdict is Verdict.PASS
    if host.bare is None or call is None:
        return
    if host.too_early and not needs:
        bench.open("CRED-POST-11", "the target needs no module of its partner")
        return
    text = "it refuses a partner without modules, and registers with one itself"
    bench.that(not host.too_early, "CRED-POST-11", text, host.bare, call)


async def _judge_registration(bench: Bench, host: _Host, call: Exchange) -> None:
    """The token it offered opens its versions; then the registration is ended."""
    bench.token = str(host.given["token"])
    bench.journal.note("issued", token=bench.token)
    bench.registered = True
    answer = await bench.call("versions.list_versions")
    text = f"it registered, and with the token it offered its versions are answered {answer.told}"
    if bench.that(answer.ok, "CRED-SYM-01", text, call, answer):
        bench.that(True, "GIR-REG-01", "")  # noqa: FBT003  (a verdict)
    gone = await bench.call("credentials.delete_credentials")
    bench.registered = not gone.ok
    bench.journal.close(done=gone.ok)
