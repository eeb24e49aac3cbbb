"""Records what real peers say over HTTP/3, with the secrets of the connection in the capture (a Decryption Secrets Block)."""

import json
import shutil
import subprocess

from recording import LARGEST, Recording as Plain
from recording import FOLDER as OTHER

FOLDER = OTHER.parent / "http3"


class Recording(Plain):
    def __init__(self, name, ports, peers, keys, has_keys=True):
        super().__init__(name, ports, peers, keys)
        self.has_keys, self.others = has_keys, []
        self.filter = " or ".join(f"udp port {port}" for port in ports)

    def publish(self):
        log = (self.directory / "recorder.log").read_text()
        if any("dropped" in line and not line.startswith("0 ") for line in log.splitlines()):
            raise SystemExit(f"{self.name}: packets were dropped:\n{log}")
        shutil.copyfile(self.capture, self.keys.with_suffix(".pcap"))
        target = FOLDER / f"{self.name}.pcapng"
        write(self.capture, target, self.keys if self.has_keys else None)
        truth = {"peers": self.peers, "server_ports": self.ports, "connections": self.connections}
        if self.others:
            truth["others"] = self.others
        (FOLDER / f"{self.name}.truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n")


def write(capture, target, keys, *options):
    """Writes a capture as pcapng, with secrets where there are some."""
    secrets = ["--inject-secrets", f"tls,{keys}"] if keys else []
    subprocess.run(["editcap", "-F", "pcapng", *secrets, capture, target, *options], check=True)
    target.chmod(0o644)
    if target.stat().st_size > LARGEST:
        raise SystemExit(f"{target.name}: {target.stat().st_size} bytes are too many")
    print(f"{target.name}: {target.stat().st_size} bytes")


def derive(name, keys, *packets):
    """Makes a capture that lacks packets of the one which these secrets are of; the peers' log is the same."""
    write(keys.with_suffix(".pcap"), FOLDER / f"{name}.pcapng", keys, *packets)
    shutil.copyfile(FOLDER / f"{keys.stem}.truth.json", FOLDER / f"{name}.truth.json")


def packets_of(keys):
    """The header of the capture, and its packets, each a time and bytes that begin with two lengths."""
    content = keys.with_suffix(".pcap").read_bytes()
    packets, offset = [], 24
    while offset < len(content):
        length = int.from_bytes(content[offset + 8:offset + 12], "little")
        packets.append([content[offset:offset + 8], content[offset + 8:offset + 16 + length]])
        offset += 16 + length
    return content[:24], packets


def message(keys, port):
    """The number of the client's first packet after the handshake that holds more than an acknowledgment, and is no large one."""
    for number, (_, data) in enumerate(packets_of(keys)[1], 1):
        # Behind the lengths, Ethernet and IPv4.
        destination, length = int.from_bytes(data[44:46], "big"), int.from_bytes(data[46:48], "big")
        if number > 20 and destination == port and 60 <= length <= 80:
            return number
    raise SystemExit("there is no such packet")


def change(name, keys, edit):
    """The same with its packets as an edit leaves them."""
    header, packets = packets_of(keys)
    edit(packets)
    changed = keys.with_name("changed.pcap")
    changed.write_bytes(header + b"".join(time + packet for time, packet in packets))
    write(changed, FOLDER / f"{name}.pcapng", keys)
    shutil.copyfile(FOLDER / f"{keys.stem}.truth.json", FOLDER / f"{name}.truth.json")


def reorder(name, keys, number):
    """The same with a packet and the next one in each other's place."""
    def edit(packets):
        first, second = packets[number - 1], packets[number]
        first[1], second[1] = second[1], first[1]
    change(name, keys, edit)


def rebind(name, keys, number, port):
    """The same with another port of the client from a packet on, as if a NAT had forgotten the first one."""
    def edit(packets):
        for packet in packets[number - 1:]:
            data = bytearray(packet[1])
            # Behind two lengths of the file's, Ethernet and IPv4.
            source, destination = 8 + 34, 8 + 36
            place = destination if data[source:source + 2] == port.to_bytes(2, "big") else source
            data[place:place + 2] = (50_001).to_bytes(2, "big")
            packet[1] = bytes(data)
    change(name, keys, edit)
