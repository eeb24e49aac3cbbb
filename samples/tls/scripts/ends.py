"""close-notify-*.pcapng: a peer closes its connection without a close frame. It says so in TLS, and the other one, which answers
that, is the first to close TCP."""

import asyncio
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from recording import NAME, FrameLogs, Recording, certificate, client_context, facts, server_context

PORT = 8443
PEERS = "websockets 17.4, client and server, CPython 3.11"


async def talk(recording, closer, server, client):
    logs = FrameLogs("client"), FrameLogs("server")

    async def answer(connection):
        for _ in range(2):
            await connection.send(await connection.recv())
        if closer == "server":
            connection.transport.close()
        await connection.wait_closed()

    async with serve(answer, "127.0.0.1", PORT, ssl=server, ping_interval=None, logger=logs[1].logger):
        connection = await connect(f"wss://{NAME}:{PORT}/feed", host="127.0.0.1", port=PORT, ssl=client, ping_interval=None,
                                   proxy=None, logger=logs[0].logger)
        recording.tls = facts(connection)
        for message in ("one", "two"):
            await connection.send(message)
            await connection.recv()
        if closer == "client":
            connection.transport.close()
        await connection.wait_closed()
    recording.add(*logs[0].all(), *logs[1].all(), ended_by=closer)


def record(name):
    closer = name.rsplit("-", 1)[1]
    with Recording(name, [PORT], PEERS) as recording:
        chain, key = certificate(recording.directory)
        asyncio.run(talk(recording, closer, server_context(chain, key, recording.keys), client_context(chain)))


for name in sys.argv[1:]:
    record(name)
