"""echo.py PORT: a WebSocket server over HTTP/1.1, for proxies; it sends back what it is sent, and refuses `/forbidden`. What
else is asked for is a page."""

import asyncio
import http
import sys

import websockets


async def answer(connection):
    async for message in connection:
        await connection.send(message)


def check(connection, request):
    if request.path == "/forbidden":
        return connection.respond(http.HTTPStatus.FORBIDDEN, "no\n")
    if "Upgrade" not in request.headers:
        return connection.respond(http.HTTPStatus.OK, "a page\n")
    return None


async def main():
    async with websockets.serve(
        answer, "127.0.0.1", int(sys.argv[1]), subprotocols=["chat"], compression=None, process_request=check):
        await asyncio.Future()


asyncio.run(main())
