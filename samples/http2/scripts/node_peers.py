"""node.pcap, node-refused.pcap, node-ends.pcap: Node's http2 and h2 with wsproto, with prior knowledge: refusals with 403, 404
and 501, a subprotocol that is not chosen, a client that lets the server wait for its window, and a server that goes away."""

import time
from pathlib import Path

from wsproto.events import TextMessage

from recording import Recording
from sample import running, wait_until_open
from talker import Talker, converse

PORT = 8765
PEERS = "Node.js 20.20.2, h2 4.4.1 with wsproto 1.3.2"


def refusing():
    """Each status that says no, and a protocol that is not WebSocket; then 200 without the subprotocol that was asked for."""
    talker = Talker(PORT)
    for path in ("/forbidden", "/missing", "/elsewhere"):
        talker.open(path, "chat").drain()
    other = talker.open("/first", protocol="connect-ip")
    other.drain()
    assert talker.tunnels.pop(other.stream).status == 501
    plain = talker.open("/plain", "chat")
    plain.reset(8)
    talker.finish()
    return {**talker.log(), "other_protocols": 1}


def waiting():
    """The server has more to say than the client has room for."""
    talker = Talker(PORT, window=1_000)
    talker.acknowledges = False
    slow = talker.open("/slow", "chat")
    while len(slow.received) < 1_000:
        talker.step()
    begin = time.monotonic()
    time.sleep(1.2)
    waited = time.monotonic() - begin
    talker.acknowledge()
    slow.wait(1)
    slow.close()
    talker.finish()
    return {**talker.log(), "waited": {"stream": slow.stream, "seconds": waited}}


def going():
    """The server says that it goes away, and lets the socket finish."""
    talker = Talker(PORT)
    tunnel = talker.open("/closing", "chat")
    while talker.goaway is None:
        talker.step()
    # h2 sends nothing more after that: the client hangs up.
    talker.connection.close()
    tunnel.end = "client hangs up"
    return {**talker.log(), "goaway": talker.goaway}


def main():
    with running(["node", Path(__file__).parent / "node_server.js", str(PORT)]):
        wait_until_open(PORT)
        with Recording("node", [PORT], PEERS) as recording:
            recording.add(converse(PORT, refused=["/forbidden", "/missing"]))
            talker = Talker(PORT)
            tunnel = talker.open("/kept", "chat")
            tunnel.send(TextMessage(data="no close after this"))
            tunnel.wait(1)
            # The end of a stream without a close frame.
            tunnel.write(b"", ends=True)
            tunnel.reset(0)
            talker.finish()
            recording.add(talker.log())
        with Recording("node-refused", [PORT], PEERS) as recording:
            recording.add(refusing())
        with Recording("node-ends", [PORT], PEERS) as recording:
            recording.add(waiting())
            recording.add(going())


main()
