"""TLS without WebSocket in it: alerts, other protocols, HTTP without an upgrade, and handshakes that are refused."""

import asyncio
import socket
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import InvalidStatus

from recording import (NAME, FrameLogs, Recording, certificate, client_context, facts, facts_of, only,
                       server_context, version)

PORT = 8443
PEERS = "websockets 17.4, client and server, CPython 3.11"
SOCKETS = "CPython 3.11's ssl, client and server"
GNUTLS = f"gnutls-cli {version('gnutls-cli', '--version')}"


def refused():
    """The server answers the handshakes with 403 and with 404."""
    async def never(connection):
        raise AssertionError

    def refuse(connection, request):
        recording.tls = facts(connection)
        return connection.respond(403 if request.path == "/private" else 404, "no\n")

    async def run(recording, client, server):
        log = FrameLogs("server")
        async with serve(never, "127.0.0.1", PORT, ssl=server, process_request=refuse, logger=log.logger):
            for path in ("/private", "/nowhere"):
                try:
                    await connect(f"wss://{NAME}:{PORT}{path}", host="127.0.0.1", port=PORT, ssl=client, proxy=None)
                except InvalidStatus as error:
                    status = error.response.status_code
                    recording.connections.append({"from_client": [], "from_server": [], "close": None, "status": status})

    with Recording("refused", [PORT], PEERS) as recording:
        chain, key = certificate(recording.directory)
        asyncio.run(run(recording, client_context(chain), server_context(chain, key, recording.keys)))


# TLS without WebSocket


def exchange(recording, client_context, server_context, serve_one, call):
    """One connection of plain sockets over TLS; returns the errors of TLS that client and server raised."""
    errors = {}
    listener = socket.create_server(("127.0.0.1", PORT))

    def run_server():
        accepted, _ = listener.accept()
        try:
            with server_context.wrap_socket(accepted, server_side=True) as secure:
                serve_one(secure)
        except ssl.SSLError as error:
            errors["server"] = error.reason

    thread = threading.Thread(target=run_server)
    thread.start()
    with socket.create_connection(("127.0.0.1", PORT)) as plain:
        try:
            with client_context.wrap_socket(plain, server_hostname=NAME) as secure:
                recording.tls = facts_of(secure)
                call(secure)
        except ssl.SSLError as error:
            errors["client"] = error.reason
    thread.join(timeout=10)
    listener.close()
    return errors


def read_all(secure):
    while secure.recv(4096):
        pass


def untrusted(name, version, words):
    with_keys = not name.endswith("-no-key")
    with Recording(name, [PORT], SOCKETS, with_keys=with_keys) as recording:
        chain, key = certificate(recording.directory)
        other, _ = certificate(recording.directory, name="another.example")
        server = server_context(chain, key, recording.keys if with_keys else None)
        client = only(client_context(other), version)
        recording.more["errors"] = exchange(recording, client, server, read_all, read_all)
        recording.tls = {"version": words, "server_name": NAME}


def untrusted_by(name, program, client):
    """The same by a client that encrypts its alert, as TLS 1.3 wants it: OpenSSL's is in the clear."""
    with_keys = not name.endswith("-no-key")
    with Recording(name, [PORT], f"{program}, CPython 3.11's ssl", with_keys=with_keys) as recording:
        chain, key = certificate(recording.directory)
        other, _ = certificate(recording.directory, name="another.example")
        server = only(server_context(chain, key, recording.keys if with_keys else None), ssl.TLSVersion.TLSv1_3)
        errors = {}
        listener = socket.create_server(("127.0.0.1", PORT))

        def run_server():
            accepted, _ = listener.accept()
            try:
                with server.wrap_socket(accepted, server_side=True) as secure:
                    read_all(secure)
            except ssl.SSLError as error:
                errors["server"] = error.reason

        thread = threading.Thread(target=run_server)
        thread.start()
        result = subprocess.run(client(other), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert result.returncode != 0
        thread.join(timeout=10)
        listener.close()
        recording.more["errors"] = errors
        recording.tls = {"version": "TLSv1.3", "server_name": NAME}


def gnutls_cli(authorities):
    return ["gnutls-cli", "--x509cafile", authorities, "--sni-hostname", NAME, "--verify-hostname", NAME, "-p", str(PORT),
            "127.0.0.1"]


def no_certificate():
    """A server of TLS 1.3 that wants a certificate of the client, which has none: the alert comes after the handshake, encrypted."""
    with Recording("alert-no-certificate", [PORT], SOCKETS) as recording:
        chain, key = certificate(recording.directory)
        server = server_context(chain, key, recording.keys)
        server.verify_mode = ssl.CERT_REQUIRED
        server.load_verify_locations(chain)
        recording.more["errors"] = exchange(recording, client_context(chain), server, read_all, read_all)


def no_certificate_tls12():
    """The same in TLS 1.2: the server says so in the clear, when the client has sent its last, encrypted, message."""
    with Recording("alert-no-certificate-tls12", [PORT], SOCKETS, with_keys=False) as recording:
        chain, key = certificate(recording.directory)
        server = only(server_context(chain, key), ssl.TLSVersion.TLSv1_2)
        server.verify_mode = ssl.CERT_REQUIRED
        server.load_verify_locations(chain)
        recording.more["errors"] = exchange(recording, client_context(chain), server, read_all, read_all)
        recording.tls = {"version": "TLSv1.2", "server_name": NAME}


def wrong_version():
    """A server that wants TLS 1.3, a client that has only TLS 1.2."""
    with Recording("alert-version", [PORT], SOCKETS, with_keys=False) as recording:
        chain, key = certificate(recording.directory)
        server = only(server_context(chain, key), ssl.TLSVersion.TLSv1_3)
        client = only(client_context(chain), ssl.TLSVersion.TLSv1_2)
        recording.more["errors"] = exchange(recording, client, server, read_all, read_all)
        recording.tls = {"version": None, "server_name": NAME}


def not_http():
    """A protocol of lines, in which the server speaks first."""
    said = {"client": [b"HELO feed.example\r\n", b"QUIT\r\n"], "server": [b"220 ready\r\n", b"250 welcome\r\n", b"221 bye\r\n"]}

    def serve_one(secure):
        secure.sendall(said["server"][0])
        for answer in said["server"][1:]:
            secure.recv(4096)
            secure.sendall(answer)

    def call(secure):
        secure.recv(4096)
        for line in said["client"]:
            secure.sendall(line)
            secure.recv(4096)

    with Recording("not-http", [PORT], SOCKETS) as recording:
        chain, key = certificate(recording.directory)
        errors = exchange(recording, client_context(chain, alpn=()), server_context(chain, key, recording.keys, alpn=()),
                          serve_one, call)
        assert not errors, errors


def https():
    """Two requests of curl on one connection."""
    class Pages(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = f"this is {self.path}\n".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, words, *arguments):
            requests.append(f"{self.requestline} {arguments[1]}")
            recording.tls = facts_of(self.connection)

    requests = []
    version = subprocess.run(["curl", "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    with Recording("https", [PORT], f"curl {version}, http.server of CPython 3.11") as recording:
        chain, key = certificate(recording.directory)
        server = HTTPServer(("127.0.0.1", PORT), Pages)
        server.socket = server_context(chain, key, recording.keys).wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"https://{NAME}:{PORT}"
        subprocess.run(["curl", "--silent", "--fail", "--cacert", chain, "--resolve", f"{NAME}:{PORT}:127.0.0.1",
                        f"{url}/first", f"{url}/second"], check=True, stdout=subprocess.DEVNULL)
        server.shutdown()
        recording.more["requests"] = requests


SAMPLES = {
    "alert-untrusted": lambda: untrusted("alert-untrusted", ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    "alert-untrusted-no-key": lambda: untrusted("alert-untrusted-no-key", ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    "alert-untrusted-gnutls": lambda: untrusted_by("alert-untrusted-gnutls", GNUTLS, gnutls_cli),
    "alert-untrusted-gnutls-no-key": lambda: untrusted_by("alert-untrusted-gnutls-no-key", GNUTLS, gnutls_cli),
    "alert-untrusted-tls12": lambda: untrusted("alert-untrusted-tls12", ssl.TLSVersion.TLSv1_2, "TLSv1.2"),
    "alert-version": wrong_version,
    "alert-no-certificate-tls12": no_certificate_tls12,
    "alert-no-certificate": no_certificate,
    "not-http": not_http,
    "https": https,
    "refused": refused,
}

for name in sys.argv[1:]:
    SAMPLES[name]()
