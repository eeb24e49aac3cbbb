"""refused.pcap: upgrades that real servers refuse, and one that comes after ordinary requests.

Six TCP connections, in this order:
1. aiohttp asks for a password (401);
2. the same client tries again with the password, and is let in;
3. `websockets` refuses a foreign origin (403);
4. aiohttp knows no such path (404);
5. Tornado does not speak version 8 of the protocol (426);
6. a chunked GET and a HEAD, both plain, come before the upgrade on one keep-alive connection.
"""

import asyncio
import logging
from collections import Counter

import aiohttp
import tornado.web
import tornado.websocket
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import InvalidStatus
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Request, TextMessage

from sample import Sample, agreed, truth

AIOHTTP, WEBSOCKETS, TORNADO = 8080, 8765, 8888
PASSWORD = {"Authorization": aiohttp.encode_basic_auth("mira", "correct horse")}

client_sent, client_received = Counter(), Counter()
server_sent, server_received = Counter(), Counter()


# The servers


async def echo(request):
    socket = web.WebSocketResponse(autoclose=False, compress=False)
    await socket.prepare(request)
    text = await socket.receive_str()
    server_received["text"] += 1
    await socket.send_str(text.upper())
    server_sent["text"] += 1
    closing = await socket.receive()
    assert closing.type == aiohttp.WSMsgType.CLOSE
    server_received["close"] += 1
    await socket.close(code=closing.data)
    server_sent["close"] += 1
    return socket


async def private(request):
    if request.headers.get("Authorization") != PASSWORD["Authorization"]:
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="members"'}, text="Who are you?\n")
    return await echo(request)


async def news(request):
    response = web.StreamResponse(headers={"Content-Type": "text/plain"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    for line in (b"first piece of news\n", b"second piece of news\n"):
        await response.write(line)
        await asyncio.sleep(0.05)
    await response.write_eof()
    return response


async def archive(request):
    return web.Response(text="old news\n" * 200)


async def start_aiohttp():
    app = web.Application()
    app.add_routes([web.get("/private", private), web.get("/echo", echo), web.get("/news", news), web.get("/archive", archive)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", AIOHTTP).start()
    return runner


class TornadoSocket(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        self.write_message(message)


async def nobody(connection):
    await connection.wait_closed()


# The clients


async def attempt(port, path, **options):
    """One try on a TCP connection of its own. Returns the status of the answer."""
    async with aiohttp.ClientSession() as session:
        try:
            async with session.ws_connect(f"http://127.0.0.1:{port}{path}", autoclose=False, **options) as socket:
                await socket.send_str("knock, knock")
                client_sent["text"] += 1
                await socket.receive_str()
                client_received["text"] += 1
                await socket.close(code=1000)
                client_sent["close"] += 1
                assert socket.close_code == 1000
                client_received["close"] += 1
                return 101
        except aiohttp.WSServerHandshakeError as error:
            return error.status


async def attempt_from(origin):
    try:
        await connect(f"ws://127.0.0.1:{WEBSOCKETS}/", origin=origin, proxy=None)
    except InvalidStatus as error:
        return error.response.status_code


async def keep_alive():
    """Two plain requests and the upgrade, all on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", AIOHTTP)
    host = f"127.0.0.1:{AIOHTTP}"
    writer.write(f"GET /news HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await reader.readuntil(b"\r\n0\r\n\r\n")
    writer.write(f"HEAD /archive HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")

    protocol = WSConnection(ConnectionType.CLIENT)

    async def receive(expected):
        while not (events := list(protocol.events())):
            protocol.receive_data(await reader.read(4096))
        assert isinstance(events[0], expected), events

    writer.write(protocol.send(Request(host=host, target="/echo")))
    await receive(AcceptConnection)
    writer.write(protocol.send(TextMessage("after the news")))
    client_sent["text"] += 1
    await receive(TextMessage)
    client_received["text"] += 1
    writer.write(protocol.send(CloseConnection(1000, "read enough")))
    client_sent["close"] += 1
    await receive(CloseConnection)
    client_received["close"] += 1
    await reader.read()
    writer.close()
    await writer.wait_closed()
    return 101


async def refused():
    # Tornado would complain of the request that it is meant to refuse.
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    runner = await start_aiohttp()
    tornado_server = tornado.web.Application([("/", TornadoSocket)]).listen(TORNADO, "127.0.0.1")
    async with serve(nobody, "127.0.0.1", WEBSOCKETS, origins=["http://harbour.example"]):
        statuses = [
            await attempt(AIOHTTP, "/private"),
            await attempt(AIOHTTP, "/private", headers=PASSWORD),
            await attempt_from("http://elsewhere.example"),
            await attempt(AIOHTTP, "/nowhere"),
            await attempt(TORNADO, "/", headers={"Sec-WebSocket-Version": "8"}),
            await keep_alive(),
        ]
    tornado_server.stop()
    await runner.cleanup()
    return truth(
        connections=6,
        handshake_status=statuses,
        from_client=agreed(client_sent, server_received),
        from_server=agreed(server_sent, client_received),
    )


with Sample("refused", ports=[AIOHTTP, WEBSOCKETS, TORNADO]) as sample:
    sample.truth = asyncio.run(refused())
