"""aiohttp, its client."""

import asyncio

import aiohttp

import peer


class Connection:
    def __init__(self, connection):
        self.connection = connection

    async def send(self, message):
        if isinstance(message, str):
            await self.connection.send_str(message)
        else:
            await self.connection.send_bytes(message)

    async def receive(self):
        message = await self.connection.receive()
        return message.data if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY) else None

    async def ping(self, payload):
        await self.connection.ping(payload)

    async def close(self, code, reason):
        await self.connection.close(code=code, message=reason.encode())


async def main():
    peer.version("aiohttp")
    offer = peer.parameters()
    # The library can offer no more than a window of the client, or the extension alone.
    compress = offer.get("client_max_window_bits", 15) if offer.get("deflate") else 0
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(peer.url(), compress=compress) as connection:
            await peer.converse(Connection(connection))
    peer.closed(connection.close_code)


asyncio.run(main())
