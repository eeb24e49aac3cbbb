"""aioquic-*.pcapng: aioquic on both sides; the server asks for proof of the client's address before the handshake (Retry). A refusal,
a reset, and a socket that is open when the client closes the connection."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from quic_recording import Recording
from quic_talker import chat, converse, talking
from recording import certificate
from sample import running

PORT = 8766


async def ends(keys):
    """A refusal, a reset, and a socket that is open when the client closes the connection."""
    async with talking(PORT, keys) as talker:
        await talker.open("/forbidden")
        reset = await talker.open("/reset", "chat")
        await chat(reset)
        reset.reset(0x10C)
        left = await talker.open("/left", "chat")
        await chat(left)
        left.end = "client closes"
        log = talker.log()
    return log


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, chain = certificate(folder)
        server = Path(__file__).with_name("aioquic_server.py")
        with running([sys.executable, server, str(PORT), key, chain, "retry"]):
            time.sleep(2)
            for sample, talk in [("retry", lambda keys: converse(PORT, keys)), ("ends", ends)]:
                keys = folder / f"{sample}.keys"
                with Recording(f"aioquic-{sample}", [PORT], "aioquic 1.7.2 with wsproto 1.3.2", keys) as recording:
                    recording.add(asyncio.run(asyncio.wait_for(talk(keys), 30)))


main()
