"""Captures of connections in which nothing was wrong: recorded packets are taken away, cut or damaged afterwards."""

import json
import struct
import time

from packets import RST
from stage import by_client, by_server, capture, chat, finding, part, shake
from wire import BINARY, PORT, request, response


def without(*numbers):
    """Takes away packets, by their numbers among those with payload; 0 is the request."""

    def alter(packets):
        gone = [packet for number, packet in enumerate(with_payload(packets)) if number in numbers]
        return [packet for packet in packets if packet not in gone]

    return alter


def with_payload(packets):
    return [packet for packet in packets if packet.payload_length]


def begun(stage):
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    return client, server


def settle(receiver):
    """Reads a frame, and stays silent until a reader of the capture may be sure that nothing of it comes late."""
    receiver.read_frame()
    time.sleep(0.7)


# The packets with payload are: request, response, the two texts of the chat, and then those of which one is taken away.


@capture("capture-bytes-missing", "A packet in the middle of a long frame is missing.",
         finding("capture-bytes-missing"), frames=5, alter=without(5))
def bytes_missing(stage):
    client, server = begun(stage)
    client.send_in_pieces(client.make(BINARY, bytes(range(256)) * 12), 1024)
    settle(server)
    part(client, server)


def cut_to(snapshot_length):
    def alter(packets):
        for packet in packets:
            packet.cut(snapshot_length)
        return packets

    return alter


@capture("capture-snaplen", "Packets were captured up to 400 bytes: the payload of a long text is cut.",
         finding("capture-snaplen"), frames=6, alter=cut_to(400), snapshot_length=400)
def snaplen(stage):
    client, server = begun(stage)
    client.text("A long story. " * 80)
    server.read_frame()
    server.text("I see")
    client.read_frame()
    part(client, server)


def without_handshake(packets):
    return packets[packets.index(with_payload(packets)[2]) :]


@capture("capture-midstream", "The capture begins after the handshake.", finding("capture-midstream"), alter=without_handshake)
def midstream(stage):
    client, server = begun(stage)
    for _ in range(3):
        chat(client, server)
    part(client, server)


def only_from_client(packets):
    return [packet for packet in packets if packet.destination == PORT]


def only_from_server(packets):
    return [packet for packet in packets if packet.source == PORT]


for side, only in (("client", only_from_client), ("server", only_from_server)):

    @capture(f"capture-one-sided.{side}", f"Only the packets of the {side} were captured.",
             finding("capture-one-sided"), frames=3, alter=only)
    def _(stage):
        client, server = begun(stage)
        chat(client, server)
        part(client, server)


@capture("capture-head-cut", "Packets were captured up to 120 bytes: both heads are cut, the frames are whole.",
         finding("capture-head-cut"), finding("capture-head-cut"), finding("capture-snaplen"), finding("capture-snaplen"),
         frames=4, alter=cut_to(120), snapshot_length=120)
def heads_cut(stage):
    client, server = begun(stage)
    part(client, server)


def begun_in_pieces(stage):
    """The response comes in two packets."""
    client, server = stage.raw()
    client.send(request())
    server.send_in_pieces(response(server.read_head()), 60)
    client.read_head()
    return client, server


@capture("capture-head-cut.lost", "The second packet of the response is missing.",
         finding("capture-head-cut"), finding("capture-bytes-missing"), frames=4, alter=without(2))
def head_lost(stage):
    client, server = begun_in_pieces(stage)
    chat(client, server)
    part(client, server)


def up_to_the_head(packets):
    return packets[: packets.index(with_payload(packets)[1]) + 1]


@capture("capture-head-cut.end", "The capture ends within the response.",
         finding("capture-head-cut"), frames=0, alter=up_to_the_head)
def head_ends(stage):
    client, server = begun_in_pieces(stage)
    chat(client, server)
    part(client, server)


def two_frames_in_three_segments(sender, receiver):
    """The second segment, which will be missing, ends one frame and begins another."""
    sender.send_in_pieces(sender.make(BINARY, b"a" * 200) + sender.make(BINARY, b"b" * 200), 140)
    receiver.read_frame()
    settle(receiver)


@capture("capture-sync-lost", "The packet that holds the beginning of a frame is missing, and only a close frame comes after it.",
         finding("capture-bytes-missing"), finding("capture-sync-lost"),
         # The two of the chat, a part of the first long one, and the server's close frame.
         frames=4, alter=without(5))
def sync_lost(stage):
    client, server = begun(stage)
    two_frames_in_three_segments(client, server)
    part(client, server)


def resynchronised(name, side):
    # The two of the chat, a part of the first long one, twelve texts, and the two close frames.
    @capture(name, f"The packet that holds the beginning of a frame of the {side} is missing; many whole frames come after it.",
             finding("capture-bytes-missing"), finding("capture-resynchronised"), frames=17, alter=without(5))
    def _(stage):
        client, server = begun(stage)
        sender, receiver = (client, server) if side == "client" else (server, client)
        two_frames_in_three_segments(sender, receiver)
        for number in range(12):
            sender.text(json.dumps({"type": "price", "symbol": "ACME", "number": number, "price": 100 + number / 4}))
            receiver.read_frame()
        part(client, server)


resynchronised("capture-resynchronised", "client")
resynchronised("capture-resynchronised.server", "server")


def lost_without_acknowledgment(packets):
    """Takes away one packet, and what the server said while the frame went on: nothing tells that it was delivered."""
    payloads = with_payload(packets)
    first, gone, last = payloads[4], payloads[5], payloads[19]
    silent = packets[packets.index(first) : packets.index(last)]
    return [packet for packet in packets if packet is not gone and not (packet in silent and packet.source == PORT)]


@capture("capture-limit-reached", "A packet of a long frame is missing, and more waits behind it than --max-held allows.",
         finding("capture-bytes-missing"), finding("capture-limit-reached"), frames=5, alter=lost_without_acknowledgment,
         options=["--max-held", "2000"])
def limit_reached(stage):
    client, server = begun(stage)
    client.send_in_pieces(client.make(BINARY, bytes(range(256)) * 32), 512)
    server.read_frame()
    part(client, server)


def flip(payload):
    """Changes a bit of the last byte: more changes could cancel out in a checksum."""
    return payload[:-1] + bytes([payload[-1] ^ 0x20])


def followed(number, make):
    """Puts another packet behind one with payload; all of them have right checksums."""

    def alter(packets):
        packet = with_payload(packets)[number]
        packets.insert(packets.index(packet) + 1, make(packet))
        for packet in packets:
            packet.set_checksum()
        return packets

    return alter


def repeated_otherwise(number):
    """Lets a packet come again with other bytes."""
    return followed(number, lambda packet: packet.copy(flip))


@capture("tcp-conflicting-overlap", "The segment of the client's text comes again with other bytes.",
         by_client("tcp-conflicting-overlap"), alter=repeated_otherwise(2))
@capture("tcp-conflicting-overlap.server", "The segment of the server's text comes again with other bytes.",
         by_server("tcp-conflicting-overlap"), alter=repeated_otherwise(3))
def conflicting_overlap(stage):
    client, server = begun(stage)
    chat(client, server)
    part(client, server)


def fragment(packet, bytes_, offset, more):
    """A packet with a part of the payload of an IP packet, beginning at an offset in bytes."""
    header = bytearray(packet.data[14:34])
    header[2:4] = (20 + len(bytes_)).to_bytes(2, "big")
    header[6:8] = (offset // 8 | more << 13).to_bytes(2, "big")
    header[10:12] = bytes(2)
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    header[10:12] = (~(total + (total >> 16)) & 0xFFFF).to_bytes(2, "big")
    other = packet.copy(lambda payload: payload)
    other.data = packet.data[:14] + bytes(header) + bytes_
    other.length = len(other.data)
    return other


def in_fragments(number, changed_first):
    """Lets a packet come in fragments, of whose second there is a copy with other bytes, before it or after it."""

    def alter(packets):
        for packet in packets:
            packet.set_checksum()
        packet = with_payload(packets)[number]
        whole = packet.data[34:]
        second = [(whole[24:40], 24), (whole[24:39] + bytes([whole[39] ^ 0x20]), 24)]
        parts = [(whole[:24], 0)] + (second[::-1] if changed_first else second) + [(whole[40:], 40)]
        made = [fragment(packet, bytes_, offset, offset < 40) for bytes_, offset in parts]
        for index, part_ in enumerate(made):
            part_.time = packet.time + index * 1000
        place = packets.index(packet)
        packets[place : place + 1] = made
        return packets

    return alter


@capture("ip-conflicting-overlap", "The client's text comes in fragments; of one there is a second copy with other bytes.",
         by_client("ip-conflicting-overlap"), alter=in_fragments(4, False))
@capture("ip-conflicting-overlap.server", "The same for the server's text; the copy with other bytes comes first.",
         by_server("ip-conflicting-overlap"), alter=in_fragments(5, True))
def conflicting_fragments(stage):
    client, server = begun(stage)
    client.text("Is the ferry still on time this morning?")
    server.read_frame()
    server.text("It leaves at ten past nine, from pier 3.")
    client.read_frame()
    part(client, server)


def twice(change):
    """Lets each packet come a second time, 20 microseconds later, as another place in the network sees it."""

    def alter(packets):
        made = []
        for packet in packets:
            packet.set_checksum()
            other = packet.copy(lambda payload: payload)
            other.time = packet.time + 20_000
            change(other)
            other.length = len(other.data)
            made += [packet, other]
        return sorted(made, key=lambda packet: packet.time)

    return alter


def tag(packet):
    packet.data = packet.data[:12] + struct.pack("!HH", 0x8100, 10) + packet.data[12:]


def translate(packet):
    """The server has another address and another port."""
    data = bytearray(packet.data)
    for address, port, sent in ((26, 34, packet.source), (30, 36, packet.destination)):
        if sent == PORT:
            data[address : address + 4] = bytes([127, 0, 0, 2])
            data[port : port + 2] = (9090).to_bytes(2, "big")
    packet.data = bytes(data)
    packet.set_checksum()


for variant, change, where in (
    ("", tag, "in a VLAN"),
    (".translated", translate, "behind a translation of the server's address"),
):

    @capture(f"capture-duplicated{variant}", f"Each packet was captured twice, the second time {where}.",
             finding("capture-duplicated", connection=2), frames=8, alter=twice(change))
    def _(stage):
        client, server = begun(stage)
        part(client, server)


def damaged_first(number):
    """Lets a packet come damaged before it comes as it was sent; only the damaged one's checksum is wrong."""

    def alter(packets):
        packet = with_payload(packets)[number]
        damaged = packet.copy(lambda payload: payload)
        packets.insert(packets.index(packet), damaged)
        damaged.time = packet.time
        for packet in packets:
            packet.set_checksum()
        damaged.data = damaged.data[: damaged.payload_start] + flip(damaged.payload())
        return packets

    return alter


@capture("tcp-checksum-wrong", "The segment of the client's text comes damaged, with a wrong checksum, and then as it was sent.",
         by_client("tcp-checksum-wrong"), alter=damaged_first(2))
@capture("tcp-checksum-wrong.server", "The same for the server's text.",
         by_server("tcp-checksum-wrong"), alter=damaged_first(3))
def checksum_wrong(stage):
    client, server = begun(stage)
    part(client, server)


def reset_ahead(number):
    """Forges a RST of who sent a packet, 100 bytes ahead: its receiver answers with a challenge, and both go on."""

    def forged(packet):
        reset = packet.copy(lambda payload: b"")
        reset.forge(RST, packet.payload_length + 100)
        return reset

    return followed(number, forged)


@capture("tcp-segment-ignored", "After the client's text comes a RST in its name that does not lie at the next byte.",
         by_client("tcp-segment-ignored"), alter=reset_ahead(2))
@capture("tcp-segment-ignored.server", "The same after the server's text.",
         by_server("tcp-segment-ignored"), alter=reset_ahead(3))
def segment_ignored(stage):
    client, server = begun(stage)
    chat(client, server)
    part(client, server)
