"""late*.pcapng, lost*.pcapng and their like: captures that lack the beginning of a connection, segments in the middle of
it, one of its directions, or the ends of its packets.

Real peers talk, and the capture is whole; packets are taken out of it by `editcap`. The truth of a late capture is what
the peers said after the moment at which it begins.
"""

import asyncio
import ssl
import subprocess
import sys
import time

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from recording import NAME, FrameLogs, PeerLog, Recording, begin_at, certificate, client_context, facts, keep, only, server_context
from sample import tshark

PORT = 8443
PEERS = "websockets 17.4, client and server, CPython 3.11"
# With segments of 1172 bytes, the header of a message's second record lies on both sides of a segment's end.
MTU = 1224
HEADER, FULL_RECORD = 5, 5 + 16384 + 1 + 16


async def answer(connection):
    """Answers by the words of a message: an echo, one large message, or one small one after another."""
    async for message in connection:
        word, _, number = message.partition(" ") if isinstance(message, str) else ("", "", "")
        if word == "large":
            await connection.send(lines(int(number)))
        elif word == "ticks":
            for tick in range(int(number)):
                await connection.send(f"tick {tick}")
                await asyncio.sleep(0.005)
        elif word == "burst":
            for tick in range(int(number)):
                await connection.send(f"tick {tick}")
        elif word == "quiet":
            pass
        elif word == "ask":
            await (await connection.ping(b"server asks"))
        else:
            await connection.send(message if len(message) < 1000 else f"{len(message)} bytes")


def lines(size):
    """Text of which each line is another, so that a gap shows where it is."""
    return "".join(f"line {number:6}\n" for number in range(size // 12))


async def settle():
    """Waits until no packet is under way."""
    await asyncio.sleep(0.4)


async def exchange(connection, *messages):
    for message in messages:
        await connection.send(message)
        await connection.recv()


async def talk(recording, server, client, compression, talk_of, client_port=None):
    logs = FrameLogs("client"), FrameLogs("server")
    async with (
        serve(answer, "127.0.0.1", PORT, ssl=server, ping_interval=None, compression=compression, logger=logs[1].logger),
        connect(f"wss://{NAME}:{PORT}/feed", host="127.0.0.1", port=PORT, ssl=client, ping_interval=None,
                compression=compression, proxy=None, logger=logs[0].logger,
                local_addr=client_port and ("127.0.0.1", client_port)) as connection,
    ):
        recording.tls = facts(connection)
        await talk_of(connection, logs[0])
        await connection.close(1000, "done")
    recording.more["permessage_deflate"] = compression is not None
    for one, other in zip(logs[0].all(), logs[1].all(), strict=True):
        recording.add(one, other)


def record(name, talk_of, cut, compression=None, version=ssl.TLSVersion.TLSv1_3, client_port=None):
    with Recording(name, [PORT], PEERS) as recording:
        subprocess.run(["ip", "link", "set", "lo", "mtu", str(MTU)], check=True)
        subprocess.run(["ethtool", "-K", "lo", "tso", "off", "gso", "off", "gro", "off"], check=True, capture_output=True)
        chain, key = certificate(recording.directory)
        server = only(server_context(chain, key, recording.keys), version)
        asyncio.run(talk(recording, server, client_context(chain), compression, talk_of, client_port))
        recording.change(lambda capture: cut(recording, capture))


# Captures that begin late


class Late:
    """Cuts off all that came before a moment at which nothing was under way."""

    def __init__(self, before, after, segments=0):
        self.before, self.after, self.segments = before, after, segments

    async def talk_of(self, connection, log):
        await self.before(connection)
        await settle()
        self.moment = time.time()
        # Before anything is said, there is no log.
        own = [*log.all(), PeerLog("client")][0]
        self.sent, self.heard = len(own.sent), len(own.heard)
        await settle()
        await self.after(connection)

    def cut(self, recording, capture):
        rows = tshark(capture, "frame.number", "frame.time_epoch", "tcp.srcport", "tcp.len")
        late = [(int(number), int(source), int(length)) for number, when, source, length in rows if float(when) > self.moment]
        first = late[0][0]
        if self.segments:
            # Begins amid the first large message of the server.
            full = [number for number, source, length in late if source == PORT and length > 1000]
            first = full[self.segments]
            recording.more["cut_through"] = {"from_server": 1}
        keep(capture, ["-r"], [f"{first}-{len(rows)}"])
        connection = recording.connections[0]
        connection["from_client"] = connection["from_client"][self.sent + (1 if self.segments else 0):]
        connection["from_server"] = connection["from_server"][self.heard:]
        recording.more["messages_before"] = {"from_client": self.sent, "from_server": self.heard}


def echoes(count):
    async def before(connection):
        await exchange(connection, *(f"early {number}" for number in range(count)))
    return before


async def several(connection):
    await exchange(connection, "late 0", "late 1: Grüße", bytes(range(50)), '{"late":3}' * 20, "late 4")
    await connection.send("ask")
    await settle()
    await (await connection.ping(b"client asks"))
    await exchange(connection, "late 5")


async def large(connection):
    await exchange(connection, "large 36000", "after the large one", "and one more")


def ticks(count):
    async def feed(connection):
        await connection.send(f"ticks {count}")
        for _ in range(count):
            await connection.recv()
    return feed


def busy(count):
    """So many messages from each side, as fast as they go."""
    async def both(connection):
        await connection.send(f"burst {count}")
        for number in range(count):
            await connection.recv()
            await connection.send(f"quiet {number}")
    return both


# Captures in which segments are missing


class Lost:
    """Takes segments out of a large message, or whole records out of small ones."""

    def __init__(self, side, count, at_header=False):
        self.side, self.count, self.at_header = side, count, at_header

    async def talk_of(self, connection, log):
        await exchange(connection, "before")
        await settle()
        if self.side == "server":
            await exchange(connection, "large 36000")
        else:
            await exchange(connection, lines(36000))
        await settle()
        await exchange(connection, "after 0", "after 1", bytes(range(40)), "after 3")

    def candidates(self, capture):
        """The packets of the large message, with what each holds."""
        rows = tshark(capture, "frame.number", "tcp.srcport", "tcp.payload", "tcp.len")
        sent = [(int(number), bytes.fromhex(payload)) for number, source, payload, length in rows
                if length != "0" and (int(source) == PORT) == (self.side == "server")]
        first = next(index for index, (_, payload) in enumerate(sent)
                     if len(payload) > 1000 and payload[:3] == b"\x17\x03\x03" and payload[3] == 0x40)
        return sent[first:]

    def cut(self, recording, capture):
        packets = self.candidates(capture)
        if self.at_header:
            chosen = self.split_header(packets)
        else:
            chosen = [number for number, _ in packets[6:6 + self.count]]
        keep(capture, [], [str(number) for number in chosen])
        recording.more["lost"] = {"direction": f"from_{self.side}", "segments": len(chosen), "message": 1}

    def split_header(self, packets):
        """The segment that ends amid the header of the second record."""
        end = 0
        for number, payload in packets:
            end += len(payload)
            if FULL_RECORD < end < FULL_RECORD + HEADER:
                return [number]
        raise SystemExit("no record's header lies in two segments")


class LostTicks(Lost):
    """Takes small messages, each a record and a segment of its own, out of a feed."""

    # So many packets of the server are behind the chosen: the other messages, the close and the alert.
    BEHIND = 17

    async def talk_of(self, connection, log):
        await ticks(self.count + 27)(connection)
        await exchange(connection, "after 0", "after 1")

    def cut(self, recording, capture):
        rows = tshark(capture, "frame.number", "tcp.srcport", "tcp.len")
        packets = [int(number) for number, source, length in rows if int(source) == PORT and int(length)]
        # The closing records are behind the messages: counted from the end, nothing depends on the handshake.
        chosen = packets[-self.BEHIND - self.count:-self.BEHIND]
        keep(capture, [], [str(number) for number in chosen])
        first = len(recording.connections[0]["from_server"]) + 2 - self.BEHIND - self.count
        recording.more["lost"] = {
            "direction": "from_server", "segments": self.count, "message": first, "messages": self.count}


class Part:
    """Takes out of the capture of a whole talk the packets that a function names."""

    def __init__(self, choose):
        self.choose = choose

    async def talk_of(self, connection, log):
        await several(connection)

    def cut(self, recording, capture):
        rows = tshark(capture, "frame.number", "tcp.srcport", "tcp.len")
        packets = [(int(number), "server" if int(source) == PORT else "client", int(length)) for number, source, length in rows]
        keep(capture, [], [str(number) for number in self.choose(packets)])


def direction(side):
    return lambda packets: [number for number, sender, _ in packets if sender == side]


def hello(side):
    return lambda packets: [number for number, sender, length in packets if sender == side and length][:1]


class Short(Part):
    """Keeps only the first bytes of each packet, as a capture with a small snapshot length does."""

    def __init__(self, length):
        self.length = length

    def cut(self, recording, capture):
        keep(capture, ["-s", str(self.length)], [])


class Whole:
    """Large messages, of which nothing is missing."""

    async def talk_of(self, connection, log):
        await exchange(connection, "before", "large 36000", lines(20000), "after")

    def cut(self, recording, capture):
        pass


class Three(Late):
    """Three connections at once, of which the beginning is missing: the log holds the keys of all."""

    def __init__(self):
        super().__init__(echoes(0), echoes(0))

    async def talk_of(self, first, log):
        port = first.remote_address[1]
        context = first.transport.get_extra_info("sslcontext")
        async with (
            connect(f"wss://{NAME}:{port}/feed", host="127.0.0.1", port=port, ssl=context, ping_interval=None,
                    compression=None, proxy=None, logger=log.logger) as second,
            connect(f"wss://{NAME}:{port}/feed", host="127.0.0.1", port=port, ssl=context, ping_interval=None,
                    compression=None, proxy=None, logger=log.logger) as third,
        ):
            every = {"first": first, "second": second, "third": third}
            for turn in range(12):
                for number, (name, connection) in enumerate(every.items()):
                    # Each has come to another place in its sequence of records.
                    await exchange(connection, *[f"{name}: early {turn}"] * (number + 1))
            await settle()
            self.moment = time.time()
            await settle()
            for turn in range(4):
                for name, connection in every.items():
                    await exchange(connection, f"{name}: late {turn}")
            for connection in (second, third):
                await connection.close(1000, "done")

    def cut(self, recording, capture):
        begin_at(self.moment, capture)
        for connection, count in zip(recording.connections, (12, 24, 36), strict=True):
            connection["from_client"] = connection["from_client"][count:]
            connection["from_server"] = connection["from_server"][count:]


CIPHERS = ("aes128", "aes256", "chacha20")
SAMPLES = {
    # These begin with the client's record of this number; its first one is the request. The server is two records further, by
    # its tickets.
    **{f"late-1-{cipher}": (Late(echoes(0), several), {}) for cipher in CIPHERS},
    # The client's port is the lower one.
    **{f"late-50-{cipher}": (Late(echoes(49), several), {"client_port": 5050}) for cipher in CIPHERS},
    **{f"late-{count}-{cipher}": (Late(busy(count - 2), several), {}) for count in (5000, 90000) for cipher in CIPHERS},
    "late-aes128": (Late(echoes(20), several), {}),
    "late-aes256": (Late(echoes(20), several), {}),
    "late-chacha20": (Late(echoes(20), several), {}),
    "late-200-aes256": (Late(echoes(200), several), {}),
    "late-200-aes128": (Late(echoes(200), several), {}),
    "late-200-chacha20": (Late(echoes(200), several), {}),
    "late-feed": (Late(ticks(40), ticks(20)), {}),
    "late-deflate": (Late(echoes(20), several), {"compression": "deflate"}),
    "late-inside-record": (Late(echoes(5), large, segments=6), {}),
    "late-tls12": (Late(echoes(20), several), {"version": ssl.TLSVersion.TLSv1_2}),
    "late-three": (Three(), {}),
    "lost-1-server": (Lost("server", 1), {}),
    "lost-2-server": (Lost("server", 2), {}),
    "lost-1-client": (Lost("client", 1), {}),
    "lost-2-client": (Lost("client", 2), {}),
    "lost-header-server": (Lost("server", 1, at_header=True), {}),
    "lost-header-client": (Lost("client", 1, at_header=True), {}),
    "lost-records": (LostTicks("server", 3), {}),
    "lost-records-chacha20": (LostTicks("server", 3), {}),
    **{f"lost-50-records-{cipher}": (LostTicks("server", 50), {}) for cipher in CIPHERS},
    "lost-tls12": (Lost("server", 1), {"version": ssl.TLSVersion.TLSv1_2}),
    "lost-client-hello": (Part(hello("client")), {}),
    "lost-server-hello": (Part(hello("server")), {}),
    "lost-server-hello-tls12": (Part(hello("server")), {"version": ssl.TLSVersion.TLSv1_2}),
    "one-way-client": (Part(direction("server")), {}),
    "one-way-server": (Part(direction("client")), {}),
    "short-packets": (Short(110), {}),
    "large": (Whole(), {}),
}

for name in sys.argv[1:]:
    plan, options = SAMPLES[name]
    record(name, plan.talk_of, plan.cut, **options)
