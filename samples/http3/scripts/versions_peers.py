"""aioquic-versions.pcapng: a client that begins with a version that no server knows, is told which ones there are (Version Negotiation), and
begins anew with one of those."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from quic_recording import Recording
from quic_talker import converse
from recording import certificate
from sample import running

PORT = 8766
# Reserved for this: RFC 9000 section 15.
UNKNOWN = 0x1A2A3A4A


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, chain = certificate(folder)
        keys = folder / "versions.keys"
        with running([sys.executable, Path(__file__).with_name("aioquic_server.py"), str(PORT), key, chain]):
            time.sleep(2)
            with Recording("aioquic-versions", [PORT], "aioquic 1.7.2 with wsproto 1.3.2", keys) as recording:
                recording.add(asyncio.run(asyncio.wait_for(converse(PORT, keys, version=UNKNOWN), 30)))


main()
