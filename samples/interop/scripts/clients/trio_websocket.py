"""trio-websocket, its client, which offers no compression."""

import trio
import trio_websocket

import peer


class Connection:
    def __init__(self, connection):
        self.connection = connection
        self.send, self.ping, self.close = connection.send_message, connection.ping, connection.aclose

    async def receive(self):
        try:
            return await self.connection.get_message()
        except trio_websocket.ConnectionClosed:
            return None


async def main():
    peer.version("trio-websocket")
    async with trio_websocket.open_websocket_url(peer.url()) as connection:
        await peer.converse(Connection(connection))
    peer.closed(connection.closed.code)


trio.run(main)
