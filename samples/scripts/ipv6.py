"""ipv6.pcap: an aiohttp client and server on ::1, with text, binary, ping and pong, and "going away" at the end."""

import asyncio
import json
from collections import Counter

import aiohttp
from aiohttp import WSMsgType, web

from sample import Sample, agreed, truth

PORT = 8080
KINDS = {WSMsgType.TEXT: "text", WSMsgType.BINARY: "binary", WSMsgType.PING: "ping", WSMsgType.PONG: "pong", WSMsgType.CLOSE: "close"}
READINGS = [json.dumps({"sensor": "roof", "°C": celsius}, ensure_ascii=False) for celsius in (3.5, 3.4, 3.2)]

# The peers answer pings and closes themselves: that way they see each frame, and can count it.
BY_HAND = dict(autoping=False, autoclose=False, compress=0)

client_sent, client_received = Counter(), Counter()
server_sent, server_received = Counter(), Counter()


async def receive(socket, counts):
    message = await socket.receive()
    counts[KINDS[message.type]] += 1
    return message


async def station(request):
    socket = web.WebSocketResponse(**BY_HAND | {"compress": False})
    await socket.prepare(request)
    while True:
        message = await receive(socket, server_received)
        kind = KINDS[message.type]
        if kind == "text":
            await socket.send_str(f"{message.data} ✓")
            server_sent["text"] += 1
        elif kind == "binary":
            await socket.send_bytes(bytes(reversed(message.data)))
            server_sent["binary"] += 1
        elif kind == "ping":
            await socket.pong(message.data)
            server_sent["pong"] += 1
        elif kind == "close":
            await socket.close(code=message.data)
            server_sent["close"] += 1
            return socket


async def observe(session):
    async with session.ws_connect(f"http://[::1]:{PORT}/station", **BY_HAND) as socket:
        for reading in READINGS:
            await socket.send_str(reading)
            client_sent["text"] += 1
            await receive(socket, client_received)
            await asyncio.sleep(0.05)
        await socket.ping(b"::1?")
        client_sent["ping"] += 1
        await receive(socket, client_received)
        await socket.send_bytes(bytes(range(256)))
        client_sent["binary"] += 1
        await receive(socket, client_received)
        await socket.close(code=aiohttp.WSCloseCode.GOING_AWAY, message="night has come".encode())
        client_sent["close"] += 1
        assert socket.close_code == 1001
        client_received["close"] += 1


async def ipv6():
    app = web.Application()
    app.add_routes([web.get("/station", station)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "::1", PORT).start()
    async with aiohttp.ClientSession() as session:
        await observe(session)
    await runner.cleanup()
    return truth(
        connections=1,
        from_client=agreed(client_sent, server_received),
        from_server=agreed(server_sent, client_received),
        messages_from_client=READINGS,
    )


with Sample("ipv6", ports=[PORT]) as sample:
    sample.truth = asyncio.run(ipv6())
