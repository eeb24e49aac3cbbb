"""kubernetes5.pcap: the Python client of Kubernetes in version 5 of the channels, and a server that was written from the
description of them: the client closes what it writes, the server answers and closes what it has written; what the server
reads and sends, and the code that the client returns."""

import asyncio

import kubernetes
from kubernetes.stream import stream
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from recording import Recording

PORT = 8765
PROTOCOL = "v5.channel.k8s.io"
NAMES = {0: "stdin", 1: "stdout", 2: "stderr", 3: "error", 4: "resize", 255: "close"}


async def execute(socket, connection):
    """The first byte of each message is its channel; 255 and another channel say that nothing more comes on that."""

    async def send(channel, data, **more):
        connection.log("server", NAMES[channel], **more)
        await socket.send(bytes([channel]) + data)

    assert socket.subprotocol == PROTOCOL, socket.subprotocol
    lines = 0
    async for message in socket:
        message = message.encode() if isinstance(message, str) else message
        if message[0] == 255:
            connection.log("client", "close", name=NAMES[message[1]])
            break
        connection.log("client", NAMES[message[0]])
        lines += message.count(b"\n")
    await send(1, b"%d\n" % lines)
    await send(255, bytes([1]), name="stdout")
    await send(3, b'{"metadata":{},"status":"Success"}', name="Success")
    await socket.close()


def talk():
    configuration = kubernetes.client.Configuration(host=f"http://127.0.0.1:{PORT}")
    api = kubernetes.client.CoreV1Api(kubernetes.client.ApiClient(configuration))
    process = stream(
        api.connect_get_namespaced_pod_exec, "pier", "harbour", command=["wc", "-l"], stdin=True, stdout=True,
        stderr=True, tty=False, _preload_content=False)
    for line in ("the small one\n", "the large one\n"):
        process.write_stdin(line)
    process.close_channel(0)
    assert process.readline_stdout(timeout=5) == "2"
    process.run_forever(timeout=5)
    assert process.returncode == 0, process.returncode
    process.close()


async def main(recording):
    async def accept(socket):
        try:
            await execute(socket, recording.connection())
        except ConnectionClosed:
            pass

    async with serve(accept, "127.0.0.1", PORT, subprotocols=[PROTOCOL], ping_interval=None, compression=None):
        await asyncio.to_thread(talk)


with Recording("kubernetes5", [PORT], "kubernetes 37.0.2, websockets 17.4", "kubernetes") as recording:
    asyncio.run(main(recording))
