"""zeros.pcap: nothing but zeros, then nothing but 0x81, 0x82 and other bytes that begin a frame, in segments of all sizes."""

import random

from other import Other, joined, send

PORT = 7002
chance = random.Random(7002)

FILLINGS = [b"\x00", b"\x81", b"\x82", b"\x81\x00", b"\x82\x00", b"\x89\x00", b"\x8a\x80", b"\x01", b"\xff"]


def talk(filling):
    client, server = joined(PORT)
    with client, server:
        for _ in range(24):
            sender, receiver = chance.choice([(client, server), (server, client)])
            length = chance.choice([1, 2, 3, 4, 6, 14, 127, 130, 1_000])
            send(sender, receiver, filling * length)


with Other("zeros", ports=[PORT], protocols=["data"]):
    for filling in FILLINGS:
        talk(filling)
