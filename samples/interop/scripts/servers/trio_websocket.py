"""trio-websocket, its server, which accepts no compression."""

import trio
import trio_websocket

import peer


async def echo(request):
    connection = await request.accept()
    try:
        while True:
            message = await connection.get_message()
            peer.got(message)
            if end := peer.parting(message):
                await connection.aclose(*end)
            else:
                await connection.send_message(message)
    except trio_websocket.ConnectionClosed:
        peer.closed(connection.closed.code)


peer.version("trio-websocket")
trio.run(trio_websocket.serve_websocket, echo, peer.HOST, peer.port(), None)
