"""ws4py on the WSGI server of Python itself."""

from wsgiref.simple_server import make_server

from ws4py.server.wsgirefserver import WebSocketWSGIHandler, WebSocketWSGIRequestHandler, WSGIServer
from ws4py.server.wsgiutils import WebSocketWSGIApplication
from ws4py.websocket import WebSocket

import peer


class Echo(WebSocket):
    def received_message(self, message):
        text = message.data if message.is_binary else message.data.decode()
        peer.got(text)
        if end := peer.parting(text):
            self.close(*end)
        else:
            self.send(message.data, message.is_binary)

    def closed(self, code, reason=None):
        peer.closed(code)


WebSocketWSGIHandler.http_version = "1.1"
peer.version("ws4py")
server = make_server(peer.HOST, peer.port(), server_class=WSGIServer, handler_class=WebSocketWSGIRequestHandler,
                     app=WebSocketWSGIApplication(handler_cls=Echo))
server.initialize_websockets_manager()
server.serve_forever()
