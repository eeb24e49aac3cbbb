"""simple-websocket, its asyncio server, within aiohttp."""

import asyncio

from aiohttp import web
from simple_websocket import AioServer, ConnectionClosed

import peer


async def echo(request):
    connection = await AioServer.accept(aiohttp=request)
    try:
        while True:
            message = await connection.receive()
            peer.got(message)
            if end := peer.parting(message):
                await connection.close(*end)
            else:
                await connection.send(message)
    except ConnectionClosed as end:
        peer.closed(int(end.reason))
    # aiohttp must write no response of its own after the close.
    if request.transport:
        request.transport.close()
    raise asyncio.CancelledError


async def main():
    peer.version("simple-websocket")
    application = web.Application()
    application.router.add_get("/", echo)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, peer.HOST, peer.port()).start()
    await peer.forever()


asyncio.run(main())
