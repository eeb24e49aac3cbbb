"""wsproto on a plain socket, its client."""

import asyncio
import socket

import wsproto
from wsproto import events
from wsproto.extensions import PerMessageDeflate

import peer


class Connection:
    def __init__(self, address, extensions):
        host, port = address.removeprefix("ws://").rstrip("/").split(":")
        self.socket = socket.create_connection((host, int(port)))
        self.protocol = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        self.received, self.parts = [], []
        self.put(events.Request(host=f"{host}:{port}", target="/", extensions=extensions))
        while not self.received:
            self.take_bytes()
        self.received.clear()

    def put(self, event):
        self.socket.sendall(self.protocol.send(event))

    def send(self, message):
        self.put(events.TextMessage(message) if isinstance(message, str) else events.BytesMessage(message))

    def ping(self, payload):
        self.put(events.Ping(payload))

    def fragments(self, kind, parts):
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            self.put(events.TextMessage(part.decode(), message_finished=last) if kind == "text"
                     else events.BytesMessage(part, message_finished=last))

    def close(self, code, reason):
        self.put(events.CloseConnection(code, reason))
        while self.receive() is not None:
            pass

    def receive(self):
        while not self.received:
            self.take_bytes()
        return self.received.pop(0)

    def take_bytes(self):
        self.protocol.receive_data(self.socket.recv(4096) or None)
        for event in self.protocol.events():
            match event:
                case events.AcceptConnection():
                    self.received.append(event)
                case events.TextMessage() | events.BytesMessage():
                    self.parts.append(event.data)
                    if event.message_finished:
                        self.received.append(type(event.data)().join(self.parts))
                        self.parts = []
                case events.Ping():
                    self.put(event.response())
                case events.CloseConnection():
                    if self.protocol.state is wsproto.connection.ConnectionState.REMOTE_CLOSING:
                        self.put(event.response())
                    peer.closed(event.code)
                    self.received.append(None)


peer.version("wsproto")
offer = peer.parameters()
extensions = [PerMessageDeflate(**offer)] if offer.pop("deflate", False) else []
connection = Connection(peer.url(), extensions)
asyncio.run(peer.converse(connection))
connection.socket.close()
