"""memcached.pcap: the text protocol by pymemcache, the binary one by python-binary-memcached.

Every binary answer begins with 0x81 and the number of the command: like a final text frame and its length.
"""

import random

import bmemcached
from pymemcache.client.base import Client

from other import Other, serving

PORT = 11211
LENGTHS = [0, 1, 2, 5, 17, 60, 124, 125, 126, 127, 128, 129, 130, 300, 3_000]
chance = random.Random(11211)


def in_text():
    client = Client(("127.0.0.1", PORT), no_delay=True, default_noreply=False)
    for length in LENGTHS:
        client.set("value", chance.randbytes(length))
        client.get("value")
    client.set_many({f"ferry-{number}": f"{number % 7} minutes late" for number in range(20)})
    client.get_many([f"ferry-{number}" for number in range(25)])
    client.set("count", 7)
    client.incr("count", 3)
    client.delete("value")
    client.stats()
    client.close()


def in_binary():
    client = bmemcached.Client(("127.0.0.1:11211",))
    for length in LENGTHS:
        client.set("value", chance.randbytes(length))
        client.get("value")
        client.get(f"nobody-{length}")
    client.set_multi({f"ferry-{number}": f"{number % 7} minutes late" for number in range(20)})
    client.get_multi([f"ferry-{number}" for number in range(25)])
    for number in range(10):
        client.incr("count", number)
        client.add("name", "Kofi")
        client.delete("name")
    client.stats()
    client.flush_all()
    client.disconnect_all()


with serving(["memcached", "-u", "root", "-l", "127.0.0.1", "-p", PORT, "-U", "0"], PORT):
    with Other("memcached", ports=[PORT], protocols=["memcache"]):
        in_text()
        in_binary()
