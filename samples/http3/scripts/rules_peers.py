"""h2-frame-invalid.h3-*.pcapng and h2-legal.h3-*.pcapng of samples/conformance: rules of HTTP/3 (RFC 9114 §6.2 and §7.2), each broken once, and
what lies next to them. QUIC is aioquic's on both sides; what its streams hold is written here, and so are the findings that a capture is to have."""

import json
import random
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from aioquic.buffer import Buffer, encode_uint_var
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection

from recording import certificate

FOLDER = Path(__file__).resolve().parent.parent.parent / "conformance"
sys.path.append(str(FOLDER / "scripts"))
from remarks import tshark_says  # noqa: E402

CLIENT, SERVER = ("192.0.2.1", 50_000), ("198.51.100.2", 443)
START = 1_764_500_000.0


class Keys:
    """Takes what aioquic writes into its logs."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        pass


class Talk:
    """Both peers of one connection, without a network between them."""

    def __init__(self, folder):
        key, chain = certificate(folder)
        self.keys, self.now, self.packets = Keys(), START, []
        client = QuicConfiguration(is_client=True, alpn_protocols=["h3"], server_name="shop.example", secrets_log_file=self.keys)
        client.load_verify_locations(chain)
        client.verify_mode = 0
        server = QuicConfiguration(is_client=False, alpn_protocols=["h3"])
        server.load_cert_chain(chain, key)
        self.client = QuicConnection(configuration=client)
        self.server = QuicConnection(
            configuration=server, original_destination_connection_id=self.client.original_destination_connection_id)
        self.client.connect(SERVER, self.now)
        self.exchange()

    def exchange(self):
        """Until both are silent."""
        isMore = True
        while isMore:
            isMore = False
            for sender, receiver, source, target in [
                (self.client, self.server, CLIENT, SERVER), (self.server, self.client, SERVER, CLIENT)
            ]:
                for data, _ in sender.datagrams_to_send(self.now):
                    self.now += 0.001
                    self.packets.append((self.now, packet(source, target, data)))
                    receiver.receive_datagram(data, source, self.now)
                    isMore = True
            for peer in (self.client, self.server):
                while peer.next_event():
                    pass

    def send(self, sender, stream, data, ends=False):
        peer = self.client if sender == "client" else self.server
        peer.send_stream_data(stream, data, ends)
        self.exchange()

    def open(self, client_control=True, client_settings=b"", server_settings=b"\x08\x01"):
        """The control streams, and a socket on stream 0."""
        if client_control:
            self.send("client", 2, b"\0" + frame(4, client_settings))
        self.send("server", 3, b"\0" + frame(4, server_settings))
        self.send("client", 0, REQUEST)
        self.send("server", 0, RESPONSE)

    def talk(self, ends=True):
        """A text and a goodbye from each, and the end of the stream."""
        self.send("client", 0, data(masked(0x81, b"hi")))
        self.send("server", 0, data(b"\x81\x02hi"))
        self.send("client", 0, data(masked(0x88, b"\x03\xe8")))
        self.send("server", 0, data(b"\x88\x02\x03\xe8"))
        if ends:
            self.send("client", 0, b"", True)
            self.send("server", 0, b"", True)

    def close(self):
        self.client.close(0x100)
        self.exchange()


def packet(source, target, data):
    """A datagram in Ethernet and IPv4."""
    def address(text):
        return bytes(int(part) for part in text.split("."))
    header = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(data), 0, 0x4000, 64, 17, 0) + address(source[0]) + address(target[0])
    total = sum(struct.unpack(">10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    header = header[:10] + struct.pack(">H", ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF) + header[12:]
    return bytes(6) + bytes(6) + b"\x08\0" + header + struct.pack(">HHHH", source[1], target[1], 8 + len(data), 0) + data


def frame(kind, payload):
    return encode_uint_var(kind) + encode_uint_var(len(payload)) + payload


def data(payload):
    return frame(0, payload)


def masked(first, payload):
    mask = random.randbytes(4)
    return bytes([first, 0x80 | len(payload)]) + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


def line(name, value):
    """A field that refers to no table. RFC 9204 §4.5.6."""
    def text(content, bits, flags):
        most = (1 << bits) - 1
        if len(content) < most:
            return bytes([flags | len(content)]) + content
        return bytes([flags | most, len(content) - most]) + content
    return text(name.encode(), 3, 0x20) + text(value.encode(), 7, 0)


def headers(*fields):
    return frame(1, b"\0\0" + b"".join(line(name, value) for name, value in fields))


REQUEST = headers(
    (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":path", "/chat"), (":authority", "shop.example"),
    ("sec-websocket-version", "13"))
RESPONSE = headers((":status", "200"))
PAGE = headers((":method", "GET"), (":scheme", "https"), (":path", "/"), (":authority", "shop.example"))

captures = []


def broken(name, sender, what):
    return lambda play: captures.append((f"h2-frame-invalid.h3-{name}", what, [{"id": "h2-frame-invalid", "sender": sender}], play))


def legal(name, what):
    return lambda play: captures.append((f"h2-legal.h3-{name}", what, [], play))


def beside(name, sender, what, stream, bytes, ends=False):
    """What is sent while a socket is open."""
    def play(talk):
        talk.open()
        talk.send(sender, stream, bytes, ends)
        talk.talk()
    broken(name, sender, what)(play)


beside("data-first", "client", "A request of the client begins with DATA.", 4, data(b"page") + PAGE, True)
beside("settings-on-stream", "client", "The client sends SETTINGS on the socket's stream.", 0, frame(4, b""))
beside("data-on-control", "server", "The server sends DATA on its control stream.", 3, data(b"hi"))
beside("settings-twice", "server", "The server sends SETTINGS a second time.", 3, frame(4, b"\x08\x01"))
beside("ping", "client", "The client sends a PING, as HTTP/2 has it, on its control stream.", 2, frame(6, bytes(8)))
beside("length", "server", "The server sends a GOAWAY that names no stream.", 3, frame(7, b""))
beside("goaway", "server", "The server's GOAWAY names stream 5, which is no request.", 3, frame(7, b"\x05"))
beside("control-twice", "client", "The client opens a second control stream.", 6, b"\0" + frame(4, b""))
beside("control-closed", "server", "The server ends its control stream.", 3, b"", True)
beside("push", "client", "The client sends PUSH_PROMISE on a request.", 4, PAGE + frame(5, b"\0\0\0"))


@broken("first", "client", "The client's control stream begins with MAX_PUSH_ID, and SETTINGS come behind it.")
def first(talk):
    talk.send("client", 2, b"\0" + frame(13, b"\0") + frame(4, b""))
    talk.open(client_control=False)
    talk.talk()


@broken("setting", "server", "The server says SETTINGS_INITIAL_WINDOW_SIZE, which only HTTP/2 has.")
def setting(talk):
    talk.open(server_settings=b"\x08\x01\x04\x40\xff")
    talk.talk()


@broken("cut", "client", "The client's stream ends behind the header of a frame.")
def cut(talk):
    talk.open()
    talk.talk(ends=False)
    talk.send("client", 0, b"\0\x0a", True)
    talk.send("server", 0, b"", True)


@legal("strange", "Frames and streams of kinds that nobody knows, before the request's head too.")
def strange(talk):
    talk.open(client_settings=encode_uint_var(0x21) + b"\x07" + encode_uint_var(0x33) + b"\x01")
    talk.send("client", 4, frame(0x40, b"any") + PAGE, True)
    talk.send("client", 6, encode_uint_var(0x5F) + b"anything", True)
    talk.send("server", 3, frame(0x77, b""))
    talk.send("client", 0, frame(0x21, b"grease"))
    talk.talk()


@legal("goaway", "GOAWAY twice, which goes down, and one of the client.")
def goaway(talk):
    talk.open()
    talk.send("server", 3, frame(7, b"\x0c"))
    talk.send("server", 3, frame(7, b"\x04"))
    talk.send("client", 2, frame(7, b"\x05"))
    talk.talk()


@legal("control-last", "The control streams come behind the request.")
def control_last(talk):
    talk.send("client", 0, REQUEST)
    talk.send("client", 2, b"\0" + frame(4, b""))
    talk.send("server", 3, b"\0" + frame(4, b"\x08\x01"))
    talk.send("server", 0, RESPONSE)
    talk.talk()


@legal("webtransport", "A stream of WebTransport, which holds frames of its own.")
def webtransport(talk):
    talk.open()
    talk.send("client", 4, encode_uint_var(0x41) + b"\0" + frame(6, b"") + data(b"any"), True)
    talk.send("server", 4, data(b"any") + frame(4, b""), True)
    talk.talk()


def main():
    expected = json.loads((FOLDER / "expected.json").read_text())
    made = {}
    for name, what, findings, play in captures:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            talk = Talk(folder)
            play(talk)
            talk.close()
            plain, keys = folder / "plain.pcap", folder / "keys"
            keys.write_text(talk.keys.text)
            with plain.open("wb") as file:
                file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
                for time, bytes in talk.packets:
                    file.write(struct.pack("<IIII", int(time), int(time % 1 * 1_000_000), len(bytes), len(bytes)) + bytes)
            target = FOLDER / f"{name}.pcapng"
            subprocess.run(["editcap", "-F", "pcapng", "--inject-secrets", f"tls,{keys}", plain, target], check=True)
            target.chmod(0o644)
            made[target.name] = {"what": what, "findings": findings, "frames": 4, "tshark": tshark_says(target)}
    expected.update(made)
    (FOLDER / "expected.json").write_text(json.dumps(dict(sorted(expected.items())), indent=2, ensure_ascii=False) + "\n")
    print(f"{len(made)} captures of rules")


main()
