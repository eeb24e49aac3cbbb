"""What goes over the wire, right or wrong: heads and frames as bytes, and a peer that sends and reads them."""

import base64
import fcntl
import hashlib
import os
import socket
import struct
import sys
import termios
import time
import zlib

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
PORT = 8080

# How long a peer waits for the other one. Everything is on one machine, so more than this is a mistake.
PATIENCE = 5


# Heads


def new_key():
    return base64.b64encode(os.urandom(16)).decode()


def accept_value(key):
    """The value that answers a key. RFC 6455 §4.2.2."""
    return base64.b64encode(hashlib.sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()


def head(line, standard, fields, extra):
    """A head with the usual fields, of which `fields` replaces some (None leaves one out), and `extra` lines at its end."""
    chosen = {**standard, **(fields or {})}
    lines = [line, *(f"{name}: {value}" for name, value in chosen.items() if value is not None), *extra]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def request(fields=None, extra=(), line="GET /chat HTTP/1.1"):
    standard = {
        "Host": f"127.0.0.1:{PORT}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": new_key(),
        "Sec-WebSocket-Version": "13",
    }
    return head(line, standard, fields, extra)


def response(to, fields=None, extra=(), line="HTTP/1.1 101 Switching Protocols"):
    """The 101 that answers a request."""
    standard = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Accept": accept_value(field(to, "Sec-WebSocket-Key") or ""),
    }
    return head(line, standard, fields, extra)


def field(head, name):
    """The first value of a field in a head."""
    for line in head.decode("latin-1").replace("\r\n", "\n").split("\n"):
        found, colon, value = line.partition(":")
        if colon and found.strip().lower() == name.lower():
            return value.strip()
    return None


# Frames


def frame(opcode, payload=b"", masked=True, fin=True, rsv=0, bits=None, length=None, mask=None):
    """One frame. `bits` chooses another form of the length than the shortest, `length` says another length than the
    payload's, `mask` is the masking key; without it, it is random."""
    length = len(payload) if length is None else length
    if bits is None:
        bits = 7 if length < 126 else 16 if length < 1 << 16 else 64
    marked = 0x80 if masked else 0
    result = bytes([fin << 7 | rsv << 4 | opcode])
    if bits == 7:
        result += bytes([marked | length])
    elif bits == 16:
        result += bytes([marked | 126]) + struct.pack("!H", length)
    else:
        result += bytes([marked | 127]) + struct.pack("!Q", length)
    if not masked:
        return result + payload
    mask = os.urandom(4) if mask is None else mask
    return result + mask + masking(payload, mask)


def masking(payload, mask):
    whole = mask * (len(payload) // 4 + 1)
    return bytes(a ^ b for a, b in zip(payload, whole))


def close_body(code, reason=b""):
    return struct.pack("!H", code) + reason


class Deflater:
    """One sender's side of permessage-deflate. RFC 7692 §7.2.1."""

    def __init__(self, window_bits=15):
        self.stream = zlib.compressobj(level=9, wbits=-window_bits)

    def __call__(self, message):
        data = self.stream.compress(message) + self.stream.flush(zlib.Z_SYNC_FLUSH)
        return data.removesuffix(b"\x00\x00\xff\xff")


# Peers


class Peer:
    """One end of a TCP connection, which says exactly what it is told to.

    It counts the frames it sends and, where the other end is real software, those it reads.
    """

    def __init__(self, sock, masks, counts_read=False):
        sock.settimeout(PATIENCE)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.masks = masks
        self.counts_read = counts_read
        self.frames = 0
        self.unread = b""

    # Sending

    def send(self, *pieces):
        """Sends bytes in one segment."""
        self.sock.sendall(b"".join(pieces))

    def send_in_pieces(self, data, size):
        """Sends bytes in segments of this size: the next once the one before is acknowledged, or TCP may join them."""
        for start in range(0, len(data), size):
            self.send(data[start : start + size])
            while int.from_bytes(fcntl.ioctl(self.sock, termios.TIOCOUTQ, bytes(4)), sys.byteorder):
                time.sleep(0.001)

    def make(self, opcode, payload=b"", **how):
        """A frame as this peer sends it, to be sent with others."""
        self.frames += 1
        how.setdefault("masked", self.masks)
        return frame(opcode, payload, **how)

    def frame(self, opcode, payload=b"", **how):
        self.send(self.make(opcode, payload, **how))

    def send_switch(self):
        """Reads a request and answers it as it should be."""
        self.send(response(self.read_head()))

    def text(self, text, **how):
        self.frame(TEXT, text.encode(), **how)

    def close(self, code=1000, reason=b""):
        self.frame(CLOSE, close_body(code, reason))

    # Reading

    def more(self):
        data = self.sock.recv(1 << 16)
        if not data:
            raise EOFError
        self.unread += data

    def read(self, count):
        while len(self.unread) < count:
            self.more()
        result, self.unread = self.unread[:count], self.unread[count:]
        return result

    def read_head(self):
        while b"\r\n\r\n" not in self.unread and b"\n\n" not in self.unread:
            self.more()
        end = b"\r\n\r\n" if b"\r\n\r\n" in self.unread else b"\n\n"
        head, self.unread = self.unread.split(end, 1)
        return head + end

    def read_frame(self):
        first, second = self.read(2)
        length = second & 0x7F
        if length > 125:
            length = int.from_bytes(self.read(2 if length == 126 else 8), "big")
        mask = self.read(4) if second & 0x80 else bytes(4)
        if self.counts_read:
            self.frames += 1
        return first & 0xF, masking(self.read(length), mask)

    # Ending

    def await_close(self):
        """Reads up to the other's close frame, and gives its code as it is there."""
        while True:
            opcode, body = self.read_frame()
            if opcode == CLOSE:
                return body[:2]

    def answer_close(self):
        self.frame(CLOSE, self.await_close())

    def hang_up(self):
        """Says FIN, and waits for the other's."""
        self.finish_sending()
        self.await_end()

    def finish_sending(self):
        self.sock.shutdown(socket.SHUT_WR)

    def await_end(self):
        """Waits for the other's FIN, then closes."""
        try:
            while True:
                self.more()
        except (EOFError, ConnectionResetError):
            self.sock.close()

    def reset(self):
        """Ends TCP with a RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
