"""redis.pcap: redis-cli, then redis-py in both versions of the protocol: binary values, a pipeline, publish and subscribe."""

import random

import redis

from other import Other, run, serving

PORT = 6379
chance = random.Random(6379)


def visit(version):
    client = redis.Redis(port=PORT, protocol=version)
    for length in [0, 1, 2, 5, 60, *range(124, 132), 300, 2_000]:
        client.set("value", chance.randbytes(length))
        client.get("value")
    client.set("value", b"\x81\x05Hello\x82\x00" * 20)
    client.getrange("value", 7, 60)
    with client.pipeline(transaction=version == 3) as pipeline:
        for number in range(30):
            pipeline.hset(f"ferry:{number}", mapping={"name": f"ferry {number}", "late": number / 7})
            pipeline.hgetall(f"ferry:{number}")
            pipeline.zadd("late", {f"ferry {number}": number % 7})
        pipeline.execute()
    client.zrange("late", 0, -1, withscores=True)
    subscriber = client.pubsub(ignore_subscribe_messages=True)
    subscriber.subscribe("harbour")
    for number in range(25):
        client.publish("harbour", chance.randbytes(number))
        while subscriber.get_message(timeout=0.01) is None:
            pass
    subscriber.close()
    client.close()


with serving(["redis-server", "--port", PORT, "--bind", "127.0.0.1", "--save", ""], PORT):
    with Other("redis", ports=[PORT], protocols=["resp"]):
        # One at a time: with commands from standard input, it would first ask for the whole manual.
        for command in ("PING", "SET name Kofi", "GET name", "INCR count", "LPUSH list a b c", "LRANGE list 0 -1", "NONSENSE", "INFO memory"):
            run("redis-cli", "-p", PORT, *command.split())
        for version in (2, 3):
            visit(version)
