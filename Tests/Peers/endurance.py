#!/usr/bin/env python3
"""A live capture on lo under a steady load of real clients that open, talk and drop connections.

usage: endurance.py WSTAP MINUTES [CLIENTS]

Prints a row a minute with the rates and the memory of the capture, then compares what it counted with what the peers
counted. Exits with 1 where a frame or a packet is missing. Needs the right to capture.
"""
import asyncio
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time

import websockets

wstap, minutes = sys.argv[1], float(sys.argv[2])
clients = int(sys.argv[3]) if len(sys.argv) > 3 else 40
port = 18_765
sent = {"client": 0, "server": 0}
connections = 0
endings = {"close": 0, "fin": 0, "rst": 0}


async def echo(websocket, *_):
    try:
        async for message in websocket:
            sent["server"] += 1
            await websocket.send(message)
    except websockets.ConnectionClosed:
        pass


async def converse(chance):
    """One connection, from its handshake to one of three ends."""
    global connections
    compression = chance.choice([None, "deflate"])
    websocket = await websockets.connect(
        f"ws://127.0.0.1:{port}/talk", compression=compression, ping_interval=None, close_timeout=5)
    connections += 1
    for index in range(chance.randint(1, 80)):
        message = chance.choice(["grüße 👋 ", '{"id": 7}', b"\x00\x01\x02"]) * chance.randint(1, 60)
        sent["client"] += 1
        await websocket.send(message)
        assert await websocket.recv() == message
        await asyncio.sleep(chance.random() * 0.04)
    end = chance.choice(list(endings))
    endings[end] += 1
    if end == "close":
        await websocket.close(1000, "done")
    elif end == "fin":
        websocket.transport.close()
    else:
        websocket.transport.abort()
    await websocket.wait_closed()


async def client(number, until):
    chance = random.Random(number)
    while time.monotonic() < until:
        await converse(chance)


def memory(pid):
    """Resident memory in MiB, now and at most."""
    with open(f"/proc/{pid}/status") as status:
        values = {line.split(":")[0]: line.split()[1] for line in status if line.startswith("Vm")}
    return int(values["VmRSS"]) / 1024, int(values["VmHWM"]) / 1024


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def watch(pid, start, until):
    print("| minute | connections/s | messages/s | capture's processor time | memory now, at most (MiB) |")
    print("| ---: | ---: | ---: | ---: | ---: |", flush=True)
    before, used, minute = (0, 0), processor_seconds(pid), 0
    while time.monotonic() < until:
        minute += 1
        await asyncio.sleep(max(0, start + 60 * minute - time.monotonic()))
        now = (connections, sent["client"] + sent["server"])
        rates = [(after - earlier) / 60 for after, earlier in zip(now, before)]
        seconds = processor_seconds(pid)
        resident, peak = memory(pid)
        print(
            f"| {minute} | {rates[0]:.0f} | {rates[1]:.0f} | {(seconds - used) / 60:.1%} | {resident:.1f}, {peak:.1f} |",
            flush=True)
        before, used = now, seconds


async def load(capture):
    start = time.monotonic()
    until = start + 60 * minutes
    async with websockets.serve(echo, "127.0.0.1", port, ping_interval=None):
        await asyncio.gather(watch(capture.pid, start, until), *(client(number, until) for number in range(clients)))


def report(records, errors):
    seen = {"client": 0, "server": 0}
    closed = 0
    for line in records:
        record = json.loads(line)
        if record["type"] == "connection":
            closed += 1
            for peer in seen:
                counted = record[f"from_{peer}"]
                seen[peer] += counted["text"] + counted["binary"]
        elif record["type"] == "summary":
            summary = record
    print(f"\npeers: {connections} connections, messages sent {sent}, endings {endings}")
    print(f"wstap: {closed} connections, messages seen {seen}, dropped {summary['dropped']}")
    print("findings:", json.dumps(summary["finding_counts"]))
    print(errors.strip())
    return closed == connections and seen == sent and summary["dropped"] == 0


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        capture = subprocess.Popen(
            [wstap, "live", "-i", "lo", "-f", f"tcp port {port}", "--format", "ndjson", "--events", "connection,summary"],
            stdout=output, stderr=errors)
        time.sleep(1)
        asyncio.run(load(capture))
        time.sleep(2)
        capture.send_signal(signal.SIGINT)
        capture.wait()
        output.seek(0)
        errors.seek(0)
        if not report(output, errors.read()):
            sys.exit("not every frame is accounted for")


main()
