"""ssh.pcap: OpenSSH with commands, a terminal that is typed into, and scp both ways."""

import random
import subprocess
import time

from other import Other, folder, run, sshd

HOST = "root@127.0.0.1"


def type_into(options):
    shell = subprocess.Popen(["ssh", "-tt", *options, HOST, "/bin/sh"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    for key in "echo the ferry is late\nls /\nexit\n":
        shell.stdin.write(key.encode())
        shell.stdin.flush()
        time.sleep(0.02)
    shell.wait(timeout=10)


with folder() as path, sshd() as options:
    (path / "crane.bin").write_bytes(random.Random(22).randbytes(7_000))
    with Other("ssh", ports=[22], protocols=["ssh"]):
        run("ssh", *options, HOST, "uname -s; echo ready")
        run("ssh", *options, HOST, "seq 1 800; cat", input=b"The 14:20 ferry is late again.\n" * 20)
        type_into(options)
        run("scp", *options, path / "crane.bin", f"{HOST}:{path}/there.bin")
        run("scp", "-O", *options, f"{HOST}:{path}/there.bin", path / "back.bin")
