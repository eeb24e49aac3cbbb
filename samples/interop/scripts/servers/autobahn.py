"""Autobahn on asyncio, its server."""

import asyncio

from autobahn.asyncio.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept

import peer


class Echo(WebSocketServerProtocol):
    def onMessage(self, payload, binary):
        message = payload if binary else payload.decode()
        peer.got(message)
        if end := peer.parting(message):
            self.sendClose(*end)
        else:
            self.sendMessage(payload, binary)

    def onClose(self, clean, code, reason):
        peer.closed(code)


def accept(offers):
    wishes = peer.parameters()
    for offer in offers:
        if wishes.get("deflate") and isinstance(offer, PerMessageDeflateOffer):
            return PerMessageDeflateOfferAccept(
                offer,
                request_no_context_takeover="client_no_context_takeover" in wishes,
                request_max_window_bits=wishes.get("client_max_window_bits", 0),
                no_context_takeover=wishes.get("server_no_context_takeover"),
                window_bits=wishes.get("server_max_window_bits"))
    return None


async def main():
    peer.version("autobahn")
    factory = WebSocketServerFactory(f"ws://{peer.HOST}:{peer.port()}")
    factory.protocol = Echo
    factory.setProtocolOptions(perMessageCompressionAccept=accept)
    await asyncio.get_running_loop().create_server(factory, peer.HOST, peer.port())
    await peer.forever()


asyncio.run(main())
