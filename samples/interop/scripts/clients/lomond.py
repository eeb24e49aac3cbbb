"""Lomond, a client of events."""

from lomond import WebSocket

import peer

peer.version("lomond")
connection = WebSocket(peer.url(), compress=peer.parameters().get("deflate", False), proxies={})
steps, unanswered = peer.steps(), 0


def go_on():
    """Takes the steps up to the next wait for an answer."""
    global unanswered
    for name, arguments in steps:
        if name == "send":
            [message] = arguments
            (connection.send_text if isinstance(message, str) else connection.send_binary)(message)
            unanswered += 1
        elif name == "ping":
            connection.send_ping(*arguments)
        elif name == "close":
            connection.close(arguments[0], arguments[1].encode())
        elif unanswered:
            return


for event in connection.connect(ping_rate=0):
    if event.name == "ready":
        go_on()
    elif event.name in ("text", "binary"):
        peer.got(event.text if event.name == "text" else event.data)
        unanswered -= 1
        if not unanswered:
            go_on()
    elif event.name == "closed":
        peer.closed(event.code)
