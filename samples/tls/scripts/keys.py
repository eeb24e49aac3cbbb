"""The same talk with key logs of all kinds: without keys, with wrong ones, with some, with odd lines, in odd places."""

import asyncio
import shutil
import ssl
import struct
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from recording import (FOLDER, NAME, FrameLogs, Recording, certificate, client_context, facts, only,
                       server_context)

PORT = 8443
PEERS = "websockets 17.4, client and server, CPython 3.11"
TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
SECRETS_BLOCK, PACKET_BLOCK = 0x0A, 0x06


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def say_nothing(client):
    """A client that goes away after its handshake, as browsers do that open more connections than they need."""
    _, writer = await asyncio.open_connection("127.0.0.1", PORT, ssl=client, server_hostname=NAME)
    writer.transport.abort()
    await asyncio.sleep(0.3)


async def talk(recording, client, server, is_silent_first):
    logs = FrameLogs("client"), FrameLogs("server")
    async with serve(echo, "127.0.0.1", PORT, ssl=server, ping_interval=None, logger=logs[1].logger):
        if is_silent_first:
            await say_nothing(client)
        async with connect(f"wss://{NAME}:{PORT}/feed", host="127.0.0.1", port=PORT, ssl=client, ping_interval=None,
                           proxy=None, logger=logs[0].logger) as connection:
            for message in ("one", "two", b"three"):
                await connection.send(message)
                await connection.recv()
            recording.tls = facts(connection)
            await connection.close(1000, "done")
    recording.add(*logs[0].all(), *logs[1].all())


def record(name, version=TLS_1_3, with_keys=True, is_silent_first=False, lines=None, blocks=None):
    """`lines` changes the lines of the key log, `blocks` the blocks of the finished capture."""
    with Recording(name, [PORT], PEERS, with_keys=with_keys) as recording:
        chain, key = certificate(recording.directory)
        server = only(server_context(chain, key, recording.keys), version)
        asyncio.run(talk(recording, client_context(chain), server, is_silent_first))
        if not with_keys:
            # The keys are beside the capture, for those who read them from a file.
            log = FOLDER / f"{name}.keylog"
            shutil.copyfile(recording.keys, log)
            recording.more["key_log"] = log.name
        if lines:
            kept = [line for line in recording.keys.read_text().splitlines() if not line.startswith("#")]
            recording.keys.write_bytes("".join(lines(kept)).encode())
        if blocks:
            recording.change_last(lambda capture: capture.write_bytes(b"".join(blocks(split_blocks(capture.read_bytes())))))


# Lines


def changed(lines):
    """One byte of each secret is another: the log still names the connection, but with keys that are not its own."""
    for line in lines:
        label, random, secret = line.split()
        yield f"{label} {random} {int(secret[:2], 16) ^ 1:02x}{secret[2:]}\n"


def labelled(*labels):
    """Only the lines with these labels."""
    return lambda lines: (f"{line}\n" for line in lines if line.split()[0] in labels)


def odd(lines):
    """What RFC 9850 tells readers to pass over, and what writers do: CR LF, comments, labels nobody knows, cut lines."""
    yield "# SSL/TLS secrets log file\r\n\r\n"
    yield "ECH_SECRET 00 00\r\nSOMETHING_NEW abcdef\r\nCLIENT_RANDOM\r\nCLIENT_RANDOM xyz 12\r\n"
    for line in lines:
        label, random, secret = line.split()
        yield f"{label} {random.upper()} {secret.upper()}\r\n"
    # The log was copied while its last line was being written.
    yield lines[0][:70]


# Blocks of pcapng


def split_blocks(data):
    """The blocks of a little-endian pcapng file, each with its type."""
    blocks, offset = [], 0
    while offset < len(data):
        kind, length = struct.unpack_from("<II", data, offset)
        blocks.append((kind, data[offset:offset + length]))
        offset += length
    return blocks


def at_the_end(blocks):
    """The keys come behind all packets, as programs write them that learn them late."""
    yield from (block for kind, block in blocks if kind != SECRETS_BLOCK)
    yield from (block for kind, block in blocks if kind == SECRETS_BLOCK)


def repeated(blocks):
    """The same keys again and again among the packets, as programs write them that watch a library."""
    secrets = next(block for kind, block in blocks if kind == SECRETS_BLOCK)
    packets = 0
    for kind, block in blocks:
        if kind == SECRETS_BLOCK:
            continue
        yield block
        packets += kind == PACKET_BLOCK
        if kind == PACKET_BLOCK and packets % 5 == 0:
            yield secrets


TRAFFIC = "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"
SAMPLES = {
    "no-key": {"with_keys": False},
    "no-key-tls12": {"version": TLS_1_2, "with_keys": False},
    "wrong-key": {"lines": changed},
    "wrong-key-tls12": {"version": TLS_1_2, "lines": changed},
    "keys-traffic-only": {"lines": labelled(*TRAFFIC)},
    "keys-traffic-only-silent": {"lines": labelled(*TRAFFIC), "is_silent_first": True},
    "keys-handshake-only": {"lines": labelled("CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET")},
    "keys-client-only": {"lines": labelled(TRAFFIC[0], "CLIENT_HANDSHAKE_TRAFFIC_SECRET")},
    "keys-server-only": {"lines": labelled(TRAFFIC[1], "SERVER_HANDSHAKE_TRAFFIC_SECRET")},
    "keys-odd-lines": {"lines": odd},
    "keys-at-the-end": {"blocks": at_the_end},
    "keys-repeated": {"blocks": repeated},
}

for name in sys.argv[1:]:
    record(name, **SAMPLES[name])
