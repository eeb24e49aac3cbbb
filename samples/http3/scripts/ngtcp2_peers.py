"""ngtcp2-ccm.pcapng: the example client and server of ngtcp2, with AES-128-CCM: ordinary requests. They leave the fixed bit of QUIC unset now and
then (RFC 9287), and the server sends several packets as one datagram, which the network interface is to divide."""

import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from quic_recording import Recording
from recording import certificate
from sample import running

PORT = 8768
SUITE = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-CCM"


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, chain = certificate(folder)
        pages = folder / "pages"
        pages.mkdir()
        for page in ["first", "second", "third"]:
            (pages / page).write_text(f"the {page} page\n" * 500)
        keys = folder / "ccm.keys"
        with running(["/usr/sbin/gtlsserver", "--quiet", "-d", pages, "127.0.0.1", str(PORT), key, chain]):
            time.sleep(1)
            with Recording("ngtcp2-ccm", [PORT], "ngtcp2 0.12.1 with GnuTLS 3.7.9", keys) as recording:
                log = subprocess.run(
                    ["gtlsclient", "--exit-on-all-streams-close", "--sni", "shop.example", "--ciphers", SUITE, "127.0.0.1", str(PORT),
                     *(f"https://localhost/{page}" for page in ["first", "second", "third"])],
                    env=os.environ | {"SSLKEYLOGFILE": str(keys)}, check=True, capture_output=True, text=True, timeout=30).stderr
                recording.add({
                    "client_port": int(re.search(r"local=\[127\.0\.0\.1\]:(\d+)", log)[1]),
                    "version": int(re.search(r"negotiated version is (0x\w+)", log)[1], 16),
                    "cipher": re.search(r"Negotiated cipher suite is (\S+)", log)[1].replace("-", "_") + "_SHA256",
                    "requests": log.count("[:status: 200]"), "tunnels": []})


main()
