"""tornado.pcap: a Tornado client and server with compression; the server pings, the client leaves with a reason."""

import asyncio
from collections import Counter

import tornado.web
import tornado.websocket

from sample import Sample, agreed, truth

PORT = 8888
WORDS = ["вітаю", "ありがとう", "grazie mille, grazie mille, grazie mille", "🌪️ tornado 🌪️"]

client_sent, client_received = Counter(), Counter()
server_sent, server_received = Counter(), Counter()
closed, ponged = asyncio.Event(), asyncio.Event()


class Echo(tornado.websocket.WebSocketHandler):
    def get_compression_options(self):
        return {"compression_level": 6}

    def open(self):
        self.ping(b"are you there?")
        server_sent["ping"] += 1

    def on_pong(self, data):
        server_received["pong"] += 1
        ponged.set()

    def on_message(self, message):
        kind = "text" if isinstance(message, str) else "binary"
        server_received[kind] += 1
        self.write_message(message, binary=kind == "binary")
        server_sent[kind] += 1

    def on_close(self):
        # A code is there only if a close frame brought it.
        if self.close_code is not None:
            server_received["close"] += 1
        closed.set()


async def talk():
    client = await tornado.websocket.websocket_connect(f"ws://127.0.0.1:{PORT}/echo", compression_options={})
    for message in [*WORDS, bytes(64)]:
        binary = isinstance(message, bytes)
        await client.write_message(message, binary=binary)
        client_sent["binary" if binary else "text"] += 1
        assert await client.read_message() == message
        client_received["binary" if binary else "text"] += 1
        await asyncio.sleep(0.05)
    await ponged.wait()
    client.close(1000, "all echoes heard")
    client_sent["close"] += 1
    assert await client.read_message() is None
    await closed.wait()
    return client.close_code


async def echo():
    server = tornado.web.Application([("/echo", Echo)]).listen(PORT, "127.0.0.1")
    close_code = await talk()
    server.stop()
    await server.close_all_connections()
    # Tornado sends pongs and answers to a close frame unseen, and shows no ping that comes in.
    unseen = {"pong": server_received.pop("pong")}
    return truth(
        connections=1,
        from_client=agreed(client_sent, server_received) | unseen,
        from_server=agreed(client_received, {kind: server_sent[kind] for kind in client_received})
        | {"ping": server_sent["ping"], "close": int(close_code is not None)},
        messages_from_client=WORDS,
    )


with Sample("tornado", ports=[PORT]) as sample:
    sample.truth = asyncio.run(echo())
