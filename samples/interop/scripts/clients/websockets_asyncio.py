"""websockets, its asyncio client."""

import asyncio

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

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
        await self.connection.send(iter(parts), text=kind == "text")


def extensions():
    offer = peer.parameters()
    # The library's own wish to be told a window is left out unless it is asked for.
    offer.setdefault("client_max_window_bits", None)
    return [ClientPerMessageDeflateFactory(**offer)] if offer.pop("deflate", False) else None


async def main():
    peer.version("websockets")
    async with connect(peer.url(), extensions=extensions(), compression=None, ping_interval=None, proxy=None) as connection:
        await peer.converse(Connection(connection))
        await connection.wait_closed()
    peer.closed(connection.close_code)


asyncio.run(main())
