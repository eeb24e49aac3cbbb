"""python-socketio on aiohttp, a client. What it says in messages of WebSocket is told by the class below."""

import asyncio

import aiohttp
import socketio

import peer


class Telling(aiohttp.ClientWebSocketResponse):
    async def send_str(self, data, *more):
        await super().send_str(data, *more)
        peer.say("sent", "text", data.encode().hex())

    async def send_bytes(self, data, *more):
        await super().send_bytes(data, *more)
        peer.say("sent", "binary", bytes(data).hex())

    async def receive(self, *more):
        message = await super().receive(*more)
        if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            peer.got(message.data)
        return message


async def main():
    peer.version("python-socketio")
    peer.version("aiohttp")
    ended = asyncio.Event()
    async with aiohttp.ClientSession(ws_response_class=Telling) as session:
        client = socketio.AsyncClient(http_session=session, websocket_extra_options={"compress": 15}, reconnection=False)
        client.on("said", lambda words: None)
        client.on("disconnect", lambda reason=None: ended.set())
        await client.connect(peer.url(), transports=["websocket"])
        for words in ("hello", "Grüße, 世界! 🌊", "hello once more, hello once more, hello once more"):
            await client.call("say", words)
        await client.emit("say", {"picture": bytes(range(100))})
        await asyncio.sleep(0.2)
        await client.emit("leave")
        await asyncio.wait_for(ended.wait(), 5)
        await client.disconnect()


asyncio.run(main())
