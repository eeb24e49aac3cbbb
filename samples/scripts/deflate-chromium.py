"""deflate-chromium.pcap: a page in headless Chromium talks permessage-deflate with a `websockets` server.

The page reports over the socket what it sent and received; the capture ends when Chromium has gone.
"""

import asyncio
import json
import subprocess
import tempfile
from http import HTTPStatus

from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.http11 import Response

from sample import SCRIPTS, FrameLog, Sample, agreed, running, truth

PORT = 8080
PRICES = [
    json.dumps({"type": "tick", "symbol": symbol, "price": price, "currency": "€"}, ensure_ascii=False)
    for symbol, price in [("COFFEE", "4.10"), ("COCOA", "7.25"), ("TEA", "3.05"), ("COFFEE", "4.12"), ("COCOA", "7.21")]
]
# Long and repetitive, so that compression shows: about 3 KB of text.
ORDER_BOOK = json.dumps({"type": "book", "bids": [{"price": f"{4 - level / 100:.2f}", "size": 100 + level} for level in range(100)]})

page = (SCRIPTS / "deflate-chromium.html").read_bytes()
report = {}


def serve_page(connection, request):
    """Answers what is not a WebSocket upgrade: the page itself, and the icon that browsers ask for."""
    if "Upgrade" in request.headers:
        return None
    if request.path != "/":
        return connection.respond(HTTPStatus.NOT_FOUND, "no such page\n")
    headers = Headers({"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(page)), "Connection": "close"})
    return Response(200, "OK", headers, page)


async def prices(connection):
    async for message in connection:
        if isinstance(message, bytes):
            await connection.send(message[::-1])
            continue
        type = json.loads(message)["type"]
        if type == "subscribe":
            for price in PRICES:
                await connection.send(price)
            await (await connection.ping(b"browser?"))
        elif type == "book":
            await connection.send(ORDER_BOOK)
        elif type == "report":
            report.update(json.loads(message))


def chromium(profile):
    return running([
        "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--no-first-run",
        f"--user-data-dir={profile}", f"http://127.0.0.1:{PORT}/",
    ], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def browse():
    server, closed = FrameLog("server"), asyncio.Event()
    handshake = {}

    async def once(connection):
        handshake["user_agent"] = connection.request.headers["User-Agent"]
        handshake["extensions"] = connection.response.headers["Sec-WebSocket-Extensions"]
        await prices(connection)
        await connection.wait_closed()
        closed.set()

    async with serve(once, "127.0.0.1", PORT, process_request=serve_page, ping_interval=None, logger=server.logger):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, chromium(profile):
            await asyncio.wait_for(closed.wait(), 60)
    # What the page counted for itself is what the server saw; pings and pongs the page cannot see.
    for kind in ("text", "binary"):
        agreed({kind: report["sent"][kind]}, {kind: server.received[kind]})
        agreed({kind: report["received"][kind]}, {kind: server.sent[kind]})
    return truth(
        connections=1,
        from_client=server.received,
        from_server=server.sent,
        page_report=report,
        **handshake,
    )


with Sample("deflate-chromium", ports=[PORT]) as sample:
    sample.truth = asyncio.run(browse())
