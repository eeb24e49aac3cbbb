"""A peer of AMQP 1.0 by qpid-proton, over TCP: `amqp_peer.py server PORT`, or `client PORT`. Proton writes each frame that it
sends to standard error (PN_TRACE_FRM)."""

import sys

from proton import Message, symbol
from proton.handlers import MessagingHandler
from proton.reactor import Container

role, url = sys.argv[1], f"127.0.0.1:{sys.argv[2]}"


class Server(MessagingHandler):
    """Takes what is sent to `tide`, but for what is `high`."""

    def __init__(self):
        super().__init__(auto_accept=False)

    def on_start(self, event):
        event.container.listen(url)

    def on_link_opening(self, event):
        event.link.target.address = event.link.remote_target.address
        event.link.source.address = event.link.remote_source.address

    def on_message(self, event):
        if event.message.body == "high":
            self.reject(event.delivery)
        else:
            self.accept(event.delivery)


class Client(MessagingHandler):
    def on_start(self, event):
        connection = event.container.connect(url, reconnect=False, allowed_mechs="ANONYMOUS")
        self.bodies = ["low", "rising", "high"]
        self.settled = 0
        event.container.create_sender(connection, "tide", name="quay-1")

    def on_sendable(self, event):
        while self.bodies and event.sender.credit:
            event.sender.send(Message(body=self.bodies.pop(0)))

    def on_settled(self, event):
        self.settled += 1
        if self.settled == 3:
            event.connection.close()


container = Container(Server() if role == "server" else Client())
container.container_id = "ship"
container.run()
