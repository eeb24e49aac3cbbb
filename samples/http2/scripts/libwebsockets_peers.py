"""libwebsockets.pcap: the test server of libwebsockets and h2 with wsproto, in TLS; its mirror
sends what it is sent to every socket."""

import resource
import tempfile
from pathlib import Path

from wsproto.events import TextMessage

from recording import Recording, certificate
from sample import running, wait_until_open
from talker import Talker

PORT = 8765
PEERS = "libwebsockets 4.1.6, h2 4.4.1 with wsproto 1.3.2"


def talk(keys):
    talker = Talker(PORT, tls=True, keys=keys)
    assert talker.offered, "the server does not offer RFC 8441"
    first = talker.open("/", "lws-mirror-protocol")
    second = talker.open("/two", "lws-mirror-protocol")
    for number in range(3):
        # Each socket gets what either sends.
        first.send(TextMessage(data=f"d #10000{number} {number} {number} 5"))
        second.send(TextMessage(data=f"c #2000{number}0 {number} {number} 7"))
    first.wait(6)
    second.wait(6)
    first.reset(8)
    second.reset(8)
    talker.finish()
    return talker.log()


def main():
    # It takes memory for as many connections as there may be open files.
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        key, chain = certificate(folder)
        server = ["libwebsockets-test-server", f"--port={PORT}", "--ssl", "-C", chain, "-K", key, "-d0"]
        with running(server):
            wait_until_open(PORT, "*")
            with Recording("libwebsockets", [PORT], PEERS, keys=folder / "keys") as recording:
                recording.add(talk(folder / "keys"))


main()
