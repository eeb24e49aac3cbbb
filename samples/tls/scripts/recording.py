"""Records WebSocket over TLS between real peers, with the keys that they logged and what they said.

    with Recording("python-tls13", ports=[8443], peers="websockets 17.4, client and server") as recording:
        ... let peers talk ...
        recording.tls = facts(connection)
        recording.add(client_log, server_log)

What was said comes from the peers' own logs, never from the bytes of the capture. When the block ends, the keys in
`recording.keys` are put into the capture (a Decryption Secrets Block), and capture and truth are moved into `samples/tls`.
"""

import json
import logging
import re
import ssl
import subprocess
from pathlib import Path

from sample import Sample, check_connections, tshark

FOLDER = Path(__file__).resolve().parent.parent
LARGEST = 100_000
NAME = "feed.example"


class Recording(Sample):
    def __init__(self, name, ports, peers, with_keys=True, whole=True, filter=None):
        super().__init__(name, ports, filter=filter)
        self.peers, self.with_keys, self.whole = peers, with_keys, whole
        self.tls, self.more, self.connections = None, {}, []
        self.changes, self.last_changes = [], []

    def __enter__(self):
        super().__enter__()
        self.keys = self.directory / "keys.log"
        return self

    def add(self, *logs, **more):
        """Adds a connection: what its two peers logged, if both log, must be the same."""
        reports = [log.report() for log in logs]
        if any(report != reports[0] for report in reports):
            raise SystemExit(f"{self.name}: the peers disagree: {reports}"[:2000])
        self.connections.append({**reports[0], **more})

    def change(self, function):
        """Lets `function` change the finished capture, in place, before the keys are put into it."""
        self.changes.append(function)

    def change_last(self, function):
        """Lets `function` change the capture, in place, once the keys are in it."""
        self.last_changes.append(function)

    def check_recording(self):
        log = (self.directory / "recorder.log").read_text()
        if any("dropped" in line and not line.startswith("0 ") for line in log.splitlines()):
            raise SystemExit(f"{self.name}: packets were dropped:\n{log}")
        if self.whole:
            check_connections(self.capture)

    def publish(self):
        self.check_recording()
        for function in self.changes:
            function(self.capture)
        target = FOLDER / f"{self.name}.pcapng"
        secrets = ["--inject-secrets", f"tls,{self.keys}"] if self.with_keys else []
        subprocess.run(["editcap", *secrets, self.capture, target], check=True)
        for function in self.last_changes:
            function(target)
        target.chmod(0o644)
        size = target.stat().st_size
        if size > LARGEST:
            raise SystemExit(f"{self.name}: {size} bytes are too many")
        truth = {"peers": self.peers, "ports": self.ports, "tls": self.tls, **self.more, "connections": self.connections}
        text = json.dumps(truth, ensure_ascii=False, indent=1)
        (FOLDER / f"{self.name}.truth.json").write_text(text + "\n")
        print(f"{target.name}: {size} bytes")


# What is taken out of a capture


def keep(capture, options, packets):
    """Replaces the capture by a part of it; `editcap` is told which packets to keep (`-r`), or to leave out."""
    part = capture.with_suffix(".part")
    subprocess.run(["editcap", "-F", "pcap", *options, capture, part, *packets], check=True)
    part.replace(capture)


def begin_at(moment, capture):
    """Leaves out what came before a moment at which nothing was under way."""
    rows = tshark(capture, "frame.number", "frame.time_epoch")
    first = next(number for number, when in rows if float(when) > moment)
    keep(capture, ["-r"], [f"{first}-{len(rows)}"])


# What the peers say


class PeerLog:
    """What one peer said and heard on one connection, in its own words."""

    def __init__(self, side):
        self.side = side
        self.sent, self.heard = [], []
        self.close = None

    def report(self):
        client, server = (self.sent, self.heard) if self.side == "client" else (self.heard, self.sent)
        return {"from_client": client, "from_server": server, "close": self.close}


def text(payload):
    return {"kind": "text", "payload": payload}


def binary(payload):
    return {"kind": "binary", "hex": bytes(payload).hex()}


def message(payload):
    return text(payload) if isinstance(payload, str) else binary(payload)


def close(code, reason, initiator):
    return {"code": code, "reason": reason, "initiator": initiator}


class FrameLogs(logging.Handler):
    """One log a connection, of the frames that a `websockets` peer names in its debug log."""

    KINDS = {1: "text", 2: "binary", 9: "ping", 10: "pong"}

    def __init__(self, side):
        super().__init__()
        self.side = side
        self.logs, self.unfinished = {}, {}
        self.logger = logging.getLogger(f"tls.{side}")
        self.logger.setLevel(logging.DEBUG)
        self.logger.propagate = False
        self.logger.handlers = [self]

    def all(self):
        return list(self.logs.values())

    def emit(self, record):
        if record.msg not in ("> %s", "< %s") or not hasattr(record.args[0], "opcode"):
            return
        # A peer without I/O of its own names no connection: then there is only one.
        connection = id(getattr(record, "websocket", None))
        log = self.logs.setdefault(connection, PeerLog(self.side))
        sending, frame = record.msg == "> %s", record.args[0]
        if frame.opcode == 8:
            if log.close is None:
                data = bytes(frame.data)
                code = int.from_bytes(data[:2], "big") if data else None
                other = {"client": "server", "server": "client"}[self.side]
                log.close = close(code, data[2:].decode(), self.side if sending else other)
            return
        key = (connection, sending)
        kind = self.KINDS.get(frame.opcode)
        if kind in ("ping", "pong"):
            self.append(log, sending, kind, bytes(frame.data))
            return
        if kind:
            self.unfinished[key] = (kind, b"")
        kind, data = self.unfinished[key]
        self.unfinished[key] = (kind, data + bytes(frame.data))
        if frame.fin:
            self.append(log, sending, *self.unfinished.pop(key))

    def append(self, log, sending, kind, data):
        item = text(data.decode()) if kind == "text" else {"kind": kind, "hex": data.hex()}
        (log.sent if sending else log.heard).append(item)


def facts(connection):
    """The facts of TLS, as the Python peer of a `websockets` connection knows them."""
    return facts_of(connection.transport.get_extra_info("ssl_object"))


def facts_of(tls, server_name=NAME):
    name, _, _ = tls.cipher()
    return {
        "version": tls.version(),
        "cipher": name,
        "server_name": server_name,
        "alpn": tls.selected_alpn_protocol(),
    }


def version(*command):
    """The version that a program prints of itself."""
    output = subprocess.run(command, check=True, capture_output=True, text=True)
    return re.search(r"\d+\.\d+(\.\d+)*", output.stdout + output.stderr)[0]


# Keys and certificates


def certificate(directory, kind="ec", name=NAME, key=None):
    """A certificate that signs itself, and its key: a new one, or the one in the file `key`, if there is one."""
    chain, key = directory / f"{name}.{kind}.pem", key or directory / f"{name}.{kind}.key.pem"
    if key.exists():
        source = ["-key", key]
    elif kind == "ec":
        source = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key]
    else:
        source = ["-newkey", "rsa:2048", "-nodes", "-keyout", key]
    subprocess.run(["openssl", "req", "-x509", *source, "-out", chain, "-days", "3650", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:{name}"], check=True, capture_output=True)
    return chain, key


def server_context(chain, key, keys=None, alpn=("http/1.1",)):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    if keys:
        context.keylog_filename = keys
    return context


def client_context(chain, keys=None, alpn=("http/1.1",)):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(chain)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    if keys:
        context.keylog_filename = keys
    return context


def only(context, version, ciphers=None):
    """Lets a context speak one version of TLS, with the cipher suites named as OpenSSL names them (TLS 1.2)."""
    context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers)
    return context


def authority(directory):
    """An authority's certificate, and a certificate and key that it signed: for those who take no other."""
    root, root_key = certificate(directory, name="authority.example")
    chain, request, key = directory / "leaf.pem", directory / "leaf.csr", directory / "leaf.key.pem"
    subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                    "-out", request, "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},DNS:localhost"],
                   check=True, capture_output=True)
    subprocess.run(["openssl", "x509", "-req", "-in", request, "-CA", root, "-CAkey", root_key, "-days", "365",
                    "-copy_extensions", "copy", "-out", chain], check=True, capture_output=True)
    return root, (chain, key)
