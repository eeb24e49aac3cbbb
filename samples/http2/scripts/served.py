"""A page with four sockets, served to a browser by hypercorn, which logs what it sends and receives; the browser's own log must say
the same, as far as it says anything."""

import contextlib
import json
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from recording import said
from sample import running, wait_until_open

PORT = 8765
URL = f"https://localhost:{PORT}/sockets"


def tunnel(stream, path):
    return {"stream": stream, "path": path, "status": None, "subprotocol": None, "sent": b"", "received": b"", "end": None}


class Server:
    def __init__(self, folder):
        self.file = folder / "server.log"

    def entries(self):
        return map(json.loads, self.file.read_text().splitlines())

    def connections(self):
        """What was said on each connection, by the client's port."""
        connections = {}
        for entry in self.entries():
            connection = connections.setdefault(entry["client_port"], {"requests": 0, "tunnels": {}})
            stream, headers = entry["stream"], entry.get("headers", {})
            known = connection["tunnels"].get(stream)
            if entry["what"] == "request" and headers[":method"] == "CONNECT":
                connection["tunnels"][stream] = tunnel(stream, headers[":path"])
            elif entry["what"] == "request":
                connection["requests"] += 1
            elif known:
                self.take(entry, known, headers)
        return [
            {"client_port": port, "requests": connection["requests"], "tunnels": list(connection["tunnels"].values())}
            for port, connection in connections.items()]

    def take(self, entry, known, headers):
        match entry["what"]:
            case "response":
                known["status"], known["subprotocol"] = int(headers[":status"]), headers.get("sec-websocket-protocol")
            # By the client.
            case "received": known["sent"] += bytes.fromhex(entry["data"])
            case "sent": known["received"] += bytes.fromhex(entry["data"])
            case "client resets": known["end"] = f"client resets with {entry['code']}"
            case "server ends": known["end"] = known["end"] or "server ends"

    def report(self):
        """How the page says that its sockets closed, once it does."""
        for entry in self.entries():
            path = entry.get("headers", {}).get(":path", "")
            if path.startswith("/closed"):
                return {name: int(code) for name, (code,) in parse_qs(urlsplit(path).query).items()}
        return None

    def wait(self, expected):
        """Until the page says how its sockets closed, which must be as expected, and the browser has said the last of all."""
        end = time.monotonic() + 60
        while self.report() is None and time.monotonic() < end:
            time.sleep(0.2)
        time.sleep(1)
        assert self.report() == expected, self.report()

    def publish(self, recording, browser):
        """Adds the connections, of which the browser logged the same."""
        connections = self.connections()
        ours, theirs = ([*map(counted, logged)] for logged in (connections, browser))
        if sorted(ours) != sorted(theirs):
            raise SystemExit(f"the peers disagree:\n{ours}\n{theirs}")
        for connection in connections:
            tunnels = [
                {**tunnel, "sent": said(tunnel["sent"]), "received": said(tunnel["received"])} for tunnel in connection["tunnels"]]
            recording.add({**connection, "tunnels": tunnels})


def counted(connection):
    """What both peers know of a connection: of the bytes, how many."""
    keys = ("stream", "path", "status", "subprotocol", "end")
    return connection["requests"], sorted(
        [*(tunnel[key] or "" for key in keys), *(size(tunnel[key]) for key in ("sent", "received"))]
        for tunnel in connection["tunnels"])


def size(said):
    return len(said) if isinstance(said, bytes) else said["bytes"]


@contextlib.contextmanager
def serving(folder, key, chain):
    server = Server(folder)
    script = Path(__file__).resolve().parent / "logging_server.py"
    with running([sys.executable, "-P", script, str(PORT), key, chain, server.file]):
        wait_until_open(PORT)
        yield server
