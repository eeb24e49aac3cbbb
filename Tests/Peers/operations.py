#!/usr/bin/env python3
"""A live capture of two interfaces with all that it can keep and tell, under a load of real clients that open, talk and drop connections.

usage: operations.py WSTAP MINUTES [CLIENTS]

Keeps a ring of files, a database and records, is asked for metrics each second, and runs a command for findings; meanwhile tshark, SQLite
and JSON read what is there so far. Prints a row a minute, compares what was counted with what the peers counted, and ends the capture with
SIGKILL while they talk on, beside tcpdump as a witness. Exits with 1 where anything is missing. It needs root, tcpdump, tshark, python3-websockets
and prometheus_client; promtool looks at the page as well where it is there.
"""
import asyncio
import glob
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import websockets
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_open
from prometheus_client.parser import text_string_to_metric_families as parse_text

serves = sys.argv[1] == "serve"
wstap, minutes = sys.argv[1], 0 if serves else float(sys.argv[2])
clients = int(sys.argv[3]) if len(sys.argv) > 3 else 6
port, metrics_port, space = 18_771, 19_877, "wstap-operations"
hosts = {"lo": "127.0.0.1", "wstap0": "10.213.0.1"}
counts = {"connections": 0, "client": 0, "server": 0}
checks = {"scrapes": 0, "promtool": 0, "tshark": 0, "database": 0, "records": 0}
faults = []
stop = threading.Event()
folder = "" if serves else tempfile.mkdtemp(prefix="operations-")
kept, database, records = (os.path.join(folder, name) for name in ("kept.pcapng", "traffic.db", "traffic.ndjson"))
hooks = os.path.join(folder, "hooks")


async def echo(websocket, *_):
    try:
        async for message in websocket:
            if message == "crash":
                return await websocket.close(1011, "internal")
            await websocket.send(message)
    except websockets.ConnectionClosed:
        pass


async def converse(chance, host):
    """One connection, from its handshake to one of four ends."""
    websocket = await websockets.connect(
        f"ws://{host}:{port}/talk", compression=chance.choice([None, "deflate"]), ping_interval=None, close_timeout=5)
    counts["connections"] += 1
    for _ in range(chance.randint(1, 40)):
        message = chance.choice(["grüße 👋 ", '{"id": 7}', b"\x00\x01\x02"]) * chance.randint(1, 60)
        counts["client"] += 1
        await websocket.send(message)
        assert await websocket.recv() == message
        counts["server"] += 1
        await asyncio.sleep(chance.random() * 0.3)
    end = chance.choice(["close", "close", "fin", "rst", "crash"])
    if end == "close":
        await websocket.close(1000, "done")
    elif end == "crash":
        counts["client"] += 1
        await websocket.send("crash")
    elif end == "fin":
        websocket.transport.close()
    else:
        websocket.transport.abort()
    await websocket.wait_closed()


async def client(number, host, until):
    chance = random.Random(f"{number}{host}")
    while time.monotonic() < until:
        await converse(chance, host)


async def load(seconds, capture=None):
    start = time.monotonic()
    talks = [client(number, host, start + seconds) for number in range(clients) for host in hosts.values()]
    rows = [watch(capture, start, start + seconds)] if capture else []
    await asyncio.gather(*rows, *talks)


async def watch(capture, start, until):
    print("| minute | connections | messages | memory of its own (MiB) | files open | checks so far |")
    print("| ---: | ---: | ---: | ---: | ---: | --- |", flush=True)
    minute = 0
    while time.monotonic() < until:
        minute += 1
        await asyncio.sleep(max(0, start + 60 * minute - time.monotonic()))
        with open(f"/proc/{capture.pid}/status") as status:
            memory = next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))
        files = len(os.listdir(f"/proc/{capture.pid}/fd"))
        print(f"| {minute} | {counts['connections']:,} | {counts['client'] + counts['server']:,} | {memory / 1024:.1f} | {files} | "
              f"{', '.join(f'{count:,} {name}' for name, count in checks.items())} |", flush=True)


def page(is_open):
    accept = "application/openmetrics-text;version=1.0.0" if is_open else "text/plain;version=0.0.4"
    request = urllib.request.Request(f"http://127.0.0.1:{metrics_port}/metrics", headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def values(text, is_open):
    families = (parse_open if is_open else parse_text)(text)
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for family in families for sample in family.samples}


def scrape():
    """What Prometheus does, each second; counters never go back."""
    before, number, due = {}, 0, time.monotonic()
    while not stop.wait(max(0, due - time.monotonic())):
        number, due = number + 1, due + 1
        try:
            text = page(number % 2)
            now = values(text, number % 2)
            faults.extend(f"{key} went back" for key in now if key[0].endswith("_total") and now[key] < before.get(key, 0))
            before = now
            checks["scrapes"] += 1
            if number % 60 == 0 and shutil.which("promtool"):
                said = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
                faults.extend([said.stdout + said.stderr] if said.returncode or said.stderr else [])
                checks["promtool"] += 1
        except Exception as error:
            faults.append(f"scrape: {error!r}")


def packets(path):
    """The packets of a file as tshark knows them; None where it cannot read it to its end."""
    fields = [part for name in ("frame.time_epoch", "ip.src", "tcp.srcport", "tcp.seq_raw", "tcp.len") for part in ("-e", name)]
    said = subprocess.run(["nice", "tshark", "-n", "-r", path, "-T", "fields", *fields], capture_output=True, text=True)
    return None if said.returncode else [tuple(line.split("\t")) for line in said.stdout.splitlines()]


def ring():
    return sorted(glob.glob(os.path.join(folder, "kept_*")))


def rows(query):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def look():
    """Reads what is there so far, as others do."""
    number = 0
    while not stop.wait(7):
        number += 1
        for path in ring() if number % 12 == 0 else ring()[-1:]:
            if packets(path) is None and os.path.exists(path):
                faults.append(f"tshark cannot read {path}")
            checks["tshark"] += 1
        try:
            rows("SELECT max(connection) FROM frames")
            checks["database"] += 1
            with open(records, "rb") as file:
                file.seek(max(0, os.path.getsize(records) - 200_000))
                for line in file.read().split(b"\n")[1:-1]:
                    json.loads(line)
            checks["records"] += 1
        except Exception as error:
            faults.append(f"reading: {error!r}")


def expect(name, seen, wanted):
    print(f"{name}: {seen}")
    if seen != wanted:
        faults.append(f"{name}: {seen} in place of {wanted}")


def compare():
    """What was counted, once all is quiet, and what the peers counted."""
    now = values(page(False), False)
    total = lambda name, **labels: sum(value for (key, given), value in now.items()
                                       if key == name and labels.items() <= dict(given).items())
    expect("open connections", total("wstap_connections_open"), 0)
    expect("dropped packets", total("wstap_packets_dropped_total"), 0)
    expect("handshakes", total("wstap_handshakes_total", status="101"), counts["connections"])
    expect("closes", total("wstap_closes_total"), counts["connections"])
    for sender in ("client", "server"):
        seen = sum(total("wstap_frames_total", sender=sender, kind=kind) for kind in ("text", "binary"))
        expect(f"messages of the {sender}s", seen, counts[sender])
        expect("in the database", rows(f"SELECT count(*) FROM messages WHERE sender = '{sender}'")[0][0], counts[sender])


def kill(capture):
    """Ends the capture as hard as can be while the peers talk, and looks at what is left."""
    witnesses = {name: os.path.join(folder, f"witness-{name}.pcap") for name in hosts}
    dumps = [subprocess.Popen(["tcpdump", "-i", name, "-U", "-w", path, "tcp", "port", str(port)], stderr=subprocess.DEVNULL)
             for name, path in witnesses.items()]
    time.sleep(2)
    moment = []
    timer = threading.Timer(20, lambda: (capture.kill(), moment.append(time.time())))
    timer.start()
    asyncio.run(load(24))
    timer.join()
    capture.wait()
    for dump in dumps:
        dump.terminate()
        dump.wait()
    seen = [packet for path in witnesses.values() for packet in packets(path) or [] if float(packet[0]) < moment[0]]
    files = [packets(path) for path in ring()]
    expect("files of the ring that tshark cannot read", files.count(None), 0)
    have = {packet[1:] for file in files for packet in file or []}
    lost = [moment[0] - float(packet[0]) for packet in seen if packet[1:] not in have]
    print(f"packets of the last seconds: {len(seen):,}, of which {len(lost)} are not in the ring, the first {max(lost, default=0):.4f} s before the end")
    if max(lost, default=0) > 0.5:
        faults.append("more than the last block is lost")
    expect("integrity of the database", rows("PRAGMA integrity_check"), [("ok",)])
    with open(records) as file:
        told = [json.loads(line)["type"] for line in file if line.endswith("\n")]
    print(f"records: {len(told):,}; hooks: {sum(1 for _ in open(hooks)):,}")


def main():
    peer = ["ip", "netns", "exec", space]
    subprocess.run(["ip", "netns", "add", space], check=True)
    subprocess.run(["ip", "link", "add", "wstap0", "type", "veth", "peer", "name", "wstap1", "netns", space], check=True)
    subprocess.run(["ip", "link", "set", "wstap0", "up"], check=True)
    for command in (["ip", "address", "add", "10.213.0.1/24", "dev", "wstap1"], ["ip", "link", "set", "wstap1", "up"]):
        subprocess.run(peer + command, check=True)
    subprocess.run(["ip", "address", "add", "10.213.0.2/24", "dev", "wstap0"], check=True)
    servers = [subprocess.Popen(command + [sys.executable, __file__, "serve", host]) for command, host in zip(([], peer), hosts.values())]
    capture = subprocess.Popen(
        [wstap, "live", *(part for name in hosts for part in ("-i", name)), "-f", f"tcp port {port}", "-q", "-w", kept,
         "-b", "filesize:2000", "-b", "duration:60", "-b", "files:6", "-o", database, "-o", records,
         "--metrics", f"127.0.0.1:{metrics_port}", "--on-finding", f'echo "$WSTAP_FINDING" >> {hooks}'],
        stdout=subprocess.DEVNULL)
    try:
        time.sleep(3)
        watchers = [threading.Thread(target=work) for work in (scrape, look)]
        for watcher in watchers:
            watcher.start()
        asyncio.run(load(60 * minutes, capture))
        time.sleep(5)
        stop.set()
        for watcher in watchers:
            watcher.join()
        compare()
        kill(capture)
    finally:
        stop.set()
        capture.kill()
        for server in servers:
            server.send_signal(signal.SIGTERM)
        subprocess.run(["ip", "link", "delete", "wstap0"])
        subprocess.run(["ip", "netns", "delete", space])
        shutil.rmtree(folder)
    sys.exit("\n".join(faults) if faults else 0)


async def serve(host):
    async with websockets.serve(echo, host, port, ping_interval=None):
        await asyncio.Future()


if serves:
    asyncio.run(serve(sys.argv[2]))
else:
    main()
