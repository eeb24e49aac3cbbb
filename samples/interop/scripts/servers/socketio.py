"""python-socketio on aiohttp, a server."""

import asyncio

import socketio
from aiohttp import web

import peer

server = socketio.AsyncServer(async_mode="aiohttp")


@server.on("say")
async def say(session, words):
    await server.emit("said", words, to=session)
    return len(words)


@server.on("leave")
async def leave(session):
    await server.disconnect(session)


async def main():
    peer.version("python-socketio")
    peer.version("aiohttp")
    application = web.Application()
    server.attach(application)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, peer.HOST, peer.port()).start()
    await peer.forever()


asyncio.run(main())
