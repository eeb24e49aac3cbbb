#!/usr/bin/env python3
"""Runs `wstap top` on a terminal of its own beside a conversation on the loopback interface, presses keys, changes the size,
ends it, and prints what was to be seen as JSON.

usage: top.py WSTAP PORT q|ctrl-c|term|quit
       top.py WSTAP PORT ctrl-z            stopped by a shell, and going on
       top.py WSTAP CAPTURE input          a capture that another program writes, with keys from the terminal

It needs the Debian package python3-pyte, which knows what a terminal would show, and judges nothing itself.
"""

import fcntl
import json
import os
import pty
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time

import pyte

program, end = sys.argv[1], sys.argv[3]
port = int(sys.argv[2]) if end != "input" else 0
master, slave = pty.openpty()
screen = pyte.Screen(100, 30)
stream = pyte.ByteStream(screen)
written = bytearray()


def resize(columns, rows):
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    screen.resize(rows, columns)


def read():
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:
            return
        written.extend(data)
        stream.feed(data)


def until(text, seconds=20):
    """Waits for a text on the screen, and answers the screen; None where it does not come."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        lines = list(screen.display)
        if any(text in line for line in lines):
            return [line.rstrip() for line in lines]
        time.sleep(0.02)
    print("\n".join(screen.display), file=sys.stderr)
    return None


def frame(first, payload, key=None):
    if key is None:
        return bytes([first, len(payload)]) + payload
    return bytes([first, 0x80 | len(payload)]) + key + bytes(b ^ key[i % 4] for i, b in enumerate(payload))


def converse():
    """Switches to WebSocket, and says so much that each column has something to show."""
    listener = socket.create_server(("127.0.0.1", port))
    client = socket.create_connection(("127.0.0.1", port))
    server = listener.accept()[0]
    client.sendall(b"GET /chat\x1b[31m HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
    server.recv(4096)
    server.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
    client.recv(4096)
    for number in range(50):
        client.sendall(frame(0x81, b"hello", struct.pack(">I", number * 7919 + 12345)))
        server.recv(4096)
        server.sendall(frame(0x81, b"welcome"))
        client.recv(4096)
    server.sendall(frame(0x89, b"there?"))
    client.recv(4096)
    client.sendall(frame(0x8A, b"there?", b"\1\2\3\4"))
    server.recv(4096)
    client.sendall(frame(0x81, b"no mask"))
    server.recv(4096)
    return listener, client, server


def start(command, stdin=slave):
    return subprocess.Popen(
        command, stdin=stdin, stdout=slave, stderr=slave, start_new_session=True,
        env=dict(os.environ, TERM="xterm-256color", PS1="$ "), preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0))


def press(keys):
    os.write(master, keys.encode())


def see():
    """Talks, looks, presses keys, and changes the size."""
    peers = converse()
    facts["busy"] = until("frame-client-unmasked")
    facts["row"] = until("✗ 1")
    press("f")
    facts["by_frames"] = until("▼frames ")
    press("\x1b[A")
    press("f")
    facts["reversed"] = until("▲frames ")
    press("\r")
    facts["talk"] = until("→ hello")
    peers[2].sendall(frame(0x81, b"late words"))
    facts["later"] = until("← late words")
    # Who closes with bytes unread resets, which is believed only once something follows.
    peers[1].recv(4096)
    press("\x1b")
    facts["back"] = until("▲frames ")
    press("w")
    until("write the packets")
    press("\x7f" * 60 + kept + "\r")
    facts["kept"] = until(" packets")
    press("g")
    facts["group"] = until("conns")
    press("gg/nowhere")
    facts["filtered"] = until("0 of 1")
    press("\x1b")
    until("▲frames ")
    press("?")
    facts["help"] = until("Esc back")
    press("?")
    resize(80, 24)
    facts["narrow"] = until("frames/s    B/s")
    resize(180, 12)
    facts["wide"] = until("client  ")
    for peer in peers:
        peer.close()
    facts["closed"] = until("1006 ")


kept = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"top-{os.getpid()}.pcapng")
facts = {}
resize(100, 30)
before = termios.tcgetattr(slave)
command = [program, "top", "-i", "lo", "-f", f"tcp port {port}", "--interval", "0.2"]
threading.Thread(target=read, daemon=True).start()
if end == "ctrl-z":
    process = start(["/bin/bash", "--norc", "--noprofile", "-i"])
    until("$ ")
    press(" ".join(f"'{word}'" for word in command) + "\r")
    facts["empty"] = until("wstap top · lo")
    press("\x1a")
    facts["stopped"] = until("Stopped")
    facts["stopped_restored"] = written.count(b"\x1b[?1049l") == 1
    press("fg\r")
    facts["again"] = until("wstap top · lo")
    press("q")
    until("packets captured", 2)
    press("exit\r")
elif end == "input":
    resize(100, 14)
    process = start([program, "top", "-", "--interval", "0.2"], subprocess.PIPE)
    facts["empty"] = until("wstap top · standard input")
    with open(sys.argv[2], "rb") as capture:
        process.stdin.write(capture.read())
    process.stdin.flush()
    until("#3 ! close-missing")
    facts["screen"] = until("1006 server")
    press("\r")
    facts["talk"] = until('"symbol"')
    press("\x1b")
    until("1000 client")
    # Who leaves does not wait for the rest of a packet.
    process.stdin.write(bytes(8))
    process.stdin.flush()
    press("q")
else:
    process = start(command)
    facts["empty"] = until("wstap top · lo")
    see()
    {"q": lambda: press("q"), "ctrl-c": lambda: press("\x03"), "term": lambda: process.send_signal(signal.SIGTERM),
     "quit": lambda: process.send_signal(signal.SIGQUIT)}[end]()
try:
    facts["status"] = process.wait(20)
except subprocess.TimeoutExpired:
    process.kill()
    facts["status"] = "it did not end"
time.sleep(0.3)
text = written.decode("utf-8", "replace")
facts["restored"] = termios.tcgetattr(slave) == before
facts["entered"], facts["left"] = text.count("\x1b[?1049h"), text.count("\x1b[?1049l")
facts["cursor_shown_last"] = text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
facts["after"] = text[text.rfind("\x1b[?1049l"):]
facts["before"] = text[:text.find("\x1b[?1049h")]
if os.path.exists(kept):
    facts["kept_file"] = os.path.getsize(kept)
    os.unlink(kept)
print(json.dumps(facts))
