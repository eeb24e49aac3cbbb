"""Messages that break a rule. Frames 1 and 2 are a text and its echo."""

import random
import string

from damaged import settle, with_payload, without
from frames import DEFLATE, bad, bad_from_server
from stage import by_client, by_server, capture, chat, closed_by_server, finding, give_way, greet, leave, part, shake
from wire import BINARY, CONTINUATION, TEXT, Deflater, request

bad("message-not-utf8", "The client sends a text in Latin-1.", (TEXT, "café au lait".encode("latin-1"), {}))
bad("message-not-utf8.truncated", "The client's text ends in the middle of a character.", (TEXT, "12 €".encode()[:-1], {}))
bad("message-not-utf8.overlong", "The client writes a slash in two bytes.", (TEXT, b"..\xc0\xaf", {}))
bad("message-not-utf8.surrogate", "A surrogate is cut between two fragments: the second makes it certain.",
    (TEXT, b"half a pair: \xed", {"fin": False}), (CONTINUATION, b"\xa0\x80", {}), finding=4)
bad("message-not-utf8.cut", "A character is cut between fragments, and goes on wrongly in the second of three.",
    (TEXT, b"12 \xe2\x82", {"fin": False}), (CONTINUATION, b"(twelve)", {"fin": False}), (CONTINUATION, b"!", {}), finding=4)
bad("message-not-utf8.first-fragment", "The first of two fragments of a text already is no UTF-8.",
    (TEXT, b"\xff\xfe", {"fin": False}), (CONTINUATION, b"!", {}))
bad("message-not-utf8.last-fragment", "The last fragment of a text ends in the middle of a character.",
    (TEXT, b"12 ", {"fin": False}), (CONTINUATION, b"\xe2\x82", {}), finding=4)
bad("message-not-utf8.compressed", "The client sends a compressed text that is no UTF-8 once it is inflated.",
    (TEXT, Deflater(window_bits=12)("café au lait".encode("latin-1")), {"rsv": 4}), deflate=True)
bad_from_server("message-not-utf8.server", "The server sends a text in Latin-1.", (TEXT, "café".encode("latin-1"), {}))

bad("message-inflate-failed", "The client sends bytes as a compressed text that are no deflate.",
    (TEXT, b"\xff" * 16, {"rsv": 4}), deflate=True)
bad("message-inflate-failed.distance", "A compressed text refers to bytes before the beginning of its stream.",
    # What a sender does that keeps its context, though the receiver has none of it: the end of a second message.
    (TEXT, (lambda deflate: (deflate(b"The same words again"), deflate(b"The same words again")))(Deflater(12))[1],
     {"rsv": 4}), deflate=True)


@capture("message-inflate-limited", "The client sends 58 KB that inflate to 60 MB of zeros; the server answers 1009.",
         by_client("message-inflate-limited", 3), closed_by_server(4))
def inflate_limited(stage):
    with stage.real_server(compression="deflate") as client:
        greet(client, request(DEFLATE))
        client.frame(BINARY, Deflater(window_bits=12)(bytes(60_000_000)), rsv=4)
        give_way(client)


def unfinished(name, what, *more):
    def add(end):
        @capture(name, what, by_client("message-unfinished"), *more)
        def _(stage):
            with stage.real_server() as client:
                greet(client)
                client.text("To be continued", fin=False)
                end(client)

    return add


unfinished("message-unfinished", "The client closes in the middle of a message.")(leave)
unfinished("message-unfinished.fin", "The client ends TCP in the middle of a message, without a close frame.",
           by_client("close-missing"))(lambda client: client.hang_up())
unfinished("message-unfinished.rst", "The client resets TCP in the middle of a message, without a close frame.",
           by_client("close-missing"))(lambda client: client.reset())

# Messages whose context is not known

AGREED = DEFLATE


@capture("message-not-inflated.failure", "A compressed text does not inflate, so the context of the next one is not known.",
         by_client("message-inflate-failed", 3), by_client("message-not-inflated", 4))
def not_inflated_after_failure(stage):
    client, server = stage.raw()
    shake(client, server, request(DEFLATE), fields=AGREED)
    chat(client, server)
    deflate = Deflater()
    deflate(b"Hello")
    client.frame(TEXT, b"\xff" * 16, rsv=4)
    client.frame(TEXT, deflate(b"Hello again"), rsv=4)
    server.read_frame()
    server.read_frame()
    part(client, server)


@capture("message-not-inflated.hole", "A packet in the middle of a compressed message is missing from the capture.",
         finding("capture-bytes-missing"), by_client("message-not-inflated", 3), frames=5, alter=without(5))
def not_inflated_in_hole(stage):
    client, server = stage.raw()
    shake(client, server, request(DEFLATE), fields=AGREED)
    chat(client, server)
    text = " ".join(str(number * number) for number in range(300)).encode()
    client.send_in_pieces(client.make(TEXT, Deflater()(text), rsv=4), 300)
    settle(server)
    part(client, server)


def without_first_text(packets):
    """The capture begins after the handshake and the first frame."""
    return packets[packets.index(with_payload(packets)[3]) :]


@capture("message-not-inflated.midstream", "The capture begins after the handshake and a compressed text that the next refers to.",
         finding("capture-midstream"), by_server("message-not-inflated", 5), frames=7, alter=without_first_text)
def not_inflated_midstream(stage):
    client, server = stage.raw()
    shake(client, server, request(DEFLATE), fields=AGREED)
    deflate = Deflater()
    server.frame(TEXT, deflate(b"The same words again"), rsv=4)
    client.read_frame()
    chat(client, server)
    chat(client, server)
    server.frame(TEXT, deflate(b"The same words again"), rsv=4)
    client.read_frame()
    part(client, server)


# Messages that refer further back than was agreed on


def random_text(length):
    """A text in which no three letters come twice, so that a compressor finds only what is repeated on purpose."""
    text, seen = "", set()
    while len(text) < length:
        letter = random.choice(string.ascii_letters)
        if text[-2:] + letter not in seen:
            seen.add(text[-2:] + letter)
            text += letter
    return text.encode()


def with_window(parameter):
    return {"Sec-WebSocket-Extensions": f"permessage-deflate; {parameter}"}


@capture("message-window-exceeded", "The client may refer 512 bytes back, and its text repeats what stands 1,200 bytes before.",
         by_client("message-window-exceeded", 3))
def window_exceeded(stage):
    client, server = stage.raw()
    shake(client, server, request(with_window("client_max_window_bits")), fields=with_window("client_max_window_bits=9"))
    chat(client, server)
    text = random_text(1200)
    client.frame(TEXT, Deflater()(text + text[:200]), rsv=4)
    server.read_frame()
    part(client, server)


@capture("message-window-exceeded.server",
         "The server may refer 1,024 bytes back, and its second text repeats what stands in the first, 3,000 bytes before.",
         by_server("message-window-exceeded", 4))
def window_exceeded_by_server(stage):
    client, server = stage.raw()
    shake(client, server, request(with_window("server_max_window_bits=10")), fields=with_window("server_max_window_bits=10"))
    chat(client, server)
    deflate = Deflater()
    text = random_text(3000)
    for message in (text, text[:100]):
        server.frame(TEXT, deflate(message), rsv=4)
        client.read_frame()
    part(client, server)
