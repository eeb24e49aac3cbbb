"""hypercorn-refused.pcapng: hypercorn refuses one socket and agrees on another. hypercorn-forbidden.pcapng: it refuses one with a field that
HTTP/3 does not allow, so that the client closes the connection."""

import asyncio
import sys
import tempfile
from pathlib import Path

from quic_recording import Recording
from quic_talker import chat, talking
from recording import certificate
from sample import running, wait_until_open

PORT = 8765


async def talk(keys):
    async with talking(PORT, keys) as talker:
        await talker.open("/denied", "chat")
        agreed = await talker.open("/agreed", "chat")
        await chat(agreed)
        await agreed.close()
        return talker.log()


async def fail(keys):
    """What the client says of the answer that it got."""
    async with talking(PORT, keys) as talker:
        try:
            await talker.open("/forbidden", "chat")
        except asyncio.TimeoutError:
            tunnel = talker.log()["tunnels"][0]
            return talker.log() | {"tunnels": [], "failed": {**tunnel, "closed_with": talker.closed_with}}
    raise SystemExit("the client took the answer")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, chain = certificate(folder)
        address = f"127.0.0.1:{PORT}"
        command = [
            sys.executable, "-m", "hypercorn", "app:application", "-b", address, "--quic-bind", address,
            "--log-level", "error", "--keyfile", key, "--certfile", chain]
        with running(command):
            wait_until_open(PORT)
            for kind, say in [("refused", talk), ("forbidden", fail)]:
                peers = "hypercorn 0.18.0, aioquic 1.7.2 with wsproto 1.3.2"
                keys = folder / f"{kind}.keys"
                with Recording(f"hypercorn-{kind}", [PORT], peers, keys) as recording:
                    recording.add(asyncio.run(asyncio.wait_for(say(keys), 30)))


main()
