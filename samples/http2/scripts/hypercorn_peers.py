"""hypercorn.pcap, hypercorn-tls.pcap, hypercorn-upgrade.pcap: hypercorn and h2 with wsproto; with prior knowledge, in TLS, and
after `Upgrade: h2c`; permessage-deflate, a refusal, a subprotocol that is asked for and not chosen.

Once it has closed a socket, this hypercorn does not expect the end of its stream: the client resets it, as browsers do."""

import sys
import tempfile
from pathlib import Path

from recording import Recording, certificate
from sample import running, wait_until_open
from talker import Talker, chat, converse

PORT = 8765
PEERS = "hypercorn 0.18.0, h2 4.4.1 with wsproto 1.3.2"
HYPERCORN = [sys.executable, "-m", "hypercorn", "app:application", "-b", f"127.0.0.1:{PORT}", "--log-level", "error"]


def clear():
    with Recording("hypercorn", [PORT], PEERS) as recording:
        recording.add(converse(PORT, refused=["/forbidden"], deflate=True, ends=False))
        talker = Talker(PORT)
        plain = talker.open("/plain", "chat")
        chat(plain)
        # The client does not like it, and goes away.
        plain.reset(8)
        talker.finish()
        recording.add(talker.log())


def upgrade():
    with Recording("hypercorn-upgrade", [PORT], PEERS) as recording:
        talker = Talker(PORT, upgrade=True)
        tunnel = talker.open("/after", "chat")
        chat(tunnel)
        tunnel.close(ends=False)
        talker.finish()
        recording.add(talker.log())


def encrypted(folder):
    key, chain = certificate(folder)
    with running([*HYPERCORN, "--keyfile", key, "--certfile", chain]):
        wait_until_open(PORT)
        with Recording("hypercorn-tls", [PORT], PEERS, keys=folder / "keys") as recording:
            recording.add(converse(PORT, ends=False, tls=True, keys=folder / "keys"))


def main():
    with running(HYPERCORN):
        wait_until_open(PORT)
        clear()
        upgrade()
    with tempfile.TemporaryDirectory() as folder:
        encrypted(Path(folder))


main()
