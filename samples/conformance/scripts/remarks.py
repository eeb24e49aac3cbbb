"""What tshark says of a capture."""

import subprocess

# What tshark notes of TCP connections that begin and end as they should.
HARMLESS = ("Connection ", "This frame initiates the connection", "This frame undergoes the connection")


def tshark_says(path):
    """What tshark complains about, without its notes on how TCP connections begin and end.

    That is its expert information from notes upwards, and its remarks on packets that are cut short or malformed.
    """
    command = ["tshark", "-n", "-r", path, "-o", "tcp.reassemble_out_of_order:TRUE", "-z", "expert,note",
               "-Y", "_ws.short or _ws.malformed", "-T", "fields", "-e", "_ws.short", "-e", "_ws.malformed"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    said = []
    for line in output.splitlines():
        if line.startswith("["):
            said.append(line.strip())
        # The lines of its table: how often, in which group, by which protocol, what.
        columns = line.split(None, 3)
        if len(columns) == 4 and columns[0].isdigit() and not columns[3].startswith(HARMLESS):
            said.append(f"{columns[2]}: {columns[3]}")
    return "; ".join(dict.fromkeys(said))
