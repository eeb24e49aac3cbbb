"""An 802.1Q interface in user space, for kernels that are built without VLAN support.

    vlan.py TRUNK NAME VLAN

Makes the interface NAME; what it sends leaves through TRUNK with the tag VLAN, and what comes in there with that tag
it receives without it. Prints a line when the interface is there.
"""

import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
SOL_PACKET, PACKET_AUXDATA, PACKET_OUTGOING = 263, 8, 4
ETH_P_ALL, ETH_P_8021Q = 0x0003, 0x8100

# Where the two Ethernet addresses end and the tag goes.
ADDRESSES = 12
LARGEST_FRAME = 65536


def make_interface(name):
    tap = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return tap


def open_trunk(name):
    trunk = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    trunk.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    trunk.bind((name, 0))
    return trunk


def received_tag(ancillary):
    """The VLAN of a received frame. Linux takes the tag out of the frame and hands it over beside it."""
    for _, _, data in ancillary:
        control, valid = struct.unpack_from("H", data, 16)[0], struct.unpack_from("I", data)[0] & 0x10
        if valid:
            return control & 0x0FFF
    return None


def main(trunk_name, name, vlan):
    tap, trunk, tag = make_interface(name), open_trunk(trunk_name), struct.pack("!HH", ETH_P_8021Q, vlan)
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([tap, trunk], [], [])
        if tap in ready:
            frame = os.read(tap, LARGEST_FRAME)
            trunk.send(frame[:ADDRESSES] + tag + frame[ADDRESSES:])
        if trunk in ready:
            frame, ancillary, _, address = trunk.recvmsg(LARGEST_FRAME, 256)
            if address[2] != PACKET_OUTGOING and received_tag(ancillary) == vlan:
                os.write(tap, frame)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
