"""Records what real peers say over HTTP/2, and what they log of it.

    with Recording("hypercorn", port=8765, peers="hypercorn 0.18.0, h2 4.4.1") as recording:
        recording.add(client)

The log comes from what the client handed to its library and was handed by it, never from the bytes of the capture. When the
block ends, capture, log and, of TLS, keys are moved into `samples/http2/`.
"""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

from sample import Sample

FOLDER = Path(__file__).resolve().parent.parent
LARGEST = 100_000


def said(data):
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def certificate(folder):
    """A certificate and its key, in files."""
    key, chain = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
         "-out", chain, "-days", "30", "-subj", "/CN=localhost"], check=True, capture_output=True)
    return key, chain


def authority(folder):
    """A certificate and its key, in files, and that of the authority which signed it: browsers take no certificate that is its own."""
    root, root_key = folder / "root.pem", folder / "root.key"
    key, request, chain, names = folder / "key.pem", folder / "request.pem", folder / "certificate.pem", folder / "names"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names.write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
    for command in [
        ["req", "-x509", *kind, "-keyout", root_key, "-out", root, "-days", "30", "-subj", "/CN=made-up authority"],
        ["req", *kind, "-keyout", key, "-out", request, "-subj", "/CN=localhost"],
        ["x509", "-req", "-in", request, "-CA", root, "-CAkey", root_key, "-CAcreateserial", "-out", chain, "-days", "30",
         "-extfile", names],
    ]:
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return root, key, chain


class Recording(Sample):
    def __init__(self, name, ports, peers, keys=None):
        super().__init__(name, ports)
        self.peers, self.keys = peers, keys
        self.connections = []

    def add(self, connection):
        self.connections.append(connection)

    def publish(self):
        self.check_recording()
        size = self.capture.stat().st_size
        if size > LARGEST:
            raise SystemExit(f"{self.name}: {size} bytes are too many")
        target = FOLDER / self.capture.name
        shutil.move(self.capture, target)
        target.chmod(0o644)
        if self.keys:
            shutil.copyfile(self.keys, FOLDER / f"{self.name}.keys")
        truth = {"peers": self.peers, "server_ports": self.ports, "connections": self.connections}
        (FOLDER / f"{self.name}.truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
        print(f"{target.name}: {size} bytes")
