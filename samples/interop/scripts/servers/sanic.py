"""Sanic, on the sans-I/O part of websockets."""

from sanic import Sanic

import peer

application = Sanic("echo", configure_logging=False)
application.config.WEBSOCKET_PING_INTERVAL = None


@application.websocket("/")
async def echo(request, connection):
    async for message in connection:
        peer.got(message)
        if end := peer.parting(message):
            await connection.close(*end)
            return
        await connection.send(message)


if __name__ == "__main__":
    peer.version("sanic")
    peer.version("websockets")
    application.run(peer.HOST, peer.port(), single_process=True, access_log=False, motd=False)
