#!/usr/bin/env python3
"""Runs a program on a terminal of its own, of 100 columns and 24 rows, presses keys once a text has come, and prints what was
to be seen, how the program ended, and whether the terminal reads its keys as before, as JSON.

usage: pager.py [TEXT KEY]... -- PROGRAM ARGUMENTS...
"""

import fcntl
import json
import os
import pty
import struct
import sys
import termios
import time

split = sys.argv.index("--")
presses = list(zip(sys.argv[1:split:2], sys.argv[2:split:2]))
command = sys.argv[split + 1:]

process, terminal = pty.fork()
if process == 0:
    # Nothing is written before the terminal has its size.
    sys.stdin.readline()
    os.execv(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
before = termios.tcgetattr(terminal)
os.write(terminal, b"\n")

output = bytearray()
pressed = []
after = None
seen = 0
limit = time.monotonic() + 60
while time.monotonic() < limit:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    output += data
    if presses and presses[0][0].encode() in output[seen:]:
        text, key = presses.pop(0)
        seen = len(output)
        # A pager that is still drawing would lose the key.
        time.sleep(0.3)
        after = termios.tcgetattr(terminal)
        pressed.append(os.waitpid(process, os.WNOHANG)[0] == 0)
        os.write(terminal, key.encode())
_, status = os.waitpid(process, 0)
print(json.dumps({
    "output": output.decode("utf-8", "replace").replace("\r\n", "\n"),
    "status": os.waitstatus_to_exitcode(status),
    "alive_when_pressed": pressed,
    "took_keys": after is not None and after[3] != before[3],
}))
