"""The list of captures, the peers that take part in them, and what these usually do."""

import asyncio
import contextlib
import http.server
import logging
import socket
import threading
from dataclasses import dataclass, field
from typing import Callable

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.sync.server import serve

from wire import PORT, Peer, request, response

logging.getLogger("websockets").setLevel(logging.CRITICAL)

WHOLE = 262144


# The list


@dataclass
class Capture:
    name: str
    # One sentence about what is in it.
    what: str
    findings: tuple
    # Plays both sides.
    play: Callable
    # Damages the recorded packets.
    alter: Callable | None = None
    # Where it is not what the peers sent and read: frames that the capture holds, or holds a part of.
    frames: int | None = None
    options: list = field(default_factory=list)
    snapshot_length: int = WHOLE


captures = []


def capture(name, what, *findings, **more):
    """Adds a capture to the list; the decorated function plays it."""

    def add(play):
        captures.append(Capture(name, what, findings, play, **more))
        return play

    return add


def by_client(id, frame=None, connection=None):
    return finding(id, "client", frame, connection)


def by_server(id, frame=None, connection=None):
    return finding(id, "server", frame, connection)


def finding(id, sender=None, frame=None, connection=None):
    facts = {"connection": connection, "id": id, "sender": sender, "frame": frame}
    return {name: value for name, value in facts.items() if value is not None}


def closed_by_server(frame):
    """The server's close frame says that something failed; the client's is only the answer."""
    return by_server("close-abnormal", frame)


def closed_by_client(frame):
    return by_client("close-abnormal", frame)


REFUSED = by_server("handshake-refused")


# The peers


class Stage:
    """One capture's server socket and its peers."""

    def __init__(self, number):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", PORT))
        self.listener.listen()
        # No two captures share a port, so that nothing is left of one when the next begins.
        self.next_port = 40000 + 10 * number
        self.peers = []
        self.connections = 0

    def frames(self):
        return sum(peer.frames for peer in self.peers)

    def connected(self):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", self.next_port))
        self.next_port += 1
        self.connections += 1
        sock.connect(("127.0.0.1", PORT))
        return sock

    def peer(self, *arguments, **options):
        self.peers.append(Peer(*arguments, **options))
        return self.peers[-1]

    def raw(self):
        """A client and a server that both do as they are told."""
        client = self.peer(self.connected(), masks=True)
        return client, self.peer(self.listener.accept()[0], masks=False)

    def raw_client(self):
        return self.peer(self.connected(), masks=True, counts_read=True)

    @contextlib.contextmanager
    def real_server(self, compression=None, fails_at=None, **options):
        """A server by the library websockets, which sends back every message; one of them its handler cannot stand."""

        def echo(connection):
            for message in connection:
                if message == fails_at:
                    raise RuntimeError(message)
                connection.send(message)

        handler = echo if fails_at else swallowing(echo)
        with serve(handler, sock=self.listener, compression=compression, **options) as server:
            with running(server.serve_forever):
                try:
                    yield self.raw_client()
                finally:
                    server.shutdown()

    @contextlib.contextmanager
    def real_client(self, **options):
        """A client by the library websockets, which says hello and reads until the end. Gives the raw server."""

        def visit():
            with connect(f"ws://127.0.0.1:{PORT}/chat", sock=self.connected(), proxy=None, **options) as connection:
                connection.send("Hello")
                for _ in connection:
                    pass

        options.setdefault("compression", None)
        with running(swallowing(visit)):
            yield self.peer(self.listener.accept()[0], masks=False, counts_read=True)

    @contextlib.contextmanager
    def http_server(self, status):
        """Python's own web server, which knows nothing of WebSocket and answers with this status."""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if status != 200:
                    return self.send_error(status)
                page = b"<!DOCTYPE html><title>Shop</title><p>Welcome!\n"
                self.send_response(status)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", PORT), Handler, bind_and_activate=False)
        server.socket.close()
        server.socket = self.listener
        with running(server.handle_request):
            yield self.raw_client()

    def with_aiohttp(self, handler, talk):
        """A server by the library aiohttp with this handler, and a client that talks to it."""
        from aiohttp import web

        async def main():
            application = web.Application()
            application.router.add_get("/chat", handler)
            runner = web.AppRunner(application)
            await runner.setup()
            await web.SockSite(runner, self.listener).start()
            await asyncio.to_thread(talk, self.raw_client())
            await runner.cleanup()

        asyncio.run(main())


def swallowing(function):
    """What the other side does wrong ends real software with an error; that is what it is here for."""

    def quiet(*arguments):
        try:
            function(*arguments)
        except (WebSocketException, OSError, EOFError):
            pass

    return quiet


@contextlib.contextmanager
def running(function):
    thread = threading.Thread(target=function)
    thread.start()
    yield
    thread.join(10)


# What peers usually do


def shake(client, server, asked=None, **answer):
    """The opening handshake of two raw peers; `answer` is what is special in the response."""
    client.send(asked or request())
    server.send(response(server.read_head(), **answer))
    client.read_head()


def refuse(client, server, status, *fields):
    """A raw server's answer to a request that it has read."""
    server.send("\r\n".join([f"HTTP/1.1 {status}", *fields, "Connection: close", "Content-Length: 0", "", ""]).encode())
    client.read_head()
    hang_up(server, client)


def chat(client, server):
    client.text("Hello")
    server.read_frame()
    server.text("Hello")
    client.read_frame()


def part(client, server):
    """The closing handshake of two raw peers; the server ends TCP, as it should."""
    client.close()
    server.await_close()
    server.close()
    client.await_close()
    hang_up(server, client)


def hang_up(first, second):
    first.finish_sending()
    second.hang_up()
    first.await_end()


def greet(client, asked=None):
    """The opening handshake and a text with a real server, which sends it back: frames 1 and 2."""
    client.send(asked or request())
    client.read_head()
    client.text("Hello")
    client.read_frame()


def leave(client):
    """The closing handshake with a real server."""
    client.close()
    client.await_close()
    client.hang_up()


def give_way(client):
    """Answers the close frame of a real server, and leaves."""
    client.answer_close()
    client.hang_up()
