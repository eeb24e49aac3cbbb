"""haproxy.pcap, haproxy-tls.pcap: haproxy, which speaks HTTP/1.1 to the server behind it, and h2 with wsproto; with prior
knowledge, and in TLS."""

import sys
import tempfile
from pathlib import Path

from recording import Recording, certificate
from sample import running, wait_until_open
from talker import converse

CLEAR, TLS, BEHIND = 8765, 8766, 8767
PEERS = "haproxy 2.6.12, h2 4.4.1 with wsproto 1.3.2, websockets 17.4 behind"
CONFIGURATION = f"""
defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 2s
  timeout tunnel 60s
frontend both
  bind 127.0.0.1:{CLEAR} proto h2
  bind 127.0.0.1:{TLS} ssl crt %s alpn h2
  default_backend behind
backend behind
  server one 127.0.0.1:{BEHIND}
"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        key, chain = certificate(folder)
        both, configuration = folder / "both.pem", folder / "haproxy.cfg"
        both.write_text(key.read_text() + chain.read_text())
        configuration.write_text(CONFIGURATION % both)
        behind = [sys.executable, Path(__file__).parent / "echo.py", str(BEHIND)]
        with running(behind), running(["haproxy", "-f", configuration]):
            wait_until_open(BEHIND)
            wait_until_open(TLS)
            with Recording("haproxy", [CLEAR], PEERS) as recording:
                recording.add(converse(CLEAR, refused=["/forbidden"]))
            with Recording("haproxy-tls", [TLS], PEERS, keys=folder / "keys") as recording:
                recording.add(converse(TLS, tls=True, keys=folder / "keys"))


main()
