"""Plays a capture on the loopback interface of this network namespace, as fast as it was captured, with a program beside it.

    unshare --net replay.py CAPTURE PROGRAM ARGUMENT...

The program is to say "listening" on standard error once it is ready; when all is played it gets SIGINT. What it writes is passed
on, and its exit code is the one of this script. THEN in the environment is a line of shell that runs in between.
"""

import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import time


def packets(path):
    """The packets of a capture in the classic format, with their times in seconds."""
    with open(path, "rb") as file:
        data = file.read()
    magic, _, _, _, _, _, link = struct.unpack_from("<IHHIIII", data)
    if magic not in (0xA1B2C3D4, 0xA1B23C4D) or link != 1:
        sys.exit(f"{path}: only little-endian pcap of Ethernet is played")
    fraction = 1e-9 if magic == 0xA1B23C4D else 1e-6
    at = 24
    while at < len(data):
        seconds, part, length, _ = struct.unpack_from("<IIII", data, at)
        at += 16
        yield seconds + part * fraction, data[at:at + length]
        at += length


def bring_up(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sh14x", name.encode(), 0)
        flags = struct.unpack_from("h", fcntl.ioctl(handle, 0x8913, request), 16)[0]  # SIOCGIFFLAGS
        fcntl.ioctl(handle, 0x8914, struct.pack("16sh14x", name.encode(), flags | 1))  # SIOCSIFFLAGS, IFF_UP


def main(capture, *command):
    bring_up("lo")
    program = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in program.stderr:
        sys.stderr.write(line)
        if "listening" in line:
            break
    # Frames that come this way have no route, and since they come from the loopback address no socket gets them: nothing
    # answers.
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind(("lo", 0))
        start, first = time.monotonic(), None
        for at, frame in packets(capture):
            first = at if first is None else first
            time.sleep(max(0.0, at - first - (time.monotonic() - start)))
            wire.send(frame)
    if "THEN" in os.environ:
        subprocess.run(["/bin/bash", "-c", os.environ["THEN"]], check=True)
    program.send_signal(signal.SIGINT)
    try:
        sys.stderr.write(program.communicate(timeout=60)[1])
    except subprocess.TimeoutExpired:
        program.kill()
        raise
    sys.exit(program.returncode)


if __name__ == "__main__":
    main(*sys.argv[1:])
