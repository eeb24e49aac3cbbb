"""websockets, its legacy server."""

import asyncio
import warnings

warnings.simplefilter("ignore")

from websockets.legacy.server import serve

import peer


async def echo(connection, path=None):
    async for message in connection:
        peer.got(message)
        if end := peer.parting(message):
            await connection.close(*end)
        else:
            await connection.send(message)
    peer.closed(connection.close_code)


async def main():
    peer.version("websockets")
    compression = "deflate" if peer.parameters().get("deflate") else None
    async with serve(echo, peer.HOST, peer.port(), compression=compression, ping_interval=None):
        await peer.forever()


asyncio.run(main())
