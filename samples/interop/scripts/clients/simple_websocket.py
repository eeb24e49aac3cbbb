"""simple-websocket, its client."""

import asyncio

from simple_websocket import Client, ConnectionClosed

import peer


class Connection:
    def __init__(self, connection):
        self.connection = connection
        self.send, self.close = connection.send, connection.close

    def receive(self):
        try:
            return self.connection.receive()
        except ConnectionClosed as end:
            peer.closed(int(end.reason))
            return None


peer.version("simple-websocket")
connection = Client.connect(peer.url())
asyncio.run(peer.converse(Connection(connection)))
connection.thread.join(5)
