"""Peers of other languages and browsers: Node's ws, Go's gorilla, Java's own, Chromium, Firefox."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import browsers
from browsers import serve_page, trust
from recording import NAME, PeerLog, Recording, authority, certificate, close, version
from sample import running
from server import PORT, Server

SCRIPTS = Path(__file__).resolve().parent
GO = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}
SERVER = "websockets 17.4 server"


class Reported(PeerLog):
    """What a peer in another language reported of itself."""

    def __init__(self, side, sent, heard, close):
        super().__init__(side)
        self.sent, self.heard, self.close = sent, heard, close


def node():
    with Recording("node", [PORT], None) as recording:
        output = subprocess.run(
            ["node", f"--tls-keylog={recording.keys}", SCRIPTS / "node.js", *certificate(recording.directory)],
            check=True, stdout=subprocess.PIPE, text=True, env=os.environ | {"NODE_PATH": "/usr/share/nodejs"}).stdout
        report = json.loads(output)
        versions, closes = report["versions"], report["closes"]
        assert closes["client"] == closes["server"], closes
        end = close(closes["client"]["code"], closes["client"]["reason"], "client")
        recording.peers = f"ws {versions['ws']}, client and server, Node {versions['node']}, OpenSSL {versions['openssl']}"
        recording.tls = report["tls"]
        recording.add(*(Reported(side, log["sent"], log["heard"], end) for side, log in report["logs"].items()))


def gorilla():
    with Recording("gorilla", [PORT], None) as recording:
        client = recording.directory / "gorilla"
        subprocess.run(["go", "build", "-o", client, SCRIPTS / "gorilla.go"], check=True,
                       env=os.environ | GO | {"GOCACHE": str(recording.directory / "cache")})
        with Server(recording) as server:
            output = subprocess.run([client, recording.keys], check=True, stdout=subprocess.PIPE, text=True).stdout
            server.wait()
        report = json.loads(output)
        for item in report["sent"] + report["heard"]:
            # Go leaves out what is empty.
            item.setdefault("payload" if item["kind"] == "text" else "hex", "")
        log, = server.logs.all()
        recording.peers = f"gorilla/websocket of {report['go']}, {SERVER}"
        recording.tls = {**report["tls"], "version": {0x0304: "TLSv1.3"}[report["tls"]["version"]], "server_name": NAME}
        recording.add(Reported("client", report["sent"], report["heard"], log.close), log)


def java():
    with Recording("java", [PORT], f"java.net.http of OpenJDK {version('java', '--version')}, {SERVER}") as recording:
        with Server(recording, keys=recording.keys) as server:
            # The name is checked apart from the trust that the client has in every certificate.
            output = subprocess.run(["java", "-Djdk.internal.httpclient.disableHostnameVerification", SCRIPTS / "Client.java"],
                                    check=True, stdout=subprocess.PIPE, text=True).stdout
            server.wait()
        sent, heard = [], []
        for line in output.splitlines():
            verb, kind, data = line.split(" ", 2)
            if kind == "close":
                assert data.startswith("1000"), line
            else:
                {"sent": sent, "heard": heard}[verb].append({"kind": kind, "payload" if kind == "text" else "hex": data})
        log, = server.logs.all()
        recording.tls["server_name"] = "localhost"
        recording.add(Reported("client", sent, heard, log.close), log)


# Browsers


def browse(name, peers, start, with_keys=True):
    """Records a browser, which logs its keys, while it runs the page; the page's own report must be what the server heard."""
    with Recording(name, [PORT], f"{peers}, {SERVER}", with_keys=with_keys) as recording:
        root, chain = authority(recording.directory)
        environment = os.environ | {"SSLKEYLOGFILE": str(recording.keys)}
        with Server(recording, chain=chain, process_request=serve_page) as server:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
                with running(start(profile, root), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
                    server.wait()
                    # Time for what the browser says as the last of all.
                    time.sleep(1)
        log, = server.logs.all()
        *others, last = log.heard
        report = json.loads(last["payload"])
        assert report["sent"] == [item for item in others if item["kind"] not in ("ping", "pong")]
        recording.tls["server_name"] = NAME
        recording.add(log)


def chromium(profile, root):
    return browsers.chromium(profile, "--ignore-certificate-errors", f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
                             f"https://{NAME}:{PORT}/")


def firefox(profile, root):
    trust(profile, root)
    return browsers.firefox(profile, {"network.dns.localDomains": f'"{NAME}"'}, f"https://{NAME}:{PORT}/")


SAMPLES = {
    "node": node,
    "gorilla": gorilla,
    "java": java,
    "chromium": lambda: browse("chromium", f"Chromium {version('chromium', '--version')}", chromium),
    "chromium-no-key": lambda: browse("chromium-no-key", f"Chromium {version('chromium', '--version')}", chromium, with_keys=False),
    "firefox": lambda: browse("firefox", f"Firefox {version('firefox-esr', '--version')}", firefox),
}

for name in sys.argv[1:]:
    SAMPLES[name]()
