"""A peer of our making on the loopback interface, which answers byte for byte what a test wants it to."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Received:
    """One request as it came over the wire."""

    line: str
    headers: dict[str, list[str]]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]


@dataclass
class StubPeer:
    """What it was sent, and how it answers."""

    answer: Answer
    url: str = ""
    port: int = 0
    connections: int = 0
    seen: list[Received] = field(default_factory=list[Received])
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)


Answer = Callable[[StubPeer, asyncio.StreamWriter], Awaitable[None]]


def reply(body: bytes = b"hello", status: int = 200, *headers: str) -> bytes:
    fields = [f"Content-Length: {len(body)}", *headers]
    return f"HTTP/1.1 {status} Said\r\n".encode() + "".join(f"{line}\r\n" for line in fields).encode() + b"\r\n" + body


def says(answer: bytes, *, then_close: bool = False) -> Answer:
    """Answers every request alike."""

    async def write(_: StubPeer, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        if then_close:
            writer.close()

    return write


def drips(first: bytes, drop: bytes) -> Answer:
    """Begins an answer and goes on for ever, a drop at a time."""

    async def drip(peer: StubPeer, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        with suppress(ConnectionError):
            while not peer.over.is_set():
                writer.write(drop)
                await writer.drain()
                with suppress(TimeoutError):
                    await asyncio.wait_for(peer.over.wait(), 0.01)

    return drip


async def says_nothing(peer: StubPeer, _: asyncio.StreamWriter) -> None:
    await peer.over.wait()


@asynccontextmanager
async def stub_peer(answer: Answer | None = None, tls: ssl.SSLContext | None = None) -> AsyncIterator[StubPeer]:
    peer = StubPeer(answer or says(reply()))
    handlers: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer.connections += 1
        number = peer.connections
        try:
            while not writer.is_closing():
                peer.seen.append(await read(reader, number))
                peer.asked.set()
                await peer.answer(peer, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(serve(reader, writer))
        handlers.add(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    peer.port = server.sockets[0].getsockname()[1]
    peer.url = f"{'https' if tls else 'http'}://127.0.0.1:{peer.port}"
    try:
        yield peer
    finally:
        peer.over.set()
        server.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
        await server.wait_closed()


async def read(reader: asyncio.StreamReader, connection: int) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *fields = head.removesuffix("\r\n\r\n").split("\r\n")
    headers: dict[str, list[str]] = {}
    for name, _, value in (each.partition(": ") for each in fields):
        headers.setdefault(name.lower(), []).append(value)
    body = await reader.readexactly(int(headers.get("content-length", ["0"])[0]))
    return Received(line, headers, body, connection)


def certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server of this name, and for a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))
