"""picows, its server. It gives frames, so messages in fragments are put together here."""

import asyncio

from picows import WSListener, WSMsgType, ws_create_server

import peer


class Echo(WSListener):
    parts = b""

    def on_ws_frame(self, transport, frame):
        if frame.msg_type == WSMsgType.CLOSE:
            peer.closed(int(frame.get_close_code()))
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()
        elif frame.msg_type in (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION):
            if frame.msg_type != WSMsgType.CONTINUATION:
                self.kind, self.parts = frame.msg_type, b""
            self.parts += frame.get_payload_as_bytes()
            if frame.fin:
                self.answer(transport)

    def answer(self, transport):
        message = self.parts.decode() if self.kind == WSMsgType.TEXT else self.parts
        peer.got(message)
        if end := peer.parting(message):
            transport.send_close(end[0], end[1].encode())
        else:
            transport.send(self.kind, self.parts)


async def main():
    peer.version("picows")
    server = await ws_create_server(lambda request: Echo(), peer.HOST, peer.port())
    await server.serve_forever()


asyncio.run(main())
