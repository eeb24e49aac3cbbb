"""Pings that nobody answers, though there is time. Frames 1 and 2 are a text and its answer; the ping comes next."""

import time

from stage import by_client, by_server, capture, chat, part, shake
from wire import PING, PONG


@capture("ping-unanswered", "The client does not answer a ping, and sends a text more than five seconds later.",
         by_client("ping-unanswered", 3))
def by_other_data(stage):
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    server.frame(PING, b"still there?")
    client.read_frame()
    time.sleep(5.1)
    chat(client, server)
    part(client, server)


@capture("ping-unanswered.other-pong", "The server answers a ping with other bytes, and sends a text more than five seconds later.",
         by_server("ping-unanswered", 3))
def by_other_pong(stage):
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    client.frame(PING, b"1")
    server.read_frame()
    server.frame(PONG, b"2")
    client.read_frame()
    time.sleep(5.1)
    chat(client, server)
    part(client, server)


@capture("ping-unanswered.repeated", "The client is silent through four pings; then the server closes.",
         by_client("ping-unanswered", 3))
def by_silence(stage):
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    for number in range(4):
        server.frame(PING, b"%d" % number)
        client.read_frame()
        time.sleep(0.8)
    part(server, client)
