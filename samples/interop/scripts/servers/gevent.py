"""gevent-websocket, which knows no compression, and forgets the code in its close frames."""

from gevent import pywsgi
from geventwebsocket import WebSocketError
from geventwebsocket.handler import WebSocketHandler

import peer


def application(environ, start_response):
    connection = environ["wsgi.websocket"]
    try:
        while (message := connection.receive()) is not None:
            peer.got(message if isinstance(message, str) else bytes(message))
            if end := peer.parting(message):
                connection.close(*end)
                break
            connection.send(message, binary=not isinstance(message, str))
    except WebSocketError:
        pass
    return []


peer.version("gevent-websocket")
pywsgi.WSGIServer((peer.HOST, peer.port()), application, handler_class=WebSocketHandler, log=None).serve_forever()
