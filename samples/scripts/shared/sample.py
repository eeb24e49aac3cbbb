"""What every sample shares: recording the packets, counting the frames, and checking what was recorded.

    with Sample("chat", ports=[8765]) as sample:
        ... let real software talk ...
        sample.truth = truth(connections=1, from_client=..., from_server=...)

When the block ends, the capture is checked against the truth and both are moved into `samples/`.
"""

import asyncio
import contextlib
import json
import logging
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

SHARED = Path(__file__).resolve().parent
SCRIPTS = SHARED.parent
SAMPLES = SCRIPTS.parent

KINDS = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}

# Every byte of every packet, up to the most that tcpdump ever keeps.
SNAPSHOT_LENGTH = "262144"


class Sample:
    """Records the traffic of one sample and publishes it when it is complete and agrees with its truth."""

    def __init__(self, name, ports, interface="lo", format="pcap", filter=None):
        self.name = name
        self.ports = ports
        self.interface = interface
        self.format = format
        self.filter = filter or " or ".join(f"tcp port {port}" for port in ports)
        self.truth = None

    def __enter__(self):
        self.directory = Path(tempfile.mkdtemp(prefix=f"sample-{self.name}-"))
        self.capture = self.directory / f"{self.name}.{self.format}"
        self.recorder = start_recorder(self.command(), self.directory / "recorder.log")
        return self

    def __exit__(self, kind, error, trace):
        try:
            stop_recorder(self.recorder, self.capture)
            if error is None:
                self.publish()
        finally:
            shutil.rmtree(self.directory)

    def command(self):
        if self.format == "pcapng":
            # Not dumpcap itself: tshark writes the same file and says when it starts.
            return ["tshark", "-q", "-n", "-i", self.interface, "-s", SNAPSHOT_LENGTH, "-f", self.filter, "-w", self.capture]
        # Root writes the file (-Z): the temporary directory is closed to tcpdump's own user. Each packet takes a
        # whole snapshot length of the buffer (-B, in KiB): the usual 2 MiB would drop packets in a burst.
        return ["tcpdump", "-Z", "root", "--immediate-mode", "-B", "131072", "-n", "-i", self.interface,
                "-s", SNAPSHOT_LENGTH, "-U", "-w", self.capture, self.filter]

    def check_recording(self):
        """Fails unless everything was recorded."""
        log = (self.directory / "recorder.log").read_text()
        if any("dropped" in line and not line.startswith("0 ") for line in log.splitlines()):
            raise SystemExit(f"{self.name}: packets were dropped:\n{log}")
        check_connections(self.capture)

    def publish(self):
        self.check_recording()
        check_frames(self.capture, self.ports, self.truth)
        publish(self.capture, self.truth)


def publish(capture, facts):
    """Moves a finished capture into `samples/`, with its truth beside it."""
    target = SAMPLES / capture.name
    shutil.move(capture, target)
    # tshark lets nobody else read what it writes.
    target.chmod(0o644)
    text = json.dumps(facts, ensure_ascii=False, indent=2)
    (SAMPLES / f"{capture.stem}.truth.json").write_text(text + "\n")
    packets = len(tshark(target, "frame.number"))
    print(f"{target.name}: {packets} packets, {target.stat().st_size} bytes")


# Recording


def start_recorder(command, log):
    """Starts tcpdump or tshark and returns once it really captures."""
    with log.open("w") as output:
        recorder = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    for _ in range(200):
        time.sleep(0.05)
        if recorder.poll() is not None:
            raise SystemExit(f"the recorder ended early:\n{log.read_text()}")
        text = log.read_text()
        if "listening on" in text or "Capture started" in text or "Capturing on" in text:
            # tshark announces itself a moment before the interface is open.
            time.sleep(1 if "Capturing on" in text else 0.1)
            return recorder
    recorder.terminate()
    raise SystemExit(f"the recorder never listened:\n{log.read_text()}")


def stop_recorder(recorder, capture):
    """Stops the recorder after the last packets have reached the file."""
    size = -1
    while size != capture.stat().st_size:
        size = capture.stat().st_size
        time.sleep(1)
    recorder.send_signal(2)
    recorder.wait(timeout=10)


# Counting


class FrameLog(logging.Handler):
    """Counts the frames that a `websockets` peer reports in its debug log, which names each one it sends or receives."""

    def __init__(self, name):
        super().__init__()
        self.sent, self.received = Counter(), Counter()
        self.logger = logging.getLogger(name)
        self.logger.setLevel(logging.DEBUG)
        self.logger.propagate = False
        self.logger.addHandler(self)

    def emit(self, record):
        side = {"> %s": self.sent, "< %s": self.received}.get(record.msg)
        if side is not None:
            side[KINDS[record.args[0].opcode]] += 1


def truth(connections, from_client, from_server, handshake_status=101, **more):
    """The truth about a sample, in the words of `samples/README.md`."""
    differing = isinstance(handshake_status, list)
    return {
        "connections": connections,
        "handshake_statuses" if differing else "handshake_status": handshake_status,
        "from_client": in_order(from_client),
        "from_server": in_order(from_server),
        **more,
    }


def in_order(counts):
    return {kind: counts[kind] for kind in ("text", "binary", "ping", "pong", "close", "continuation") if kind in counts}


def agreed(*reports):
    """The one count that several peers report about the same frames."""
    first, *others = [dict(report) for report in reports]
    if any(other != first for other in others):
        raise SystemExit(f"the peers disagree: {reports}")
    return first


# Checking


def tshark(capture, *fields):
    """One list of field values a packet."""
    command = ["tshark", "-n", "-r", capture, "-T", "fields"]
    for field in fields:
        command += ["-e", field]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.split("\t") for line in output.splitlines()]


def check_connections(capture):
    """Fails unless each TCP connection is there from its SYN to its FIN or RST, with nothing missing."""
    seen = {}
    rows = tshark(capture, "tcp.stream", "tcp.flags.syn", "tcp.flags.fin", "tcp.flags.reset",
                  "tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment", "frame.number")
    for stream, syn, fin, reset, lost, ack_lost, number in rows:
        if not stream:
            continue
        if lost or ack_lost:
            raise SystemExit(f"{capture.name}: something is missing before packet {number}")
        opened, closed = seen.get(stream, (False, False))
        seen[stream] = (opened or is_set(syn), closed or is_set(fin) or is_set(reset))
    for stream, (opened, closed) in seen.items():
        if not (opened and closed):
            raise SystemExit(f"{capture.name}: TCP connection {stream} is not whole")


def is_set(flag):
    return flag in ("1", "True")


def check_frames(capture, ports, facts):
    """Fails if tshark finds other frames than the peers counted."""
    found = {"from_client": Counter(), "from_server": Counter()}
    for destination, opcodes in tshark(capture, "tcp.dstport", "websocket.opcode"):
        side = "from_client" if destination and int(destination) in ports else "from_server"
        found[side].update(KINDS[int(opcode)] for opcode in opcodes.split(",") if opcode)
    for side, counts in found.items():
        if counts != Counter(facts[side]):
            raise SystemExit(f"{capture.name}: {side}, the peers counted {facts[side]}, tshark finds {dict(counts)}")


# Other programs


@contextlib.contextmanager
def running(command, **options):
    """A program that runs for as long as the block does."""
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=10)


async def visit(url, messages, where=()):
    """Runs `visit.py`, which says what it does, by the command in `where`; returns what it counted."""
    process = await asyncio.create_subprocess_exec(
        *where, sys.executable, SHARED / "visit.py", url, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    lines = "".join(json.dumps(list(message) if isinstance(message, bytes) else message) + "\n" for message in messages)
    output, _ = await process.communicate(lines.encode())
    return {side: Counter(counts) for side, counts in json.loads(output).items()}


@contextlib.contextmanager
def far_namespace(name, interface, far_interface):
    """A second network namespace, joined to this one by a pair of interfaces. Gives the command that runs others in it."""
    ip("netns", "add", name)
    try:
        ip("link", "add", interface, "type", "veth", "peer", "name", far_interface, "netns", name)
        yield ["ip", "netns", "exec", name]
    finally:
        ip("netns", "delete", name)


def ip(*arguments, where=()):
    subprocess.run([*where, "ip", *arguments], check=True)


@contextlib.contextmanager
def nginx(directory, port):
    """nginx with `nginx.conf`, which keeps its files in `directory`."""
    with running(["nginx", "-p", directory, "-e", directory / "error.log", "-c", SCRIPTS / "nginx.conf"]):
        wait_until_open(port)
        yield


def wait_until_open(port, host="127.0.0.1", seconds=10):
    """Waits for a server without connecting to it: a probe would be in the capture."""
    listening = f"{host}:{port}"
    for _ in range(20 * seconds):
        if listening in subprocess.run(["ss", "-Htln"], check=True, capture_output=True, text=True).stdout:
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on {listening}")
