"""python-*.pcapng: the same talk by `websockets` peers, in each version of TLS and kind of cipher suite."""

import asyncio
import ssl
import subprocess
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from recording import (FOLDER, NAME, FrameLogs, Recording, certificate, client_context, facts, only,
                       server_context)

PORT = 8443
TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 = (
    ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
TALK = ["hello", "Grüße aus Köln, 世界 🙂", bytes(range(64)), '{"op":"subscribe","topics":["coffee","tea"]}' * 4]

# The version, its cipher suites where Python can choose them, and the server's certificate.
VERSIONS = {
    "python-tls13": (TLS_1_3, None, "ec"),
    "python-tls13-aes128": (TLS_1_3, None, "ec"),
    "python-tls13-chacha20": (TLS_1_3, None, "ec"),
    "python-tls12-ecdhe-gcm": (TLS_1_2, "ECDHE-ECDSA-AES128-GCM-SHA256", "ec"),
    "python-tls12-ecdhe-gcm256": (TLS_1_2, "ECDHE-ECDSA-AES256-GCM-SHA384", "ec"),
    "python-tls12-chacha20": (TLS_1_2, "ECDHE-ECDSA-CHACHA20-POLY1305", "ec"),
    "python-tls12-ccm": (TLS_1_2, "ECDHE-ECDSA-AES128-CCM", "ec"),
    "python-tls12-ccm8": (TLS_1_2, "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0", "ec"),
    "python-tls12-cbc": (TLS_1_2, "ECDHE-ECDSA-AES128-SHA256", "ec"),
    "python-tls12-cbc-sha1": (TLS_1_2, "ECDHE-ECDSA-AES256-SHA", "ec"),
    "python-tls12-cbc-mac-then-encrypt": (TLS_1_2, "ECDHE-ECDSA-AES128-SHA256", "ec"),
    "python-tls12-static-rsa": (TLS_1_2, "AES128-GCM-SHA256", "rsa"),
    "python-tls12-static-rsa-no-ems": (TLS_1_2, "AES128-SHA256", "rsa"),
    "python-tls12-static-rsa-keys": (TLS_1_2, "AES256-SHA256", "rsa"),
    "python-tls12-static-rsa-ccm-keys": (TLS_1_2, "AES256-CCM", "rsa"),
    "python-tls12-dhe-gcm": (TLS_1_2, "DHE-RSA-AES128-GCM-SHA256", "rsa"),
    "python-tls12-dhe-chacha20": (TLS_1_2, "DHE-RSA-CHACHA20-POLY1305", "rsa"),
    "python-tls12-dhe-ccm": (TLS_1_2, "DHE-RSA-AES128-CCM", "rsa"),
    "python-tls12-dhe-cbc": (TLS_1_2, "DHE-RSA-AES256-SHA256", "rsa"),
    "python-tls12-resumed": (TLS_1_2, "ECDHE-ECDSA-AES128-GCM-SHA256", "ec"),
    "python-tls12-resumed-one-key": (TLS_1_2, "ECDHE-ECDSA-AES128-GCM-SHA256", "ec"),
    "python-tls12-resumed-by-id": (TLS_1_2, "ECDHE-ECDSA-AES128-GCM-SHA256", "ec"),
    "python-tls12-camellia": (TLS_1_2, "ECDHE-ECDSA-CAMELLIA128-SHA256", "ec"),
    "python-tls12-aria": (TLS_1_2, "ECDHE-ARIA128-GCM-SHA256", "rsa"),
    "python-tls12-null": (TLS_1_2, "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0", "ec"),
    "python-tls11": (TLS_1_1, "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", "ec"),
    "python-tls10": (TLS_1_0, "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", "ec"),
    "python-tls11-mac-then-encrypt": (TLS_1_1, "DHE-RSA-AES128-SHA:@SECLEVEL=0", "rsa"),
    "python-tls10-mac-then-encrypt": (TLS_1_0, "DHE-RSA-AES256-SHA:@SECLEVEL=0", "rsa"),
    "python-tls10-static-rsa": (TLS_1_0, "AES128-SHA:@SECLEVEL=0", "rsa"),
    "python-tls13-ccm": (TLS_1_3, None, "ec"),
    "python-tls13-ccm8": (TLS_1_3, None, "ec"),
    "python-tls13-resumed": (TLS_1_3, None, "ec"),
    "python-tls13-hello-retry": (TLS_1_3, None, "ec"),
    "python-tls13-client-certificate": (TLS_1_3, None, "ec"),
    "python-tls12-client-certificate": (TLS_1_2, "ECDHE-ECDSA-AES128-GCM-SHA256", "ec"),
}

# What the server does not offer. Python has no names for the first two of OpenSSL's options.
NO_ENCRYPT_THEN_MAC, NO_EXTENDED_MASTER_SECRET = 1 << 19, 1
OPTIONS = {
    "python-tls12-cbc-mac-then-encrypt": NO_ENCRYPT_THEN_MAC,
    "python-tls11-mac-then-encrypt": NO_ENCRYPT_THEN_MAC,
    "python-tls10-mac-then-encrypt": NO_ENCRYPT_THEN_MAC,
    "python-tls12-static-rsa-no-ems": NO_EXTENDED_MASTER_SECRET,
    "python-tls12-resumed-by-id": ssl.OP_NO_TICKET,
}
PEERS = "websockets 17.4, client and server, CPython 3.11"
# Committed beside the captures: with static RSA, the server's private key alone reads them.
PRIVATE_KEY = FOLDER / "rsa.pem"


async def echo(connection):
    async for message in connection:
        await connection.send(message)
        if message == TALK[0]:
            await (await connection.ping(b"server asks"))


class Resuming(ssl.SSLContext):
    """A client's context that offers the session of its last connection: `websockets` cannot pass one on."""

    last = None

    def wrap_bio(self, *arguments, **options):
        options["session"] = Resuming.last and Resuming.last.session
        Resuming.last = super().wrap_bio(*arguments, **options)
        return Resuming.last


async def talk(recording, client, server, times):
    logs = {"client": FrameLogs("client"), "server": FrameLogs("server")}
    resumed = []
    async with serve(echo, "127.0.0.1", PORT, ssl=server, ping_interval=None, logger=logs["server"].logger):
        for _ in range(times):
            async with connect(f"wss://{NAME}:{PORT}/feed", host="127.0.0.1", port=PORT, ssl=client, ping_interval=None,
                               proxy=None, logger=logs["client"].logger) as connection:
                for message in TALK:
                    await connection.send(message)
                    await connection.recv()
                await (await connection.ping(b"client asks"))
                recording.tls = facts(connection)
                resumed.append(connection.transport.get_extra_info("ssl_object").session_reused)
                await connection.close(1000, "done")
    recording.more["permessage_deflate"] = True
    for client_log, server_log, again in zip(logs["client"].all(), logs["server"].all(), resumed, strict=True):
        recording.add(client_log, server_log, resumed=again)


def record(name):
    version, ciphers, kind = VERSIONS[name]
    with_private_key = "static-rsa" in name and not name.endswith("keys")
    times = 2 if "resumed" in name else 1
    with Recording(name, [PORT], PEERS, with_keys=not with_private_key) as recording:
        chain, key = certificate(recording.directory, kind, key=PRIVATE_KEY if with_private_key else None)
        server = only(server_context(chain, key, recording.keys), version, ciphers)
        server.options |= OPTIONS.get(name, 0)
        client = client_context(chain)
        if ciphers and ciphers.startswith("DHE"):
            group = recording.directory / "group.pem"
            subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", group],
                           check=True)
            server.load_dh_params(group)
        if name.endswith("hello-retry"):
            # The client's key share is of X25519, so the server asks for another one.
            server.set_ecdh_curve("secp384r1")
        if name.endswith("client-certificate"):
            own = certificate(recording.directory, name="client.example")
            client.load_cert_chain(*own)
            server.verify_mode = ssl.CERT_REQUIRED
            server.load_verify_locations(own[0])
        if times > 1:
            client.__class__ = Resuming
        asyncio.run(talk(recording, only(client, version, ciphers), server, times))
        if with_private_key:
            recording.more["rsa_key"] = PRIVATE_KEY.name
        if name.endswith("one-key"):
            keep_one_key(recording.keys)


def keep_one_key(keys):
    """Leaves the master secret in the log under the random of the first connection alone."""
    first, second = [line for line in keys.read_text().splitlines() if line.startswith("CLIENT_RANDOM")]
    assert first.split()[2] == second.split()[2]
    keys.write_text(first + "\n")


for name in sys.argv[1:]:
    record(name)
