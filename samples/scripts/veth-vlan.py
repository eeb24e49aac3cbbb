"""veth-vlan.pcap: a chat between two network namespaces on VLAN 42, after a few pings (ARP and ICMP)."""

import asyncio
import contextlib
import subprocess
import sys

from websockets.asyncio.server import serve

from sample import SHARED, FrameLog, Sample, agreed, far_namespace, ip, running, truth, visit

PORT = 80
VLAN = "42"
HERE, THERE = "10.42.0.1", "10.42.0.2"
MESSAGES = [
    '{"from": "dock", "text": "Crane 3 is free ⚓"}',
    '{"from": "dock", "text": "容器 MSKU-4410 unloaded"}',
    bytes(range(128)),
    # More than three full segments of Ethernet.
    "manifest: " + ", ".join(f"container {number:04}" for number in range(330)),
]


async def harbour_office(connection):
    async for message in connection:
        await connection.send(message[::-1] if isinstance(message, bytes) else f"noted: {message}")


@contextlib.contextmanager
def vlan_interface(trunk, address, where=()):
    """An interface on VLAN 42 on top of a trunk, with an address."""
    ip("link", "set", trunk, "mtu", "1504", "up", where=where)
    name = f"vlan{VLAN}"
    with running([*where, sys.executable, SHARED / "vlan.py", trunk, name, VLAN], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        ip("address", "add", f"{address}/24", "dev", name, where=where)
        ip("link", "set", name, "up", where=where)
        yield


async def chat(far):
    server = FrameLog("server")
    async with serve(harbour_office, HERE, PORT, compression=None, ping_interval=None, logger=server.logger):
        visitor = await visit(f"ws://{HERE}/dock", MESSAGES, where=far)
    return truth(
        connections=1,
        from_client=agreed(visitor["sent"], server.received),
        from_server=agreed(server.sent, visitor["received"]),
    )


with (
    far_namespace("sample-vlan", "trunk0", "trunk1") as far,
    vlan_interface("trunk0", HERE),
    vlan_interface("trunk1", THERE, where=far),
    Sample("veth-vlan", ports=[PORT], interface="trunk0", filter=f"vlan {VLAN} and not ip6") as sample,
):
    subprocess.run([*far, "ping", "-q", "-c", "3", "-i", "0.2", HERE], check=True, stdout=subprocess.DEVNULL)
    sample.truth = asyncio.run(chat(far))
