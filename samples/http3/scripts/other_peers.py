"""dns-over-quic.pcapng, other-protocols.pcapng, udp-443.pcapng: what is no WebSocket, in QUIC and beside it. DNS (RFC 9250), what QUIC's
interoperability tests speak (hq-interop), WebTransport in HTTP/3, and DTLS on the port of HTTP/3."""

import asyncio
import os
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import StreamDataReceived

from quic_recording import Recording
from recording import certificate
from sample import running

DNS, OTHERS, HTTPS = 853, 8769, 443


def facts(client, alpn, answers):
    return {
        "client_port": client._transport.get_extra_info("sockname")[1], "version": client._quic._version, "alpn": alpn,
        "cipher": client._quic.tls.key_schedule.cipher_suite.name, "answers": answers}


def configured(alpn, keys):
    configuration = QuicConfiguration(
        is_client=True, alpn_protocols=alpn, server_name="shop.example", max_datagram_frame_size=65_536)
    configuration.verify_mode = ssl.CERT_NONE
    configuration.secrets_log_file = keys
    return configuration


async def pages(keys):
    """A client of hq-interop: a line asks for each page."""
    async with connect("127.0.0.1", OTHERS, configuration=configured(["hq-interop"], keys)) as client:
        answers = []
        for page in ["first", "second"]:
            reader, writer = await client.create_stream()
            writer.write(f"GET /{page}\r\n".encode())
            writer.write_eof()
            answers.append(len(await reader.read()))
        return facts(client, "hq-interop", answers)


class Session(QuicConnectionProtocol):
    """A client of WebTransport."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.http, self.answers, self.changed = H3Connection(self._quic, enable_webtransport=True), [], asyncio.Event()
        self.status = None

    def quic_event_received(self, event):
        for heard in self.http.handle_event(event):
            if isinstance(heard, HeadersReceived):
                self.status = dict(heard.headers)[b":status"]
            elif hasattr(heard, "data"):
                self.answers.append(len(heard.data))
            self.changed.set()

    async def until(self, condition):
        while not condition():
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 10)


async def transport(keys):
    async with connect(
        "127.0.0.1", OTHERS, configuration=configured(H3_ALPN, keys), create_protocol=Session
    ) as client:
        session = client._quic.get_next_available_stream_id()
        client.http.send_headers(session, [
            (b":method", b"CONNECT"), (b":protocol", b"webtransport"), (b":scheme", b"https"), (b":authority", b"localhost"),
            (b":path", b"/echo")])
        client.transmit()
        await client.until(lambda: client.status)
        # In a stream of its own, and in a datagram. What looks like a frame of WebSocket is none.
        stream = client.http.create_webtransport_stream(session)
        client._quic.send_stream_data(stream, b"\x82\x05hello" * 20, end_stream=True)
        client.transmit()
        await client.until(lambda: len(client.answers) > 0)
        client.http.send_datagram(session, b"\x81\x05hello")
        client.transmit()
        await client.until(lambda: len(client.answers) > 1)
        return facts(client, "h3", client.answers) | {"protocol": "webtransport", "status": int(client.status)}


async def others(recording, keys):
    with open(keys, "a") as log:
        for talk in [pages, transport]:
            recording.others.append(await asyncio.wait_for(talk(log), 30))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, chain = certificate(folder)
        server = [sys.executable, Path(__file__).with_name("other_server.py")]
        keys = folder / "dns.keys"
        with running([*server, "doq", str(DNS), key, chain]):
            time.sleep(2)
            with Recording("dns-over-quic", [DNS], "kdig 3.2.6 with GnuTLS 3.7.9, aioquic 1.7.2 with dnspython 2.9.2", keys) as recording:
                for host in ["shop.example", "chat.example"]:
                    answer = subprocess.run(
                        ["kdig", "+quic", "+short", "@127.0.0.1", "-p", str(DNS), host, "A"],
                        env=os.environ | {"SSLKEYLOGFILE": str(keys)}, check=True, capture_output=True, text=True, timeout=30).stdout
                    recording.others.append({"alpn": "doq", "version": 1, "answers": answer.split()})
        keys = folder / "others.keys"
        with running([*server, "others", str(OTHERS), key, chain]):
            time.sleep(2)
            with Recording("other-protocols", [OTHERS], "aioquic 1.7.2 on both sides", keys) as recording:
                asyncio.run(others(recording, keys))
        dtls = ["-dtls1_2", "-mtu", "1400", "-quiet"]
        accept = ["openssl", "s_server", "-accept", f"127.0.0.1:{HTTPS}", "-key", key, "-cert", chain, *dtls]
        with running(accept, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            time.sleep(1)
            with Recording("udp-443", [HTTPS], "OpenSSL 3.0 on both sides, DTLS 1.2", folder / "none", has_keys=False):
                client = subprocess.Popen(
                    ["openssl", "s_client", "-connect", f"127.0.0.1:{HTTPS}", *dtls], stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                for size in [10, 100, 1000]:
                    time.sleep(0.3)
                    client.stdin.write(b"\xc0\x00\x00\x00\x01\x08" * (size // 6) + b"\n")
                    client.stdin.flush()
                time.sleep(0.3)
                client.terminate()
                client.wait()


main()
