"""phoenix.pcap: a client of phxsocket, and a server that was written from the documentation of Phoenix' serializer: joins, one
of which is refused, a push with and one without a reply, a broadcast, heartbeats; what the server reads and sends."""

import asyncio
import json
import time

import phxsocket
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from recording import Recording

PORT = 8765


class Server:
    """https://hexdocs.pm/phoenix/writing_a_channels_client.html, version 1: an object with topic, event, payload and ref."""

    def __init__(self, socket, connection):
        self.socket, self.connection = socket, connection

    async def send(self, topic, event, payload, ref=None, **more):
        self.connection.log("server", event, name=topic, id=ref, **more)
        await self.socket.send(json.dumps({"topic": topic, "event": event, "payload": payload, "ref": ref}))

    async def reply(self, message, status, response):
        await self.send(
            message["topic"], "phx_reply", {"status": status, "response": response}, message["ref"],
            error=status == "error", answers=message["event"])

    async def run(self):
        async for text in self.socket:
            message = json.loads(text)
            topic, event = message["topic"], message["event"]
            self.connection.log("client", event, name=topic, id=message["ref"])
            if event == "phx_join" and topic == "room:vault":
                await self.reply(message, "error", {"reason": "unauthorized"})
            elif event in ("phx_join", "phx_leave", "heartbeat", "measure"):
                await self.reply(message, "ok", {})
            elif event == "shout":
                await self.send(topic, "shout", message["payload"])


def talk():
    client = phxsocket.Client(f"ws://127.0.0.1:{PORT}/socket/websocket", {})
    client.heartbeat_interval = 1
    client.connect()
    room = client.channel("room:pier", {})
    room.join()
    try:
        client.channel("room:vault", {}).join()
        raise SystemExit("nobody refused")
    except phxsocket.channel.ChannelConnectError:
        pass
    room.push("measure", {"metres": 3}, reply=True).wait_for_response()
    room.push("shout", {"body": "ahoy"})
    time.sleep(1.5)
    client.close()
    time.sleep(0.3)


async def main(recording):
    async def accept(socket):
        try:
            await Server(socket, recording.connection()).run()
        except ConnectionClosed:
            pass

    async with serve(accept, "127.0.0.1", PORT, ping_interval=None, compression=None):
        await asyncio.to_thread(talk)


with Recording(
        "phoenix", [PORT], "phxsocket 0.1.5, websockets 17.4", "phoenix", ["application-error"]) as recording:
    asyncio.run(main(recording))
