"""What the captures of this folder share; the recording itself is that of `samples/scripts/shared/sample.py`.

    with Other("redis", ports=[6379], protocols=["resp"]):
        ... let real software talk ...

When the block ends, the capture is checked and moved into `samples/others/`.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from sample import Sample, check_connections, ip, running, tshark, wait_until_open

SCRIPTS = Path(__file__).resolve().parent.parent
OTHERS = SCRIPTS.parent

# Captures are kept in git: each is to stay small.
MOST_BYTES = 150_000


class Other(Sample):
    """Records a protocol that is not WebSocket, in packets of Ethernet's size."""

    def __init__(self, name, ports, protocols, filter=None):
        super().__init__(name, ports, filter=filter)
        self.protocols = protocols

    def __enter__(self):
        # The loopback interface would carry up to 64 KiB in one packet.
        ip("link", "set", "lo", "mtu", "1500")
        subprocess.run(["ethtool", "-K", "lo", "tso", "off", "gso", "off", "gro", "off"], check=True)
        return super().__enter__()

    def publish(self):
        log = (self.directory / "recorder.log").read_text()
        if "\n0 packets dropped by kernel" not in log:
            raise SystemExit(f"{self.name}: packets were dropped:\n{log}")
        check_connections(self.capture)
        self.check_protocols()
        if self.capture.stat().st_size > MOST_BYTES:
            raise SystemExit(f"{self.name}: {self.capture.stat().st_size} bytes are too many")
        target = OTHERS / self.capture.name
        shutil.move(self.capture, target)
        target.chmod(0o644)
        print(f"{target.name}: {len(tshark(target, 'frame.number'))} packets, {target.stat().st_size} bytes")

    def check_protocols(self):
        """Fails unless tshark finds the protocols that are meant to be there, and no WebSocket."""
        found = set()
        for (stack,) in tshark(self.capture, "frame.protocols"):
            found.update(stack.split(":"))
        if "websocket" in found or not found.issuperset(self.protocols):
            raise SystemExit(f"{self.name}: tshark finds {sorted(found)}, not {self.protocols}")


@contextlib.contextmanager
def folder(owner=None):
    """A temporary folder for what a server keeps, closed to all but its owner."""
    path = Path(tempfile.mkdtemp(prefix="other-"))
    try:
        if owner:
            shutil.chown(path, owner)
        yield path
    finally:
        shutil.rmtree(path)


@contextlib.contextmanager
def serving(command, port, **options):
    """A server that runs for as long as the block does; its port is open when the block begins."""
    quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with running([str(word) for word in command], **{**quiet, **options}) as process:
        wait_until_open(port)
        yield process


def run(*command, **options):
    """Runs a client to its end; what it prints goes nowhere, unless it fails."""
    command = [str(word) for word in command]
    done = subprocess.run(command, capture_output=True, timeout=60, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def sshd(port=22):
    """OpenSSH's server; gives the options by which a client reaches it and logs in."""
    # The server insists on this folder, which its service would have made.
    os.makedirs("/run/sshd", exist_ok=True)
    with folder() as path:
        for key in ("host", "user"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", path / key)
        (path / "config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {path}/host\nAuthorizedKeysFile {path}/user.pub\n"
            f"PermitRootLogin yes\nStrictModes no\nUsePAM no\nPidFile none\nSubsystem sftp internal-sftp\n")
        with serving(["/usr/sbin/sshd", "-D", "-f", path / "config"], port):
            yield ["-F", "none", "-i", path / "user", "-o", f"Port={port}", "-o", "StrictHostKeyChecking=no",
                   "-o", f"UserKnownHostsFile={path}/known", "-o", "LogLevel=ERROR"]


def joined(port):
    """The two ends of a TCP connection that sends what it is given at once."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        client = socket.create_connection(("127.0.0.1", port))
        server, _ = listener.accept()
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client, server


def send(sender, receiver, data):
    """Sends `data` in one go, and waits until it is there: so the segments stay as they are meant."""
    sender.sendall(data)
    left = len(data)
    while left:
        left -= len(receiver.recv(left))


def serve_each(port, answer):
    """Listens on `port` and runs `answer` with each connection, in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", port))

    def accept():
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=answer, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
