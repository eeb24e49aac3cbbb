"""hypercorn*.pcapng: hypercorn, aioquic with wsproto: both versions of QUIC, both ciphers, another connection ID, a key update, two
sockets at once beside ordinary requests, permessage-deflate. Of one there are captures that begin late, lack a
datagram, or have two in the wrong order; of another, one whose client gets another port."""

import asyncio
import sys
import tempfile
from pathlib import Path

from quic_recording import Recording, derive, message, rebind, reorder
from quic_talker import converse
from recording import certificate
from sample import running, wait_until_open

PORT = 8765
PEERS = "hypercorn 0.18.0, aioquic 1.7.2 with wsproto 1.3.2"


def record(name, folder, talk, **options):
    keys = folder / f"{name}.keys"
    with Recording(name, [PORT], PEERS, keys, **options) as recording:
        recording.add(asyncio.run(asyncio.wait_for(talk(keys), 30)))


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
            record("hypercorn", folder, lambda keys: converse(PORT, keys))
            record("hypercorn-v2", folder, lambda keys: converse(PORT, keys, version=2))
            record("hypercorn-chacha20", folder, lambda keys: converse(PORT, keys, cipher="CHACHA20_POLY1305_SHA256"))
            record("hypercorn-aes128", folder, lambda keys: converse(PORT, keys, cipher="AES_128_GCM_SHA256"))
            record("hypercorn-deflate", folder, lambda keys: converse(PORT, keys, deflate=True))
            record(
                "hypercorn-other-id", folder,
                lambda keys: converse(PORT, keys, between=lambda talker: talker.change_connection_id()))
            record(
                "hypercorn-key-update", folder,
                lambda keys: converse(PORT, keys, between=lambda talker: talker.request_key_update()))
            record("hypercorn-no-keys", folder, lambda keys: converse(PORT, keys), has_keys=False)
        derive("hypercorn-late", folder / "hypercorn.keys", "1-20")
        number = message(folder / "hypercorn.keys", PORT)
        derive("hypercorn-lost", folder / "hypercorn.keys", str(number))
        reorder("hypercorn-reordered", folder / "hypercorn.keys", number)
        rebind("hypercorn-rebound", folder / "hypercorn-other-id.keys", 30, PORT)


main()
