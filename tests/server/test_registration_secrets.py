"""No token is found where somebody could read it: not in the database, not in a log, not in an error."""

import asyncio
import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocpi211.operations import EMSP_CDRS_POST_CDR
from ocpi211_runtime.answers import Incoming
from ocpi211_runtime.errors import OcpiError, PeerRefusal
from ocpi211_server.registration.auth import Authenticator
from ocpi211_server.registration.handshakes import Terms
from ocpi211_server.registration.sending import RegistrationError
from tests.server.network import Network, enveloped
from tests.server.parties import Party, dumped, started
from tests.server.stranger import OFFERED, Stranger

NewDatabase = Callable[[], str]
TYPED = "the-token-that-an-operator-typed"


def seen(network: Network) -> set[str]:
    """Every token that went over the network, in a header or a body."""
    tokens = {each.request.secret for each in network.exchanges}
    for each in network.exchanges:
        for body in (each.request.body, each.response and each.response.body):
            parts = (body or b"").decode().split('"token":"')[1:]
            tokens |= {part.partition('"')[0] for part in parts}
    return tokens


async def everything(cpo: Party, emsp: Party, network: Network) -> set[str]:
    """Register, use, rotate, lose an answer, rotate again, unregister; the tokens that were in it."""
    invitation = await emsp.invitations.invite("cpo", "FR", "CPO", origins=[cpo.url])
    known = await cpo.invitations.know("emsp", "FR", "EMP")
    partner = await cpo.registrar.register(known, emsp.versions_url("emsp"), invitation)
    await cpo.count(partner)
    network.lose("answer", "put_credentials")
    with pytest.raises(OcpiError):
        await cpo.registrar.rotate(partner)
    partner = await cpo.registrar.rotate(partner)
    await cpo.count(partner)
    tokens = seen(network)
    assert invitation in tokens
    assert len(tokens) == 7
    return tokens


def assert_free(text: str, tokens: set[str]) -> None:
    assert [token for token in tokens if token in text] == []


@pytest.mark.requirement("CRED-TOK-03")
def test_no_token_is_in_the_database(new_database: NewDatabase, tmp_path: Path) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "cpo", "emsp", network=network) as (cpo, emsp):
            tokens = await everything(cpo, emsp, network)
            for side in (cpo, emsp):
                assert_free(await dumped(side.database), tokens)
                assert_free(files(), tokens)  # as they are while the server runs, the log of SQLite included
        assert_free(files(), tokens)

    def files() -> str:
        return "".join(path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*.db*"))

    asyncio.run(play())


def test_no_token_is_in_a_log(new_database: NewDatabase, caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> set[str]:
        network = Network()
        async with started(new_database, "cpo", "emsp", network=network) as (cpo, emsp):
            tokens = await everything(cpo, emsp, network)
            await cpo.registrar.unregister(await cpo.partner("emsp", "FR*EMP"))
            return tokens

    caplog.set_level(logging.DEBUG)
    tokens = asyncio.run(play())
    assert "registered with emsp FR*EMP" in caplog.text
    assert_free(caplog.text, tokens)
    for record in caplog.records:
        assert_free(repr(vars(record)), tokens)


ANSWERS: dict[str, bytes | tuple[int, bytes]] = {
    "refused": (401, enveloped(None, 2000).replace(b'""', b'"%s %s"' % (TYPED.encode(), OFFERED.encode()))),
    "no envelope": (500, f"{TYPED} {OFFERED}".encode()),
    "not JSON": f"<{TYPED} {OFFERED}".encode(),
    "broken": enveloped([{"version": "2.1.1", "url": f"not a URL {TYPED} {OFFERED}"}]),
    "foreign": enveloped([{"version": "2.1.1", "url": f"https://foreign.example/?{TYPED}{OFFERED}"}]),
    "broken Credentials": enveloped({"token": TYPED, "url": OFFERED}),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("path", ["/versions", "/2.1.1", "/2.1.1/credentials"])
def test_a_partner_that_repeats_a_token_puts_it_into_no_error(
    sqlite_url: str, path: str, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        network = Network()
        async with started(lambda: sqlite_url, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            stranger.answers[path] = ANSWERS[answer]
            stranger.serve()
            known = await hub.invitations.know("cpo", "FR", "ABC")
            with pytest.raises((OcpiError, RegistrationError)) as caught:
                await hub.registrar.register(known, stranger.versions_url, TYPED)
            shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
            assert_free(shown, {TYPED, *(seen(network) - {TYPED, OFFERED})})
            if path != "/2.1.1/credentials":
                token = await hub.invitations.invite("cpo", "FR", "ABC", origins=[stranger.url])
                told = await hub.ask("POST", "/emsp/2.1.1/credentials", token, stranger.credentials())
                assert told.code == 3001
                assert_free(told.response.body.decode(), {OFFERED, token})
                assert_free(caplog.text, {OFFERED, token})

    caplog.set_level(logging.DEBUG)
    asyncio.run(play())


def test_a_partner_that_repeats_the_token_we_offer_puts_it_into_no_error(sqlite_url: str) -> None:
    async def play() -> None:
        network = Network()
        async with started(lambda: sqlite_url, "hub", network=network) as (hub,):
            stranger = Stranger(network)
            served = network.apps[stranger.url]

            async def repeating(scope: Any, receive: Any, send: Any) -> None:
                if scope["method"] != "POST":
                    await served(scope, receive, send)
                    return
                told = {"status_code": 3001, "status_message": (await receive())["body"].decode()}
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": json.dumps(told).encode()})

            network.host(stranger.url, repeating)
            known = await hub.invitations.know("cpo", "FR", "ABC")
            with pytest.raises(PeerRefusal, match=r"hub\.example") as caught:
                await hub.registrar.register(known, stranger.versions_url, TYPED)
            shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
            assert_free(shown, seen(network))

    asyncio.run(play())


def test_what_holds_a_token_does_not_show_it(new_database: NewDatabase) -> None:
    async def play() -> None:
        network = Network()
        async with started(new_database, "cpo", "emsp", network=network) as (cpo, emsp):
            tokens = await everything(cpo, emsp, network)
            partner = await cpo.partner("emsp", "FR*EMP")
            peer = cpo.partners.peer(partner)
            sealed = partner.secret or b"-"
            terms = Terms(partner=1, before=sealed, name="", origins=(), found=peer, sealed=sealed)
            own: Any = emsp.identity.credentials(peer.token, "cpo")
            caller = await Authenticator(emsp.partners)(peer.token, Incoming(operation=EMSP_CDRS_POST_CDR))
            assert caller is not None
            for thing in (partner, peer, terms, own, caller, cpo.partners, cpo.registrar, *network.exchanges):
                assert_free(repr(thing), {*tokens, repr(sealed)})

    asyncio.run(play())
