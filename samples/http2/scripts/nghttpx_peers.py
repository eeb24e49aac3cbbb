"""nghttpx.pcap, nghttpx-tls.pcap: nghttpx, which speaks HTTP/1.1 to the server behind it, and h2 with wsproto; with prior
knowledge, and in TLS."""

import sys
import tempfile
from pathlib import Path

from recording import Recording, certificate
from sample import running, wait_until_open
from talker import converse

CLEAR, TLS, BEHIND = 8765, 8766, 8767
PEERS = "nghttpx 1.52.0, h2 4.4.1 with wsproto 1.3.2, websockets 17.4 behind"


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        key, chain = certificate(folder)
        behind = [sys.executable, Path(__file__).parent / "echo.py", str(BEHIND)]
        proxy = [
            "nghttpx", f"-f127.0.0.1,{TLS}", f"-f127.0.0.1,{CLEAR};no-tls", f"-b127.0.0.1,{BEHIND}", "--no-ocsp",
            "--errorlog-file=/dev/null", "--accesslog-file=/dev/null", "--conf=/dev/null", key, chain]
        with running(behind), running(proxy):
            wait_until_open(BEHIND)
            wait_until_open(TLS)
            wait_until_open(CLEAR)
            with Recording("nghttpx", [CLEAR], PEERS) as recording:
                recording.add(converse(CLEAR, refused=["/forbidden"]))
            with Recording("nghttpx-tls", [TLS], PEERS, keys=folder / "keys") as recording:
                recording.add(converse(TLS, tls=True, keys=folder / "keys"))


main()
