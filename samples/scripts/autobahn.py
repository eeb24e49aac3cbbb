"""autobahn.pcap: an Autobahn client and server; compressed messages without context takeover, one sent in frames."""

import asyncio
import json
from collections import Counter

from autobahn.asyncio.websocket import (
    WebSocketClientFactory,
    WebSocketClientProtocol,
    WebSocketServerFactory,
    WebSocketServerProtocol,
)
from autobahn.websocket.compress import (
    PerMessageDeflateOffer,
    PerMessageDeflateOfferAccept,
    PerMessageDeflateResponseAccept,
)

from sample import Sample, agreed, truth

PORT = 9000
URL = f"ws://127.0.0.1:{PORT}/timetable"
SUBPROTOCOL = "timetable.v1"
TRAINS = [json.dumps({"train": f"EC {number}", "to": city, "delay": number % 7}, ensure_ascii=False)
          for number, city in ((41, "Zürich HB"), (95, "München"), (105, "Wrocław Główny"))]
LONG = [f"platform {platform}: mind the gap. ".encode() * 4 for platform in range(1, 5)]


class Counting:
    """What both peers count: the frames that they send by name, and what arrives."""

    def __init__(self):
        super().__init__()
        self.sent, self.received = Counter(), Counter()
        self.ended = asyncio.get_running_loop().create_future()

    def send(self, payload, binary=False):
        self.sendMessage(payload, binary)
        self.sent["binary" if binary else "text"] += 1

    def onMessage(self, payload, binary):
        self.received["binary" if binary else "text"] += 1
        self.answer(payload, binary)

    def onPong(self, payload):
        self.received["pong"] += 1

    def onPing(self, payload):
        self.received["ping"] += 1
        super().onPing(payload)

    def onClose(self, clean, code, reason):
        if self.remoteCloseCode is not None:
            self.received["close"] += 1
        self.ended.set_result({"clean": clean, "code": code, "reason": reason})


class Station(Counting, WebSocketServerProtocol):
    def onConnect(self, request):
        self.factory.only = self
        return SUBPROTOCOL

    def answer(self, payload, binary):
        self.send(payload.upper(), binary)


class Traveller(Counting, WebSocketClientProtocol):
    def onOpen(self):
        self.steps = iter([
            *(lambda train=train: self.send(train.encode()) for train in TRAINS),
            lambda: self.send(bytes(range(200)), binary=True),
            self.send_in_frames,
            self.leave,
        ])
        next(self.steps)()

    def answer(self, payload, binary):
        next(self.steps)()

    def send_in_frames(self):
        self.beginMessage()
        for part in LONG:
            self.sendMessageFrame(part)
        # Ends the message with an empty frame.
        self.endMessage()
        self.sent["text"] += 1
        self.sent["continuation"] += len(LONG)
        self.sendPing(b"still there?")
        self.sent["ping"] += 1

    def leave(self):
        self.sendClose(3000, "arrived in Genève")
        self.sent["close"] += 1


def offered():
    return [PerMessageDeflateOffer(accept_no_context_takeover=True, request_no_context_takeover=True)]


def accept_offer(offers):
    return PerMessageDeflateOfferAccept(offers[0], request_no_context_takeover=True, no_context_takeover=True)


def accept_response(response):
    return PerMessageDeflateResponseAccept(response, no_context_takeover=True)


async def travel():
    loop = asyncio.get_running_loop()
    stations = WebSocketServerFactory(URL, protocols=[SUBPROTOCOL])
    stations.protocol = Station
    stations.setProtocolOptions(perMessageCompressionAccept=accept_offer)
    travellers = WebSocketClientFactory(URL, protocols=[SUBPROTOCOL])
    travellers.protocol = Traveller
    travellers.setProtocolOptions(perMessageCompressionOffers=offered(), perMessageCompressionAccept=accept_response)

    server = await loop.create_server(stations, "127.0.0.1", PORT)
    _, client = await loop.create_connection(travellers, "127.0.0.1", PORT)
    await client.ended
    station = stations.only
    close = await station.ended
    server.close()
    await server.wait_closed()

    # Fragments arrive as one message, and pongs and answers to a close frame are sent unseen.
    fragments = {"continuation": client.sent["continuation"]}
    return truth(
        connections=1,
        from_client=agreed(client.sent, station.received | fragments),
        from_server=agreed(client.received, station.sent | {kind: client.received[kind] for kind in ("pong", "close")}),
        close=close,
    )


with Sample("autobahn", ports=[PORT]) as sample:
    sample.truth = asyncio.run(travel())
