"""vnc.pcap: TigerVNC's viewer and server, while a terminal writes; in three encodings."""

import os
import subprocess
import time

from other import Other, running, serving

PORT = 5901


def screen(number, size):
    return ["Xtigervnc", f":{number}", "-rfbport", 5900 + number, "-localhost", "-SecurityTypes", "None", "-geometry", size, "-depth", "16"]


def shown(command, number, seconds):
    quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with running(command, env={**os.environ, "DISPLAY": f":{number}"}, **quiet):
        time.sleep(seconds)


terminal = ["xterm", "-geometry", "24x6+0+0", "-e", "sh", "-c", "while :; do date; sleep 0.2; done"]
# The second screen is where the viewer shows the first.
with serving(screen(1, "160x100"), PORT), serving(screen(2, "320x240"), 5902):
    with Other("vnc", ports=[PORT], protocols=["vnc"]):
        with running(terminal, env={**os.environ, "DISPLAY": ":1"}, stderr=subprocess.DEVNULL):
            for encoding in ("Tight", "ZRLE", "Hextile"):
                shown(["xtigervncviewer", "-SecurityTypes", "None", "-AutoSelect=0", f"-PreferredEncoding={encoding}",
                       f"127.0.0.1::{PORT}"], 2, 2)
