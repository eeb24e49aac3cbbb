"""Tornado, its client."""

import asyncio

from tornado.websocket import websocket_connect

import peer


class Connection:
    def __init__(self, connection):
        self.connection = connection
        self.close = connection.close

    async def receive(self):
        message = await self.connection.read_message()
        self.ended = message is None
        return message

    def send(self, message):
        return self.connection.write_message(message, binary=isinstance(message, bytes))

    def ping(self, payload):
        self.connection.ping(payload)


async def main():
    peer.version("tornado")
    options = {} if peer.parameters().get("deflate") else None
    connection = await websocket_connect(peer.url(), compression_options=options)
    await peer.converse(talk := Connection(connection))
    # The end is told only once.
    if not talk.ended:
        await connection.read_message()
    peer.closed(connection.close_code)


asyncio.run(main())
