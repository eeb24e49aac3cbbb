"""Packets of the loopback interface: recording them, looking into them, writing them to a file."""

import socket
import struct
import time

ALL_PROTOCOLS = 3
# Constants of Linux that Python has no names for.
SOL_PACKET, PACKET_STATISTICS, SO_RCVBUFFORCE, SO_TIMESTAMPNS = 263, 6, 33, 35
FIN, SYN, RST, ACK = 1, 2, 4, 16


def ones_complement(data):
    """The checksum of IP and TCP."""
    words = bytes(data) + bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(words) // 2}H", words))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Packet:
    def __init__(self, time, data):
        self.time = time
        self.data = data
        self.length = len(data)
        tcp = 14 + (data[14] & 0xF) * 4
        self.source, self.destination, self.sequence, self.acknowledged = struct.unpack_from("!HHII", data, tcp)
        self.flags = data[tcp + 13]
        self.payload_start = tcp + (data[tcp + 12] >> 4) * 4
        self.payload_length = 14 + int.from_bytes(data[16:18], "big") - self.payload_start

    def payload(self):
        return self.data[self.payload_start :]

    def copy(self, change):
        """The same packet once more, a microsecond later, with its payload changed."""
        other = Packet(self.time + 10**3, self.data)
        other.data = self.data[: self.payload_start] + change(self.payload())
        return other

    def set_checksum(self):
        """Puts the TCP checksum right, which the loopback interface leaves to a network card that is not there."""
        tcp = 14 + (self.data[14] & 0xF) * 4
        segment = bytearray(self.data[tcp:])
        segment[16:18] = bytes(2)
        pseudo = self.data[26:34] + struct.pack("!HH", 6, len(segment))
        segment[16:18] = struct.pack("!H", ones_complement(pseudo + bytes(segment)))
        self.data = self.data[:tcp] + bytes(segment)

    def forge(self, flags, ahead):
        """Makes it a segment without payload, with these flags and a sequence number that lies so far ahead."""
        tcp = 14 + (self.data[14] & 0xF) * 4
        data = bytearray(self.data[: self.payload_start])
        data[tcp + 4 : tcp + 8] = struct.pack("!I", (self.sequence + ahead) % 2**32)
        data[tcp + 13] = flags
        data[16:18] = struct.pack("!H", len(data) - 14)
        data[24:26] = bytes(2)
        data[24:26] = struct.pack("!H", ones_complement(data[14:tcp]))
        self.data = bytes(data)
        self.length = len(data)
        self.payload_length = 0

    def cut(self, snapshot_length):
        self.data = self.data[:snapshot_length]


class Recorder:
    """Everything that goes over the loopback interface from now on. The kernel keeps it until `take`."""

    def __enter__(self):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sock.bind(("lo", 0))
        self.sock.settimeout(0.02)
        return self

    def __exit__(self, *_):
        self.sock.close()

    def take(self, connections):
        """The packets, once so many connections have ended and nothing more comes."""
        packets = []
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                packet = self.receive()
            except TimeoutError:
                if ended(packets) == connections:
                    break
                continue
            if packet is not None:
                packets.append(packet)
        else:
            raise SystemExit("a connection never ended")
        _, dropped = struct.unpack("II", self.sock.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        if dropped:
            raise SystemExit(f"{dropped} packets were dropped")
        check(packets)
        return packets

    def receive(self):
        data, ancillary, _, address = self.sock.recvmsg(1 << 18, 64)
        # On this interface each packet is seen twice: where it leaves, and where it arrives.
        if address[2] == socket.PACKET_OUTGOING:
            return None
        seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
        return Packet(seconds * 10**9 + nanoseconds, data)


def ended(packets):
    """How many connections are over: by RST, or by FIN from both sides and its acknowledgment."""
    flows = {}
    for packet in packets:
        ends = flows.setdefault(frozenset((packet.source, packet.destination)), {"rst": False, "fins": {}, "acks": {}})
        ends["rst"] |= bool(packet.flags & RST)
        if packet.flags & FIN:
            ends["fins"][packet.source] = (packet.sequence + packet.payload_length + 1) % 2**32
        ends["acks"][packet.destination] = packet.acknowledged
    return sum(
        ends["rst"] or len(ends["fins"]) == 2 and all(ends["acks"].get(side) == end for side, end in ends["fins"].items())
        for ends in flows.values()
    )


def check(packets):
    """Fails unless every connection is there from its SYN on, with no byte missing or repeated."""
    expected = {}
    for packet in packets:
        direction = (packet.source, packet.destination)
        # The answer to a packet that nobody expects has a sequence number of its own.
        if packet.flags & RST:
            continue
        # Who may not send asks from time to time whether that is still so.
        if packet.flags == ACK and not packet.payload_length and (packet.sequence + 1) % 2**32 == expected.get(direction):
            continue
        if not packet.flags & SYN and expected.get(direction) != packet.sequence:
            raise SystemExit(f"something is missing or repeated: {direction} at {packet.sequence}")
        counted = packet.payload_length + bool(packet.flags & SYN) + bool(packet.flags & FIN)
        expected[direction] = (packet.sequence + counted) % 2**32


def write(path, packets, snapshot_length):
    """Writes a pcap file with nanoseconds."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, snapshot_length, 1))
        for packet in packets:
            seconds, nanoseconds = divmod(packet.time, 10**9)
            file.write(struct.pack("<IIII", seconds, nanoseconds, len(packet.data), packet.length))
            file.write(packet.data)
