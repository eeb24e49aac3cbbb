"""The `websockets` server that other programs' clients talk to."""

import asyncio
import threading

from websockets.asyncio.server import serve

from recording import FrameLogs, certificate, facts, server_context
from sample import wait_until_open

PORT = 8443


class Server:
    """A `websockets` server in a thread of its own, which echoes what it gets."""

    def __init__(self, recording, keys=None, push=None, chain=None, tls_options=0,
                 **options):
        self.recording, self.keys, self.push = recording, keys, push
        self.chain, self.tls_options, self.options = chain, tls_options, options
        self.logs, self.closed = FrameLogs("server"), threading.Event()

    async def handle(self, connection):
        self.recording.tls = facts(connection)
        if self.push:
            await self.push(connection)
        async for message in connection:
            await connection.send(message)
        await connection.wait_closed()
        self.closed.set()

    async def run(self):
        self.loop, self.ended = asyncio.get_running_loop(), asyncio.Event()
        context = server_context(*(self.chain or certificate(self.recording.directory)), self.keys)
        context.options |= self.tls_options
        async with serve(self.handle, "127.0.0.1", PORT, ssl=context, ping_interval=None, logger=self.logs.logger,
                         **self.options):
            await self.ended.wait()

    def __enter__(self):
        self.thread = threading.Thread(target=lambda: asyncio.run(self.run()))
        self.thread.start()
        wait_until_open(PORT)
        return self

    def wait(self, seconds=60):
        """Waits until the one connection has ended."""
        if not self.closed.wait(seconds):
            raise SystemExit(f"{self.recording.name}: nothing was closed")

    def __exit__(self, *error):
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join(timeout=10)
