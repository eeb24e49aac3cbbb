"""amqp.pcap: Pika and RabbitMQ, AMQP 0-9-1 with binary messages, acknowledgements and heartbeats."""

import os
import random

import pika

from other import Other, folder, serving

PORT = 5672
chance = random.Random(5672)


def visit():
    place = pika.ConnectionParameters("127.0.0.1", PORT, heartbeat=2)
    connection = pika.BlockingConnection(place)
    channel = connection.channel()
    channel.confirm_delivery()
    for name in ("ferries", "tides"):
        channel.queue_declare(name)
    for length in [0, 1, 2, 5, 60, *range(124, 132), 300, 4_000]:
        channel.basic_publish("", "ferries", chance.randbytes(length), pika.BasicProperties(headers={"late": length}))
    for _ in range(8):
        method, _, _ = channel.basic_get("ferries")
        channel.basic_ack(method.delivery_tag)
    for method, _, _ in channel.consume("ferries", inactivity_timeout=0.5):
        if method is None:
            break
        channel.basic_ack(method.delivery_tag)
    # Heartbeats of both sides.
    connection.sleep(4)
    connection.close()


with folder() as path:
    where = {"RABBITMQ_NODENAME": "rabbit@localhost", "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "HOME": path,
             "RABBITMQ_MNESIA_BASE": path / "data", "RABBITMQ_LOG_BASE": path / "log",
             "RABBITMQ_ENABLED_PLUGINS_FILE": path / "plugins", "RABBITMQ_CONFIG_FILE": path / "configuration", "RABBITMQ_DIST_PORT": "25672"}
    # RabbitMQ would start epmd itself if there were none, and leave it behind.
    environment = {**os.environ, **{name: str(value) for name, value in where.items()}}
    with (serving(["epmd", "-address", "127.0.0.1"], 4369),
          serving(["/usr/lib/rabbitmq/bin/rabbitmq-server"], PORT, env=environment)):
        with Other("amqp", ports=[PORT], protocols=["amqp"]):
            visit()
