"""A WebSocket in a stream, as a client with wsproto sees it, and what was said on it. Who carries the stream has to write."""

from wsproto.connection import Connection, ConnectionType
from wsproto.events import Ping
from wsproto.extensions import PerMessageDeflate

from recording import said


class Tunnel:
    def __init__(self, talker, stream, path, deflate):
        self.talker, self.stream, self.path = talker, stream, path
        self.status = self.subprotocol = self.end = None
        self.sent, self.received = b"", b""
        self.messages = []
        self.offer = PerMessageDeflate() if deflate else None
        self.socket = None

    def opened(self, headers):
        self.status = int(headers[":status"])
        self.subprotocol = headers.get("sec-websocket-protocol")
        extensions = []
        if self.offer and "sec-websocket-extensions" in headers:
            self.offer.finalize(headers["sec-websocket-extensions"])
            extensions = [self.offer]
        if 200 <= self.status < 300:
            self.socket = Connection(ConnectionType.CLIENT, extensions)

    def send(self, *events):
        self.write(b"".join(self.socket.send(event) for event in events))

    def receive(self, data):
        self.received += data
        if self.socket is None or not data:
            return
        self.socket.receive_data(data)
        for event in self.socket.events():
            self.messages.append(event)
            if isinstance(event, Ping):
                self.send(event.response())

    def log(self):
        return {
            "stream": self.stream, "path": self.path, "status": self.status, "subprotocol": self.subprotocol,
            "sent": said(self.sent), "received": said(self.received), "end": self.end,
        }
