"""pusher.pcap: a client of Pysher, and a server that was written from Pusher's documentation of the protocol: channels, one of
which is refused, events and a ping; what the server reads and sends."""

import asyncio
import json
import threading
import time

import pysher
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from recording import Recording

PORT = 8765


class Server:
    """https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/: data is JSON in a string."""

    def __init__(self, socket, connection):
        self.socket, self.connection = socket, connection

    async def send(self, event, data, channel=None, **more):
        self.connection.log("server", event, name=channel, **more)
        message = {"event": event, "data": json.dumps(data)}
        if channel:
            message["channel"] = channel
        await self.socket.send(json.dumps(message))

    async def run(self):
        await self.send(
            "pusher:connection_established", {"socket_id": "7.42", "activity_timeout": 120}, id="7.42")
        async for text in self.socket:
            message = json.loads(text)
            event, data = message["event"], message["data"]
            channel = data.get("channel") if isinstance(data, dict) else message.get("channel")
            self.connection.log("client", event, name=channel)
            if event == "pusher:ping":
                await self.send("pusher:pong", {}, answers="pusher:ping")
            elif event == "pusher:subscribe" and channel == "vault":
                await self.send(
                    "pusher:subscription_error", {"type": "AuthError", "error": "not for you", "status": 403}, channel,
                    error=True, answers="pusher:subscribe")
            elif event == "pusher:subscribe":
                await self.send("pusher_internal:subscription_succeeded", {}, channel, answers="pusher:subscribe")
                await self.send("changed", {"metres": 3}, channel)


def talk():
    client = pysher.Pusher("made-up-key", secure=False, custom_host="127.0.0.1", port=PORT)
    connected, changed = threading.Event(), threading.Event()
    client.connection.bind("pusher:connection_established", lambda _: connected.set())
    client.connect()
    assert connected.wait(10)
    client.subscribe("tide").bind("changed", lambda _: changed.set())
    assert changed.wait(10)
    client.subscribe("vault")
    time.sleep(0.3)
    client.unsubscribe("tide")
    time.sleep(0.3)
    client.disconnect()


async def main(recording):
    async def accept(socket):
        try:
            await Server(socket, recording.connection()).run()
        except ConnectionClosed:
            pass

    async with serve(accept, "127.0.0.1", PORT, ping_interval=None, compression=None):
        await asyncio.to_thread(talk)


with Recording("pusher", [PORT], "Pysher 1.0.8, websockets 17.4", "pusher", ["application-error"]) as recording:
    asyncio.run(main(recording))
