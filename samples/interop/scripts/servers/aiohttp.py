"""aiohttp, its server."""

import asyncio

from aiohttp import WSMsgType, web

import peer


async def echo(request):
    connection = web.WebSocketResponse(compress=peer.parameters().get("deflate", False))
    await connection.prepare(request)
    async for message in connection:
        peer.got(message.data)
        if end := peer.parting(message.data):
            await connection.close(code=end[0], message=end[1].encode())
        elif message.type == WSMsgType.TEXT:
            await connection.send_str(message.data)
        else:
            await connection.send_bytes(message.data)
    peer.closed(connection.close_code)
    return connection


async def main():
    peer.version("aiohttp")
    application = web.Application()
    application.router.add_get("/", echo)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, peer.HOST, peer.port()).start()
    await peer.forever()


asyncio.run(main())
