"""fragments.pcap: fragmented messages, with pings between the fragments.

The first connection is `websockets` on both sides: it ends each fragmented message with an empty continuation.
The second has a `wsproto` client, whose last fragment holds data.
"""

import asyncio
from collections import Counter

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, Request, TextMessage

from sample import FrameLog, Sample, agreed, truth

PORT = 8766
POEM = ["Roses are red, ", "violets are blue, ", "this sentence came ", "in fragments to you 🌹"]

# One flag of four code points, cut inside a UTF-8 sequence: only the whole message is valid text.
SPLIT_TEXT = "Flags 🇵🇱🇳🇴 cross the frontier".encode()
SPLIT_PIECES = [SPLIT_TEXT[:8], SPLIT_TEXT[8:15], SPLIT_TEXT[15:16], SPLIT_TEXT[16:]]


async def with_pings(connection, pieces, label):
    """The pieces of one message, each followed by a ping that is answered before the next piece."""
    for number, piece in enumerate(pieces, start=1):
        yield piece
        await (await connection.ping(f"{label} {number}".encode()))


async def answer(connection):
    async for message in connection:
        if message == "data, please":
            blocks = [bytes([number]) * 300 for number in range(3)]
            await connection.send(with_pings(connection, blocks, "block"))
        else:
            await connection.send(f"{len(message)} characters, thank you")


async def websockets_client(log):
    async with connect(f"ws://127.0.0.1:{PORT}/poem", compression=None, ping_interval=None,
                       logger=log.logger, proxy=None) as connection:
        for message in (
            with_pings(connection, POEM, "line"),
            SPLIT_PIECES,
            "data, please",
            [b"one piece only, then nothing"],
        ):
            text = True if message is SPLIT_PIECES else None
            await connection.send(message, text=text)
            await connection.recv()
            await asyncio.sleep(0.05)
        await connection.close(1000, "all pieces arrived")


class WsprotoClient:
    """A client that decides itself where each frame ends; `wsproto` does no I/O."""

    def __init__(self):
        self.protocol = WSConnection(ConnectionType.CLIENT)
        self.sent, self.received = Counter(), Counter()

    async def run(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", PORT)
        self.send(None, Request(host=f"127.0.0.1:{PORT}", target="/wsproto"))
        await self.receive(AcceptConnection)
        self.send("text", TextMessage("Three fragments, ", message_finished=False))
        self.send("ping", Ping(b"first"))
        await self.receive(Pong)
        self.send("continuation", TextMessage("", message_finished=False))
        self.send("ping", Ping(b"second"))
        await self.receive(Pong)
        self.send("continuation", TextMessage("the middle one empty."))
        await self.receive(TextMessage)
        self.send("binary", BytesMessage(bytes(200), message_finished=False))
        self.send("continuation", BytesMessage(bytes(range(200))))
        await self.receive(TextMessage)
        self.send("close", CloseConnection(1000, "bye"))
        await self.receive(CloseConnection)
        await self.reader.read()
        self.writer.close()
        await self.writer.wait_closed()

    def send(self, kind, event):
        self.writer.write(self.protocol.send(event))
        if kind:
            self.sent[kind] += 1

    async def receive(self, expected):
        """Reads one event; each of the server's frames on this connection is a whole message."""
        while not (events := list(self.protocol.events())):
            self.protocol.receive_data(await self.reader.read(4096))
        (event,) = events
        assert isinstance(event, expected), event
        kinds = {TextMessage: "text", Pong: "pong", CloseConnection: "close"}
        if expected in kinds:
            self.received[kinds[expected]] += 1


async def fragments():
    client, server, wsproto_client = FrameLog("client"), FrameLog("server"), WsprotoClient()
    async with serve(answer, "127.0.0.1", PORT, compression=None, ping_interval=None, logger=server.logger):
        await websockets_client(client)
        await wsproto_client.run()
    return truth(
        connections=2,
        from_client=agreed(client.sent + wsproto_client.sent, server.received),
        from_server=agreed(server.sent, client.received + wsproto_client.received),
    )


with Sample("fragments", ports=[PORT]) as sample:
    sample.truth = asyncio.run(fragments())
