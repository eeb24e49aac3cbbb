"""node-ws.pcap: a game between a `ws` client and server in Node.js, which the server ends with code 4001."""

import json
import os
import subprocess

from sample import SCRIPTS, Sample, agreed, truth

PORT = 3000

# Where Debian puts the packages of Node.js.
MODULES = {"NODE_PATH": "/usr/share/nodejs"}


def play():
    output = subprocess.run(["node", SCRIPTS / "node-ws.js"], check=True, capture_output=True, text=True,
                            env=os.environ | MODULES).stdout
    report = json.loads(output)
    client, server = report["client"], report["server"]
    # Each side counts what arrived, and by hand what it sent: pongs and the answer to a close are sent unseen.
    for sender, receiver in ((client, server), (server, client)):
        for kind, number in sender["sent"].items():
            assert receiver["received"][kind] == number, (kind, report)
    return truth(
        connections=1,
        from_client=server["received"],
        from_server=client["received"],
        close=agreed(*report["closed"]),
        versions=report["versions"],
    )


with Sample("node-ws", ports=[PORT]) as sample:
    sample.truth = play()
