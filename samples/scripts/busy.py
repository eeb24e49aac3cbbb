"""busy.pcap: long messages in packets of Ethernet's size; lossy.pcap is made from it."""

import asyncio
import json
import subprocess

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from sample import FrameLog, Sample, agreed, ip, truth

PORT = 8765
PLAIN = dict(compression=None, ping_interval=None)
SPEAKERS = ["Wanda", "Ōe", "Zoë", "Igor", "Ålf"]


def transcript(page):
    lines = [f"{SPEAKERS[line % len(SPEAKERS)]}: line {line} of page {page}, spoken slowly and written down in full." for line in range(90)]
    return json.dumps({"type": "page", "page": page, "lines": lines}, ensure_ascii=False)


async def archive(connection):
    async for message in connection:
        request = json.loads(message)
        if request["type"] == "read":
            await connection.send(transcript(request["page"]))
        else:
            await connection.send(json.dumps({"type": "stored", "characters": len(message)}))


async def read_and_write(connection):
    for page in range(1, 6):
        await connection.send(json.dumps({"type": "read", "page": page}))
        answer = await connection.recv()
        await asyncio.sleep(0.05)
        if page % 2 == 0:
            await connection.send(json.dumps({"type": "correct", "page": page, "text": answer[:4000]}, ensure_ascii=False))
            await connection.recv()
            await asyncio.sleep(0.05)
    await (await connection.ping(b"all stored?"))
    await connection.close(1000, "read to the end")


async def busy():
    client, server = FrameLog("client"), FrameLog("server")
    async with serve(archive, "127.0.0.1", PORT, logger=server.logger, **PLAIN):
        async with connect(f"ws://127.0.0.1:{PORT}/archive", logger=client.logger, proxy=None, **PLAIN) as connection:
            await read_and_write(connection)
    return truth(
        connections=1,
        from_client=agreed(client.sent, server.received),
        from_server=agreed(server.sent, client.received),
    )


# The loopback interface would carry each message in one packet.
ip("link", "set", "lo", "mtu", "1500")
subprocess.run(["ethtool", "-K", "lo", "tso", "off", "gso", "off", "gro", "off"], check=True)

with Sample("busy", ports=[PORT]) as sample:
    sample.truth = asyncio.run(busy())
