"""An independent reading of a capture, strict about RFC 6455 and RFC 7692. Gives whole, inflated messages.

Nothing of `wstap` is used: packets are read by tshark, frames and deflate here. Whoever breaks a rule is named with the
packet that shows it.
"""

import hashlib
import re
import subprocess
import zlib

CODES = {*range(1000, 1004), *range(1007, 1015), *range(3000, 5000)}


class Side:
    """The bytes of one direction, and which packet brought each."""

    def __init__(self):
        self.bytes = bytearray()
        self.starts = []

    def add(self, packet, data):
        self.starts.append((len(self.bytes), packet))
        self.bytes += data

    def packet_at(self, offset):
        return [packet for start, packet in self.starts if start <= offset][-1]


class Connection:
    def __init__(self):
        self.client, self.server = Side(), Side()
        self.broken, self.final_blocks = [], False
        # Who sent the first FIN or RST.
        self.hung_up, self.hung_up_at = None, None


def read(capture):
    """The connections of a capture in the order of their SYNs."""
    fields = ["tcp.stream", "frame.number", "tcp.flags.syn", "tcp.flags.ack", "tcp.srcport", "tcp.seq", "tcp.payload",
              "tcp.flags.fin", "tcp.flags.reset"]
    command = ["tshark", "-n", "-r", capture, "-Y", "tcp", "-T", "fields", "-o", "tcp.desegment_tcp_streams:FALSE"]
    for field in fields:
        command += ["-e", field]
    rows = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    connections, clients, expected = {}, {}, {}
    for row in rows:
        stream, packet, syn, ack, source, sequence, payload, fin, reset = row.split("\t")
        if syn in ("1", "True") and ack in ("0", "False"):
            connections[stream], clients[stream] = Connection(), source
        connection = connections[stream]
        if not connection.hung_up and {fin, reset} & {"1", "True"}:
            connection.hung_up = "client" if source == clients[stream] else "server"
            connection.hung_up_at = int(packet)
        if not payload:
            continue
        side = connection.client if source == clients[stream] else connection.server
        data = bytes.fromhex(payload)
        # On this path nothing is lost or reordered, but something may be sent twice.
        repeated = expected.get((stream, source), 1) - int(sequence)
        assert repeated >= 0, f"{capture}: bytes are missing before packet {packet}"
        side.add(int(packet), data[repeated:])
        expected[stream, source] = max(expected.get((stream, source), 1), int(sequence) + len(data))
    return list(connections.values())


def header(head, name):
    found = re.findall(rf"(?im)^{name}:[ \t]*(.*?)[ \t]*\r$", head.decode("latin-1"))
    return ", ".join(found)


def deflate_parameters(text):
    """The parameters of each permessage-deflate in a header."""
    elements = []
    for element in text.split(","):
        name, *rest = [word.strip() for word in element.split(";")]
        if name == "permessage-deflate":
            elements.append({key.strip(): value.strip().strip('"') or True
                             for key, _, value in (word.partition("=") for word in rest)})
    return elements


def faults(offer, answer):
    """The rules of RFC 7692, 7.1, that an answer breaks, if it answers this offer."""
    if "server_no_context_takeover" in offer and "server_no_context_takeover" not in answer:
        yield "accepts an offer of server_no_context_takeover without it"
    if "server_max_window_bits" in offer and \
            int(answer.get("server_max_window_bits", 16)) > int(offer["server_max_window_bits"]):
        yield "accepts an offer of server_max_window_bits without it, or with more"
    if "client_max_window_bits" in answer and "client_max_window_bits" not in offer:
        yield "answers with a client_max_window_bits that was not offered"
    for name in ("server_max_window_bits", "client_max_window_bits"):
        if name in answer and not 8 <= int(answer[name]) <= 15:
            yield f"{name} out of range"


def analyse(connection):
    """Fills in `offered`, `agreed`, `frames`, `messages` and `broken`; False if no upgrade was agreed."""
    ends = [side.bytes.find(b"\r\n\r\n") + 4 for side in (connection.client, connection.server)]
    heads = [bytes(side.bytes[:end]) for side, end in zip((connection.client, connection.server), ends)]
    if not heads[1].startswith(b"HTTP/1.1 101"):
        return False
    connection.offered = header(heads[0], "Sec-WebSocket-Extensions")
    connection.agreed = header(heads[1], "Sec-WebSocket-Extensions")
    for name in ("Content-Length", "Transfer-Encoding"):
        if header(heads[1], name):
            connection.broken.append((connection.server.packet_at(0), "server", f"{name} in a 101"))
    parameters = next(iter(deflate_parameters(connection.agreed)), None)
    if parameters is not None:
        verdicts = [list(faults(offer, parameters)) for offer in deflate_parameters(connection.offered)]
        for rule in min(verdicts, key=len, default=["answers an extension that was not offered"]):
            connection.broken.append((connection.server.packet_at(0), "server", rule))
    connection.messages, connection.closes = {}, {}
    for name, side, start in (("client", connection.client, ends[0]), ("server", connection.server, ends[1])):
        connection.messages[name], connection.closes[name] = frames(connection, name, side, start, parameters)
    for asked, asking in (("client", "server"), ("server", "client")):
        # Whoever is asked to close must answer, unless the other one hung up before.
        if connection.closes[asking] and not connection.closes[asked] and connection.hung_up == asked:
            connection.broken.append((connection.hung_up_at, asked, "hangs up in place of an answer to a close frame"))
    return True


def frames(connection, name, side, start, parameters):
    data, position, messages, close = bytes(side.bytes), start, [], None

    def accuse(rule):
        connection.broken.append((side.packet_at(position), name, rule))

    bits = int((parameters or {}).get(f"{name}_max_window_bits") or 15)
    keeps = f"{name}_no_context_takeover" not in (parameters or {})
    inflater = zlib.decompressobj(-bits)
    parts, kind, compressed = None, None, False
    while position < len(data):
        if close is not None:
            accuse("data after a close frame")
            break
        first, second = data[position], data[position + 1]
        final, opcode, masked, length, at = first & 0x80, first & 0x0F, second & 0x80, second & 0x7F, position + 2
        if length == 126:
            length, at = int.from_bytes(data[at:at + 2]), at + 2
            if length < 126:
                accuse("length not in its shortest form")
        elif length == 127:
            length, at = int.from_bytes(data[at:at + 8]), at + 8
            if length < 65536:
                accuse("length not in its shortest form")
        if bool(masked) != (name == "client"):
            accuse("mask")
        key = data[at:at + 4] if masked else bytes(4)
        at += 4 if masked else 0
        payload = bytes(byte ^ key[i % 4] for i, byte in enumerate(data[at:at + length]))
        if len(payload) < length:
            accuse("frame cut short")
        if first & 0x30 or first & 0x40 and (parameters is None or opcode not in (1, 2)):
            accuse("reserved bit")
        if opcode >= 8:
            if opcode > 10 or not final or length > 125:
                accuse("control frame")
            if opcode == 8:
                close = (int.from_bytes(payload[:2]) if payload else None, payload[2:].decode())
                if length == 1 or payload and close[0] not in CODES:
                    accuse(f"close code {close[0]}")
        else:
            if (opcode == 0) != (parts is not None) or opcode > 2:
                accuse(f"opcode {opcode} out of place")
            if opcode:
                parts, kind, compressed = b"", opcode, first & 0x40
            parts += payload
            if final:
                if compressed:
                    try:
                        inflater = inflater if keeps else zlib.decompressobj(-bits)
                        parts = inflater.decompress(parts + b"\x00\x00\xff\xff")
                        if inflater.eof:
                            # A block with the final bit is allowed (RFC 7692, 7.2.3.4): a new stream follows.
                            connection.final_blocks = True
                            inflater = zlib.decompressobj(-bits)
                    except zlib.error as error:
                        accuse(f"deflate: {error}")
                        kind = 0
                if kind == 1:
                    try:
                        parts.decode()
                    except UnicodeDecodeError:
                        accuse("UTF-8")
                messages.append({"kind": {0: "unknown", 1: "text", 2: "binary"}[kind], "length": len(parts),
                                 "sha1": hashlib.sha1(parts).hexdigest()})
                parts = None
        position = at + length
    return messages, close
