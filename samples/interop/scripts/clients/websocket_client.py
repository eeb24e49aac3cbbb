"""websocket-client, which knows no compression."""

import asyncio

import websocket

import peer


class Connection:
    def __init__(self, connection):
        self.connection = connection
        self.ping = connection.ping
        self.close_code = None

    def send(self, message):
        if isinstance(message, str):
            self.connection.send(message)
        else:
            self.connection.send_binary(message)

    def fragments(self, kind, parts):
        opcode = websocket.ABNF.OPCODE_TEXT if kind == "text" else websocket.ABNF.OPCODE_BINARY
        for number, part in enumerate(parts):
            frame = websocket.ABNF.create_frame(part, opcode if number == 0 else websocket.ABNF.OPCODE_CONT,
                                                int(number == len(parts) - 1))
            self.connection.send_frame(frame)

    def receive(self):
        opcode, data = self.connection.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            # The library has already answered with a close frame.
            self.close_code = int.from_bytes(data[:2])
            return None
        return data.decode() if opcode == websocket.ABNF.OPCODE_TEXT else data

    def close(self, code, reason):
        self.connection.close(code, reason.encode())


peer.version("websocket-client")
connection = Connection(websocket.create_connection(peer.url()))
asyncio.run(peer.converse(connection))
if connection.close_code:
    peer.closed(connection.close_code)
connection.connection.shutdown()
