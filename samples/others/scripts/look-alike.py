"""look-alike.pcap: a type and a length of one byte each, where an answer is the type of its question and the highest bit.

What the server sends is made of well-formed frames to the last byte; what the client sends is not.
"""

import random

from other import Other, joined, send

PORT = 7004
chance = random.Random(7004)


def message(type, content):
    return bytes([type, len(content)]) + content


with Other("look-alike", ports=[PORT], protocols=["data"]):
    for _ in range(3):
        client, server = joined(PORT)
        with client, server:
            for _ in range(60):
                type = chance.choice([0x01, 0x02, 0x09, 0x0a])
                content = f"ferry {chance.randint(1, 999)} is late".encode() * chance.randint(0, 4)
                send(client, server, message(type, content))
                send(server, client, message(type | 0x80, content))
