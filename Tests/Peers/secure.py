"""A WebSocket client and server in TLS, by Python's ssl: says on standard output what the client sent and got.

    secure.py [--until FILE] TEXT...

The client's context is the usual one, which writes its keys where SSLKEYLOGFILE says. With --until it closes only once there is
such a file.
"""

import argparse
import base64
import hashlib
import os
import socket
import ssl
import threading
import time
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("localhost.pem")


def read(stream, count):
    data = b""
    while len(data) < count:
        part = stream.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def read_head(stream):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += read(stream, 1)
    return head.decode()


def read_frame(stream):
    first, length = read(stream, 2)
    mask = read(stream, 4) if length & 0x80 else b"\0\0\0\0"
    payload = read(stream, length & 0x7F)
    return first & 0xF, bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


def frame(opcode, payload, mask=None):
    head = bytes([0x80 | opcode, len(payload) | (0x80 if mask else 0)])
    return head + (mask or b"") + bytes(byte ^ mask[place % 4] if mask else byte for place, byte in enumerate(payload))


def serve(listener, context):
    plain, _ = listener.accept()
    with context.wrap_socket(plain, server_side=True) as stream:
        head = read_head(stream)
        key = next(line.split(": ")[1] for line in head.splitlines() if line.startswith("Sec-WebSocket-Key"))
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        stream.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            + accept + b"\r\n\r\n")
        while True:
            opcode, payload = read_frame(stream)
            stream.sendall(frame(opcode, payload))
            if opcode == 8:
                return


def main(texts, until):
    listener = socket.create_server(("127.0.0.1", 0))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE)
    thread = threading.Thread(target=serve, args=(listener, server))
    thread.start()
    client = ssl.create_default_context(cafile=CERTIFICATE)
    plain = socket.create_connection(listener.getsockname())
    with client.wrap_socket(plain, server_hostname="localhost") as stream:
        key = base64.b64encode(os.urandom(16)).decode()
        stream.sendall(
            f"GET /secret HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        read_head(stream)
        for text in texts:
            stream.sendall(frame(1, text.encode(), os.urandom(4)))
            print(read_frame(stream)[1].decode(), flush=True)
        while until and not until.exists():
            time.sleep(0.01)
        stream.sendall(frame(8, b"\x03\xe8", os.urandom(4)))
        read_frame(stream)
        thread.join()


parser = argparse.ArgumentParser()
parser.add_argument("--until", type=Path)
parser.add_argument("texts", nargs="*")
arguments = parser.parse_args()
main(arguments.texts, arguments.until)
