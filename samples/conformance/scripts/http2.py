"""Sockets in streams of HTTP/2 (RFC 8441): heads, frames and windows that break a rule, and neighbours that break none.

Both sides are raw. Unless a capture says otherwise, the socket is stream 1, the server has enabled extended CONNECT, a text
goes both ways, both send a close frame and then END_STREAM, and the client ends the connection by GOAWAY and FIN.
"""

import struct
import time

import hpack

from stage import by_client, by_server, capture, hang_up
from wire import BINARY, CLOSE, PORT, TEXT, close_body

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED = 1, 1, 4, 8
INITIAL_WINDOW_SIZE, ENABLE_CONNECT_PROTOCOL = 4, 8
NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR = range(4)
STREAM_CLOSED, FRAME_SIZE_ERROR, CANCEL, COMPRESSION_ERROR = 5, 6, 8, 9
USUAL_WINDOW = 65535
ENABLED = {ENABLE_CONNECT_PROTOCOL: 1}

REQUEST = (
    (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/chat"),
    (":authority", f"127.0.0.1:{PORT}"), ("sec-websocket-version", "13"))
RESPONSE = ((":status", "200"),)


def without(fields, name):
    return tuple(field for field in fields if field[0] != name)


class Side:
    """One end of a connection of HTTP/2."""

    def __init__(self, peer):
        self.peer = peer
        self.encoder = hpack.Encoder()

    # Sending

    def write(self, kind, payload=b"", flags=0, stream=0):
        self.peer.send(struct.pack("!I", len(payload))[1:], struct.pack("!BBI", kind, flags, stream), payload)

    def settings(self, values):
        self.write(SETTINGS, b"".join(struct.pack("!HI", *setting) for setting in values.items()))

    def head(self, fields, stream=1, flags=0):
        self.write(HEADERS, self.encoder.encode(fields), END_HEADERS | flags, stream)

    def data(self, payload, stream=1, flags=0):
        self.write(DATA, payload, flags, stream)

    def message(self, payload, stream=1, size=None, opcode=TEXT):
        """A message in one frame of WebSocket, in frames of DATA of this size."""
        self.spread(self.peer.make(opcode, payload), stream, size or 16384)

    def spread(self, payload, stream=1, size=16384):
        for start in range(0, len(payload), size):
            self.data(payload[start : start + size], stream)

    def close(self, code=1000, stream=1, flags=0):
        self.data(self.peer.make(CLOSE, close_body(code)), stream, flags)

    def end(self, stream=1):
        self.data(b"", stream, END_STREAM)

    def grant(self, count, stream=0):
        self.write(WINDOW_UPDATE, struct.pack("!I", count), stream=stream)

    def reset(self, code, stream=1):
        self.write(RST_STREAM, struct.pack("!I", code), stream=stream)

    def go_away(self, last, code=NO_ERROR):
        self.write(GOAWAY, struct.pack("!II", last, code))

    # Reading

    def read(self, kind, count=1):
        """Reads up to the next frame of a kind, or up to so many of them, and gives the last one's flags and payload."""
        while True:
            header = self.peer.read(9)
            payload = self.peer.read(int.from_bytes(header[:3], "big"))
            count -= header[3] == kind
            if count == 0:
                return header[4], payload


# What both usually do


def connected(stage, client_says=None, server_says=ENABLED, first=None):
    """A connection whose settings are known to both; `first` is played by the client in place of its SETTINGS."""
    client, server = (Side(peer) for peer in stage.raw())
    client.peer.send(PREFACE)
    if first:
        first(client)
    client.settings(client_says or {})
    server.peer.read(len(PREFACE))
    server.read(SETTINGS)
    server.settings(server_says)
    server.write(SETTINGS, flags=ACK)
    client.read(SETTINGS, 2)
    client.write(SETTINGS, flags=ACK)
    server.read(SETTINGS)
    return client, server


def ask(client, server, request=REQUEST, stream=1):
    client.head(request, stream)
    server.read(HEADERS)


def accept(client, server, response=RESPONSE, stream=1):
    server.head(response, stream)
    client.read(HEADERS)


def shaken(stage, request=REQUEST, response=RESPONSE, **options):
    """A connection with a socket on stream 1."""
    client, server = connected(stage, **options)
    ask(client, server, request)
    accept(client, server, response)
    return client, server


def chat(client, server, stream=1):
    client.message(b"Hello", stream)
    server.read(DATA)
    server.message(b"Hello", stream)
    client.read(DATA)


def part(client, server, stream=1):
    """The closing handshake, and the end of the stream."""
    client.close(stream=stream)
    server.read(DATA)
    server.close(stream=stream)
    server.end(stream)
    client.read(DATA, 2)
    client.end(stream)


def leave(client, server):
    """The client ends the connection."""
    client.go_away(0)
    server.read(GOAWAY)
    hang_up(client.peer, server.peer)


def fail(server, client, code, last=1):
    """The server finds the connection broken and ends it, as it should. RFC 9113 §5.4.1."""
    server.go_away(last, code)
    client.read(GOAWAY)
    hang_up(server.peer, client.peer)


def headed(name, what, *findings, request=REQUEST, response=RESPONSE, **options):
    """A socket whose heads or settings are special, and all else as usual."""

    @capture(name, what, *findings)
    def _(stage):
        client, server = shaken(stage, request, response, **options)
        chat(client, server)
        part(client, server)
        leave(client, server)


def beside(name, what, *findings, **options):
    """A socket during which the decorated function plays something special."""

    def add(play):
        @capture(name, what, *findings)
        def _(stage):
            client, server = shaken(stage, **options)
            chat(client, server)
            play(client, server)
            part(client, server)
            leave(client, server)

        return play

    return add


def broken(name, what, *findings, code, **options):
    """The decorated function breaks the connection; the server ends it, without close frames, as one may then."""

    def add(play):
        @capture(name, what, *findings)
        def _(stage):
            client, server = shaken(stage, **options)
            chat(client, server)
            play(client, server)
            fail(server, client, code)

        return play

    return add


# An extended CONNECT that was not enabled. RFC 8441 §3

NOT_ENABLED = by_client("h2-connect-not-enabled")

headed("h2-connect-not-enabled", "The server's SETTINGS are empty; the client sends an extended CONNECT, and is accepted.",
       NOT_ENABLED, server_says={})
headed("h2-connect-not-enabled.zero", "The server says SETTINGS_ENABLE_CONNECT_PROTOCOL with 0.", NOT_ENABLED,
       server_says={ENABLE_CONNECT_PROTOCOL: 0})


@capture("h2-connect-not-enabled.reset", "The server's SETTINGS are empty; it resets the stream of an extended CONNECT.",
         NOT_ENABLED, by_server("handshake-unanswered"))
def not_enabled_reset(stage):
    client, server = connected(stage, server_says={})
    ask(client, server)
    server.reset(PROTOCOL_ERROR)
    client.read(RST_STREAM)
    leave(client, server)


@capture("h2-connect-not-enabled.refused", "The server's SETTINGS are empty; it answers an extended CONNECT with 405.",
         NOT_ENABLED, by_server("handshake-refused"))
def not_enabled_refused(stage):
    client, server = connected(stage, server_says={})
    ask(client, server)
    server.head([(":status", "405"), ("allow", "GET"), ("content-length", "0")], flags=END_STREAM)
    client.read(HEADERS)
    client.reset(CANCEL)
    leave(client, server)


# Pseudo-fields. RFC 9113 §8.3, RFC 8441 §4

ASKED_BADLY, ANSWERED_BADLY = by_client("h2-pseudo-fields"), by_server("h2-pseudo-fields")

headed("h2-pseudo-fields.no-path", "The request has no :path.", ASKED_BADLY, request=without(REQUEST, ":path"))
headed("h2-pseudo-fields.no-scheme", "The request has no :scheme.", ASKED_BADLY, request=without(REQUEST, ":scheme"))
headed("h2-pseudo-fields.no-authority", "The request has neither :authority nor Host.", ASKED_BADLY,
       request=without(REQUEST, ":authority"))
headed("h2-pseudo-fields.method", "The request has :protocol, and its method is GET.", ASKED_BADLY,
       request=((":method", "GET"), *REQUEST[1:]))
headed("h2-pseudo-fields.repeated", "The request has :path twice.", ASKED_BADLY,
       request=((":path", "/other"), *REQUEST))
headed("h2-pseudo-fields.unknown", "The request has a pseudo-field :version, which there is not.", ASKED_BADLY,
       request=((":version", "HTTP/2"), *REQUEST))
headed("h2-pseudo-fields.misplaced", "In the request, :path comes behind sec-websocket-version.", ASKED_BADLY,
       request=(*without(REQUEST, ":path"), (":path", "/chat")))
headed("h2-pseudo-fields.of-response", "The request has a :status.", ASKED_BADLY, request=((":status", "200"), *REQUEST))
headed("h2-pseudo-fields.of-request", "The response has a :path.", ANSWERED_BADLY,
       response=(*RESPONSE, (":path", "/chat")))
headed("h2-pseudo-fields.status-twice", "The response has :status twice.", ANSWERED_BADLY, response=RESPONSE * 2)


@capture("h2-pseudo-fields.no-status", "The response has no :status; the client resets the stream.",
         ANSWERED_BADLY, by_server("handshake-unanswered"))
def without_status(stage):
    client, server = connected(stage)
    ask(client, server)
    accept(client, server, [("server", "example")])
    client.reset(PROTOCOL_ERROR)
    leave(client, server)


# Fields of HTTP/1.1. RFC 9113 §8.2.2

headed("h2-connection-field.request", "The request has the field connection.", by_client("h2-connection-field"),
       request=(*REQUEST, ("connection", "keep-alive")))
headed("h2-connection-field.both", "Request and response have the field upgrade, as in HTTP/1.1.",
       by_client("h2-connection-field"), by_server("h2-connection-field"),
       request=(*REQUEST, ("upgrade", "websocket")), response=(*RESPONSE, ("upgrade", "websocket")))
headed("h2-connection-field.te", "The request has a TE that is not trailers.", by_client("h2-connection-field"),
       request=(*REQUEST, ("te", "gzip")))
headed("h2-connection-field.response", "The response has the field transfer-encoding.", by_server("h2-connection-field"),
       response=(*RESPONSE, ("transfer-encoding", "chunked")))


@capture("h2-connection-field.upgrade", "The client asks in a stream as in HTTP/1.1, and gets 400.",
         by_client("h2-connection-field"), by_client("h2-connection-field"), by_server("handshake-refused"))
def upgrade_in_stream(stage):
    client, server = connected(stage, server_says={})
    client.head([(":method", "GET"), *without(REQUEST, ":method")[1:], ("connection", "Upgrade"), ("upgrade", "websocket"),
                 ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")], flags=END_STREAM)
    server.read(HEADERS)
    server.head([(":status", "400"), ("content-length", "0")], flags=END_STREAM)
    client.read(HEADERS)
    leave(client, server)


# Names and values. RFC 9113 §8.2.1

headed("h2-field-invalid.capital", "The request has a field Origin with a capital letter.", by_client("h2-field-invalid"),
       request=(*REQUEST, ("Origin", "http://127.0.0.1")))
headed("h2-field-invalid.space", "The name of a field of the request holds a space.", by_client("h2-field-invalid"),
       request=(*REQUEST, ("x name", "value")))
headed("h2-field-invalid.line-break", "A value in the request holds CR LF and what would be another field.",
       by_client("h2-field-invalid"), request=(*REQUEST, ("x-name", "value\r\nx-smuggled: yes")))
headed("h2-field-invalid.value-end", "A value in the response ends in a space.", by_server("h2-field-invalid"),
       response=(*RESPONSE, ("server", "example ")))


# The status. RFC 9113 §8.6, RFC 8441 §5

headed("h2-status-101", "The server answers with 101, and the client goes on all the same.", by_server("h2-status-101"),
       response=((":status", "101"),))


@capture("h2-status-101.reset", "The server answers with 101; the client takes that for malformed and resets the stream.",
         by_server("h2-status-101"))
def switching_reset(stage):
    client, server = shaken(stage, response=((":status", "101"),))
    client.reset(PROTOCOL_ERROR)
    server.read(RST_STREAM)
    leave(client, server)


headed("h2-status-not-200", "The server accepts with 204.", by_server("h2-status-not-200"), response=((":status", "204"),))
headed("h2-status-not-200.201", "The server accepts with 201.", by_server("h2-status-not-200"),
       response=((":status", "201"),))


# Frames of HTTP/2. RFC 9113 §4 to §6

BY_CLIENT, BY_SERVER = by_client("h2-frame-invalid"), by_server("h2-frame-invalid")
BROKEN = by_server("close-missing")


@capture("h2-frame-invalid.after-end", "The server sends DATA after the END_STREAM with which it ended the stream.", BY_SERVER)
def after_end(stage):
    client, server = shaken(stage)
    chat(client, server)
    client.close()
    server.read(DATA)
    server.close()
    server.end()
    server.data(b"more")
    client.read(DATA, 3)
    client.reset(STREAM_CLOSED)
    leave(client, server)


@beside("h2-frame-invalid.no-increment", "A WINDOW_UPDATE of the client for the socket's stream has an increment of 0.",
        BY_CLIENT)
def no_increment(client, server):
    client.grant(0, stream=1)


@broken("h2-frame-invalid.window-too-large", "The client's WINDOW_UPDATE makes the connection's window larger than 2³¹-1.",
        BY_CLIENT, BROKEN, code=FLOW_CONTROL_ERROR)
def window_too_large(client, server):
    client.grant(2**31 - 1)
    server.read(WINDOW_UPDATE)


@broken("h2-frame-invalid.length", "The client sends a PING of seven bytes.", BY_CLIENT, BROKEN, code=FRAME_SIZE_ERROR)
def length(client, server):
    client.write(PING, bytes(7))
    server.read(PING)


@broken("h2-frame-invalid.stream-0", "The client sends DATA on stream 0.", BY_CLIENT, BROKEN, code=PROTOCOL_ERROR)
def on_connection(client, server):
    client.data(b"Hello", stream=0)
    server.read(DATA)


@broken("h2-frame-invalid.ping-on-stream", "The client sends PING on stream 1.", BY_CLIENT, BROKEN, code=PROTOCOL_ERROR)
def ping_on_stream(client, server):
    client.write(PING, bytes(8), stream=1)
    server.read(PING)


@broken("h2-frame-invalid.padding", "The padding of an empty DATA is longer than its frame.", BY_CLIENT, BROKEN,
        code=PROTOCOL_ERROR)
def padding(client, server):
    client.write(DATA, b"\x01", PADDED, 1)
    server.read(DATA)


@broken("h2-frame-invalid.continuation", "The client sends an empty CONTINUATION that continues nothing.", BY_CLIENT, BROKEN,
        code=PROTOCOL_ERROR)
def continuation(client, server):
    client.write(CONTINUATION, b"", END_HEADERS, 1)
    server.read(CONTINUATION)


@broken("h2-frame-invalid.interrupted", "A PING of the client interrupts the head of another request.", BY_CLIENT, BROKEN,
        code=PROTOCOL_ERROR)
def interrupted(client, server):
    block = client.encoder.encode([(":method", "GET"), (":scheme", "http"), (":path", "/"), REQUEST[4]])
    client.write(HEADERS, block[:2], END_STREAM, 3)
    client.write(PING, bytes(8))
    server.read(PING)


@broken("h2-frame-invalid.setting", "The client says SETTINGS_INITIAL_WINDOW_SIZE with 2³¹.", BY_CLIENT, BROKEN,
        code=FLOW_CONTROL_ERROR)
def setting(client, server):
    client.settings({INITIAL_WINDOW_SIZE: 2**31})
    server.read(SETTINGS)


@beside("h2-frame-invalid.withdrawn", "The server takes SETTINGS_ENABLE_CONNECT_PROTOCOL back.", BY_SERVER)
def withdrawn(client, server):
    server.settings({ENABLE_CONNECT_PROTOCOL: 0})
    client.read(SETTINGS)
    client.write(SETTINGS, flags=ACK)


@broken("h2-frame-invalid.push", "The client sends PUSH_PROMISE.", BY_CLIENT, BROKEN, code=PROTOCOL_ERROR)
def push(client, server):
    block = client.encoder.encode([(":method", "GET"), (":scheme", "http"), (":path", "/"), REQUEST[4]])
    client.write(PUSH_PROMISE, struct.pack("!I", 2) + block, END_HEADERS, 1)
    server.read(PUSH_PROMISE)


@broken("h2-frame-invalid.fields", "A head of the client names a line of the table that there is not.", BY_CLIENT, BROKEN,
        code=COMPRESSION_ERROR)
def fields(client, server):
    client.write(HEADERS, b"\xff\x40", END_HEADERS | END_STREAM, 3)
    server.read(HEADERS)


@broken("h2-frame-invalid.table", "A head of the client makes the table larger than 4,096 bytes, which the server allows.",
        BY_CLIENT, BROKEN, code=COMPRESSION_ERROR)
def table(client, server):
    block = client.encoder.encode([(":method", "GET"), (":scheme", "http"), (":path", "/"), REQUEST[4]])
    client.write(HEADERS, b"\x3f\xe2\x1f" + block, END_HEADERS | END_STREAM, 3)
    server.read(HEADERS)


@broken("h2-frame-invalid.too-long", "The client sends a PRIORITY_UPDATE of 16,385 bytes, which its server has not allowed.",
        BY_CLIENT, BROKEN, code=FRAME_SIZE_ERROR)
def too_long(client, server):
    client.write(16, struct.pack("!I", 1) + b"u=1" + b" " * (16385 - 7))
    server.read(16)


@broken("h2-frame-invalid.even", "The client opens stream 2.", BY_CLIENT, BROKEN, code=PROTOCOL_ERROR)
def even(client, server):
    client.head([(":method", "GET"), (":scheme", "http"), (":path", "/"), REQUEST[4]], 2, END_STREAM)
    server.read(HEADERS)


@capture("h2-frame-invalid.reused", "The client opens stream 5, where the socket is, and then stream 3.", BY_CLIENT, BROKEN)
def reused(stage):
    client, server = connected(stage)
    ask(client, server, stream=5)
    accept(client, server, stream=5)
    chat(client, server, 5)
    client.head([(":method", "GET"), (":scheme", "http"), (":path", "/"), REQUEST[4]], 3, END_STREAM)
    server.read(HEADERS)
    fail(server, client, PROTOCOL_ERROR, 5)


headed("h2-frame-invalid.first", "The client's first frame is a PING, and SETTINGS come behind it.", BY_CLIENT,
       first=lambda client: client.write(PING, bytes(8)))


# Windows. RFC 9113 §6.9.1

NARROW = {ENABLE_CONNECT_PROTOCOL: 1, INITIAL_WINDOW_SIZE: 1000}
EXCEEDED = by_client("h2-window-exceeded")


@beside("h2-window-exceeded", "The client sends 1,008 bytes in a frame, and the stream's window is one of 989.", EXCEEDED,
        server_says=NARROW)
def exceeded(client, server):
    client.message(b"x" * 1000)
    server.read(DATA)
    server.grant(2000, 1)
    client.read(WINDOW_UPDATE)


@capture("h2-window-exceeded.reset", "The client sends more than the stream's window; the server resets the stream.",
         EXCEEDED, by_server("close-missing"))
def exceeded_reset(stage):
    client, server = shaken(stage, server_says=NARROW)
    chat(client, server)
    client.message(b"x" * 1000, size=600)
    server.read(DATA, 2)
    server.reset(FLOW_CONTROL_ERROR)
    client.read(RST_STREAM)
    leave(client, server)


@beside("h2-window-exceeded.server", "The server sends more than the window that the client said in its SETTINGS.",
        by_server("h2-window-exceeded"), client_says={INITIAL_WINDOW_SIZE: 500})
def exceeded_by_server(client, server):
    server.message(b"x" * 600)
    client.read(DATA)
    client.grant(1000, 1)
    server.read(WINDOW_UPDATE)


@beside("h2-window-exceeded.connection",
        "The client sends more than 65,535 bytes: the stream's window allows that, and the connection's does not.",
        EXCEEDED, server_says={**ENABLED, INITIAL_WINDOW_SIZE: 200_000})
def exceeded_connection(client, server):
    client.message(bytes(USUAL_WINDOW - 11 - 8), opcode=BINARY)
    client.message(b"one more")
    server.read(DATA, 5)
    server.grant(USUAL_WINDOW)
    client.read(WINDOW_UPDATE)


@beside("h2-window-exceeded.padding", "What is more than the window allows is the padding of a frame.", EXCEEDED,
        server_says=NARROW)
def exceeded_by_padding(client, server):
    client.write(DATA, b"\xff" + client.peer.make(TEXT, b"x" * 800) + bytes(255), PADDED, 1)
    server.read(DATA)
    server.grant(2000, 1)
    client.read(WINDOW_UPDATE)


# Waiting. RFC 9113 §5.2


@beside("h2-flow-control-wait", "The server lets the client wait 600 ms in the middle of a text.",
        by_server("h2-flow-control-wait"), server_says=NARROW)
def waits(client, server):
    text = client.peer.make(TEXT, b"x" * 1200)
    client.data(text[: 1000 - 11])
    server.read(DATA)
    time.sleep(0.6)
    server.grant(2000, 1)
    client.read(WINDOW_UPDATE)
    client.data(text[1000 - 11 :])
    server.read(DATA)


@beside("h2-flow-control-wait.client", "The client lets the server wait 600 ms.", by_client("h2-flow-control-wait"),
        client_says={INITIAL_WINDOW_SIZE: 500})
def waits_for_client(client, server):
    server.message(b"x" * (500 - 7 - 4))
    client.read(DATA)
    time.sleep(0.6)
    client.grant(1000, 1)
    server.read(WINDOW_UPDATE)


@beside("h2-flow-control-wait.connection", "The server lets the client wait 600 ms for the connection's window.",
        by_server("h2-flow-control-wait"), server_says={**ENABLED, INITIAL_WINDOW_SIZE: 200_000})
def waits_for_connection(client, server):
    client.message(bytes(USUAL_WINDOW - 11 - 8), opcode=BINARY)
    server.read(DATA, 4)
    time.sleep(0.6)
    server.grant(USUAL_WINDOW)
    client.read(WINDOW_UPDATE)


@capture("h2-flow-control-wait.unopened", "The server does not open its window any more; the client gives up after 600 ms.",
         by_server("h2-flow-control-wait"), by_client("close-in-frame", 3), by_client("close-missing"))
def never_opened(stage):
    client, server = shaken(stage, server_says=NARROW)
    chat(client, server)
    client.data(client.peer.make(TEXT, b"x" * 1200)[: 1000 - 11])
    server.read(DATA)
    time.sleep(0.6)
    client.reset(CANCEL)
    server.read(RST_STREAM)
    leave(client, server)


# Streams that end without the closing handshake


@capture("close-missing.rst-stream", "The client resets the stream without a close frame.", by_client("close-missing"))
def reset_in_place(stage):
    client, server = shaken(stage)
    chat(client, server)
    client.reset(CANCEL)
    server.read(RST_STREAM)
    leave(client, server)


@capture("close-missing.end-stream", "The server ends the stream without a close frame, and then the client does.",
         by_server("close-missing"))
def end_in_place(stage):
    client, server = shaken(stage)
    chat(client, server)
    server.end()
    client.read(DATA)
    client.end()
    leave(client, server)


@capture("close-missing.goaway", "The server sends GOAWAY with NO_ERROR, after which the socket may go on; the client ends TCP.",
         by_client("close-missing"))
def hang_up_after_going_away(stage):
    client, server = shaken(stage)
    chat(client, server)
    server.go_away(1)
    client.read(GOAWAY)
    chat(client, server)
    hang_up(client.peer, server.peer)


@capture("close-missing.goaway-error", "The server sends GOAWAY with INTERNAL_ERROR, and the client ends TCP.",
         by_server("close-missing"))
def hang_up_after_error(stage):
    client, server = shaken(stage)
    chat(client, server)
    server.go_away(1, INTERNAL_ERROR)
    client.read(GOAWAY)
    hang_up(client.peer, server.peer)


@capture("close-unanswered.rst-stream", "The client closes; the server resets the stream without a close frame of its own.",
         by_server("close-unanswered"))
def reset_in_place_of_answer(stage):
    client, server = shaken(stage)
    chat(client, server)
    client.close()
    server.read(DATA)
    server.reset(INTERNAL_ERROR)
    client.read(RST_STREAM)
    leave(client, server)


# Neighbours, in which nothing is wrong


@capture("h2-legal.cancel", "The client resets the stream with CANCEL, after both close frames.")
def cancelled(stage):
    client, server = shaken(stage)
    chat(client, server)
    client.close()
    server.read(DATA)
    server.close()
    client.read(DATA)
    client.reset(CANCEL)
    server.read(RST_STREAM)
    leave(client, server)


@capture("h2-legal.no-error", "After both close frames the server sends END_STREAM, and then RST_STREAM with NO_ERROR.")
def reset_without_error(stage):
    client, server = shaken(stage)
    chat(client, server)
    client.close()
    server.read(DATA)
    server.close()
    server.end()
    server.reset(NO_ERROR)
    client.read(RST_STREAM)
    leave(client, server)


@capture("h2-legal.goaway", "The server sends GOAWAY, closes its socket with 1001, and ends TCP.")
def going_away(stage):
    client, server = shaken(stage)
    chat(client, server)
    server.go_away(2**31 - 1)
    server.close(1001)
    client.read(DATA)
    client.close(1001, flags=END_STREAM)
    server.read(DATA)
    server.end()
    server.go_away(1)
    client.read(GOAWAY)
    hang_up(server.peer, client.peer)


@capture("h2-legal.fin", "After both close frames nobody ends the stream: the server ends TCP.")
def ended_by_tcp(stage):
    client, server = shaken(stage)
    chat(client, server)
    client.close()
    server.read(DATA)
    server.close()
    client.read(DATA)
    hang_up(server.peer, client.peer)


@capture("h2-legal.end-with-close", "Both end the stream in the frame that carries their close frame.")
def ended_with_close(stage):
    client, server = shaken(stage)
    chat(client, server)
    client.close(flags=END_STREAM)
    server.read(DATA)
    server.close(flags=END_STREAM)
    client.read(DATA)
    leave(client, server)


headed("h2-legal.host", "The request has Host in place of :authority, as of a proxy that translates.",
       request=(*without(REQUEST, ":authority"), ("host", f"127.0.0.1:{PORT}")))
headed("h2-legal.te", "The request has TE: trailers.", request=(*REQUEST, ("te", "trailers")))
headed("h2-legal.settings", "Both say settings of which nobody knows what they mean.",
       client_says={0x1A2A: 7, 2: 0}, server_says={0x3A4A: 0, **ENABLED, 3: 100})


@capture("h2-legal.interim", "The server sends 103 before its 200.")
def interim(stage):
    client, server = connected(stage)
    ask(client, server)
    server.head([(":status", "103"), ("link", "</style.css>; rel=preload")])
    accept(client, server)
    client.read(HEADERS)
    chat(client, server)
    part(client, server)
    leave(client, server)


@capture("h2-legal.pieces", "The request is in HEADERS and two CONTINUATION, with padding; frames of WebSocket are cut anywhere.")
def in_pieces(stage):
    client, server = connected(stage)
    block = client.encoder.encode(REQUEST)
    client.write(HEADERS, b"\x05" + block[:9] + bytes(5), PADDED, 1)
    client.write(CONTINUATION, block[9:10], 0, 1)
    client.write(CONTINUATION, block[10:], END_HEADERS, 1)
    server.read(CONTINUATION, 2)
    accept(client, server)
    client.message(b"Hello", size=1)
    server.read(DATA, 11)
    server.message(b"Hello" * 40, size=3)
    client.read(DATA, 68)
    both = client.peer.make(TEXT, b"one") + client.peer.make(TEXT, b"two")
    client.write(DATA, b"\x20" + both[:12] + bytes(32), PADDED, 1)
    client.data(b"")
    client.data(both[12:])
    server.read(DATA, 3)
    part(client, server)
    leave(client, server)


@beside("h2-legal.strange", "The client sends a frame of a kind that there is not, PRIORITY, and PING, which the server answers.")
def strange(client, server):
    client.write(0xBC, b"grease", 0xFF, 1)
    client.write(PRIORITY, struct.pack("!IB", 0, 15), stream=1)
    client.write(PING, b"in time?")
    server.read(PING)
    server.write(PING, b"in time?", ACK)
    client.read(PING)


@beside("h2-legal.window", "The client sends just as much as the stream's window allows, and the server opens it at once.",
        server_says=NARROW)
def to_the_brim(client, server):
    client.message(b"x" * (1000 - 11 - 8))
    server.read(DATA)
    server.grant(1000, 1)
    client.read(WINDOW_UPDATE)


@beside("h2-legal.window-smaller",
        "The server makes its window smaller, and the client, which has not acknowledged that yet, sends more.")
def made_smaller(client, server):
    server.settings({INITIAL_WINDOW_SIZE: 100})
    client.message(b"x" * 1000)
    client.read(SETTINGS)
    client.write(SETTINGS, flags=ACK)
    server.read(DATA)
    server.grant(5000, 1)
    client.read(WINDOW_UPDATE)


@capture("h2-legal.other-protocol", "An extended CONNECT for another protocol, which is not WebSocket, carries what looks like it.")
def other_protocol(stage):
    client, server = shaken(stage, request=((":method", "CONNECT"), (":protocol", "connect-ip"), *REQUEST[2:5]))
    client.data(bytes.fromhex("818537fa213d7f9f4d5158"))
    server.read(DATA)
    server.data(b"\x81\x05Hello", flags=END_STREAM)
    client.read(DATA)
    client.end()
    leave(client, server)
