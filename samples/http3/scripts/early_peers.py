"""aioquic-early.pcapng: a client that comes back, and asks for a socket in its first packets (0-RTT)."""

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


async def talk(recording, keys):
    tickets = []
    async with talking(PORT, keys, session_ticket_handler=tickets.append) as talker:
        await chat(await talker.open("/first", "chat"))
        talker.tunnels[0].end = "client closes"
        recording.add(talker.log())
    async with talking(PORT, keys, ticket=tickets[-1]) as talker:
        again = await talker.open("/again", "chat")
        await chat(again)
        await again.close()
        if not talker._quic.tls.early_data_accepted:
            raise SystemExit("the server did not take early data")
        recording.add(talker.log())


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, chain = certificate(folder)
        keys = folder / "early.keys"
        with running([sys.executable, Path(__file__).with_name("aioquic_server.py"), str(PORT), key, chain]):
            time.sleep(2)
            with Recording("aioquic-early", [PORT], "aioquic 1.7.2 with wsproto 1.3.2", keys) as recording:
                asyncio.run(asyncio.wait_for(talk(recording, keys), 30))


main()
