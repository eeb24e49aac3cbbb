"""wrong-accept.pcap: a server answers 101 with the wrong Sec-WebSocket-Accept, and two real clients refuse it.

The server stands for the kind of code people write by hand: it signs the wrong string, and greets before it looks.
"""

import asyncio
import base64
import hashlib
import re
from collections import Counter

import websocket
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake

from sample import Sample, truth

PORT = 8767
GREETING = b"Welcome!"

sent = Counter()


def wrong_accept(key):
    # The mistake: the key is signed without the GUID of RFC 6455 §1.3.
    return base64.b64encode(hashlib.sha1(key).digest())


async def server(reader, writer):
    request = await reader.readuntil(b"\r\n\r\n")
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", request)[1]
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + wrong_accept(key) + b"\r\n\r\n"
    )
    await writer.drain()
    # By now the client has hung up; the greeting goes out all the same, and is answered with a reset.
    await asyncio.sleep(0.05)
    writer.write(bytes([0x81, len(GREETING)]) + GREETING)
    sent["text"] += 1
    writer.close()


def websocket_client():
    try:
        websocket.create_connection(f"ws://127.0.0.1:{PORT}/by-websocket-client")
    except websocket.WebSocketException as error:
        return f"websocket-client: {error}"


async def websockets_client():
    try:
        await connect(f"ws://127.0.0.1:{PORT}/by-websockets", proxy=None)
    except InvalidHandshake as error:
        return f"websockets: {error}"


async def wrong():
    async with await asyncio.start_server(server, "127.0.0.1", PORT):
        refusals = [await asyncio.to_thread(websocket_client), await websockets_client()]
        await asyncio.sleep(0.2)
    return truth(connections=2, from_client={}, from_server=sent, client_errors=refusals)


with Sample("wrong-accept", ports=[PORT]) as sample:
    sample.truth = asyncio.run(wrong())
