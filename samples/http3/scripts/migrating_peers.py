"""aioquic-migrated.pcapng: a client that goes on from another port, with another connection ID, in the middle of a message's answer and once
more from a third one (RFC 9000 §9)."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from quic_recording import Recording
from quic_talker import chat, talking
from recording import certificate
from sample import running

PORT = 8766


async def talk(keys):
    async with talking(PORT, keys) as talker:
        port = talker._transport.get_extra_info("sockname")[1]
        socket = await talker.open("/moving", "chat")
        await chat(socket)
        for _ in range(2):
            await talker.migrate()
            socket.messages.clear()
            await chat(socket, 1536)
        await socket.close()
        return talker.log() | {"client_port": port}


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, chain = certificate(folder)
        keys = folder / "migrated.keys"
        with running([sys.executable, Path(__file__).with_name("aioquic_server.py"), str(PORT), key, chain]):
            time.sleep(2)
            with Recording("aioquic-migrated", [PORT], "aioquic 1.7.2 with wsproto 1.3.2", keys) as recording:
                recording.add(asyncio.run(asyncio.wait_for(talk(keys), 30)))


main()
