"""ws4py, its threaded client, which knows no compression."""

import asyncio
import queue

from ws4py.client.threadedclient import WebSocketClient

import peer


class Connection(WebSocketClient):
    incoming = queue.Queue()

    def received_message(self, message):
        self.incoming.put(message.data if message.is_binary else message.data.decode())

    def closed(self, code, reason=None):
        peer.closed(code)
        self.incoming.put(None)

    def receive(self):
        return self.incoming.get()

    def send(self, message, binary=None):
        super().send(message, binary=isinstance(message, bytes) if binary is None else binary)

    def fragments(self, kind, parts):
        self.send((part for part in parts), binary=kind == "binary")


peer.version("ws4py")
connection = Connection(peer.url())
connection.connect()
asyncio.run(peer.converse(connection))
connection._th.join(10)
