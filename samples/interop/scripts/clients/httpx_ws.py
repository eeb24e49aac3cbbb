"""httpx-ws, a client on wsproto, which offers no compression."""

import asyncio

import httpx_ws
import wsproto.events

import peer


class Connection:
    def __init__(self, session):
        self.session = session

    async def send(self, message):
        if isinstance(message, str):
            await self.session.send_text(message)
        else:
            await self.session.send_bytes(message)

    async def receive(self):
        try:
            event = await self.session.receive()
        except httpx_ws.WebSocketDisconnect as end:
            peer.closed(end.code)
            return None
        return event.data if isinstance(event, wsproto.events.TextMessage) else bytes(event.data)

    async def ping(self, payload):
        await (await self.session.ping(payload)).wait()

    async def close(self, code, reason):
        await self.session.close(code, reason)


async def main():
    peer.version("httpx-ws")
    async with httpx_ws.aconnect_ws(peer.url(), keepalive_ping_interval_seconds=None) as session:
        await peer.converse(Connection(session))


asyncio.run(main())
