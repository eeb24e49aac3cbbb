"""A receiver whose program reads nothing for a while, so that its window is closed. Frames 1 and 2 are a text and its answer."""

import socket
import time

from stage import by_server, capture, chat, part, shake
from wire import BINARY


def stall(stage, seconds):
    # So little room that it is full soon.
    stage.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    client.frame(BINARY, bytes(60_000))
    time.sleep(seconds)
    server.read_frame()
    part(client, server)


@capture("tcp-window-zero", "The server's program reads nothing for two and a half seconds.", by_server("tcp-window-zero"))
def for_seconds(stage):
    stall(stage, 2.5)


@capture("tcp-legal.window", "The server's program reads nothing for a third of a second, while its window is closed.")
def for_a_moment(stage):
    stall(stage, 0.33)
