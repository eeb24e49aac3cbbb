"""amqp.pcap: a sender and a receiver of qpid-proton: authentication, a link, messages that are accepted and one that is
rejected; what both write to their traces. WebSocket carries what proton sends over TCP, by websockets."""

import asyncio
import os
import re
import subprocess
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from recording import Recording
from sample import running, wait_until_open

PORT = 8765
SERVER, CLIENT = 5672, 5671
PEER = Path(__file__).resolve().parent / "amqp_peer.py"
TRACED = re.compile(r"(AMQP|SASL):FRAME:(\d*) +-> (?:(SASL|AMQP)\b|@?([\w-]+)\(\d+\) \[(.*))")


async def relay(reader, writer, socket):
    """Carries bytes between TCP and WebSocket, in whatever pieces they come."""

    async def up():
        while data := await reader.read(4096):
            await socket.send(data)
        await socket.close()

    async def down():
        try:
            async for data in socket:
                writer.write(data)
        finally:
            writer.close()

    try:
        await asyncio.gather(up(), down())
    except (ConnectionClosed, ConnectionResetError):
        pass


async def accept(socket):
    await relay(*await asyncio.open_connection("127.0.0.1", SERVER), socket)


async def offer(reader, writer):
    async with connect(f"ws://127.0.0.1:{PORT}/", subprotocols=["amqp"], ping_interval=None, compression=None) as socket:
        await relay(reader, writer, socket)


def peer(role, port):
    return subprocess.Popen(
        ["/usr/bin/python3", PEER, role, str(port)], env={**os.environ, "PN_TRACE_FRM": "1"}, stderr=subprocess.PIPE,
        text=True)


def sent(trace):
    """The frames that a peer says it sent: kind, channel, and what is in it."""
    for line in trace.splitlines():
        if found := TRACED.search(line):
            _, channel, header, kind, fields = found.groups()
            yield ("header", channel, header) if header else (kind, channel, fields)


def field(fields, name):
    found = re.search(rf'\b{name}=(?:"([^"]*)"|@?:?"?([\w.:-]+)"?)', fields)
    return found and (found.group(1) or found.group(2))


def number(fields, name):
    return int(field(fields, name), 0)


def log(connection, sender, trace, mirrored):
    for kind, channel, fields in sent(trace):
        more = {}
        if kind == "header":
            more["name"] = fields
        elif kind == "open":
            more["name"] = field(fields, "container-id")
        elif kind == "begin":
            more["id"] = channel
        elif kind == "attach":
            more.update(name=field(fields, "name"), id=number(fields, "handle"))
        elif kind == "transfer":
            more.update(name="tide", id=number(fields, "delivery-id"))
        elif kind == "disposition":
            more.update(id=number(fields, "first"), answers="transfer", error="@rejected" in fields)
        elif kind == "sasl-init":
            more["name"] = field(fields, "mechanism")
        elif kind == "sasl-outcome":
            more["answers"] = "sasl-init"
        if mirrored and kind in ("header", "open", "begin", "attach"):
            more["answers"] = kind
        connection.log(sender, kind, **more)


async def main(recording):
    server = peer("server", SERVER)
    wait_until_open(SERVER)
    async with serve(accept, "127.0.0.1", PORT, subprotocols=["amqp"], ping_interval=None):
        async with await asyncio.start_server(offer, "127.0.0.1", CLIENT):
            client = peer("client", CLIENT)
            _, of_client = await asyncio.to_thread(client.communicate)
            server.terminate()
            _, of_server = await asyncio.to_thread(server.communicate)
    connection = recording.connection()
    log(connection, "client", of_client, False)
    log(connection, "server", of_server, True)


with Recording("amqp", [PORT], "qpid-proton 0.37, websockets 17.4", "amqp", ["application-error"]) as recording:
    asyncio.run(main(recording))
