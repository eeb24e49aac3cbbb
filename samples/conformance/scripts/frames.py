"""Frames that break a rule. Frames 1 and 2 are a text and its echo; the bad frame comes next."""

from stage import (by_client, by_server, capture, closed_by_client, closed_by_server, finding, give_way, greet, leave)
from wire import BINARY, CLOSE, CONTINUATION, PING, TEXT, Deflater, frame, request

DEFLATE = {"Sec-WebSocket-Extensions": "permessage-deflate"}


def bad(name, what, *frames, finding=3, deflate=False, closes=True):
    """Frames by a raw client, in one segment, to a real server: opcode, payload, and what is special. The server answers
    with a close frame, or as if nothing were."""
    more = [closed_by_server(3 + len(frames))] if closes else []

    @capture(name, what, by_client(name.partition(".")[0], finding), *more)
    def _(stage):
        with stage.real_server(compression="deflate" if deflate else None) as client:
            greet(client, request(DEFLATE if deflate else None))
            client.send(*(client.make(opcode, payload, **how) for opcode, payload, how in frames))
            opcode, answer = client.read_frame()
            assert closes == (opcode == CLOSE)
            if closes:
                client.frame(CLOSE, answer[:2])
                client.hang_up()
            else:
                leave(client)


def bad_from_server(name, what, *frames, finding=2):
    """The same by a raw server to a real client, whose text is frame 1."""

    @capture(name, what, by_server(name.partition(".")[0], finding), closed_by_client(2 + len(frames)))
    def _(stage):
        with stage.real_client() as server:
            server.send_switch()
            server.read_frame()
            server.send(*(server.make(opcode, payload, **how) for opcode, payload, how in frames))
            give_way(server)


bad("frame-client-unmasked", "The client sends a text without a mask.", (TEXT, b"No mask", {"masked": False}))
bad_from_server("frame-server-masked", "The server sends a masked text.", (TEXT, b"Masked", {"masked": True}))

for bit, number in ((4, 1), (2, 2), (1, 3)):
    bad(f"frame-reserved-bits.rsv{number}", f"The client sets RSV{number} on a text, and there is no extension.",
        (TEXT, b"What does the bit mean?", {"rsv": bit}))
bad("frame-reserved-bits.deflate-rsv2", "The client sets RSV2 on a text; permessage-deflate only explains RSV1.",
    (TEXT, b"What does the bit mean?", {"rsv": 2}), deflate=True)
bad_from_server("frame-reserved-bits.server", "The server sets RSV1 on a text, and there is no extension.",
                (TEXT, b"What does the bit mean?", {"rsv": 4}))

compressed = Deflater(window_bits=12)(b"A message in two fragments, of which both say that they are compressed.")
bad("frame-compression-bit-misplaced.ping", "With permessage-deflate, the client sets RSV1 on a ping.",
    (PING, b"ping", {"rsv": 4}), deflate=True)
bad("frame-compression-bit-misplaced.continuation", "With permessage-deflate, the client sets RSV1 on both fragments of a text.",
    (TEXT, compressed[:20], {"rsv": 4, "fin": False}), (CONTINUATION, compressed[20:], {"rsv": 4}),
    deflate=True, finding=4)

bad("frame-reserved-opcode.3", "The client sends a frame with opcode 3, reserved for data.", (3, b"What is this?", {}))
bad("frame-reserved-opcode.11", "The client sends a frame with opcode 11, reserved for control.", (11, b"What is this?", {}))

bad("frame-length-not-minimal.16", "The client writes a length of 5 in 16 bits.", (TEXT, b"Hello", {"bits": 16}),
    closes=False)
bad("frame-length-not-minimal.64", "The client writes a length of 5 in 64 bits.", (TEXT, b"Hello", {"bits": 64}),
    closes=False)
bad("frame-length-not-minimal.64-for-16", "The client writes a length of 200 in 64 bits, where 16 are enough.",
    (TEXT, b"Hello " * 33 + b"!!", {"bits": 64}), closes=False)


@capture("frame-length-impossible", "The client sends a header with the highest bit of a 64-bit length set.",
         by_client("frame-length-impossible"), finding("capture-sync-lost"))
def length_impossible(stage):
    with stage.real_server() as client:
        greet(client)
        # No frame of this length can end, so neither this one nor the close frame after it counts.
        client.send(frame(BINARY, b"12345", length=1 << 63 | 5))
        client.await_close()
        client.send(frame(CLOSE, b"\x03\xea"))
        client.hang_up()


bad("frame-control-too-long", "The client sends a ping of 126 bytes.", (PING, b"p" * 126, {}))
bad("frame-control-fragmented", "The client sends a ping with FIN clear.", (PING, b"ping", {"fin": False}))
bad("frame-continuation-unexpected", "The client sends a continuation, and nothing was begun.", (CONTINUATION, b"of what?", {}))
bad("frame-message-interrupted", "The client begins a second text before the first has ended.",
    (TEXT, b"The first", {"fin": False}), (TEXT, b"The second", {}), finding=4)


@capture("frame-after-close", "The client sends a text after its close frame.", by_client("frame-after-close", 4))
def after_close(stage):
    with stage.real_server() as client:
        greet(client)
        client.send(client.make(CLOSE, b"\x03\xe8"), client.make(TEXT, b"One thing more"))
        client.await_close()
        client.hang_up()


@capture("frame-after-close.server", "The server sends a text after its close frame.", by_server("frame-after-close", 3))
def after_close_by_server(stage):
    with stage.real_client() as server:
        server.send_switch()
        server.read_frame()
        server.send(server.make(CLOSE, b"\x03\xe8"), server.make(TEXT, b"One thing more"))
        server.await_close()
        server.hang_up()


bad("frame-masking-key-zero", "The client masks a text with the key 00000000.", (TEXT, b"As good as plain", {"mask": bytes(4)}),
    closes=False)


@capture("frame-masking-key-repeated", "The client masks three texts with the same key.",
         by_client("frame-masking-key-repeated", 5))
def masking_key_repeated(stage):
    with stage.real_server() as client:
        greet(client)
        for text in ("one", "two", "three"):
            client.text(text, mask=b"\x37\xfa\x21\x3d")
            client.read_frame()
        leave(client)
