"""tls.pcap: TLS 1.2 and 1.3 by Python's OpenSSL, with messages of many lengths both ways."""

import contextlib
import random
import socket
import ssl

from other import Other, folder, run, serve_each

PORT = 443
LENGTHS = [0x7d, 0x7e, 0x7f, 0x81, 0x82, 1, 2, 3, 17, 300, 1_400, 5_000, *range(4, 60, 3)]
chance = random.Random(443)


def certificate(path):
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=harbour.example",
        "-addext", "subjectAltName=DNS:harbour.example", "-keyout", path / "key", "-out", path / "certificate")


def server(path):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path / "certificate", path / "key")

    def answer(connection):
        with context.wrap_socket(connection, server_side=True) as connection:
            while message := connection.recv(20_000):
                connection.sendall(message[::-1] + message[:9])
            # The client has said goodbye; this says it back.
            with contextlib.suppress(OSError):
                connection.unwrap()

    return answer


def visit(path, version):
    context = ssl.create_default_context(cafile=path / "certificate")
    context.minimum_version = context.maximum_version = version
    with context.wrap_socket(socket.create_connection(("127.0.0.1", PORT)), server_hostname="harbour.example") as connection:
        for length in LENGTHS:
            connection.sendall(chance.randbytes(length))
            left = length + min(length, 9)
            while left:
                left -= len(connection.recv(left))
        with contextlib.suppress(OSError):
            connection.unwrap()


with folder() as path:
    certificate(path)
    serve_each(PORT, server(path))
    with Other("tls", ports=[PORT], protocols=["tls"]):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            visit(path, version)
