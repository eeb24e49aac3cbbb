"""websockets, its threading client."""

import asyncio

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

import peer


class Connection:
    def __init__(self, connection):
        self.connection = connection
        self.send, self.close = connection.send, connection.close

    def receive(self):
        try:
            return self.connection.recv()
        except ConnectionClosed:
            return None

    def ping(self, payload):
        self.connection.ping(payload).wait()

    def fragments(self, kind, parts):
        self.connection.send(iter(parts), text=kind == "text")


peer.version("websockets")
compression = "deflate" if peer.parameters().get("deflate") else None
with connect(peer.url(), compression=compression, ping_interval=None, proxy=None) as connection:
    asyncio.run(peer.converse(Connection(connection)))
    connection.close()
peer.closed(connection.close_code)
