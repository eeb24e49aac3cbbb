"""random.pcap: random bytes both ways: in segments of all sizes, then in segments of 2 to 20 bytes.

The bytes are the same at each making.
"""

import random

from other import Other, joined, send

PORT = 7001
chance = random.Random(7001)


def talk(segments, shortest, longest):
    client, server = joined(PORT)
    with client, server:
        for _ in range(segments):
            sender, receiver = chance.choice([(client, server), (server, client)])
            send(sender, receiver, chance.randbytes(chance.randint(shortest, longest)))


with Other("random", ports=[PORT], protocols=["data"]):
    for _ in range(2):
        talk(20, 1, 1_400)
    for _ in range(4):
        talk(75, 2, 20)
