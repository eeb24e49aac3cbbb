"""twenty.pcap: twenty connections open at once on a `websockets` server that broadcasts prices to all of them."""

import asyncio
import json
import random

from websockets.asyncio.client import connect
from websockets.asyncio.server import broadcast, serve

from sample import FrameLog, Sample, agreed, truth

PORT = 8765
CLIENTS = 20
CITIES = ["Kraków", "São Paulo", "København", "東京", "İzmir", "Zürich", "Ḥaifa", "Málaga", "Łódź", "Đà Nẵng"]
PLAIN = dict(compression=None, ping_interval=None)

# Always the same pauses, so that the connections interleave the same way as far as the scheduler lets them.
chance = random.Random(20)


async def greet(connection):
    async for message in connection:
        name = json.loads(message)["name"]
        await connection.send(json.dumps({"hello": name, "cities": CITIES}, ensure_ascii=False))


async def visitor(number, log, present, tick):
    async with connect(f"ws://127.0.0.1:{PORT}/visitor/{number}", logger=log.logger, proxy=None, **PLAIN) as connection:
        await present.wait()
        await asyncio.sleep(chance.random() / 10)
        await connection.send(json.dumps({"name": f"visitor {number} from {CITIES[number % len(CITIES)]}"}, ensure_ascii=False))
        await connection.recv()
        await tick.wait()
        price = await connection.recv()
        await asyncio.sleep(chance.random() / 10)
        await connection.send(json.dumps({"name": f"visitor {number} again, at {json.loads(price)['price']}"}))
        await connection.recv()
        await connection.close(1000, f"visitor {number} leaves")


async def twenty():
    client, server = FrameLog("client"), FrameLog("server")
    present, tick = asyncio.Barrier(CLIENTS), asyncio.Barrier(CLIENTS + 1)
    async with serve(greet, "127.0.0.1", PORT, logger=server.logger, **PLAIN) as listener:
        visitors = [asyncio.create_task(visitor(number, client, present, tick)) for number in range(1, CLIENTS + 1)]
        await tick.wait()
        broadcast(listener.connections, json.dumps({"symbol": "COFFEE", "price": "4.10"}))
        await asyncio.gather(*visitors)
    return truth(
        connections=CLIENTS,
        from_client=agreed(client.sent, server.received),
        from_server=agreed(server.sent, client.received),
    )


with Sample("twenty", ports=[PORT]) as sample:
    sample.truth = asyncio.run(twenty())
