"""A server of QUIC that speaks no WebSocket: `doq` answers questions of DNS (RFC 9250), `others` sends pages over hq-interop and sends back what it
is sent over WebTransport."""

import asyncio
import sys

import dns.message
import dns.rrset
from aioquic.asyncio import QuicConnectionProtocol, serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DatagramReceived, HeadersReceived, WebTransportStreamDataReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ProtocolNegotiated, StreamDataReceived


class Names(QuicConnectionProtocol):
    """Each question stands in a stream of its own, behind its length."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.questions = {}

    def quic_event_received(self, event):
        if not isinstance(event, StreamDataReceived):
            return
        known = self.questions[event.stream_id] = self.questions.get(event.stream_id, b"") + event.data
        if event.end_stream:
            question = dns.message.from_wire(known[2:])
            answer = dns.message.make_response(question)
            answer.answer.append(dns.rrset.from_text(question.question[0].name, 60, "IN", "A", "192.0.2.7"))
            wire = answer.to_wire()
            self._quic.send_stream_data(event.stream_id, len(wire).to_bytes(2, "big") + wire, True)
            self.transmit()


class Others(QuicConnectionProtocol):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.http = None

    def quic_event_received(self, event):
        if isinstance(event, ProtocolNegotiated) and event.alpn_protocol in H3_ALPN:
            self.http = H3Connection(self._quic, enable_webtransport=True)
        if self.http:
            for heard in self.http.handle_event(event):
                self.answer(heard)
        elif isinstance(event, StreamDataReceived) and event.data:
            self._quic.send_stream_data(event.stream_id, b"page " * 300, True)
        self.transmit()

    def answer(self, heard):
        if isinstance(heard, HeadersReceived):
            self.http.send_headers(heard.stream_id, [(b":status", b"200")])
        elif isinstance(heard, WebTransportStreamDataReceived):
            # In a stream of one way: aioquic's client reads no other as WebTransport's.
            answer = self.http.create_webtransport_stream(heard.session_id, is_unidirectional=True)
            self._quic.send_stream_data(answer, heard.data, True)
        elif isinstance(heard, DatagramReceived):
            self.http.send_datagram(heard.stream_id, heard.data)


async def main(kind, port, key, chain):
    alpn = ["doq"] if kind == "doq" else ["hq-interop", *H3_ALPN]
    configuration = QuicConfiguration(is_client=False, alpn_protocols=alpn, max_datagram_frame_size=65_536)
    configuration.load_cert_chain(chain, key)
    await serve(
        "127.0.0.1", int(port), configuration=configuration, create_protocol=Names if kind == "doq" else Others)
    await asyncio.Future()


asyncio.run(main(*sys.argv[1:]))
