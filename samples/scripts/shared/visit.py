"""A `websockets` client in a process of its own, for servers that are in another namespace or another language.

    visit.py URL

Each line of its input, a JSON value, is one message (a list of bytes is a binary one) and expects one answer. It pings
once, closes with 1000 and prints the frames that it sent and received.
"""

import asyncio
import json
import sys

from websockets.asyncio.client import connect

from sample import FrameLog


async def visit(url):
    log = FrameLog("client")
    async with connect(url, ping_interval=None, logger=log.logger, proxy=None) as connection:
        for line in sys.stdin:
            message = json.loads(line)
            await connection.send(bytes(message) if isinstance(message, list) else message)
            await connection.recv()
            await asyncio.sleep(0.05)
        await (await connection.ping(b"visitor"))
        await connection.close(1000, "end of visit")
    print(json.dumps({"sent": log.sent, "received": log.received}))


asyncio.run(visit(sys.argv[1]))
