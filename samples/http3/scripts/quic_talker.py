"""A client that opens WebSockets in streams of HTTP/3 (aioquic and wsproto), and remembers what it sent and received."""

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager

from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, StreamReset
from aioquic.quic.packet import QuicProtocolVersion
from aioquic.tls import CipherSuite
from wsproto.events import BytesMessage, CloseConnection, TextMessage

from tunnel import Tunnel


class StreamTunnel(Tunnel):
    def write(self, data):
        self.sent += data
        self.talker.http.send_data(self.stream, data, False)
        self.talker.transmit()

    async def wait(self, count):
        """Until so many events of the socket came."""
        await self.talker.until(lambda: len(self.messages) >= count or self.end)

    async def close(self):
        """Says goodbye. A server that does not end its stream after that has it reset, as browsers do."""
        self.send(CloseConnection(code=1000, reason="bye"))
        await self.talker.until(lambda: self.end or any(isinstance(event, CloseConnection) for event in self.messages))
        await asyncio.sleep(0.1)
        if self.end is None:
            return self.reset(0x10C)
        self.talker.http.send_data(self.stream, b"", True)
        self.talker.transmit()

    def reset(self, code):
        self.talker._quic.reset_stream(self.stream, code)
        self.talker.transmit()
        self.end = f"client resets with {code}"

    def stop(self, code):
        self.talker._quic.stop_stream(self.stream, code)
        self.talker.transmit()
        self.end = f"client stops with {code}"


class Talker(QuicConnectionProtocol):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.http = H3Connection(self._quic)
        self.tunnels, self.requests = {}, []
        self.closed_with = None
        self.changed = asyncio.Event()

    async def until(self, condition):
        while not condition():
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 10)

    async def request(self, path):
        stream = self._quic.get_next_available_stream_id()
        self.http.send_headers(stream, [
            (b":method", b"GET"), (b":scheme", b"https"), (b":authority", b"localhost"), (b":path", path.encode())], True)
        self.transmit()
        await self.until(lambda: stream in self.requests)

    async def migrate(self):
        """Goes on from another port, with another connection ID."""
        self._quic.change_connection_id()
        other = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        other.bind(("::", 0))
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, sock=other)

    async def open(self, path, subprotocol=None, deflate=False):
        stream = self._quic.get_next_available_stream_id()
        tunnel = StreamTunnel(self, stream, path, deflate)
        self.tunnels[stream] = tunnel
        headers = [
            (b":method", b"CONNECT"), (b":scheme", b"https"), (b":authority", b"localhost"), (b":path", path.encode()),
            (b":protocol", b"websocket"), (b"sec-websocket-version", b"13")]
        if subprotocol:
            headers.append((b"sec-websocket-protocol", subprotocol.encode()))
        if deflate:
            headers.append((b"sec-websocket-extensions", b"permessage-deflate; " + tunnel.offer.offer().encode()))
        self.http.send_headers(stream, headers)
        self.transmit()
        await self.until(lambda: tunnel.status is not None)
        return tunnel

    def quic_event_received(self, event):
        if isinstance(event, StreamReset) and event.stream_id in self.tunnels and not self.tunnels[event.stream_id].end:
            self.tunnels[event.stream_id].end = f"server resets with {event.error_code}"
        if isinstance(event, ConnectionTerminated):
            self.closed_with = event.error_code
        for heard in self.http.handle_event(event):
            tunnel = self.tunnels.get(getattr(heard, "stream_id", None))
            if tunnel is None:
                if getattr(heard, "stream_ended", False):
                    self.requests.append(heard.stream_id)
                continue
            if isinstance(heard, HeadersReceived):
                tunnel.opened({name.decode(): value.decode() for name, value in heard.headers})
            elif isinstance(heard, DataReceived):
                tunnel.receive(heard.data)
            if heard.stream_ended and tunnel.end is None:
                tunnel.end = "server ends"
        self.changed.set()

    def log(self):
        port = self._transport.get_extra_info("sockname")[1]
        return {
            "client_port": port, "version": self._quic._version, "cipher": self._quic.tls.key_schedule.cipher_suite.name,
            "requests": len(self.requests), "tunnels": [tunnel.log() for tunnel in self.tunnels.values()],
        }


@asynccontextmanager
async def talking(port, keys, version=1, cipher=None, ticket=None, **options):
    configuration = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, server_name="shop.example")
    configuration.verify_mode = ssl.CERT_NONE
    if version == 2:
        configuration.original_version = QuicProtocolVersion.VERSION_2
        configuration.supported_versions = [QuicProtocolVersion.VERSION_2, QuicProtocolVersion.VERSION_1]
    elif version != 1:
        configuration.original_version = version
        configuration.supported_versions = [version, QuicProtocolVersion.VERSION_1]
    if cipher:
        configuration.cipher_suites = [CipherSuite[cipher]]
    configuration.session_ticket = ticket
    with open(keys, "a") as log:
        configuration.secrets_log_file = log
        async with connect(
            "127.0.0.1", port, configuration=configuration, create_protocol=Talker, wait_connected=ticket is None, **options
        ) as talker:
            yield talker


async def chat(tunnel, large=3000):
    """Two messages that come back, the second one large."""
    tunnel.send(TextMessage(data=f"hello on {tunnel.path}"))
    await tunnel.wait(1)
    tunnel.send(BytesMessage(data=bytes(range(256)) * (large // 256)))
    await tunnel.talker.until(lambda: tunnel.messages[-1].message_finished if len(tunnel.messages) > 1 else False)


async def converse(port, keys, between=None, deflate=False, **options):
    """Two sockets at once beside ordinary requests."""
    async with talking(port, keys, **options) as talker:
        await talker.request("/page")
        first = await talker.open("/first?a=1", "chat", deflate)
        second = await talker.open("/second", "chat")
        await asyncio.gather(chat(first), chat(second))
        if between:
            between(talker)
            await talker.request("/other")
            first.messages.clear()
            await chat(first, 600)
        await first.close()
        await second.close()
        return talker.log()
