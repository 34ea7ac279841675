"""`deploy/`: two servers on one PostgreSQL behind nginx, as two machines would be."""

import asyncio
import json
import os
import re
import shutil
import ssl
import subprocess
import tomllib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from yarl import URL

from ocpi211_server.serving.given_settings import read_settings
from ocpi211_server.serving.listening import free_port
from ocpi211_server.settings import Settings
from tests.server.callers import load
from tests.server.processes import Process, guests, started
from tests.server.samples import session
from tests.server.stage import until
from tests.server.test_workers import stored

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
CPO = ("cpo", "FR", "CPO")
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def certificate(folder: Path) -> Path:
    """Of localhost, signed by itself; its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "privkey.pem").write_bytes(pem)
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "fullchain.pem"


@dataclass
class Front:
    """nginx that runs."""

    url: str
    trusting: ssl.SSLContext
    log: Path

    def noted(self) -> list[dict[str, object]]:
        whole = self.log.read_text("utf-8").rpartition("\n")[0]  # of the last line a part may be written
        return [json.loads(line) for line in whole.splitlines()]


def configured(folder: Path, port: int, servers: list[int], *, header_timeout: str = "10s") -> list[str]:
    """The command of nginx with deploy/nginx.conf, changed only where a deployment and a test have to."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    spare = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    changes = {
        "worker_processes auto;": f"{'user root; ' if os.geteuid() == 0 else ''}worker_processes 1;",
        "/var/log/nginx": str(folder),
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "http {\n": f"http {{\n{spare}\n",
        "127.0.0.1:8211": f"127.0.0.1:{servers[0]}",
        "127.0.0.1:8212": f"127.0.0.1:{servers[1]}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/nginx/tls": str(folder),
        "client_header_timeout 10s": f"client_header_timeout {header_timeout}",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(text, "utf-8")
    certificate(folder)
    assert NGINX is not None
    return [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


@asynccontextmanager
async def nginx(folder: Path, servers: list[int], *, header_timeout: str = "10s") -> AsyncIterator[Front]:
    port = free_port()
    command = configured(folder, port, servers, header_timeout=header_timeout)
    process = await asyncio.create_subprocess_exec(*command, "-g", "daemon off;")
    trusting = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    try:
        async with asyncio.timeout(30):
            while not await answers(port):
                assert process.returncode is None
                await asyncio.sleep(0.02)
        yield Front(f"https://localhost:{port}/ocpi", trusting, folder / "access.log")
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@needs_nginx
def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    done = subprocess.run(
        [*configured(tmp_path, 8443, [8211, 8212]), "-t"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@needs_nginx
def test_servers_behind_nginx_are_restarted_one_by_one_under_load_and_no_request_fails(
    postgres_url: str, tmp_path: Path
) -> None:
    async def play() -> None:
        (token,) = await guests(postgres_url, "emsp", CPO)
        ports = [free_port(), free_port()]
        async with AsyncExitStack() as stack:
            servers = [await stack.enter_async_context(server(postgres_url, port)) for port in ports]
            front = await stack.enter_async_context(nginx(tmp_path, ports))
            async with load(front.url, token, front.trusting) as loading:
                await loading.more(50)
                for running, port in zip(servers, ports, strict=True):
                    running.process.terminate()
                    assert await running.ended() == 0
                    await loading.more(20)
                    await stack.enter_async_context(server(postgres_url, port))
                    so_far = len(front.noted())

                    async def is_back(so_far: int = so_far, port: int = port) -> bool:
                        return any(f":{port}" in str(entry["server"]) for entry in front.noted()[so_far:])

                    await until(is_back, "nginx uses it again")
            noted = front.noted()
            assert {entry["status"] for entry in noted} == {201}
            asked = {str(entry["server"]).split(", ")[-1] for entry in noted}
            assert asked == {f"127.0.0.1:{port}" for port in ports}
        assert await stored(postgres_url) == loading.sent

    asyncio.run(play())


def server(database: str, port: int) -> AbstractAsyncContextManager[Process]:
    return started(role="emsp", database=database, port=port, keep_alive=5)


@needs_nginx
def test_through_nginx_come_tls_the_request_id_and_the_path_as_it_was_sent(sqlite_url: str, tmp_path: Path) -> None:
    async def play() -> None:
        (token,) = await guests(sqlite_url, "emsp", CPO)
        port = free_port()
        async with (
            server(sqlite_url, port),
            nginx(tmp_path, [port, port]) as front,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=front.trusting)) as http,
        ):
            authorization = {"Authorization": f"Token {token}"}
            sent = {**authorization, "X-Request-ID": "of-the-partner", "X-Correlation-ID": "a-matter"}
            url = URL(f"{front.url}/emsp/2.1.1/sessions/FR/CPO/a%2Fb%20%2A", encoded=True)
            async with http.put(url, json=session(id="a/b *"), headers=sent) as answer:
                assert answer.status == 201
                assert answer.headers["X-Request-ID"] == "of-the-partner"
                assert answer.headers["X-Correlation-ID"] == "a-matter"
            async with http.get(f"{front.url}/emsp/versions", headers=authorization) as answer:
                made = answer.headers["X-Request-ID"]

            async def both_noted() -> bool:
                return len(front.noted()) == 2

            await until(both_noted, "nginx writes its log once it has answered")
            assert [entry["request_id"] for entry in front.noted()] == ["of-the-partner", made]

    asyncio.run(play())


@needs_nginx
def test_what_nginx_says_itself_is_an_envelope(sqlite_url: str, tmp_path: Path) -> None:
    async def play() -> None:
        (token,) = await guests(sqlite_url, "emsp", CPO)
        port, nobody = free_port(), free_port()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(server(sqlite_url, port))
            front = await stack.enter_async_context(nginx(tmp_path, [port, port]))
            alone = tmp_path / "alone"
            alone.mkdir()
            down = await stack.enter_async_context(nginx(alone, [nobody, nobody]))
            headers = {"Authorization": f"Token {token}"}
            http = await stack.enter_async_context(aiohttp.ClientSession(headers=headers))
            cdrs = f"{front.url}/emsp/2.1.1/cdrs"
            for url, front_, size, status, code in (
                (cdrs, front, 1_500_000, 413, 2000),  # of the server
                (cdrs, front, 2_500_000, 413, 2000),
                (front.url.removesuffix("/ocpi") + "/admin", front, 0, 404, 2000),
                (f"{down.url}/emsp/versions", down, 0, 502, 3000),
            ):
                async with http.post(url, data=BytesIO(b" " * size), ssl=front_.trusting) as answer:
                    assert (answer.status, answer.content_type) == (status, "application/json")
                    envelope = await answer.json()
                    assert envelope.keys() == {"data", "status_code", "status_message", "timestamp"}
                    assert envelope["status_code"] == code
                    said = datetime.fromisoformat(envelope["timestamp"])
                    assert abs(said - datetime.now(UTC)) < timedelta(minutes=5)
                    assert answer.headers["X-Request-ID"]

    asyncio.run(play())


@needs_nginx
def test_who_sends_headers_without_end_is_cut_off(tmp_path: Path) -> None:
    async def play() -> None:
        async with nginx(tmp_path, [free_port()] * 2, header_timeout="1s") as front:
            where = URL(front.url)
            reader, writer = await asyncio.open_connection(where.host, where.port, ssl=front.trusting)
            writer.write(b"GET /ocpi/emsp/versions HTTP/1.1\r\nHost: localhost\r\n")
            ended = asyncio.create_task(reader.read())
            number = 0
            while not ended.done():
                writer.write(b"X-Slow-%d: 1\r\n" % number)
                number += 1
                await asyncio.wait([ended], timeout=0.1)
            with suppress(ConnectionError):
                assert b"HTTP/1.1 200" not in await ended
            writer.close()

    asyncio.run(play())


def test_the_compose_file_starts_servers_with_settings_that_exist() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    services = yaml.safe_load(text)["services"]
    assert services.keys() == {"postgres", "first", "second", "nginx"}
    assert services["first"] == services["second"]
    for name, service in services.items():
        assert "image" in service or "dockerfile_inline" in service["build"], name
        for other in service.get("depends_on", ()):
            assert "healthcheck" in services[other]
    environment = dict(services["first"]["environment"])
    del environment["OCPI211_CONFIG"]
    example = "\n".join(
        line.removeprefix("#   ") for line in text.splitlines() if line.startswith("#   ") and " = " in line
    )
    given = tomllib.loads(example)
    settings = read_settings({**given, "profile_name": given.pop("profile")}, environment)
    assert (settings.role, settings.workers, settings.admin_port) == ("hub", 2, 9211)
    assert "http://127.0.0.1:9211/readyz" in services["first"]["healthcheck"]["test"][-1]
    assert int(services["first"]["stop_grace_period"].removesuffix("s")) > settings.graceful_timeout + 20


def test_nginx_gives_up_an_idle_connection_before_the_server_does() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    upstream = text[text.index("upstream ocpi") : text.index("server {\n        listen")]
    kept = re.search(r"keepalive_timeout (\d+)s", upstream)
    assert kept is not None
    assert int(kept[1]) < Settings.model_fields["keep_alive"].default
    assert str(Settings.model_fields["port"].default) in upstream
