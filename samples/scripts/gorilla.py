"""gorilla.pcap: a gorilla/websocket server and a `websockets` client, with compressed messages in fragments."""

import asyncio
import json
import os
import subprocess

from sample import SCRIPTS, Sample, running, truth, visit, wait_until_open

PORT = 8080
MESSAGES = ["Olá, 世界!", "list the tickets, please", bytes(range(100)), "list them once more", "obrigado 🙏"]

# Where Debian puts the sources of Go packages, which are not modules.
GO = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}


def build(directory):
    server = directory / "gorilla"
    subprocess.run(["go", "build", "-o", server, SCRIPTS / "gorilla.go"], check=True,
                   env=os.environ | GO | {"GOCACHE": str(directory / "cache")})
    return server


def talk(server):
    with running([server], stdout=subprocess.PIPE, text=True) as process:
        wait_until_open(PORT)
        visitor = asyncio.run(visit(f"ws://127.0.0.1:{PORT}/gopher", MESSAGES))
        report = json.loads(process.stdout.readline())
    # The server knows messages, the client frames: they meet where one message is one frame, and at its first frame.
    read, written = report["read"], report["written"]
    sent, received = visitor["sent"], visitor["received"]
    assert sent == read, (sent, read)
    for kind in ("text", "binary"):
        assert received[kind] == written[f"{kind} messages"]
    for kind in ("pong", "close"):
        assert received[kind] == written[kind]
    return truth(connections=1, from_client=sent, from_server=received)


with Sample("gorilla", ports=[PORT]) as sample:
    sample.truth = talk(build(sample.directory))
