"""Plants the faults, one a capture, and writes down what the peers themselves saw of them.

    faults.py NAME                  records the capture, and what the peers saw
    faults.py --live PROGRAM NAME   has `wstap live` beside the peers instead, which is to name the fault in one line
"""

import asyncio
import contextlib
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import wsproto
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from wsproto.events import AcceptConnection, CloseConnection, Ping, Request, TextMessage

from sample import check_connections, running, start_recorder, stop_recorder, tshark

SCRIPTS = Path(__file__).resolve().parent
FOLDER = SCRIPTS.parent
PROXY, SERVER, NOBODY = 8080, 8081, 8082
faults = {}


def fault(name, what, says):
    """says: what stands in a line of `wstap live`."""
    def add(play):
        faults[name] = (what, says, play)
        return play

    return add


def client(path="/ws", port=SERVER, **options):
    options.setdefault("ping_interval", None)
    return connect(f"ws://127.0.0.1:{port}{path}", proxy=None, **options)


def server(handler, **options):
    options.setdefault("ping_interval", None)
    return serve(handler, "127.0.0.1", SERVER, **options)


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def ending(connection):
    """What the application is told of a connection's end."""
    try:
        while True:
            await connection.recv()
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else 1006


async def status(path, port=SERVER):
    """What a client is told that is refused."""
    try:
        async with client(path, port):
            raise SystemExit("the server accepted it")
    except InvalidStatus as error:
        return error.response


@contextlib.contextmanager
def nginx():
    folder = Path(tempfile.mkdtemp(prefix="nginx-"))
    with running(["nginx", "-p", folder, "-e", folder / "error.log", "-c", SCRIPTS / "nginx.conf"]):
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", PROXY), 1):
                break
            time.sleep(0.05)
        # What knocked is gone before anything is captured.
        time.sleep(0.2)
        yield folder
    shutil.rmtree(folder)


@fault("idle-timeout", "nginx cuts three connections that were silent for two seconds.",
       r"exchanges that were cut had been idle for \S+ s: a proxy timeout\?")
async def idle_timeout():
    async def visit():
        async with client(port=PROXY) as connection:
            await connection.send("hello")
            await connection.recv()
            start = time.monotonic()
            return await ending(connection), time.monotonic() - start

    async with server(echo):
        visits = []
        for _ in range(3):
            visits.append(asyncio.create_task(visit()))
            await asyncio.sleep(0.3)
        ends = [await one for one in visits]
    return {"clients_saw": [code for code, _ in ends], "idle_seconds": [round(idle, 3) for _, idle in ends]}


@fault("exception", "The server's handler fails at a message.",
       r"close-abnormal  the server closed with 1011 \(internal error\)")
async def exception():
    async def handler(connection):
        async for message in connection:
            await connection.send(str(json.loads(message)["amount"]))

    async with server(handler), client() as connection:
        await connection.send('{"amount": 7}')
        await connection.recv()
        await connection.send('{"amuont": 8}')
        return {"client_saw": await ending(connection)}


@fault("stripped", "nginx does not hand on the fields Upgrade and Connection.",
       r"request-upgrade-missing  there is no Upgrade field")
async def stripped():
    async with server(echo):
        return {"client_saw": (await status("/stripped", PROXY)).status_code}


@fault("dead-upstream", "The server behind nginx does not run.",
       r"✗ refused · 502 Bad Gateway")
async def dead_upstream():
    response = await status("/down", PROXY)
    return {"client_saw": response.status_code, "body": response.body.decode()}


@fault("killed-client", "The client's program is killed.",
       r"! closed by the client without a close frame · close-missing")
async def killed_client():
    code = """
import sys
from websockets.sync.client import connect
with connect(sys.argv[1], proxy=None) as connection:
    connection.send("hello")
    connection.recv()
    print(flush=True)
    connection.recv()
"""
    end = asyncio.get_running_loop().create_future()

    async def handler(connection):
        await connection.send(await connection.recv())
        end.set_result(await ending(connection))

    async with server(handler):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, f"ws://127.0.0.1:{SERVER}/ws", stdout=subprocess.PIPE)
        await process.stdout.readline()
        await asyncio.sleep(1)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        return {"server_saw": await end}


@fault("no-pongs", "The server reads pings and answers none of them; its client gives up.",
       r"ping-unanswered  the ping of frame 1 was not answered")
async def no_pongs():
    # wsproto leaves it to the application to answer pings.
    pings = 0

    async def talk(reader, writer):
        nonlocal pings
        protocol = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
        while data := await reader.read(4096):
            protocol.receive_data(data)
            for event in protocol.events():
                if isinstance(event, Request):
                    writer.write(protocol.send(AcceptConnection()))
                elif isinstance(event, TextMessage):
                    writer.write(protocol.send(TextMessage(event.data)))
                elif isinstance(event, Ping):
                    pings += 1
                elif isinstance(event, CloseConnection):
                    writer.write(protocol.send(event.response()))
                    writer.close()
                    return

    async with await asyncio.start_server(talk, "127.0.0.1", SERVER), client() as connection:
        for number in range(6):
            await connection.ping()
            await connection.send(f"message {number}")
            await connection.recv()
            await asyncio.sleep(0.4)
        await connection.close(1011, "no pong")
    return {"server_read_pings": pings}


@fault("slow-handshake", "The server takes two seconds to answer the handshake.",
       r"✓ valid · 101 after \S+ s ")
async def slow_handshake():
    async def think(connection, request):
        await asyncio.sleep(2)

    async with server(echo, process_request=think):
        start = time.monotonic()
        async with client() as connection:
            seconds = time.monotonic() - start
            await connection.send("hello")
            await connection.recv()
    return {"client_waited_seconds": round(seconds, 3)}


@fault("refusal", "The server refuses, and says why in the body.",
       r"body “The token has expired: log in again\.”")
async def refusal():
    def refuse(connection, request):
        return connection.respond(403, "The token has expired: log in again.\n")

    async with server(echo, process_request=refuse):
        response = await status("/ws")
    return {"client_saw": response.status_code, "body": response.body.decode()}


@fault("stalled-receiver", "The server's program reads nothing for four seconds, while its client has more to say.",
       r"tcp-window-zero  the server took nothing for \S+ s ")
async def stalled_receiver():
    paused = 0.0

    async def handler(connection):
        nonlocal paused
        await connection.recv()
        start = time.monotonic()
        await asyncio.sleep(4)
        paused = time.monotonic() - start
        for _ in range(39):
            await connection.recv()
        await connection.send("read")

    # So little room that the capture stays small.
    listener = socket.create_server(("127.0.0.1", SERVER))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    async with serve(handler, sock=listener, ping_interval=None, max_queue=1, compression=None):
        async with client(compression=None) as connection:
            start = time.monotonic()
            for number in range(40):
                await connection.send(f"{number:4}" * 512)
            await connection.recv()
            waited = time.monotonic() - start
    return {"server_paused_seconds": round(paused, 3), "client_waited_seconds": round(waited, 3)}


PORTS = " or ".join(f"tcp port {port}" for port in (PROXY, SERVER, NOBODY))


def proxy(name):
    return nginx() if name in ("idle-timeout", "stripped", "dead-upstream") else contextlib.nullcontext()


def watch(program, name):
    """Plays a fault beside `wstap live`, and says by which line that names it."""
    _, says, play = faults[name]
    with proxy(name):
        live = subprocess.Popen([program, "live", "-i", "lo", "-f", PORTS, "--columns", "300"], text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while "listening" not in live.stderr.readline():
            if live.poll() is not None:
                raise SystemExit(f"{name}: wstap live has ended")
        asyncio.run(play())
    live.send_signal(signal.SIGINT)
    output, _ = live.communicate()
    lines = [line for line in output.splitlines() if re.search(says, line)]
    if not lines:
        raise SystemExit(f"{name}: it is not named in:\n{output}")
    print(f"{name}: {lines[0].strip()}")


def record(name):
    what, _, play = faults[name]
    folder = Path(tempfile.mkdtemp(prefix=f"fault-{name}-"))
    capture = folder / f"{name}.pcap"
    command = ["tcpdump", "-Z", "root", "--immediate-mode", "-B", "131072", "-n", "-i", "lo", "-s", "262144", "-U",
               "-w", capture, PORTS]
    with proxy(name):
        recorder = start_recorder(command, folder / "recorder.log")
        seen = asyncio.run(play())
        stop_recorder(recorder, capture)
    log = (folder / "recorder.log").read_text()
    if any("dropped" in line and not line.startswith("0 ") for line in log.splitlines()):
        raise SystemExit(f"{name}: packets were dropped:\n{log}")
    check_connections(capture)
    target = FOLDER / capture.name
    shutil.move(capture, target)
    shutil.rmtree(folder)
    text = json.dumps({"what": what, "seen": seen}, ensure_ascii=False, indent=2)
    (FOLDER / f"{name}.truth.json").write_text(text + "\n")
    print(f"{target.name}: {len(tshark(target, 'frame.number'))} packets, {target.stat().st_size} bytes")


if sys.argv[1] == "--live":
    watch(*sys.argv[2:])
else:
    record(sys.argv[1])
