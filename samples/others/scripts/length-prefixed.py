"""length-prefixed.pcap: protocols as people make them up: a type and a length of one byte each; four bytes of length and JSON."""

import json
import random
import struct

from other import Other, joined, send

PORT = 7003
chance = random.Random(7003)


def typed(types):
    """A byte for the type, a byte for the length, and as many bytes as it says."""
    length = chance.choice([0, 1, 2, 4, 8, chance.randint(0, 255)])
    return bytes([chance.choice(types), length]) + chance.randbytes(length)


def measured(form):
    """A length, by the given form, and JSON."""
    text = json.dumps({"ferry": chance.randint(1, 999), "late": chance.random(), "log": "~" * chance.choice([0, 9, 80, 200])})
    return struct.pack(form, len(text)) + text.encode()


def talk(question, answer):
    client, server = joined(PORT)
    with client, server:
        for _ in range(20):
            send(client, server, question())
            # Several in one segment, as a busy server sends them.
            send(server, client, b"".join(answer() for _ in range(chance.choice([1, 1, 2, 5]))))


with Other("length-prefixed", ports=[PORT], protocols=["data"]):
    talk(lambda: typed([1, 2, 3, 4]), lambda: typed([1, 2, 3, 9, 10]))
    talk(lambda: typed(range(256)), lambda: typed(range(256)))
    for form in (">I", "<I", ">H", "<H"):
        talk(lambda: measured(form), lambda: measured(form))
