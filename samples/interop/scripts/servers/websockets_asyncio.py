"""websockets, its asyncio server."""

import asyncio

from websockets.asyncio.server import serve
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

import peer


async def echo(connection):
    async for message in connection:
        peer.got(message)
        if end := peer.parting(message):
            await connection.close(*end)
        else:
            await connection.send(message)
    peer.closed(connection.close_code)


def extensions():
    accept = peer.parameters()
    return [ServerPerMessageDeflateFactory(**accept)] if accept.pop("deflate", False) else None


async def main():
    peer.version("websockets")
    async with serve(echo, peer.HOST, peer.port(), extensions=extensions(), compression=None, ping_interval=None):
        await peer.forever()


asyncio.run(main())
