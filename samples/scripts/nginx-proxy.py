"""nginx-proxy.pcap: both legs of two connections through nginx: one is closed cleanly, one nginx cuts as idle."""

import asyncio

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from sample import FrameLog, Sample, nginx, truth

PROXY, BACKEND = 8080, 8081
PLAIN = dict(compression=None, ping_interval=None)

server_close_codes = []


async def quotes(connection):
    try:
        while True:
            symbol = await connection.recv()
            await connection.send(f'{{"symbol": "{symbol}", "price": "7.25", "currency": "zł"}}')
    except ConnectionClosed:
        server_close_codes.append(connection.close_code)


async def ask(log, path, symbols, finish):
    async with connect(f"ws://127.0.0.1:{PROXY}{path}", logger=log.logger, proxy=None, **PLAIN) as connection:
        for symbol in symbols:
            await connection.send(symbol)
            await connection.recv()
            await asyncio.sleep(0.1)
        await finish(connection)
    return connection.close_code


def leave(connection):
    return connection.close(1000, "thank you")


async def stay_silent(connection):
    """Waits until somebody else ends the connection."""
    await connection.wait_closed()


async def through_proxy():
    client, server = FrameLog("client"), FrameLog("server")
    async with serve(quotes, "127.0.0.1", BACKEND, logger=server.logger, **PLAIN):
        client_close_codes = [
            await ask(client, "/quotes", ["COFFEE", "TEA", "KAKAO ŁÓDŹ"], leave),
            await ask(client, "/idle", ["COCOA"], stay_silent),
        ]
    # nginx counts nothing; each leg is told by the peer at its end.
    return truth(
        connections=4,
        from_client=client.sent + server.received,
        from_server=server.sent + client.received,
        close_codes={"clients": client_close_codes, "servers": server_close_codes},
    )


with Sample("nginx-proxy", ports=[PROXY, BACKEND]) as sample, nginx(sample.directory, PROXY):
    sample.truth = asyncio.run(through_proxy())
