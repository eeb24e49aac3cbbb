"""Records what real peers of a subprotocol say to each other, and what they log of it.

    with Recording("mqtt", ports=[8765], peers="mosquitto 2.0.11, paho-mqtt 2.2.0") as recording:
        first = recording.connection()
        first.log("client", "PUBLISH", name="a/b", id=1)

The log comes from the peers' own logs, callbacks or decoders, never from the bytes of the capture. When the block ends,
capture and log are moved into `samples/subprotocols/`.
"""

import json
import logging
import shutil
import subprocess
from pathlib import Path

from sample import Sample

FOLDER = Path(__file__).resolve().parent.parent
LARGEST = 100_000


def listen(name, handler, level):
    """Passes what a logger logs to one handler, and to no other."""
    logger = logging.getLogger(name)
    logger.setLevel(level)
    logger.propagate = False
    logger.addHandler(handler)
    return logger


class Connection:
    """What the peers logged of one connection, for each sender in the order in which it was sent."""

    def __init__(self):
        self.items = {"client": [], "server": []}

    def log(self, sender, kind, name=None, id=None, error=False, answers=None):
        item = {"kind": kind}
        if name is not None:
            item["name"] = name
        if id is not None:
            item["id"] = str(id)
        if error:
            item["error"] = True
        if answers is not None:
            item["answers"] = answers
        self.items[sender].append(item)


class Recording(Sample):
    def __init__(self, name, ports, peers, protocol, findings=()):
        super().__init__(name, ports)
        self.peers, self.protocol = peers, protocol
        self.findings = sorted(findings)
        self.connections = []

    def connection(self):
        self.connections.append(Connection())
        return self.connections[-1]

    def run(self, connection, command, **options):
        """Runs peers that print a line of JSON for each unit: who sent it, and what `Connection.log` takes."""
        with subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True, **options) as process:
            for line in process.stdout:
                connection.log(**json.loads(line))
        if process.returncode:
            raise SystemExit(f"{self.name}: {command[0]} ended with {process.returncode}")

    def publish(self):
        self.check_recording()
        size = self.capture.stat().st_size
        if size > LARGEST:
            raise SystemExit(f"{self.name}: {size} bytes are too many")
        target = FOLDER / self.capture.name
        shutil.move(self.capture, target)
        target.chmod(0o644)
        truth = {
            "peers": self.peers,
            "protocol": self.protocol,
            "findings": self.findings,
            "connections": [
                {"from_client": connection.items["client"], "from_server": connection.items["server"]}
                for connection in self.connections
            ],
        }
        (FOLDER / f"{self.name}.truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
        print(f"{target.name}: {size} bytes")
