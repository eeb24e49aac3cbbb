"""websockets, its legacy client."""

import asyncio
import warnings

warnings.simplefilter("ignore")

from websockets.exceptions import ConnectionClosed
from websockets.legacy.client import connect

import peer


class Connection:
    def __init__(self, connection):
        self.connection = connection
        self.send, self.close = connection.send, connection.close

    async def receive(self):
        try:
            return await self.connection.recv()
        except ConnectionClosed:
            return None

    async def ping(self, payload):
        await (await self.connection.ping(payload))

    async def fragments(self, kind, parts):
        # This one takes text only as text, so the cut is never inside a character.
        await self.connection.send([part.decode() for part in parts] if kind == "text" else parts)


async def main():
    peer.version("websockets")
    compression = "deflate" if peer.parameters().get("deflate") else None
    async with connect(peer.url(), compression=compression, ping_interval=None) as connection:
        await peer.converse(Connection(connection))
        await connection.wait_closed()
    peer.closed(connection.close_code)


asyncio.run(main())
