"""ech-*.pcapng: the client's hello is encrypted (RFC 9849) to a key of Caddy, which ends TLS; browsers learn the key from DNS."""

import base64
import contextlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import browsers
from hand import HandClient, Pipe
from recording import FOLDER, NAME, Recording, version
from sample import running, tshark, wait_until_open
from server import PORT as OTHER_PORT, Server

SCRIPTS = Path(__file__).resolve().parent
PORT = 443
# What everybody sees in the hello outside, where there is one inside.
PUBLIC_NAME = "cover.example"
SUITES = {0x1301: "TLS_AES_128_GCM_SHA256", 0x1302: "TLS_AES_256_GCM_SHA384", 0x1303: "TLS_CHACHA20_POLY1305_SHA256"}
CADDY = Path(sys.executable).with_name("caddy")
BETWEEN = f"Caddy {version(CADDY, 'version')} between them"
CHROMIUM = f"Chromium {version('chromium', '--version')}"
FIREFOX = f"Firefox {version('firefox-esr', '--version')}"


@contextlib.contextmanager
def caddy(directory, curves=None):
    environment = {"DIRECTORY": str(directory), "HOME": str(directory), "CURVES": f"curves {curves}" if curves else ""}
    command = [CADDY, "run", "--config", SCRIPTS / "Caddyfile", "--adapter", "caddyfile"]
    with open(directory / "caddy.log", "w") as log, running(command, env=os.environ | environment, stdout=log, stderr=log):
        wait_until_open(PORT)
        for name in (NAME, PUBLIC_NAME):
            wait_for(directory / "certificates" / "local" / name / f"{name}.crt")
        yield


def wait_for(path):
    for _ in range(100):
        if path.exists():
            return
        time.sleep(0.05)
    raise SystemExit(f"Caddy did not make {path}")


# Lists of configurations for encrypted hellos, RFC 9849 §4


def configurations(directory):
    """The server's own list."""
    path, = (directory / "ech" / "configs").glob("*/config.bin")
    configuration = path.read_bytes()
    return struct.pack(">H", len(configuration)) + configuration


def outdated(name):
    """A list with a key that the server has not, or not any more: DHKEM(X25519), HKDF-SHA256, AES-128-GCM."""
    contents = struct.pack(">BHH", 7, 0x20, 32) + os.urandom(32) + struct.pack(">HHHB", 4, 1, 1, 0)
    contents += struct.pack(">B", len(name)) + name.encode() + bytes(2)
    configuration = struct.pack(">HH", 0xFE0D, len(contents)) + contents
    return struct.pack(">H", len(configuration)) + configuration


@contextlib.contextmanager
def names(directory, ech):
    """A DNS server that gives addresses and, in an HTTPS record (RFC 9848), the list of configurations."""
    record = struct.pack(">HBHH", 1, 0, 5, len(ech)) + ech
    command = ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root",
               "--pid-file=", "--listen-address=127.0.0.1", "--bind-interfaces", f"--dns-rr={NAME},65,{record.hex()}",
               *(f"--host-record={name},127.0.0.1" for name in (NAME, PUBLIC_NAME))]
    with running(command, stderr=subprocess.DEVNULL):
        wait_until_open(53)
        resolver = directory / "resolv.conf"
        resolver.write_text("nameserver 127.0.0.1\n")
        yield ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"', resolver]


def facts(directory):
    """What Caddy logged of the connection of the WebSocket."""
    for _ in range(100):
        entries = [json.loads(line) for line in (directory / "access.log").read_text().splitlines()]
        found = [entry["request"]["tls"] for entry in entries if entry["request"]["uri"] == "/feed"]
        if found:
            break
        time.sleep(0.05)
    tls, = found
    return {"version": {0x0304: "TLSv1.3"}[tls["version"]], "cipher": SUITES[tls["cipher_suite"]],
            "server_name": tls["server_name"], "alpn": tls["proto"] or None, "ech": tls["ech"],
            "public_name": PUBLIC_NAME if tls["ech"] else None}


def browse(name, program, start, is_outdated=False, curves=None, lines=None):
    """Records a browser that runs the page; `lines` changes its key log."""
    with Recording(name, [PORT], f"{program}, websockets 17.4 server, {BETWEEN}") as recording:
        directory = recording.directory
        environment = os.environ | {"SSLKEYLOGFILE": str(recording.keys)}
        with caddy(directory, curves):
            offered = outdated(PUBLIC_NAME) if is_outdated else configurations(directory)
            root = directory / "pki" / "authorities" / "local" / "root.crt"
            with (
                Server(recording, clear=True, process_request=browsers.serve_page) as server,
                names(directory, offered) as where,
                tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
            ):
                with running([*where, *start(profile, root)], env=environment, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL):
                    server.wait()
                    time.sleep(1)
                recording.tls = facts(directory)
        assert recording.tls["ech"] != is_outdated, recording.tls
        log, = server.logs.all()
        *others, last = log.heard
        report = json.loads(last["payload"])
        assert report["sent"] == [item for item in others if item["kind"] not in ("ping", "pong")]
        recording.add(log)
        sessions = {line.split()[1] for line in recording.keys.read_text().splitlines() if line.startswith("CLIENT_TRAFFIC")}
        recording.change(lambda capture: check_sessions(capture, len(sessions)))
        if lines:
            change(recording.keys, lines)


def check_sessions(capture, logged):
    """Fails where a browser gave up a connection before its handshake ended: that has no keys."""
    connections = len({stream for stream, in tshark(capture, "tcp.stream")})
    if connections != logged:
        raise SystemExit(f"{capture.name}: {connections} connections, and keys of {logged}: make it again")


def change(keys, lines):
    kept = [line for line in keys.read_text().splitlines() if not line.startswith("#")]
    keys.write_text("".join(f"{line}\n" for line in lines(kept)))


def labelled(*labels):
    """Only the lines with these labels."""
    return lambda lines: (line for line in lines if line.split()[0] in labels)


def of_another(lines):
    """The lines of a connection that is not in the capture, with the same cipher suite."""
    with tempfile.TemporaryDirectory() as directory:
        keys = Path(directory) / "keys.log"
        with Server(SimpleNamespace(directory=Path(directory))):
            subprocess.run(["openssl", "s_client", "-brief", "-connect", f"127.0.0.1:{OTHER_PORT}", "-ciphersuites",
                            "TLS_AES_128_GCM_SHA256", "-keylogfile", keys],
                           check=True, stdin=subprocess.DEVNULL, capture_output=True)
        return [line for line in keys.read_text().splitlines() if not line.startswith("#")]


def chromium(profile, root):
    browsers.trust(Path(profile) / ".pki" / "nssdb", root)
    return browsers.chromium(profile, f"https://{NAME}/")


def firefox(profile, root):
    browsers.trust(profile, root)
    settings = {"network.dns.native_https_query": "true", "network.dns.echconfig.enabled": "true",
                "network.dns.force_use_https_rr": "true"}
    return browsers.firefox(profile, settings, f"https://{NAME}/")


def tstclnt(name, with_keys=True, lines=None):
    """NSS's own client; the keys are those that the server logged. Where they are not in the capture, they are in a file beside it."""
    peers = f"tstclnt of NSS {version('dpkg-query', '-W', 'libnss3-tools')} with websockets 17.4 (Sans-I/O), websockets 17.4 server, {BETWEEN}"
    with Recording(name, [PORT], peers, with_keys=with_keys) as recording:
        directory = recording.directory
        with caddy(directory), Server(recording, clear=True) as server:
            browsers.trust(directory / "database", directory / "pki" / "authorities" / "local" / "root.crt")
            configuration = base64.b64encode(configurations(directory)).decode()
            with names(directory, b"") as where:
                client = HandClient(Pipe([*where, "tstclnt", "-4", "-d", f"sql:{directory / 'database'}", "-h", NAME, "-p",
                                          str(PORT), "-N", configuration]), PORT)
                client.open()
                client.text("hello")
                client.expect(1)
                client.binary(bytes(range(64)))
                client.expect(2)
                client.ping(b"client asks")
                client.expect(3)
                client.close()
                # It does not end by itself.
                client.pipe.kill()
            recording.tls = facts(directory)
        assert recording.tls["ech"], recording.tls
        recording.add(client.log, *server.logs.all())
        recording.keys.write_text((directory / "server.keys").read_text())
        if not with_keys:
            log = FOLDER / f"{name}.keylog"
            log.write_text(recording.keys.read_text())
            recording.more["key_log"] = log.name
        if lines:
            change(recording.keys, lines)


SAMPLES = {
    "ech-chromium": lambda name: browse(name, CHROMIUM, chromium),
    "ech-firefox": lambda name: browse(name, FIREFOX, firefox),
    "ech-nss": tstclnt,
    "ech-hello-retry": lambda name: browse(name, CHROMIUM, chromium, curves="secp384r1"),
    "ech-refused": lambda name: browse(name, CHROMIUM, chromium, is_outdated=True),
    "ech-no-key": lambda name: tstclnt(name, with_keys=False),
    "ech-traffic-only": lambda name: tstclnt(name, lines=labelled("CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0")),
    "ech-secret-only": lambda name: browse(name, FIREFOX, firefox, lines=labelled("ECH_SECRET", "ECH_CONFIG")),
    "ech-other-keys": lambda name: browse(name, CHROMIUM, chromium, lines=of_another),
}

for name in sys.argv[1:]:
    SAMPLES[name](name)
