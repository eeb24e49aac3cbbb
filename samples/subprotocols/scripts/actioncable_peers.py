"""actioncable.pcap: Rails' Action Cable and its client: two subscriptions, one of which is rejected, an action and its answer,
pings; what the client sends, and what comes."""

import subprocess

from recording import Recording
from sample import running, wait_until_open

PORT = 8765

command = ["puma", "--quiet", "--threads", "2:4", "--bind", f"tcp://127.0.0.1:{PORT}", "scripts/ruby/cable.ru"]
with running(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
    wait_until_open(PORT)
    with Recording(
            "actioncable", [PORT], "actioncable 6.1.7.10, @rails/actioncable, ws", "action-cable",
            ["application-error"]) as recording:
        recording.run(recording.connection(), ["node", "scripts/javascript/cable.js", str(PORT)])
