"""What stands between the peers: servers that end TLS, proxies that carry it, and the PROXY protocol in front of it."""

import asyncio
import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from recording import (NAME, FrameLogs, Recording, certificate, client_context, facts, server_context, version)
from sample import running, wait_until_open

SCRIPTS = Path(__file__).resolve().parent
PEERS = "websockets 17.4, client and server"
SECURE, CLEAR = 8443, 8080
MICROSOCKS = f"microsocks {version('dpkg-query', '-W', 'microsocks')}"
TALK = ["hello", "Grüße, 世界", bytes(range(40)), "once more, " * 50]


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def talk(recording, server_port, server_tls, client_port, client_tls, proxy=None):
    logs = FrameLogs("client"), FrameLogs("server")
    where = {} if proxy else {"host": "127.0.0.1", "port": client_port}
    async with (
        serve(echo, "127.0.0.1", server_port, ssl=server_tls, ping_interval=None, logger=logs[1].logger),
        connect(f"wss://localhost:{client_port}/feed", **where, ssl=client_tls, server_hostname=NAME, proxy=proxy,
                ping_interval=None, logger=logs[0].logger) as connection,
    ):
        recording.tls = facts(connection)
        for message in TALK:
            await connection.send(message)
            await connection.recv()
        await (await connection.ping(b"client asks"))
        await connection.close(1000, "done")
    recording.add(*logs[0].all(), *logs[1].all())


@contextlib.contextmanager
def nginx(directory):
    shutil.copy(SCRIPTS / "nginx.conf", directory)
    with running(["nginx", "-p", directory, "-e", directory / "error.log", "-c", directory / "nginx.conf"]):
        yield


@contextlib.contextmanager
def haproxy(directory):
    (directory / "both.pem").write_text((directory / "chain.pem").read_text() + (directory / "key.pem").read_text())
    with running(["haproxy", "-db", "-q", "-f", SCRIPTS / "haproxy.cfg"], cwd=directory):
        yield


def terminated(name, program, terminator, captured=SECURE, asked=SECURE):
    """A program ends TLS, and speaks to the server in the clear; the client logs the keys."""
    with Recording(name, [captured], f"{PEERS}, {program} {version(program, '-v')} between them") as recording:
        chain, key = certificate(recording.directory)
        shutil.copy(chain, recording.directory / "chain.pem")
        shutil.copy(key, recording.directory / "key.pem")
        with terminator(recording.directory):
            wait_until_open(asked)
            asyncio.run(talk(recording, CLEAR, None, asked, client_context(chain, recording.keys)))


def carried(name, program, command, port, proxy, outer):
    """A proxy carries TLS between the peers; what is captured is the connection between it and the client."""
    with Recording(name, [port], f"{PEERS}, {program} between them") as recording:
        recording.more["outer"] = outer
        chain, key = certificate(recording.directory)
        with running(command(recording.directory), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            wait_until_open(port)
            server = server_context(chain, key, recording.keys)
            asyncio.run(talk(recording, SECURE, server, SECURE, client_context(chain), proxy))


def tinyproxy(directory):
    settings = directory / "tinyproxy.conf"
    settings.write_text(f"Port 8888\nListen 127.0.0.1\nConnectPort {SECURE}\nLogFile \"{directory}/tinyproxy.log\"\n")
    return ["tinyproxy", "-d", "-c", settings]


def microsocks(*options):
    return lambda directory: ["microsocks", "-i", "127.0.0.1", "-p", "1080", *options]


SAMPLES = {
    "nginx": lambda name: terminated(name, "nginx", nginx),
    "haproxy": lambda name: terminated(name, "haproxy", haproxy),
    "proxy-protocol-v1": lambda name: terminated(name, "haproxy", haproxy, captured=8444, asked=8451),
    "proxy-protocol-v2": lambda name: terminated(name, "haproxy", haproxy, captured=8444, asked=8452),
    "http-connect": lambda name: carried(
        name, f"tinyproxy {version('tinyproxy', '-v')}", tinyproxy, 8888, "http://127.0.0.1:8888", "http"),
    "socks5": lambda name: carried(name, MICROSOCKS, microsocks(), 1080, "socks5h://127.0.0.1:1080", "socks"),
    "socks5-password": lambda name: carried(
        name, MICROSOCKS, microsocks("-u", "reader", "-P", "made-up"), 1080, "socks5h://reader:made-up@127.0.0.1:1080",
        "socks"),
}

for name in sys.argv[1:]:
    SAMPLES[name](name)
