"""nginx-errors.pcap: nginx does not hand on the Upgrade header, and finds nobody at the other end."""

import asyncio

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import InvalidStatus

from sample import Sample, nginx, truth

PROXY, BACKEND, NOBODY = 8080, 8081, 8082


async def wait(connection):
    await connection.wait_closed()


async def attempt(path):
    try:
        await connect(f"ws://127.0.0.1:{PROXY}{path}", proxy=None)
    except InvalidStatus as error:
        return error.response.status_code


async def errors():
    async with serve(wait, "127.0.0.1", BACKEND):
        statuses = [await attempt("/stripped"), await attempt("/down")]
    # The two upgrades that the clients asked for, and the one that nginx passes on without its Upgrade field.
    return truth(connections=3, handshake_status=statuses, from_client={}, from_server={})


with Sample("nginx-errors", ports=[PROXY, BACKEND, NOBODY]) as sample, nginx(sample.directory, PROXY):
    sample.truth = asyncio.run(errors())
