"""A server that sends back what it is sent over WebSocket in HTTP/3. `/forbidden` is refused, and `/fails` reset after two messages. With
`retry` it asks each client to prove its address. Who comes back may send early data."""

import asyncio
import sys

from aioquic.asyncio import QuicConnectionProtocol, serve
from aioquic.h3.connection import H3_ALPN, ErrorCode, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Message


class Server(QuicConnectionProtocol):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.http, self.sockets = H3Connection(self._quic, enable_webtransport=False), {}
        self.failing, self.messages = set(), 0

    def quic_event_received(self, event):
        for heard in self.http.handle_event(event):
            if isinstance(heard, HeadersReceived):
                self.answer(heard)
            elif isinstance(heard, DataReceived) and heard.stream_id in self.sockets:
                self.receive(heard)
        self.transmit()

    def answer(self, heard):
        asked = dict(heard.headers)
        if asked[b":path"] == b"/forbidden":
            return self.http.send_headers(heard.stream_id, [(b":status", b"403")], True)
        headers = [(b":status", b"200")]
        if asked.get(b":protocol") == b"websocket":
            self.sockets[heard.stream_id] = Connection(ConnectionType.SERVER)
            if asked[b":path"] == b"/fails":
                self.failing.add(heard.stream_id)
            if b"sec-websocket-protocol" in asked:
                headers.append((b"sec-websocket-protocol", asked[b"sec-websocket-protocol"]))
        self.http.send_headers(heard.stream_id, headers, heard.stream_ended)

    def receive(self, heard):
        socket = self.sockets[heard.stream_id]
        if not heard.data:
            return
        socket.receive_data(heard.data)
        for event in socket.events():
            if isinstance(event, CloseConnection):
                self.http.send_data(heard.stream_id, socket.send(event.response()), True)
            elif isinstance(event, Message):
                self.http.send_data(heard.stream_id, socket.send(event), False)
                self.messages += event.message_finished
                if heard.stream_id in self.failing and self.messages == 2:
                    asyncio.get_running_loop().call_later(0.1, self.fail, heard.stream_id)

    def fail(self, stream):
        self._quic.reset_stream(stream, ErrorCode.H3_INTERNAL_ERROR)
        self.transmit()


async def main(port, key, chain, *options):
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN)
    configuration.load_cert_chain(chain, key)
    tickets = {}
    await serve(
        "127.0.0.1", port, configuration=configuration, create_protocol=Server, retry="retry" in options,
        session_ticket_fetcher=tickets.get, session_ticket_handler=lambda ticket: tickets.update({ticket.ticket: ticket}))
    await asyncio.Future()


asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
