"""signalr.pcap: clients of signalrcore, in JSON and MessagePack, and a hub that was written from the specification of the
protocol: an invocation that is answered, one that fails, one that nobody answers, and the hub's own; what the hub reads, and
what it sends, by Python's json and by msgpack."""

import asyncio
import json
import threading
import time

import msgpack
from signalrcore.hub_connection_builder import HubConnectionBuilder
from signalrcore.protocol.messagepack_protocol import MessagePackHubProtocol
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from recording import Recording

PORT = 8765
KINDS = {
    1: "invocation", 2: "stream_item", 3: "completion", 4: "stream_invocation", 5: "cancel_invocation", 6: "ping",
    7: "close",
}


class JSONHub:
    """https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md, JSON Encoding."""

    @staticmethod
    def read(data):
        for record in data.split("\x1e")[:-1]:
            message = json.loads(record)
            yield message["type"], message.get("invocationId"), message.get("target"), message.get("arguments")

    @staticmethod
    def invocation(target, arguments):
        return json.dumps({"type": 1, "target": target, "arguments": arguments}) + "\x1e"

    @staticmethod
    def completion(id, result=None, error=None):
        outcome = {"error": error} if error else {"result": result}
        return json.dumps({"type": 3, "invocationId": id, **outcome}) + "\x1e"

    @staticmethod
    def ping():
        return '{"type":6}\x1e'

    @staticmethod
    def close():
        return '{"type":7}\x1e'


class MessagePackHub:
    """The same, MessagePack Encoding: each message behind its length in groups of seven bits."""

    @staticmethod
    def read(data):
        while data:
            length = shift = 0
            while True:
                byte, data = data[0], data[1:]
                length |= (byte & 0x7F) << shift
                shift += 7
                if byte < 0x80:
                    break
            fields, data = msgpack.unpackb(data[:length]), data[length:]
            calls = fields[0] in (1, 4)
            yield fields[0], fields[2] if calls else None, fields[3] if calls else None, fields[4] if calls else None

    @staticmethod
    def pack(fields):
        body = msgpack.packb(fields)
        assert len(body) < 128
        return bytes([len(body)]) + body

    def invocation(self, target, arguments):
        return self.pack([1, {}, None, target, arguments, []])

    def completion(self, id, result=None, error=None):
        return self.pack([3, {}, id, 1, error] if error else [3, {}, id, 3, result])

    def ping(self):
        return self.pack([6])

    def close(self):
        return self.pack([7, None])


async def hub(socket, recording):
    connection = recording.connection()
    first = await socket.recv()
    handshake = json.loads((first if isinstance(first, str) else first.decode()).removesuffix("\x1e"))
    connection.log("client", "handshake", name=handshake["protocol"])
    connection.log("server", "handshake", answers="handshake")
    form = JSONHub() if handshake["protocol"] == "json" else MessagePackHub()
    # The answer comes in the kind of message that the form has.
    await socket.send("{}\x1e" if handshake["protocol"] == "json" else b"{}\x1e")
    connection.log("server", "ping")
    await socket.send(form.ping())
    try:
        async for data in socket:
            for type, id, target, arguments in form.read(data):
                connection.log("client", KINDS[type], name=target, id=id)
                if target == "Add":
                    connection.log("server", "completion", name=target, id=id, answers="invocation")
                    await socket.send(form.completion(id, sum(arguments)))
                elif target == "Sink":
                    connection.log("server", "completion", name=target, id=id, error=True, answers="invocation")
                    await socket.send(form.completion(id, error="the ship is unsinkable"))
                elif target == "Tide":
                    connection.log("server", "invocation", name="TideChanged")
                    await socket.send(form.invocation("TideChanged", ["low"]))
                elif target == "Lost":
                    await asyncio.sleep(1.3)
                    connection.log("server", "close")
                    await socket.send(form.close())
                    return await socket.close()
    except ConnectionClosed:
        pass


def talk(form):
    builder = HubConnectionBuilder().with_url(
        f"ws://127.0.0.1:{PORT}/harbour", options={"skip_negotiation": True, "verify_ssl": False})
    if form:
        builder = builder.with_hub_protocol(form)
    client = builder.build()
    opened, changed, closed = threading.Event(), threading.Event(), threading.Event()
    answered = threading.Semaphore(0)
    client.on_open(opened.set)
    client.on_close(closed.set)
    client.on("TideChanged", lambda _: changed.set())
    client.on_error(lambda _: answered.release())
    client.start()
    assert opened.wait(10)
    for target, arguments in (("Add", [2, 3]), ("Sink", [])):
        client.send(target, arguments, on_invocation=lambda _: answered.release())
        assert answered.acquire(timeout=10)
    client.send("Tide", [])
    assert changed.wait(10)
    # An invocation that nobody answers, for longer than anybody should wait.
    client.send("Lost", [1], on_invocation=lambda _: None)
    assert closed.wait(10)
    time.sleep(0.3)


async def main(recording):
    async def accept(socket):
        await hub(socket, recording)

    async with serve(accept, "127.0.0.1", PORT, ping_interval=None, compression=None):
        await asyncio.to_thread(talk, None)
        await asyncio.to_thread(talk, MessagePackHubProtocol())


with Recording(
        "signalr", [PORT], "signalrcore 1.0.2, websockets 17.4", "signalr",
        ["application-error", "application-unanswered"]) as recording:
    asyncio.run(main(recording))
