"""The `websockets` server that other programs' clients talk to."""

import asyncio
import contextlib
import threading

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosedOK

from recording import FrameLogs, certificate, facts, server_context
from sample import wait_until_open

PORT, CLEAR = 8443, 8080


class Server:
    """A `websockets` server in a thread of its own, which echoes what it gets; in the clear for a program that ends TLS."""

    def __init__(self, recording, keys=None, push=None, chain=None, tls_options=0, clear=False,
                 **options):
        self.recording, self.keys, self.push = recording, keys, push
        self.chain, self.tls_options, self.clear, self.options = chain, tls_options, clear, options
        self.port = CLEAR if clear else PORT
        self.logs, self.closed = FrameLogs("server"), threading.Event()

    async def handle(self, connection):
        if not self.clear:
            self.recording.tls = facts(connection)
        if self.push:
            await self.push(connection)
        # A page closes at once after its report: often before that is answered.
        with contextlib.suppress(ConnectionClosedOK):
            async for message in connection:
                await connection.send(message)
        await connection.wait_closed()
        self.closed.set()

    async def run(self):
        self.loop, self.ended = asyncio.get_running_loop(), asyncio.Event()
        context = None if self.clear else self.context()
        async with serve(self.handle, "127.0.0.1", self.port, ssl=context, ping_interval=None, logger=self.logs.logger,
                         **self.options):
            await self.ended.wait()

    def context(self):
        context = server_context(*(self.chain or certificate(self.recording.directory)), self.keys)
        context.options |= self.tls_options
        return context

    def __enter__(self):
        self.thread = threading.Thread(target=lambda: asyncio.run(self.run()))
        self.thread.start()
        wait_until_open(self.port)
        return self

    def wait(self, seconds=60):
        """Waits until the one connection has ended."""
        if not self.closed.wait(seconds):
            raise SystemExit(f"{self.recording.name}: nothing was closed")

    def __exit__(self, *error):
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join(timeout=10)
