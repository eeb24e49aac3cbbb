"""aioquic-resets.pcapng: a stream that the server resets, and one of which the client does not want to receive any more (STOP_SENDING)."""

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
        failing = await talker.open("/fails", "chat")
        await chat(failing)
        await talker.until(lambda: failing.end)
        stopped = await talker.open("/stopped", "chat")
        await chat(stopped)
        stopped.stop(0x10C)
        await talker.request("/page")
        return talker.log()


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, chain = certificate(folder)
        keys = folder / "resets.keys"
        with running([sys.executable, Path(__file__).with_name("aioquic_server.py"), str(PORT), key, chain]):
            time.sleep(2)
            with Recording("aioquic-resets", [PORT], "aioquic 1.7.2 with wsproto 1.3.2", keys) as recording:
                recording.add(asyncio.run(asyncio.wait_for(talk(keys), 30)))


main()
