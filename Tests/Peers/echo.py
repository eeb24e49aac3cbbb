#!/usr/bin/env python3
"""Real peers for the live test: a websockets server and clients that exchange messages, and count what they did.

usage: echo.py PORT CLIENTS MESSAGES

Prints, as one line of JSON, what the server and the clients counted themselves.
"""
import asyncio
import json
import sys

import websockets

port, clients, messages = (int(argument) for argument in sys.argv[1:4])
counts = {"server_received": 0, "server_sent": 0, "client_sent": 0, "client_received": 0, "connections": 0}


async def echo(websocket, *_):
    counts["connections"] += 1
    async for message in websocket:
        counts["server_received"] += 1
        await websocket.send(message)
        counts["server_sent"] += 1


async def talk(number):
    uri = f"ws://127.0.0.1:{port}/client/{number}"
    async with websockets.connect(uri, compression=None, ping_interval=None) as websocket:
        for index in range(messages):
            text = json.dumps({"client": number, "message": index, "text": "grüße 👋" * (index % 40)})
            await websocket.send(text)
            counts["client_sent"] += 1
            assert await websocket.recv() == text
            counts["client_received"] += 1


async def main():
    async with websockets.serve(echo, "127.0.0.1", port, compression=None, ping_interval=None):
        await asyncio.gather(*(talk(number) for number in range(clients)))
    print(json.dumps(counts))


asyncio.run(main())
