"""Records both legs of exchanges through proxies, and conversations at two places, and writes down what is true of them.

    legs.py NAME
"""

import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from meddler import Meddler
from sample import check_connections, running, start_recorder, stop_recorder, tshark, wait_until_open
from talker import Talker, chat

SCRIPTS = Path(__file__).resolve().parent
FOLDER = SCRIPTS.parent
PROXY, SERVER, OTHER = 8080, 8081, 8082
PLAIN = dict(compression=None, ping_interval=None)
every = {}


def legs(name, what):
    def add(play):
        every[name] = (what, play)
        return play

    return add


class Recording:
    """Packets of some ports, in a file of this folder.

    A clock that goes ahead is made by shifting the times of the finished capture: two machines would do the same.
    """

    def __init__(self, name, *ports, ahead=0):
        self.name, self.ports, self.ahead = name, ports, ahead

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="legs-"))
        self.capture = self.folder / f"{self.name}.pcap"
        ports = " or ".join(f"tcp port {port}" for port in self.ports)
        self.recorder = start_recorder(
            ["tcpdump", "-Z", "root", "--immediate-mode", "-B", "131072", "-n", "-i", "lo", "-s", "262144", "-U",
             "--time-stamp-precision=nano", "-w", self.capture, ports], self.folder / "recorder.log")
        return self

    def __exit__(self, kind, error, trace):
        stop_recorder(self.recorder, self.capture)
        if error is None:
            log = (self.folder / "recorder.log").read_text()
            if any("dropped" in line and not line.startswith("0 ") for line in log.splitlines()):
                raise SystemExit(f"{self.name}: packets were dropped:\n{log}")
            check_connections(self.capture)
            target = FOLDER / self.capture.name
            subprocess.run(
                ["editcap", "-F", "nsecpcap", "-t", str(self.ahead), self.capture, target], check=True)
            target.chmod(0o644)
            print(f"{target.name}: {len(tshark(target, 'frame.number'))} packets, {target.stat().st_size} bytes")
        shutil.rmtree(self.folder)


async def echo(connection):
    async for message in connection:
        await connection.send(message)


@contextlib.contextmanager
def nginx():
    folder = Path(tempfile.mkdtemp(prefix="nginx-"))
    with running(["nginx", "-p", folder, "-e", folder / "error.log", "-c", SCRIPTS / "nginx.conf"]):
        wait_until_open(PROXY)
        yield
    shutil.rmtree(folder)


@contextlib.contextmanager
def haproxy(binding):
    folder = Path(tempfile.mkdtemp(prefix="haproxy-"))
    (folder / "haproxy.cfg").write_text(f"""
defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 2s
  timeout tunnel 60s
frontend front
  bind 127.0.0.1:{PROXY}{binding}
  default_backend behind
backend behind
  server one 127.0.0.1:{SERVER}
""")
    with running(["haproxy", "-f", folder / "haproxy.cfg"]):
        wait_until_open(PROXY)
        yield
    shutil.rmtree(folder)


async def ask(port, count=3, address="127.0.0.1", **options):
    async with connect(f"ws://{address}:{port}/chat", proxy=None, **PLAIN, **options) as connection:
        for number in range(count):
            await connection.send(f"question {number}")
            await connection.recv()
            await asyncio.sleep(0.05)
        await connection.close(1000, "bye")


@legs("nginx", "Two conversations through nginx, which passes on the key and adds X-Forwarded-For.")
def through_nginx():
    async def play():
        async with serve(echo, "127.0.0.1", SERVER, **PLAIN):
            await asyncio.gather(ask(PROXY), ask(PROXY, count=5))

    with nginx(), Recording("nginx", PROXY, SERVER):
        asyncio.run(play())
    return {"exchanges": 2, "connections": 4, "by": "key"}


@legs("haproxy", "Two conversations through haproxy, which passes on the key.")
def through_haproxy():
    async def play():
        async with serve(echo, "127.0.0.1", SERVER, **PLAIN):
            await ask(PROXY)
            await ask(PROXY, count=5)

    with haproxy(""), Recording("haproxy", PROXY, SERVER):
        asyncio.run(play())
    return {"exchanges": 2, "connections": 4, "by": "key"}


@legs("haproxy-h2", "Two sockets in streams of HTTP/2 to haproxy, which speaks HTTP/1.1 to the server, under a key of its own.")
def through_haproxy_h2():
    ready, done = threading.Event(), threading.Event()

    async def play():
        async with serve(echo, "127.0.0.1", SERVER, **PLAIN):
            ready.set()
            await asyncio.to_thread(done.wait)

    server = threading.Thread(target=lambda: asyncio.run(play()))
    server.start()
    ready.wait()
    with haproxy(" proto h2"), Recording("haproxy-h2", PROXY, SERVER):
        talker = Talker(PROXY)
        first, second = talker.open("/first"), talker.open("/second")
        chat(first)
        chat(second)
        first.close()
        second.close()
        talker.finish()
        time.sleep(0.5)
    done.set()
    server.join()
    return {"exchanges": 2, "connections": 4, "by": "payloads"}


@legs("relay", "A program with an address of its own that hands each message on, under its own key and masks.")
def through_relay():
    async def relay(connection):
        async with connect(
                f"ws://127.0.0.3:{SERVER}/", proxy=None, local_addr=("127.0.0.2", 0), **PLAIN) as further:
            async def back():
                async for message in further:
                    await connection.send(message)

            returning = asyncio.create_task(back())
            async for message in connection:
                await further.send(message)
            await further.close()
            await returning

    async def play():
        async with serve(echo, "127.0.0.3", SERVER, **PLAIN), serve(relay, "127.0.0.2", PROXY, **PLAIN):
            await ask(PROXY, address="127.0.0.2")
            await asyncio.sleep(0.2)

    with Recording("relay", PROXY, SERVER):
        asyncio.run(play())
    return {"exchanges": 1, "connections": 2, "by": "payloads"}


@legs("broadcast", "Three clients of one broadcast, which say and hear the same, at two ports of one machine and at one of another.")
def broadcast():
    listeners = set()

    async def join(connection):
        listeners.add(connection)
        async for _ in connection:
            pass

    async def listen(address, port, client):
        async with connect(f"ws://{address}:{port}/", proxy=None, local_addr=(client, 0), **PLAIN) as connection:
            await connection.send("subscribe")
            for _ in range(4):
                await connection.recv()

    async def play():
        async with contextlib.AsyncExitStack() as servers:
            for address, port in [("127.0.0.1", PROXY), ("127.0.0.1", SERVER), ("127.0.0.2", OTHER)]:
                await servers.enter_async_context(serve(join, address, port, **PLAIN))
            clients = [
                asyncio.create_task(listen(address, port, client)) for address, port, client in [
                    ("127.0.0.1", PROXY, "127.0.0.1"), ("127.0.0.1", SERVER, "127.0.0.1"),
                    ("127.0.0.2", OTHER, "127.0.0.1"), ("127.0.0.2", OTHER, "127.0.0.1")]]
            while len(listeners) < len(clients):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            for number in range(4):
                for listener in listeners:
                    await listener.send(f"news {number}")
                await asyncio.sleep(0.05)
            await asyncio.gather(*clients)

    with Recording("broadcast", PROXY, SERVER, OTHER):
        asyncio.run(play())
    return {"exchanges": 4, "connections": 4}


@legs("same-key", "A client that sends the same key to two servers at once, and to one of them again.")
def same_key():
    key = "c2l4dGVlbiBieXRlcyBv"[:22] + "Zg=="

    async def handshake(port, seconds):
        reader, writer = await asyncio.open_connection("127.0.0.2" if port == SERVER else "127.0.0.3", port)
        writer.write(
            f"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(seconds)
        writer.close()
        await writer.wait_closed()

    async def slowly(connection, request):
        await asyncio.sleep(0.1)

    async def play():
        async with serve(echo, "127.0.0.2", SERVER, process_request=slowly, **PLAIN), serve(echo, "127.0.0.3", OTHER, **PLAIN):
            await asyncio.gather(handshake(SERVER, 0.2), handshake(OTHER, 0.2))
            await handshake(OTHER, 0.1)

    with Recording("same-key", SERVER, OTHER):
        asyncio.run(play())
    return {"exchanges": 3, "connections": 3}


@legs("meddled", "A conversation at both ends of a proxy that loses a message, delays one and cuts one; one clock is 3 s ahead.")
def meddled():
    async def talk():
        meddler = Meddler(("127.0.0.1", SERVER))

        async def answer(connection):
            async for message in connection:
                await connection.send(f"delay {message}" if message == "question 4" else
                                      f"cut {message} in three parts" if message == "question 6" else f"answer to {message}")

        async with serve(answer, "127.0.0.1", SERVER, **PLAIN):
            listener = await asyncio.start_server(meddler.serve, "127.0.0.1", PROXY)
            async with listener, connect(f"ws://127.0.0.1:{PROXY}/", proxy=None, **PLAIN) as connection:
                for number in range(10):
                    if number == 2:
                        await connection.send("lose this one")
                        await asyncio.sleep(0.05)
                    await connection.send(f"question {number}")
                    await connection.recv()
                    await asyncio.sleep(0.05)
                await connection.send(b"\x00\x01\x02\x03" * 50)
                await connection.recv()
                await connection.close(1000, "done")
        return meddler.log

    with Recording("meddled-client", PROXY), Recording("meddled-server", SERVER, ahead=3):
        log = asyncio.run(talk())
    # The server's capture without the packet of one message: what a busy machine may miss.
    capture = FOLDER / "meddled-server.pcap"
    rows = tshark(capture, "frame.number", "websocket.payload.text", "tcp.dstport")
    missed = next(number for number, text, port in rows if "question 8" in text and port == str(SERVER))
    subprocess.run(["editcap", "-F", "nsecpcap", capture, FOLDER / "meddled-server-gap.pcap", missed], check=True)
    (FOLDER / "meddled-server-gap.pcap").chmod(0o644)
    return {"ahead_seconds": 3, "messages": log, "missed": "question 8"}


@legs("untouched", "A conversation before and behind nginx, which changes nothing; one clock is 2.5 s behind.")
def untouched():
    async def play():
        async with serve(echo, "127.0.0.1", SERVER, **PLAIN):
            await ask(PROXY, count=8)

    with nginx(), Recording("untouched-client", PROXY), Recording("untouched-server", SERVER, ahead=-2.5):
        asyncio.run(play())
    return {"ahead_seconds": -2.5}


@legs("rewritten", "A conversation before and behind a program that speaks permessage-deflate to the client alone, and masks anew.")
def rewritten():
    async def relay(connection):
        async with connect(f"ws://127.0.0.1:{SERVER}/", proxy=None, **PLAIN) as further:
            async def back():
                async for message in further:
                    await connection.send(message)

            returning = asyncio.create_task(back())
            async for message in connection:
                await further.send(message)
            await further.close()
            await returning

    async def play():
        async with serve(echo, "127.0.0.1", SERVER, **PLAIN), serve(relay, "127.0.0.1", PROXY, ping_interval=None):
            async with connect(f"ws://127.0.0.1:{PROXY}/", proxy=None, ping_interval=None) as connection:
                for number in range(5):
                    await connection.send(f"a question that is long enough to be worth compressing, number {number}")
                    await connection.recv()

    with Recording("rewritten-client", PROXY), Recording("rewritten-server", SERVER):
        asyncio.run(play())
    return {"ahead_seconds": 0, "messages": 5}


def main(name):
    what, play = every[name]
    facts = {"what": what, **play()}
    (FOLDER / f"{name}.truth.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")


main(sys.argv[1])
