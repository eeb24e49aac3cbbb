"""Clients of OpenSSL, GnuTLS and curl in front of a `websockets` server, and what OpenSSL's tools can do beside."""

import os
import re
import subprocess
import sys
import time

from hand import HandClient, HandServer, Pipe
from recording import NAME, Recording, begin_at, certificate, version
from server import CLEAR, PORT, Server
from sample import running, tshark, wait_until_open

# OpenSSL's option SSL_OP_ALLOW_CLIENT_RENEGOTIATION, for which Python has no name.
RENEGOTIATION = 1 << 8
OPENSSL = f"openssl {version('openssl', 'version')}"


def s_client(keys, *options):
    # -brief: prints nothing of its own to standard output, and still takes commands.
    return ["openssl", "s_client", "-brief", "-connect", f"127.0.0.1:{PORT}", "-servername", NAME, "-alpn", "http/1.1",
            "-keylogfile", keys, *options]


def talk(client):
    client.open()
    client.text("hello")
    client.expect(1)
    client.binary(bytes(range(64)))
    client.expect(2)
    client.ping(b"client asks")
    client.expect(3)


def openssl(name, options, talk_of, **server_options):
    with Recording(name, [PORT], f"{OPENSSL} s_client with websockets 17.4 (Sans-I/O), websockets 17.4 server") as recording:
        with Server(recording, **server_options) as server:
            client = HandClient(Pipe(s_client(recording.keys, *options)), PORT)
            begin = talk_of(client)
            if not client.pipe.killed:
                client.close()
                client.pipe.close()
        recording.add(client.log, *server.logs.all())
        if begin:
            recording.change(lambda capture: begin.cut(recording, capture))


class Beginning:
    """The moment at which a capture begins, amid a connection, when nothing is under way."""

    def __init__(self, client):
        time.sleep(0.3)
        self.moment, self.sent, self.heard = time.time(), len(client.log.sent), len(client.log.heard)
        time.sleep(0.3)

    def cut(self, recording, capture):
        begin_at(self.moment, capture)
        connection, = recording.connections
        connection["from_client"] = connection["from_client"][self.sent:]
        connection["from_server"] = connection["from_server"][self.heard:]
        recording.more["messages_before"] = {"from_client": self.sent, "from_server": self.heard}


def talk_at_once(client):
    """Several frames in one record, and a frame in several."""
    talk(client)
    for number in range(5):
        client.protocol.send_text(b"at once %d" % number)
    client.flush_at_once()
    client.expect(8)
    client.text("long " * 800)
    client.expect(9)


def talk_key_update(client):
    """`K` asks the other side for new keys as well, `k` only sends with new ones."""
    talk(client)
    for number, command in enumerate((b"K\n", b"k\n", b"K\n", b"K\n")):
        client.pipe.write(command)
        time.sleep(0.3)
        client.text(f"after update {number}: {command.decode().strip()}")
        client.expect(4 + number)
    client.text("long after " * 300)
    client.expect(8)


def talk_late_key_update(client):
    """Two updates of each side's keys before the capture begins, and one in it."""
    talk(client)
    for number in range(2):
        client.pipe.write(b"K\n")
        time.sleep(0.3)
        client.text(f"early {number}")
        client.expect(4 + number)
    begin = Beginning(client)
    client.text("late 0")
    client.expect(6)
    client.text("late 1")
    client.expect(7)
    client.pipe.write(b"K\n")
    time.sleep(0.3)
    client.text("late 2")
    client.expect(8)
    return begin


def talk_renegotiation(client):
    """`R` lets the client begin a second handshake inside the first one's encryption (TLS 1.2)."""
    talk(client)
    client.pipe.write(b"R\n")
    time.sleep(0.5)
    client.text("after the second handshake")
    client.expect(4)
    client.text("and once more")
    client.expect(5)


def talk_killed(client):
    """The client's process dies: no close frame, and no alert that closes TLS."""
    talk(client)
    client.pipe.kill()


def gnutls():
    peers = f"gnutls-cli {version('gnutls-cli', '--version')} with websockets 17.4 (Sans-I/O), websockets 17.4 server"
    with Recording("gnutls", [PORT], peers) as recording:
        command = ["gnutls-cli", "--no-ca-verification", "--sni-hostname", NAME, "--alpn", "http/1.1", "--logfile",
                   recording.directory / "gnutls.log", "-p", str(PORT), "127.0.0.1"]
        with Server(recording) as server:
            client = HandClient(Pipe(command, {"SSLKEYLOGFILE": str(recording.keys)}), PORT)
            talk(client)
            client.text("long " * 800)
            client.expect(4)
            client.close()
            client.pipe.close()
        recording.add(client.log, *server.logs.all())


def record_size_limit():
    """The client takes no records of more than 512 bytes (RFC 8449), which the server, lighttpd with GnuTLS, obeys."""
    async def push(connection):
        await connection.send("long " * 800)

    lighttpd = f"lighttpd {version('lighttpd', '-v')} with GnuTLS"
    peers = f"gnutls-cli {version('gnutls-cli', '--version')} with websockets 17.4 (Sans-I/O), websockets 17.4 server, {lighttpd} between them"
    with Recording("record-size-limit", [PORT], peers) as recording:
        chain, key = certificate(recording.directory)
        settings = recording.directory / "lighttpd.conf"
        settings.write_text(LIGHTTPD.format(directory=recording.directory, port=PORT, chain=chain, key=key, clear=CLEAR))
        command = ["gnutls-cli", "--recordsize", "512", "--no-ca-verification", "--sni-hostname", NAME, "--alpn", "http/1.1",
                   "--logfile", recording.directory / "gnutls.log", "-p", str(PORT), "127.0.0.1"]
        with Server(recording, push=push, clear=True, compression=None) as server, running(["lighttpd", "-D", "-f", settings]):
            wait_until_open(PORT)
            client = HandClient(Pipe(command, {"SSLKEYLOGFILE": str(recording.keys)}), PORT)
            client.open()
            client.expect(1)
            client.text("hello")
            client.expect(2)
            client.ping(b"client asks")
            client.expect(3)
            client.close()
            client.pipe.close()
        recording.add(client.log, *server.logs.all())
        said = (recording.directory / "gnutls.log").read_text()
        agreed = re.search(r"Description: \(TLS(.*?)[-)].*\((.*?)\)", said)
        recording.tls = {"version": f"TLSv{agreed[1]}", "cipher": agreed[2], "server_name": NAME,
                         "alpn": re.search(r"Application protocol: (.*)", said)[1]}
        recording.change(check_limit)


LIGHTTPD = """
server.modules = ("mod_gnutls", "mod_proxy")
server.document-root = "{directory}"
server.bind = "127.0.0.1"
server.port = {port}
ssl.engine = "enable"
ssl.pemfile = "{chain}"
ssl.privkey = "{key}"
proxy.server = ("" => (("host" => "127.0.0.1", "port" => {clear})))
proxy.header = ("upgrade" => "enable")
"""


def check_limit(capture):
    """The client names the limit in its hello, and no record of the server's data is longer."""
    rows = tshark(capture, "tcp.srcport", "tls.record_size_limit", "tls.record.length")
    limits = {limit for port, limit, _ in rows if limit and port != str(PORT)}
    longest = max(int(length) for port, _, lengths in rows if port == str(PORT) for length in lengths.split(",") if length)
    # The limit counts the byte for the type, and not the tag.
    if limits != {"513"} or longest > 513 + 16:
        raise SystemExit(f"record-size-limit: {limits}, {longest}")


def curl():
    """curl asks for the upgrade and prints what comes, as users do to try a server; it answers no close."""
    async def push(connection):
        for tick in range(5):
            await connection.send(f"tick {tick}")
        connection.close_timeout = 1
        await connection.close(1001, "no more ticks")

    with Recording("curl", [PORT], f"curl {version('curl', '--version')}, websockets 17.4 server") as recording:
        with Server(recording, push=push) as server:
            headers = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
            subprocess.run(["curl", "--silent", "--insecure", "--http1.1", "--no-buffer", "--max-time", "10",
                            "--resolve", f"{NAME}:{PORT}:127.0.0.1", *(f"-H{header}" for header in headers),
                            f"https://{NAME}:{PORT}/feed"],
                           stdout=subprocess.DEVNULL, env=os.environ | {"SSLKEYLOGFILE": str(recording.keys)})
        recording.add(*server.logs.all())


def early_data():
    """A second connection sends its opening handshake in 0-RTT data."""
    name = "early-data"
    with Recording(name, [PORT], f"{OPENSSL} s_client and s_server with websockets 17.4 (Sans-I/O)") as recording:
        chain, key = certificate(recording.directory)
        log = recording.directory / "s_client.log"
        session, request = recording.directory / "session.pem", recording.directory / "request"
        serving = Pipe(["openssl", "s_server", "-quiet", "-accept", f"127.0.0.1:{PORT}", "-cert", chain, "-key", key,
                        "-early_data", "-alpn", "http/1.1", "-naccept", "2"])
        wait_until_open(PORT)
        for again in (False, True):
            options = ["-sess_in", session, "-early_data", request] if again else ["-sess_out", session]
            client = HandClient(None, PORT)
            server = HandServer(serving)
            opening = client.request()
            request.write_bytes(opening)
            client.pipe = Pipe(s_client(recording.keys, *options), log=log)
            if not again:
                client.pipe.write(opening)
            server.open()
            client.await_opening()
            for number in range(3):
                client.text(f"question {number}")
                server.expect(number + 1)
                server.text(f"answer {number}")
                client.expect(number + 1)
            client.protocol.send_close(1000, "done")
            client.flush()
            server.read_until(lambda: server.protocol.close_rcvd is not None)
            client.read_until(lambda: client.protocol.close_rcvd is not None)
            client.pipe.close()
            time.sleep(0.3)
            recording.add(client.log, server.log, early_data=again)
        serving.close()
        assert "CLIENT_EARLY_TRAFFIC_SECRET" in recording.keys.read_text()
        brief = dict(line.split(": ", 1) for line in log.read_text().splitlines() if ": " in line)
        recording.tls = {"version": brief["Protocol version"], "cipher": brief["Ciphersuite"], "server_name": NAME,
                         "alpn": "http/1.1"}


SAMPLES = {
    "openssl": lambda: openssl("openssl", [], talk_at_once),
    "openssl-small-records": lambda: openssl("openssl-small-records", ["-max_send_frag", "512"], talk_at_once),
    "openssl-padding": lambda: openssl("openssl-padding", ["-record_padding", "256"], talk_at_once),
    "key-update": lambda: openssl("key-update", [], talk_key_update),
    "late-key-update": lambda: openssl("late-key-update", [], talk_late_key_update),
    "renegotiation": lambda: openssl("renegotiation", ["-tls1_2"], talk_renegotiation, tls_options=RENEGOTIATION),
    "killed": lambda: openssl("killed", [], talk_killed),
    "gnutls": gnutls,
    "record-size-limit": record_size_limit,
    "curl": curl,
    "early-data": early_data,
}

for name in sys.argv[1:]:
    SAMPLES[name]()
