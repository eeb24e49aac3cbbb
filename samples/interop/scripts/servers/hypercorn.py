"""Hypercorn with Quart, on wsproto."""

import asyncio

from hypercorn.asyncio import serve
from hypercorn.config import Config
from quart import Quart, websocket

import peer

application = Quart(__name__)


@application.websocket("/")
async def echo():
    # Quart cancels this when the client has closed.
    while True:
        message = await websocket.receive()
        peer.got(message)
        if end := peer.parting(message):
            await websocket.close(*end)
            return
        await websocket.send(message)


peer.version("hypercorn")
peer.version("quart")
peer.version("wsproto")
config = Config()
config.bind = [f"{peer.HOST}:{peer.port()}"]
config.errorlog = None
asyncio.run(serve(application, config))
