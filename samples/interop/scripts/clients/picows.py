"""picows, its client: a library of frames, without compression."""

import asyncio

from picows import WSListener, WSMsgType, ws_connect

import peer


class Connection(WSListener):
    def __init__(self):
        super().__init__()
        self.incoming = asyncio.Queue()

    def on_ws_connected(self, transport):
        self.transport = transport

    def on_ws_frame(self, transport, frame):
        if frame.msg_type == WSMsgType.CLOSE:
            peer.closed(int(frame.get_close_code()))
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            self.incoming.put_nowait(frame.get_payload_as_utf8_text())
        elif frame.msg_type == WSMsgType.BINARY:
            self.incoming.put_nowait(frame.get_payload_as_bytes())

    def on_ws_disconnected(self, transport):
        self.incoming.put_nowait(None)

    def send(self, message):
        if isinstance(message, str):
            self.transport.send(WSMsgType.TEXT, message.encode())
        else:
            self.transport.send(WSMsgType.BINARY, message)

    def fragments(self, kind, parts):
        opcode = WSMsgType.TEXT if kind == "text" else WSMsgType.BINARY
        for number, part in enumerate(parts):
            self.transport.send(opcode if number == 0 else WSMsgType.CONTINUATION, part, fin=number == len(parts) - 1)

    def receive(self):
        return self.incoming.get()

    def ping(self, payload):
        self.transport.send_ping(payload)

    def close(self, code, reason):
        self.transport.send_close(code, reason.encode())


async def main():
    peer.version("picows")
    transport, connection = await ws_connect(Connection, peer.url())
    await peer.converse(connection)
    await transport.wait_disconnected()


asyncio.run(main())
