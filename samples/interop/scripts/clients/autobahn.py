"""Autobahn on asyncio, its client."""

import asyncio

from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateResponseAccept

import peer


class Connection(WebSocketClientProtocol):
    def onOpen(self):
        self.incoming = asyncio.Queue()
        self.talk = asyncio.create_task(peer.converse(self))

    def onMessage(self, payload, binary):
        self.incoming.put_nowait(payload if binary else payload.decode())

    def onClose(self, clean, code, reason):
        self.incoming.put_nowait(None)
        peer.closed(code)
        self.factory.ended.set()

    def send(self, message):
        self.sendMessage(*((message.encode(), False) if isinstance(message, str) else (message, True)))

    def receive(self):
        return self.incoming.get()

    def ping(self, payload):
        self.sendPing(payload)

    def fragments(self, kind, parts):
        self.beginMessage(isBinary=kind == "binary")
        for part in parts:
            self.sendMessageFrame(part)
        self.endMessage()

    def close(self, code, reason):
        self.sendClose(code, reason)


def offers():
    wishes = peer.parameters()
    if not wishes.get("deflate"):
        return []
    return [PerMessageDeflateOffer(
        accept_no_context_takeover="client_no_context_takeover" in wishes,
        accept_max_window_bits="client_max_window_bits" in wishes,
        request_no_context_takeover="server_no_context_takeover" in wishes,
        request_max_window_bits=wishes.get("server_max_window_bits", 0))]


async def main():
    peer.version("autobahn")
    factory = WebSocketClientFactory(peer.url())
    factory.protocol, factory.ended = Connection, asyncio.Event()
    factory.setProtocolOptions(perMessageCompressionOffers=offers(), perMessageCompressionAccept=PerMessageDeflateResponseAccept)
    await asyncio.get_running_loop().create_connection(factory, peer.HOST, factory.port)
    await factory.ended.wait()


asyncio.run(main())
