"""Has tshark capture on the source that lies in an extcap folder, beside a talk in TLS, and prints the frames that it found.

    unshare --net --mount extcap.py FOLDER KEYS COMMAND

COMMAND is a line of shell that prints a line for each frame. KEYS is where the peers write their keys, and where the source reads them.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from replay import bring_up

signal.alarm(120)
# Who starts this may have signals blocked, which tshark would not hear then.
signal.pthread_sigmask(signal.SIG_SETMASK, [])
folder, keys, command = sys.argv[1:4]
bring_up("lo")
folders = subprocess.run(["tshark", "-G", "folders"], capture_output=True, text=True, check=True).stdout
own = re.search(r"^Extcap path:\s*(\S+)", folders, re.M)[1]
os.makedirs(own, exist_ok=True)
subprocess.run(["mount", "--bind", folder, own], check=True)
Path(keys).touch()
environment = dict(os.environ, SSLKEYLOGFILE=keys)
tshark = subprocess.Popen(
    ["/bin/bash", "-c", "exec " + command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
# The source has opened its socket once the kernel lists it.
limit = time.monotonic() + 30
while len(Path("/proc/net/packet").read_text().splitlines()) < 2 and time.monotonic() < limit and tshark.poll() is None:
    time.sleep(0.05)
time.sleep(0.5)
peer = Path(__file__).with_name("secure.py")
subprocess.run([sys.executable, str(peer), "one", "two", "three"], stdout=subprocess.DEVNULL, env=environment, check=True)
# Eight frames, and a closing handshake of TCP.
rows = []
while len(rows) < 8 and tshark.poll() is None:
    rows.append(tshark.stdout.readline())
time.sleep(0.5)
tshark.terminate()
rest, said = tshark.communicate(timeout=30)
sys.stdout.write("".join(rows) + rest)
sys.stderr.write(said)
