"""A development server and its page, where neither Debian nor PyPI has the real ones: what the server says is written from
the description of the protocol."""

import asyncio
import json

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from recording import Recording

PORT = 8765


def record(name, described, path, subprotocol, said, asked=(), findings=()):
    """Has the server say each of `said`: a message, and its name where it has one. The page says what is in `asked`."""

    async def main(recording):
        connection = recording.connection()

        async def accept(socket):
            for message, name in said:
                failed = message["type"] in ("error", "errors")
                connection.log("server", message["type"], name=name, error=failed)
                await socket.send(json.dumps(message))
            async for _ in socket:
                pass

        options = {"subprotocols": [subprotocol] if subprotocol else None}
        async with serve(accept, "127.0.0.1", PORT, ping_interval=None, compression=None, **options):
            url = f"ws://127.0.0.1:{PORT}{path}"
            async with connect(url, ping_interval=None, compression=None, **options) as socket:
                for _ in said:
                    await socket.recv()
                for message in asked:
                    connection.log("client", message["type"])
                    await socket.send(json.dumps(message))

    with Recording(name, [PORT], f"written from {described}", name, findings) as recording:
        asyncio.run(main(recording))
