"""any.pcapng: captured on the `any` interface, so in pcapng with Linux cooked headers.

One client comes over the loopback interface, another from a second network namespace.
"""

import asyncio

from websockets.asyncio.server import serve

from sample import FrameLog, Sample, agreed, far_namespace, ip, truth, visit

PORT = 8765
HERE, THERE = "10.77.0.1", "10.77.0.2"
MESSAGES = ["Which way did you come?", "Skąd przychodzisz? 🧭", b"\x00\x01\x02any\xff"]


async def answer(connection):
    async for message in connection:
        await connection.send(message if isinstance(message, bytes) else f"“{message}”, said {connection.remote_address[0]}")


async def any_interface(far):
    server = FrameLog("server")
    async with serve(answer, "0.0.0.0", PORT, ping_interval=None, logger=server.logger):
        near_visit = await visit(f"ws://127.0.0.1:{PORT}/near", MESSAGES)
        far_visit = await visit(f"ws://{HERE}:{PORT}/far", MESSAGES, where=far)
    return truth(
        connections=2,
        from_client=agreed(near_visit["sent"] + far_visit["sent"], server.received),
        from_server=agreed(server.sent, near_visit["received"] + far_visit["received"]),
    )


with far_namespace("sample-any", "veth0", "veth1") as far:
    ip("address", "add", f"{HERE}/24", "dev", "veth0")
    ip("link", "set", "veth0", "up")
    ip("address", "add", f"{THERE}/24", "dev", "veth1", where=far)
    ip("link", "set", "veth1", "up", where=far)
    with Sample("any", ports=[PORT], interface="any", format="pcapng") as sample:
        sample.truth = asyncio.run(any_interface(far))
