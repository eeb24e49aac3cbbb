"""What happens below WebSocket."""

import socket
import time

from stage import by_server, capture, chat, part, shake
from wire import BINARY


@capture("tcp-window-zero", "The server does not read for a second and a half, and its buffers are full.",
         by_server("tcp-window-zero"))
def server_stalls(stage):
    # What it accepts has buffers as small.
    stage.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    client, server = stage.raw()
    shake(client, server)
    chat(client, server)
    client.frame(BINARY, bytes(100_000))
    time.sleep(1.5)
    server.read_frame()
    part(client, server)
