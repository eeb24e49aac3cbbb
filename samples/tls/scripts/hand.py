"""WebSocket peers of `websockets` without I/O of their own, which talk through the TLS of another program.

`openssl s_client`, `openssl s_server` and `gnutls-cli` give their standard input and output to the other side.
"""

import os
import select
import subprocess
import time

from websockets.client import ClientProtocol
from websockets.http11 import USER_AGENT
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from recording import NAME, FrameLogs


class Pipe:
    """A program whose standard input and output are a connection."""

    def __init__(self, command, environment=None, log=os.devnull):
        with open(log, "w") as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                                            env=os.environ | (environment or {}))
        self.killed = False

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def read(self, seconds):
        """What comes within this time; nothing if nothing does, or at the end."""
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        return os.read(self.process.stdout.fileno(), 65536) if ready else b""

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.killed = True

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(timeout=5)
        finally:
            self.kill()


class HandPeer:
    """A peer that sends when it is told to, and reads until it has what it waits for."""

    def __init__(self, side, pipe):
        self.pipe, self.logs = pipe, FrameLogs(side)
        self.handshaken = []

    def flush(self):
        for data in self.protocol.data_to_send():
            if data:
                self.pipe.write(data)
                # Each write becomes a record of its own.
                time.sleep(0.05)

    def flush_at_once(self):
        self.pipe.write(b"".join(self.protocol.data_to_send()))

    def read_until(self, condition, seconds=10):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise SystemExit(f"the other side did not answer; so far {self.log.heard}")
            data = self.pipe.read(0.1)
            if data:
                self.protocol.receive_data(data)
                self.handshaken += self.protocol.events_received()
                self.flush()

    def expect(self, number):
        """Reads until so many messages and control frames have come."""
        self.read_until(lambda: self.logs.all() and len(self.log.heard) >= number)

    @property
    def log(self):
        return self.logs.all()[0]

    def text(self, words):
        self.protocol.send_text(words.encode())
        self.flush()

    def binary(self, data):
        self.protocol.send_binary(data)
        self.flush()

    def ping(self, data):
        self.protocol.send_ping(data)
        self.flush()

    def close(self, code=1000, reason="done"):
        self.protocol.send_close(code, reason)
        self.flush()
        self.read_until(lambda: self.protocol.close_rcvd is not None)


class HandClient(HandPeer):
    def __init__(self, pipe, port, path="/feed"):
        super().__init__("client", pipe)
        self.protocol = ClientProtocol(parse_uri(f"wss://{NAME}:{port}{path}"), logger=self.logs.logger)

    def request(self):
        """The bytes of the opening handshake; a program sends them."""
        request = self.protocol.connect()
        request.headers["User-Agent"] = USER_AGENT
        self.protocol.send_request(request)
        return b"".join(self.protocol.data_to_send())

    def open(self):
        self.pipe.write(self.request())
        self.await_opening()

    def await_opening(self):
        self.read_until(lambda: self.handshaken)
        if self.protocol.handshake_exc:
            raise self.protocol.handshake_exc


class HandServer(HandPeer):
    def __init__(self, pipe):
        super().__init__("server", pipe)
        self.protocol = ServerProtocol(logger=self.logs.logger)

    def open(self):
        self.read_until(lambda: self.handshaken)
        self.protocol.send_response(self.protocol.accept(self.handshaken[0]))
        self.flush()
