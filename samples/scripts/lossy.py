"""lossy.pcap: busy.pcap as a bad capture would hold it, with segments swapped, repeated, and one missing.

The same busy.pcap always gives the same lossy.pcap. The edits count trains: runs of three or more segments with data
that one side sent with no packet in between. Here each train is one long message.
"""

import json
import struct
import tempfile
from pathlib import Path
from typing import NamedTuple

from sample import SAMPLES, publish

# (train, edit, segments within the train), all counted from 1.
EDITS = [
    (1, "swap", (2, 3)),
    (2, "duplicate", (2,)),
    (3, "swap", (2, 3)),
    (4, "remove", (3,)),
    (5, "duplicate", (5,)),
    (6, "duplicate", (1,)),
    (7, "swap", (1, 2)),
]
SERVER_PORT = 8765
SHORTEST_TRAIN = 3


class Packet(NamedTuple):
    number: int
    seconds: int
    microseconds: int
    data: bytes

    @property
    def tcp(self):
        """What follows the Ethernet and IPv4 headers."""
        ip = self.data[14:]
        length = struct.unpack_from("!H", ip, 2)[0]
        return ip[(ip[0] & 0x0F) * 4:length]

    @property
    def sender(self):
        return "server" if struct.unpack_from("!H", self.tcp)[0] == SERVER_PORT else "client"

    @property
    def sequence(self):
        return struct.unpack_from("!I", self.tcp, 4)[0]

    @property
    def payload(self):
        return self.tcp[(self.tcp[12] >> 4) * 4:]


def read(path):
    content = path.read_bytes()
    header, position, packets = content[:24], 24, []
    while position < len(content):
        seconds, microseconds, captured, _ = struct.unpack_from("<IIII", content, position)
        position += 16
        packets.append(Packet(len(packets) + 1, seconds, microseconds, content[position:position + captured]))
        position += captured
    return header, packets


def write(path, header, packets):
    with path.open("wb") as file:
        file.write(header)
        for packet in packets:
            file.write(struct.pack("<IIII", packet.seconds, packet.microseconds, len(packet.data), len(packet.data)))
            file.write(packet.data)


def trains(packets):
    """Lists of indices of packets."""
    found, current = [], []
    for index, packet in enumerate(packets):
        if current and (not packet.payload or packet.sender != packets[current[-1]].sender):
            found.append(current)
            current = []
        if packet.payload:
            current.append(index)
    found.append(current)
    return [train for train in found if len(train) >= SHORTEST_TRAIN]


def edit(packets):
    """The edited packets and what was done to them, told in the packet numbers of busy.pcap."""
    slots = [[packet] for packet in packets]
    facts = {"swapped": [], "duplicated": [], "removed": None}
    runs = trains(packets)
    for train, action, segments in EDITS:
        places = [runs[train - 1][segment - 1] for segment in segments]
        numbers = [packets[place].number for place in places]
        if action == "swap":
            # Only the contents change places: the times still ascend.
            first, second = (packets[place] for place in places)
            slots[places[0]] = [first._replace(data=second.data)]
            slots[places[1]] = [second._replace(data=first.data)]
            facts["swapped"].append(numbers)
        elif action == "duplicate":
            (place,) = places
            slots[place] *= 2
            facts["duplicated"] += numbers
        else:
            (place,) = places
            slots[place] = []
            lost = packets[place]
            facts["removed"] = {"packet": lost.number, "sender": lost.sender, "sequence": lost.sequence,
                                "payload_bytes": len(lost.payload)}
    return [packet for slot in slots for packet in slot], facts


source = SAMPLES / "busy.pcap"
if not source.exists():
    raise SystemExit("lossy.pcap is made from busy.pcap: make that one first")

header, packets = read(source)
edited, facts = edit(packets)
# What the peers sent stays true, though the capture no longer holds it whole.
sent = json.loads((SAMPLES / "busy.truth.json").read_text())
with tempfile.TemporaryDirectory() as directory:
    capture = Path(directory) / "lossy.pcap"
    write(capture, header, edited)
    publish(capture, sent | {"made_from": source.name, **facts})
