"""chromium.pcap, chromium-refused.pcap: a page in Chromium that opens two sockets on the connection that it came by, in TLS,
and hypercorn: permessage-deflate; and one that opens four, one of which is refused, and one left because nobody chose its
subprotocol. What Chromium sent and received is what its own log says (chrome://net-export), and of the four the server's."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from recording import Recording, certificate
from sample import running, wait_until_open
from served import PORT, URL, serving

PEERS = "Chromium 156, hypercorn 0.18.0"


def headers(event):
    return dict(line.split(": ", 1) for line in event["params"]["headers"])


def read(log):
    """What Chromium says of its sessions of HTTP/2."""
    # A log that was cut off lacks its end.
    text = log.read_text()
    try:
        log = json.loads(text)
    except json.JSONDecodeError:
        log = json.loads(text.rstrip().rstrip(",") + "]}")
    names = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    requests, tunnels = 0, {}
    for event in log["events"]:
        name = names[event["type"]]
        params = event.get("params", {})
        stream = params.get("stream_id")
        if name == "HTTP2_SESSION_SEND_HEADERS":
            sent = headers(event)
            if sent[":method"] == "CONNECT":
                tunnels[stream] = {
                    "stream": stream, "path": sent[":path"], "status": None, "subprotocol": None, "sent": {"bytes": 0},
                    "received": {"bytes": 0}, "end": None}
            else:
                requests += 1
        elif stream not in tunnels:
            continue
        elif name == "HTTP2_SESSION_RECV_HEADERS":
            received = headers(event)
            tunnels[stream]["status"] = int(received[":status"])
            tunnels[stream]["subprotocol"] = received.get("sec-websocket-protocol")
        elif name == "HTTP2_SESSION_SEND_DATA":
            tunnels[stream]["sent"]["bytes"] += params["size"]
        elif name == "HTTP2_SESSION_RECV_DATA":
            tunnels[stream]["received"]["bytes"] += params["size"]
        elif name == "HTTP2_SESSION_SEND_RST_STREAM":
            tunnels[stream]["end"] = "client resets with " + params["error_code"].split(" ")[0]
    return {"requests": requests, "tunnels": list(tunnels.values())}


def chromium(folder, *more):
    return ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", "--disable-background-networking",
            "--disable-component-update", f"--user-data-dir={folder / 'profile'}", f"--log-net-log={folder / 'netlog'}",
            "--net-log-capture-mode=Everything", *more]


def two(folder):
    key, chain = certificate(folder)
    server = [
        sys.executable, "-m", "hypercorn", "app:application", "-b", f"127.0.0.1:{PORT}", "--log-level", "error",
        "--keyfile", key, "--certfile", chain]
    with running(server):
        wait_until_open(PORT)
        with Recording("chromium", [PORT], PEERS, keys=folder / "keys") as recording:
            page = subprocess.run(
                chromium(folder, "--virtual-time-budget=20000", "--dump-dom", f"https://localhost:{PORT}/page"),
                env={**os.environ, "SSLKEYLOGFILE": str(folder / "keys")}, check=True, capture_output=True, text=True,
                timeout=60).stdout
            for path in ("/first", "/second"):
                assert f"{path} hello on {path}" in page, page
            recording.add(read(folder / "netlog"))


def four(folder):
    with serving(folder, *certificate(folder)) as server:
        with Recording("chromium-refused", [PORT], PEERS, keys=folder / "keys") as recording:
            with running(chromium(folder, URL), env={**os.environ, "SSLKEYLOGFILE": str(folder / "keys")},
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
                server.wait({"/first": 1000, "/second": 1000, "/forbidden": 1006, "/plain": 1006})
            server.publish(recording, [read(folder / "netlog")])


def main():
    for record in (two, four):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            record(Path(folder))


main()
