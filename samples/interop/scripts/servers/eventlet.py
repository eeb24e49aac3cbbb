"""Eventlet, its server."""

import eventlet
import eventlet.wsgi
from eventlet import websocket

import peer


@websocket.WebSocketWSGI
def echo(connection):
    while (message := connection.wait()) is not None:
        peer.got(message)
        if end := peer.parting(message):
            connection.close(end)
            break
        connection.send(message)


peer.version("eventlet")
eventlet.wsgi.server(eventlet.listen((peer.HOST, peer.port())), echo, log_output=False)
